"""The truth of the fixture fleets with Debian and RPM packages, and how the judges establish it.

Services of different distributions or releases share no root filesystem. In one release the packages are
for dose-debcheck (Debian) or libsolv (RPM) to judge, and Python requirements for plain uv; where there is
no universe nobody can tell. Nothing of cohabit is used here but the frozen files.
"""

from __future__ import annotations

import json
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Any

from tests.fleet_truth import FLEETS, Services, Truth, Uv, fewest, frozen_uv
from tests.package_judges import Dose, Libsolv, Words

SYSTEMS = {"debian:12": "deb", "centos:9": "rpm"}
"""The releases with a frozen universe, and their package system."""
Verdict = bool | None
"""Compatible, conflict, or None where nobody can tell."""


@dataclass(frozen=True)
class PackageTruth:
    """A fleet and its ``truth.json``; ``services`` there hold what each service asks for."""

    name: str
    folder: Path
    document: Mapping[str, Any]

    @property
    def services(self) -> Services:
        """Names, sorted."""
        return tuple(sorted(self.document["services"]))

    def base(self, service: str) -> str:
        """The release that a service stands on."""
        base: str = self.document["services"][service]["base"]
        return base

    def words(self, stance: str, service: str) -> Words:
        """What a service asks of its package system. A list of installed packages is its lock; else each
        package in it is wanted."""
        asked = self.document["services"][service]
        words = list(asked.get(SYSTEMS.get(self.base(service), ""), ()))
        if "installed" in asked:
            lines = (self.folder / asked["installed"]).read_text().split()
            words += [_pinned(line) if stance == "locked" else _pinned(line).split()[0] for line in lines]
        return tuple(dict.fromkeys(words))

    def pip(self) -> Truth:
        """Their Python requirements, as plain uv is asked about them."""
        files = {name: s["pypi"] for name, s in self.document["services"].items() if "pypi" in s}
        document = {"python": self.document["python"], "asked": {"relocked": files}}
        return Truth(self.name, self.folder, document)


def _pinned(line: str) -> str:
    """A line of ``rpm -qa`` as a package at a version: ``bash-5.1.8-2.el9.x86_64``."""
    name, version, release = line.rpartition(".")[0].rsplit("-", 2)
    return f"{name} = {version}-{release}"


def load(name: str) -> PackageTruth:
    """Read ``fixtures/fleets/<name>/truth.json``."""
    return PackageTruth(name, FLEETS / name, json.loads((FLEETS / name / "truth.json").read_text()))


@dataclass
class Bench:
    """The judges together, for one fleet and stance. Remembers what they said."""

    truth: PackageTruth
    stance: str
    uv: Uv
    said: dict[Services, Verdict] = field(default_factory=dict)
    _resolved: dict[Services, bool] = field(default_factory=dict)
    _systems: Mapping[str, Dose | Libsolv] = field(default_factory=lambda: {"deb": Dose(), "rpm": Libsolv()})

    def judged(self, groups: Iterable[Services]) -> dict[Services, Verdict]:
        """The verdict of each group."""
        wanted = list(groups)
        by_base: dict[str, dict[Services, Words]] = defaultdict(dict)
        for group in wanted:
            first, *others = sorted({self.truth.base(service) for service in group})
            if others:
                self.said[group] = False
            elif group not in self.said:
                by_base[first][group] = self._together(group)
        for base, asked in by_base.items():
            self.said |= self._of_base(base, asked)
        return {group: self.said[group] for group in wanted}

    def _together(self, group: Services) -> Words:
        return tuple(sorted({word for service in group for word in self.truth.words(self.stance, service)}))

    def _of_base(self, base: str, asked: Mapping[Services, Words]) -> dict[Services, Verdict]:
        if base not in SYSTEMS:
            return dict.fromkeys(asked)
        verdicts = self._systems[SYSTEMS[base]].judged(dict.fromkeys(asked.values()))
        return {group: verdicts[words] and self._resolves(group) for group, words in asked.items()}

    def _resolves(self, group: Services) -> bool:
        pip = self.truth.pip()
        files = tuple(service for service in group if service in pip.services)
        if files not in self._resolved:
            self._resolved[files] = not files or self.uv.ask(pip, "relocked", files)
        return self._resolved[files]


