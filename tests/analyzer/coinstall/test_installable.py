"""What can be installed alone equals brute force."""

from __future__ import annotations

from hypothesis import given, settings

from analyzer.coinstall.installable import uninstallable
from tests.analyzer.coinstall.small_universe import can_be_met, sound
from tests.analyzer.coinstall.test_coinstallability import _universes


@given(_universes.filter(lambda u: not u.withheld and can_be_met(u, ())))
@settings(max_examples=150, deadline=None)
def test_what_is_uninstallable_equals_brute_force(universe):
    units = range(len(universe.members))
    every = [frozenset(u for u in units if mask >> u & 1) for mask in range(1 << len(universe.members))]
    installable = frozenset().union(*(part for part in every if sound(universe, part, ())))
    assert uninstallable(universe, units) == frozenset(units) - installable
