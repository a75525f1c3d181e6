"""Workflow commands that make GitHub Actions annotate lines: ``::error file=…,line=…,title=…::…``.

Source: GitHub Docs, "Workflow commands for GitHub Actions", and the escaping of ``actions/toolkit``
(``packages/core/src/command.ts``). GitHub shows 10 annotations of a kind and step and drops the rest without a word;
so the tenth says how many more there are, and those stand in the log as plain lines, each with its id.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from analyzer.gate.judgement import Finding, Judgement, Remark
from analyzer.gate.severity import Severity
from analyzer.origin import Origin
from reports.code_help import help_of
from reports.finding_prose import first_place, graver_first, level, standing, verdict, ways_out
from reports.plain_text import plain, whole
from reports.prose import headline

SHOWN = 10
"""Annotations of one kind that GitHub shows of one step."""

_KINDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
_IN_DATA = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_IN_PROPERTIES = {**_IN_DATA, ":": "%3A", ",": "%2C"}


@dataclass(frozen=True, slots=True)
class Annotation:
    """What is said at a line, by kind: ``error``, ``warning`` or ``notice``."""

    kind: str
    title: str
    lines: tuple[str, ...]
    origin: Origin | None = None


def to_annotations(judgement: Judgement) -> bytes:
    """The log of a step, in UTF-8: commands, then what they have no room for, then the gate's answer in a line."""
    annotations = [*_of_gate(judgement.remarks), *(_of(f, judgement) for f in graver_first(judgement))]
    lines = [line for kind in _KINDS.values() for line in _told([a for a in annotations if a.kind == kind])]
    return "".join(f"{line}\n" for line in (*lines, f"cohabit: {verdict(judgement)}")).encode()


def _told(annotations: Sequence[Annotation]) -> Iterator[str]:
    shown = SHOWN if len(annotations) <= SHOWN else SHOWN - 1
    yield from map(command, annotations[:shown])
    rest = annotations[shown:]
    if rest:
        title = f"And {len(rest)} more"
        yield command(Annotation(rest[0].kind, title, ("They stand in the log of this step and in the reports.",)))
        yield from map(_plain_line, rest)


def _of(finding: Finding, judgement: Judgement) -> Annotation:
    conflict = finding.conflict
    stands = standing(finding, judgement.compared_with)
    told = (f"{headline(conflict)}{f' ({stands})' if stands else ''}", *ways_out(finding, judgement))
    title = f"{conflict.code} {help_of(conflict.code).title}"
    return Annotation(_KINDS[level(finding)], title, (*told, f"id: {conflict.id}"), first_place(finding, judgement))


def _of_gate(remarks: Sequence[Remark]) -> Iterator[Annotation]:
    for remark in remarks:
        if remark.severity is not Severity.OFF:
            title = f"{remark.code} {help_of(remark.code).title}"
            yield Annotation(_KINDS[remark.severity], title, (remark.text,), remark.origin)


def command(annotation: Annotation) -> str:
    """The workflow command, on one line whatever the annotation holds."""
    origin = annotation.origin
    place = {"file": whole(origin.file), "line": str(max(origin.line, 1))} if origin and origin.file else {}
    properties = {**place, "title": plain(annotation.title)}
    told = ",".join(f"{name}={_escaped(value, _IN_PROPERTIES)}" for name, value in properties.items())
    data = _escaped("\n".join(map(plain, annotation.lines)), _IN_DATA)
    return f"::{annotation.kind} {told}::{data}"


def _escaped(text: str, escapes: dict[str, str]) -> str:
    return "".join(escapes.get(character, character) for character in text)


def _plain_line(annotation: Annotation) -> str:
    where = f"{plain(str(annotation.origin))}: " if annotation.origin else ""
    told = "; ".join((annotation.lines[0], annotation.lines[-1]) if len(annotation.lines) > 1 else annotation.lines)
    return f"{annotation.kind}: {where}{annotation.title}: {plain(told)}"
