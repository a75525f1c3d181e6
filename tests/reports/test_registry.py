"""The table of reporters."""

from __future__ import annotations

from importlib.metadata import EntryPoint, EntryPoints

import pytest

from analyzer.errors import CohabitError
from reports import registry
from tests.reports.example import example_report, hostile_report


@pytest.mark.parametrize("name", registry.names())
def test_own_reporters_render_any_report(name: str) -> None:
    for report in (example_report(), hostile_report()):
        assert registry.reporter(name)(report).decode()


def test_unknown_reporters_are_errors_that_name_the_known() -> None:
    with pytest.raises(CohabitError, match="no reporter pdf; there are explanation, html, json"):
        registry.reporter("pdf")


def strangers(**values: str) -> EntryPoints:
    return EntryPoints(EntryPoint(name, value, registry.GROUP) for name, value in values.items())


def test_strangers_add_reporters_but_do_not_replace_any(monkeypatch: pytest.MonkeyPatch) -> None:
    added = strangers(quiet="tests.reports.test_registry:quiet", json="tests.reports.test_registry:quiet")
    monkeypatch.setattr(registry, "entry_points", added.select)
    assert registry.names() == ("explanation", "html", "json", "plan", "quiet", "terminal")
    assert registry.reporter("quiet")(example_report()) == b""
    assert registry.reporter("json")(example_report()) != b""


def test_strangers_that_cannot_be_loaded_are_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "entry_points", strangers(broken="no.such.module:render").select)
    with pytest.raises(CohabitError, match="the reporter broken"):
        registry.reporter("broken")


def quiet(report: object) -> bytes:
    return b""
