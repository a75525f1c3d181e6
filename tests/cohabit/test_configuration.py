from __future__ import annotations

import datetime
import pickle
import re
from pathlib import Path
from typing import Any

import pytest
import tomli
from hypothesis import given
from hypothesis import strategies as st

from analyzer.boundary import Boundary
from analyzer.errors import CohabitError
from analyzer.gate.severity import Severity
from analyzer.gate.waiver import Waiver
from analyzer.origin import Origin
from analyzer.planner.rules import Placement, Rules
from analyzer.planner.site import Offer
from analyzer.service import Fleet, Platform, PresentEnvironment, Service
from analyzer.verdict import Code, Stance
from cohabit import configuration
from cohabit.configuration import ConfigurationError, from_command_line, load
from cohabit.configuration_gate import WAIVER, gate_keys
from cohabit.configuration_housing import BLAST_RADIUS, OFFER, PLACEMENT, WEIGHT
from cohabit.configuration_schema import ENVIRONMENT, PLATFORM, file_keys, git_keys, pip_keys, service_keys
from cohabit.layout import check_layout, rules_for
from cohabit.settings import ServiceSettings, Settings
from cohabit.substrate_rules import SUBSTRATE_RULE
from resolvers.tree import Tree

DOCUMENT = Path(__file__).parents[2] / "docs" / "configuration.md"

