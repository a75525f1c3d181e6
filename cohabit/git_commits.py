"""After gathering: what branches and tags of git repositories stand for, asked of mirrors and, where that is
permitted, of servers. Each is asked for once, whatever number of services has it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

from analyzer.package import Package
from analyzer.requirement import Requirement
from analyzer.service import Fleet, Service, Skipped
from cohabit.settings import Settings
from resolvers.git.ls_remote import Servers
from resolvers.git.mirrors import Mirrors
from resolvers.git.reference import is_open, with_commit
from resolvers.git.remotes import Remotes, UnansweredError

REPOSITORIES_LIMIT = 500
"""Repositories of one fleet that are asked about."""
_AT_ONCE = 8

_Answer = Mapping[str, str] | str
"""Commits by the names of branches and tags, or why there are none."""


def with_commits(fleet: Fleet, settings: Settings) -> Fleet:
    """The fleet with what mirrors and servers tell, as far as settings permit to ask them."""
    asked: list[Remotes] = [Mirrors(settings.git_mirrors)] if settings.git_mirrors else []
    if settings.allow_network and not settings.offline:
        asked.append(Servers())
    for remotes in asked:
        fleet = told_by(fleet, remotes, telling=isinstance(remotes, Servers))
    return fleet


def told_by(fleet: Fleet, remotes: Remotes, *, telling: bool = True) -> Fleet:
    """The fleet with the commits that ``remotes`` know; with ``telling``, what they do not answer is noted."""
    first: dict[Package, Requirement] = {}
    names: dict[Package, set[str]] = {}
    for requirement, name in _open(fleet.services):
        first.setdefault(requirement.package, requirement)
        names.setdefault(requirement.package, set()).add(name)
    chosen = dict(sorted(names.items())[:REPOSITORIES_LIMIT])
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        answers = dict(zip(chosen, threads.map(partial(_asked, remotes), chosen.items()), strict=True))
    skipped = [
        Skipped(f"commits of {package}", answer, first[package].origin, incomplete=False)
        for package, answer in answers.items()
        if telling and isinstance(answer, str)
    ]
    known = {package: answer for package, answer in answers.items() if not isinstance(answer, str)}
    services = tuple(_told(service, known) for service in fleet.services)
    return replace(fleet, services=services, skipped=(*fleet.skipped, *skipped))


def _open(services: Sequence[Service]) -> Iterator[tuple[Requirement, str]]:
    for requirement in (r for service in services for s in service.sets for r in s.requirements):
        if name := is_open(requirement):
            yield requirement, name


def _asked(remotes: Remotes, question: tuple[Package, Collection[str]]) -> _Answer:
    try:
        return remotes.commits(*question)
    except UnansweredError as error:
        return str(error)


def _told(service: Service, known: Mapping[Package, Mapping[str, str]]) -> Service:
    def told(requirement: Requirement) -> Requirement:
        name = is_open(requirement)
        commit = known.get(requirement.package, {}).get(name, "") if name else ""
        return with_commit(requirement, commit) if commit else requirement

    sets = tuple(replace(s, requirements=tuple(dict.fromkeys(map(told, s.requirements)))) for s in service.sets)
    return replace(service, sets=sets)
