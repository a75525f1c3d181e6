"""Finds services: one per directory that holds manifests of any ecosystem."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from unicodedata import category

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from analyzer.service import Skipped
from resolvers.remembered_tree import RememberedTree
from resolvers.seam import Gatherer, Manifest
from resolvers.tree import Kind, Tree, join

PASSED_OVER = frozenset(
    {
        "CVS", "_darcs", "__pycache__", "node_modules", "bower_components",
        "site-packages", "dist-packages", "__pypackages__",
        "vendor", "_vendor", "vendored", "third_party", "third-party",
    }
)  # fmt: skip
"""Names of version control, cache, vendored and virtualenv folders. Those that begin with a dot are
passed over as all hidden folders are."""

DEVELOPMENT_FOLDERS = frozenset(
    {
        "test", "tests", "testing", "testdata", "fixtures", "doc", "docs",
        "example", "examples", "benchmark", "benchmarks",
    }
)  # fmt: skip
"""Names of folders whose manifests, and those below, are for development and not for a service."""

FOR_DEVELOPMENT = "for development"
"""How the role of a manifest ends that alone makes no service."""

VIRTUALENV = "virtualenv"
"""The role of a folder of installed packages, which alone makes no service unless it is asked for."""

INSTALL_SCRIPT = "install script"
"""The role of a script that installs packages of the system, which alone makes no service below the start."""

SUBMODULES = "git submodules"
"""The role of ``.gitmodules``, which alone makes no service unless it is asked for, and is no reason for a note."""

LIBRARY = "library of "
"""How the role of a manifest begins that makes no service: others of its build, which are named, bring it along."""

OUTPUT = "dist"
"""Where a project's build puts what it made: wheels and archives of the project itself."""

FOLDER_LIMIT = 100_000
DEPTH_LIMIT = 40


@dataclass(frozen=True, slots=True)
class Found:
    """A directory taken for a service, and the manifests that made it one."""

    directory: str
    manifests: tuple[Manifest, ...]

    @property
    def evidence(self) -> tuple[str, ...]:
        """``requirements.txt (requirements file)``, relative to the directory; what is one itself, by its name."""
        return tuple(f"{_within(self.directory, m.path)} ({m.role})" for m in self.manifests)


@dataclass(frozen=True, slots=True)
class Discovery:
    """The services of a tree, sorted by directory, what was passed over, and the ``folders`` that were entered."""

    found: tuple[Found, ...]
    skipped: tuple[Skipped, ...]
    folders: tuple[str, ...] = ()


def discover(
    tree: Tree,
    gatherers: Sequence[Gatherer],
    start: str = "",
    exclude: Sequence[str] = (),
    listed: Collection[str] = (),
) -> Discovery:
    """Walk the tree from ``start``.

    Not entered are links, hidden folders, ``PASSED_OVER`` names, what lies in a virtualenv, and folders
    whose path matches a glob of ``exclude``. A folder that cannot be read is in ``skipped``, as is one
    whose manifests make no service; those ``listed`` are services whatever speaks against it.
    """
    walk = _Walk(RememberedTree(tree.root), gatherers, start, exclude, listed)
    entered: list[str] = []
    for count, directory in enumerate(walk.directories()):
        if count >= FOLDER_LIMIT:
            walk.skip("the rest of the tree", f"has more than {FOLDER_LIMIT} folders", directory, incomplete=True)
            break
        entered.append(directory)
        walk.examine(directory)
    found = tuple(sorted(walk.found.values(), key=lambda f: f.directory))
    return Discovery(found, tuple(walk.skipped), tuple(entered))


