"""The versions with which services live together, and what their locks said before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from rich.console import RenderableType
from rich.text import Text

from analyzer.package import Package
from analyzer.report import Report
from analyzer.service import Service
from analyzer.verdict import Compatible, Stance
from reports.argument import enumeration
from reports.prose import count
from reports.terminal.clashes import heading
from reports.terminal.pen import Hanging, Pen, paragraph

SHOWN = 30
"""Packages that are listed."""
_TITLES = {Stance.LOCKED: "Together as locked", Stance.RELOCKED: "Together after re-locking"}
_Locks = Mapping[Package, Mapping[str, str]]


def agreement(pen: Pen, report: Report, stance: Stance) -> Iterator[RenderableType]:
    """The witness that all services of a Report fit together; nothing where there is none."""
    everyone = {service.name for service in report.fleet.services}
    fitting = (g for g in report.compatible if g.stance is stance and everyone <= set(g.services))
    group = next(fitting, None)
    if group is None or not group.witness.versions:
        return
    python = f" on Python {group.witness.python}" if group.witness.python else ""
    yield from heading(pen, f"{_TITLES[stance]}: {count(len(group.witness.versions), 'version')}{python}")
    rows = sorted(_rows(group, _locks(report.fleet.services)), key=lambda row: (not row[2], row[0]))
    for name, version, before in rows[:SHOWN]:
        moved = pen.write(f"  moved from {before}", "warning") if before else Text()
        yield Hanging(pen.write(f"{name} ", "label"), pen.join(pen.write(version), moved))
    if len(rows) > SHOWN:
        yield paragraph(pen.write(f"and {len(rows) - SHOWN} more (the JSON report lists all).", "quiet"))
    yield Text()


def _locks(services: Sequence[Service]) -> _Locks:
    found: dict[Package, dict[str, str]] = defaultdict(dict)
    for service in services:
        for group in service.sets:
            for pin in () if group.bundled else group.locked or ():
                found[pin.candidate.package][service.name] = pin.candidate.version
    return found


def _rows(group: Compatible, locks: _Locks) -> Iterator[tuple[str, str, str]]:
    for candidate in group.witness.versions:
        others: dict[str, list[str]] = defaultdict(list)
        for service, version in sorted(locks.get(candidate.package, {}).items()):
            if version and version != candidate.version:
                others[version].append(service)
        told = [f"{version} ({enumeration(services)})" for version, services in sorted(others.items())]
        yield candidate.package.name, candidate.version, enumeration(told) if told else ""
