"""A word that names what to install, on a command line or on a line of a list."""

from __future__ import annotations

import re

from analyzer.origin import Origin
from analyzer.requirement import Requirement
from resolvers.rpm.declared import Target
from resolvers.rpm.package_spec import told

_PATTERN = re.compile(r"[*?\[\]]")
_OF_VERSIONS = re.compile(r"[^*?\[\]]+-(?:\d+:)?\d[^*?\[\]]*\*")
"""A pattern of one package's versions, ``nginx-1.20*``, which is a reading like any other."""

_RELATION = re.compile(r"(?P<name>[^\s<>=!]+)\s*(?P<operator><=|>=|==|=|<|>)\s*(?P<version>[^\s<>=!]+)")
_OTHER_KINDS = re.compile(r"(?:pattern|patch|product|srcpackage|application):.+")


def opaque(text: str) -> str:
    """Why nobody can tell without the repository which packages a word names; nothing where it is one."""
    is_pattern = _PATTERN.search(text) and not _OF_VERSIONS.fullmatch(text)
    if is_pattern and "://" not in text and not text.startswith("("):
        return "stands for every package of that pattern"
    if text.startswith("@"):
        return "is a group or a module, whose packages only the repository knows"
    if _OTHER_KINDS.fullmatch(text):
        return "installs packages that only the repository knows"
    return ""


def is_file(text: str) -> bool:
    """Whether a word is the address or the path of a package."""
    return "://" in text or text.endswith(".rpm")


def required(text: str, origin: Origin, target: Target) -> Requirement:
    """The Requirement that a word stands for: a package, a capability with a range, a file, a rich dependency."""
    if text.startswith(("/", "(")):
        return target.requirement(text, "", origin)
    if relation := _RELATION.fullmatch(text):
        operator = relation["operator"].replace("==", "=")
        return target.requirement(relation["name"], f"{operator} {relation['version']}", origin)
    reading = told(text)
    return target.requirement(reading.name, reading.constraint, origin, reading.arch)
