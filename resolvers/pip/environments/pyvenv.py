"""Virtual environments by their marks: ``pyvenv.cfg`` (PEP 405) and the layout of their folders."""

from __future__ import annotations

import re
from dataclasses import dataclass

from analyzer.origin import Origin
from analyzer.package import PYTHON
from analyzer.requirement import Requirement

MARK = "pyvenv.cfg"
MARK_LIMIT = 2**16
"""Bytes of the largest ``pyvenv.cfg`` that is read."""

_VERSION = re.compile(r"(\d{1,2})\.(\d{1,3})(?![\d])", re.ASCII)
_LAYOUT = re.compile(r"(?:lib|lib64|Lib)/(?:(?:python|pypy)(\d{1,2}\.\d{1,3})t?/)?site-packages", re.ASCII)
_SERIES = re.compile(r"/(?:python|pypy)(\d{1,2}\.\d{1,3})t?/site-packages\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Pyvenv:
    """What the file says: the interpreter's series (``major.minor``, empty if unsaid) and where, and
    whether the packages of the system's interpreter are visible too."""

    python: str
    origin: Origin
    sees_system: bool = False


def read_pyvenv(data: bytes, file: str) -> Pyvenv:
    """The content of a ``pyvenv.cfg``. Lines that are no ``key = value`` mean nothing, as for Python.

    venv writes ``version``, virtualenv and uv ``version_info``.
    """
    values: dict[str, tuple[str, Origin]] = {}
    for number, line in enumerate(data.decode("utf-8", "replace").splitlines(), 1):
        key, equals, value = line.partition("=")
        if equals:
            shown = "".join(char for char in line[:200] if char.isprintable()).strip()
            values[key.strip().lower()] = value.strip(), Origin(file, number, shown)
    version, origin = values.get("version") or values.get("version_info") or ("", Origin(file))
    found = _VERSION.match(version)
    sees_system = values.get("include-system-site-packages", ("", origin))[0].lower() == "true"
    return Pyvenv(f"{int(found[1])}.{int(found[2])}" if found else "", origin, sees_system)


def is_site_of_venv(path: str) -> bool:
    """Whether a path relative to a virtual environment is its site directory."""
    return _LAYOUT.fullmatch(path) is not None


def series_of(site: str) -> str:
    """The ``major.minor`` that a site directory's path names, empty where it names none."""
    found = _SERIES.search(f"/{site}")
    return found[1] if found else ""


def exactly(python: str, origin: Origin) -> Requirement:
    """The demand for one series of Python."""
    return Requirement(PYTHON, f"=={python}.*", origin)
