"""A Fleet in all its ecosystems at once: Services fit together where they do in each of them.

Each ecosystem is searched for itself, so that a clash in one does not hide a clash in another, which
may take a stronger boundary. What clashes by its operating system, architecture or kernel is asked about in none;
what clashes by its ports is, as whoever moves a port wants to know what else there is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from analyzer.cores import Cores
from analyzer.cover import Cover
from analyzer.direct import Exclusive
from analyzer.examine import Examination, code_of, compatible, conflict_of, examine, system_cores, weakest
from analyzer.inquiry import Inquiry
from analyzer.kernels import kernel_cores
from analyzer.ports import port_cores
from analyzer.search import Core, Fits, Group, Open
from analyzer.service import Fleet, Service
from analyzer.verdict import Compatible, Conflict, Depth, Stance, Undecided, Witness


@dataclass
class JointExamination:
    """A Fleet under one stance: an Examination for each ecosystem, the pairs that are ``apart`` whatever is
    installed, and those that share ``ports``. ``judge`` may find larger cores, which join the results."""

    fleet: Fleet
    stance: Stance
    parts: Sequence[Examination]
    apart: Sequence[Core] = ()
    ports: Sequence[Core] = ()
    _outside: Cores = field(init=False)
    _fits: list[Fits] = field(default_factory=list)
    _met: dict[Group, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._outside = Cores((*self.apart, *self.ports))

    @property
    def cores(self) -> list[Core]:
        """All cores: of each ecosystem those that hold no smaller one of it, and those that no ecosystem has."""
        return [*self.apart, *self.ports, *(core for part in self.parts for core in self._own(part))]

    def judge(
        self, group: Group, *, exactly: bool = True, ecosystems: Collection[str] | None = None
    ) -> Fits | Core | Open:
        """The verdict on a group in all ecosystems, or in some."""
        parts = (p for p in self.parts if ecosystems is None or p.ecosystem in ecosystems)
        found = [p.search.judge(group & p.members, exactly=exactly) for p in parts if group & p.members]
        cores = [*self._outside.inside(group), *(core for core in found if isinstance(core, Core))]
        if cores:
            return min(cores, key=lambda core: (len(core.services), sorted(core.services)))
        reason = next((self.reasons[name] for name in sorted(group) if name in self.reasons), "")
        if reason:
            return Open(group, reason)
        unclear = next((item for item in found if isinstance(item, Open)), None)
        return unclear or Fits(group, _merged(item.witness for item in found if isinstance(item, Fits)))

    def run(self) -> None:
        """Find groups that fit in every ecosystem, so that each pair in no core and not open is in one."""
        self._fits = self._of_one_part() or []
        cover = Cover(tuple(sorted(s.name for s in self.fleet.services if s.name not in self.reasons)))
        for group in (*(core.services for core in self.cores), *(item.services for item in self._open_in_parts())):
            if group <= frozenset(cover.names):
                cover.exclude(group)
        for fits in self._fits:
            cover.settle(fits.services)
        while group := cover.next_group():
            found = self.judge(group, exactly=False)
            if isinstance(found, Fits):
                self._fits.append(found)
                cover.settle(group)
            else:
                cover.exclude(found.services)

    @property
    def reasons(self) -> Mapping[str, str]:
        """Why Services can never be found compatible, for those that cannot."""
        own = {s.name: reason for s in self.fleet.services if (reason := _why_unclear(s))}
        parts = ((p, name) for p in self.parts for name in sorted(p.members))
        return own | {name: reason for part, name in parts if (reason := part.search.reason(name))}

    def compatible(self) -> tuple[Compatible, ...]:
        """The groups that fit."""
        known = Cores(self.cores)
        return tuple(self.graded(fits) for fits in self._fits if not any(known.inside(fits.services)))

    def graded(self, fits: Fits) -> Compatible:
        """A group that fits, with its grade and drift over all ecosystems."""
        return compatible(self.fleet, self.stance, fits, (part.ecosystem for part in self.parts))

    def open(self) -> tuple[Open, ...]:
        """Services and pairs of which nothing is known, in no core."""
        found = {item.services: item.reason for item in self._open_in_parts()}
        names = [s.name for s in self.fleet.services]
        for name, reason in sorted(self.reasons.items()):
            found.setdefault(frozenset((name,)), reason)
            for other in names:
                found.setdefault(frozenset((name, other)), reason)
        cores = Cores(self.cores)
        ordered = sorted(found.items(), key=lambda item: sorted(item[0]))
        return tuple(Open(group, why) for group, why in ordered if not any(cores.inside(group)))

    def undecided(self, item: Open) -> Undecided:
        """An open group as a verdict."""
        return Undecided(tuple(sorted(item.services)), self.stance, item.reason)

    def _open_in_parts(self) -> Iterator[Open]:
        for part in self.parts:
            yield from part.search.findings().open

    def _own(self, part: Examination) -> Iterator[Core]:
        apart = {core.services for core in self.apart}
        return (core for core in part.search.findings().cores if core.services not in apart)

    def _of_one_part(self) -> list[Fits] | None:
        """What fits in the only ecosystem that all services take part in, if it is the only one."""
        everyone = frozenset(s.name for s in self.fleet.services)
        if len(self.parts) != 1 or self.parts[0].members != everyone:
            return None
        fits = self.parts[0].search.findings().fits
        return [found for found in fits if not any(self._outside.inside(found.services))]


def examine_jointly(
    fleet: Fleet, inquiries: Iterable[Inquiry], exclusive: Exclusive, size: int = 2
) -> Mapping[Stance, JointExamination]:
    """Settle every pair in every ecosystem, under both stances; see ``examine`` for ``size``."""
    apart = (*system_cores(fleet, exclusive), *kernel_cores(fleet.services))
    examined = [examine(fleet, inquiry, exclusive, apart, size)[0] for inquiry in inquiries]
    ports = port_cores(fleet.services)
    parts = {stance: [found[stance] for found in examined] for stance in Stance}
    joint = {stance: JointExamination(fleet, stance, parts[stance], apart, ports) for stance in Stance}
    for examination in joint.values():
        examination.run()
    return joint


def conflicts(joint: Mapping[Stance, JointExamination], exclusive: Exclusive) -> tuple[Conflict, ...]:
    """All Conflicts: those of what is declared, and of locks those that no declared one explains. One that
    a smaller one makes needless is left out."""
    declared, locked = joint[Stance.RELOCKED], joint[Stance.LOCKED]
    found = [
        conflict_of(core, code_of(core, Depth.DECLARED, exclusive), Depth.DECLARED, declared.fleet)
        for core in (*declared.apart, *declared.ports)
    ]
    for of_declared, of_locked in zip(declared.parts, locked.parts, strict=True):
        cores = list(declared._own(of_declared))
        known = Cores(cores)
        found += map(of_declared.conflict, cores)
        found += [of_locked.conflict(core) for core in locked._own(of_locked) if not any(known.inside(core.services))]
    return tuple(sorted(_needed(found), key=lambda c: (len(c.services), c.services, c.id)))


def _needed(found: Sequence[Conflict]) -> Iterator[Conflict]:
    """The Conflicts that no smaller one makes needless."""
    by_size: dict[int, list[Conflict]] = defaultdict(list)
    for conflict in found:
        by_size[len(conflict.services)].append(conflict)
    for conflict in found:
        smaller = (other for size in by_size if size < len(conflict.services) for other in by_size[size])
        if not any(_makes_needless(other, conflict) for other in smaller):
            yield conflict


def _makes_needless(smaller: Conflict, larger: Conflict) -> bool:
    """Whether a Conflict among some of another's Services already keeps them as far apart."""
    if smaller.stance is Depth.LOCKED and larger.stance is Depth.DECLARED:
        return False
    if not frozenset(smaller.services) < frozenset(larger.services):
        return False
    return len(smaller.services) == 1 or weakest(smaller.code).strength >= weakest(larger.code).strength


def _merged(witnesses: Iterable[Witness]) -> Witness:
    known = tuple(witnesses)
    versions = {candidate for witness in known for candidate in witness.versions}
    return Witness(tuple(sorted(versions)), next((w.python for w in known if w.python), ""))


def _why_unclear(service: Service) -> str:
    """Why more may be wanted of a Service than is known, in whatever ecosystem."""
    incomplete = (skipped for skipped in service.skipped if skipped.incomplete)
    return next((f"{skipped.what} of {service.name}: {skipped.reason}" for skipped in incomplete), "")
