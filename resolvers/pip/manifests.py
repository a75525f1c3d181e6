"""Which files of a directory are pip manifests, and what each is (PyPA, Poetry, PDM, Pipenv, uv)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import tomli

from analyzer.errors import ManifestError
from resolvers.discovery import FOR_DEVELOPMENT, OUTPUT
from resolvers.discovery import VIRTUALENV as VIRTUALENV
from resolvers.pip.requirements.compiled import compiled_from
from resolvers.seam import Manifest
from resolvers.tree import Tree, join

REQUIREMENTS = "requirements file"
DEVELOPMENT = f"{REQUIREMENTS} {FOR_DEVELOPMENT}"
COMPILED = "compiled requirements file"
PROJECT = "project"
ZIPPED = "zipped environment"
WHEELHOUSE = "wheelhouse"
PYLOCK = "pylock.toml"

FIXED_NAMES = {
    "pyproject.toml": PROJECT,
    "setup.cfg": PROJECT,
    "setup.py": PROJECT,
    "Pipfile": "Pipfile",
    "Pipfile.lock": "Pipfile.lock",
    "poetry.lock": "poetry.lock",
    "pdm.lock": "pdm.lock",
    "uv.lock": "uv.lock",
    "pyvenv.cfg": VIRTUALENV,
}
REQUIREMENTS_FOLDER = "requirements"
WHEEL_FOLDERS = ("wheelhouse", "wheels")
TEXTS_SNIFFED = 100
ARCHIVES_SNIFFED = 20
"""How many files of one directory are looked into to see what they are; more are known by name only."""

_PYLOCK = re.compile(r"pylock(\.[^.]+)?\.toml")
_REQUIREMENTS = re.compile(r"(?:.*[-_.])?requirements?\d*(?:[-_.].*)?\.(?:txt|in|pip)", re.IGNORECASE)
_DEVELOPMENT = re.compile(
    r"(?:^|[-_.])(?:dev|devel|develop|development|tests?|testing|docs?|documentation|lint|linting|linters?|ci|local"
    r"|typing|types|mypy|style|format|build|bench|benchmarks?|debug|tox|pre-commit|tools?|examples?|extras?"
    r"|optional)(?:[-_.]|$)",
    re.IGNORECASE,
)
_FOREIGN = re.compile(
    r"(?:^|[-_.])(?:apt|deb|dpkg|rpm|yum|dnf|apk|brew|conda|npm|gem|ansible|galaxy|system|sys|os)(?:[-_.]|$)",
    re.IGNORECASE,
)
"""Words of requirements files that list what other installers install."""

_OF_SYSTEM = re.compile(r"packages?\.txt|rpms\.txt", re.IGNORECASE)
"""Names of lists of the system's packages."""

_PROSE = re.compile(
    r"(?:readme|license|licence|notice|copying|changes|changelog|authors|notes?)(?:[-_.]|$)", re.IGNORECASE
)
_CONSTRAINTS = re.compile(r"constraints?|overrides?", re.IGNORECASE)
_TEXT = re.compile(r".*\.(?:txt|in|pip)", re.IGNORECASE)
_PROJECT_LOCKS = ("uv.lock", "poetry.lock", "pdm.lock")
_HEADER = re.compile(
    r"""^[ \t]*\[+[ \t]*(?:
        ["']?(?:project|dependency-groups)["']?[ \t]*[\].]
      | ["']?tool["']?[ \t]*\.[ \t]*["']?(?:poetry|pdm)["']?[ \t]*[\].]
      | tool\.flit\.metadata\b
    )""",
    re.MULTILINE | re.VERBOSE,
)
_DOTTED = re.compile(r"^[ \t]*(?:project|dependency-groups|tool\.(?:poetry|pdm))[ \t]*[.=]", re.MULTILINE)
_MENTION = re.compile(r"^[ \t]*\[[^\]\n]{0,100}?\b(?:project|dependency-groups|poetry|pdm|flit)\b", re.MULTILINE)
_ANY_HEADER = re.compile(r"^[ \t]*\[", re.MULTILINE)
_SETUP_SECTIONS = re.compile(r"^\[(?:options|metadata)\b", re.MULTILINE)
_SETUP_CALL = re.compile(r"\bsetup\s*\(")
_SNIFFED = 64 * 1024


def recognise(tree: Tree, path: str) -> Iterator[Manifest]:
    """The pip manifests of a service's folder: its files in the order of names, then the requirements
    files of its ``requirements`` folder, what is installed right in it, and its wheelhouse.

    A virtualenv is that and nothing else. Where ``path`` is a file, as configuration may list one, it
    is the only manifest; what its name says does not matter then.
    """
    if path and tree.exists(path) and not tree.is_folder(path):
        yield from _listed_file(tree, path)
        return
    folder = _Folder(tree, path)
    if "pyvenv.cfg" in folder.names:
        yield Manifest(path, VIRTUALENV)
        return
    declaring = [*folder.manifests(), *_requirements_folder(tree, folder)]
    yield from declaring
    if any(name.endswith(".dist-info") for name in folder.names):
        yield Manifest(path, VIRTUALENV)
    yield from _wheelhouse(tree, folder, bool(declaring))


def _requirements_folder(tree: Tree, folder: _Folder) -> Iterator[Manifest]:
    """Unless it is a project of its own, by chance of that name."""
    if REQUIREMENTS_FOLDER in folder.names:
        inner = _Folder(tree, join(folder.path, REQUIREMENTS_FOLDER), anywhere=True)
        yield from () if inner.is_project else inner.manifests()


