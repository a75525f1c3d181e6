"""Maven modules: versions, their schemes, and whether services fit on one class path."""
