"""The oracle of Maven modules: does one class path, as Gradle resolves it, suit all who were built with it?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from analyzer.direct import leaf
from analyzer.explanation import Explanation, Fact
from analyzer.oracle import Answer, Refuted, Satisfied, Unknown
from analyzer.package import Candidate, Package
from analyzer.requirement import Force
from analyzer.verdict import Demand, Witness
from resolvers.maven.direct import ECOSYSTEM, contradict, evicts
from resolvers.maven.gradle_order import key
from resolvers.maven.rich_version import RichVersion, rich_version

_ByPackage = Mapping[Package, Sequence[Demand]]


@dataclass
class MavenOracle:
    """Resolves locked class paths jointly. Of the versions of a module the highest wins; that is the joint
    resolution, since what a version depends on is on the class path that locks it. Services without a lock
    are opaque to the search (``analyzer.demands.untold``): what is declared only adds to what locks say.
    """

    ecosystem: str = field(default=ECOSYSTEM, init=False)
    title: str = field(default=ECOSYSTEM, init=False)
    cached: int = field(default=0, init=False)
    runs: int = field(default=0, init=False)
    as_of: str = field(default="", init=False)

    @property
    def tools(self) -> Mapping[str, str]:
        """None."""
        return {}

    def setting(self, demands: Collection[Demand]) -> str:
        """A class path is the same on every platform."""
        return ""

    def ask(self, demands: Collection[Demand], prefer: Mapping[Package, str]) -> Answer:
        """Refuted where strict versions contradict or a module is moved to what its scheme calls incompatible."""
        by_package = _by_package(demands)
        for package, wanted in by_package.items():
            if clash := next(_clashes(wanted), None):
                return Refuted(_proof(package, clash), frozenset(clash), (package,))
        chosen = {package: _highest(wanted) for package, wanted in by_package.items()}
        reason = next(filter(None, (_doubt(chosen[package], wanted) for package, wanted in by_package.items())), "")
        if reason:
            return Unknown(reason)
        return Satisfied(Witness(tuple(sorted(Candidate(p, version) for p, version in chosen.items() if version))))

    def meets(self, demands: Collection[Demand], witness: Witness) -> bool:
        """Whether a class path has for each pin what its scheme calls compatible, and nothing lower or ruled out."""
        by_package = _by_package(demands)
        if any(next(_clashes(wanted), None) for wanted in by_package.values()):
            return False
        versions = {c.package: c.version for c in witness.versions}
        return all(_holds(versions.get(package, ""), wanted) for package, wanted in by_package.items())

    def replay(self, demands: Collection[Demand]) -> str:
        """Empty: Gradle shows its choice in a build only, and no build has both services."""
        return ""


def _by_package(demands: Collection[Demand]) -> _ByPackage:
    found: dict[Package, list[Demand]] = defaultdict(list)
    for demand in sorted(d for d in demands if d.requirement.package.type == ECOSYSTEM):
        found[demand.requirement.package].append(demand)
    return found


def _rich(demand: Demand) -> RichVersion:
    return rich_version(demand.requirement.constraint)


def _clashes(wanted: Sequence[Demand]) -> Iterator[tuple[Demand, Demand]]:
    """Pairs of Demands on one module that no class path suits."""
    different = {d.requirement.constraint + d.requirement.force: d for d in reversed(wanted)}.values()
    for one, other in combinations(sorted(different), 2):
        if evicts(one.requirement, other.requirement) or contradict(one.requirement, other.requirement):
            yield one, other


def _proof(package: Package, clash: tuple[Demand, Demand]) -> Explanation:
    return Explanation(Fact.CLASH, package.name, causes=tuple(leaf(demand) for demand in clash))


def _highest(wanted: Sequence[Demand]) -> str:
    """The version that Gradle takes; empty where nobody wants one."""
    versions = [v for d in wanted if d.requirement.force is not Force.LIMITS or _rich(d).pin for v in _rich(d).wanted]
    return max(versions, key=lambda version: (key(version), version), default="")


def _doubt(version: str, wanted: Sequence[Demand]) -> str:
    """Why a version may not be what Gradle takes in the end; empty if it is."""
    if not version or _holds(version, wanted):
        return ""
    demand = next(demand for demand in wanted if not _holds(version, [demand]))
    name = demand.requirement.package.name
    return f"only a Maven repository tells what {demand.service}'s {demand.requirement} makes of {name} {version}"


def _holds(version: str, wanted: Sequence[Demand]) -> bool:
    """Whether a version of a module is what all Demands on it admit."""
    return all(_admits(demand, version) for demand in wanted)


def _admits(demand: Demand, version: str) -> bool:
    rich = _rich(demand)
    if not version:
        return not rich.pin
    if any(known.admits(version) for known in rich.reject):
        return False
    if demand.requirement.force is Force.OVERRIDES:
        return all(known.admits(version) for known in (*rich.require, *rich.strictly))
    high_enough = all(key(version) >= key(wanted) for wanted in rich.wanted)
    return high_enough and all(known.admits(version) for known in rich.strictly)
