"""The appendix: what was taken for a service, and what each brings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from analyzer.report import Report
from analyzer.service import DependencySet, Service


@dataclass(frozen=True, slots=True)
class Row:
    """One Service."""

    key: str
    name: str
    path: str
    platform: str
    sets: tuple[str, ...]
    traits: tuple[str, ...]
    evidence: tuple[str, ...]


def inventory(report: Report, keys: Mapping[str, str]) -> tuple[Row, ...]:
    """All Services, by name."""
    return tuple(_row(service, keys[service.name]) for service in report.fleet.services)


def _row(service: Service, key: str) -> Row:
    platform = service.platform
    python = (f"Python {platform.python}",) if platform.python else ()
    return Row(
        key=key,
        name=service.name,
        path=service.path,
        platform=" · ".join((*python, platform.os, platform.arch)),
        sets=tuple(_set(item) for item in service.sets),
        traits=tuple(_traits(service)),
        evidence=service.evidence,
    )


def _set(item: DependencySet) -> str:
    lock = "no lock" if item.locked is None else f"{len(item.locked)} locked"
    bundled = ", bundled" if item.bundled else ""
    return f"{item.ecosystem}: {len(item.requirements)} required, {lock}{bundled}"


def _traits(service: Service) -> list[str]:
    traits = {
        "requires Python": ", ".join(r.constraint for r in service.interpreter),
        "owner": service.owner,
        "trust zone": service.trust,
        "memory": f"{service.memory / 2**20:.0f} MiB" if service.memory is not None else "",
        "cpu": f"{service.cpu:g}" if service.cpu is not None else "",
        "ports": ", ".join(map(str, service.ports)),
    }
    return [f"{name} {value}" for name, value in traits.items() if value]
