"""Random sets of server packages, judged by this universe and by dose-debcheck on the same index.

Half of the sets are drawn from the packages that conflict with another of the list.

    python benchmarks/debian_agreement.py INDEX [SETS]

``INDEX`` is a Packages file, compressed or not. Prints how often the two agree, and every set on which they
do not; the exit code is 1 if there is one.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from itertools import combinations
from pathlib import Path
from random import Random
from time import perf_counter

sys.path.insert(0, str(Path(__file__).parents[1]))

from analyzer.coinstall.coinstallability import Coinstallability
from analyzer.origin import Origin
from analyzer.package import Package
from analyzer.requirement import Requirement
from resolvers.deb.universe import read_universe
from tests.debian_judges import dose_refuses, inflated

SERVERS = Path(__file__).parents[1] / "fixtures" / "deb" / "servers.txt"
_HERE = Origin("benchmark")


def main() -> int:
    place, count = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 2000
    start = perf_counter()
    universe = read_universe([place])
    judge = Coinstallability(universe)
    versions = {u.name: u.version for u in universe.units if u.rank == 0}
    names = [name for name in SERVERS.read_text().split() if name in versions]
    sets = random_sets(judge, names, count)
    ours = [judge.fit(asked_for(chosen)) for chosen in sets]
    middle = perf_counter()
    asked = {
        str(number): ", ".join(f"{name} (= {versions[name]})" for name in chosen) for number, chosen in enumerate(sets)
    }
    refused = dose_refuses(inflated(place), asked)
    end = perf_counter()
    wrong = [
        (chosen, fits)
        for number, (chosen, fits) in enumerate(zip(sets, ours, strict=True))
        if fits == (str(number) in refused)
    ]
    print(f"{universe.name}: {count} sets of 2 to 6 of {len(names)} server packages, {ours.count(False)} conflicts")
    print(f"agreement {count - len(wrong)} of {count}; {middle - start:.1f} s here, {end - middle:.1f} s dose-debcheck")
    for chosen, fits in wrong:
        print(f"  {'compatible' if fits else 'conflict'} here, not by dose-debcheck: {' '.join(chosen)}")
    return 1 if wrong else 0


def random_sets(judge: Coinstallability, names: list[str], count: int) -> list[tuple[str, ...]]:
    quarrels = [pair for pair in combinations(names, 2) if not judge.fit(asked_for(pair))]
    contested = sorted({name for pair in quarrels for name in pair})
    random = Random(count)
    drawn = (random.sample(contested if number % 2 else names, random.randint(2, 6)) for number in range(count))
    return [tuple(sorted(chosen)) for chosen in drawn]


def asked_for(names: Iterable[str]) -> list[Requirement]:
    return [Requirement(Package("deb", name), "", _HERE) for name in names]


if __name__ == "__main__":
    sys.exit(main())
