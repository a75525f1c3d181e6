"""The use case ``plan --locks``: what each environment of a Plan installs, as files that installers read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from analyzer.package import Candidate
from analyzer.plan import Plan
from analyzer.report import Report
from analyzer.verdict import Witness
from cohabit.auditing import oracles_for
from cohabit.fleet import Progress
from cohabit.settings import Settings
from reports.lock_files import lock_files
from resolvers.seam import Digesting


def joint_locks(report: Report, settings: Settings, progress: Progress = lambda *_: None) -> Mapping[str, bytes]:
    """By their paths the lock files of the stance that is judged, with digests where the index tells them."""
    plan = report.plans[settings.stance]
    oracles = [oracle for oracle in oracles_for(report.fleet, settings) if isinstance(oracle, Digesting)]
    witnesses = list(_witnesses(plan))
    known: dict[Candidate, tuple[str, ...]] = {}
    for number, witness in enumerate(witnesses):
        progress("reading digests", number, len(witnesses))
        for oracle in oracles:
            known |= oracle.digests(witness)
    return lock_files(plan, known)


def _witnesses(plan: Plan) -> Iterator[Witness]:
    for container in plan.containers():
        found = (container.witness, *(venv.witness for venv in container.venvs))
        yield from (witness for witness in found if witness is not None)
