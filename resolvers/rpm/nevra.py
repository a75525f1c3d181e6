"""Lists of packages, one a line: what ``rpm -qa`` and ``dnf list installed`` print, or bare names.

A list with versions is a lock. sosreport's ``installed-rpms`` has the date of installation behind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from analyzer.origin import Origin
from analyzer.requirement import Locked, Requirement
from analyzer.service import Skipped
from resolvers.credentials import without_credentials
from resolvers.rpm.declared import Declared, Target
from resolvers.rpm.installed import KEY, installed
from resolvers.rpm.package_spec import ARCHES
from resolvers.rpm.package_word import is_file, opaque, required
from resolvers.tree import Tree

LINE_LIMIT = 1000

_ARCH = "|".join(ARCHES)
_PART = r"[^-:\s/]+"
_NEVRA = re.compile(
    rf"(?:(?P<before>\d+|\(none\)):)?(?P<name>[^\s:/()=<>,]+)-(?:(?P<epoch>\d+|\(none\)):)?"
    rf"(?P<evr>{_PART}-\d{_PART[:-1]}*?)(?:\.(?P<arch>{_ARCH}))?"
)
"""The epoch stands before the version (dnf) or before the name (yum). A release begins with a digit,
which tells ``bash-5.1.8-6.el9`` from a name."""

_COLUMNS = re.compile(
    rf"(?P<name>[^\s:/()=<>,]+)\.(?P<arch>{_ARCH})\s+(?:(?P<epoch>\d+):)?(?P<evr>{_PART}-{_PART})(?:\s.*)?"
)
_BROKEN = re.compile(rf"[^\s:/()=<>,]{{1,{LINE_LIMIT}}}\.(?:{_ARCH})")
_NAME = re.compile(r"[A-Za-z0-9_/@(][^\s$`'\";|&<>=]*(?:\s*[<>=]{1,2}\s*[^\s<>=]+)?|\([^$`'\";|&]*\)")
_HEADING = re.compile(
    r"(?:Installed|Available) [Pp]ackages|Loaded plugins:.*|Last metadata .*|Updating Subscription .*"
    r"|Package\s+Version.*|\(none\)|[-=]+"
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line without comment, and where it stands."""

    text: str
    origin: Origin


def read_list(tree: Tree, path: str, target: Target) -> Declared:
    """The packages of a list. Raises ManifestError where it cannot be read."""
    pins: list[Locked] = []
    wanted: list[Requirement] = []
    skipped: list[Skipped] = []
    unknown: list[str] = []
    for line in _lines(tree.read_text(path), path):
        pin = _pin(line, target)
        if pin:
            pins.append(pin)
        elif _is_no_package(line.text):
            continue
        elif not _NAME.fullmatch(line.text):
            skipped.append(Skipped(line.origin.text, "is no package with a version, and no name", line.origin))
        elif reason := "is no package of a repository" if is_file(line.text) else opaque(line.text):
            unknown.append(f"{line.origin.text} {reason} ({line.origin})")
        else:
            wanted.append(required(line.text, line.origin, target))
    found = installed(pins)
    locked = found.locked if pins else None
    return Declared((*found.requirements, *wanted), locked, (*found.skipped, *skipped), tuple(unknown))


def is_lock(text: str) -> bool:
    """Whether a text is a list of installed packages: each of its first lines has a version."""
    first = [line for line, _ in zip(_lines(text, ""), range(20), strict=False) if not _is_no_package(line.text)]
    return bool(first) and all(_pin(line, Target()) for line in first)


def _lines(text: str, path: str) -> Iterator[Line]:
    """Without comments. A line that old yum broke behind the name is put together again."""
    begun: Line | None = None
    for number, raw in enumerate(text.split("\n"), 1):
        content = raw.partition("#")[0].rstrip()
        if begun and content[:1].isspace():
            yield Line(f"{begun.text} {content.strip()}"[:LINE_LIMIT], begun.origin)
            begun = None
            continue
        if begun:
            yield begun
            begun = None
        content = content.strip()
        if not content:
            continue
        line = Line(content[:LINE_LIMIT], Origin(path, number, without_credentials(content[:LINE_LIMIT])[:200]))
        if _BROKEN.fullmatch(content):
            begun = line
        else:
            yield line
    if begun:
        yield begun


def _pin(line: Line, target: Target) -> Locked | None:
    found = _COLUMNS.fullmatch(line.text) or _NEVRA.fullmatch(line.text.split(maxsplit=1)[0])
    if not found:
        return None
    parts = found.groupdict()
    epoch = next((e for e in (parts.get("epoch"), parts.get("before")) if e and e.isdigit()), "")
    version = f"{epoch}:{parts['evr']}" if epoch else parts["evr"]
    return target.locked(parts["name"], version, line.origin, parts["arch"] or "")


def _is_no_package(text: str) -> bool:
    return _HEADING.fullmatch(text) is not None or text.startswith(f"{KEY}-")
