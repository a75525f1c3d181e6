"""The table of substrates: every row, the limits, and what a team may write."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.errors import CohabitError
from analyzer.substrate.comparison import Comparison, Operator
from analyzer.substrate.fact import Fact, Facts, Kind, Value
from analyzer.substrate.furnish import Table, recommend_substrate
from analyzer.substrate.option import Orchestrator, Substrate
from analyzer.substrate.recommendation import recommend
from analyzer.substrate.rule import Rule
from analyzer.substrate.size import smallest
from cohabit.configuration import ConfigurationError, load
from cohabit.fleet import gather_fleet
from cohabit.settings import Settings
from cohabit.substrates import read_table, shipped_rules, substrate_rules
from tests.hostile import EXAMPLES

CASES = json.loads((Path(__file__).parents[2] / "fixtures" / "substrates" / "cases.json").read_text())
DOCUMENT = Path(__file__).parents[2] / "docs" / "configuration.md"
RULES = shipped_rules()
MIB, GIB = 2**20, 2**30


def _cases(kind: str) -> Iterator[Any]:
    for case in CASES[kind]["cases"]:
        facts = CASES[kind]["ordinary"] | case["facts"]
        known = {Fact(name): value for name, value in facts.items() if value is not None}
        yield pytest.param(known, case["recommended"], case["ruled_out"], id=case["name"])


@pytest.mark.parametrize(("facts", "recommended", "ruled_out"), list(_cases("environments")))
def test_environments(facts: Facts, recommended: str | None, ruled_out: list[str]) -> None:
    found = recommend(facts, RULES.rules, Substrate)
    assert (found.choice, [j.option for j in found.judged if j.ruled_out]) == (recommended, ruled_out)


@pytest.mark.parametrize(("facts", "recommended", "ruled_out"), list(_cases("wholes")))
def test_wholes(facts: Facts, recommended: str | None, ruled_out: list[str]) -> None:
    found = recommend(facts, RULES.rules, Orchestrator)
    assert (found.choice, [j.option for j in found.judged if j.ruled_out]) == (recommended, ruled_out)


def test_there_are_enough_cases() -> None:
    assert len(CASES["environments"]["cases"]) >= 60
    assert {case["recommended"] for case in CASES["environments"]["cases"]} == {*Substrate, None}
    assert {case["recommended"] for case in CASES["wholes"]["cases"]} == {*Orchestrator}


def _satisfying(comparison: Comparison) -> Value:
    value: Any = comparison.value
    step = {Kind.BYTES: 1, Kind.COUNT: 1}.get(comparison.fact.kind, 0.25)
    return {  # type: ignore[no-any-return]
        Operator.EQUAL: lambda: value,
        Operator.UNEQUAL: lambda: not value if isinstance(value, bool) else f"not {value}",
        Operator.BELOW: lambda: value - step,
        Operator.AT_MOST: lambda: value,
        Operator.ABOVE: lambda: value + step,
        Operator.AT_LEAST: lambda: value,
        Operator.AMONG: lambda: value[0],
        Operator.NOT_AMONG: lambda: "none of these",
    }[comparison.operator]()


def _violating(comparison: Comparison) -> Value:
    value: Any = comparison.value
    step = {Kind.BYTES: 1, Kind.COUNT: 1}.get(comparison.fact.kind, 0.25)
    return {  # type: ignore[no-any-return]
        Operator.EQUAL: lambda: (not value) if isinstance(value, bool) else f"not {value}" if isinstance(value, str)
        else value + step,
        Operator.UNEQUAL: lambda: value,
        Operator.BELOW: lambda: value,
        Operator.AT_MOST: lambda: value + step,
        Operator.ABOVE: lambda: value,
        Operator.AT_LEAST: lambda: value - step,
        Operator.AMONG: lambda: "none of these",
        Operator.NOT_AMONG: lambda: value[-1],
    }[comparison.operator]()  # fmt: skip


@pytest.mark.parametrize("rule", RULES.rules, ids=lambda rule: rule.name)
def test_every_row_fires_or_does_not_or_is_open(rule: Rule) -> None:
    met = {comparison.fact: _satisfying(comparison) for comparison in rule.when}
    found = recommend(met, RULES.rules, rule.about)
    fired = {reason.rule for judged in found.judged for reason in (*judged.fired, *judged.ruled_out)}
    assert rule.fires(met) is True
    assert rule.name in fired
    assert (found.choice in rule.options) <= (not rule.rules_out)
    assert "{" not in rule.worded(met)
    for comparison in rule.when:
        assert rule.fires(met | {comparison.fact: _violating(comparison)}) is False
        less = {fact: value for fact, value in met.items() if fact is not comparison.fact}
        assert rule.fires(less) is None
        unclear = {o.rule: o for o in recommend(less, RULES.rules, rule.about).open}
        assert unclear[rule.name].facts == (comparison.fact,)
        assert unclear[rule.name].rules_out is rule.rules_out


def test_every_row_has_a_source_and_a_day() -> None:
    for rule in RULES.rules:
        assert rule.source.startswith(("https://", "cohabit: ", "Compose file")), rule.name
        assert date(2026, 1, 1) <= date.fromisoformat(rule.date) <= date(2027, 1, 1), rule.name
        assert rule.reason[0].islower() or rule.reason[0] in "{L", rule.name
    assert {type(option) for rule in RULES.rules for option in rule.options} == {Substrate, Orchestrator}


SIZES = {
    0.25: [512, 1024, 2048],
    0.5: [1024, 2048, 3072, 4096],
    1: [1024 * n for n in range(2, 9)],
    2: [1024 * n for n in range(4, 17)],
    4: [1024 * n for n in range(8, 31)],
    8: [1024 * n for n in range(16, 61, 4)],
    16: [1024 * n for n in range(32, 121, 8)],
    32: [60 * 1024, 120 * 1024, 244 * 1024],
}
"""vCPUs, and MiB: Amazon ECS Developer Guide, "invalid CPU or memory errors"."""


def test_sizes_of_fargate() -> None:
    found = {size.cpu: [amount // MIB for amount in size.memory] for size in RULES.sizes}
    assert found == SIZES
    assert {size.substrate for size in RULES.sizes} == {Substrate.FARGATE}


@given(st.floats(0.01, 64), st.integers(1, 512 * GIB))
def test_a_size_is_the_smallest_that_holds(cpu: float, memory: int) -> None:
    whole = [(c, m * MIB) for c, amounts in SIZES.items() for m in amounts]
    fitting = [size for size in whole if size[0] >= cpu and size[1] >= memory]
    assert smallest(RULES.sizes, Substrate.FARGATE, cpu, memory) == min(fitting, default=None)
    facts: Facts = {Fact.RUN_SECONDS: 3600.0, Fact.CPU: cpu, Fact.MEMORY: memory}
    found = recommend_substrate(facts, RULES)
    assert (found.choice is Substrate.FARGATE) == bool(fitting) == bool(found.size)


def test_sizes_in_words() -> None:
    facts: Facts = {Fact.RUN_SECONDS: 3600.0, Fact.CPU: 0.5, Fact.MEMORY: 700 * MIB}
    assert recommend_substrate(facts, RULES).size == "0.5 vCPU, 1 GiB"
    assert recommend_substrate({Fact.CPU: 0.5, Fact.MEMORY: 700 * MIB}, RULES).size == ""


TEAM = """\
kvm = false
[[substrate-rule]]
name = "no-cloud"
rules-out = ["lambda", "fargate"]
reason = "our data may not leave the house"
[[substrate-rule]]
name = "lambda-run"
when = [
  { fact = "run-seconds", is = ">", value = 600 },
  { fact = "python", is = "in", value = ["3.11", "3.12"] },
]
prefers = ["lambda"]
weight = -100
reason = "ours may run {run-seconds} on {python} at most"
source = "the platform team"
date = 2026-05-01
"""


def test_a_team_adds_rows(tmp_path: Path) -> None:
    (tmp_path / "cohabit.toml").write_text(TEAM)
    found = load(tmp_path, environment={})
    rules = {rule.name: rule for rule in substrate_rules(found).rules}
    assert len(rules) == len(RULES.rules) + 1
    assert rules["no-cloud"] == Rule(
        "no-cloud", (), (Substrate.LAMBDA, Substrate.FARGATE), "our data may not leave the house", "cohabit.toml:2"
    )
    assert rules["lambda-run"] == Rule(
        "lambda-run",
        (
            Comparison(Fact.RUN_SECONDS, Operator.ABOVE, 600.0),
            Comparison(Fact.PYTHON, Operator.AMONG, ("3.11", "3.12")),
        ),
        (Substrate.LAMBDA,),
        "ours may run {run-seconds} on {python} at most",
        "the platform team",
        "2026-05-01",
        -100,
    )
    assert substrate_rules(found).policy.kvm is False
    assert substrate_rules(Settings()) == Table(RULES.rules, RULES.sizes)


TRAITS = """\
[[service]]
path = "jobs"
replicas = 2
devices = ["nvidia.com/gpu"]
kernel = [">=5.10", "module wireguard", "sysctl net.ipv4.ip_forward=1", "privileged"]
run-seconds = 0.5
image-size = "2GiB"
unzipped-size = 1000
stateful = true
"""


def test_what_is_said_of_a_service_reaches_the_fleet(tmp_path: Path) -> None:
    (tmp_path / "jobs").mkdir()
    (tmp_path / "jobs" / "requirements.txt").write_text("flask\n")
    (tmp_path / "cohabit.toml").write_text(TRAITS)
    [service] = gather_fleet(tmp_path, load(tmp_path, environment={})).services
    assert (service.replicas, service.devices, service.stateful) == (2, ("nvidia.com/gpu",), True)
    assert service.kernel == (">=5.10", "module wireguard", "sysctl net.ipv4.ip_forward=1", "privileged")
    assert (service.run_seconds, service.image_size, service.unzipped_size) == (0.5, 2 * GIB, 1000)


UNFIT = [
    ("replicas = 0", "replicas: 0 is not a whole number (1 to 1024)"),
    ("run-seconds = -1", "run-seconds: -1 is no number of seconds above 0 and up to 31622400"),
    ('image-size = "much"', 'image-size: \'much\' is no amount of memory; write "512MiB", "2GB" or a number of bytes'),
    ("unzipped-size = 0", "unzipped-size: 0 is not between one byte and 1152921504606846976 bytes"),
    ("stateful = 1", "stateful: is a number, not true or false"),
    ('devices = "gpu"', "devices: is text, not a list"),
    (
        'kernel = ["rm -rf"]',
        "kernel: 'rm -rf' is nothing that is needed of a kernel, such as '>=5.10', 'module wireguard', "
        "'sysctl net.ipv4.ip_forward=1' or 'privileged'",
    ),
]


@pytest.mark.parametrize(("line", "fault"), UNFIT)
def test_unfit_traits(tmp_path: Path, line: str, fault: str) -> None:
    (tmp_path / "jobs").mkdir()
    (tmp_path / "cohabit.toml").write_text(f'[[service]]\npath = "jobs"\n{line}\n')
    with pytest.raises(ConfigurationError) as caught:
        load(tmp_path, environment={})
    assert str(caught.value) == f"cohabit.toml:3: {fault}"


ROW = '[[substrate-rule]]\nname = "x"\nreason = "y"\n'
OUT = f'{ROW}rules-out = ["lambda"]\n'
BROKEN = [
    ("substrate-rule = 3", ["1: substrate-rule: is a number, not a list"]),
    ("substrate-rule = [3]", ["1: substrate-rule: is a number, not a table"]),
    ("kvm = 1", ["1: kvm: is a number, not true or false"]),
    (ROW, ["1: substrate-rule: takes either 'rules-out' or 'prefers', with at least one name"]),
    (f"{ROW}rules-out = []", ["1: substrate-rule: takes either 'rules-out' or 'prefers', with at least one name"]),
    (
        f'{OUT}prefers = ["vm"]\nweight = 3',
        ["1: substrate-rule: takes either 'rules-out' or 'prefers', with at least one name"],
    ),
    (f"{OUT}weight = 3", ["1: substrate-rule: takes a 'weight' with 'prefers', and none with 'rules-out'"]),
    (f'{ROW}prefers = ["vm"]', ["1: substrate-rule: takes a 'weight' with 'prefers', and none with 'rules-out'"]),
    (
        f'{ROW}prefers = ["lamda"]\nweight = 0',
        [
            "4: prefers: 'lamda' is neither a substrate nor an orchestrator (did you mean 'lambda'?)",
            "5: weight: 0 is not between -100 and 100, or is 0",
        ],
    ),
    (
        f'{ROW}prefers = ["vm", "ecs"]\nweight = 1',
        ["1: substrate-rule: speaks of substrates and of orchestrators; make it two"],
    ),
    (f'{OUT}date = "2026-05-01"', ["5: date: is text, not a day such as 2026-08-23, without quotes"]),
    (f"{OUT}whn = []", ["5: unknown key 'whn' (did you mean 'when'?)"]),
    (
        f'{OUT}when = [{{ fact = "memroy", is = "=>", value = 1 }}]',
        [
            "5: fact: 'memroy' is no fact that cohabit knows (did you mean 'memory'?)",
            "5: is: '=>' is none of =, !=, <, <=, >, >=, in, not in (did you mean '>'?)",
        ],
    ),
    (f'{OUT}when = [{{ fact = "memory", is = ">" }}]', ["5: when: 'value' is missing"]),
    (
        f'{OUT}when = [{{ fact = "memory", is = ">", value = "much" }}]',
        ['5: value: \'much\' is no amount of memory; write "512MiB", "2GB" or a number of bytes'],
    ),
    (
        f'{OUT}when = [{{ fact = "gpu", is = ">", value = true }}]',
        ["5: when: is: '>' asks which is larger, and 'gpu' has no order"],
    ),
    (f'{OUT}when = [{{ fact = "gpu", is = "=", value = 1 }}]', ["5: value: is a number, not true or false"]),
    (f'{OUT}when = [{{ fact = "python", is = "in", value = "3.11" }}]', ["5: value: is text, not a list"]),
    (f'{OUT}when = [{{ fact = "python", is = "in", value = [] }}]', ["5: when: value: is an empty list"]),
    (
        f'{OUT}when = [{{ fact = "hosts", is = ">", value = 1 }}]',
        ["1: substrate-rule: asks for 'hosts', which is not known of an environment"],
    ),
    (
        '[[substrate-rule]]\nname = "x"\nreason = "needs {memory}"\nrules-out = ["lambda"]',
        ["1: substrate-rule: names {memory} in its reason, about which it does not ask"],
    ),
    (f'{OUT}{ROW}rules-out = ["vm"]\n', ["5: name: 'x' is the name of the row in cohabit.toml:1 too"]),
]


@pytest.mark.parametrize(("text", "faults"), BROKEN, ids=range(len(BROKEN)))
def test_broken_rows(tmp_path: Path, text: str, faults: list[str]) -> None:
    (tmp_path / "cohabit.toml").write_text(text)
    with pytest.raises(ConfigurationError) as caught:
        load(tmp_path, environment={})
    assert str(caught.value).splitlines() == [f"cohabit.toml:{fault}" for fault in faults]


BROKEN_SIZES = [
    ('[[size]]\nsubstrate = "fargate"\ncpu = 1', "table:1: size: 'memory' is missing"),
    (
        '[[size]]\nsubstrate = "fargate"\ncpu = 1\nmemory = { from = "2GiB", to = "1GiB", step = "1GiB" }',
        "table:4: memory: does not lead from 'from' to 'to' in whole steps",
    ),
    (
        '[[size]]\nsubstrate = "fargate"\ncpu = 1\nmemory = { from = 1, to = "1TiB", step = 1 }',
        "table:4: memory: does not lead from 'from' to 'to' in whole steps",
    ),
    ("rule = []", "table:1: unknown key 'rule'"),
    ("x = ", "table:1: is no valid TOML: Invalid value"),
]


@pytest.mark.parametrize(("text", "fault"), BROKEN_SIZES)
def test_broken_tables(text: str, fault: str) -> None:
    with pytest.raises(CohabitError) as caught:
        read_table(text, "table")
    assert str(caught.value) == fault


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
rows = st.fixed_dictionaries(
    {},
    optional={
        "name": values | st.text("ab", min_size=1, max_size=2),
        "when": values | st.lists(st.fixed_dictionaries({"fact": st.sampled_from(Fact), "is": st.sampled_from(Operator),
                                                         "value": values}), max_size=2),
        "rules-out": values | st.lists(st.sampled_from([*Substrate, *Orchestrator]), max_size=2),
        "prefers": values | st.lists(st.sampled_from([*Substrate, *Orchestrator]), max_size=2),
        "weight": values | st.integers(-3, 3),
        "reason": values | st.just("because of {memory}"),
        "date": values,
    },
)  # fmt: skip


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return f"{{{', '.join(f'{json.dumps(str(key))} = {_toml(item)}' for key, item in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return repr(value)
    return json.dumps(value) if value is not None else "''"


@settings(max_examples=EXAMPLES)
@given(st.lists(rows | values, max_size=3))
def test_whatever_a_row_holds_it_is_read_or_refused(found: list[Any]) -> None:
    try:
        rules = read_table(f"substrate-rule = {_toml(found)}\n", "table").rules
    except CohabitError as error:
        assert str(error).startswith("table")
        return
    assert len(rules) == len(found)
    recommend({}, rules, Substrate)


def test_the_document_lists_every_fact() -> None:
    section = DOCUMENT.read_text().partition("## Substrates")[2].partition("\n## ")[0]
    listed = re.findall(r"^- `([a-z-]+)` \(", section, re.MULTILINE)
    assert listed == [*Fact]
