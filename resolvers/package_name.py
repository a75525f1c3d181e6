"""Names of packages as purl types allow them: what comes from a stranger's file becomes a Package here."""

from __future__ import annotations

import re
from collections.abc import Mapping

from packaging.utils import canonicalize_name

from analyzer.package import Package

VERSION_LIMIT = 256
"""Characters of the longest version."""
_NAME_LIMIT = 400

_PLAIN = re.compile(r"[A-Za-z0-9_~][A-Za-z0-9._~+-]*", re.ASCII)
_NAMES: Mapping[str, re.Pattern[str]] = {
    "cargo": re.compile(r"[A-Za-z0-9_-]+", re.ASCII),
    "composer": re.compile(r"[A-Za-z0-9_.-]+", re.ASCII),
    "deb": re.compile(r"[a-z0-9][a-z0-9+.-]*", re.ASCII),
    "gem": re.compile(r"[A-Za-z0-9_.-]+", re.ASCII),
    "golang": re.compile(r"[A-Za-z0-9_~][A-Za-z0-9._~!-]*", re.ASCII),
    "maven": _PLAIN,
    "npm": re.compile(r"[A-Za-z0-9_~.-]+", re.ASCII),
    "nuget": re.compile(r"[A-Za-z0-9_.-]+", re.ASCII),
    "pypi": re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?", re.ASCII),
    "rpm": _PLAIN,
}
"""What a name looks like, by purl type."""
_NAMESPACES: Mapping[str, re.Pattern[str]] = {
    "cargo": re.compile(""),
    "composer": re.compile(r"[A-Za-z0-9_.-]+", re.ASCII),
    "gem": re.compile(""),
    "golang": re.compile(rf"(?:{_NAMES['golang'].pattern}(?:/{_NAMES['golang'].pattern})*)?", re.ASCII),
    "maven": _PLAIN,
    "npm": re.compile(r"(?:@[A-Za-z0-9_~.-]+)?", re.ASCII),
    "nuget": re.compile(""),
    "pypi": re.compile(""),
}
_DISTRIBUTION = re.compile(r"[a-z0-9_-]*", re.ASCII)
_VERSION = re.compile(rf"[!-~]{{1,{VERSION_LIMIT}}}")


def package_of(kind: str, namespace: str, name: str) -> Package | None:
    """The Package of a purl's parts, written as the type's rules have it (purl-types); None where they are none."""
    pattern = _NAMES.get(kind)
    if pattern is None or len(namespace) + len(name) > _NAME_LIMIT or {name, namespace, namespace[1:]} & {".", ".."}:
        return None
    if not pattern.fullmatch(name) or not _NAMESPACES.get(kind, _DISTRIBUTION).fullmatch(namespace):
        return None
    if kind == "pypi":
        return Package(kind, str(canonicalize_name(name)))
    if kind in ("composer", "golang"):
        return Package(kind, name.lower(), namespace.lower())
    return Package(kind, name, namespace)


def package_at(kind: str, path: str) -> Package | None:
    """The Package of a name with its namespace before the last ``/`` (``@angular/core``); None where it is none."""
    namespace, _, name = path.rpartition("/")
    return package_of(kind, namespace, name)


def is_version(text: str) -> bool:
    """Whether a text can be a version: printable ASCII without spaces, of bounded length."""
    return _VERSION.fullmatch(text) is not None
