"""Audits of random fleets before random indexes, against what plain uv says of the same files."""

from __future__ import annotations

import os
import subprocess
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, event, given, settings

from analyzer.report import Report
from analyzer.requirement import Force
from analyzer.service import Platform
from analyzer.verdict import Conflict, Demand, Stance
from cohabit.auditing import examine_fleet
from cohabit.settings import Settings
from tests.cohabit.plain_uv import Truth, Uv, missing
from tests.cohabit.random_fleet import PREFERRED, Case, cases
from tests.fleet_truth import fewest
from tests.local_index import build_index

Verdicts = Mapping[tuple[str, ...], bool | None]


@pytest.fixture(scope="session")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("random-fleets")


EXAMPLES = 40
PHASES = (Phase.explicit, Phase.generate)
"""Without shrinking, which takes minutes: a failure leaves its whole fleet on disk."""
_COUNT = Counter[str]()


@settings(
    max_examples=EXAMPLES, derandomize=True, database=None, deadline=None, phases=PHASES,
    suppress_health_check=[HealthCheck.too_slow],
)  # fmt: skip
@given(cases())
def test_an_audit_says_what_plain_uv_says(scratch: Path, case: Case) -> None:
    _COUNT["cases"] += 1
    root = scratch / str(_COUNT["cases"])
    uv = Uv(build_index(scratch / "index", case.distributions).as_uri(), scratch / "cache")
    case.write(root)
    for name in (name for name, service in case.services.items() if service.compiled):
        uv.lock(root / name)
    fleet = case.gathered(root)
    asked = Settings(platform=Platform(python=PREFERRED), index_url=uv.index, cache=False)
    report = examine_fleet(fleet, asked)
    event(f"conflicts: {len(report.conflicts)}")
    complaints = [c for stance in Stance for c in _complaints(report, Truth(root, fleet, stance, uv), case)]
    assert not complaints, "\n".join([f"{root} before {uv.index}", *complaints])


def _complaints(report: Report, truth: Truth, case: Case) -> Iterator[str]:
    found = verdicts(report, truth.stance)
    for complaint in (
        *_wrong_verdicts(found, truth),
        *_unfounded(report.conflicts_under(truth.stance), truth),
        *_unreal(report, truth, case),
        *_badly_housed(report, truth, found),
    ):
        yield f"{truth.stance}: {complaint}"


def verdicts(report: Report, stance: Stance) -> Verdicts:
    """Of every service alone and every pair: compatible, conflict, or None for undecided."""
    found: dict[tuple[str, ...], bool | None] = {u.services: None for u in report.undecided if u.stance is stance}
    for group in (g for g in report.compatible if g.stance is stance):
        found |= {part: True for size in (1, 2) for part in combinations(sorted(group.services), size)}
    return found | {conflict.services: False for conflict in report.conflicts_under(stance)}


def _wrong_verdicts(found: Verdicts, truth: Truth) -> Iterator[str]:
    names = sorted(service.name for service in truth.fleet.services)
    for group in (g for size in (1, 2) for g in combinations(names, size)):
        if len(group) == 2 and any(found[name,] is False for name in group):
            continue
        acceptable = truth.acceptable(group)
        if any(None in truth.acceptable((name,)) for name in group):
            acceptable.add(None)
        if found.get(group, "no verdict") not in acceptable:
            yield f"{group} is {found.get(group, 'without verdict')}, uv says {acceptable}"


def _unfounded(conflicts: Iterable[Conflict], truth: Truth) -> Iterator[str]:
    """Conflicts whose requirements do not clash, clash without one of them, or cannot be replayed."""
    for conflict in conflicts:
        if not _refuses(conflict.replay, truth.uv):
            yield f"{conflict.services}: no clash in {conflict.replay}"
        about_packages = [d for d in conflict.requirements if d.requirement.package.type == "pypi"]
        for left_out in about_packages:
            rest = [d for d in about_packages if d != left_out]
            if all(_clash(rest, truth, python) for python in truth.pythons(conflict.services) or [PREFERRED]):
                yield f"{conflict.services} clash without {left_out}"


def _refuses(replay: str, uv: Uv) -> bool:
    found = f"{Path(uv.binary).parent}{os.pathsep}{os.environ['PATH']}"
    surroundings = {"PATH": found, "HOME": str(uv.cache.parent), "UV_CACHE_DIR": str(uv.cache)}
    command = ["sh", "-c", replay]
    # A replay with constraints writes them into the folder where it runs.
    folder = uv.cache.parent
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env=surroundings)
    return done.returncode != 0 and ("No solution found" in done.stderr or "python find" in replay)


def _clash(demands: Iterable[Demand], truth: Truth, python: str) -> bool:
    by_force: dict[Force, list[str]] = {force: [] for force in Force}
    for requirement in (d.requirement for d in demands):
        by_force[requirement.force].append(
            f"{requirement} ; {requirement.marker}" if requirement.marker else str(requirement)
        )
    lines, limits = by_force[Force.REQUIRES], by_force[Force.LIMITS]
    return truth.uv.surely_resolves_not(lines, limits, python, truth.root)


def _unreal(report: Report, truth: Truth, case: Case) -> Iterator[str]:
    """Groups whose Witness is no installation of what they want."""
    for group in (g for g in report.compatible if g.stance is truth.stance):
        lines = [line for name in group.services for line in truth.lines(name, case.services[name].lines)]
        if lack := missing(case.distributions, lines, group.witness):
            yield f"{group.services}: {lack}"


def _badly_housed(report: Report, truth: Truth, found: Verdicts) -> Iterator[str]:
    plan = report.plans[truth.stance]
    for venv in (v for machine in plan.machines for container in machine.containers for v in container.venvs):
        if len(venv.services) > 1 and not truth.fits(venv.services):
            yield f"{venv.services} do not fit"
    if None not in found.values():
        names = [name for (name,) in (group for group in found if len(group) == 1) if found[name,]]
        pairs = {pair: truth.fits(pair) for pair in combinations(sorted(names), 2)}
        least = len(fewest(names, pairs, truth.fits)) if names else 0
        if (plan.environments, plan.proven) != (least, True):
            yield f"{plan.environments} environments (proven: {plan.proven}) where {least} do"
