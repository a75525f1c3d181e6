"""Gathers services in parallel, each in a process that can be killed.

A parser that hangs, crashes or eats memory costs its one service: that is reported as skipped with
the reason, and the others are examined.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from analyzer.demands import ARCHITECTURE, OPERATING_SYSTEM
from analyzer.origin import Origin
from analyzer.requirement import Requirement
from analyzer.service import Platform, Service, Skipped
from resolvers.container.reading_once import reading_once
from resolvers.seam import Gathered, Gatherer, Wish
from resolvers.tree import Tree
from resolvers.workers import Limits, Lost, Workers


@dataclass(frozen=True, slots=True)
class Job:
    """One service to gather: what is known of it, and what configuration wishes."""

    root: Path
    service: Service
    wish: Wish


Readers = Workers[Job, Service]
"""Processes that read services."""


def readers(
    gatherers: Sequence[Gatherer],
    root: Path,
    count: int = 0,
    limits: Limits = Limits(),
) -> Readers:
    """Processes that read the services under ``root``: ``count`` at once, 0 for one per core.

    The gatherers are pickled. A context manager: the processes start on entering.
    """
    return Workers(partial(gather_one, tuple(gatherers)), count or os.cpu_count() or 1, limits, shun=(root,))


def gather_all(
    jobs: Sequence[Job], readers: Readers, done: Callable[[Service], None] = lambda _: None
) -> tuple[Service, ...]:
    """The services with their dependency sets, in the order of ``jobs``. ``done`` hears of each."""
    results = readers.map(jobs, lambda number: done(jobs[number].service))
    return tuple(
        _lost(job.service, result) if isinstance(result, Lost) else result
        for job, result in zip(jobs, results, strict=True)
    )


def gather_one(gatherers: Sequence[Gatherer], job: Job) -> Service:
    """Read one service's manifests, of every ecosystem."""
    tree = Tree(job.root)
    with reading_once():
        return with_findings(job.service, [g.gather(tree, job.service.path, job.wish) for g in gatherers])


def with_findings(service: Service, found: Sequence[Gathered]) -> Service:
    """The service with what each ecosystem's gatherer found: its sets, what it begins with, and the Python
    version it was read for. What two of them skip in one file is there once. Ports that are told already, by
    configuration or a deployment's files, stand."""
    python = next((g.python for g in found if g.python), service.platform.python)
    base = tuple(dict.fromkeys(r for g in found for r in g.base))
    return replace(
        service,
        platform=replace(_on_base(service.platform, base), python=python),
        sets=tuple(s for g in found for s in g.sets),
        interpreter=(*service.interpreter, *(r for g in found for r in g.interpreter)),
        skipped=tuple(dict.fromkeys((*service.skipped, *(s for g in found for s in g.skipped)))),
        base=base,
        ports=service.ports or tuple(dict.fromkeys(p for g in found for p in g.ports)),
    )


def _on_base(platform: Platform, base: Sequence[Requirement]) -> Platform:
    """A platform with the system and the architecture that a base fixes, the first of each."""
    system = next((r.constraint for r in base if r.package == OPERATING_SYSTEM), platform.os)
    return replace(
        platform, os=system, arch=next((r.constraint for r in base if r.package == ARCHITECTURE), platform.arch)
    )


def _lost(service: Service, lost: Lost) -> Service:
    skipped = Skipped("service", f"reading it {lost.reason}", Origin(service.path or "."))
    return replace(service, skipped=(*service.skipped, skipped))
