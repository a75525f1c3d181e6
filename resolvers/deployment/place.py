"""Paths that deployment files name."""

from __future__ import annotations

from analyzer.errors import ManifestError
from resolvers.deployment.yaml_file import Yaml
from resolvers.tree import join

LENGTH_LIMIT = 1_000


def place(folder: str, stated: Yaml, default: str = "") -> str:
    """The path in the tree that a value names, seen from ``folder``. Raises ManifestError, with the line, where it
    is none, leads out of the tree, or depends on a variable that nothing sets."""
    if stated.unset:
        raise ManifestError(stated.origin, f"depends on {', '.join(stated.unset)}, which nothing sets")
    text = stated.scalar() or default
    if not text.isprintable() or len(text) > LENGTH_LIMIT:
        raise ManifestError(stated.origin, "is no path")
    try:
        return join(folder, text)
    except ManifestError as error:
        raise ManifestError(stated.origin, error.reason) from error
