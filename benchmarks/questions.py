"""How many questions an audit asks, against asking about every pair; and the time of both.

    python -m benchmarks.questions

Every fixture fleet with eight services or more is audited on the frozen index, then plain uv is asked about every pair
under both stances. Nothing is cached in either.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import TypeVar

import cohabit
from analyzer.verdict import Stance
from tests.fleet_truth import Truth, fleets, frozen_uv
from tests.local_index import frozen_index

T = TypeVar("T")


def main() -> None:
    print(
        f"{'fleet':14} {'services':>8} {'pairs':>6} {'conflicts':>9} {'questions':>9} {'4k+10':>6} "
        f"{'pairs/question':>14} {'audit s':>8} {'pairwise s':>10} {'ratio':>6}"
    )
    for truth in fleets():
        if len(truth.services) >= 8:
            print(row(truth))


def row(truth: Truth) -> str:
    index = frozen_index(built=bool(truth.document.get("builds"))).as_uri()
    report, ours = timed(lambda: cohabit.audit(truth.folder, index_url=index, exclude_newer="", cache=False))
    stances = ["locked", "relocked"] if truth.document["asked"].get("locked") else ["relocked"]
    with tempfile.TemporaryDirectory() as cache:
        uv = frozen_uv(truth, Path(cache))
        alone = report.alone(Stance.RELOCKED)
        names = [s for s in truth.services if s not in alone]
        pairs = list(combinations(names, 2))
        _, theirs = timed(lambda: [uv.ask(truth, stance, pair) for stance in stances for pair in pairs])
    asked, total = report.oracle.questions["pip"], len(pairs) * len(stances)
    return (
        f"{truth.name:14} {len(truth.services):8} {total:6} {len(report.conflicts):9} {asked:9} "
        f"{4 * len(report.conflicts) + 10:6} {total / asked:14.1f} {ours:8.2f} {theirs:10.2f} {theirs / ours:6.1f}"
    )


def timed(work: Callable[[], T]) -> tuple[T, float]:
    start = time.perf_counter()
    return work(), time.perf_counter() - start


if __name__ == "__main__":
    main()
