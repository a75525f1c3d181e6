"""What the ecosystem of git clones is called."""

ECOSYSTEM = "git"
"""The purl type of a repository."""
