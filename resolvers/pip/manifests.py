"""Which files of a directory are pip manifests, and what each is (PyPA, Poetry, PDM, Pipenv, uv)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analyzer.errors import ManifestError
from resolvers.pip.compiled import compiled_from
from resolvers.seam import Manifest
from resolvers.tree import Tree, join

REQUIREMENTS = "requirements file"
DEVELOPMENT = "requirements file for development"
COMPILED = "compiled requirements file"
PROJECT = "project"
VIRTUALENV = "virtualenv"
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
_PYLOCK = re.compile(r"pylock(\.[^.]+)?\.toml")
_REQUIREMENTS = re.compile(r"(?:.*[-_.])?requirements?(?:[-_.].*)?\.(?:txt|in|pip)|.*[-_.]requirements?\.(?:txt|in)")
_DEVELOPMENT = re.compile(
    r"(?:^|[-_.])(?:dev|devel|develop|development|tests?|testing|docs?|documentation|lint|linting|linters?|ci|local"
    r"|typing|types|mypy|style|format|build|bench|benchmarks?|debug|tox|pre-commit|tools?|examples?|extras?"
    r"|optional)(?:[-_.]|$)",
    re.IGNORECASE,
)
_CONSTRAINTS = re.compile(r"constraints?|overrides?", re.IGNORECASE)
_ARCHIVE = re.compile(r".*\.(?:pex|pyz|zip|tar\.gz|tgz|tar\.xz|tar\.bz2)", re.IGNORECASE)
_TEXT = re.compile(r".*\.(?:txt|in)")
_MEANT_FOR_PROJECTS = re.compile(
    r"^\s*\[(?:project|dependency-groups|tool\.(?:poetry|pdm|setuptools|flit))", re.MULTILINE
)
_MEANT_FOR_SETUPTOOLS = re.compile(r"^\[(?:options|metadata)", re.MULTILINE)
_SNIFFED = 64 * 1024


def recognise(tree: Tree, directory: str) -> Iterator[Manifest]:
    """The pip manifests of a directory, in its order of names, then those of its ``requirements``
    folder, its virtualenv-like archives and its wheelhouse."""
    names = list(tree.names(directory))
    if "pyvenv.cfg" in names:
        yield Manifest(directory, VIRTUALENV)
        return
    for name in names:
        role = _role(tree, directory, name, names, anywhere=False)
        if role:
            yield Manifest(join(directory, name), role)
    if "requirements" in names:
        folder = join(directory, "requirements")
        inner = list(tree.names(folder))
        for name in inner:
            role = _role(tree, folder, name, inner, anywhere=True)
            if role:
                yield Manifest(join(folder, name), role)
    yield from _wheelhouse(tree, directory, names)


def _role(tree: Tree, directory: str, name: str, names: list[str], *, anywhere: bool) -> str:
    path = join(directory, name)
    if name in FIXED_NAMES:
        return FIXED_NAMES[name] if not anywhere and _is_meant(tree, path, name) else ""
    if _PYLOCK.fullmatch(name):
        return PYLOCK
    if _TEXT.fullmatch(name) and not _CONSTRAINTS.search(name):
        return _requirements_role(tree, path, name, names, anywhere)
    if _ARCHIVE.fullmatch(name) and not anywhere:
        from resolvers.pip.zipped import looks_zipped

        return ZIPPED if looks_zipped(tree, path) else ""
    return ""


def _requirements_role(tree: Tree, path: str, name: str, names: list[str], anywhere: bool) -> str:
    stem = name.rpartition(".")[0]
    compiled = name.endswith(".txt") and compiled_from(_head(tree, path)) is not None
    named_so = anywhere or bool(_REQUIREMENTS.fullmatch(name))
    if not (named_so or compiled or _is_source(tree, path, stem, names)):
        return ""
    if _DEVELOPMENT.search(stem):
        return DEVELOPMENT
    return COMPILED if compiled else REQUIREMENTS


def _is_source(tree: Tree, path: str, stem: str, names: list[str]) -> bool:
    """A ``base.in`` whose ``base.txt`` says that it was compiled."""
    if not path.endswith(".in") or f"{stem}.txt" not in names:
        return False
    return compiled_from(_head(tree, f"{path.removesuffix('.in')}.txt")) is not None


def _is_meant(tree: Tree, path: str, name: str) -> bool:
    """Whether a file that many tools keep their settings in says anything about dependencies."""
    if name == "pyproject.toml":
        return _MEANT_FOR_PROJECTS.search(_head(tree, path)) is not None
    if name == "setup.cfg":
        return _MEANT_FOR_SETUPTOOLS.search(_head(tree, path)) is not None
    return True


def _wheelhouse(tree: Tree, directory: str, names: list[str]) -> Iterator[Manifest]:
    for place in (directory, *(join(directory, n) for n in ("wheelhouse", "wheels") if n in names)):
        if any(name.endswith(".whl") for name in tree.names(place)):
            yield Manifest(place, WHEELHOUSE)


def _head(tree: Tree, path: str) -> str:
    try:
        with tree.locate(path).open("rb") as stream:
            return stream.read(_SNIFFED).decode("utf-8", "replace")
    except (OSError, ManifestError):
        return ""
