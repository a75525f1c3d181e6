"""Suppositions: each way of an open choice is tried, to see where it leads.

A way that leads to a contradiction is out; what every other way leads to is there. That is how a person
goes on where no chain of packages leads to the clash by itself ("whichever logind it takes, …").
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from analyzer.coinstall.case_analysis import BASE
from analyzer.coinstall.propagation import ClashError, Obligation, Propagation
from analyzer.explanation import Explanation, Fact
from analyzer.universe import Need, Universe

TRIALS = 3000
"""Suppositions after which the search for a short argument is given up."""


def by_propagation(
    universe: Universe, asked: Sequence[Sequence[Need]], roots: Sequence[Explanation], permitted: frozenset[int]
) -> Explanation | None:
    """The contradiction in what Requirements ask for, whose own Explanations are ``roots``; None where
    propagation by names, with suppositions, meets none."""
    state = Propagation(universe, universe.reserved - permitted)
    first = [Obligation(frozenset(n.any_of), why) for needs, why in zip(asked, roots, strict=True) for n in needs]
    try:
        state.run(first)
        state.run(Obligation(frozenset(need.any_of), BASE) for need in universe.base)
        trials = 0
        while trials < TRIALS and (tried := _look_ahead(state)):
            trials += tried
    except ClashError as clash:
        return clash.found
    return None


def _look_ahead(state: Propagation) -> int:
    """Learn from the first open choice that teaches anything; how many suppositions that took, 0 where none
    does. Raises ClashError where no way of a choice is left."""
    trials = 0
    for obligation in tuple(state.pending):
        ways, out = state.ways(obligation)
        trials += len(ways)
        clashes: dict[str, Explanation] = {}
        worlds: dict[str, Propagation] = {}
        for name, units in ways.items():
            found = _supposed(state, name, frozenset(units), obligation)
            if isinstance(found, Explanation):
                clashes[name] = found
            else:
                worlds[name] = found
        if ways and not worlds:
            raise ClashError(_exhausted(state, obligation, ways, (*clashes.values(), *(r[0] for r in out.values()))))
        if _learn(state, obligation, ways, clashes, worlds):
            return trials
        if trials > TRIALS:
            return 0
    return 0


def _supposed(
    state: Propagation, name: str, units: frozenset[int], obligation: Obligation
) -> Explanation | Propagation:
    world = state.fork()
    try:
        world.hold(name, units, obligation, fact=Fact.SUPPOSED)
        world.run(())
    except ClashError as clash:
        return clash.found
    return world


def _learn(
    state: Propagation,
    obligation: Obligation,
    ways: Mapping[str, Sequence[int]],
    clashes: Mapping[str, Explanation],
    worlds: Mapping[str, Propagation],
) -> bool:
    """Take what the suppositions told: ways that are out, and names that are there in every world."""
    for name, clash in clashes.items():
        reason = _exhausted(state, obligation, {name: ways[name]}, (clash,))
        state.impossible |= dict.fromkeys(ways[name], reason)
    common = [n for n in next(iter(worlds.values())).holdings if n not in state.holdings]
    shared = [name for name in common if all(name in world.holdings for world in worlds.values())]
    for name in shared:
        units = frozenset().union(*(world.holdings[name].units for world in worlds.values()))
        state.hold(name, units, obligation, tuple(state.impossible[ways[n][0]] for n in clashes))
    if clashes or shared:
        state.run([obligation])
    return bool(clashes or shared)


def _exhausted(
    state: Propagation, obligation: Obligation, ways: Mapping[str, Sequence[int]], reasons: Sequence[Explanation]
) -> Explanation:
    choices = " | ".join(state.label(units) for units in ways.values())
    return Explanation(Fact.EXHAUSTED, choices, causes=(obligation.reason, *reasons), by=obligation.by)
