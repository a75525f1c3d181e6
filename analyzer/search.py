"""Finds who cannot live together without asking about every pair.

Subsets of a compatible set are compatible, so large sets are asked about first: a compatible answer
settles all pairs inside, a conflict is shrunk to a minimal core (QuickXplain) and avoided from then
on. For k conflicts this takes about 4k + log n questions instead of n²/2.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from analyzer.cover import Cover
from analyzer.demands import as_limits, is_surrounding, overrides
from analyzer.explanation import Explanation
from analyzer.inquiry import Inquiry
from analyzer.interpreters import Interpreters
from analyzer.oracle import Answer, Refuted, Satisfied, Surveyor, Unknown
from analyzer.package import PYTHON, Candidate, Package
from analyzer.quickxplain import minimal_core
from analyzer.requirement import Requirement
from analyzer.verdict import Demand, Witness

Group = frozenset[str]

_MANY = 6
"""Services in a group whose parts are too many to look each of them up."""


@dataclass(frozen=True, slots=True)
class Core:
    """Demands that clash while fewer of them do not, whose they are, and the proof."""

    services: Group
    demands: tuple[Demand, ...]
    proof: Explanation
    packages: tuple[Package, ...]


@dataclass(frozen=True, slots=True)
class Fits:
    """A group that fits into one Environment."""

    services: Group
    witness: Witness


@dataclass(frozen=True, slots=True)
class Open:
    """A group of which nothing is known."""

    services: Group
    reason: str


@dataclass(frozen=True, slots=True)
class Subject:
    """What the search is about, under one stance.

    ``demands`` by service; ``opaque`` gives the reason for services of which more may be wanted
    than is known, so that they are never found compatible; ``certify`` finds a Witness without a
    question (equal locks), or None; ``prefer`` gives versions that a group would like to keep.
    ``vouched`` are Demands of locks: what a lock fixes was installable together with the rest of it,
    even where nobody can look at it now (it has no wheel, or lies in a private index). ``brought`` has by
    service the Python version of its image, as a constraint.
    """

    demands: Mapping[str, tuple[Demand, ...]]
    opaque: Mapping[str, str] = field(default_factory=dict)
    certify: Callable[[Group], Witness | None] = lambda _: None
    prefer: Callable[[Group], Mapping[Package, str]] = lambda _: {}
    vouched: frozenset[Demand] = frozenset()
    brought: Mapping[str, Requirement] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Findings:
    """Minimal cores, groups that fit, and open pairs or single services."""

    cores: tuple[Core, ...]
    fits: tuple[Fits, ...]
    open: tuple[Open, ...]


@dataclass
class Search:
    """One search under one stance: what is asked, what was found so far.

    ``known`` are cores established before (direct clashes). After ``run``, ``judge`` answers about
    any group by the same means; a core that it meets joins the findings. ``size`` is that of the
    largest conflicts of which all are wanted, from an oracle that can survey them.
    """

    subject: Subject
    inquiry: Inquiry
    known: tuple[Core, ...] = ()
    size: int = 2
    _cores: dict[Group, Core] = field(default_factory=dict)
    _fits: list[Fits] = field(default_factory=list)
    _open: dict[Group, str] = field(default_factory=dict)
    _opaque: dict[Demand, str] = field(default_factory=dict)
    _trusted: set[Demand] = field(default_factory=set)
    _interpreters: Interpreters = field(init=False)

    def __post_init__(self) -> None:
        constraints = [d for ds in self.subject.demands.values() for d in ds if d.requirement.package == PYTHON]
        self._interpreters = Interpreters(self.inquiry, constraints, self.subject.brought)
        for core in self.known:
            self._cores.setdefault(core.services, core)

    def adopt(self, cores: Iterable[Core]) -> None:
        """Take over cores found under another stance, as far as their services clash under this one: not
        so where a lock does not lie inside what is declared (stale, or of releases withdrawn since)."""
        for core in cores:
            if core.services in self._cores or self._interpreters.clashes(self._demands(core.services)):
                self._cores[core.services] = core

    def run(self) -> Findings:
        """Settle every service alone and every pair."""
        cover = Cover(tuple(sorted(self.subject.demands)))
        for core in self.known:
            # Between two services that are fine alone a direct clash is minimal; within one, either
            # side may be more than the index can meet.
            if len(core.services) == 1 and self._cores[core.services] is core:
                self._cores[core.services] = self._minimal(core.demands, core)
        self._survey()
        for services in self._cores:
            cover.exclude(services)
        while group := cover.next_group():
            self._settle(group, cover)
        return self.findings()

    def _survey(self) -> None:
        oracle = self.inquiry.oracle
        groups = oracle.clashes(self.subject.demands, self.size) if isinstance(oracle, Surveyor) else ()
        for group in groups:
            if group not in self._cores and not self._holds_smaller(group):
                self._probe(group, exactly=False)

    def findings(self) -> Findings:
        """What is known now: no core contains a smaller one, no open pair a core."""
        cores = tuple(core for services, core in self._cores.items() if not self._holds_smaller(services))
        reasons = {name: reason for name in sorted(self.subject.demands) if (reason := self.reason(name))}
        fits = {rest: Fits(rest, f.witness) for f in self._fits if (rest := f.services.difference(reasons))}
        return Findings(cores, tuple(fits.values()), self._all_open(reasons))

    def judge(self, group: Group, *, exactly: bool = True) -> Fits | Core | Open:
        """The verdict on one group; ``exactly``, with a Witness for it and no larger one."""
        inside = [core for services, core in self._cores.items() if services <= group]
        if inside:
            return min(inside, key=lambda c: (len(c.services), sorted(c.services)))
        found = self._probe(group, exactly=exactly)
        reason = next((r for name in sorted(group) if (r := self.reason(name))), "")
        return Open(group, reason) if reason and isinstance(found, Fits) else found

    def reason(self, service: str) -> str:
        """Why a service can never be found compatible; empty if it can."""
        alone = self._open.get(frozenset((service,)), "")
        named = next((r for d, r in self._opaque.items() if d.service == service), "")
        return self.subject.opaque.get(service, "") or named or alone

    def _settle(self, group: Group, cover: Cover) -> None:
        found = self._probe(group, exactly=False)
        if isinstance(found, Fits):
            self._fits.append(found)
            cover.settle(group)
        elif isinstance(found, Core):
            cover.exclude(found.services)
        else:
            for unclear in self._unclear(group):
                if len(unclear) <= 2:
                    self._open[unclear] = self._why_open(unclear) or found.reason
                cover.exclude(unclear)

    def _unclear(self, group: Group) -> Iterable[Group]:
        """Parts of an open group that are open themselves, the smallest that can be had."""
        alone = map(frozenset, zip(sorted(group))) if self.inquiry.is_down else ()
        open_alone = [service for service in alone if self._why_open(service) is not None]
        names = tuple(sorted(group))
        return open_alone or [frozenset(minimal_core(names, lambda part: self._why_open(part) is not None))]

    def _why_open(self, names: Iterable[str]) -> str | None:
        found = self._probe(frozenset(names), exactly=False)
        return found.reason if isinstance(found, Open) else None

    def _probe(self, group: Group, *, exactly: bool) -> Fits | Core | Open:
        certified = self.subject.certify(group)
        if certified is not None:
            return Fits(group, certified)
        answer = self._ask(group, exactly)
        if isinstance(answer, Satisfied):
            return Fits(group, self._with_trusted(group, answer.witness))
        if isinstance(answer, Unknown):
            return Open(group, answer.reason)
        core = self._shrink(self._demands(group), answer)
        return self._cores.setdefault(core.services, core)

    def _ask(self, group: Group, exactly: bool) -> Answer:
        prefer = self.subject.prefer(group)
        answer = self._interpreters.ask(self._demands(group), prefer, exactly=exactly)
        while isinstance(answer, Unknown) and (unknowable := self._unknowable(group, answer)):
            # Without the Demands that nothing is known of, the rest may still be contradictory.
            self._trusted |= unknowable.keys() & self.subject.vouched
            self._opaque |= {d: reason for d, reason in unknowable.items() if d not in self._trusted}
            answer = self._interpreters.ask(self._demands(group), prefer, exactly=exactly)
        return self._suiting_all(group, answer) if isinstance(answer, Satisfied) else answer

    def _suiting_all(self, group: Group, answer: Satisfied) -> Answer:
        """The answer, if it suits the services as well that do not have the others' overrides: those
        change what everybody gets, and their owners know only their own service."""
        parts: dict[frozenset[Requirement], list[str]] = defaultdict(list)
        for name in sorted(group):
            parts[overrides(self.subject.demands[name])].append(name)
        kept = as_limits(answer.witness) if len(parts) > 1 else ()
        for own, names in parts.items() if kept else ():
            if not isinstance(self._interpreters.ask((*self._demands(frozenset(names)), *kept)), Satisfied):
                foreign = ", ".join(sorted({str(r) for others in parts for r in others - own}))
                return Unknown(f"the overrides of others ({foreign}) change what {' and '.join(names)} would get")
        return answer

    def _unknowable(self, group: Group, answer: Unknown) -> Mapping[Demand, str]:
        """Of a group's Demands that an Unknown names, those of which nothing is known even alone: others
        on the same package may well be met."""
        named = sorted(answer.named.intersection(self._demands(group)))
        alone = {d: self._interpreters.ask(self._at_home([d])) for d in named}
        return {demand: answer.reason for demand, answer in alone.items() if isinstance(answer, Unknown)}

    def _demands(self, group: Group) -> tuple[Demand, ...]:
        demands = (d for name in sorted(group) for d in self.subject.demands[name])
        return tuple(d for d in demands if d not in self._opaque and d not in self._trusted)

    def _with_trusted(self, group: Group, witness: Witness) -> Witness:
        """A Witness with what the locks of a group fix and nobody could look at."""
        pins = (d.requirement for d in self._trusted if d.service in group)
        added = {Candidate(r.package, r.constraint.removeprefix("==")) for r in pins}
        return Witness(tuple(sorted({*witness.versions, *added})), witness.python) if added else witness

    def _shrink(self, demands: Sequence[Demand], refuted: Refuted) -> Core:
        inside = frozenset(demands)
        suspects = tuple(d for d in sorted(refuted.named) if d in inside)
        if not suspects or len(suspects) == len(inside) or not self._clashes(suspects):
            suspects = tuple(demands)
        return self._minimal(suspects, refuted)

    def _minimal(self, suspects: Sequence[Demand], otherwise: Refuted | Core) -> Core:
        core = self._with_setting(minimal_core(suspects, self._clashes))
        if isinstance(otherwise, Core) and len(core) == len(suspects):
            return otherwise
        answer = self._interpreters.ask(core)
        shown = answer if isinstance(answer, Refuted) else otherwise
        return Core(frozenset(d.service for d in core), core, shown.proof, shown.packages)

    def _clashes(self, demands: Sequence[Demand]) -> bool:
        return self._interpreters.clashes(self._at_home(demands))

    def _at_home(self, demands: Sequence[Demand]) -> tuple[Demand, ...]:
        """Demands with the surroundings of the services whose dependencies they are, so that a part of a
        question is judged on a platform that these services accept, and under their overrides."""
        services = sorted({d.service for d in demands if not is_surrounding(d)})
        around = (d for name in services for d in self.subject.demands[name] if is_surrounding(d))
        return tuple(dict.fromkeys((*demands, *around)))

    def _with_setting(self, core: Sequence[Demand]) -> tuple[Demand, ...]:
        """A core with those surroundings without which it would be judged in others, and fine."""
        kept = list(self._at_home(core))
        for demand in [d for d in kept if d not in core]:
            rest = [d for d in kept if d != demand]
            if self._interpreters.clashes(rest):
                kept = rest
        return tuple(sorted(kept))

    def _all_open(self, reasons: Mapping[str, str]) -> tuple[Open, ...]:
        names = sorted(self.subject.demands)
        found = dict(self._open)
        for name, reason in reasons.items():
            found.setdefault(frozenset((name,)), reason)
            for other in names:
                found.setdefault(frozenset((name, other)), reason)
        return tuple(
            Open(group, reason)
            for group, reason in sorted(found.items(), key=lambda item: sorted(item[0]))
            if group not in self._cores and not self._holds_smaller(group)
        )

    def _holds_smaller(self, group: Group) -> bool:
        """Whether a core lies inside a group without being all of it."""
        if len(group) > _MANY:
            return any(core < group for core in self._cores)
        parts = (frozenset(part) for size in range(1, len(group)) for part in combinations(group, size))
        return any(part in self._cores for part in parts)
