"""A Finding as a SARIF result (2.1.0, 3.27)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TypeAlias

from analyzer.gate.judgement import Age, Finding, Judgement
from analyzer.gate.waiver import Waiver
from analyzer.origin import Origin
from analyzer.verdict import Conflict, Demand
from reports.finding_prose import at_fault, first_place, level, standing, steps, ways_out
from reports.plain_text import plain
from reports.prose import demand, headline, sentences
from reports.sarif import limits
from reports.sarif.text import Json, location, message

Side: TypeAlias = tuple[Demand, str]
"""A Demand that clashes, and how it is told."""

FINGERPRINT = "cohabit/v1"
"""The fingerprint's name: that of a Conflict's id. GitHub reads ``primaryLocationLineHash`` alone, which its upload
action makes from the file (docs/decisions/0021)."""


def result(finding: Finding, judgement: Judgement, rule_index: int) -> Json:
    """The result: at the line of the first side, related to those of the others, with the chain of each side."""
    conflict = finding.conflict
    sides = [(side, demand(side)) for side in at_fault(conflict)]
    place, title = first_place(finding, judgement), headline(conflict)
    told: Json = {
        "ruleId": str(conflict.code),
        "ruleIndex": rule_index,
        "kind": "fail",
        "level": str(level(finding)),
        "message": message(*_told(finding, judgement, title)),
        "locations": [location(place)],
        "partialFingerprints": {FINGERPRINT: conflict.id},
        "properties": _properties(finding),
    }
    told |= _with("relatedLocations", _others(sides, place))
    told |= _with("codeFlows", list(_flows(conflict, sides, title)))
    if judgement.compared_with:
        told["baselineState"] = "unchanged" if finding.age is Age.KNOWN else "new"
    if finding.waiver is not None:
        told["suppressions"] = [_suppression(finding.waiver)]
    return told


def _with(name: str, values: Sequence[Json]) -> Json:
    return {name: values} if values else {}


def _told(finding: Finding, judgement: Judgement, title: str) -> Iterator[str]:
    yield f"{title}."
    yield " ".join(sentences(finding.conflict.explanation))
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


def _others(sides: Sequence[Side], place: Origin) -> list[Json]:
    others = [(d.requirement.origin, told) for d, told in sides]
    shown = [(origin, told) for origin, told in others if origin.file and origin != place][: limits.LOCATIONS - 1]
    return [{"id": number, **location(origin, told)} for number, (origin, told) in enumerate(shown, 1)]


def _flows(conflict: Conflict, sides: Sequence[Side], title: str) -> Iterator[Json]:
    """For each side a code flow: its line, what that leads to, and where the sides meet."""
    left = limits.STEPS
    for side, told in sides:
        if not side.requirement.origin.file:
            continue
        chain = list(islice((told, *steps(conflict, side), title), left))
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
