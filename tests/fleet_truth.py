"""The fixture fleets' truth, and the independent judge: what plain uv says of the files together.

Nothing of cohabit is used here. A question is one ``uv pip compile`` of several services'
requirements; ``truth.json`` lists what each service hands to uv under each stance.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any

from tests.local_index import frozen_index

FLEETS = Path(__file__).parent.parent / "fixtures" / "fleets"
STANCES = ("locked", "relocked")
EXHAUSTIVE = 7
"""The largest fleet whose every subset is asked about."""
_NO_ANSWER = ("was not found in the", "no usable wheels", "network was disabled")
Services = tuple[str, ...]
Ask = Callable[[Services], bool]


@dataclass(frozen=True)
class Truth:
    """One fleet and its ``truth.json``.

    ``asked`` maps stance and service to what uv is given: a manifest's path in the fleet, or
    requirement lines. ``pythons`` are the versions (``major.minor``) each service may run on.
    """

    name: str
    folder: Path
    document: Mapping[str, Any]

    @property
    def services(self) -> Services:
        """Names, sorted."""
        return tuple(sorted(self.document["asked"]["relocked"]))

    def pythons(self, services: Services) -> tuple[str, ...]:
        """Python versions that all the services may run on."""
        own = self.document.get("pythons", {})
        common = [own.get(service, [self.document["python"]]) for service in services]
        return tuple(python for python in common[0] if all(python in others for others in common))

    def given(self, stance: str, service: str) -> str | list[str]:
        """What uv is handed for a service; without a lock both stances are the same."""
        asked = self.document["asked"]
        answer: str | list[str] = asked.get(stance, {}).get(service, asked["relocked"][service])
        return answer


def load(name: str) -> Truth:
    """Read ``fixtures/fleets/<name>/truth.json``."""
    folder = FLEETS / name
    return Truth(name, folder, json.loads((folder / "truth.json").read_text()))


def fleets() -> tuple[Truth, ...]:
    """Every fixture fleet whose truth is uv's, sorted by name."""
    found = (load(file.parent.name) for file in sorted(FLEETS.glob("*/truth.json")))
    return tuple(truth for truth in found if "asked" in truth.document)


@dataclass(frozen=True)
class Uv:
    """Plain uv before one index; ``options`` say which (``--index-url``, ``--exclude-newer``)."""

    options: Sequence[str]
    cache: Path
    command: str = str(Path(sys.executable).parent / "uv")

    def ask(self, truth: Truth, stance: str, services: Services) -> bool:
        """Whether the services resolve together, on any Python version that all may run on.

        Raises RuntimeError where uv fails for another reason than a contradiction.
        """
        return any(self.compile(truth, stance, services, python) for python in truth.pythons(services))

    def compile(self, truth: Truth, stance: str, services: Services, python: str, extra: Sequence[str] = ()) -> str:
        """The pins of a resolution, empty where there is none (never empty otherwise)."""
        with tempfile.TemporaryDirectory() as scratch:
            files = [self._file(truth, stance, service, Path(scratch)) for service in services]
            builds = [] if truth.document.get("builds") else ["--no-build"]
            run = subprocess.run(
                [self.command, "pip", "compile", "--no-config", "--no-header", "--no-annotate", "--color", "never",
                 "--python", sys.executable, "--python-version", python, "--no-python-downloads",
                 "--python-platform", "x86_64-manylinux_2_28", "--cache-dir", str(self.cache),
                 *builds, *self.options, *extra, "--", *map(str, files)],
                capture_output=True, text=True, check=False, cwd=scratch, env=_surroundings(),
            )  # fmt: skip
        if run.returncode == 0:
            return run.stdout or "# nothing\n"
        if "No solution found" in run.stderr and not any(excuse in run.stderr for excuse in _NO_ANSWER):
            return ""
        raise RuntimeError(f"{truth.name}, {stance}, {' + '.join(services)}: {run.stderr}")

    def version(self) -> str:
        """``uv`` and its version number."""
        run = subprocess.run([self.command, "--version"], capture_output=True, text=True, check=True)
        return " ".join(run.stdout.split()[:2])

    def _file(self, truth: Truth, stance: str, service: str, scratch: Path) -> Path:
        given = truth.given(stance, service)
        if isinstance(given, str):
            return truth.folder / given
        file = scratch / f"{re.sub('[^a-z0-9-]', '-', service.lower())}.in"
        file.write_text("".join(f"{line}\n" for line in given))
        return file


def _surroundings() -> dict[str, str]:
    """The environment without settings of the user's own for uv."""
    return {name: value for name, value in os.environ.items() if not name.startswith("UV_")}


def frozen_uv(truth: Truth, cache: Path) -> Uv:
    """Plain uv before the frozen index, offline."""
    index = frozen_index(built=bool(truth.document.get("builds")))
    return Uv(("--index-url", index.as_uri()), cache)


