"""The planner: the fewest Environments for a set of Services, and the proof that fewer is impossible.

``partition`` divides Services under known exclusions, ``lazy`` learns the exclusions from an oracle
as it goes, ``housing`` turns the groups into a Plan. Nothing here imports networkx or ortools
before it needs them.
"""
