"""Bin packing with conflicts on arbitrary graphs: what the planner proves about the machines of a fleet.

    python benchmarks/packing.py [ITEMS ...] [--seconds 60]

Items have a size in memory and one in cpu; any two exclude one another with one probability,
wherever they are, which is harder than the threshold graphs of the usual generator. "large" items
are those of the literature (20 to 100, bins of 150), "small" ones fill bins with five or so.
Times are of the processor, so that a busy machine doesn't change them.
"""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from itertools import combinations
from pathlib import Path
from random import Random
from time import process_time

sys.path.insert(0, str(Path(__file__).parents[1]))

from analyzer.planner.freight import Bin, Freight
from analyzer.planner.packing import Packed, pack

SIZES = {"large": (20, 100), "small": (10, 50)}
DENSITIES = (0.1, 0.3, 0.6)
ONE = (Bin("machine", {"memory": 150, "cpu": 150}),)
SEVERAL = (
    Bin("small", {"memory": 110, "cpu": 110}, 80),
    Bin("machine", {"memory": 150, "cpu": 150}, 100),
    Bin("large", {"memory": 300, "cpu": 240}, 180),
)


def freight(count: int, sizes: str, density: float, bins: tuple[Bin, ...]) -> Freight:
    random = Random(f"{count} {sizes} {density}")
    items = {f"s{i:03}": {room: random.randint(*SIZES[sizes]) for room in ("memory", "cpu")} for i in range(count)}
    pairs = (frozenset(pair) for pair in combinations(items, 2) if random.random() < density)
    return Freight(items, bins, frozenset(pairs))


def measured(label: str, given: Freight, seconds: float) -> tuple[bool, int]:
    """Whether it was proven, and how many bins it may be off, in bins of the cheapest type."""
    start = process_time()
    found = pack(given, seconds=seconds)
    taken = process_time() - start
    assert isinstance(found, Packed)
    certificate = found.certificate.ground.name.lower() if found.certificate else "search"
    state = f"proven by {certificate}" if found.proven else "open"
    print(
        f"{label:<32} {len(given.exclusions):>5} conflicts  cost {found.cost:>5}  bound {found.lower_bound:>5}"
        f"  {len(found.bins):>3} bins  {taken:7.2f} s  {state}",
        flush=True,
    )
    return found.proven, found.cost - found.lower_bound


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("items", nargs="*", type=int, default=[60, 90, 120])
    parser.add_argument("--seconds", type=float, default=60)
    given = parser.parse_args()
    for module in ("ortools.sat.python.cp_model", "ortools.linear_solver.pywraplp"):
        import_module(module)
    for name, bins in (("one type", ONE), ("three types, by price", SEVERAL)):
        results = [
            measured(f"{count:>4} {sizes} {density:.1f} {name}", freight(count, sizes, density, bins), given.seconds)
            for count in given.items
            for sizes in SIZES
            for density in DENSITIES
        ]
        proven = sum(state for state, _ in results)
        print(f"{name}: {proven} of {len(results)} proven, at most {max(gap for _, gap in results)} off\n")


if __name__ == "__main__":
    main()
