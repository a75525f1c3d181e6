"""``/etc/os-release`` (os-release(5)): which distribution and release a root filesystem is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from resolvers.container.image_table import table

_ASSIGNMENT = re.compile(r"[ \t]*([A-Z][A-Z0-9_]*)=(.*?)[ \t\r]*", re.DOTALL)
_VALUE = re.compile(r"""'(?P<single>[^']*)'|"(?P<double>(?:[^"\\]|\\.)*)"|(?P<bare>[^\s"'\\$`]*)""", re.DOTALL)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_IDENTIFIER = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}", re.ASCII)
_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~^+-]{0,63}", re.ASCII)

_NAMES = {
    "amzn": "amazonlinux",
    "ol": "oraclelinux",
    "opensuse-leap": "opensuse",
    "opensuse-tumbleweed": "opensuse",
    "sled": "sles",
}
"""What distributions are called here that call themselves something else."""

_ROLLING = {"opensuse-tumbleweed": "tumbleweed"}
"""Distributions whose version is a date, by the name of their only release."""


@dataclass(frozen=True, slots=True)
class _Field:
    value: str
    line: int


@dataclass(frozen=True, slots=True)
class OsRelease:
    """A release such as ``debian:12`` (only the distribution where it has none), and the line that names it."""

    release: str
    origin: Origin


def parse_os_release(text: str, file: str) -> OsRelease:
    """What ``text`` says; ``file`` names it in Origins.

    Raises ManifestError where it names no distribution, or where ID or VERSION_ID is none.
    """
    fields = {name: field for name, field in _fields(text, file) if name in _WANTED}
    own = fields.get("ID")
    if own is None:
        raise ManifestError(Origin(file), "names no distribution (ID)")
    identifier = _checked(own, _IDENTIFIER, "ID", file)
    version = fields.get("VERSION_ID")
    named = version if version is not None and version.value else own
    origin = Origin(file, named.line, f"{'ID' if named is own else 'VERSION_ID'}={named.value}")
    number = _checked(named, _VERSION, "VERSION_ID", file) if named is not own else ""
    return OsRelease(_release(identifier, number, fields), origin)


def release_of(text: str, file: str) -> str:
    """The release alone. Raises ManifestError as ``parse_os_release`` does."""
    return parse_os_release(text, file).release


_WANTED = ("ID", "ID_LIKE", "VERSION_ID", "VERSION_CODENAME")


def _fields(text: str, file: str) -> Iterator[tuple[str, _Field]]:
    """The assignments; other lines are comments or nothing that a reader has to know."""
    for number, line in enumerate(text.split("\n"), 1):
        found = _ASSIGNMENT.fullmatch(line)
        if found is None or found[1] not in _WANTED:
            continue
        value = _VALUE.fullmatch(found[2])
        if value is None:
            raise ManifestError(Origin(file, number), f"{found[1]} is no value that a shell would take as it is")
        quoted = value["double"]
        plain = _ESCAPE.sub(r"\1", quoted) if quoted is not None else value["single"] or value["bare"] or ""
        yield found[1], _Field(plain, number)


def _checked(field: _Field, form: re.Pattern[str], name: str, file: str) -> str:
    if form.fullmatch(field.value) is None:
        raise ManifestError(Origin(file, field.line), f"{name} is none that os-release(5) admits")
    return field.value


def _release(identifier: str, version: str, fields: Mapping[str, _Field]) -> str:
    distribution = _NAMES.get(identifier, identifier)
    if identifier in _ROLLING:
        return f"{distribution}:{_ROLLING[identifier]}"
    if not version:
        # Debian's testing and unstable have a code name only.
        codename = table().codenames.get(fields["VERSION_CODENAME"].value, "") if "VERSION_CODENAME" in fields else ""
        return codename if codename.startswith(f"{distribution}:") else distribution
    if distribution == "alpine" and "_" in version:
        return "alpine:edge"
    parts = table().parts
    like = fields["ID_LIKE"].value.split() if "ID_LIKE" in fields else []
    wanted = next((parts[name] for name in (distribution, *like) if name in parts), 1)
    return f"{distribution}:{'.'.join(version.split('.')[:wanted])}"
