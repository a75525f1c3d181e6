"""The files of joint locks, from Plans made here."""

from __future__ import annotations

from analyzer.package import Candidate, Package, pypi
from analyzer.plan import Container, Machine, Plan, Venv
from analyzer.verdict import Stance, Witness
from reports.lock_files import lock_files

CLICK, FLASK = Candidate(pypi("click"), "8.1.7"), Candidate(pypi("flask"), "3.0.3")
CURL = Candidate(Package("deb", "curl", "debian"), "7.88.1-10+deb12u8")


def plan(*environments: tuple[Candidate, ...]) -> Plan:
    homes = [
        Container((Venv((f"svc-{number}",), Witness(tuple(c for c in chosen if c != CURL), "3.12")),), Witness((CURL,)))
        for number, chosen in enumerate(environments)
    ]
    return Plan(Stance.RELOCKED, (Machine(tuple(homes)),), len(homes), len(homes), True)


def test_requirements_come_with_all_digests() -> None:
    files = lock_files(plan((FLASK, CLICK)), {CLICK: ("sha256:c1", "sha256:c2"), FLASK: ("sha256:f",)})
    assert files["environment-1/requirements.txt"].decode() == (
        "# svc-0, Python 3.12\n"
        "click==8.1.7 \\\n    --hash=sha256:c1 \\\n    --hash=sha256:c2\n"
        "flask==3.0.3 \\\n    --hash=sha256:f\n"
    )
    assert files["environment-1/apt.txt"].decode() == "# svc-0\ncurl=7.88.1-10+deb12u8\n"


def test_or_with_none_where_one_is_unknown() -> None:
    files = lock_files(plan((FLASK, CLICK), (CLICK,)), {CLICK: ("sha256:c",)})
    assert files["environment-1/requirements.txt"].decode() == (
        "# svc-0, Python 3.12\n# no hashes: none are known of flask\nclick==8.1.7\nflask==3.0.3\n"
    )
    assert b"--hash=sha256:c\n" in files["environment-2/requirements.txt"]


def test_only_a_few_of_the_unknown_are_named() -> None:
    many = tuple(Candidate(pypi(f"p{number}"), "1") for number in range(7))
    head = lock_files(plan(many), {})["environment-1/requirements.txt"].decode().splitlines()[1]
    assert head == "# no hashes: none are known of p0, p1, p2, p3, p4 and 2 more"
