"""Files of the build context that paths in an image stand for."""

from __future__ import annotations

from analyzer.errors import ManifestError
from resolvers.tree import Tree, join


def find_in_context(tree: Tree, folder: str, path: str) -> str:
    """The file of the build context that was copied to a path in the image: the same path there, or
    the file of that name at the top. Empty where there is none."""
    name = path.rpartition("/")[2]
    if not name or "://" in path:
        return ""
    for candidate in (path.lstrip("/"), name):
        try:
            place = join(folder, candidate)
        except ManifestError:
            continue
        if tree.exists(place) and not tree.is_folder(place):
            return place
    return ""
