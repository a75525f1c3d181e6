"""The use case that joins the rest: a Fleet in, a Report out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from analyzer.examine import Examination, examine
from analyzer.inquiry import Inquiry
from analyzer.pep440 import exclude_each_other
from analyzer.plan import Plan
from analyzer.report import Questions, Report
from analyzer.search import Core, Findings, Fits
from analyzer.service import Fleet
from analyzer.verdict import Compatible, Conflict, Stance, Undecided
from cohabit.fleet import Progress, fleet_python
from cohabit.settings import Settings
from resolvers import registry
from resolvers.seam import Means


def examine_fleet(fleet: Fleet, settings: Settings, progress: Progress = lambda *_: None) -> Report:
    """Decide, plan, and put everything found into one Report.

    Raises UvMissingError where there is no uv to ask.
    """
    oracle = registry.oracle(_means(fleet, settings))
    inquiry = Inquiry(oracle, heard=lambda asked: progress("asking uv", asked, 0))
    examinations, findings = examine(fleet, inquiry, exclude_each_other)
    progress("planning", 0, 0)
    housed = {stance: _house(examinations[stance], findings[stance], settings) for stance in Stance}
    # Planning asks about larger sets, and so may have met larger conflicts.
    final = {stance: examinations[stance].search.findings() for stance in Stance}
    return Report(
        fleet=fleet,
        conflicts=_conflicts(examinations, final),
        compatible=tuple(examinations[s].compatible(fits) for s in Stance for fits in final[s].fits),
        undecided=tuple(u for s in Stance for u in _undecided(examinations[s], final[s], housed[s].undecided)),
        plans={stance: housed[stance].plan for stance in Stance},
        oracle=Questions({"pip": inquiry.asked}, oracle.cached, oracle.runs),
        tools={"cohabit": version("cohabit"), **oracle.tools},
        asked_as_of=oracle.as_of,
    )


def _means(fleet: Fleet, settings: Settings) -> Means:
    return Means(
        settings.index_url,
        settings.find_links,
        settings.exclude_newer,
        settings.offline,
        settings.allow_build,
        fleet_python(fleet, settings),
        settings.timeout,
        _cache_folder() if settings.cache else None,
    )


def _cache_folder() -> Path:
    from platformdirs import user_cache_path

    return user_cache_path("cohabit") / "answers"


def _conflicts(examinations: Mapping[Stance, Examination], findings: Mapping[Stance, Findings]) -> tuple[Conflict, ...]:
    """Declared conflicts, and those of locks that no declared one explains, sorted by id."""
    declared = [examinations[Stance.RELOCKED].conflict(core) for core in findings[Stance.RELOCKED].cores]
    known = [core.services for core in findings[Stance.RELOCKED].cores]
    locked = [
        examinations[Stance.LOCKED].conflict(core)
        for core in findings[Stance.LOCKED].cores
        if not any(services <= core.services for services in known)
    ]
    return tuple(sorted((*declared, *locked), key=lambda c: (len(c.services), c.services, c.id)))


@dataclass(frozen=True, slots=True)
class _Housed:
    """A Plan, and the groups that stayed undecided while it was made."""

    plan: Plan
    undecided: tuple[Undecided, ...]


def _undecided(examination: Examination, findings: Findings, met: Iterable[Undecided]) -> Iterator[Undecided]:
    known = {item.services: examination.undecided(item) for item in findings.open}
    yield from known.values()
    yield from (item for item in met if frozenset(item.services) not in known)


def _house(examination: Examination, findings: Findings, settings: Settings) -> _Housed:
    from analyzer.planner.housing import house
    from analyzer.planner.lazy import plan

    alone = {name for core in findings.cores if len(core.services) == 1 for name in core.services}
    names = [s.name for s in examination.fleet.services if s.name not in alone]
    conflicts = [core.services for core in findings.cores if len(core.services) > 1]
    apart = [] if settings.optimistic else [item.services for item in findings.open if len(item.services) > 1]
    judged: dict[frozenset[str], Undecided] = {}
    result = plan(names, conflicts, apart, _judge(examination, judged), seconds=settings.plan_seconds)
    larger = tuple(judged[group] for group in sorted(result.apart, key=sorted) if group in judged)
    return _Housed(house(examination.stance, result, unplaced=alone), larger)


def _judge(
    examination: Examination, judged: dict[frozenset[str], Undecided]
) -> Callable[[frozenset[str]], Compatible | frozenset[str] | Undecided]:
    def judge(group: frozenset[str]) -> Compatible | frozenset[str] | Undecided:
        found = examination.search.judge(group)
        if isinstance(found, Fits):
            return examination.compatible(found)
        if isinstance(found, Core):
            return found.services
        judged[group] = examination.undecided(found)
        return judged[group]

    return judge
