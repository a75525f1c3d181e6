"""A folder with files, as a Tree."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from resolvers.tree import Tree


def tree_of(root: Path, files: Mapping[str, str]) -> Tree:
    """The tree of ``root`` once the files are written."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return Tree(root)
