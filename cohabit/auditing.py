"""The use case that joins the rest: a Fleet in, a Report out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from analyzer.inquiry import Inquiry
from analyzer.joint_examination import JointExamination, conflicts, examine_jointly
from analyzer.plan import Plan
from analyzer.report import Questions, Report
from analyzer.search import Core, Fits
from analyzer.service import Fleet
from analyzer.verdict import Compatible, Stance, Undecided
from cohabit.fleet import Progress, fleet_python
from cohabit.settings import Settings
from cohabit.system_python import DEB, with_system_python
from resolvers import registry
from resolvers.seam import AccountableOracle, Means


def examine_fleet(fleet: Fleet, settings: Settings, progress: Progress = lambda *_: None) -> Report:
    """Decide, plan, and put everything found into one Report.

    Raises UvMissingError where there is no uv to ask.
    """
    judged = {s.ecosystem for service in fleet.services for s in service.sets if not s.bundled}
    oracles = registry.oracles(_means(fleet, settings), judged)
    inquiries = [Inquiry(oracle, heard=_telling(oracle, progress)) for oracle in oracles]
    deb = next((oracle for oracle in oracles if oracle.ecosystem == DEB), None)
    seen = with_system_python(fleet, deb) if deb is not None else fleet
    joint = examine_jointly(seen, inquiries, registry.exclude_each_other, settings.max_conflict_size)
    progress("planning", 0, 0)
    housed = {stance: _house(joint[stance], settings) for stance in Stance}
    asked = {oracle.title: inquiry.asked for oracle, inquiry in zip(oracles, inquiries, strict=True)}
    return Report(
        fleet=fleet,
        # Planning asks about larger sets, and so may have met larger conflicts.
        conflicts=conflicts(joint, registry.exclude_each_other),
        compatible=tuple(group for stance in Stance for group in joint[stance].compatible()),
        undecided=tuple(u for stance in Stance for u in _undecided(joint[stance], housed[stance].undecided)),
        plans={stance: housed[stance].plan for stance in Stance},
        oracle=Questions(asked, sum(o.cached for o in oracles), sum(o.runs for o in oracles)),
        tools={"cohabit": version("cohabit")} | {name: said for o in oracles for name, said in o.tools.items()},
        asked_as_of=next((oracle.as_of for oracle in oracles if oracle.as_of), ""),
    )


def _telling(oracle: AccountableOracle, progress: Progress) -> Callable[[int], None]:
    return lambda asked: progress(f"asking about {oracle.title}", asked, 0)


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
        settings.universe,
        Path("/") if settings.machine_lists else None,
    )


def _cache_folder() -> Path:
    from platformdirs import user_cache_path

    return user_cache_path("cohabit") / "answers"


@dataclass(frozen=True, slots=True)
class _Housed:
    """A Plan, and the groups that stayed undecided while it was made."""

    plan: Plan
    undecided: tuple[Undecided, ...]


def _undecided(examination: JointExamination, met: Iterable[Undecided]) -> Iterator[Undecided]:
    known = {item.services: examination.undecided(item) for item in examination.open()}
    yield from known.values()
    yield from (item for item in met if frozenset(item.services) not in known)


def _house(examination: JointExamination, settings: Settings) -> _Housed:
    from analyzer.planner.housing import house
    from analyzer.planner.lazy import plan

    cores = [core.services for core in examination.cores]
    alone = {name for core in cores if len(core) == 1 for name in core}
    names = [s.name for s in examination.fleet.services if s.name not in alone]
    larger = [core for core in cores if len(core) > 1]
    apart = [] if settings.optimistic else [item.services for item in examination.open() if len(item.services) > 1]
    judged: dict[frozenset[str], Undecided] = {}
    result = plan(names, larger, apart, _judge(examination, judged), seconds=settings.plan_seconds)
    unclear = tuple(judged[group] for group in sorted(result.apart, key=sorted) if group in judged)
    return _Housed(house(examination.stance, result, unplaced=alone), unclear)


def _judge(
    examination: JointExamination, judged: dict[frozenset[str], Undecided]
) -> Callable[[frozenset[str]], Compatible | frozenset[str] | Undecided]:
    def judge(group: frozenset[str]) -> Compatible | frozenset[str] | Undecided:
        found = examination.judge(group)
        if isinstance(found, Fits):
            return examination.graded(found)
        if isinstance(found, Core):
            return found.services
        judged[group] = examination.undecided(found)
        return judged[group]

    return judge
