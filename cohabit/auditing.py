"""The use case that joins the rest: a Fleet in, a Report out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

from analyzer.inquiry import Inquiry
from analyzer.joint_examination import JointExamination, conflicts, examine_jointly
from analyzer.plan import Plan
from analyzer.prices.price import PriceList
from analyzer.report import Questions, Report
from analyzer.service import Fleet, Service
from analyzer.substrate.furnish import furnished
from analyzer.verdict import Stance, Undecided
from cohabit.fleet import Progress, fleet_python
from cohabit.planning import forbidding, housed
from cohabit.ready_made import ready_made, without_ready_made
from cohabit.settings import Settings
from cohabit.shipped_packages import with_shipped
from cohabit.substrates import substrate_rules
from resolvers import registry
from resolvers.seam import AccountableOracle, Completing, Means

REPLAN_SECONDS = 5.0
"""What planning the Fleet again with one requirement changed may take."""


def examine_fleet(fleet: Fleet, settings: Settings, progress: Progress = lambda *_: None) -> Report:
    """Decide, plan, and put everything found into one Report.

    Raises UvMissingError where there is no uv to ask, UnhousableError where no housing obeys the settings.
    """
    return Auditor(settings, oracles_for(fleet, settings), progress).report(fleet)


def oracles_for(fleet: Fleet, settings: Settings) -> tuple[AccountableOracle, ...]:
    """The oracles of the ecosystems that services take part in. Raises UvMissingError."""
    judged = {s.ecosystem for service in fleet.services for s in service.sets if not s.bundled}
    return registry.oracles(_means(fleet, settings), judged)


class Auditor:
    """Examines Fleets that are much alike: what was asked for one is known for the next."""

    def __init__(
        self, settings: Settings, oracles: Sequence[AccountableOracle], progress: Progress = lambda *_: None
    ) -> None:
        self.settings = settings
        self.oracles = oracles
        self.progress = progress
        self.inquiries = [Inquiry(oracle, heard=_telling(oracle, progress)) for oracle in oracles]

    def under(self, settings: Settings) -> Auditor:
        """One that plans by other settings, and knows what this one has asked."""
        other = Auditor(settings, self.oracles, self.progress)
        other.inquiries = self.inquiries
        return other

    def report(self, fleet: Fleet) -> Report:
        """Everything found about a Fleet."""
        return self.planned(fleet, self.examined(fleet))

    def planned(self, fleet: Fleet, joint: Mapping[Stance, JointExamination]) -> Report:
        """The Report of a Fleet that is examined already."""
        self.progress("planning", 0, 0)
        images = ready_made(fleet)
        plans = {stance: housed(joint[stance], self.settings, images) for stance in Stance}
        # Planning asks about larger sets, and so may have met larger conflicts.
        found = conflicts(joint, registry.exclude_each_other)
        priced = self._priced(joint[Stance.RELOCKED], plans[Stance.RELOCKED].plan, images)
        rules = substrate_rules(self.settings)
        asked = {oracle.title: i.asked for oracle, i in zip(self.oracles, self.inquiries, strict=True)}
        return Report(
            fleet=fleet,
            conflicts=found,
            compatible=tuple(group for stance in Stance for group in joint[stance].compatible()),
            undecided=tuple(u for stance in Stance for u in _undecided(joint[stance], plans[stance].undecided)),
            plans={stance: furnished(plans[stance].plan, fleet, rules) for stance in Stance},
            oracle=Questions(asked, sum(o.cached for o in self.oracles), sum(o.runs for o in self.oracles)),
            tools={"cohabit": version("cohabit")} | {n: said for o in self.oracles for n, said in o.tools.items()},
            asked_as_of=next((oracle.as_of for oracle in self.oracles if oracle.as_of), ""),
            price_list=priced,
        )

    def _priced(self, examination: JointExamination, plan: Plan, images: Sequence[Service]) -> PriceList:
        """What would make a Plan cheaper, unless nobody wants to know."""
        if not self.settings.prices:
            return PriceList()
        from analyzer.planner.nest import UnhousableError
        from analyzer.prices.price_list import price_list

        # Each candidate is planned: what takes long for one would take a while for all.
        brief = replace(self.settings, plan_seconds=min(self.settings.plan_seconds, REPLAN_SECONDS))

        def replan(fleet: Fleet) -> Plan | None:
            joint = examine_jointly(fleet, self.inquiries, registry.exclude_each_other, brief.max_conflict_size)
            try:
                return housed(joint[Stance.RELOCKED], brief, images).plan
            except UnhousableError:
                return None

        self.progress("pricing", 0, 0)
        forbids = forbidding(examination.fleet, self.settings)
        return price_list(examination, plan, replan, self.settings.prices, forbids, self.completed)

    def examined(self, fleet: Fleet) -> Mapping[Stance, JointExamination]:
        """Every pair of a Fleet settled, under both stances."""
        seen = with_shipped(self.completed(without_ready_made(fleet)), self.oracles)
        size = self.settings.max_conflict_size
        return examine_jointly(seen, self.inquiries, registry.exclude_each_other, size)

    def completed(self, fleet: Fleet) -> Fleet:
        """The Fleet with what sets lead to, where an oracle has to tell before anything is compared."""
        for oracle in self.oracles:
            fleet = oracle.completed(fleet) if isinstance(oracle, Completing) else fleet
        return fleet


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
        settings.maven_repository,
        settings.maven,
    )


def _cache_folder() -> Path:
    from platformdirs import user_cache_path

    return user_cache_path("cohabit") / "answers"


def _undecided(examination: JointExamination, met: Iterable[Undecided]) -> Iterator[Undecided]:
    known = {item.services: examination.undecided(item) for item in examination.open()}
    yield from known.values()
    yield from (item for item in met if frozenset(item.services) not in known)
