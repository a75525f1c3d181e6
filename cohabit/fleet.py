"""From a folder to a Fleet: discover the services, then gather each."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from fnmatch import fnmatch
from pathlib import Path

from analyzer.package import PYTHON
from analyzer.requirement import Requirement
from analyzer.service import Fleet, Platform, Service
from cohabit.settings import ServiceSettings, Settings
from resolvers.discovery import Discovery, Found, discover
from resolvers.gathering import Job, gather_all
from resolvers.pip.target import DEFAULT_PYTHON, admitted, nearest
from resolvers.registry import gatherers
from resolvers.seam import Wish
from resolvers.tree import Tree

Progress = Callable[[str, int, int], None]
"""Hears of a step's name, how much of it is done, and of how much (0 where that is unknown)."""


def gather_fleet(root: Path, settings: Settings, progress: Progress = lambda *_: None) -> Fleet:
    """The Fleet under ``root``, sorted by name.

    Services are those found and those listed in the configuration; a listed one with the path of a
    found one describes it.
    """
    tree = Tree(root)
    progress("looking for services", 0, 0)
    found = Discovery((), ()) if settings.only_listed else discover(tree, gatherers())
    described = list(_described(tree, found.found, settings))
    python = settings.platform.python or DEFAULT_PYTHON
    services = _gather(root, described, python, settings, progress)
    suited = settings.platform.python or _suiting_most(services)
    if suited != python:
        services = _gather(root, described, suited, settings, progress)
    name = root.resolve().name
    ordered = tuple(sorted((replace(s, name=s.name or name) for s in services), key=lambda s: s.name))
    return Fleet(name, ordered, settings.present, settings.boundaries, found.skipped)


def fleet_python(fleet: Fleet, settings: Settings) -> str:
    """The Python version to prefer for sets of services that leave a choice."""
    return settings.platform.python or _suiting_most(fleet.services)


def _described(
    tree: Tree, found: Sequence[Found], settings: Settings
) -> Iterator[tuple[Service, ServiceSettings | None]]:
    listed = {entry.path: entry for entry in settings.services}
    for item in found:
        if not any(fnmatch(item.directory, pattern) for pattern in settings.exclude):
            entry = listed.pop(item.directory, None)
            yield _service(item.directory, item.evidence, entry, settings), entry
    for path, entry in listed.items():
        manifests = tuple(m for gatherer in gatherers() for m in gatherer.manifests(tree, path))
        evidence = (f"listed in {entry.origin}", *Found(path, manifests).evidence)
        yield _service(path, evidence, entry, settings), entry


def _service(path: str, evidence: tuple[str, ...], entry: ServiceSettings | None, settings: Settings) -> Service:
    if entry is None:
        return Service(path, path, replace(settings.platform, python=""), evidence=evidence)
    default = settings.platform
    platform = Platform(entry.python, entry.os or default.os, entry.arch or default.arch)
    fixed = (Requirement(PYTHON, f"=={entry.python}.*", entry.origin),) if entry.python else ()
    return Service(
        entry.name or path, path, platform, (), fixed, (), evidence,
        entry.owner, entry.trust, entry.memory, entry.cpu, entry.ports,
    )  # fmt: skip


def _gather(
    root: Path,
    described: Sequence[tuple[Service, ServiceSettings | None]],
    python: str,
    settings: Settings,
    progress: Progress,
) -> tuple[Service, ...]:
    jobs = [Job(root, service, _wish(service, entry, python)) for service, entry in described]
    step = "reading manifests"
    progress(step, 0, len(jobs))
    count = iter(range(1, len(jobs) + 1))
    return gather_all(jobs, settings.jobs or os.cpu_count() or 1, done=lambda _: progress(step, next(count), len(jobs)))


def _wish(service: Service, entry: ServiceSettings | None, python: str) -> Wish:
    chosen = (entry.extras, entry.groups) if entry is not None else ((), ())
    return Wish(service.platform, python, *chosen)


def _suiting_most(services: Sequence[Service]) -> str:
    """The Python version that most services admit; of several, the one nearest to the default."""
    votes: Counter[str] = Counter(python for s in services for python in admitted(s.interpreter))
    best = [python for python, count in votes.items() if count == max(votes.values())]
    return nearest(best, DEFAULT_PYTHON) or DEFAULT_PYTHON
