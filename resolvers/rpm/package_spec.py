"""What a word on dnf's command line may mean (libdnf, ``hy-subject.h``: ``HY_FORMS_MOST_SPEC``).

A dash or a dot may stand inside a name, before a version or before an architecture:
``java-17-openjdk`` is a name, ``httpd-2.4.57`` a name and a version. dnf tries the forms one after
the other and takes the first that some package of the repositories has, so that only a universe can
tell. A Requirement therefore keeps such a word whole as its Package's name, with an empty constraint;
whoever has the universe asks ``readings``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_NAME = r"(?P<name>[^:(/=<>\s]+)"
_EVR = r"-(?P<version>(?:[0-9]+:)?[^-:(/=<>\s]+"
_DIGIT = r"-(?P<version>(?:[0-9]+:)?[0-9][^-:(/=<>\s]*"
_RELEASE = r"-[^-:(/=<>\s]+"
_ARCH = r"\.(?P<arch>[^-:.(/=<>\s]+)"
_FORMS = tuple(
    re.compile(form)
    for form in (
        f"{_NAME}{_EVR}{_RELEASE}){_ARCH}",
        f"{_NAME}{_ARCH}",
        _NAME,
        f"{_NAME}{_EVR}{_RELEASE})",
        f"{_NAME}{_EVR})",
    )
)
"""Name, epoch, version, release and architecture: NEVRA, NA, N, NEVR, NEV, in the order of trial."""

ARCHES = (
    "x86_64", "x86_64_v2", "x86_64_v3", "i386", "i486", "i586", "i686", "aarch64", "armv7hl", "ppc64le",
    "ppc64", "s390x", "s390", "riscv64", "noarch", "src", "nosrc",
)  # fmt: skip
"""Architectures of packages."""

_TOLD = (
    re.compile(rf"{_NAME}{_DIGIT}-[0-9][^-:(/=<>\s]*?)\.(?P<arch>{'|'.join(ARCHES)})"),
    re.compile(rf"{_NAME}\.(?P<arch>{'|'.join(ARCHES)})"),
    re.compile(rf"{_NAME}-(?P<version>[0-9]+:[^-:(/=<>\s]+(?:{_RELEASE})?)"),
    re.compile(rf"{_NAME}{_DIGIT}-[0-9][^-:(/=<>\s]*\.(?:el|fc|amzn|mga|module)_?[0-9][^-:(/=<>\s]*)"),
)

LENGTH_LIMIT = 1000
"""Characters of the longest word that is taken apart."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A package name; ``=1.2``, ``=1.2-3`` or ``=1:1.2-3`` behind it, or nothing; an architecture, or nothing.

    A constraint without an epoch admits every epoch, one without a release every release.
    """

    name: str
    constraint: str = ""
    arch: str = ""


def readings(text: str) -> tuple[Reading, ...]:
    """All that ``text`` may mean, in dnf's order of trial.

    The first one that some package matches is meant; where none does, ``text`` as a capability or a
    file. What is no package (``pkgconfig(x)``, ``/usr/bin/x``) has one reading, itself.
    """
    if len(text) > LENGTH_LIMIT:
        return (Reading(text),)
    found = (form.fullmatch(text) for form in _FORMS)
    return tuple(_reading(match) for match in found if match) or (Reading(text),)


def _reading(match: re.Match[str]) -> Reading:
    parts = match.groupdict()
    version = parts.get("version")
    return Reading(parts["name"], f"={version}" if version else "", parts.get("arch") or "")


def told(text: str) -> Reading:
    """What ``text`` means where its parts tell without a universe: a known architecture, an epoch, a
    distribution in the release. Otherwise the whole as a name."""
    found = (form.fullmatch(text) for form in _TOLD) if len(text) <= LENGTH_LIMIT else ()
    return next((_reading(match) for match in found if match), Reading(text))
