"""Small universes of packages, with brute force as the judge: a typed fake of an ecosystem's oracle."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations, product

from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet

from analyzer.explanation import Explanation, Fact
from analyzer.oracle import Answer, Refuted, Satisfied, Unknown
from analyzer.origin import Origin
from analyzer.package import Candidate, Package, pypi
from analyzer.requirement import Requirement
from analyzer.verdict import Demand, Witness


@dataclass(frozen=True)
class Universe:
    """``depends[name][version]`` is what that candidate requires, as (name, constraint) pairs."""

    depends: Mapping[str, Mapping[str, tuple[tuple[str, str], ...]]]

    def solve(self, wanted: Collection[tuple[str, str]]) -> dict[str, str] | None:
        """Some installation that meets all; None if there is none. Brute force over every choice."""
        names = sorted(self.depends)
        for choice in product(*([None, *self.depends[name]] for name in names)):
            chosen = {n: v for n, v in zip(names, choice, strict=True) if v is not None}
            needs = [*wanted, *(need for n, v in chosen.items() for need in self.depends[n][v])]
            if all(n in chosen and SpecifierSet(c).contains(chosen[n]) for n, c in needs):
                return chosen
        return None


@dataclass
class BruteForce:
    """An oracle over a Universe. ``hint`` chooses what a refutation names; ``unknown`` holds packages
    that no index has."""

    universe: Universe
    hint: str = "core"
    unknown: frozenset[str] = frozenset()
    ecosystem: str = field(default="pypi", init=False)
    questions: list[frozenset[Demand]] = field(default_factory=list)

    def setting(self, demands: Collection[Demand]) -> str:
        return "here"

    def ask(self, demands: Collection[Demand], prefer: Mapping[Package, str]) -> Answer:
        self.questions.append(frozenset(demands))
        missing = frozenset(d for d in demands if d.requirement.package.name in self.unknown)
        if missing:
            return Unknown("not in the index", missing)
        chosen = self.universe.solve(wanted(demands))
        if chosen is not None:
            return Satisfied(Witness(tuple(Candidate(pypi(n), v) for n, v in sorted(chosen.items()))))
        return Refuted(Explanation(Fact.CLASH, "something"), self._named(demands))

    def meets(self, demands: Collection[Demand], witness: Witness) -> bool:
        versions = {c.package.name: c.version for c in witness.versions}
        return all(n in versions and SpecifierSet(c).contains(versions[n]) for n, c in wanted(demands))

    def replay(self, demands: Collection[Demand]) -> str:
        return "true"

    def _named(self, demands: Collection[Demand]) -> frozenset[Demand]:
        if self.hint == "nothing":
            return frozenset()
        if self.hint == "wrong":
            return frozenset(sorted(demands)[:1])
        return next(
            frozenset(subset)
            for size in range(1, len(demands) + 1)
            for subset in combinations(sorted(demands), size)
            if self.universe.solve(wanted(subset)) is None
        )


def wanted(demands: Collection[Demand]) -> list[tuple[str, str]]:
    return [(d.requirement.package.name, d.requirement.constraint) for d in demands]


def demand(service: str, name: str, constraint: str = "", line: int = 1) -> Demand:
    return Demand(service, Requirement(pypi(name), constraint, Origin(f"{service}/requirements.txt", line)))


NAMES = ("p", "q", "r", "s")
CONSTRAINTS = ("", "<2", ">=2", "==1", "==3", "!=2")


@st.composite
def universes(draw: st.DrawFn) -> Universe:
    needs = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(CONSTRAINTS)), max_size=2).map(tuple)
    return Universe({name: {v: draw(needs) for v in ("1", "2", "3")[: draw(st.integers(1, 3))]} for name in NAMES})


@st.composite
def fleets(draw: st.DrawFn, most: int = 5) -> dict[str, tuple[Demand, ...]]:
    """Demands by service; a service may demand nothing."""
    services = [f"svc{i}" for i in range(draw(st.integers(1, most)))]
    pairs = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(CONSTRAINTS)), max_size=3, unique=True)
    return {
        s: tuple(demand(s, name, constraint, line) for line, (name, constraint) in enumerate(draw(pairs), start=1))
        for s in services
    }


def minimal_conflicts(universe: Universe, demands: Mapping[str, tuple[Demand, ...]]) -> set[frozenset[str]]:
    """Every minimal set of services that no installation satisfies, of any size, by brute force."""
    found: set[frozenset[str]] = set()
    for group in _subsets(sorted(demands)):
        if any(core <= group for core in found):
            continue
        if universe.solve([w for s in group for w in wanted(demands[s])]) is None:
            found.add(group)
    return found


def _subsets(names: list[str]) -> Iterator[frozenset[str]]:
    for size in range(1, len(names) + 1):
        yield from map(frozenset, combinations(names, size))
