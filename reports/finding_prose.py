"""Sentences on a Finding: where it stands with the gate, where its lines are, and what a reader can do."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from analyzer.demands import is_system
from analyzer.gate.judgement import Age, Finding, Judgement, Standing
from analyzer.gate.past import Known
from analyzer.gate.severity import Severity
from analyzer.origin import Origin
from analyzer.service import Fleet
from analyzer.verdict import Conflict, Demand
from reports.prose import consequences, count, demand, headline, names, sentences, shipped
from reports.remedies import remedies


def graver_first(judgement: Judgement) -> tuple[Finding, ...]:
    """The Findings in the order in which a reader should meet them; limits cut off the end."""
    failing = {finding.conflict.id for finding in judgement.failing}
    return tuple(
        sorted(
            judgement.findings,
            key=lambda f: (f.conflict.id not in failing, not f.counts, -f.severity.rank, f.conflict.id),
        )
    )


def level(finding: Finding) -> Severity:
    """How loudly to tell of a Finding: what cannot fail the gate is a note, whatever its severity is."""
    return finding.severity if finding.counts else Severity.NOTE


def standing(finding: Finding, compared_with: str) -> str:
    """Where a Finding stands with the gate: ``new``, ``known since …``, ``waived until … by …``; empty where
    nothing was compared and nothing says more."""
    waiver = finding.waiver
    if finding.standing is Standing.APART:
        return "kept apart by the present layout"
    if waiver is not None:
        return f"waived until {waiver.expires.isoformat()} by {waiver.owner}: {waiver.reason}"
    if finding.age is Age.KNOWN:
        return f"known since {finding.since}" if finding.since else "known"
    return "new" if compared_with else ""


def at_fault(conflict: Conflict) -> tuple[Demand, ...]:
    """The Demands that clash, the side of the first Service first; where packages do, the system that they are
    for is understood."""
    told = tuple(d for d in conflict.requirements if not is_system(d)) or conflict.requirements
    order = {service: position for position, service in enumerate(conflict.services)}
    return tuple(sorted(told, key=lambda d: order.get(d.service, len(order))))


def first_place(finding: Finding, judgement: Judgement) -> Origin:
    """The line that a Finding is shown at: its first requirement's, else one that its Explanation names, else
    the Service as a whole."""
    conflict = finding.conflict
    told = (leaf.origin for leaf in conflict.explanation.leaves() if leaf.origin is not None)
    origins = chain((d.requirement.origin for d in at_fault(conflict)), told)
    found = next((origin for origin in origins if origin.file), None)
    return found or Origin(_path(conflict.services[0], judgement.report.fleet))


def _path(name: str, fleet: Fleet) -> str:
    return next((service.path for service in fleet.services if service.name == name), "") or "."


def steps(conflict: Conflict, side: Demand) -> tuple[str, ...]:
    """What one Demand brings and leads to, without itself."""
    return (*shipped(side), *consequences(conflict.explanation, side))


def ways_out(finding: Finding, judgement: Judgement) -> tuple[str, ...]:
    """What can be done about a Finding, each way a sentence."""
    return tuple(remedies(judgement.report, finding.conflict))


def full_text(finding: Finding, judgement: Judgement) -> Iterator[str]:
    """A Finding in full, in the order of the terminal report. Each line may hold what the inputs hold."""
    conflict = finding.conflict
    yield f"{conflict.code} {headline(conflict)}"
    for side in at_fault(conflict):
        yield f"  {demand(side)}"
        yield from (f"    {step}" for step in steps(conflict, side))
    yield f"why    {' '.join(sentences(conflict.explanation))}"
    for way in ways_out(finding, judgement):
        yield f"help   {way}"
    stands = standing(finding, judgement.compared_with)
    if stands:
        yield f"state  {stands}"
    yield f"id     {conflict.id}"


def past(known: Known) -> str:
    """A Conflict that was met before, by what is remembered of it."""
    about = f" about {names(known.packages, 6)}" if known.packages else ""
    return f"{known.code} {names(known.services)}{about} ({known.id})"


def verdict(judgement: Judgement) -> str:
    """The gate's answer in a line: how many fail, how many are told besides, what is cleared, what is open."""
    known, waived = len(judgement.standing(Standing.KNOWN)), len(judgement.standing(Standing.WAIVED))
    fresh = len(judgement.failing) + len(judgement.failing_remarks)
    told = [f"{count(fresh, 'finding')} {'fails' if fresh == 1 else 'fail'} the gate" if fresh else "nothing fails"]
    told += [f"{known} known"] if known else []
    told += [f"{waived} waived"] if waived else []
    told += [f"{len(judgement.cleared)} cleared"] if judgement.cleared else []
    told += ["not everything could be decided"] if judgement.incomplete else []
    return ", ".join(told)
