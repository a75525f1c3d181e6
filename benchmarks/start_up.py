"""The time of ``cohabit --help``, as a ratio to ``python -c 'import rich'``.

    python -m benchmarks.start_up

Both run as whole processes in turn, so that the ratio holds when the machine's speed drifts.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

RUNS = 15


def main() -> None:
    ours, theirs = [], []
    for _ in range(RUNS):
        ours.append(seconds("-m", "cohabit", "--help"))
        theirs.append(seconds("-c", "import rich"))
    ratio = statistics.median(a / b for a, b in zip(ours, theirs, strict=True))
    print(f"cohabit --help   {statistics.median(ours) * 1000:6.0f} ms (median of {RUNS})")
    print(f"import rich      {statistics.median(theirs) * 1000:6.0f} ms")
    print(f"ratio            {ratio:6.1f}")


def seconds(*arguments: str) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
