"""What the Conflicts of the page can be filtered by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from analyzer.report import Report
from analyzer.verdict import Code
from reports.html.address import addressed
from reports.html.cards import Group, label

ECOSYSTEMS = {
    "PIP": "pip",
    "DEB": "deb",
    "RPM": "rpm",
    "MVN": "maven",
    "GIT": "git",
    "PY": "Python version",
    "JDK": "JDK",
    "SYS": "system Python",
    "PLAT": "platform",
    "KRN": "kernel",
    "NET": "network",
}
"""By the letters that a Code begins with, what decides of such Conflicts."""


@dataclass(frozen=True, slots=True)
class Owned:
    """A Service in its selection list; ``owner`` is the key of who has it, empty where nobody says."""

    key: str
    text: str
    owner: str


@dataclass(frozen=True, slots=True)
class Filters:
    """Entries of the selection lists: (generated key, letters or code; text). Those that data name, services, packages
    and owners, stand in the page's address by their text, the others by what comes before it."""

    services: tuple[Owned, ...]
    packages: tuple[tuple[str, str], ...]
    ecosystems: tuple[tuple[str, str], ...]
    boundaries: tuple[tuple[str, str], ...]
    codes: tuple[tuple[str, str], ...]
    owners: tuple[tuple[str, str], ...]


def filters(report: Report, keys: Mapping[str, str], groups: Iterable[Group]) -> Filters:
    """What a Report's Conflicts differ in; a list of fewer than two entries selects nothing."""
    codes = dict(sorted((c.code.value, f"{c.code.value} {label(c)}") for c in report.conflicts))
    packages = sorted((addressed(group.package), group.key) for group in groups)
    owners = sorted({service.owner for service in report.fleet.services if service.owner})
    named = {owner: f"owner-{number}" for number, owner in enumerate(owners, 1)}
    used = {conflict.boundary for conflict in report.conflicts}
    return Filters(
        services=tuple(Owned(keys[s.name], addressed(s.name), named.get(s.owner, "")) for s in report.fleet.services),
        packages=tuple((key, text) for text, key in packages),
        ecosystems=tuple(dict.fromkeys((letters(c.code), ECOSYSTEMS[letters(c.code)]) for c in report.conflicts)),
        boundaries=tuple((b.value, b.value) for b in sorted(used, key=lambda boundary: boundary.strength)),
        codes=tuple(codes.items()),
        owners=tuple((key, addressed(owner)) for owner, key in named.items()),
    )


def letters(code: Code) -> str:
    """What a Code begins with, before its number."""
    return code.value.rstrip("0123456789")
