"""The tables of reporters: the one place that names concrete ones.

A reporter is a function from a Report to the bytes of its file; some tell what the gate makes of a Report, and
take its Judgement. Other packages add theirs of the first kind through the entry point group
``cohabit.reporters``; they cannot replace one of the table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.metadata import entry_points
from typing import TypeAlias, cast

from analyzer.errors import CohabitError
from analyzer.gate.judgement import Judgement
from analyzer.report import Report

Reporter: TypeAlias = Callable[[Report], bytes]
JudgementReporter: TypeAlias = Callable[[Judgement], bytes]

GROUP = "cohabit.reporters"


def _html(report: Report) -> bytes:
    from reports.html import render_html

    return render_html(report).encode()


def _json(report: Report) -> bytes:
    from reports.json_report import to_json

    return to_json(report)


def _terminal(report: Report) -> bytes:
    from reports.terminal import FILE_WIDTH, to_terminal_text

    return to_terminal_text(report, FILE_WIDTH, color=False).encode()


def _plan(report: Report) -> bytes:
    from reports.terminal import to_plan_text

    return to_plan_text(report).encode()


def _explanation(report: Report) -> bytes:
    from reports.terminal import to_explanation_text

    return to_explanation_text(report).encode()


def _judgement_text(judgement: Judgement) -> bytes:
    from reports.terminal import to_judgement_text

    return to_judgement_text(judgement).encode(errors="replace")


def _judgement_json(judgement: Judgement) -> bytes:
    from reports.judgement_json import judgement_to_json

    return judgement_to_json(judgement)


def _judgement_html(judgement: Judgement) -> bytes:
    from reports.html import render_judgement_html

    return render_judgement_html(judgement).encode()


def _sarif(judgement: Judgement) -> bytes:
    from reports.sarif import to_sarif

    return to_sarif(judgement)


def _junit(judgement: Judgement) -> bytes:
    from reports.junit import to_junit

    return to_junit(judgement)


def _gitlab(judgement: Judgement) -> bytes:
    from reports.gitlab_code_quality import to_code_quality

    return to_code_quality(judgement)


def _github(judgement: Judgement) -> bytes:
    from reports.github_annotations import to_annotations

    return to_annotations(judgement)


def _markdown(judgement: Judgement) -> bytes:
    from reports.markdown_summary import to_comment

    return to_comment(judgement)


def _job_summary(judgement: Judgement) -> bytes:
    from reports.markdown_summary import to_job_summary

    return to_job_summary(judgement)


# Imported on use: a command that prints help must not pay for a template engine.
_REPORTERS: Mapping[str, Reporter] = {
    "explanation": _explanation,
    "html": _html,
    "json": _json,
    "plan": _plan,
    "terminal": _terminal,
}

JUDGEMENT_REPORTERS: Mapping[str, JudgementReporter] = {
    "terminal": _judgement_text,
    "json": _judgement_json,
    "html": _judgement_html,
    "sarif": _sarif,
    "junit": _junit,
    "markdown": _markdown,
    "gitlab": _gitlab,
    "github": _github,
    "job-summary": _job_summary,
}
"""Those of the gate, most of them for build servers, by the names of their formats."""


def names() -> tuple[str, ...]:
    """The names of all reporters, sorted."""
    return tuple(sorted({*_REPORTERS, *entry_points(group=GROUP).names}))


def reporter(name: str) -> Reporter:
    """The reporter called ``name``.

    Raises CohabitError where there is none, or where one from elsewhere cannot be loaded.
    """
    if name in _REPORTERS:
        return _REPORTERS[name]
    for entry in entry_points(group=GROUP, name=name):
        try:
            return cast(Reporter, entry.load())
        except Exception as error:  # what a stranger's module raises is theirs
            raise CohabitError(f"the reporter {name} ({entry.value}) cannot be loaded: {error}") from error
    raise CohabitError(f"there is no reporter {name}; there are {', '.join(names())}")
