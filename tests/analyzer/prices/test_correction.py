"""Minimum corrections against trying every set of places, in a universe of three packages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product

from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet

from analyzer.explanation import Explanation, Fact
from analyzer.oracle import Answer, Refuted, Satisfied
from analyzer.origin import Origin
from analyzer.package import Candidate, pypi
from analyzer.prices.change import Loosening, Place, freely, place_of, relaxable, relaxed, upwards
from analyzer.prices.correction import Correction, Uncorrectable, corrections
from analyzer.requirement import Requirement
from analyzer.verdict import Demand, Witness

NAMES = ("a", "b", "c")
VERSIONS = ("1", "2", "3")
Depends = Mapping[tuple[str, str], tuple[tuple[str, str], ...]]


@dataclass(frozen=True)
class Universe:
    """Packages with three versions each, which may depend on one another; decides by trying all."""

    depends: Depends

    def ask(self, demands: Sequence[Demand]) -> Answer:
        for chosen in product((None, *VERSIONS), repeat=len(NAMES)):
            versions = {name: version for name, version in zip(NAMES, chosen, strict=True) if version}
            if self._meets(versions, demands):
                found = tuple(Candidate(pypi(name), version) for name, version in versions.items())
                return Satisfied(Witness(found))
        return Refuted(Explanation(Fact.CLASH, "?"))

    def _meets(self, versions: Mapping[str, str], demands: Sequence[Demand]) -> bool:
        wanted = [(d.requirement.package.name, d.requirement.constraint) for d in demands]
        wanted += [need for item in versions.items() for need in self.depends.get(item, ())]
        return all(name in versions and versions[name] in SpecifierSet(text) for name, text in wanted)


CONSTRAINTS = ("==1", "==2", "==3", "<2", ">=2", "!=2", "")
needs = st.tuples(st.sampled_from(NAMES), st.sampled_from(CONSTRAINTS))
universes = st.builds(
    Universe,
    st.dictionaries(
        st.tuples(st.sampled_from(NAMES), st.sampled_from(VERSIONS)), st.lists(needs, max_size=2).map(tuple), max_size=5
    ),
)
demands = st.lists(
    st.builds(
        lambda service, need, line: Demand(service, Requirement(pypi(need[0]), need[1], Origin("r.txt", line))),
        st.sampled_from("xyz"),
        needs,
        st.integers(1, 9),
    ),
    max_size=6,
    unique=True,
)


@given(universes, demands, st.sampled_from([freely, upwards]))
@settings(deadline=None)
def test_no_fewer_places_will_do(universe: Universe, asked: list[Demand], loosen: Loosening) -> None:
    places = sorted({place_of(d) for d in asked if relaxable(d, loosen)})
    choices = (frozenset(c) for size in range(len(places) + 1) for c in combinations(places, size))
    best = next((c for c in choices if _met(universe, asked, c, loosen)), None)
    found = [*corrections(asked, universe.ask, loosen)]
    first = found[0]
    if best is None:
        assert isinstance(first, Uncorrectable)
        assert first.upstream
        return
    if len(best) > 4:
        assert isinstance(first, Uncorrectable)
        return
    assert isinstance(first, Correction)
    assert len(first.places) == len(best)
    good = [c.places for c in found if isinstance(c, Correction)]
    assert all(_met(universe, asked, c, loosen) for c in good)
    assert not any(one < other for one in good for other in good)


def _met(universe: Universe, asked: Sequence[Demand], places: frozenset[Place], loosen: Loosening) -> bool:
    return isinstance(universe.ask([*relaxed(asked, places, loosen)]), Satisfied)
