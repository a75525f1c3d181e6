"""The layout that the gate judges, in words."""

from __future__ import annotations

from collections import Counter

from analyzer.boundary import Boundary
from analyzer.planner.capacity import NOUNS
from analyzer.service import Fleet
from reports.argument import enumeration
from reports.prose import count, names

_NOUNS = {**NOUNS, Boundary.PROCESS: "process"}


def judged_layout(fleet: Fleet) -> str:
    """What is judged, without a full stop: the present Environments by boundary, or one shared host."""
    if not fleet.present:
        return "No layout is declared, so that one shared host is assumed"
    found = Counter(environment.boundary for environment in fleet.present)
    told = [count(found[boundary], _NOUNS[boundary]) for boundary in Boundary if boundary in found]
    return f"Judged is the present layout of {enumeration(told)}"


def left_alone(fleet: Fleet) -> str:
    """A sentence on Services that the present layout does not mention, so that no conflict of theirs fails; empty
    where there are none. Whoever added one may have forgotten to say where it runs."""
    if not fleet.present:
        return ""
    housed = {name for environment in fleet.present for name in environment.services}
    alone = [s.name for s in fleet.services if s.name not in housed and not s.is_ready_made]
    if not alone:
        return ""
    counts = "count as alone" if len(alone) > 1 else "counts as alone"
    return f"{names(alone)}, which the layout does not mention, {counts}."
