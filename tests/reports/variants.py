"""The example's Report with what few fleets have: replicas, conflicts at two boundaries."""

from __future__ import annotations

from dataclasses import replace

from analyzer.boundary import Boundary
from analyzer.plan import Container, Machine, Plan, Venv
from analyzer.report import Report
from analyzer.verdict import Code, Stance
from tests.reports.example import example_report

REPLICATED = "accounts"
"""Stands in the first container, in the third beside ``loadgen`` and ``payments``, and alone in the fourth."""


def replicated_report() -> Report:
    """A Report whose plan after re-locking has three replicas of a service."""
    report = example_report()
    plan = report.plans[Stance.RELOCKED]
    return replace(report, plans={**report.plans, Stance.RELOCKED: _replicated(plan)})


def _replicated(plan: Plan) -> Plan:
    first, second, third = plan.containers()
    again = Container((Venv((*third.services, REPLICATED)),))
    alone = Container((Venv((REPLICATED,)),))
    machines = tuple(Machine(containers) for containers in ((first, second), (again,), (alone,)))
    return replace(plan, machines=machines)


def two_boundaries() -> Report:
    """A Report in which only containers keep two versions of the interpreter apart."""
    report = example_report()
    conflicts = tuple(
        replace(c, boundary=Boundary.CONTAINER) if c.code is Code.INTERPRETER else c for c in report.conflicts
    )
    return replace(report, conflicts=conflicts)
