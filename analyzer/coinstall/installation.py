"""An installation: which units of a universe are there, told from a model and checked without a solver."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from analyzer.universe import Need, Universe


def installation(universe: Universe, needs: Iterable[Need], allowed: frozenset[int]) -> frozenset[int]:
    """The part of ``allowed`` that ``needs`` lead to: of each Need the first unit that is allowed, as an
    installer takes the first alternative that is there. ``allowed`` meets all that its units need."""
    chosen: set[int] = set()
    conditional: list[Need] = []
    waiting = list(needs)
    while waiting:
        for unit in _taken(waiting, chosen, allowed, conditional):
            chosen.add(unit)
            waiting += universe.needs(unit)
        ready = [need for need in conditional if chosen.issuperset(need.given)]
        conditional = [need for need in conditional if not chosen.issuperset(need.given)]
        waiting += [_unconditional(need) for need in ready]
    return frozenset(chosen)


def _taken(waiting: list[Need], chosen: set[int], allowed: frozenset[int], conditional: list[Need]) -> Iterator[int]:
    need = waiting.pop()
    if need.given:
        conditional.append(need)
    elif chosen.isdisjoint(need.any_of):
        yield from [unit for unit in need.any_of if unit in allowed][:1]


def _unconditional(need: Need) -> Need:
    return Need(need.field, need.text, need.any_of)


def faults(universe: Universe, installed: frozenset[int], needs: Iterable[Need]) -> Iterator[str]:
    """What is wrong with an installation that should meet ``needs``; nothing where it is sound."""
    for need in needs:
        if _unmet(need, installed):
            yield f"{need.text} is not met"
    for unit in sorted(installed):
        yield from (
            f"{universe.units[unit]}: {n.text} is not met" for n in universe.needs(unit) if _unmet(n, installed)
        )
        for exclusion in universe.exclusions(unit):
            for other in installed.intersection(exclusion.others):
                yield f"{universe.units[unit]} excludes {universe.units[other]}"


def _unmet(need: Need, installed: frozenset[int]) -> bool:
    return installed.issuperset(need.given) and installed.isdisjoint(need.any_of)
