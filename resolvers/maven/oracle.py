"""The oracle of Maven modules: does one class path, as Gradle resolves it, suit all who were built with it?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations, product

from analyzer.demands import MAVEN, leads_to_its_lock
from analyzer.direct import leaf
from analyzer.errors import CohabitError
from analyzer.explanation import Explanation, Fact
from analyzer.oracle import Answer, Refuted, Satisfied, Unknown
from analyzer.package import Candidate, Package
from analyzer.requirement import Force, Requirement
from analyzer.service import DependencySet, Fleet, Service
from analyzer.verdict import Demand, Witness
from resolvers.maven.argument import argument, line_of
from resolvers.maven.class_path import ClassPath, class_path
from resolvers.maven.direct import ECOSYSTEM
from resolvers.maven.gradle_order import key
from resolvers.maven.joint_versions import Clash, JointVersions, Present, Step, rich
from resolvers.maven.module import Module, ModuleDependency, Modules
from resolvers.maven.replay import replay
from resolvers.maven.resolution import resolve
from resolvers.maven.version_scheme import VersionScheme, scheme_for
from resolvers.unasked import Unasked

_Closed = Mapping[Candidate, tuple[Step, ...]]


@dataclass
class MavenOracle(Unasked):
    """Compares the class paths that services were built with: their locks, and what Gradle makes of the others
    alone, for which ``modules`` is needed (docs/decisions/0012-gradle-evictions.md). ``places`` are where
    they come from, for people; ``schemes`` say by module which versions break what."""

    modules: Modules | None = None
    schemes: Mapping[str, str] = field(default_factory=dict)
    places: Sequence[str] = ()
    ecosystem: str = field(default=ECOSYSTEM, init=False)
    title: str = field(default=ECOSYSTEM, init=False)
    _paths: dict[str, list[ClassPath]] = field(default_factory=dict, init=False, repr=False)
    _looked_up: dict[Candidate, Module | None] = field(default_factory=dict, init=False, repr=False)
    _closures: dict[tuple[Package, str], _Closed] = field(default_factory=dict, init=False, repr=False)

    def completed(self, fleet: Fleet) -> Fleet:
        """The fleet with what each set without a lock, or with versions that move, resolves to alone."""
        if self.modules is None:
            return fleet
        services = tuple(self._completed(service) for service in fleet.services)
        there = {r.package for s in services for r in _fixed(s)}
        return replace(fleet, services=tuple(_cut_down(service, there) for service in services))

    def _completed(self, service: Service) -> Service:
        sets = tuple(self._resolved(service, group) if _needs(group) else group for group in service.sets)
        return replace(service, sets=sets)

    def _resolved(self, service: Service, group: DependencySet) -> DependencySet:
        if self.modules is None:
            return group
        self.runs += 1
        found = class_path(service.name, group.requirements, self.modules)
        derived = tuple(dict.fromkeys(found.derived()))
        if reason := found.unknown or self._untold(service, found, derived):
            return replace(group, unresolved=f"Gradle cannot resolve it: {reason}")
        self._paths.setdefault(service.name, []).append(found)
        return replace(group, resolved=derived)

    def _untold(self, service: Service, found: ClassPath, derived: Iterable[Requirement]) -> str:
        """Why a graph fails, where what is told of it does not show that."""
        demands = [Demand(service.name, requirement) for requirement in (*found.declared, *derived)]
        failures = found.resolution.failures
        return failures[0].reason if failures and next(self._joint(demands).clashes(), None) is None else ""

    def ask(self, demands: Collection[Demand], prefer: Mapping[Package, str]) -> Answer:
        """Refuted where strict versions contradict or a module is moved to what its scheme calls incompatible."""
        joint = self._joint(demands)
        clash = next(joint.clashes(), None)
        if clash is not None:
            proof = Explanation(Fact.CLASH, clash.package.name, causes=tuple(map(leaf, clash.demands)))
            return Refuted(proof, frozenset(clash.demands), (clash.package,))
        chosen = joint.highest()
        doubt = next(filter(None, (_doubt(joint, package, version) for package, version in chosen.items())), "")
        if doubt:
            return Unknown(doubt)
        return Satisfied(Witness(tuple(sorted(Candidate(*item) for item in chosen.items()))))

    def clashes(self, asked: Mapping[str, Collection[Demand]], size: int) -> Iterable[frozenset[str]]:
        """The services, and pairs of them, that clash by what they were built with."""
        joint = self._joint([demand for demands in asked.values() for demand in demands])
        found = {frozenset(d.service for d in clash.demands) for clash in self._all(joint)}
        return sorted((group for group in found if len(group) <= size), key=lambda group: (len(group), sorted(group)))

    def _all(self, joint: JointVersions) -> Iterator[Clash]:
        """Every clash, of each two services whose versions are incompatible one."""
        yield from joint.clashes()
        for package, pins in joint.pins.items():
            scheme = self._scheme(package)
            classes: dict[tuple[object, ...], list[Present]] = defaultdict(list)
            for pin in pins:
                classes[scheme.breaking(pin.version)].append(pin)
            for some, others in combinations(classes.values(), 2):
                for one, other in product(some, others):
                    if one.needed or other.needed:
                        yield Clash(package, (*one.demands, *other.demands), (one.version, other.version))

    def meets(self, demands: Collection[Demand], witness: Witness) -> bool:
        """Whether a class path has for each pin what its scheme calls compatible and nothing lower, nothing that is
        ruled out, and with a repository all that its modules need."""
        versions = {c.package: c.version for c in witness.versions}
        joint = self._joint(demands)
        if next(joint.clashes(), None) is not None:
            return False
        suits = (self._suits(d, versions.get(d.requirement.package, "")) for d in _of_maven(demands))
        emergent = ((p, known.version) for p, present in joint.emergent.items() for known in present)
        return all(suits) and all(p in versions and key(versions[p]) >= key(v) for p, v in emergent)

    def _suits(self, demand: Demand, version: str) -> bool:
        said, force = rich(demand), demand.requirement.force
        if force is Force.OVERRIDES:
            return True
        if not version:
            return not said.pin and (force is not Force.REQUIRES or not said.wanted)
        if said.pin:
            kept = self._scheme(demand.requirement.package).compatible(said.pin, version)
            return kept and key(version) >= key(said.pin)
        return _admits(demand, version)

    def proof(self, demands: Collection[Demand]) -> Explanation | None:
        """Why some Demands clash, from the lines of each service to the module that is at two versions."""
        joint = self._joint(demands)
        clash = next(joint.clashes(), None)
        if clash is None:
            return None
        return argument(clash, self._paths, self._scheme(clash.package))

    def replay(self, demands: Collection[Demand]) -> str:
        """A Gradle build of all services concerned, and the question which version wins."""
        clash = next(self._joint(demands).clashes(), None)
        return replay(clash.package, self._declared(clash), self.places) if clash is not None else ""

    def _declared(self, clash: Clash) -> Mapping[str, Sequence[Requirement]]:
        """By service the lines that the clash stems from, and those that say something of versions everywhere."""
        found: dict[str, dict[Requirement, None]] = {}
        for demand in clash.demands:
            said = found.setdefault(demand.service, {})
            for path in self._paths.get(demand.service, ()):
                said |= dict.fromkeys(r for r in path.declared if r.force is not Force.REQUIRES)
            said[line_of(demand, self._paths)] = None
        return {service: tuple(said) for service, said in sorted(found.items())}

    def _joint(self, demands: Collection[Demand]) -> JointVersions:
        known = tuple(_of_maven(demands))
        if self.modules is None:
            return JointVersions(known, self._scheme)
        return JointVersions(known, self._scheme, self._module, self._closure)

    def _scheme(self, package: Package) -> VersionScheme:
        return scheme_for(package, self.schemes)

    def _module(self, candidate: Candidate) -> Module | None:
        if candidate not in self._looked_up and self.modules is not None:
            try:
                self._looked_up[candidate] = self.modules.module(candidate)
            except CohabitError:
                self._looked_up[candidate] = None
        return self._looked_up.get(candidate)

    def _closure(self, package: Package, version: str) -> _Closed:
        if (package, version) not in self._closures and self.modules is not None:
            found = resolve({"": [ModuleDependency(package, version)]}, {}, self.modules)
            paths = {candidate: tuple(map(found.step, found.path(candidate))) for candidate in found.modules}
            self._closures[package, version] = paths
        return self._closures.get((package, version), {})


def _needs(group: DependencySet) -> bool:
    """Whether only a repository tells which class path a set leads to."""
    wanted = any(r.force is not Force.LIMITS for r in group.requirements)
    own = group.ecosystem == MAVEN and wanted and not group.bundled
    return own and (group.locked is None or not leads_to_its_lock(group))


def _fixed(service: Service) -> Iterator[Requirement]:
    for group in service.sets:
        if group.ecosystem == MAVEN and not group.bundled:
            yield from (locked.as_requirement() for locked in group.locked or ())
            yield from (r for r in group.resolved or () if r.force is Force.REQUIRES)


def _cut_down(service: Service, there: Collection[Package]) -> Service:
    """Without what published modules say of modules that nobody has (a BOM speaks of hundreds)."""
    sets = (
        replace(group, resolved=tuple(r for r in group.resolved if r.package in there)) if group.resolved else group
        for group in service.sets
    )
    return replace(service, sets=tuple(sets))


def _of_maven(demands: Iterable[Demand]) -> Iterator[Demand]:
    return (demand for demand in demands if demand.requirement.package.type == ECOSYSTEM)


def _doubt(joint: JointVersions, package: Package, version: str) -> str:
    """Why a version may not be what Gradle takes in the end; empty if it is."""
    demand = next((d for d in joint.others.get(package, ()) if not _admits(d, version)), None)
    if demand is None:
        return ""
    whose, what = f"{demand.service}'s {demand.requirement}", f"{package.name} {version}"
    return f"only a Maven repository tells what {whose} makes of {what}"


def _admits(demand: Demand, version: str) -> bool:
    """Whether a version is none that a Demand rules out, and no less than it wants."""
    said = rich(demand)
    if any(known.admits(version) for known in said.reject):
        return False
    enough = not any(known.lies_above(version) for known in (*said.require, *said.strictly))
    return enough and not any(known.lies_below(version) for known in said.strictly)