def measure(bench: Bench) -> dict[str, Any]:
    """The whole table of a stance: each service alone, every pair of those that are no conflict alone,
    every minimal conflict of three, and the fewest containers with groups that reach it. Who is undecided
    has a container of its own."""
    services = bench.truth.services
    alone = bench.judged((service,) for service in services)
    standing = [service for service in services if alone[service,] is not False]
    pairs = bench.judged(combinations(standing, 2))
    groups = [group for part in _by_base(bench.truth, standing) for group in _fewest(part, pairs, bench)]
    return {
        "alone": {service: alone[service,] for service in services},
        "pairs": {" + ".join(pair): verdict for pair, verdict in pairs.items()},
        "threes": threes(standing, pairs, bench),
        "minimum": len(groups),
        "groups": sorted(groups),
    }


def beside(truth: PackageTruth, stance: str, standing: Sequence[str]) -> dict[str, dict[str, list[str]]]:
    """What clashes besides packages, worked by hand from the facts of ``services``, in pairs with the lines of
    both, of the services that are no conflict alone: ports, which a network namespace has once, and as locked the
    JDKs of images, which have no other."""
    ports: dict[str, list[str]] = {}
    jdks: dict[str, list[str]] = {}
    for one, other in combinations(standing, 2):
        mine, theirs = truth.document["services"][one], truth.document["services"][other]
        shared = sorted(mine.get("ports", {}).keys() & theirs.get("ports", {}).keys())
        if shared:
            ports[f"{one} + {other}"] = sorted(facts["ports"][port] for port in shared for facts in (mine, theirs))
        if stance == "locked" and "jdk" in mine and "jdk" in theirs and mine["jdk"]["image"] != theirs["jdk"]["image"]:
            jdks[f"{one} + {other}"] = [mine["jdk"]["line"], theirs["jdk"]["line"]]
    return {"ports": ports, "jdks": jdks}


def whole(bench: Bench, table: Mapping[str, Any]) -> dict[str, Any]:
    """The fewest containers where ports and JDKs count as well, with groups that reach it. ``table`` is the
    stance's, as ``measure`` makes it."""
    services = [name for name, verdict in table["alone"].items() if verdict is not False]
    clashing = {pair for kind in beside(bench.truth, bench.stance, services).values() for pair in kind}
    said = table["pairs"].items()
    pairs: dict[Services, Verdict] = {tuple(pair.split(" + ")): v and pair not in clashing for pair, v in said}
    groups = [group for part in _by_base(bench.truth, services) for group in _fewest(part, pairs, bench)]
    return {"minimum": len(groups), "groups": sorted(groups)}


def threes(standing: Sequence[str], pairs: Mapping[Services, Verdict], bench: Bench) -> list[Services]:
    """Every conflict of three services of which any two fit."""
    fitting = [g for g in combinations(standing, 3) if all(pairs[pair] for pair in combinations(g, 2))]
    return [group for group, verdict in bench.judged(fitting).items() if verdict is False]


def _by_base(truth: PackageTruth, services: Sequence[str]) -> list[list[str]]:
    bases = sorted({truth.base(service) for service in services})
    return [[service for service in services if truth.base(service) == base] for base in bases]


def _fewest(part: Sequence[str], pairs: Mapping[Services, Verdict], bench: Bench) -> list[list[str]]:
    known: dict[Services, bool] = {pair: bool(pairs[pair]) for pair in combinations(sorted(part), 2)}
    return fewest(part, known, lambda group: bool(bench.judged([group])[group]))


def record(truth: PackageTruth) -> None:
    """Fill the fleet's ``truth.json`` with what the judges say."""
    document = dict(truth.document)
    with tempfile.TemporaryDirectory() as scratch:
        uv = frozen_uv(truth.pip(), Path(scratch))
        document["established"] = {"tools": [Dose.tool, Libsolv.tool, uv.version()]}
        for stance in ("locked", "relocked"):
            bench = Bench(truth, stance, uv)
            table = measure(bench)
            standing = [name for name, verdict in table["alone"].items() if verdict is not False]
            document[stance] = table | {"beside": beside(truth, stance, standing), "whole": whole(bench, table)}
    (truth.folder / "truth.json").write_text(json.dumps(document, indent=1) + "\n")