@dataclass(frozen=True, slots=True)
class _Walk:
    tree: Tree
    gatherers: Sequence[Gatherer]
    start: str
    exclude: Sequence[str]
    listed: Collection[str]
    found: dict[str, Found] = field(default_factory=dict)
    skipped: list[Skipped] = field(default_factory=list)
    claimed: dict[str, str] = field(default_factory=dict)
    noted: set[str] = field(default_factory=set)

    def directories(self) -> Iterator[str]:
        """Each directory before those in it, in the order of names."""
        pending = [self.start]
        while pending:
            directory = pending.pop()
            if directory.count("/") >= DEPTH_LIMIT:
                self.skip(directory, f"is more than {DEPTH_LIMIT} folders deep", directory, incomplete=True)
                continue
            yield directory
            pending += reversed(list(self._enterable(directory)))

    def examine(self, directory: str) -> None:
        """Take a directory for a service, or say why its manifests make none."""
        is_listed = directory in self.listed
        if directory in self.claimed and not is_listed:
            return
        # Several ecosystems may read one file, as a Dockerfile.
        manifests = tuple(dict.fromkeys(m for g in self.gatherers for m in g.manifests(self.tree, directory)))
        telling = [m for m in manifests if is_listed or m.role != SUBMODULES]
        if not telling:
            return
        if not is_listed and (aside := self._aside(directory, telling)):
            place, reason = aside
            if place not in self.noted:
                self.skip(place, f"{reason}; list what is a service in cohabit.toml", place)
            self.noted.add(place)
            return
        self.found[directory] = Found(directory, manifests)
        places = {place for m in manifests for place in (m.path, m.path.rpartition("/")[0])} - {directory}
        self.claimed.update(dict.fromkeys(places, directory))

    def skip(self, what: str, reason: str, directory: str, *, incomplete: bool = False) -> None:
        """Note something that was left out."""
        self.skipped.append(Skipped(what, reason, Origin(directory or "."), incomplete=incomplete))

    def _aside(self, directory: str, manifests: Sequence[Manifest]) -> tuple[str, str] | None:
        """The folder whose manifests make no service, and why."""
        if all(m.role.endswith(FOR_DEVELOPMENT) for m in manifests):
            return directory or ".", "holds only manifests for development"
        if directory != self.start and all(m.role == VIRTUALENV for m in manifests):
            return directory, "is a virtualenv or a folder of installed packages"
        if directory != self.start and all(m.role == INSTALL_SCRIPT for m in manifests):
            return directory, "holds only scripts that install packages"
        if all(m.role.startswith(LIBRARY) for m in manifests):
            return directory, f"is a {manifests[0].role}"
        for place in _outside_in(directory):
            if place in self.claimed:
                return directory, f"lies in {place}, which belongs to the service in {self.claimed[place] or '.'}"
            if len(place) > len(self.start) and place.rpartition("/")[2].lower() in DEVELOPMENT_FOLDERS:
                return place, "is for development, by its name"
        return None

    def _enterable(self, parent: str) -> Iterator[str]:
        try:
            names = [name for name, kind in self.tree.listing(parent).items() if kind is Kind.FOLDER]
        except ManifestError as error:
            self.skip(parent or ".", error.reason, parent, incomplete=True)
            return
        if self._is_environment(parent, names):
            return
        for name in names:
            if not _is_text(name):
                shown = "".join(char if _is_text(char) else "?" for char in name)
                self.skip(shown, "has a name that is no UTF-8 or holds control characters", parent, incomplete=True)
            elif not self._passed_over(parent, name):
                yield join(parent, name)

    def _passed_over(self, parent: str, name: str) -> bool:
        if name.startswith(".") or name in PASSED_OVER or (name == OUTPUT and parent in self.found):
            return True
        path = join(parent, name)
        return any(fnmatchcase(path, pattern) for pattern in self.exclude)

    def _is_environment(self, path: str, folders: Sequence[str]) -> bool:
        """Whether a folder is a virtualenv (PEP 405), a conda environment or a site directory."""
        if "conda-meta" in folders or any(name.endswith(".dist-info") for name in folders):
            return True
        return self.tree.exists(join(path, "pyvenv.cfg"))


def _is_text(name: str) -> bool:
    return all(category(char) not in ("Cc", "Cs") for char in name)


def _within(directory: str, path: str) -> str:
    """``path`` as seen from ``directory``."""
    if path == directory:
        return path.rpartition("/")[2] or "."
    return path.removeprefix(f"{directory}/") if directory else path


def _outside_in(directory: str) -> Iterator[str]:
    """A folder and those it lies in, outermost first."""
    parts = directory.split("/")
    yield from ("/".join(parts[:count]) for count in range(1, len(parts) + 1))