def _listed_file(tree: Tree, path: str) -> Iterator[Manifest]:
    """Every text counts as requirements here, save lists for other installers; the source of a compiled file
    comes with it."""
    directory, _, name = path.rpartition("/")
    stem = name.rpartition(".")[0]
    beside = [other for other in tree.names(directory) if _TEXT.fullmatch(other) and other.rpartition(".")[0] == stem]
    folder = _Folder(tree, directory, beside if name in beside else [name])
    for one in folder.names:
        of_others = _OF_SYSTEM.fullmatch(one) or (_FOREIGN.search(one) and not _REQUIREMENTS.fullmatch(one))
        role = folder.role(one) or (REQUIREMENTS if one in beside and not of_others else "")
        if role and role != PROJECT:
            yield Manifest(join(directory, one), REQUIREMENTS if role == DEVELOPMENT else role)


@dataclass
class _Folder:
    """A folder's files. ``anywhere``: every text file is one of requirements, whatever its name."""

    tree: Tree
    path: str
    names: list[str] = field(default_factory=list)
    anywhere: bool = False
    texts: int = 0
    archives: int = 0

    def __post_init__(self) -> None:
        self.names = self.names or list(self.tree.names(self.path))

    @property
    def is_project(self) -> bool:
        """Whether it holds more than requirements files."""
        return any(self._fixed(name) for name in self.names if name in FIXED_NAMES)

    def manifests(self) -> Iterator[Manifest]:
        for name in self.names:
            if (role := self.role(name)) and not self.tree.is_folder(join(self.path, name)):
                yield Manifest(join(self.path, name), role)

    def role(self, name: str) -> str:
        if name in FIXED_NAMES:
            return "" if self.anywhere else self._fixed(name)
        if _PYLOCK.fullmatch(name):
            return PYLOCK
        if _TEXT.fullmatch(name):
            return self._text(name)
        return "" if self.anywhere else self._archive(name)

    def _fixed(self, name: str) -> str:
        if name in _PROJECT_LOCKS and "pyproject.toml" in self.names and not self._is_meant("pyproject.toml"):
            # The lock of a uv workspace whose root is no project: its members have it.
            return ""
        return FIXED_NAMES[name] if self._is_meant(name) else ""

    def _is_meant(self, name: str) -> bool:
        """Whether a file in which many tools keep settings says anything of dependencies. One that
        cannot be read might."""
        head = self._head(name) if name in _MEANT else None
        return head is None or _MEANT[name](head)

    def _text(self, name: str) -> str:
        if _CONSTRAINTS.search(name) or _FOREIGN.search(name) or _PROSE.match(name):
            return ""
        stem, _, ending = name.rpartition(".")
        compiled = self._is_compiled(name)
        named_so = self.anywhere or _REQUIREMENTS.fullmatch(name)
        if not (named_so or compiled or (ending == "in" and self._is_compiled(f"{stem}.txt"))):
            return ""
        if _DEVELOPMENT.search(stem):
            return DEVELOPMENT
        return COMPILED if compiled else REQUIREMENTS

    def _is_compiled(self, name: str) -> bool:
        if not name.endswith(".txt") or name not in self.names or self.texts >= TEXTS_SNIFFED:
            return False
        self.texts += 1
        return compiled_from(self._head(name) or "") is not None

    def _archive(self, name: str) -> str:
        from resolvers.pip.environments.zipped import looks_zipped

        if not name.lower().endswith(_ARCHIVES) or any(other.endswith(".whl") for other in self.names):
            return ""
        self.archives += 1
        return ZIPPED if self.archives <= ARCHIVES_SNIFFED and looks_zipped(self.tree, join(self.path, name)) else ""

    def _head(self, name: str) -> str | None:
        try:
            return self.tree.read_head(join(self.path, name), _SNIFFED).decode("utf-8-sig", "replace")
        except ManifestError:
            return None


def _speaks_of_project(head: str) -> bool:
    """Whether a pyproject.toml has more than the settings of tools (PEP 621, PEP 735, Poetry, PDM, flit)."""
    first = _ANY_HEADER.search(head)
    preface = head[: first.start()] if first else head
    if _HEADER.search(head) is not None or _DOTTED.search(preface) is not None:
        return True
    # A typing error in the header itself must not make a service vanish.
    return _MENTION.search(head) is not None and not _is_toml(head)


def _is_toml(text: str) -> bool:
    try:
        tomli.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


_MEANT: Mapping[str, Callable[[str], bool]] = {
    "pyproject.toml": _speaks_of_project,
    "setup.cfg": lambda head: _SETUP_SECTIONS.search(head) is not None,
    "setup.py": lambda head: _SETUP_CALL.search(head) is not None,
}
_ARCHIVES = (".pex", ".pyz", ".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tbz", ".tar.xz", ".txz")


def _wheelhouse(tree: Tree, folder: _Folder, has_others: bool) -> Iterator[Manifest]:
    """A folder of wheels, or beside other manifests one in it; a build's own output is none."""
    named = [join(folder.path, name) for name in WHEEL_FOLDERS if name in folder.names and has_others]
    own = [] if folder.path.rpartition("/")[2] == OUTPUT else [folder.path]
    for place in (*own, *named):
        if any(name.endswith(".whl") for name in tree.names(place)):
            yield Manifest(place, WHEELHOUSE)
