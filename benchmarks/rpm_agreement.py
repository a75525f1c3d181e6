"""Compares verdicts on RPM repositories with libsolv's, and the time that both take.

    python benchmarks/rpm_agreement.py BASEOS APPSTREAM [--sets 5000] [--packages 200] [--seed 9]

Judges every package alone, random sets of 2 to 6 packages (in half of them one is drawn from those that
declare a conflict), and all pairs of some packages that can be installed alone.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from itertools import combinations
from pathlib import Path
from random import Random
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from analyzer.coinstall.coinstallability import Coinstallability  # noqa: E402
from analyzer.coinstall.survey import Survey  # noqa: E402
from analyzer.origin import Origin  # noqa: E402
from analyzer.package import Package  # noqa: E402
from analyzer.requirement import Requirement  # noqa: E402
from resolvers.rpm.universe import RpmUniverse, read_universe  # noqa: E402
from tests.resolvers.rpm.libsolv import Libsolv  # noqa: E402


def main() -> None:
    options = _options()
    universe = _read(options.repositories)
    names = sorted({unit.name for unit in universe.units})
    random = Random(options.seed)
    alone = _compare(universe, options.repositories, [(name,) for name in names], "alone")
    good = [name for name, fits in zip(names, alone, strict=True) if fits]
    _compare(universe, options.repositories, _sets(universe, good, options.sets, random), "random sets of 2 to 6")
    _all_pairs(universe, options.repositories, random.sample(good, min(options.packages, len(good))))
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB")


def _sets(universe: RpmUniverse, names: Sequence[str], number: int, random: Random) -> list[list[str]]:
    declaring = {
        universe.units[unit].name
        for unit in range(len(universe.units))
        if any(exclusion.field for exclusion in universe.exclusions(unit))
    }
    quarrelsome = sorted(declaring.intersection(names))
    sets = [random.sample(names, random.randint(2, 6)) for _ in range(number)]
    return [[random.choice(quarrelsome), *some[1:]] if odd % 2 else some for odd, some in enumerate(sets)]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("repositories", nargs="+", type=Path)
    parser.add_argument("--sets", type=int, default=5000)
    parser.add_argument("--packages", type=int, default=200)
    parser.add_argument("--seed", type=int, default=9)
    return parser.parse_args()


def _read(repositories: Sequence[Path]) -> RpmUniverse:
    with tempfile.TemporaryDirectory() as cache:
        for start in ("first", "second"):
            started = time.perf_counter()
            universe = read_universe(repositories, cache=Path(cache))
            print(f"{universe.name}: {start} start {time.perf_counter() - started:.2f} s")
    return universe


def _compare(
    universe: RpmUniverse, repositories: Sequence[Path], sets: Sequence[Sequence[str]], what: str
) -> list[bool]:
    """Prints where verdicts differ; returns ours."""
    started = time.perf_counter()
    judge = Coinstallability(universe)
    ours = [judge.fit([_requirement(name) for name in names]) for names in sets]
    seconds = time.perf_counter() - started
    for one_architecture in (False, True):
        with Libsolv() as libsolv:
            theirs = libsolv.judged(repositories, sets, one_architecture=one_architecture)
        _report(what, sets, ours, seconds, theirs, " with one architecture" if one_architecture else "")
    return ours


def _all_pairs(universe: RpmUniverse, repositories: Sequence[Path], names: Sequence[str]) -> None:
    pairs = list(combinations(sorted(names), 2))
    started = time.perf_counter()
    survey = Survey(Coinstallability(universe), {name: [_requirement(name)] for name in names})
    clashes = set(survey.clashes())
    seconds = time.perf_counter() - started
    ours = [frozenset(pair) not in clashes for pair in pairs]
    with Libsolv() as libsolv:
        _report(f"all pairs of {len(names)}", pairs, ours, seconds, libsolv.judged(repositories, pairs), "")
    print(f"  {len(pairs) / seconds:,.0f} pairs a second")


def _report(
    what: str,
    sets: Sequence[Sequence[str]],
    ours: Sequence[bool],
    seconds: float,
    theirs: Mapping[str, Any],
    how: str,
) -> None:
    judgements = zip(sets, ours, theirs["verdicts"], theirs["first"], strict=True)
    differing = [(names, mine, reason) for names, mine, yours, reason in judgements if mine != yours]
    print(
        f"{what}: {len(sets):,} judged, {ours.count(False):,} conflicts, {len(differing)} differ from libsolv{how};"
        f" {seconds:.2f} s, libsolv {theirs['seconds']:.2f} s, ratio {theirs['seconds'] / seconds:.1f}"
    )
    for names, mine, reason in differing[:10]:
        print(f"  {' '.join(names)}: {'fits here' if mine else 'does not fit here'}, libsolv: {reason or 'fits'}")


def _requirement(name: str) -> Requirement:
    return Requirement(Package("rpm", name), "", Origin("benchmark"))


if __name__ == "__main__":
    main()
