"""A Judgement whose places are told from the top of the repository, as build servers want them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from analyzer.gate.judgement import Judgement
from analyzer.origin import Origin
from analyzer.report import Report
from analyzer.verdict import Conflict
from resolvers.git.snapshot import RepositoryError, repository_of
from resolvers.tree import Tree

T = TypeVar("T")

AT_THE_TOP = ("sarif", "gitlab", "github")
"""Formats whose readers look for files from there."""

Move = Callable[[str], str]
"""From the path of a file to another."""


def from_the_top(judged: Judgement, root: Path) -> Judgement:
    """The Judgement of ``root`` with the paths of files in it as seen from the repository's own folder; as it is
    where that is the same, or there is none."""
    if not root.is_dir():
        return judged
    try:
        folder = root.resolve().relative_to(repository_of(root).work).as_posix()
    except RepositoryError:
        return judged
    if folder == ".":
        return judged

    tree = Tree(root)

    @cache
    def move(file: str) -> str:
        if file in ("", "."):
            return folder if file else file
        # What is no file there, such as an option, or a member of an archive, stays as it is.
        return f"{folder}/{file}" if tree.exists(file) else file

    return _moved_judgement(judged, move)


def _moved_judgement(judged: Judgement, move: Move) -> Judgement:
    conflicts = {conflict.id: _moved(conflict, move) for conflict in judged.report.conflicts}
    findings = (replace(f, conflict=conflicts[f.conflict.id], waiver=_moved(f.waiver, move)) for f in judged.findings)
    return replace(
        judged,
        report=_moved_report(judged.report, tuple(conflicts.values()), move),
        findings=tuple(findings),
        remarks=_moved(judged.remarks, move),
    )


def _moved_report(report: Report, conflicts: tuple[Conflict, ...], move: Move) -> Report:
    services = tuple(
        replace(s, path=move(s.path or "."), skipped=_moved(s.skipped, move)) for s in report.fleet.services
    )
    fleet = replace(report.fleet, services=services, skipped=_moved(report.fleet.skipped, move))
    return replace(report, fleet=fleet, conflicts=conflicts)


def _moved(value: T, move: Move) -> T:
    """A value with every Origin in it moved."""
    changed: Any = value
    if isinstance(value, Origin):
        changed = replace(value, file=move(value.file))
    elif isinstance(value, tuple):
        changed = tuple(_moved(item, move) for item in value)
    elif is_dataclass(value) and not isinstance(value, type):
        found = {f.name: getattr(value, f.name) for f in fields(value) if f.init}
        changed = replace(value, **{name: _moved(inner, move) for name, inner in found.items()})
    result: T = changed
    return result
