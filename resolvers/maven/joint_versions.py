"""The versions of modules that meet on one class path, and what rules a company out.

Everything here depends only on which demands there are, never on which there are not: so that of a company that
fits every part fits, as the search for conflicts requires, though Gradle itself does not warrant it
(docs/decisions/0012-gradle-evictions.md).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations

from analyzer.package import Candidate, Package
from analyzer.requirement import Force
from analyzer.verdict import Demand
from resolvers.maven.class_path import OVERRULED, WITHOUT
from resolvers.maven.direct import ECOSYSTEM, contradict, forbids
from resolvers.maven.gradle_order import key
from resolvers.maven.module import Module, ModuleDependency
from resolvers.maven.rich_version import RichVersion, rich_version
from resolvers.maven.version_scheme import VersionScheme

Step = tuple[str, str]
"""A module at a version, and the file that says that it is needed."""


@dataclass(frozen=True, slots=True)
class Present:
    """A version that is on the joint class path, or was until a higher one came, and the Demands it is there for.
    ``steps`` lead to it from the first of them."""

    version: str
    demands: tuple[Demand, ...]
    steps: tuple[Step, ...] = ()

    @property
    def needed(self) -> bool:
        """Whether somebody needs it, and not only has no other to offer."""
        return any(demand.requirement.force is not Force.LIMITS for demand in self.demands)


@dataclass(frozen=True, slots=True)
class Clash:
    """Demands that no class path suits, and the module on which. Where one is moved to another version
    that breaks it, ``moved`` has both; ``ruled_out`` has a strict word and the version that it rules out.
    ``cause`` is the higher version where nobody was built with it."""

    package: Package
    demands: tuple[Demand, ...]
    moved: tuple[str, str] | None = None
    ruled_out: tuple[str, str] | None = None
    cause: Present | None = None


Closure = Callable[[Package, str], Mapping[Candidate, tuple[Step, ...]]]
"""The class path that one module at a version leads to by itself, and the steps to each."""


@dataclass
class JointVersions:
    """What some Demands bring together. ``module`` looks a candidate up, ``closure`` resolves one by itself, both
    empty-handed where there is no repository."""

    demands: Collection[Demand]
    scheme: Callable[[Package], VersionScheme]
    module: Callable[[Candidate], Module | None] = lambda _: None
    closure: Closure = lambda *_: {}
    pins: dict[Package, list[Present]] = field(init=False)
    others: dict[Package, list[Demand]] = field(init=False)

    def __post_init__(self) -> None:
        self.pins, self.others = defaultdict(list), defaultdict(list)
        for demand in sorted(self.demands, key=_place):
            if pin := rich(demand).pin:
                self.pins[demand.requirement.package].append(Present(pin, (demand,)))
            elif demand.requirement.force is not Force.OVERRIDES:
                self.others[demand.requirement.package].append(demand)

    @cached_property
    def emergent(self) -> Mapping[Package, Sequence[Present]]:
        """Versions that are on nobody's own class path: constraints of one raise what others have, and what one
        leaves out another gets."""
        found: dict[Package, list[Present]] = defaultdict(list)
        for package, version, causes in (*self._raised(), *self._let_in()):
            first = {Candidate(package, version): ((f"{package.name} {version}", ""),)}
            for candidate, steps in (first | dict(self.closure(package, version))).items():
                found[candidate.package].append(Present(candidate.version, causes, steps))
        return found

    def _raised(self) -> Iterator[tuple[Package, str, tuple[Demand, ...]]]:
        for package, pins in self.pins.items():
            for demand in self.others.get(package, ()):
                for version in rich(demand).wanted:
                    lower = next((pin for pin in pins if key(pin.version) < key(version)), None)
                    if lower is not None:
                        yield package, version, (demand, *lower.demands)

    def _let_in(self) -> Iterator[tuple[Package, str, tuple[Demand, ...]]]:
        for word, causes in self._heard:
            rich = rich_version(word.constraint)
            versions = (*rich.wanted, *(known.least for known in rich.strictly if known.least))
            yield from ((word.package, version, causes) for version in versions)

    @cached_property
    def _heard(self) -> Sequence[tuple[ModuleDependency, tuple[Demand, ...]]]:
        """What one service does not hear below a module, but does in company: another comes to that module too,
        and gets the same version."""
        found = []
        for package, pins in self.pins.items():
            for one in pins:
                unheard = _unheard(one.demands[0])
                for other in self._ways_to(package, one) if unheard else ():
                    found += [(_word(text), (*one.demands, other)) for text in sorted(unheard - _unheard(other))]
        return found

    def _ways_to(self, package: Package, one: Present) -> Iterator[Demand]:
        known = (*(d for pin in self.pins[package] for d in pin.demands), *self.others.get(package, ()))
        for demand in known:
            lowest = rich(demand).pin or next(iter(rich(demand).wanted), "")
            if demand.service != one.demands[0].service and key(lowest) <= key(one.version):
                yield demand

    def clashes(self) -> Iterator[Clash]:
        """What rules the company out, the plainest first."""
        yield from self._contradictions()
        yield from self._evictions()
        yield from self._capabilities()

    def _evictions(self) -> Iterator[Clash]:
        for package, pins in self.pins.items():
            scheme = self.scheme(package)
            ordered = sorted(pins, key=lambda pin: not pin.needed)
            firsts = list({scheme.breaking(pin.version): pin for pin in reversed(ordered)}.values())
            firsts.sort(key=lambda pin: (key(pin.version), pin.version))
            for one, other in combinations(firsts, 2):
                if (one.needed or other.needed) and not scheme.compatible(one.version, other.version):
                    yield Clash(package, (*one.demands, *other.demands), (one.version, other.version))
            for new in self.emergent.get(package, ()):
                for pin in firsts:
                    if key(new.version) > key(pin.version) and not scheme.compatible(pin.version, new.version):
                        named = tuple(dict.fromkeys((*pin.demands, *new.demands)))
                        yield Clash(package, named, (pin.version, new.version), cause=new)

    def _contradictions(self) -> Iterator[Clash]:
        for package, demands in self.others.items():
            for demand in (d for d in demands if rich(d).strictly or rich(d).reject):
                for other in demands:
                    if other != demand and contradict(demand.requirement, other.requirement):
                        ruled_out = demand.requirement.constraint, other.requirement.constraint
                        yield Clash(package, (demand, other), ruled_out=ruled_out)
                yield from self._ruled_out(package, demand.requirement.constraint, (demand,))
        for word, causes in self._heard:
            yield from self._ruled_out(word.package, word.constraint, causes)

    def _ruled_out(self, package: Package, constraint: str, causes: tuple[Demand, ...]) -> Iterator[Clash]:
        for present in self._present(package):
            if forbids(constraint, present.version) and causes[0] not in present.demands:
                named = tuple(dict.fromkeys((*causes, *present.demands)))
                yield Clash(package, named, ruled_out=(constraint, present.version))

    def _present(self, package: Package) -> Sequence[Present]:
        return (*self.pins.get(package, ()), *self.emergent.get(package, ()))

    def _capabilities(self) -> Iterator[Clash]:
        """Two modules that provide the same."""
        providers: dict[Package, dict[Package, Present]] = defaultdict(dict)
        for package, pins in self.pins.items():
            for pin in pins:
                module = self.module(Candidate(package, pin.version))
                for provided in module.capabilities if module else ():
                    providers[provided.package].setdefault(package, pin)
        for shared, by_package in providers.items():
            for pin in self.pins.get(shared, ()):
                by_package.setdefault(shared, pin)
            for (one, left), (_, right) in combinations(sorted(by_package.items()), 2):
                yield Clash(one, (*left.demands, *right.demands))

    def highest(self) -> Mapping[Package, str]:
        """The version of each module that Gradle takes where nothing clashes."""
        return {
            package: max((p.version for p in present), key=lambda version: (key(version), version))
            for package, present in self.present().items()
        }

    def present(self) -> Mapping[Package, Sequence[Present]]:
        """All versions by module."""
        packages = {*self.pins, *self.emergent, *(p for p, ds in self.others.items() if any(map(_brings, ds)))}
        found = {
            package: (*self.pins.get(package, ()), *self.emergent.get(package, ()), *self._declared(package))
            for package in packages
        }
        return {package: present for package, present in found.items() if present}

    def _declared(self, package: Package) -> Iterator[Present]:
        demands = self.others.get(package, ())
        if self.pins.get(package) or not any(map(_brings, demands)):
            return
        yield from (Present(version, (demand,)) for demand in demands for version in rich(demand).wanted)


def _place(demand: Demand) -> tuple[str, str, str, str, str, int]:
    """Sorts Demands faster than their own order does."""
    said = demand.requirement
    package, origin = said.package, said.origin
    return demand.service, package.namespace, package.name, said.constraint, origin.file, origin.line


def rich(demand: Demand) -> RichVersion:
    """What a Demand says of versions."""
    return rich_version(demand.requirement.constraint)


def _brings(demand: Demand) -> bool:
    return demand.requirement.force is Force.REQUIRES


def _unheard(demand: Demand) -> frozenset[str]:
    """What a service does not hear below a module, as extras."""
    return frozenset(text for text in demand.requirement.extras if text.startswith((WITHOUT, OVERRULED)))


def _word(text: str) -> ModuleDependency:
    _, module, constraint = text.split(" ", 2)
    group, _, name = module.partition(":")
    return ModuleDependency(Package(ECOSYSTEM, name, group), constraint)
