"""The JSON report: the contract, its schema, and a round trip without loss."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from analyzer.errors import CohabitError, ManifestError
from analyzer.explanation import Explanation, Fact
from analyzer.package import Candidate, Package
from analyzer.plan import Container, Machine, Venv
from analyzer.report import Report
from analyzer.verdict import Stance, Witness
from reports.json_report import DEEPEST, from_json, json_schema, to_json
from tests.reports.example import example_report, hostile_report
from tests.reports.installed import installed_report

GOLDEN = Path(__file__).parent / "golden"
SCHEMA = Path(__file__).parents[2] / "docs" / "report.schema.json"
Golden = Callable[[Path, bytes], None]


def test_golden(golden: Golden) -> None:
    golden(GOLDEN / "report.json", to_json(example_report()))


def test_golden_of_installed_packages(golden: Golden) -> None:
    golden(GOLDEN / "report-installed.json", to_json(installed_report()))


def test_the_published_schema_is_that_of_the_code(golden: Golden) -> None:
    golden(SCHEMA, json.dumps(json_schema(), indent=2).encode() + b"\n")


@pytest.mark.parametrize("data", [to_json(example_report()), to_json(hostile_report())], ids=["example", "hostile"])
def test_reports_meet_the_schema(data: bytes) -> None:
    schema = json.loads(SCHEMA.read_text())
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(json.loads(data))


@pytest.mark.parametrize("golden_file", sorted(GOLDEN.glob("*.json")), ids=lambda path: path.name)
def test_golden_reports_meet_the_schema(golden_file: Path) -> None:
    Draft202012Validator(json.loads(SCHEMA.read_text())).validate(json.loads(golden_file.read_text()))


@pytest.mark.parametrize("report", [example_report(), installed_report()], ids=["example", "installed"])
def test_round_trip(report: Report) -> None:
    assert from_json(to_json(report)) == report


def test_containers_with_packages_of_their_own_and_replicas_in_several_come_back() -> None:
    report, witness = example_report(), Witness((Candidate(Package("deb", "libc6", "debian"), "2.36-9"),))
    venvs = (Venv(("ads",)), Venv(("email",), Witness((), "3.12"), drift=2))
    machines = (Machine((Container(venvs, witness, 3),)), Machine((Container((Venv(("ads",)),)),)))
    plan = dataclasses.replace(report.plans[Stance.LOCKED], machines=machines, certificate=("ads", "ads"))
    report = dataclasses.replace(report, plans={Stance.LOCKED: plan})
    assert from_json(to_json(report)) == report


def test_round_trip_of_hostile_names_is_stable() -> None:
    once = to_json(hostile_report())
    assert to_json(from_json(once)) == once


def test_same_report_same_bytes() -> None:
    report = example_report()
    shuffled = dataclasses.replace(
        report,
        plans=dict(reversed(report.plans.items())),
        tools=dict(reversed(report.tools.items())),
    )
    assert to_json(shuffled) == to_json(report)
    assert to_json(report).endswith(b"}\n")


CONTRACT = {
    "": {"schema", "fleet", "verdicts", "conflicts", "compatible", "undecided", "plans", "prices", "oracle", "tools"},
    "fleet.services.0": {"name", "path", "platform", "sets", "skipped"},
    "fleet.services.0.sets.0": {"ecosystem", "bundled", "requirements", "locked"},
    "verdicts.locked.pairs": {"compatible", "conflict", "undecided"},
    "verdicts.relocked.pairs": {"compatible", "conflict", "undecided"},
    "conflicts.0": {
        "id",
        "code",
        "stance",
        "services",
        "boundary",
        "packages",
        "requirements",
        "explanation",
        "replay",
        "fixes",
    },
    "conflicts.0.requirements.0": {"service", "package", "constraint", "file", "line"},
    "undecided.0": {"services", "reason"},
    "plans.locked": {
        "cost",
        "lower_bound",
        "proven",
        "certificate",
        "environments",
        "drift",
        "least_drift",
        "moves",
        "least_moves",
        "machines",
        "tiers",
    },
    "plans.relocked.machines.0.containers.0.venvs.0": {"services", "substrate", "witness"},
    "compatible.0": {"services", "grade", "drift", "witness"},
    "plans.locked.tiers.1": {"boundary", "environments", "cost", "lower_bound", "proven", "certificate"},
    "plans.locked.machines.0": {"offer", "containers"},
    "plans.locked.machines.0.containers.0": {"venvs", "witness", "drift"},
    "prices.0": {"merge", "changes", "others", "saves", "obstacle", "upstream"},
    "prices.0.changes.0": {"service", "package", "from", "to", "way"},
    "savings.0": {"change", "before", "after", "proven"},
    "oracle": {"questions", "cached"},
}


@pytest.mark.parametrize("path", CONTRACT)
def test_the_contract_names_are_there(path: str) -> None:
    value: Any = json.loads(to_json(example_report()))
    for step in filter(None, path.split(".")):
        value = value[int(step) if step.isdigit() else step]
    assert set(value) >= CONTRACT[path]


def test_skipped_items_carry_what_and_reason() -> None:
    services = json.loads(to_json(example_report()))["fleet"]["services"]
    (skipped,) = next(s for s in services if s["name"] == "basket")["skipped"]
    assert {"what": "group dev", "reason": "a development group"}.items() <= skipped.items()


def broken(change: Callable[[Any], object]) -> bytes:
    document = json.loads(to_json(example_report()))
    change(document)
    return json.dumps(document).encode()


def deep(levels: int) -> Report:
    report = example_report()
    node = Explanation(Fact.AVAILABLE, "x")
    for _ in range(levels - 1):
        node = Explanation(Fact.DERIVED, "x", causes=(node,))
    return dataclasses.replace(report, conflicts=(dataclasses.replace(report.conflicts[0], explanation=node),))


INVALID = {
    "nothing": (b"", "truncated"),
    "text": (b"\n\nhello", ":3: "),
    "not UTF-8": (b'{"schema":\n"\xff"}', "UTF-8"),
    "deep nesting": (b"[" * 200_000, "array"),
    "deep nesting inside": (b'{"oracle": ' + b'{"a": ' * 200_000, "$.oracle"),
    "another schema": (broken(lambda d: d.update(schema="cohabit.report/2")), "$.schema"),
    "an unknown field": (broken(lambda d: d.update(extra=1)), "extra"),
    "a missing field": (broken(lambda d: d["fleet"].pop("name")), "$.fleet"),
    "a wrong type": (broken(lambda d: d["fleet"]["services"][2].update(name=7)), "$.fleet.services[2].name"),
    "a service twice": (
        broken(lambda d: d["fleet"]["services"][2].update(name="accounts")),
        "$.fleet.services[2].name",
    ),
    "an unknown code": (broken(lambda d: d["conflicts"][1].update(code="PIP999")), "$.conflicts[1].code"),
    "no services": (broken(lambda d: d["conflicts"][1].update(services=[])), "$.conflicts[1].services"),
    "a stranger in a conflict": (
        broken(lambda d: d["conflicts"][1].update(services=["x"])),
        "$.conflicts[1].services",
    ),
    "a stranger in a plan": (
        broken(lambda d: d["plans"]["locked"].update(unplaced=["x"])),
        "$.plans.locked.unplaced",
    ),
    "a stranger in a price": (
        broken(lambda d: d["prices"][0]["changes"][0].update(service="x")),
        "$.prices[0]",
    ),
    "a container before the first": (
        broken(lambda d: d["plans"]["locked"]["migration"][0].update(container=0)),
        "$.plans[...].migration[0].container",
    ),
    "an unknown stance": (broken(lambda d: d["plans"].update(free=d["plans"]["locked"])), "$.plans"),
    "a negative line": (
        broken(lambda d: d["conflicts"][0]["requirements"][0].update(line=-1)),
        "$.conflicts[0].requirements[0].line",
    ),
    "a huge number": (
        broken(lambda d: d["conflicts"][0]["requirements"][0].update(line=10**4000)),
        "$.conflicts[0].requirements[0].line",
    ),
    "an explanation without end": (to_json(deep(DEEPEST + 1)), "$.conflicts[0].explanation"),
}


@pytest.mark.parametrize("name", INVALID)
def test_invalid_files_are_errors_with_a_place(name: str) -> None:
    data, place = INVALID[name]
    with pytest.raises(ManifestError) as caught:
        from_json(data, "saved.json")
    assert caught.value.origin.file == "saved.json"
    assert place in str(caught.value)


def test_deep_explanations_are_read_up_to_the_limit() -> None:
    assert from_json(to_json(deep(DEEPEST))) == deep(DEEPEST)


@given(st.data())
def test_damaged_files_raise_nothing_else(data: st.DataObject) -> None:
    content = bytearray(to_json(example_report()))
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(content) - 1))
        content[start : start + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=9))
    try:
        from_json(bytes(content))
    except CohabitError as error:
        assert str(error)