def statements(truth: Truth, stance: str) -> dict[Services, bool]:
    """All that a truth table says: services alone, pairs, the groups of the minimum, the minimal
    conflicts. Nothing where a fleet has no locks and the other stance says the same."""
    if stance == "locked" and "locked" not in truth.document["asked"]:
        return {}
    table = truth.document[stance]
    said = {tuple(group): True for group in table["groups"]}
    said |= {tuple(group): False for group in table.get("minimal_conflicts", ())}
    said |= {(service,): sat for service, sat in table["alone"].items()}
    return said | {tuple(pair.split(" + ")): sat for pair, sat in table["pairs"].items()}


def disagreements(truth: Truth, stance: str, uv: Uv, sample: int = sys.maxsize) -> Iterator[str]:
    """Every statement of a truth table that uv contradicts.

    ``sample`` bounds how many are checked: all that say conflict, and the rest evenly spread.
    """
    said = statements(truth, stance)
    compatible = [services for services, sat in said.items() if sat]
    step = -(-len(compatible) // max(1, sample - len(said) + len(compatible)))
    checked = {s: said[s] for s in [*compatible[:: max(1, step)], *(s for s, sat in said.items() if not sat)]}
    with ThreadPoolExecutor(2) as pool:
        answers = pool.map(lambda services: uv.ask(truth, stance, services), checked)
        for (services, sat), answer in zip(checked.items(), answers, strict=True):
            if answer is not sat:
                yield f"{stance}: {' + '.join(services)} is {answer}, was {sat}"


def record(truth: Truth, uv: Uv, day: str = "") -> None:
    """Fill a fleet's ``truth.json`` with what uv says; ``day`` fixes the registry, where it is one."""
    document = dict(truth.document)
    flags = ("" if document.get("builds") else " --no-build") + (f" --exclude-newer {day}" if day else "")
    command = f"uv pip compile{flags} --python-platform x86_64-manylinux_2_28 --python-version VERSION FILE..."
    document["established"] = {"command": command, "tool": uv.version(), "day": day or date.today().isoformat()}
    document["relocked"] = measure(truth, "relocked", uv)
    document["locked"] = measure(truth, "locked", uv) if document["asked"].get("locked") else document["relocked"]
    (truth.folder / "truth.json").write_text(json.dumps(document, indent=1) + "\n")


def measure(truth: Truth, stance: str, uv: Uv) -> dict[str, Any]:
    """The whole table of a stance: each service alone, every pair of those that stand alone, the
    fewest environments with groups that reach it, and for small fleets every minimal conflict."""

    def answers(questions: Iterable[Services]) -> dict[Services, bool]:
        asked = list(questions)
        with ThreadPoolExecutor(2) as pool:
            return dict(zip(asked, pool.map(lambda q: uv.ask(truth, stance, q), asked), strict=True))

    alone = answers((service,) for service in truth.services)
    standing = [service for service in truth.services if alone[service,]]
    pairs = answers(combinations(standing, 2))
    groups = fewest(standing, pairs, lambda group: uv.ask(truth, stance, group))
    table = {
        "alone": {service: alone[service,] for service in truth.services},
        "pairs": {" + ".join(pair): sat for pair, sat in pairs.items()},
        "minimum": len(groups),
        "groups": groups,
    }
    if len(truth.services) > EXHAUSTIVE:
        return table
    return table | {"minimal_conflicts": minimal_conflicts(truth.services, answers)}


def minimal_conflicts(
    services: Services, answers: Callable[[Iterable[Services]], Mapping[Services, bool]]
) -> list[Services]:
    """Every minimal set of services that cannot be resolved together, by asking about each set
    that contains no smaller one, smallest first."""
    found: list[Services] = []
    for size in range(1, len(services) + 1):
        candidates = [s for s in combinations(services, size) if not any(set(f) <= set(s) for f in found)]
        found += [s for s, sat in answers(candidates).items() if not sat]
    return found


def fewest(services: Sequence[str], pairs: Mapping[Services, bool], joint: Ask) -> list[list[str]]:
    """A partition into the fewest groups that resolve jointly, by trying every partition of each
    size in turn; pairs known to clash prune it, so the most embattled services come first."""
    known: dict[Services, bool] = dict(pairs)
    clashes = Counter(service for pair, sat in pairs.items() if not sat for service in pair)

    def fits(members: Services) -> bool:
        group = tuple(sorted(members))
        if not all(known[pair] for pair in combinations(group, 2)):
            return False
        if len(group) > 2 and group not in known:
            known[group] = joint(group)
        return len(group) < 2 or known[group]

    embattled = sorted(services, key=lambda service: (-clashes[service], service))
    limit = 0
    while (found := _partition(embattled, [], limit, fits)) is None:
        limit += 1
    return sorted(sorted(group) for group in found)


def _partition(rest: list[str], groups: list[list[str]], limit: int, fits: Ask) -> list[list[str]] | None:
    if not rest:
        return groups
    service, *later = rest
    for index, group in enumerate(groups):
        if fits((*group, service)):
            widened = [*groups[:index], [*group, service], *groups[index + 1 :]]
            if (found := _partition(later, widened, limit, fits)) is not None:
                return found
    if len(groups) < limit:
        return _partition(later, [*groups, [service]], limit, fits)
    return None
