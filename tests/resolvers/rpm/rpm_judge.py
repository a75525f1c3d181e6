"""rpm itself as a judge of versions, and pairs of versions to ask it about."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from random import Random

Pair = tuple[str, str]
_PARTS = ["0", "1", "2", "9", "10", "00", "007", "2024", "a", "b", "rc", "el9", "A", "Z", ".", ".", "_", "+", "~", "^"]
_LUA = """%{lua: for line in io.lines('PATH') do
  local tab = line:find(string.char(9))
  print(rpm.vercmp(line:sub(1, tab - 1), line:sub(tab + 1)) .. ' ')
end}"""


def rpm_order(pairs: Sequence[Pair]) -> list[int]:
    """-1, 0 or 1 for each pair of ``[epoch:]version[-release]``, by rpm itself."""
    with tempfile.TemporaryDirectory() as folder:
        question = Path(folder, "pairs")
        question.write_text("".join(f"{one}\t{two}\n" for one, two in pairs))
        command = ["rpm", "--eval", _LUA.replace("PATH", str(question))]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    return [int(word) for word in done.stdout.split()]


def random_pairs(count: int, seed: int) -> list[Pair]:
    """Pairs of versions, one in four with a release or an epoch; most share a start, so that their ends
    decide."""
    random = Random(seed)
    return [_pair(random) for _ in range(count)]


def _pair(random: Random) -> Pair:
    one = _version(random)
    cut = random.randint(0, len(one))
    other = (one[:cut] + random.choice(_PARTS) + one[cut + random.randint(0, 1) :]) or "0"
    two = other if random.random() < 0.8 else _version(random)
    return (_evr(one, random), _evr(two, random)) if random.random() < 0.25 else (one, two)


def _evr(version: str, random: Random) -> str:
    epoch = random.choice(["", "", "0:", "1:", "01:"])
    release = random.choice(["", f"-{random.choice(_PARTS)}.el9", f"-{random.randint(1, 3)}"])
    return f"{epoch}{version}{release}"


def _version(random: Random) -> str:
    return "".join(random.choice(_PARTS) for _ in range(random.randint(1, 7)))
