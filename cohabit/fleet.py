"""From a folder to a Fleet: discover the services, then gather each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from analyzer.origin import Origin
from analyzer.package import PYTHON
from analyzer.requirement import Requirement
from analyzer.service import Fleet, Platform, Port, Service, Skipped
from cohabit.layout import check_layout
from cohabit.settings import ServiceSettings, Settings
from resolvers.discovery import Discovery, Found, discover
from resolvers.gathering import Job, Readers, gather_all, readers
from resolvers.pip.target import DEFAULT_PYTHON, PYTHONS, admitted, nearest
from resolvers.registry import gatherers
from resolvers.seam import Gatherer, Wish
from resolvers.tree import Tree

Progress = Callable[[str, int, int], None]
"""Hears of a step's name, how much of it is done, and of how much (0 where that is unknown)."""


def gather_fleet(root: Path, settings: Settings, progress: Progress = lambda *_: None) -> Fleet:
    """The Fleet under ``root``, sorted by name.

    Services are those found and those listed in the configuration; a listed one with the path of a
    found one describes it. Raises ConfigurationError where the configuration names what is no service.
    """
    tree, known = Tree(root), gatherers()
    with readers(known, root, settings.jobs) as processes:
        progress("looking for services", 0, 0)
        found = (
            Discovery((), ())
            if settings.only_listed
            else discover(tree, known, exclude=settings.exclude, listed=[s.path for s in settings.services])
        )
        wished = [(s, _wish(s, entry)) for s, entry in _described(tree, known, found.found, settings)]
        services = _read_twice(root, wished, processes, settings, progress)
    name = root.resolve().name
    own = "." if any(s.name == name for s in services) else name
    ordered = tuple(sorted((replace(s, name=s.name or own) for s in services), key=lambda s: s.name))
    skipped = (*found.skipped, *_idle_universes(settings, ordered))
    fleet = Fleet(name, ordered, settings.present, settings.boundaries, skipped)
    check_layout(settings, fleet)
    return fleet


def _idle_universes(settings: Settings, services: Sequence[Service]) -> Iterator[Skipped]:
    """A release that no service is for may be misspelt."""
    served = {service.platform.os for service in services}
    for release, places in settings.universe:
        if release and places and release not in served:
            reason = "is used for nothing: no service is for this release"
            yield Skipped(f"package metadata of {release}", reason, Origin("[universe]"), incomplete=False)


def fleet_python(fleet: Fleet, settings: Settings) -> str:
    """The Python version to prefer for sets of services that leave a choice."""
    return settings.platform.python or _suiting_most(fleet.services)


def _described(
    tree: Tree, known: Sequence[Gatherer], found: Sequence[Found], settings: Settings
) -> Iterator[tuple[Service, ServiceSettings | None]]:
    listed = {entry.path: entry for entry in settings.services}
    for item in found:
        entry = listed.pop(item.directory, None)
        yield _service(item.directory, item.evidence, entry, settings), entry
    for path, entry in listed.items():
        manifests = tuple(dict.fromkeys(m for gatherer in known for m in gatherer.manifests(tree, path)))
        evidence = (f"listed in {entry.origin}", *Found(path, manifests).evidence)
        service = _service(path, evidence, entry, settings)
        # What nothing is known of must not pass for something that needs nothing.
        unknown = Skipped(path or ".", "holds no manifest that is known", entry.origin)
        yield service if manifests else replace(service, skipped=(unknown,)), entry


def _service(path: str, evidence: tuple[str, ...], entry: ServiceSettings | None, settings: Settings) -> Service:
    if entry is None:
        return Service(path, path, replace(settings.platform, python=""), evidence=evidence)
    default = settings.platform
    platform = Platform(entry.python, entry.os or default.os, entry.arch or default.arch)
    fixed = (Requirement(PYTHON, f"=={entry.python}.*", entry.origin),) if entry.python else ()
    return Service(
        entry.name or path, path, platform, (), fixed, (), evidence,
        entry.owner, entry.trust, entry.memory, entry.cpu, tuple(Port(number, entry.origin) for number in entry.ports),
    )  # fmt: skip


def _read_twice(
    root: Path, wished: Sequence[tuple[Service, Wish]], processes: Readers, settings: Settings, progress: Progress
) -> tuple[Service, ...]:
    """Services read for the Python version that suits most of them, which only reading them tells."""

    def read(jobs: Sequence[Job]) -> tuple[Service, ...]:
        step, count = "reading manifests", iter(range(1, len(jobs) + 1))
        progress(step, 0, len(jobs))
        return gather_all(jobs, processes, lambda _: progress(step, next(count), len(jobs)))

    python = settings.platform.python or DEFAULT_PYTHON
    services = list(read([Job(root, s, replace(wish, preferred=python)) for s, wish in wished]))
    suited = settings.platform.python or _suiting_most(services)
    moving = [n for n, service in enumerate(services) if _moves(service, wished[n][1], suited)]
    again = read([Job(root, s, replace(wish, preferred=suited)) for s, wish in (wished[n] for n in moving)])
    for number, service in zip(moving, again, strict=True):
        services[number] = service
    return tuple(services)


def _moves(service: Service, wish: Wish, preferred: str) -> bool:
    """Whether a service that was read for one Python version would be read for another now."""
    if wish.platform.python or not service.platform.python:
        return False
    return nearest(admitted(service.interpreter) or PYTHONS, preferred) != service.platform.python


def _wish(service: Service, entry: ServiceSettings | None) -> Wish:
    chosen = (entry.extras, entry.groups) if entry is not None else ((), ())
    return Wish(service.platform, "", *chosen)


def _suiting_most(services: Sequence[Service]) -> str:
    """The Python version that most services admit; of several, the one nearest to the default."""
    votes: Counter[str] = Counter(python for s in services for python in admitted(s.interpreter))
    best = [python for python, count in votes.items() if count == max(votes.values())]
    return nearest(best, DEFAULT_PYTHON) or DEFAULT_PYTHON
