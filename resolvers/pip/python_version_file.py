"""``.python-version`` (pyenv, uv, Heroku) and ``runtime.txt`` (Heroku): one line that names a Python version."""

from __future__ import annotations

import re

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from analyzer.package import PYTHON
from analyzer.requirement import Requirement
from analyzer.service import Skipped
from resolvers.pip.declared import Declared
from resolvers.tree import Tree, join

_NAMES = (".python-version", "runtime.txt")
_VERSION = re.compile(r"(?:c?python-?@?)?(?P<minor>3\.\d{1,2})(?:\.\d{1,3})?\s*")


def read_python_version(tree: Tree, directory: str) -> Declared:
    """The interpreter that a service's folder asks for by such a file; only the minor version counts."""
    for name in _NAMES:
        path = join(directory, name)
        if tree.exists(path):
            return _read(tree, path)
    return Declared()


def _read(tree: Tree, path: str) -> Declared:
    try:
        lines = tree.read_text(path).splitlines()
    except ManifestError as error:
        return Declared(skipped=(Skipped(path, error.reason, error.origin),))
    for number, line in enumerate(lines, start=1):
        text = line.partition("#")[0].strip()
        if text:
            return _of_line(text, Origin(path, number, line.strip()[:200]))
    return Declared()


def _of_line(text: str, origin: Origin) -> Declared:
    match = _VERSION.fullmatch(text)
    if match is None:
        note = Skipped(f"Python version {text[:80]!r}", "is no CPython 3 version", origin, incomplete=False)
        return Declared(skipped=(note,))
    return Declared(interpreter=(Requirement(PYTHON, f"=={match['minor']}.*", origin),))
