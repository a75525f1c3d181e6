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
    python = (f"Python {platform.python}",) if platform.python and _runs_python(service) else ()
    return Row(
        key=key,
        name=service.name,
        path=service.path,
        platform=" · ".join((*python, platform.os, platform.arch)),
        sets=tuple(_set(item) for item in service.sets),
        traits=tuple(_traits(service)),
        evidence=service.evidence,
    )


_PYTHON = ("pip", "pypi")


def _runs_python(service: Service) -> bool:
    return bool(service.interpreter) or any(item.ecosystem in _PYTHON for item in service.sets)


def _set(item: DependencySet) -> str:
    pinned = sum(requirement.constraint.startswith("=") for requirement in item.requirements)
    facts = [f"{len(item.requirements)} required{f' ({pinned} pinned)' if pinned else ''}"]
    facts += ["no lock"] if item.locked is None and item.ecosystem in _PYTHON else []
    held = "locked" if item.ecosystem in _PYTHON or item.bundled else "installed"
    facts += [f"{len(item.locked)} {held}"] if item.locked else []
    facts += ["private to the service"] if item.bundled else []
    return f"{item.ecosystem}: {', '.join(facts)}"


def _traits(service: Service) -> list[str]:
    traits = {
        "requires Python": ", ".join(dict.fromkeys(r.constraint for r in service.interpreter)),
        "owner": service.owner,
        "trust zone": service.trust,
        "memory": f"{service.memory / 2**20:.0f} MiB" if service.memory is not None else "",
        "cpu": f"{service.cpu:g}" if service.cpu is not None else "",
        "ports": ", ".join(map(str, service.ports)),
    }
    return [f"{name} {value}" for name, value in traits.items() if value]
