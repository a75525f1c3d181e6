"""Conflicts in a line each: written into the page, or as data that the script draws on demand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from analyzer.verdict import Conflict, Depth
from reports import prose
from reports.html.data_block import data_block
from reports.html.text import abridged, joined

TEXT = 200
"""Characters of a line that is drawn on demand."""

MOST = 50_000
"""Lines of one kind beyond which they stand in the JSON report only: the page would not open."""


@dataclass(frozen=True, slots=True)
class Line:
    """One Conflict, in a line."""

    anchor: str
    id: str
    keys: str
    text: str


@dataclass(frozen=True, slots=True)
class Lines:
    """Conflicts of one code, ``number`` of them: either ``written``, or ``data`` of all, or of too many
    neither.

    ``keys`` are the generated keys of their services.
    """

    title: str
    number: int
    code: str
    boundary: str
    lock_only: bool
    keys: str
    written: tuple[Line, ...]
    data: tuple[Markup, ...]


def lines(positions: Sequence[int], conflicts: Sequence[Conflict], keys: Mapping[str, str], *, written: bool) -> Lines:
    """The Lines of the Conflicts at ``positions`` of all ``conflicts``, which share a code, a depth and a boundary."""
    first = conflicts[positions[0]]
    services = {name for position in positions for name in conflicts[position].services}
    drawn = not written and len(positions) <= MOST
    return Lines(
        title=f"All {prose.count(len(positions), 'conflict')}",
        number=len(positions),
        code=first.code.value,
        boundary=first.boundary.value,
        lock_only=first.stance is Depth.LOCKED,
        keys=" ".join(sorted(keys[name] for name in services if name in keys)),
        written=tuple(_line(p, conflicts[p], keys) for p in positions) if written else (),
        data=(data_block([_datum(p, conflicts[p], keys) for p in positions]),) if drawn else (),
    )


def anchor(position: int) -> str:
    """The generated id of ``report.conflicts[position]`` on the page: never made from data."""
    return f"conflict-{position + 1}"


def _line(position: int, conflict: Conflict, keys: Mapping[str, str]) -> Line:
    found = " ".join(keys[service] for service in conflict.services if service in keys)
    return Line(anchor(position), conflict.id, found, f"{joined(conflict.services)}: {_against(conflict)}")


def _datum(position: int, conflict: Conflict, keys: Mapping[str, str]) -> tuple[int | str, ...]:
    """Number, id, what stands against what, and the numbers of the Services' keys."""
    services = (int(keys[name].rpartition("-")[2]) for name in conflict.services if name in keys)
    return position + 1, abridged(conflict.id, TEXT), abridged(_against(conflict), TEXT), *services


def _against(conflict: Conflict) -> str:
    about = [d for d in conflict.requirements if d.requirement.package in conflict.packages]
    sides = dict.fromkeys(
        prose.side(d) if about else prose.whole_name(str(d.requirement)) for d in about or conflict.requirements
    )
    return " against ".join(sides)
