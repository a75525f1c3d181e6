"""Audits of random fleets with apt and dnf, against what dose-debcheck and libsolv say of the same words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from pathlib import Path
from random import Random

from analyzer.report import Report
from analyzer.service import Platform
from analyzer.verdict import Stance
from cohabit.auditing import examine_fleet
from cohabit.settings import Settings
from resolvers.deb.universe import read_universe as read_deb
from resolvers.rpm.universe import read_universe as read_rpm
from tests.cohabit.random_package_fleet import PYTHON, Distribution, Recipe, centos, control, debian, gathered, recipe
from tests.cohabit.test_package_fleets import UNIVERSE, verdicts
from tests.debian_universe import servers
from tests.fleet_truth import fewest
from tests.package_judges import BOOKWORM, CENTOS, Dose, Libsolv, Words

FLEETS, SERVICES = 3, 10
Group = tuple[str, ...]


@dataclass(frozen=True)
class Case:
    """A fleet and what was said of it."""

    root: Path
    recipes: Mapping[str, Recipe]
    report: Report

    def question(self, group: Group) -> tuple[str, Words]:
        """The release of a group, empty where it has several, and what its services ask together."""
        bases = {self.recipes[name].base for name in group}
        words = dict.fromkeys(word for name in group for word in self.recipes[name].words)
        return (bases.pop() if len(bases) == 1 else ""), tuple(words)


class Judges:
    """Ask each judge in as few runs as possible; two releases never fit."""

    def __init__(self, questions: Iterable[tuple[str, Words]]) -> None:
        by_base: dict[str, dict[Words, None]] = defaultdict(dict)
        for base, words in questions:
            by_base[base][words] = None
        judges = {"debian:12": Dose(), "centos:9": Libsolv()}
        self._said = {base: judge.judged(by_base[base]) for base, judge in judges.items() if by_base[base]}

    def fit(self, case: Case, group: Group) -> bool:
        """Whether services fit."""
        base, words = case.question(group)
        return base != "" and self._said[base][words]


@dataclass(frozen=True)
class Ground:
    """A frozen distribution, and the names that its services draw from: servers, more often than the rest."""

    system: Distribution
    names: Sequence[str]


@cache
def grounds() -> tuple[Ground, Ground]:
    """Debian 12 and CentOS Stream 9."""
    deb, rpm = read_deb([BOOKWORM]), read_rpm(CENTOS, "x86_64")
    # libsolv may take a lesser architecture alone, if nothing in the question reaches the machine's own.
    own = (unit for number, unit in enumerate(rpm.units) if number not in rpm.reserved)
    well_known = (CENTOS[0].parent / "well-known.txt").read_text().split()
    return (
        _ground(debian, [(unit.name, unit.version) for unit in deb.units], servers()),
        _ground(centos, [(unit.name, unit.version.rpartition(":")[2]) for unit in own], well_known),
    )


def _ground(
    make: Callable[[Mapping[str, Sequence[str]]], Distribution], units: Iterable[tuple[str, str]], known: Sequence[str]
) -> Ground:
    versions: dict[str, list[str]] = defaultdict(list)
    for name, version in units:
        versions[name].append(version)
    return Ground(make(versions), [*versions, *([name for name in known if name in versions] * 6)])


def recipes(random: Random) -> dict[str, Recipe]:
    """A fleet's services: three of four on Debian, one of those with a control file."""
    deb, rpm = grounds()
    made = {}
    for number in range(SERVICES):
        kind = random.choice(["deb", "deb", "deb", "control", "rpm", "rpm"])
        if kind == "control":
            made[f"svc{number}"] = control(random, deb.system.versions, deb.names)
        else:
            ground = deb if kind == "deb" else rpm
            made[f"svc{number}"] = recipe(random, ground.system, ground.names)
    return made


def audited(root: Path, seed: int) -> Case:
    """A random fleet, gathered and audited."""
    made = recipes(Random(seed))
    asked = Settings(platform=Platform(python=PYTHON), cache=False, universe=UNIVERSE, machine_lists=False)
    return Case(root, made, examine_fleet(gathered(root, made), asked))


def complaints(cases: Sequence[Case]) -> list[str]:
    """What the judges find wrong with the audits."""
    judges = Judges([case.question(group) for case in cases for group in {*_small(case), *_planned(case)}])
    found = ((case, said) for case in cases for said in (*_verdicts(case, judges), *_housing(case, judges)))
    return [f"{case.root}: {said}" for case, said in found]


def test_an_audit_says_what_the_judges_say(tmp_path: Path) -> None:
    cases = [audited(tmp_path / str(seed), seed) for seed in range(FLEETS)]
    assert any(case.report.conflicts for case in cases)
    assert not complaints(cases)


def _small(case: Case) -> list[Group]:
    """Every service alone, and every pair."""
    return [group for size in (1, 2) for group in combinations(sorted(case.recipes), size)]


def _planned(case: Case) -> set[Group]:
    return {
        tuple(sorted(container.services))
        for plan in case.report.plans.values()
        for machine in plan.machines
        for container in machine.containers
    }


def _verdicts(case: Case, judges: Judges) -> Iterator[str]:
    for stance in Stance:
        found = verdicts(case.report, stance)
        for group in _small(case):
            alone = len(group) == 1 or all(found[name,] for name in group)
            if alone and found.get(group, "missing") is not (expected := judges.fit(case, group)):
                yield f"{stance}: {group} is {found.get(group, 'missing')}, not {expected}: {case.question(group)}"


def _housing(case: Case, judges: Judges) -> Iterator[str]:
    for group in _planned(case):
        if not judges.fit(case, group):
            yield f"{group} do not fit in a container"
    for stance, plan in case.report.plans.items():
        standing = [name for name in sorted(case.recipes) if judges.fit(case, (name,))]
        housed = [s for machine in plan.machines for container in machine.containers for s in container.services]
        pairs = {pair: judges.fit(case, pair) for pair in combinations(standing, 2)}
        least = len(fewest(standing, pairs, lambda _: True)) if standing else 0
        if sorted(housed) != standing or not plan.proven or plan.environments < least:
            yield f"{stance}: {plan.environments} containers of {sorted(housed)} where {least} is the least"
