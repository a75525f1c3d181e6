"""Minimum corrections: the fewest Places at which to relax what is required, so that all of it can be met.

Implicit hitting sets (Moreno-Centeno and Karp 2013): every contradiction must be hit at one of its Places;
the smallest set that hits all that are known either corrects the whole or leaves another contradiction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from analyzer.oracle import Answer, Refuted, Satisfied
from analyzer.prices.change import Loosening, Place, freely, place_of, relaxable, relaxed
from analyzer.quickxplain import minimal_core
from analyzer.verdict import Demand, Witness

MOST = 4
"""Changes that a correction may take; who needs more had better stay apart."""
Ask = Callable[[Sequence[Demand]], Answer]


@dataclass(frozen=True, slots=True)
class Correction:
    """Places at which to relax, and versions that then satisfy everybody."""

    places: frozenset[Place]
    witness: Witness


@dataclass(frozen=True, slots=True)
class Uncorrectable:
    """Why no correction was found. ``upstream``: whatever is relaxed, releases that are published exclude one
    another, so that only others could help."""

    reason: str
    upstream: bool = False


def corrections(
    demands: Sequence[Demand], ask: Ask, loosen: Loosening = freely, most: int = MOST
) -> Iterator[Correction | Uncorrectable]:
    """Corrections, the smallest first, none of which holds another; an Uncorrectable ends them.

    Each is verified: its Witness meets the relaxed Demands.
    """
    contradictions: list[frozenset[Place]] = []
    found: list[frozenset[Place]] = []
    while True:
        places = _smallest(contradictions, found, most)
        if places is None:
            yield Uncorrectable(f"takes more than {most} changes" if not found else "there are no others")
            return
        rest = tuple(relaxed(demands, places, loosen))
        answer = ask(rest)
        if isinstance(answer, Satisfied):
            found.append(places)
            yield Correction(places, answer.witness)
            if not places:
                return
        elif isinstance(answer, Refuted):
            contradiction = _contradiction(rest, answer, ask, loosen, places)
            if not contradiction:
                yield Uncorrectable("only other releases of what is required could help", upstream=True)
                return
            contradictions.append(contradiction)
        else:
            yield Uncorrectable(answer.reason)
            return


def _smallest(
    contradictions: Sequence[frozenset[Place]], found: Sequence[frozenset[Place]], most: int
) -> frozenset[Place] | None:
    """The fewest Places that hit every contradiction, of the fewest Services, unless a known correction is in it."""
    places = sorted(frozenset().union(*contradictions))
    for size in range(min(most, len(places)) + 1):
        choices = (frozenset(choice) for choice in combinations(places, size))
        hitting = [c for c in choices if all(c & one for one in contradictions) and not any(f <= c for f in found)]
        if hitting:
            return min(hitting, key=lambda c: (len({place.service for place in c}), sorted(c)))
    return None


def _contradiction(
    rest: Sequence[Demand], answer: Refuted, ask: Ask, loosen: Loosening, relaxed_at: frozenset[Place]
) -> frozenset[Place]:
    """Places not yet relaxed of which one must be, as few as possible."""
    by_place: dict[Place, list[Demand]] = {}
    for demand in rest:
        if relaxable(demand, loosen) and place_of(demand) not in relaxed_at:
            by_place.setdefault(place_of(demand), []).append(demand)
    fixed = [d for d in rest if place_of(d) not in by_place]
    loose = frozenset(by_place)

    def clashes(places: Sequence[Place]) -> bool:
        # Whoever is left out of the places still needs the package, in whatever version.
        others = relaxed((d for place in loose.difference(places) for d in by_place[place]), loose, loosen)
        kept = [*fixed, *(d for place in places for d in by_place[place]), *others]
        return isinstance(ask(sorted(kept)), Refuted)

    if clashes(()):
        return frozenset()
    named = tuple(sorted({place_of(d) for d in answer.named} & loose))
    suspects = named if named and clashes(named) else tuple(sorted(loose))
    return frozenset(minimal_core(suspects, clashes))
