"""The oracle of deb and rpm: can these Demands be installed into one root filesystem of their release?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import chain

from analyzer.coinstall.coinstallability import Coinstallability
from analyzer.coinstall.encoding import HardError
from analyzer.coinstall.installation import faults
from analyzer.coinstall.refutation import refutation
from analyzer.coinstall.survey import Survey
from analyzer.demands import ANY_LINUX, ARCHITECTURE, OPERATING_SYSTEM
from analyzer.explanation import Explanation, Fact
from analyzer.oracle import Answer, Refuted, Satisfied, Unknown
from analyzer.origin import Origin
from analyzer.package import Candidate, Package
from analyzer.requirement import Requirement
from analyzer.universe import Universe
from analyzer.verdict import Demand, Witness
from resolvers.distribution.forgiving import Forgiving
from resolvers.distribution.system import system_of
from resolvers.shipped import Content, Shipped, Shipping

Release = tuple[str, str]
"""A release and an architecture: ``("debian:12", "x86_64")``. The first is empty where nothing says which."""


@dataclass
class DistributionOracle:
    """Judges the Demands of one package system in the universe of the release that they are made for.

    ``opened`` gives the universe of a release, or None where none was supplied; it is asked once for
    each. ``replaying`` writes the shell command that puts Requirements to the installer, ``shipping`` tells
    what packages hold for other ecosystems.
    """

    ecosystem: str
    opened: Callable[[Release], Universe | None]
    replaying: Callable[[Sequence[Requirement]], str]
    shipping: Shipping = lambda release, universe, unit: ()
    cached: int = field(default=0, init=False)
    runs: int = field(default=0, init=False)
    as_of: str = field(default="", init=False)
    _judges: dict[Release, Coinstallability | None] = field(default_factory=dict, init=False, repr=False)
    _lenient: dict[Release, Coinstallability] = field(default_factory=dict, init=False, repr=False)
    _contents: dict[tuple[Release, int], tuple[Content, ...]] = field(default_factory=dict, init=False, repr=False)
    _installed: dict[tuple[Release, Requirement], frozenset[int]] = field(default_factory=dict, init=False, repr=False)

    @property
    def title(self) -> str:
        """What its questions are about."""
        return self.ecosystem

    @property
    def tools(self) -> Mapping[str, str]:
        """The universes that were opened."""
        opened = {release: judge.universe.name for (release, _), judge in self._judges.items() if judge}
        return {release or self.ecosystem: name.removeprefix(f"{release}, ") for release, name in opened.items()}

    def setting(self, demands: Collection[Demand]) -> str:
        """Release and architecture."""
        return " ".join(_release(demands))

    def ask(self, demands: Collection[Demand], prefer: Mapping[Package, str]) -> Answer:
        """One question to the solver of the release."""
        own = self._own(demands)
        if not own:
            return Satisfied(Witness(()))
        judge = self._judge(_release(demands))
        if judge is None:
            return Unknown(self._why_unknown(_release(demands)[0]), frozenset(own))
        requirements = tuple(d.requirement for d in own)
        if missing := judge.unknown(requirements):
            return _missing(missing, own, judge.universe)
        try:
            if judge.fit(requirements):
                return self._found(judge, requirements)
            forgiving = self._forgiving(_release(demands))
            if forgiving is not None and forgiving.fit(requirements):
                return _in_doubt(judge, own)
            return self._refuted(forgiving or judge, own)
        except HardError:
            return Unknown("the solver gave up: too many ways to choose among these packages")

    def meets(self, demands: Collection[Demand], witness: Witness) -> bool:
        """Whether the installation that a Witness names is sound and meets the Demands, by the definition."""
        own = [demand.requirement for demand in self._own(demands)]
        judge = self._judge(_release(demands))
        if judge is None or judge.unknown(own):
            return not own
        named = {(c.package.name, c.version) for c in witness.versions if c.package.type == self.ecosystem}
        installed = frozenset(n for n, u in enumerate(judge.universe.units) if (u.name, u.version) in named)
        return not any(faults(judge.universe, installed, judge.needs(own)))

    def replay(self, demands: Collection[Demand]) -> str:
        """A command for the distribution's own installer, which installs nothing."""
        own = sorted(demand.requirement for demand in self._own(demands))
        return self.replaying(tuple(dict.fromkeys(replace(r, origin=Origin("")) for r in own))) if own else ""

    def clashes(self, asked: Mapping[str, Collection[Demand]], size: int) -> Iterator[frozenset[str]]:
        """Every minimal clash of at most ``size`` services, release by release."""
        by_release: dict[Release, dict[str, tuple[Requirement, ...]]] = defaultdict(dict)
        for name, demands in asked.items():
            by_release[_release(demands)][name] = tuple(demand.requirement for demand in self._own(demands))
        for release, services in by_release.items():
            if judge := self._judge(release):
                known = {n: tuple(r for r in rs if not judge.unknown((r,))) for n, rs in services.items()}
                # What it leaves out is asked about one by one.
                with suppress(HardError):
                    yield from Survey(judge, known).clashes(size)

    def shipped(self, demands: Collection[Demand]) -> tuple[Shipped, ...]:
        """As in Shipper."""
        release, requirements = _release(demands), [d.requirement for d in self._own(demands)]
        judge = self._judge(release) if requirements else None
        if judge is None:
            return ()
        known = tuple(r for r in requirements if not judge.unknown((r,)))
        with suppress(HardError):
            if judge.fit(known):
                return tuple(self._held(judge, release, known))
        return ()

    def _held(self, judge: Coinstallability, release: Release, known: Sequence[Requirement]) -> Iterator[Shipped]:
        namespace = known[0].package.namespace if known else ""
        for unit in sorted(judge.installation(known)):
            if contents := self._contents_of(judge, release, unit):
                package = judge.universe.units[unit]
                carrier = Candidate(Package(self.ecosystem, package.name, namespace), package.version)
                cause = self._cause(judge, release, known, unit)
                yield from (Shipped(content, carrier, cause) for content in contents)

    def _contents_of(self, judge: Coinstallability, release: Release, unit: int) -> tuple[Content, ...]:
        if (release, unit) not in self._contents:
            self._contents[release, unit] = tuple(self.shipping(release[0], judge.universe, unit))
        return self._contents[release, unit]

    def _cause(
        self, judge: Coinstallability, release: Release, known: Sequence[Requirement], unit: int
    ) -> Requirement | None:
        """The Requirement that brings a unit: that of its name, else the first that brings it by itself."""
        name = judge.universe.units[unit].name
        named = (r for r in known if r.package.name == name)
        alone = (r for r in known if unit in self._installed_for(judge, release, r))
        return next(chain(named, alone), None)

    def _installed_for(self, judge: Coinstallability, release: Release, requirement: Requirement) -> frozenset[int]:
        key = release, replace(requirement, origin=Origin(""))
        if key not in self._installed:
            self._installed[key] = judge.installation((requirement,))
        return self._installed[key]

    def _own(self, demands: Collection[Demand]) -> tuple[Demand, ...]:
        """The Demands that a universe can be asked about. A package from a file of the service's own is in
        none; what it depends on is demanded beside it."""
        ours = (d for d in demands if d.requirement.package.type == self.ecosystem)
        return tuple(demand for demand in ours if demand.requirement.source is None)

    def _judge(self, release: Release) -> Coinstallability | None:
        if release not in self._judges:
            universe = self.opened(release)
            self._judges[release] = Coinstallability(universe) if universe else None
        return self._judges[release]

    def _forgiving(self, release: Release) -> Coinstallability | None:
        """A judge that lets entries which could not be read provide what is lacking; None where all were read."""
        judge = self._judge(release)
        if judge is not None and judge.universe.unread and release not in self._lenient:
            self._lenient[release] = Coinstallability(Forgiving(judge.universe))
        return self._lenient.get(release)

    def _why_unknown(self, release: str) -> str:
        if not release:
            return (
                "nothing says which release its packages are for: neither a FROM line nor platform.os in cohabit.toml"
            )
        if system_of(release) != self.ecosystem:
            return f"{self.ecosystem} packages are asked for, and {release} is taken for a distribution without them"
        ways = f"--universe {release}=PATH, or [universe] in cohabit.toml"
        return f"there is no package metadata of {release}: supply it with {ways}"

    def _found(self, judge: Coinstallability, requirements: Sequence[Requirement]) -> Answer:
        installed = judge.installation(requirements)
        fault = next(faults(judge.universe, installed, judge.needs(requirements)), "")
        if fault:
            return Unknown(f"the solver's answer is no installation: {fault}")
        namespace = requirements[0].package.namespace
        units = (judge.universe.units[unit] for unit in installed)
        versions = (Candidate(Package(self.ecosystem, u.name, namespace), u.version) for u in units)
        return Satisfied(Witness(tuple(sorted(versions))))

    def _refuted(self, judge: Coinstallability, own: Sequence[Demand]) -> Answer:
        core = frozenset(replace(r, origin=Origin("")) for r in judge.core([d.requirement for d in own]))
        named = tuple(d for d in own if replace(d.requirement, origin=Origin("")) in core)
        if not named:
            return Unknown(f"the essential packages of {judge.universe.name} cannot be installed together")
        if len(named) < len(own):
            # The proof is told of a minimal core, about which the search asks in the end.
            leaves = tuple(
                Explanation(Fact.REQUIRED, str(d.requirement), service=d.service, origin=d.requirement.origin)
                for d in named
            )
            return Refuted(Explanation(Fact.CLASH, self.ecosystem, causes=leaves), frozenset(named))
        proof = refutation(judge.universe, named)
        namespace = named[0].requirement.package.namespace
        packages = tuple(Package(self.ecosystem, name, namespace) for name in proof.packages)
        return Refuted(proof.explanation, frozenset(named), packages)


