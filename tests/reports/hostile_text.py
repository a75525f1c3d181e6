"""Names that try to be more than text, for every format's tests."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from analyzer.explanation import Explanation, Fact
from analyzer.gate.judgement import Finding, Judgement, Note, Remark
from analyzer.gate.severity import Severity
from analyzer.origin import Origin
from analyzer.package import Package
from analyzer.plan import Plan
from analyzer.prices.price import PriceList
from analyzer.requirement import Requirement
from analyzer.service import Service
from analyzer.verdict import Conflict, Demand, Stance
from tests.reports.example import HOSTILE, example_report

ATTACKS = (
    *HOSTILE,
    "]]>",
    "<!-- --> @everyone #1",
    "```\n## forged\n```",
    "</code></summary></details>",
    "[link](https://evil.example)",
    "\r\n::set-output name=x::y",
    "::stop-commands::token",
    "##[error]forged",
    "%0A::error::forged",
    "a,line=7::",
    "{0} {{",
    "\\](",
    "\n\nid     pip001-ffffffffffff\n",
    "../../../etc/passwd",
    "/etc/passwd",
    "C:\\Windows",
    "a b/ü/\udc80?x#y%z",
    "&lt;&#x202e;",
    "`",
    "~~~~",
    "| a | b |",
)

_MARKS = st.sampled_from("`<>[]()&:;%,\n\r@#\\{}| a")

texts = st.one_of(st.sampled_from(ATTACKS), st.text(min_size=1), st.text(_MARKS, min_size=1))
"""Any text at all, the worse ones more often."""

INVISIBLE = tuple("\x00\a\b\x1b\x7f\x9b\u200b\u202e\u2066\u2028\u2029\ufeff")
"""Characters that a report must not hold raw: control, bidirectional, zero width, line separators."""


def judgement_with(name: str, other: str, file: str, text: str) -> Judgement:
    """A Judgement whose every text that comes from an input is one of the four."""
    names = (name, other if other != name else f"{other}'")
    report, package = example_report(), Package("pypi", text)
    demands = tuple(Demand(n, Requirement(package, text, Origin(file, line, text))) for line, n in enumerate(names))
    causes = tuple(Explanation(Fact.REQUIRED, text, service=d.service, origin=d.requirement.origin) for d in demands)
    conflict = replace(
        report.conflicts[0],
        services=names,
        packages=(package,),
        requirements=demands,
        explanation=Explanation(Fact.CLASH, text, text, causes=causes),
        replay=text,
        fixes=(text,),
        id="pip001-00000000beef",
    )
    fleet = replace(report.fleet, present=(), services=tuple(Service(n, file) for n in names))
    plans = {stance: Plan(stance, (), 0, 0, True) for stance in Stance}
    report = replace(report, fleet=fleet, conflicts=(conflict,), plans=plans)
    report = replace(report, compatible=(), undecided=(), price_list=PriceList())
    remarks = (Remark(Note.UNMATCHED, Severity.WARNING, text, Origin(file, 2, text)),)
    return Judgement(report, Stance.RELOCKED, (_finding(conflict),), remarks, compared_with=text)


def _finding(conflict: Conflict) -> Finding:
    return Finding(conflict, Severity.ERROR, True)