WHOLE = """\
boundaries = ["venv", "container"]
discover = false
exclude = ["legacy", "./old/*"]
stance = "locked"
optimistic = true
cache = false
jobs = 4
plan-seconds = 1.5
[platform]
python = "3.11.4"
os = "debian:12"
arch = "arm64"
[[service]]
name = "billing"
path = "./services/billing/"
platform = { python = "3.12", os = "alpine:3.20" }
owner = "payments"
trust = "pci"
memory = "512MiB"
cpu = 0.5
ports = [8080, 53]
extras = ["Fast_Path"]
groups = ["web"]
[[service]]
path = "search"
memory = 1000
cpu = 2
[[environment]]
boundary = "container"
services = ["billing", "search"]
[universe]
"debian:12" = ["mirror/debian"]
[pip]
index-url = "mirror"
find-links = ["https://index.example/links", "mirror"]
exclude-newer = 2026-08-23
offline = true
timeout = 30
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "fleet"
    for name in ("services/billing", "search", "mirror", "third"):
        (folder / name).mkdir(parents=True)
    (folder / "search" / "requirements.txt").touch()
    (folder / "search" / "pyproject.toml").touch()
    (folder / "out").symlink_to(tmp_path)
    return folder


def _load(root: Path, text: str, **given: Any) -> Settings:
    (root / "cohabit.toml").write_text(text)
    return load(root, environment={}, **given)


def test_every_key(root: Path) -> None:
    mirror = str((root / "mirror").resolve())
    assert _load(root, WHOLE) == Settings(
        platform=Platform("3.11", "debian:12", "aarch64"),
        boundaries=(Boundary.VENV, Boundary.CONTAINER),
        services=(
            ServiceSettings(
                "billing", "services/billing", Origin("cohabit.toml", 13, "[[service]]"), "3.12", "alpine:3.20", "",
                ("fast-path",), ("web",), "payments", "pci", 512 * 2**20, 0.5, (8080, 53),
            ),
            ServiceSettings("", "search", Origin("cohabit.toml", 24, "[[service]]"), memory=1000, cpu=2.0),
        ),
        present=(PresentEnvironment(Boundary.CONTAINER, ("billing", "search")),),
        present_origins=(Origin("cohabit.toml", 28, "[[environment]]"),),
        universe=(("debian:12", (str(root / "mirror/debian"),)),),
        only_listed=True,
        exclude=("legacy", "old/*"),
        index_url=mirror,
        find_links=("https://index.example/links", mirror),
        exclude_newer="2026-08-24T00:00:00Z",
        offline=True,
        cache=False,
        jobs=4,
        timeout=30.0,
        plan_seconds=1.5,
        stance=Stance.LOCKED,
        optimistic=True,
    )  # fmt: skip


HOUSING = """\
[[machine]]
name = "small"
memory = "8GiB"
cpu = 1.5
price = 0.096
count = 3
[[machine]]
name = "gpu"
price = 2
devices = ["nvidia.com/gpu"]
arch = "arm64"
[[container]]
name = "task"
memory = 1000
[blast-radius]
container = 2
machine = 9
[trust]
pci = "vm"
inner = "container"
[[placement]]
services = ["search", "third"]
apart = "vm"
[[placement]]
services = ["search", "billing"]
together = "container"
[weights]
vm = 10
venv = 1
[[service]]
path = "search"
machines = ["gpu"]
[[service]]
name = "billing"
path = "services/billing"
not-machines = ["gpu", "small"]
"""


def test_housing(root: Path) -> None:
    settings = _load(root, HOUSING)
    assert settings.rules == Rules(
        offers={
            Boundary.VM: (
                Offer("small", 8 * 2**30, 1500, 960, 3, priced=True),
                Offer("gpu", price=20_000, devices=frozenset(["nvidia.com/gpu"]), arch="aarch64", priced=True),
            ),
            Boundary.CONTAINER: (Offer("task", 1000),),
        },
        most={Boundary.CONTAINER: 2, Boundary.VM: 9},
        trust={"pci": Boundary.VM, "inner": Boundary.CONTAINER},
        placements=(
            Placement(Boundary.VM, frozenset(["search", "third"]), together=False),
            Placement(Boundary.CONTAINER, frozenset(["search", "billing"]), together=True),
        ),
        weights={Boundary.VM: 10, Boundary.VENV: 1},
    )
    services = (Service("billing", "services/billing"), Service("finder", "search"), Service("web", "search"))
    rules = rules_for(settings, Fleet("fleet", services))
    assert rules.only == {"finder": frozenset(["gpu"]), "web": frozenset(["gpu"])}
    assert rules.never == {"billing": frozenset(["gpu", "small"])}


def test_placements_are_checked_against_the_fleet(root: Path) -> None:
    fleet = Fleet("fleet", (Service("billing", "services/billing"), Service("search", "search")))
    with pytest.raises(ConfigurationError) as caught:
        check_layout(_load(root, HOUSING), fleet)
    assert str(caught.value) == "cohabit.toml:21: services: there is no service 'third'"


GATE = """\
[gate]
fail-on = "note"
max-environments = 4
baseline = "ci/known.jsonl"
[severity]
PIP002 = "warning"
deb = "off"
[[waiver]]
code = "PIP001"
services = ["billing", "search"]
packages = ["pypi/Flask_Thing", "deb/debian/libssl3"]
reason = "later"
owner = "payments"
expires = 2026-10-31
[[waiver]]
id = "pip001-0b5d1c0e6f12"
reason = "never mind"
owner = "payments"
expires = "2026-11-30"
"""


def test_the_gate(root: Path) -> None:
    settings = _load(root, GATE)
    assert (settings.fail_on, settings.max_environments) == (Severity.NOTE, 4)
    assert settings.baseline == str(root / "ci/known.jsonl")
    assert dict(settings.severities) == {"PIP002": Severity.WARNING, "deb": Severity.OFF}
    place, day = Origin("cohabit.toml", 8, "[[waiver]]"), datetime.date(2026, 10, 31)
    services, packages = ("billing", "search"), ("pypi/flask-thing", "deb/debian/libssl3")
    first, second = settings.waivers
    assert first == Waiver("later", "payments", day, place, "", Code.VERSION, services, packages)
    assert (second.id, second.expires, second.code) == ("pip001-0b5d1c0e6f12", datetime.date(2026, 11, 30), "")


def test_a_file_that_the_user_named_may_keep_its_baseline_elsewhere(root: Path, tmp_path: Path) -> None:
    file = tmp_path / "own" / "gate.toml"
    file.parent.mkdir()
    file.write_text('[gate]\nbaseline = "../known"\n')
    assert load(root, file=file, environment={}).baseline == str(tmp_path / "own" / "../known")


def test_nothing_at_all(root: Path) -> None:
    assert load(root, environment={}) == Settings()
    assert _load(root, "") == Settings()


SERVICE = '[[service]]\npath = "search"\n'
NEITHER = "is neither a URL (https://…) nor a folder that exists"
NO_DAY = "is no day (2026-08-23) and no time with a time zone (2026-08-23T12:00:00Z)"
PYTHONS = "is no Python version that cohabit knows (3.8 to 3.15)"

BROKEN: list[tuple[str, list[str]]] = [
    ("x = ", ["1: is no valid TOML: Invalid value"]),
    ("\n\na = 1\na = 2", ["4: is no valid TOML: Cannot overwrite a value"]),
    ('pyhton = "3.11"', ["1: unknown key 'pyhton' (did you mean 'python' in [platform]?)"]),
    ('\n[platform]\npyhton = "3.11"', ["3: unknown key 'pyhton' (did you mean 'python'?)"]),
    ("offline = true", ["1: unknown key 'offline' (it belongs in [pip])"]),
    ("zzz = 1\n[qqq]\n", ["1: unknown key 'zzz'", "2: unknown key 'qqq'"]),
    ('boundaries = "vm"', ["1: boundaries: is text, not a list"]),
    (
        'boundaries = [\n"vm",\n"contaner", 3,\n"vm"]',
        [
            "3: boundaries: 'contaner' is none of process, venv, container, vm (did you mean 'container'?)",
            "3: boundaries: is a number, not text",
            "4: boundaries: 'vm' is there twice",
        ],
    ),
    ("discover = 1", ["1: discover: is a number, not true or false"]),
    ("discover = false", ["1: discover: is false, but no [[service]] is listed"]),
    ('exclude = ["/abs", ""]', [
        "1: exclude: '' is no text of 1 to 1000 printable characters",
        "1: exclude: '/abs' is an absolute path; patterns are relative to the audited folder",
    ]),
    ('stance = "lock"', ["1: stance: 'lock' is none of locked, relocked (did you mean 'locked'?)"]),
    ("stance = 1979-05-27", ["1: stance: is a date, not text"]),
    ("jobs = 0\noptimistic = 0", [
        "1: jobs: 0 is not a whole number (1 to 1024)", "2: optimistic: is a number, not true or false",
    ]),
    ("jobs = true", ["1: jobs: is true or false, not a whole number"]),
    ("plan-seconds = inf", ["1: plan-seconds: inf is no number of seconds above 0 and up to 86400"]),
    ("platform = 3", ["1: platform: is a number, not a table"]),
    ("[platform]\npython = 3.11", [
        '2: python: 3.11 is a number, in which 3.1 and 3.10 are the same; write it in quotes: "3.11"',
    ]),
    ('[platform]\npython = "2.7"', [f"2: python: '2.7' {PYTHONS}"]),
    ('[platform]\npython = "3.99"', [f"2: python: '3.99' {PYTHONS}"]),
    ('[platform]\npython = "three"', ["2: python: 'three' is no Python version such as \"3.11\""]),
    (
        '[platform]\nos = "debain:12"\narch = "sparc"',
        [
            "2: os: 'debain:12' is no operating system that cohabit knows (did you mean 'debian:12'?)",
            "3: arch: 'sparc' is no architecture that cohabit knows (x86_64, aarch64)",
        ],
    ),
    ('[platform]\nos = "rhel"', ["2: os: 'rhel' is no operating system that cohabit knows (rhel:8, rhel:9, rhel:10)"]),
    ('[platform]\nos = "alpine:"', [
        "2: os: 'alpine:' is no operating system that cohabit knows (did you mean 'alpine'?)",
    ]),
    ("service = 3", ["1: service: is a number, not a list"]),
    ("service = [3]", ["1: service: is a number, not a table"]),
    ('[service]\nname = "x"', ["1: service: is a table, not a list"]),
    (
        '[[service]]\nowner = "x"',
        ["1: service: 'path' is missing, or the 'name' of a service that a deployment file tells of"],
    ),
    ('[[service]]\npath = "../x"', ["2: path: '../x' leads out of the audited folder"]),
    ('[[service]]\npath = "/etc"', ["2: path: '/etc' is an absolute path, outside the audited folder"]),
    ('[[service]]\npath = "out"', ["2: path: 'out' leads out of the audited folder"]),
    ('[[service]]\npath = "nowhere"', ["2: path: 'nowhere' does not exist in the audited folder"]),
    ('[[service]]\npath = "search/pyproject.toml"', [
        "2: path: 'search/pyproject.toml' is a file of a project; give the folder that it lies in",
    ]),
    ('[[service]]\npath = "a\\u0000b"', ["2: path: 'a\\x00b' is no text of 1 to 1000 printable characters"]),
    (
        f'{SERVICE}[[service]]\npath = "./search/"',
        [
            "3: name: 'search' is the name of the service in cohabit.toml:1 too",
            "3: path: 'search' is the path of the service in cohabit.toml:1 too",
        ],
    ),
    (
        f'{SERVICE}name = "a"\n[[service]]\npath = "third"\nname = "a"',
        ["4: name: 'a' is the name of the service in cohabit.toml:1 too"],
    ),
    (f'{SERVICE}platform = {{ python = "3.1", ach = "x" }}', [
        f"3: python: '3.1' {PYTHONS}", "3: unknown key 'ach' (did you mean 'arch'?)",
    ]),
    (f"{SERVICE}ports = [0, 70000, true, \"80\"]", [
        "3: ports: 0 is not a port (1 to 65535)", "3: ports: 70000 is not a port (1 to 65535)",
        "3: ports: is text, not a port", "3: ports: is true or false, not a port",
    ]),
    (f"{SERVICE}ports = 80", ["3: ports: is a number, not a list"]),
    (f"{SERVICE}memory = -1\ncpu = nan", [
        "3: memory: -1 is not between one byte and 1152921504606846976 bytes",
        "4: cpu: nan is no number of cores above 0 and up to 100000",
    ]),
    (f'{SERVICE}memory = "512m"\ncpu = "2"', [
        "3: memory: '512m' is no amount of memory; write \"512MiB\", \"2GB\" or a number of bytes",
        "4: cpu: is text, not a number of cores",
    ]),
    (f"{SERVICE}memory = true", [
        "3: memory: true is no amount of memory; write \"512MiB\", \"2GB\" or a number of bytes",
    ]),
    (f'{SERVICE}memory = "9999999999999999PiB"', [
        "3: memory: '9999999999999999PiB' is not between one byte and 1152921504606846976 bytes",
    ]),
    (f'{SERVICE}owner = ["a"]\ntrust = ""\nextras = ["-"]\ngroups = {{}}', [
        "3: owner: is a list, not text", "4: trust: '' is no text of 1 to 1000 printable characters",
        "5: extras: '-' is no name of an extra or a dependency group", "6: groups: is a table, not a list",
    ]),
    (f'{SERVICE}extras = ["a", "A"]', ["3: extras: 'A' is there twice"]),
    ("[[environment]]", ["1: environment: 'boundary' is missing", "1: environment: 'services' is missing"]),
    (
        '[[environment]]\nboundary = "container"\nservices = ["a", "b"]\n'
        '[[environment]]\nboundary = "vm"\nservices = ["a"]\n'
        '[[environment]]\nboundary = "container"\nservices = ["b"]\n',
        ["7: services: 'b' is in the container in cohabit.toml:1 too"],
    ),
    ("[[machine]]\n[[container]]\nname = 3", ["1: machine: 'name' is missing", "3: name: is a number, not text"]),
    ('[[machine]]\nname = "a"\nprice = 0.1\n[[machine]]\nname = "a"\n[[machine]]\nname = "b"', [
        "4: name: 'a' is the name of the type in cohabit.toml:1 too",
        "6: price: there is none, but the type in cohabit.toml:1 has one",
    ]),
    ('[[machine]]\nname = "a"\nprice = 0.00001\n[[container]]\nname = "b"\nprice = -1\ncount = 0\nspeed = 1', [
        "3: price: 1e-05 has more than four decimals", "6: price: -1 is no price between 0 and 1000000",
        "7: count: 0 is not a whole number (1 to 100000)", "8: unknown key 'speed'",
    ]),
    ('[[machine]]\nname = "a"\nprice = "1"\nmemory = []\narch = "vax"', [
        "3: price: is text, not a price",
        "4: memory: a list is no amount of memory; write \"512MiB\", \"2GB\" or a number of bytes",
        "5: arch: 'vax' is no architecture that cohabit knows (x86_64, aarch64)",
    ]),
    ('[[machine]]\nname = "a"\nprice = nan', ["3: price: nan is no price between 0 and 1000000"]),
    ("[blast-radius]\nmachine = 0\nvenv = 1", [
        "2: machine: 0 is not a whole number (1 to 100000)", "3: unknown key 'venv'",
    ]),
    ('[trust]\npci = "venv"\ninner = 3', [
        "2: pci: 'venv' is neither container nor vm", "3: inner: is a number, not text",
    ]),
    ("[weights]\nvm = 1001\ncontainer = 0.5", [
        "2: vm: 1001 is not a whole number (0 to 1000)", "3: container: is a number, not a whole number",
    ]),
    (
        '[[placement]]\nservices = ["a", "b"]\n[[placement]]\nservices = ["a"]\napart = "vm"\n'
        '[[placement]]\nservices = ["a", "b"]\napart = "vm"\ntogether = "vm"\n'
        '[[placement]]\napart = "process"',
        [
            "1: placement: takes either 'together' or 'apart'", "3: placement: takes two services or more",
            "6: placement: takes either 'together' or 'apart'", "10: placement: 'services' is missing",
            "11: apart: 'process' is neither container nor vm",
        ],
    ),
    ('[[machine]]\nname = "small"\n' + SERVICE + 'machines = ["smal"]\nnot-machines = ["zzz", 3]', [
        "5: machines: there is no [[machine]] 'smal' (did you mean 'small'?)", "6: not-machines: is a number, not text",
        "6: not-machines: there is no [[machine]] 'zzz'",
    ]),
    ('[universe]\n"Debian 12" = ["x"]\n"debian:12" = "x"\n"centos:9" = [1]', [
        "2: Debian 12: 'Debian 12' is no distribution such as \"debian:12\"",
        "3: debian:12: is text, not a list", "4: centos:9: is a number, not text",
    ]),
    ('[maven]\n"com.google.guava:guava" = "semver"\n"io.netty" = "always"\n"io.netty:*" = 1', [
        "2: com.google.guava:guava: 'semver' is none of early-semver, semver-spec, pvp, strict, always",
        "3: io.netty: 'io.netty' is no Maven module such as 'com.google.guava:guava' or 'io.netty:*'",
        "4: io.netty:*: is a number, not text",
    ]),
    (
        'maven-repository = ["ftp://u:secret@repo.example"]',
        ["1: maven-repository: is no URL of the kind https://, http://, file://"],
    ),
    ("universe = []", ["1: universe: is a list, not a table"]),
    ('[pip]\nindex-url = "ftp://me:secret@host/"', ["2: index-url: is no URL of the kind https://, http://, file://"]),
    ('[pip]\nindex-url = "https://me:secret@"', ["2: index-url: is no whole URL"]),
    ('[pip]\nindex-url = "https://me:secret@host:port/"', ["2: index-url: is no whole URL"]),
    ('[pip]\nindex-url = "me:secret@host/simple"', [f"2: index-url: {NEITHER}"]),
    ('[pip]\nfind-links = ["mirror", "nowhere"]', [f"2: find-links: {NEITHER}"]),
    ('[pip]\npython = "3.11"\nindexurl = "x"', [
        "2: unknown key 'python'", "3: unknown key 'indexurl' (did you mean 'index-url'?)",
    ]),
    ("[pip]\nexclude-newer = 2026-08-23T12:00:00", [
        f"2: exclude-newer: 2026-08-23 12:00:00 {NO_DAY}",
    ]),
    ('[pip]\nexclude-newer = "2026-02-30"', [
        f"2: exclude-newer: '2026-02-30' {NO_DAY}",
    ]),
    ("[pip]\nexclude-newer = 9999-12-31\ntimeout = 0", [
        f"2: exclude-newer: 9999-12-31 {NO_DAY}",
        "3: timeout: 0 is no number of seconds above 0 and up to 86400",
    ]),
    ("[git]\nallow-network = true\nmirrors = 1", [
        "2: allow-network: counts on the command line, in COHABIT_ALLOW_NETWORK and in a file given with --config "
        "only, since it lets manifests name servers that are asked and this file lies in the audited folder",
        "3: mirrors: is a number, not a list",
    ]),
    ('fail-on = "never"\n[gate]\nfail-on = "off"\nmax-environments = 0\nbaseline = "../known"', [
        "1: unknown key 'fail-on' (it belongs in [gate])",
        "3: fail-on: 'off' is none of error, warning, note, never",
        "4: max-environments: 0 is not a whole number (1 to 1000000)",
        "5: baseline: '../known' leads out of the audited folder",
    ]),
    ('[severity]\nPIP1 = "error"\ndeb = "grave"\nGATE001 = 3', [
        "2: PIP1: 'PIP1' is neither a code nor an ecosystem (did you mean 'PIP001'?)",
        "3: deb: 'grave' is none of error, warning, note, off",
        "4: GATE001: is a number, not text",
    ]),
    ('[[waiver]]\nreason = ""\nexpires = 2026-01-01T00:00:00\n[[waiver]]\nreason = "x"\nowner = "y"\n'
     'expires = "soon"\nservices = []\n[[waiver]]\nreason = "x"\nowner = "y"\nexpires = 2026-01-01\n'
     'packages = ["flask"]\ncode = "GATE001"', [
        "1: waiver: 'owner' is missing",
        "1: waiver: names no conflict: one of id, code, services, packages is needed",
        "2: reason: '' is no text of 1 to 1000 printable characters",
        "3: expires: has a time, and is to be a day such as 2026-08-23",
        "4: waiver: names no conflict: one of id, code, services, packages is needed",
        "7: expires: 'soon' is no day such as 2026-08-23",
        "13: packages: 'flask' is no package such as pypi/flask or deb/debian/libssl3",
        "14: code: 'GATE001' is none of " + ", ".join(Code) + " (did you mean 'GIT001'?)",
    ]),
    ("[pip]\nallow-build = true", [
        "2: allow-build: counts on the command line, in COHABIT_ALLOW_BUILD and in a file given with --config only, "
        "since building runs code and this file lies in the audited folder",
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), BROKEN)
def test_broken_files(root: Path, text: str, expected: list[str]) -> None:
    with pytest.raises(ConfigurationError) as caught:
        _load(root, text)
    lines = [re.sub(r" \(at line.*\)$", "", line) for line in str(caught.value).splitlines()]
    assert sorted(lines) == sorted(f"cohabit.toml:{line}" for line in expected)
    assert "secret" not in str(caught.value)


def test_lines_are_told_in_order(root: Path) -> None:
    with pytest.raises(ConfigurationError) as caught:
        _load(root, "b = 1\na = 2\nstance = 3\n[platform]\nx = 1\n")
    assert [origin.line for origin, _ in caught.value.faults] == [1, 2, 3, 5]


def test_the_same_in_pyproject(root: Path) -> None:
    text = WHOLE.replace("[platform]", "[tool.cohabit.platform]").replace("[[service]]", "[[tool.cohabit.service]]")
    text = text.replace("[[environment]]", "[[tool.cohabit.environment]]").replace("[pip]", "[tool.cohabit.pip]")
    text = text.replace("[universe]", "[tool.cohabit.universe]")
    (root / "pyproject.toml").write_text(f"[tool.cohabit]\n{text}")
    there = load(root, environment={})
    assert [s.origin.file for s in there.services] == ["pyproject.toml"] * 2
    here = _load(root, WHOLE)
    assert (there.platform, there.index_url, there.present) == (here.platform, here.index_url, here.present)


def test_pyproject_is_read_without_a_file_of_its_own(root: Path) -> None:
    (root / "pyproject.toml").write_text("[tool.cohabit]\njobs = 3\n")
    assert load(root, environment={}).jobs == 3
    assert _load(root, "jobs = 5").jobs == 5


@pytest.mark.parametrize("text", ["[tool.ruff]\n", "tool = 3", "[project", "[[tool]]\n", ""])
def test_another_pyproject_does_not_matter(root: Path, text: str) -> None:
    (root / "pyproject.toml").write_text(text)
    assert load(root, environment={}) == Settings()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[tool.cohabit]\nxx = 1", "pyproject.toml:2: unknown key 'xx'"),
        ("[tool]\ncohabit = 3", "pyproject.toml:2: cohabit: is a number, not a table"),
        ("[tool.cohabit]\nxx = ", "pyproject.toml:2: is no valid TOML: Invalid value"),
    ],
)
def test_a_broken_section(root: Path, text: str, expected: str) -> None:
    (root / "pyproject.toml").write_text(text)
    with pytest.raises(ConfigurationError) as caught:
        load(root, environment={})
    assert str(caught.value) == expected


def test_a_file_that_was_named(root: Path, tmp_path: Path) -> None:
    other = tmp_path / "elsewhere" / "audit.toml"
    (other.parent / "index").mkdir(parents=True)
    other.write_text(
        'git.allow-network = true\n[pip]\nallow-build = true\nindex-url = "index"\n[[service]]\npath = "search"\n'
    )
    settings = load(root, file=other, environment={})
    assert settings.allow_build and settings.allow_network
    assert settings.index_url == str(other.parent.resolve() / "index")
    assert [str(service.origin) for service in settings.services] == [f"{other}:5"]
    assert load(root, environment={"COHABIT_CONFIG": str(other)}) == settings


@pytest.mark.parametrize(("name", "reason"), [("none.toml", "does not exist"), (".", "is no regular file")])
def test_a_named_file_must_be_there(root: Path, name: str, reason: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load(root, file=root / name, environment={})
    assert str(caught.value) == f"{root / name}: {reason}"


@pytest.mark.parametrize("make", [Path.mkdir, lambda path: path.symlink_to("/etc/passwd")])
def test_a_file_that_cannot_be_read(root: Path, make: Any) -> None:
    make(root / "cohabit.toml")
    with pytest.raises(ConfigurationError):
        load(root, environment={})


def test_precedence(root: Path) -> None:
    text = '[platform]\npython = "3.9"\nos = "debian:11"\narch = "aarch64"\n[pip]\ntimeout = 1\noffline = true\n'
    variables = {"COHABIT_PYTHON": "3.10", "COHABIT_PLATFORM": "debian:12", "COHABIT_OFFLINE": "0"}
    (root / "cohabit.toml").write_text(text)
    settings = load(root, environment=variables, options={"python": "3.11", "timeout": None, "find_links": ()})
    assert settings.platform == Platform("3.11", "debian:12", "aarch64")
    assert (settings.timeout, settings.offline) == (1.0, False)


VARIABLES: list[tuple[str, str, str, object]] = [
    ("PYTHON", "3.12", "platform", Platform("3.12")),
    ("PLATFORM", "macos/arm64", "platform", Platform("", "macos", "aarch64")),
    ("INDEX_URL", "https://index.example/simple", "index_url", "https://index.example/simple"),
    ("FIND_LINKS", "https://a.example https://b.example", "find_links", ("https://a.example", "https://b.example")),
    ("EXCLUDE_NEWER", "2026-08-23T01:30:00.5+02:00", "exclude_newer", "2026-08-22T23:30:00.500000Z"),
    ("OFFLINE", "1", "offline", True),
    ("ALLOW_BUILD", "Yes", "allow_build", True),
    ("ALLOW_NETWORK", "on", "allow_network", True),
    ("GIT_MIRRORS", "/srv/a /srv/b", "git_mirrors", ("/srv/a", "/srv/b")),
    ("CACHE", "off", "cache", False),
    ("OPTIMISTIC", "true", "optimistic", True),
    ("JOBS", "7", "jobs", 7),
    ("TIMEOUT", "2.5", "timeout", 2.5),
    ("PLAN_SECONDS", "9", "plan_seconds", 9.0),
    ("STANCE", "locked", "stance", Stance.LOCKED),
    ("BOUNDARIES", "venv vm", "boundaries", (Boundary.VENV, Boundary.VM)),
    ("EXCLUDE", "a b/*", "exclude", ("a", "b/*")),
    ("MAX_CONFLICT_SIZE", "3", "max_conflict_size", 3),
    ("PRICES", "0", "prices", 0),
    ("FAIL_ON", "never", "fail_on", Severity.OFF),
    ("MAX_ENVIRONMENTS", "3", "max_environments", 3),
    ("BASELINE", "/srv/known.jsonl", "baseline", "/srv/known.jsonl"),
    ("TODAY", "2026-11-22", "today", datetime.date(2026, 11, 22)),
    (
        "MAVEN_REPOSITORY",
        "https://repo.example/maven2 https://u:p@repo.example/x",
        "maven_repository",
        ("https://repo.example/maven2", "https://u:p@repo.example/x"),
    ),
    ("MACHINE_LISTS", "no", "machine_lists", False),
    (
        "UNIVERSE",
        "debian:12=/srv/mirror /srv/repo",
        "universe",
        (("debian:12", ("/srv/mirror",)), ("", ("/srv/repo",))),
    ),
]


@pytest.mark.parametrize(("name", "text", "field", "expected"), VARIABLES)
def test_variables(root: Path, name: str, text: str, field: str, expected: object) -> None:
    assert getattr(load(root, environment={f"COHABIT_{name}": text}), field) == expected
    assert load(root, environment={f"COHABIT_{name}": ""}) == Settings()


def test_all_variables_are_tried() -> None:
    assert {name.lower() for name, *_ in VARIABLES} == set(configuration._FROM_TEXT)


def test_faults_of_all_sources_are_told_at_once(root: Path) -> None:
    (root / "cohabit.toml").write_text("x = 1\n")
    variables = {"COHABIT_OFLINE": "1", "COHABIT_JOBS": "many", "COHABIT_OFFLINE": "maybe", "COHABIT_PORT": "tcp://x"}
    options = {"timeout": -1, "ofline": True, "python": 3, "services": ["x"], "platform": 3, "index_url": object()}
    with pytest.raises(ConfigurationError) as caught:
        load(root, environment=variables, options=options)
    assert str(caught.value).splitlines() == [
        "COHABIT_JOBS: is text, not a whole number",
        "COHABIT_OFFLINE: 'maybe' is neither 1 nor 0",
        "COHABIT_OFLINE: is unknown (did you mean 'COHABIT_OFFLINE'?)",
        "cohabit.toml:1: unknown key 'x'",
        "option index_url: is object, not text",
        "option ofline: is unknown (did you mean 'offline'?)",
        "option platform: is a number, not text",
        "option python: is a number, not text",
        "option services: is text, not a ServiceSettings",
        "option timeout: -1 is no number of seconds above 0 and up to 86400",
    ]


def test_options_may_be_typed(root: Path) -> None:
    service = ServiceSettings("x", "search", Origin("here"))
    present = PresentEnvironment(Boundary.VM, ("x",))
    options = {"platform": Platform("3.11"), "boundaries": [Boundary.VM], "services": [service], "present": [present],
               "index_url": root, "universe": {"debian:12": [Path("x")]}, "stance": Stance.LOCKED}  # fmt: skip
    settings = load(root, environment={}, options=options)
    assert (settings.platform, settings.boundaries) == (Platform("3.11"), (Boundary.VM,))
    assert (settings.services, settings.present) == ((service,), (present,))
    assert (settings.index_url, settings.universe) == (str(root.resolve()), (("debian:12", ("x",)),))


def test_every_field_is_an_option() -> None:
    assert set(configuration._OPTIONS) == {*Settings.__dataclass_fields__, *PLATFORM}


GIVEN = {"python": "3.11.4", "platform": "debian:12/arm64", "jobs": 2, "index_url": "https://u:p@index.example/s?token=x",
         "find_links": ("https://a.example",), "exclude_newer": "2026-08-23", "offline": True, "allow_build": None,
         "cache": None, "timeout": 3.0, "stance": "locked", "optimistic": None}  # fmt: skip


def test_the_command_line(root: Path) -> None:
    options = from_command_line(GIVEN)
    assert options == {
        "python": "3.11", "os": "debian:12", "arch": "aarch64", "jobs": 2, "find_links": ("https://a.example",),
        "index_url": "https://u:p@index.example/s?token=x", "exclude_newer": "2026-08-24T00:00:00Z", "offline": True,
        "timeout": 3.0, "stance": Stance.LOCKED,
    }  # fmt: skip
    assert from_command_line(options) == options
    assert load(root, environment={}, options=options).platform == Platform("3.11", "debian:12", "aarch64")


def test_the_command_line_names_its_options() -> None:
    with pytest.raises(ConfigurationError) as caught:
        from_command_line(
            {
                "python": "3",
                "platform": "linux/arm/v7",
                "index_url": "https://u:secret@",
                "exclude_newer": "soon",
                "cache": 3,
            }
        )
    assert str(caught.value).splitlines() == [
        f"--exclude-newer: 'soon' {NO_DAY}",
        "--index-url: is no whole URL",
        "--no-cache: is a number, not true or false",
        "--platform: 'arm/v7' is no architecture that cohabit knows (x86_64, aarch64)",
        "--python: '3' is no Python version such as \"3.11\"",
    ]


def test_a_day_is_whole_in_utc(root: Path) -> None:
    for text in ("2026-12-31", datetime.date(2026, 12, 31), "2027-01-01T00:00:00Z", "2027-01-01 02:00:00+02:00"):
        assert load(root, environment={}, options={"exclude_newer": text}).exclude_newer == "2027-01-01T00:00:00Z"
    assert load(root, environment={}, options={"exclude_newer": ""}).exclude_newer == ""


AMOUNTS = [
    ("1", 1),
    ("1B", 1),
    ("2kB", 2000),
    ("2KB", 2000),
    ("2 KiB", 2048),
    ("1.5Gi", 3 * 2**29),
    ("1M", 10**6),
    ("1TiB", 2**40),
]


@pytest.mark.parametrize(("text", "size"), AMOUNTS)
def test_memory(root: Path, text: str, size: int) -> None:
    assert _load(root, f'{SERVICE}memory = "{text}"').services[0].memory == size


def test_an_error_crosses_processes() -> None:
    error = ConfigurationError([(Origin("a", 1), "is wrong"), (Origin("a", 1), "is wrong")])
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.faults) == ("a:1: is wrong", error.faults)


def test_a_message_has_an_end() -> None:
    error = ConfigurationError([(Origin("a", line), "is wrong") for line in range(1000)])
    assert str(error).splitlines()[-1] == "and 800 more"


def test_layouts_are_checked_against_the_fleet(root: Path) -> None:
    text = (
        '[[service]]\npath = "third"\nname = "search"\n'
        '[[environment]]\nboundary = "vm"\nservices = ["search", "biling"]\n'
    )
    settings = _load(root, text)
    services = (Service("billing", "billing"), Service("search", "search"), Service("search", "third"))
    with pytest.raises(ConfigurationError) as caught:
        check_layout(settings, Fleet("fleet", services))
    assert str(caught.value).splitlines() == [
        "cohabit.toml:1: name: 'search' is the name of the service in search too",
        "cohabit.toml:4: services: there is no service 'biling' (did you mean 'billing'?)",
    ]
    check_layout(_load(root, ""), Fleet("fleet", services))


def test_the_document_lists_every_key(root: Path) -> None:
    sections = {"platform": PLATFORM, "pip": pip_keys(root, trusted=True), "git": git_keys(root, trusted=True),
                    "service": service_keys(Tree(root)),
                "machine": OFFER, "container": OFFER, "blast-radius": BLAST_RADIUS, "trust": {},
                "placement": PLACEMENT, "weights": WEIGHT,
                "environment": ENVIRONMENT, "substrate-rule": SUBSTRATE_RULE, "maven": {}, "universe": {},
                "gate": gate_keys(root, root, trusted=True), "severity": {}, "waiver": WAIVER}  # fmt: skip
    top = file_keys(root, root, trusted=True).keys() - sections.keys()
    expected = {*top, *(f"{section}.{key}" for section, keys in sections.items() for key in keys)}
    listed = re.findall(r"^\| `(\[*[a-z.-]+\]*)` \|", DOCUMENT.read_text(), re.MULTILINE)
    assert {name for name in listed if not name.startswith("[")} == expected
    assert {name.strip("[]") for name in listed if name.startswith("[")} == sections.keys()
    assert len(listed) == len(set(listed))


def test_the_document_lists_every_variable() -> None:
    listed = set(re.findall(r"`COHABIT_([A-Z_]+)`", DOCUMENT.read_text()))
    assert listed == {field.upper() for field in configuration._FROM_TEXT} | {"CONFIG"}


def test_the_example_of_the_document_is_fine(root: Path) -> None:
    example, *others = re.findall(r"```toml\n(.*?)```", DOCUMENT.read_text(), re.DOTALL)
    assert _load(root, example).services[0].trust == "pci"
    for other in others:
        assert _load(root, other) != Settings()


LEAVES = st.one_of(
    st.text(max_size=8), st.integers(), st.floats(), st.booleans(), st.dates(), st.times(), st.datetimes(),
    st.sampled_from(["vm", "3.11", "debian:12", "search", "../x", "512MiB", "https://u:secret@h", "2026-08-23", "."]),
)  # fmt: skip
KEYS = st.sampled_from(
    ["boundaries", "discover", "exclude", "stance", "platform", "service", "environment", "universe", "pip", "python",
     "os", "path", "name", "ports", "memory", "cpu", "extras", "boundary", "services", "index-url", "find-links",
     "exclude-newer", "timeout", "jobs", "debian:12", "x", "machine", "container", "blast-radius", "trust", "placement",
     "weights", "price", "count", "apart", "together", "machines", "not-machines", "vm", "gate", "severity", "waiver",
     "fail-on", "baseline", "reason", "owner", "expires", "id", "code", "packages", "PIP001", "pip"]
)  # fmt: skip
DATA = st.dictionaries(
    KEYS,
    st.recursive(
        LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=12
    ),
    max_size=6,
)


@given(DATA)
def test_any_data_gives_settings_or_an_error(tmp_path_factory: pytest.TempPathFactory, data: dict[str, Any]) -> None:
    root = tmp_path_factory.mktemp("any")
    (root / "search").mkdir()
    (root / "cohabit.toml").write_text(_toml(data), encoding="utf-8", newline="\n")
    try:
        load(root, environment={})
    except ConfigurationError as error:
        assert error.faults
        assert all(origin.file == "cohabit.toml" and origin.line > 0 for origin, _ in error.faults)
        assert "secret" not in str(error)


@given(
    st.dictionaries(
        st.sampled_from([*configuration._OPTIONS, "x"]), st.one_of(LEAVES, st.lists(LEAVES), st.none(), DATA)
    )
)
def test_any_options_give_settings_or_an_error(
    tmp_path_factory: pytest.TempPathFactory, options: dict[str, Any]
) -> None:
    for read in (from_command_line, lambda given: load(tmp_path_factory.getbasetemp(), environment={}, options=given)):
        try:
            read(options)
        except CohabitError as error:
            assert isinstance(error, ConfigurationError)
            assert "secret" not in str(error)


@given(st.text(max_size=200))
def test_any_text_gives_settings_or_an_error(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    root = tmp_path_factory.mktemp("text")
    (root / "cohabit.toml").write_bytes(text.encode("utf-8", "surrogatepass"))
    try:
        load(root, environment={})
    except ConfigurationError as error:
        assert error.faults


def _toml(data: dict[str, Any]) -> str:
    text = "".join(f"{_key(key)} = {_value(value)}\n" for key, value in data.items())
    tomli.loads(text)
    return text


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return f"{{{', '.join(f'{_key(key)} = {_value(inner)}' for key, inner in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, str):
        return _key(value)
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if isinstance(value, datetime.date | datetime.time) else repr(value)


def _key(text: str) -> str:
    return '"' + "".join(char if char.isalnum() and char.isascii() else f"\\U{ord(char):08x}" for char in text) + '"'
