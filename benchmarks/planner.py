"""The planner against networkx's greedy colourings, in groups and in time, on the same fleets in the same run.

    python benchmarks/planner.py [SERVICES ...]

A ratio above 1 in "groups" is what the greedy strategy wastes; one below 1 in "time" is what it saves.
Times are of the processor, so that a busy machine doesn't change them.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from itertools import combinations
from pathlib import Path
from random import Random
from time import process_time

import networkx as nx

sys.path.insert(0, str(Path(__file__).parents[1]))

from analyzer.planner.lazy import plan
from analyzer.planner.partition import Exclusions, partition
from analyzer.verdict import Compatible, Grade, Stance, Witness

STRATEGIES = ("largest_first", "smallest_last", "saturation_largest_first")
Pairs = frozenset[frozenset[str]]


def sparse(services: list[str], random: Random) -> Pairs:
    """Six conflicts for each service on average, anywhere."""
    return frozenset(frozenset(random.sample(services, 2)) for _ in range(3 * len(services)))


def clustered(services: list[str], random: Random) -> Pairs:
    """Teams of 25; inside a team each picked one of four stacks, half of the pairs across stacks clash."""
    pairs = set(sparse(services[::10], random))
    for start in range(0, len(services), 25):
        stack = {service: random.randrange(4) for service in services[start : start + 25]}
        across = (pair for pair in combinations(stack, 2) if stack[pair[0]] != stack[pair[1]])
        pairs |= {frozenset(pair) for pair in across if random.random() < 0.5}
    return frozenset(pairs)


def dense(services: list[str], random: Random) -> Pairs:
    """A hundred services of which any two clash with probability one half, the others apart from that."""
    return frozenset(frozenset(pair) for pair in combinations(services[:100], 2) if random.random() < 0.5)


def rival(services: list[str], pairs: Pairs, strategy: str) -> int:
    graph = nx.Graph()
    graph.add_nodes_from(services)
    graph.add_edges_from(tuple(sorted(pair)) for pair in pairs)
    return 1 + max(nx.greedy_color(graph, strategy).values())


def timed(work: Callable[[], int]) -> tuple[int, float]:
    start = process_time()
    return work(), process_time() - start


def compare(size: int, family: Callable[[list[str], Random], Pairs]) -> None:
    services = [f"s{i:05}" for i in range(size)]
    pairs = family(services, Random(size))
    start = process_time()
    found = partition(Exclusions(tuple(services), pairs), seconds=20)
    seconds = process_time() - start
    state = "proven" if found.proven else f"at least {found.lower_bound}"
    print(
        f"{size:>6} services, {len(pairs):>6} conflicts, {family.__name__:<9} {len(found.groups):>3} groups ({state})"
    )
    print(f"       {'this planner':<26} groups 1.00   time 1.00   ({seconds:.3f} s)")
    for strategy in STRATEGIES:
        groups, taken = timed(lambda strategy=strategy: rival(services, pairs, strategy))
        print(f"       {strategy:<26} groups {groups / len(found.groups):.2f}   time {taken / seconds:.2f}")


def questions(size: int) -> None:
    """The lazy loop with conflicts of two and three that only the judge knows, who gives minimal cores."""
    services = [f"s{i:05}" for i in range(size)]
    random = Random(size)
    hidden = {frozenset(random.sample(services, random.choice((2, 3)))) for _ in range(size // 5)}
    asked = 0

    def judge(group: frozenset[str]) -> Compatible | frozenset[str]:
        nonlocal asked
        asked += 1
        clashing = min((core for core in hidden if core <= group), key=sorted, default=None)
        return clashing or Compatible(tuple(sorted(group)), Stance.LOCKED, Grade.AS_LOCKED, Witness(()))

    start = process_time()
    result = plan(services, (), (), judge, seconds=20)
    bound, pairs = 4 * len(hidden) + 10, size * (size - 1) // 2
    seconds = process_time() - start
    print(f"{size:>6} services, {len(hidden):>6} hidden conflicts: {len(result.partition.groups)} groups")
    print(f"       {asked} questions, {asked / bound:.2f} of 4k+10, {asked / pairs:.4f} of the pairs ({seconds:.3f} s)")


def main() -> None:
    import_module("ortools.sat.python.cp_model")
    for size in [int(argument) for argument in sys.argv[1:]] or [100, 1000, 5000]:
        for family in (sparse, clustered, dense):
            compare(size, family)
        questions(size)


if __name__ == "__main__":
    main()
