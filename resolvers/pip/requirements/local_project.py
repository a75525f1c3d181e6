"""Projects and archives in the tree itself, as a requirements file names them (``-e ../lib``, ``./dist/x.whl``)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from packaging.utils import canonicalize_name

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from resolvers.pip.requirements.direct_reference import ARCHIVES, Reference, read_reference
from resolvers.tree import Tree, join

_PROJECT_FILES = ("pyproject.toml", "setup.cfg", "setup.py")
_EXTRAS = re.compile(r"(.+)\[([^\[\]]*)\]")
_SPECIFIED = re.compile(r"[<>=!~@\s]")


def looks_like_path(text: str) -> bool:
    """Whether pip would try ``text`` as a path before it tries it as a requirement."""
    written, _ = split_extras(text.partition(";")[0].strip())
    if written.startswith(".") or "/" in written or written.lower().startswith("file:"):
        return True
    return written.endswith(ARCHIVES) and not _SPECIFIED.search(written)


def split_extras(written: str) -> tuple[str, tuple[str, ...]]:
    """A path and the extras in brackets after it, normalised (PEP 685) and sorted."""
    match = _EXTRAS.fullmatch(written)
    if match is None:
        return written, ()
    extras = {str(canonicalize_name(extra.strip())) for extra in match[2].split(",")}
    return match[1].strip(), tuple(sorted(extras - {""}))


def upwards(folder: str) -> Iterator[str]:
    """A folder of the tree and those that contain it, ``""`` last."""
    while folder:
        yield folder
        folder = folder.rpartition("/")[0]
    yield ""


def is_project(tree: Tree, folder: str) -> bool:
    """Whether a folder holds what an installer takes for a project."""
    return any(tree.exists(join(folder, name)) for name in _PROJECT_FILES)


def find(tree: Tree, written: str, folders: Iterable[str], origin: Origin) -> Reference:
    """What a path leads to, from the first of ``folders`` where it leads to a project or an archive.

    pip starts from the working directory, which no file states. Where it leads nowhere, the first
    folder counts. Raises ManifestError where it leads out of the tree from all of them.
    """
    found: list[Reference] = []
    outside: ManifestError | None = None
    for folder in folders:
        try:
            reference = read_reference(written, origin, folder)
        except ManifestError as error:
            outside = outside or error
            continue
        location = reference.source.location
        if is_project(tree, location) or (location.endswith(ARCHIVES) and tree.exists(location)):
            return reference
        found.append(reference)
    if found:
        return found[0]
    raise outside or ManifestError(origin, "leads nowhere")
