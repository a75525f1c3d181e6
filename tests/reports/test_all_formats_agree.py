"""Every format tells the same conflicts: those of every fixture fleet and of the invented Reports, read back.

What is cut, and how a reader learns of it:

- SARIF holds up to 25,000 results and 10 MB gzip; a notification says how many are left out (test_sarif.py).
- GitHub shows ten annotations of a kind; the others are lines of the log, so that all ids are there.
- Markdown has up to 65,536 characters or 1 MiB; the last line says how many conflicts did not fit.
- The gate's page for the terminal names 120 conflicts of a section; it says how many more there are.
- HTML and terminal tell clashes in which each of many excludes each (operating systems, architectures, ports) in a
  table that names the services of either side; all others have their id.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from analyzer.gate.judge import judge
from analyzer.report import Report
from analyzer.service import Platform
from analyzer.verdict import Code, Stance
from cohabit.auditing import examine_fleet
from cohabit.command_line import FORMATS, JUDGED_FORMATS
from cohabit.fleet import gather_fleet
from cohabit.rendering import render, render_judgement
from cohabit.settings import Settings
from reports.finding_prose import graver_first
from reports.registry import JUDGEMENT_REPORTERS
from reports.terminal.judgement import IN_FULL, IN_LINE
from tests.cohabit.test_fleets import FLEETS
from tests.cohabit.test_mixed_fleet import USED
from tests.cohabit.test_mixed_fleet import audited as audited_polyglot
from tests.cohabit.test_package_fleets import settings as package_settings
from tests.cohabit.test_package_fleets import whole
from tests.local_index import frozen_index
from tests.reports.example import example_report, hostile_report
from tests.reports.hostile_text import ATTACKS, judgement_with
from tests.reports.installed import installed_report
from tests.reports.read_back import OF_JUDGEMENTS, OF_REPORTS, left_out_of_markdown
from tests.resolvers.maven.frozen import unpack

IN_TABLES = (Code.OPERATING_SYSTEM, Code.ARCHITECTURE, Code.PORT)


@cache
def polyglot() -> Report:
    with TemporaryDirectory() as folder:
        return audited_polyglot(unpack(Path(folder)), USED)


@cache
def datacentre() -> Report:
    return examine_fleet(whole(), replace(package_settings(), prices=0))


@cache
def audited(name: str) -> Report:
    """A fleet with PyPI packages alone; what a merge costs is told by no conflict."""
    truth = FLEETS[name]
    index = frozen_index(built=bool(truth.document.get("builds")))
    platform = Platform(python=truth.document["python"])
    settings = Settings(platform=platform, index_url=index.as_uri(), cache=False, prices=0)
    return examine_fleet(gather_fleet(truth.folder, settings), settings)


def _fleet(name: str) -> Callable[[], Report]:
    return lambda: audited(name)


REPORTS: Mapping[str, Callable[[], Report]] = {
    **{name: _fleet(name) for name in FLEETS},
    "datacentre": datacentre,
    "polyglot": polyglot,
    "example": example_report,
    "installed": installed_report,
    "hostile": hostile_report,
    **{f"attack {number}": (lambda a=a: judgement_with(a, a, a, a).report) for number, a in enumerate(ATTACKS)},
}


def test_every_fixture_fleet_and_every_format_is_here() -> None:
    assert {folder.name for folder in Path("fixtures/fleets").iterdir() if folder.is_dir()} <= set(REPORTS)
    assert set(OF_JUDGEMENTS) == {*FORMATS, *JUDGED_FORMATS} == set(JUDGEMENT_REPORTERS)
    assert {"verbose" if form == "terminal" else form for form in FORMATS} == set(OF_REPORTS)


@pytest.mark.parametrize("name", REPORTS)
def test_formats_for_all_stances_tell_every_conflict(name: str) -> None:
    report = REPORTS[name]()
    told = {form: read(render(report, form)) for form, read in OF_REPORTS.items()}
    assert told["json"] == [conflict.id for conflict in report.conflicts]
    tabled = {conflict.id for conflict in report.conflicts if conflict.code in IN_TABLES}
    for form in ("html", "verbose"):
        assert set(told[form]) | tabled == set(told["json"]) | tabled, form


@pytest.mark.parametrize("name", REPORTS)
@pytest.mark.parametrize("stance", Stance)
def test_formats_of_the_gate_tell_every_conflict_of_a_stance(name: str, stance: Stance) -> None:
    report = REPORTS[name]()
    judgement = judge(report, stance)
    expected = sorted(conflict.id for conflict in report.conflicts_under(stance))
    for form, read in OF_JUDGEMENTS.items():
        content = render_judgement(judgement, form)
        told = sorted(read(content))
        assert set(told) <= set(expected), form
        if form == "terminal":
            failing = [f.conflict.id for f in graver_first(judgement) if f in judgement.failing]
            assert set(told) >= set(failing[: IN_FULL + IN_LINE])
        elif form in ("markdown", "job-summary"):
            assert len(told) + left_out_of_markdown(content) == len(expected), form
        else:
            assert told == expected, form
