"""From a folder to a Fleet: discover the services, then gather each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from analyzer.demands import brought_python
from analyzer.origin import Origin
from analyzer.service import Fleet, Service, Skipped
from cohabit.draft import drafts, service_of, wish_of
from cohabit.git_commits import with_commits
from cohabit.layout import check_layout
from cohabit.present import present_layout
from cohabit.settings import Settings
from resolvers.deployment.apart import read_apart
from resolvers.deployment.deployed import Deployment
from resolvers.deployment.reading import Walked
from resolvers.discovery import Discovery, discover
from resolvers.gathering import Job, Readers, gather_all, readers
from resolvers.pip.target import DEFAULT_PYTHON, PYTHONS, admitted, nearest
from resolvers.registry import gatherers
from resolvers.seam import Gatherer, Wish
from resolvers.tree import Tree

Progress = Callable[[str, int, int], None]
"""Hears of a step's name, how much of it is done, and of how much (0 where that is unknown)."""


def gather_fleet(root: Path, settings: Settings, progress: Progress = lambda *_: None) -> Fleet:
    """The Fleet under ``root``, sorted by name.

    Services are those found, those that deployment files tell of and those listed in the configuration, which
    describes the others by their paths or names. Raises ConfigurationError where the configuration names what
    is no service.
    """
    tree, known = Tree(root), gatherers()
    with readers(known, root, settings.jobs) as processes:
        progress("looking for services", 0, 0)
        found, deployment = _found(root, tree, known, settings)
        drafted = drafts(tree, known, found.found, deployment.deployed, settings)
        made = [(draft, service_of(draft, settings)) for draft in drafted]
        wished = [(service, wish_of(draft, service)) for draft, service in made if draft.path is not None]
        read = _read_twice(root, wished, processes, settings, progress)
    services = (*read, *(service for draft, service in made if draft.path is None))
    name = root.resolve().name
    own = "." if any(s.name == name for s in services) else name
    ordered = tuple(sorted((replace(s, name=s.name or own) for s in services), key=lambda s: s.name))
    skipped = (*found.skipped, *deployment.skipped, *_idle_universes(settings, ordered))
    present = settings.present or present_layout([replace(d, name=d.name or own) for d in drafted])
    fleet = with_commits(Fleet(name, ordered, present, settings.boundaries, skipped), settings)
    check_layout(settings, fleet)
    return fleet


def saved_fleet(content: bytes, file: str, settings: Settings) -> Fleet:
    """A Fleet that was gathered elsewhere. Raises ManifestError where ``file`` does not hold one, and
    ConfigurationError where a placement names none of its services."""
    from reports.fleet_json import fleet_from_json

    fleet = with_commits(fleet_from_json(content, file), settings)
    # Its layout was told where it was gathered.
    check_layout(replace(settings, present=(), present_origins=()), fleet)
    return fleet


def _found(root: Path, tree: Tree, known: Sequence[Gatherer], settings: Settings) -> tuple[Discovery, Deployment]:
    """What discovery and deployment files tell, unless only what is listed counts."""
    if settings.only_listed:
        return Discovery((), ()), Deployment()
    listed = [entry.path for entry in settings.services if entry.path is not None]
    found = discover(tree, known, exclude=settings.exclude, listed=listed)
    services = tuple(service.directory for service in found.found)
    return found, read_apart(root, Walked(found.folders, services))


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
    likely = _brought(service) or admitted(service.interpreter) or PYTHONS
    return nearest(likely, preferred) != service.platform.python


def _suiting_most(services: Sequence[Service]) -> str:
    """The Python version that most services admit; of several, the one that most images bring, and of several
    of those the one nearest to the default."""
    votes: Counter[str] = Counter(python for s in services for python in admitted(s.interpreter))
    best = [python for python, count in votes.items() if count == max(votes.values())]
    images = Counter(python for s in services for python in _brought(s))
    most = [python for python in best if images[python] == max(images[each] for each in best)]
    return nearest(most, DEFAULT_PYTHON) or DEFAULT_PYTHON


def _brought(service: Service) -> tuple[str, ...]:
    """The Python version of a service's image; none where it is not known or the service does not admit it."""
    brought = brought_python(service)
    return admitted((*service.interpreter, brought)) if brought else ()
