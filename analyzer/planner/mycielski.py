"""Mycielski's construction found inside a graph: one colour more than a clique, or several, for little work.

Where a subgraph needs k colours, and every vertex v of it has a twin (a vertex, perhaps v itself,
with the same neighbours inside the subgraph and maybe others), a vertex beside one twin of each
makes the whole need k + 1 (Mycielski 1955; as a bound: Hebrard and Katsirelos 2018). For if k
colours were enough, that vertex would bar one of them from the twins; each v of the subgraph in
that colour could then take the twin's colour instead, and k - 1 colours would do for the subgraph.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analyzer.planner.bits import mask, members
from analyzer.planner.clique import largest_clique
from analyzer.planner.heaviest import Work

CLIQUE = 20_000
"""What may be spent on the clique inside each layer."""


@dataclass(frozen=True, slots=True)
class Step:
    """A vertex, and the twin beside it of each vertex of the subgraph before."""

    vertex: int
    twins: Mapping[int, int]


def climbed(adjacent: Sequence[int], work: Work, clique: int = 0) -> tuple[int, list[Step]]:
    """A clique, and steps up from it, each of which needs one colour more than what came before.

    ``clique`` is a large one of the whole, if one is known.

    They are looked for from the top: below a vertex lie those of its strangers that have a twin
    among its neighbours, and below the best of them the same again, down to a clique.
    """
    inside = (1 << len(adjacent)) - 1
    layers: list[Step] = []
    best = (clique or _clique(adjacent, inside), 0)
    while layer := _layer(adjacent, inside, work):
        inside = mask(layer.twins)
        layers.append(layer)
        best = max(best, (_clique(adjacent, inside), len(layers)), key=lambda found: found[0].bit_count() + found[1])
    clique, height = best
    return clique, _trimmed(adjacent, clique, layers[:height])


def needs(adjacent: Sequence[int], clique: int, steps: Sequence[Step]) -> int | None:
    """The colours that clique and steps prove to be needed, checked anew; None where they prove nothing."""
    inside = {v: adjacent[v] & clique for v in members(clique)}
    if any(row != clique ^ 1 << v for v, row in inside.items()):
        return None
    for step in steps:
        if step.twins.keys() != inside.keys():
            return None
        for v, twin in step.twins.items():
            if inside[v] & ~adjacent[twin] or not adjacent[step.vertex] >> twin & 1:
                return None
        _grow(inside, step)
    return clique.bit_count() + len(steps)


def _clique(adjacent: Sequence[int], inside: int) -> int:
    return mask(largest_clique({v: set(members(adjacent[v] & inside)) for v in members(inside)}, CLIQUE))


def _layer(adjacent: Sequence[int], inside: int, work: Work) -> Step | None:
    """The vertex with most exclusions among its strangers that have twins; None where there are none."""
    best, most = None, 0
    for vertex in members(inside):
        strangers = inside & ~(adjacent[vertex] | 1 << vertex)
        if work.left <= 0:
            return None
        twins = _twins(adjacent, strangers, adjacent[vertex] & inside, work)
        below = mask(twins)
        joined = sum((adjacent[v] & below).bit_count() for v in twins)
        if joined > most:
            best, most = Step(vertex, twins), joined
    return best


def _twins(adjacent: Sequence[int], strangers: int, around: int, work: Work) -> dict[int, int]:
    """The strangers that have a twin around, once those that have none are gone, each with its first."""
    while True:
        twins = {}
        for v in members(strangers):
            found = around
            for w in members(adjacent[v] & strangers):
                found &= adjacent[w]
                work.left -= 1
                if not found:
                    break
            if found:
                twins[v] = next(members(found))
        if len(twins) == strangers.bit_count():
            return twins
        strangers = mask(twins)


def _trimmed(adjacent: Sequence[int], clique: int, layers: Sequence[Step]) -> list[Step]:
    """The layers from the innermost out, with the twins of only those vertices that the proof has reached."""
    inside = {v: adjacent[v] & clique for v in members(clique)}
    steps = []
    for layer in reversed(layers):
        steps.append(Step(layer.vertex, {v: layer.twins[v] for v in inside}))
        _grow(inside, steps[-1])
    return steps


def _grow(inside: dict[int, int], step: Step) -> None:
    """The subgraph with a step: the twins beside the old neighbours, the vertex beside the twins."""
    before = dict(inside)
    for v, twin in step.twins.items():
        inside.setdefault(twin, 0)
        for w in members(before[v]):
            _join(inside, twin, w)
        _join(inside, step.vertex, twin)


def _join(inside: dict[int, int], first: int, second: int) -> None:
    inside[first] = inside.get(first, 0) | 1 << second
    inside[second] = inside.get(second, 0) | 1 << first
