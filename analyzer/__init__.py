"""The domain: model, constraints, conflict search, conflict graph, planner. No I/O."""
