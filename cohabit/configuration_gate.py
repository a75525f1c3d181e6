"""The keys of ``cohabit.toml`` that say what ``cohabit check`` lets pass (docs/configuration.md, "The gate")."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name

from analyzer.errors import ManifestError
from analyzer.gate.judgement import Note
from analyzer.gate.policy import ECOSYSTEMS
from analyzer.gate.severity import Severity
from analyzer.gate.waiver import Waiver
from analyzer.verdict import Code
from cohabit import configuration_value as value
from cohabit import quantity
from cohabit.configuration_rule import Rule, Spot, UnfitError, by_name, did_you_mean, kind, many, one, shown, table
from resolvers.tree import Tree, join

NEVER = "never"
GRADED = (*Code, *Note, *ECOSYSTEMS)
"""What a severity can be given."""

_NAMING = ("id", "code", "services", "packages")


def threshold(content: Any) -> Severity:
    """The least severity that fails; ``never`` is OFF. Raises UnfitError."""
    if content == NEVER:
        return Severity.OFF
    if content == Severity.OFF and not isinstance(content, Severity):
        raise UnfitError(f"{shown(content)} is none of error, warning, note, {NEVER}")
    try:
        return value.member_of(Severity)(content)
    except UnfitError as error:
        raise UnfitError(str(error).replace(Severity.OFF, NEVER)) from error


def day(content: Any) -> date:
    """A day, as TOML writes it or as text (``2026-10-31``). Raises UnfitError."""
    if isinstance(content, datetime):
        raise UnfitError("has a time, and is to be a day such as 2026-08-23")
    if not isinstance(content, date | str):
        raise UnfitError(f"is {kind(content)}, not a day such as 2026-08-23")
    if isinstance(content, date):
        return content
    try:
        found = date.fromisoformat(content)
    except ValueError as error:
        raise UnfitError(f"{shown(content)} is no day such as 2026-08-23") from error
    if found.isoformat() != content:
        # ISO 8601 has other forms (2026-W47-1), of which a reader could not tell the day.
        raise UnfitError(f"{shown(content)} is to be written {found.isoformat()}")
    return found


def graded(content: Any) -> str:
    """A code or an ecosystem. Raises UnfitError."""
    named = value.text(content)
    if named not in GRADED:
        raise UnfitError(f"{shown(named)} is neither a code nor an ecosystem{did_you_mean(named, GRADED)}")
    return named


def _package(content: Any) -> str:
    """A package as conflicts name it (``pypi/flask``)."""
    named = value.text(content)
    ecosystem, slash, name = named.partition("/")
    if not slash or not name:
        raise UnfitError(f"{shown(named)} is no package such as pypi/flask or deb/debian/libssl3")
    return f"{ecosystem}/{canonicalize_name(name)}" if ecosystem == "pypi" else named


def baseline_within(root: Path) -> Callable[[Any], str]:
    """A reader of files in the audited folder, as absolute paths; nothing has to be there yet."""

    def read(content: Any) -> str:
        try:
            path = join("", value.text(content))
            Tree(root).locate(path)
        except ManifestError as error:
            raise UnfitError(f"{shown(content)} {error.reason}") from error
        return str((root / path).absolute())

    return read


WAIVER: Mapping[str, Rule] = {
    "reason": one(value.text),
    "owner": one(value.text),
    "expires": one(day),
    "id": one(value.text),
    "code": one(value.member_of(Code)),
    "services": many(one(value.text)),
    "packages": many(one(_package)),
}


def _waiver(spot: Spot) -> Waiver | None:
    required = ("reason", "owner", "expires")
    given = table(WAIVER, required=required)(spot)
    if given is None:
        return None
    if not any(spot.value.get(key) for key in _NAMING):
        spot.complain(f"names no conflict: one of {', '.join(_NAMING)} is needed")
        return None
    # One that is half understood could waive more than it says.
    whole = given.keys() >= {*required, *(spot.value.keys() & WAIVER.keys())}
    return Waiver(origin=spot.origin, **given) if whole else None


def gate_keys(root: Path, base: Path, *, trusted: bool) -> Mapping[str, Rule]:
    """The keys of ``[gate]``. A file in the audited folder may be anybody's, so that the baseline that it names
    must lie there too; one that the user named may name any, relative to ``base``."""
    return {
        "fail-on": one(threshold),
        "max-environments": one(quantity.whole("a whole number", range(1, 1_000_001))),
        "baseline": one(value.local_path(base) if trusted else baseline_within(root)),
    }


read_severities: Rule = by_name(graded, one(value.member_of(Severity)))
"""By code or ecosystem its severity."""

read_waivers: Rule = many(_waiver)
"""What is waived for now."""
