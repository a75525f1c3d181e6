"""A Judgement as a SARIF log with one run, no larger than GitHub code scanning takes it."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import msgspec

from analyzer.gate.judgement import Finding, Judgement
from analyzer.verdict import Code
from reports.canonical_json import compact, encode
from reports.finding_prose import graver_first
from reports.sarif import limits
from reports.sarif.notifications import DESCRIPTORS, configuration, cut, execution
from reports.sarif.result import result
from reports.sarif.rules import notification_rules, rule
from reports.sarif.text import ROOT, Json

_QUICK, _SENT = 1, 6
"""Levels of compression: the quickest, which leaves the most, and zlib's own, which those who upload use."""
_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def to_sarif(judgement: Judgement) -> bytes:
    """The log as UTF-8 JSON, the gravest results first; a notification says how many had to be left out.

    A conflict that is gone is told by a notification, not by a result whose baseline state is *absent*: GitHub
    reads neither that state nor suppressions, and would show it as open.
    """
    findings = graver_first(judgement)
    kept = min(len(findings), limits.RESULTS)
    while True:
        content = encode(_log(judgement, findings[:kept], len(findings)))
        share = limits.COMPRESSED / _transferred(content)
        if share >= 1 or not kept:
            return content
        kept = int(kept * share * 0.9)


def _transferred(content: bytes) -> int:
    """Bytes that are sent, at least 1; compression is only tried where it matters, and well only where it must be."""
    size = len(content)
    for level in (_QUICK, _SENT):
        if size > limits.COMPRESSED:
            size = len(zlib.compress(content, level))
    return size


def _log(judgement: Judgement, findings: Sequence[Finding], total: int) -> Json:
    used = {f.conflict.code for f in findings}
    codes = [code for code in Code if code in used]
    invocation: Json = {
        "executionSuccessful": True,
        "toolExecutionNotifications": [
            *([cut(len(findings), total)] if len(findings) < total else []),
            *execution(judgement),
        ],
        "toolConfigurationNotifications": configuration(judgement),
    }
    run: Json = {
        "tool": {"driver": _driver(judgement, codes)},
        "automationDetails": {"id": f"cohabit/{judgement.stance}/"},
        "originalUriBaseIds": {ROOT: {"description": {"text": "The audited folder."}}},
        "columnKind": "unicodeCodePoints",
        "invocations": [invocation],
        # One at a time: all of them as values would fill the memory.
        "results": [msgspec.Raw(compact(result(f, judgement, codes.index(f.conflict.code)))) for f in findings],
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _driver(judgement: Judgement, codes: Sequence[Code]) -> Json:
    version = judgement.report.tools.get("cohabit", "")
    return {
        "name": "cohabit",
        **({"semanticVersion": version, "version": version} if version else {}),
        "shortDescription": {"text": "Which services can live together, and why the others cannot."},
        "rules": [rule(code) for code in codes],
        "notifications": notification_rules(DESCRIPTORS),
    }
