"""Finds services: one per directory that holds manifests of any ecosystem."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from analyzer.origin import Origin
from analyzer.service import Skipped
from resolvers.seam import Gatherer, Manifest
from resolvers.tree import Tree, join

PASSED_OVER = frozenset(
    {
        ".git", ".hg", ".svn", ".bzr", "_darcs", "CVS",
        "__pycache__", ".cache", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis", ".eggs",
        ".tox", ".nox", ".venv", ".direnv", ".idea", ".vscode", ".terraform", ".gradle", ".m2",
        "node_modules", "bower_components", "site-packages", "dist-packages", "__pypackages__",
        "vendor", "_vendor", "vendored", "third_party", "third-party",
    }
)  # fmt: skip
"""Names of version control, cache, vendored and virtualenv folders."""

FOLDER_LIMIT = 100_000
DEPTH_LIMIT = 40


@dataclass(frozen=True, slots=True)
class Found:
    """A directory taken for a service, and the manifests that made it one."""

    directory: str
    manifests: tuple[Manifest, ...]

    @property
    def evidence(self) -> tuple[str, ...]:
        """``requirements.txt (requirements file)``, relative to the directory."""
        prefix = f"{self.directory}/" if self.directory else ""
        return tuple(f"{m.path.removeprefix(prefix)} ({m.role})" for m in self.manifests)


@dataclass(frozen=True, slots=True)
class Discovery:
    """The services of a tree, sorted by directory, and the folders that were passed over."""

    found: tuple[Found, ...]
    skipped: tuple[Skipped, ...]


def discover(tree: Tree, gatherers: Sequence[Gatherer], start: str = "") -> Discovery:
    """Walk the tree from ``start``. Links are not followed; ``PASSED_OVER`` names and virtualenvs are
    not entered, and hidden folders neither."""
    found: list[Found] = []
    skipped: list[Skipped] = []
    claimed: set[str] = set()
    for count, directory in enumerate(_directories(tree, start, skipped)):
        if count >= FOLDER_LIMIT:
            skipped.append(Skipped("the rest of the tree", f"has more than {FOLDER_LIMIT} folders", Origin(directory)))
            break
        if directory.rpartition("/")[0] in claimed and directory.rpartition("/")[2] in ("requirements", "wheelhouse"):
            continue
        manifests = tuple(m for g in gatherers for m in g.manifests(tree, directory))
        if manifests:
            found.append(Found(directory, manifests))
            claimed |= {directory} if any("/" in m.path[len(directory) + 1 :] for m in manifests) else set()
    return Discovery(tuple(sorted(found, key=lambda f: f.directory)), tuple(skipped))


def _directories(tree: Tree, start: str, skipped: list[Skipped]) -> Iterator[str]:
    yield start
    pending = [start]
    while pending:
        parent = pending.pop()
        if parent.count("/") >= DEPTH_LIMIT:
            skipped.append(Skipped(parent, f"is more than {DEPTH_LIMIT} folders deep", Origin(parent)))
            continue
        for name in reversed(list(tree.names(parent))):
            child = join(parent, name)
            if _enters(tree, child, name, skipped):
                yield child
                pending.append(child)


def _enters(tree: Tree, path: str, name: str, skipped: list[Skipped]) -> bool:
    entry = tree.root / path
    try:
        if entry.is_symlink() or not entry.is_dir():
            return False
    except OSError:
        return False
    if name in PASSED_OVER or name.startswith("."):
        return False
    if (entry / "pyvenv.cfg").is_file() or (entry / "conda-meta").is_dir():
        reason = "is a virtualenv; list it in cohabit.toml if it is a service"
        skipped.append(Skipped(path, reason, Origin(path), incomplete=False))
        return False
    return True