def _missing(missing: Collection[Requirement], own: Collection[Demand], universe: Universe) -> Unknown:
    names = ", ".join(dict.fromkeys(str(requirement) for requirement in missing))
    verb = "is" if len(missing) == 1 else "are"
    return Unknown(f"{names} {verb} not in {universe.name}", frozenset(d for d in own if d.requirement in missing))


def _in_doubt(judge: Coinstallability, own: Sequence[Demand]) -> Unknown:
    """That something is lacking proves nothing where an entry that could not be read may be it."""
    core = frozenset(replace(r, origin=Origin("")) for r in judge.core([d.requirement for d in own]))
    named = frozenset(d for d in own if replace(d.requirement, origin=Origin("")) in core)
    names = sorted({str(demand.requirement) for demand in named}) or ["what every system has"]
    verb = "needs" if len(names) == 1 else "need"
    return Unknown(f"{', '.join(names)} {verb} what no readable entry of {judge.universe.name} provides", named)


def _release(demands: Collection[Demand]) -> Release:
    """The release and architecture that Demands are made for."""
    values = {d.requirement.package: d.requirement.constraint for d in sorted(demands)}
    system = values.get(OPERATING_SYSTEM, ANY_LINUX)
    return ("" if system == ANY_LINUX else system, values.get(ARCHITECTURE, "x86_64"))
