"""``.python-version`` (pyenv, uv) and ``runtime.txt`` (Heroku): one line that names a Python version."""

from __future__ import annotations

import re

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from analyzer.package import PYTHON
from analyzer.requirement import Requirement
from analyzer.service import Skipped
from resolvers.pip.declared import Declared
from resolvers.pip.interpreter import read_interpreter
from resolvers.pip.requirements.requirement_line import excerpt
from resolvers.tree import Tree, join

NAMES = (".python-version", "runtime.txt")
"""The files, the one that counts first."""

_LIMIT = 2**16
_VERSION = re.compile(
    r"(?:c?python(?:-|@)?)?(?P<minor>3\.\d{1,2})(?:\.\d{1,3}(?:(?:a|b|rc)\d{1,3})?)?(?:-[a-z]+-[a-z0-9_]+-[a-z]+)?",
    re.ASCII,
)
_SPECIFIER = re.compile(r"[<>=!~]")


def read_python_version(tree: Tree, directory: str) -> Declared:
    """The interpreter that a service's folder asks for by such a file.

    Of a version only ``major.minor`` counts; uv may have written a specifier set instead. A file that
    names no CPython 3 (pyenv takes any environment's name) asks for nothing, and says so.
    """
    skipped: tuple[Skipped, ...] = ()
    for name in NAMES:
        path = join(directory, name)
        if tree.exists(path):
            declared = _read(tree, path)
            if declared.interpreter:
                return declared
            skipped += declared.skipped
    return Declared(skipped=skipped)


def _read(tree: Tree, path: str) -> Declared:
    try:
        content = tree.read_bytes(path, _LIMIT)
    except ManifestError as error:
        return Declared(skipped=(Skipped(path, error.reason, error.origin),))
    for number, line in enumerate(content.decode("utf-8-sig", "replace").splitlines(), start=1):
        text = line.partition("#")[0].strip()
        if text:
            return _of_line(text, Origin(path, number, excerpt(line.strip())))
    return Declared()


def _of_line(text: str, origin: Origin) -> Declared:
    if match := _VERSION.fullmatch(text):
        return Declared(interpreter=(Requirement(PYTHON, f"=={match['minor']}.*", origin),))
    if _SPECIFIER.match(text):
        found = read_interpreter(text, origin)
        return Declared(interpreter=(found,)) if isinstance(found, Requirement) else Declared(skipped=(found,))
    note = Skipped(f"Python version {excerpt(text)!r}", "is no CPython 3 version", origin, incomplete=False)
    return Declared(skipped=(note,))
