"""A Finding as a SARIF result (2.1.0, 3.27)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from analyzer.gate.judgement import Age, Finding, Judgement
from analyzer.gate.waiver import Waiver
from analyzer.origin import Origin
from analyzer.verdict import Conflict, Demand
from reports.finding_prose import at_fault, first_place, level, standing, steps, ways_out
from reports.plain_text import plain
from reports.prose import demand, headline, sentences
from reports.sarif import limits
from reports.sarif.text import Json, location, message

FINGERPRINT = "cohabit/v1"
"""The fingerprint's name: that of a Conflict's id."""


def result(finding: Finding, judgement: Judgement, rule_index: int) -> Json:
    """The result: at the line of the first side, related to those of the others, with the chain of each side."""
    conflict = finding.conflict
    sides = at_fault(conflict)
    place = first_place(finding, judgement)
    told: Json = {
        "ruleId": str(conflict.code),
        "ruleIndex": rule_index,
        "kind": "fail",
        "level": str(level(finding)),
        "message": message(*_told(finding, judgement)),
        "locations": [location(place)],
        "partialFingerprints": {FINGERPRINT: conflict.id},
        "properties": _properties(finding),
    }
    told |= _with("relatedLocations", _others(sides, place))
    told |= _with("codeFlows", list(_flows(conflict, sides)))
    if judgement.compared_with:
        told["baselineState"] = "unchanged" if finding.age is Age.KNOWN else "new"
    if finding.waiver is not None:
        told["suppressions"] = [_suppression(finding.waiver)]
    return told


def _with(name: str, values: Sequence[Json]) -> Json:
    return {name: values} if values else {}


def _told(finding: Finding, judgement: Judgement) -> Iterator[str]:
    conflict = finding.conflict
    yield f"{headline(conflict)}."
    yield " ".join(sentences(conflict.explanation))
    yield from (f"- {way}" for way in ways_out(finding, judgement))
    stands = standing(finding, judgement.compared_with)
    if stands:
        yield f"({stands})"


def _properties(finding: Finding) -> Json:
    conflict = finding.conflict
    return {
        "services": [plain(service) for service in conflict.services],
        "packages": [plain(str(package)) for package in conflict.packages],
        "stance": str(conflict.stance),
        "boundary": str(conflict.boundary),
        "severity": str(finding.severity),
        "breaks": finding.breaks,
    }


def _others(sides: Sequence[Demand], place: Origin) -> list[Json]:
    others = [side for side in sides if side.requirement.origin.file and side.requirement.origin != place]
    shown = others[: limits.LOCATIONS - 1]
    return [{"id": number, **location(d.requirement.origin, demand(d))} for number, d in enumerate(shown, 1)]


def _flows(conflict: Conflict, sides: Sequence[Demand]) -> Iterator[Json]:
    """For each side a code flow: its line, what that leads to, and where the sides meet."""
    left = limits.STEPS
    for side in (s for s in sides if s.requirement.origin.file):
        chain = list(islice((demand(side), *steps(conflict, side), headline(conflict)), left))
        left -= len(chain)
        if chain:
            places = [{"location": location(side.requirement.origin, text)} for text in chain]
            yield {"threadFlows": [{"locations": places}]}


def _suppression(waiver: Waiver) -> Json:
    justification = f"{waiver.reason} (owner: {waiver.owner}; until {waiver.expires.isoformat()})"
    return {
        "kind": "external",
        "status": "accepted",
        "justification": plain(justification),
        "location": location(waiver.origin),
    }
