"""JUnit XML, as Jenkins and GitLab read it (``fixtures/schemas/junit-10.xsd``).

There is a test suite for each code that occurs, with a case for each conflict: it fails where the gate does, is
skipped where somebody knows of it (a baseline, a waiver) or where its severity is below what fails, and passes where
the present layout keeps the services apart. The suite ``services`` has a case for each service, which is in error
where something of it stayed undecided or could not be examined. The suite ``gate`` holds the gate's own remarks.
Names of cases stay the same from run to run.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from analyzer.gate.judgement import Finding, Judgement, Remark
from analyzer.origin import Origin
from analyzer.verdict import Code
from reports.code_help import help_of
from reports.finding_prose import full_text, standing
from reports.plain_text import plain
from reports.prose import headline, names, skipped

_MOST_REASONS = 20


@dataclass(frozen=True, slots=True)
class Case:
    """A test case; ``outcome`` is ``failure``, ``error``, ``skipped``, or empty where it passes. ``lines`` are what
    is told in full."""

    name: str
    outcome: str = ""
    kind: str = ""
    message: str = ""
    lines: tuple[str, ...] = ()


def to_junit(judgement: Judgement) -> bytes:
    """The document in UTF-8, without times, so that the same Judgement gives the same bytes."""
    suites = [*_codes(judgement), ("services", tuple(_services(judgement))), ("gate", tuple(_remarks(judgement)))]
    root = Element("testsuites", name="cohabit")
    for name, cases in suites:
        if cases:
            _suite(root, name, cases)
    for total in ("tests", "failures", "errors"):
        root.set(total, str(sum(int(suite.get(total, "0")) for suite in root)))
    indent(root)
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def _suite(root: Element, name: str, cases: Sequence[Case]) -> None:
    outcomes = [case.outcome for case in cases]
    suite = SubElement(root, "testsuite", name=name, tests=str(len(cases)))
    for attribute, outcome in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(attribute, str(outcomes.count(outcome)))
    for case in cases:
        element = SubElement(suite, "testcase", classname=f"cohabit.{name.partition(':')[0]}", name=plain(case.name))
        _outcome(element, case)


def _outcome(element: Element, case: Case) -> None:
    text = "\n".join(map(plain, case.lines))
    if case.outcome:
        SubElement(element, case.outcome, type=case.kind, message=plain(case.message)).text = text
    elif text:
        SubElement(element, "system-out").text = text


def _codes(judgement: Judgement) -> Iterator[tuple[str, tuple[Case, ...]]]:
    failing = {finding.conflict.id for finding in judgement.failing}
    for code in Code:
        found = [finding for finding in judgement.findings if finding.conflict.code is code]
        cases = tuple(_case(finding, judgement, finding.conflict.id in failing) for finding in found)
        yield f"{code}: {help_of(code).title}", cases


def _case(finding: Finding, judgement: Judgement, fails: bool) -> Case:
    conflict = finding.conflict
    about = f": {names([package.name for package in conflict.packages], 3)}" if conflict.packages else ""
    name = f"{names(conflict.services, 4)}{about} [{conflict.id}]"
    lines = tuple(full_text(finding, judgement))
    if fails:
        return Case(name, "failure", str(finding.severity), headline(conflict), lines)
    if not finding.breaks:
        return Case(name, lines=lines)
    stands = standing(finding, judgement.compared_with)
    why = f"a {finding.severity}, which does not fail the gate" if finding.counts else stands
    return Case(name, "skipped", str(finding.severity), f"{why}: {headline(conflict)}", lines)


def _services(judgement: Judgement) -> Iterator[Case]:
    open_reasons = _open_reasons(judgement)
    fleet = judgement.report.fleet
    for name in ("", *(service.name for service in fleet.services)):
        reasons = open_reasons.get(name, ())
        shown = (*reasons[:_MOST_REASONS], *_more(reasons))
        title = f"examines {name}" if name else "examines the fleet"
        if reasons:
            yield Case(title, "error", "undecided", reasons[0], shown)
        elif name:
            yield Case(title)


def _more(reasons: Sequence[str]) -> Iterable[str]:
    more = len(reasons) - _MOST_REASONS
    return (f"and {more} more, see the JSON report",) if more > 0 else ()


def _open_reasons(judgement: Judgement) -> Mapping[str, Sequence[str]]:
    """By Service ("" is the fleet) what stayed undecided or could not be examined; a set's first Service tells."""
    reasons: dict[str, list[str]] = defaultdict(list)
    for item in judgement.report.undecided:
        if item.stance is judgement.stance:
            reasons[item.services[0]].append(f"{names(item.services)} stayed undecided: {item.reason}")
    for service, left_out in skipped(judgement.report.fleet):
        if left_out.incomplete:
            reasons[service].append(f"{left_out.what} ({left_out.origin}) was skipped: {left_out.reason}")
    return reasons


def _remarks(judgement: Judgement) -> Iterator[Case]:
    failing = judgement.failing_remarks
    for remark in judgement.remarks:
        outcome = "failure" if remark in failing else "skipped"
        yield Case(_remark_name(remark, remark.origin), outcome, str(remark.severity), remark.text, (remark.text,))


def _remark_name(remark: Remark, origin: Origin | None) -> str:
    return f"{remark.code} {help_of(remark.code).title}{f' ({origin})' if origin else ''}"
