"""Alignments against trying every way to give each service the version of another."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from analyzer.explanation import Explanation, Fact
from analyzer.oracle import Answer, Refuted, Satisfied, Unknown
from analyzer.origin import Origin
from analyzer.package import Package
from analyzer.prices.alignment import alignments
from analyzer.prices.change import Change, Place, Way
from analyzer.prices.correction import MOST, Uncorrectable
from analyzer.requirement import Force, Requirement
from analyzer.service import DependencySet, Fleet, Platform, Service
from analyzer.verdict import Demand, Witness

MODULES = tuple(Package("maven", name, "g") for name in "ab")
VERSIONS = ("1", "2", "10")
Pins = Mapping[tuple[str, Package], str]
pins = st.dictionaries(
    st.tuples(st.sampled_from("xyz"), st.sampled_from(MODULES)), st.sampled_from(VERSIONS), min_size=1
)


def fleet_of(given: Pins) -> Fleet:
    names = sorted({service for service, _ in given})
    return Fleet("f", tuple(Service(n, n, Platform(), (DependencySet("maven", _required(given, n)),)) for n in names))


def _required(given: Pins, name: str) -> tuple[Requirement, ...]:
    return tuple(Requirement(m, v, Origin(name, 1)) for (service, m), v in sorted(given.items()) if service == name)


def demand(place: tuple[str, Package], version: str, **more: object) -> Demand:
    return Demand(place[0], Requirement(place[1], f"=={version}", Origin(place[0], 1), **more))  # type: ignore[arg-type]


def outcome(given: Pins, changes: tuple[Change, ...]) -> Answer:
    """Every module at one version, or the first two demands that differ."""
    made = {**given, **{(c.place.service, c.place.package): c.after for c in changes}}
    for module in MODULES:
        said = [demand(place, version) for place, version in sorted(made.items()) if place[1] == module]
        if other := next((d for d in said if d.requirement.constraint != said[0].requirement.constraint), None):
            return Refuted(Explanation(Fact.CLASH, module.name), frozenset((said[0], other)), (module,))
    return Satisfied(Witness(()))


def fewest(given: Pins) -> int:
    """The fewest pins to change, whatever they become."""
    places = sorted(given)
    ways = (dict(zip(places, chosen, strict=True)) for chosen in product(VERSIONS, repeat=len(places)))
    fitting = [way for way in ways if isinstance(outcome(way, ()), Satisfied)]
    return min(sum(way[place] != given[place] for place in places) for way in fitting)


@given(pins)
def test_no_smaller_set_of_changes_would_do(given: Pins) -> None:
    found = alignments(fleet_of(given), lambda changes: outcome(given, changes))
    assert fewest(given) <= MOST
    assert isinstance(found, list)
    assert {len(changes) for changes in found} == {fewest(given)}
    assert all(isinstance(outcome(given, changes), Satisfied) for changes in found)
    assert all(change.before == given[change.place.service, change.place.package] for way in found for change in way)


def test_both_ways_are_told_with_their_direction() -> None:
    given = {("x", MODULES[0]): "2", ("y", MODULES[0]): "10"}
    found = alignments(fleet_of(given), lambda changes: outcome(given, changes))
    assert found == [
        (Change(Place("x", MODULES[0]), "2", "10", Way.UPGRADE),),
        (Change(Place("y", MODULES[0]), "10", "2", Way.DOWNGRADE),),
    ]


def test_what_a_system_ships_is_for_the_other_to_take() -> None:
    given = {("x", MODULES[0]): "2"}
    shipped = demand(("y", MODULES[0]), "10", force=Force.LIMITS, shipped_by="liba-java 10")

    def asked(changes: tuple[Change, ...]) -> Answer:
        if [change.after for change in changes] == ["10"]:
            return Satisfied(Witness(()))
        return Refuted(Explanation(Fact.CLASH, "a"), frozenset((demand(("x", MODULES[0]), "2"), shipped)), MODULES[:1])

    assert alignments(fleet_of(given), asked) == [(Change(Place("x", MODULES[0]), "2", "10", Way.UPGRADE),)]


def test_what_is_unknown_is_no_price() -> None:
    given = {("x", MODULES[0]): "2"}
    assert alignments(fleet_of(given), lambda _: Unknown("no repository")) == Uncorrectable("no repository")
