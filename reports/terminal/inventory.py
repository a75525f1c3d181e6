"""A Fleet before anything is decided: what was taken for a service, and what each brings."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from analyzer.service import DependencySet, Fleet, Platform, Service
from reports.prose import count
from reports.terminal.gaps import omissions
from reports.terminal.pen import Hanging, Pen


def inventory(pen: Pen, fleet: Fleet) -> Iterator[RenderableType]:
    """Each Service with its platform, its dependency sets and why it was taken for one."""
    found = f"  {count(len(fleet.services), 'service')}"
    yield pen.join(pen.write("cohabit", "label"), "  ", pen.write(fleet.name, "heading"), pen.write(found))
    yield Text()
    for service in fleet.services:
        yield from _service(pen, service)
    yield from omissions(pen, fleet, verbose=True)


def _service(pen: Pen, service: Service) -> Iterator[RenderableType]:
    path = f"  {service.path}" if service.path != service.name else ""
    yield pen.join(pen.write(service.name, "service"), pen.write(path, "place"))
    yield Hanging(pen.write("  runs on  "), pen.write(_platform(service.platform)))
    for dependencies in service.sets:
        yield Hanging(pen.write(f"  {dependencies.ecosystem:<7}  "), pen.write(_brings(dependencies)))
    for number, reason in enumerate(service.evidence):
        yield Hanging(pen.write("           " if number else "  because  "), pen.write(reason, "quiet"))
    yield Text()


def _platform(platform: Platform) -> str:
    python = f"Python {platform.python}, " if platform.python else ""
    return f"{python}{platform.os}, {platform.arch}"


def _brings(dependencies: DependencySet) -> str:
    told = [count(len(dependencies.requirements), "requirement")]
    told += ["no lock"] if dependencies.locked is None else [f"{count(len(dependencies.locked), 'version')} locked"]
    told += ["private to the service"] if dependencies.bundled else []
    return ", ".join(told)
