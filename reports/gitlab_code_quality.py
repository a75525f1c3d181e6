"""GitLab's Code Quality report: a JSON array of violations.

Source: GitLab Docs, "Code Quality report format": ``description``, ``check_name``, ``fingerprint``, ``severity``,
``location.path``, ``location.lines.begin``. GitLab tells by fingerprints what a merge request brings in and fixes, so
known and waived conflicts are in the list too, as information.
"""

from __future__ import annotations

from analyzer.gate.judgement import Finding, Judgement, Remark
from analyzer.gate.severity import Severity
from reports.canonical_json import encode
from reports.finding_prose import first_place, graver_first, level, standing
from reports.plain_text import plain, whole
from reports.prose import headline

_SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "major", Severity.NOTE: "info", Severity.OFF: "info"}


def to_code_quality(judgement: Judgement) -> bytes:
    """The gate's Findings, the gravest first, then those of its Remarks that speak of a line."""
    found = [_violation(finding, judgement) for finding in graver_first(judgement)]
    return encode([*found, *(_of_gate(r) for r in judgement.remarks if r.origin is not None and r.origin.file)])


def _violation(finding: Finding, judgement: Judgement) -> dict[str, object]:
    conflict, origin = finding.conflict, first_place(finding, judgement)
    stands = standing(finding, judgement.compared_with)
    return {
        "description": plain(f"{headline(conflict)}{f' ({stands})' if stands else ''}"),
        "check_name": str(conflict.code),
        "fingerprint": conflict.id,
        "severity": _SEVERITIES[level(finding)],
        "location": _location(origin.file, origin.line),
    }


def _of_gate(remark: Remark) -> dict[str, object]:
    file, line = (remark.origin.file, remark.origin.line) if remark.origin else ("", 0)
    return {
        "description": plain(remark.text),
        "check_name": str(remark.code),
        "fingerprint": plain(f"{remark.code}: {remark.text}").lower(),
        "severity": _SEVERITIES[remark.severity],
        "location": _location(file, line),
    }


def _location(file: str, line: int) -> dict[str, object]:
    return {"path": whole(file).replace("\n", "\\n"), "lines": {"begin": max(line, 1)}}
