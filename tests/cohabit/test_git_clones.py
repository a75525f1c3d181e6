"""Git clones, from the folder to the verdict."""

from __future__ import annotations

from pathlib import Path

from analyzer.boundary import Boundary
from analyzer.report import Report
from analyzer.verdict import Code, Depth, Stance
from cohabit.auditing import examine_fleet
from cohabit.configuration import load
from cohabit.fleet import gather_fleet
from reports import prose
from reports.fleet_json import fleet_from_json, fleet_to_json
from tests.resolvers.git.made import A, B, checkout, write

CLONE = "RUN git clone {} /opt/geo"
LINES = {
    "billing": CLONE.format("https://user:s3cret@git.example:8443/org/geo.git") + f" && git -C /opt/geo checkout {A}",
    "search": f"ADD git@GIT.example:org/geo.git#{B} /opt/geo",
    "tagged": CLONE.format("-b v1 ssh://git@git.example/org/geo"),
    "moving": CLONE.format("-b main https://git.example/org/geo"),
    "apart": f"RUN git clone https://git.example/org/geo /srv/geo && git -C /srv/geo reset --hard {B[:9]}",
    "built": CLONE.format("https://git.example/org/geo") + " && make -C /opt/geo install && rm -rf /opt/geo",
    "plain": "RUN true",
}


def audited(root: Path) -> Report:
    for name, line in LINES.items():
        write(root / name, {"Dockerfile": f"FROM debian:12\n{line}\n"})
    git = checkout(root / "mirror", A, "https://git.example/org/geo.git")
    write(git, {"packed-refs": f"# pack-refs with: peeled fully-peeled sorted\n{A} refs/tags/v1\n"})
    settings = load(root, environment={}, options={"offline": True, "cache": False})
    fleet = gather_fleet(root, settings)
    assert fleet_from_json(fleet_to_json(fleet)) == fleet
    return examine_fleet(fleet, settings)


def test_one_repository_at_two_commits_in_one_place(tmp_path: Path) -> None:
    report = audited(tmp_path)
    found = {c.services: c for c in report.conflicts}
    assert set(found) == {("billing", "search"), ("search", "tagged")}
    assert {(c.code, c.stance, c.boundary) for c in found.values()} == {
        (Code.CHECKOUT, Depth.DECLARED, Boundary.CONTAINER)
    }
    shown = prose.headline(found["search", "tagged"])
    assert shown == (
        f"search and tagged have geo at different commits: commit {B} in /opt/geo against v1 (commit {A}) in /opt/geo"
    )
    assert "s3cret" not in repr(report)


def test_a_branch_is_undecided_against_all_but_itself(tmp_path: Path) -> None:
    report = audited(tmp_path)
    for stance in Stance:
        assert {u.services for u in report.undecided if u.stance is stance} == {
            ("billing", "moving"), ("moving", "search"), ("moving", "tagged"),
        }  # fmt: skip
    together = [set(c.services) for c in report.compatible if c.stance is Stance.RELOCKED]
    assert any({"apart", "billing", "built", "plain", "tagged"} <= group for group in together)
    assert report.plans[Stance.RELOCKED].environments == 3


def test_a_witness_names_the_commits(tmp_path: Path) -> None:
    report = audited(tmp_path)
    group = next(c for c in report.compatible if {"billing", "tagged", "apart"} <= set(c.services))
    versions = {str(c.package): c.version for c in group.witness.versions}
    assert set(versions) == {"git/git.example/org/geo"}
    assert {c.version for c in group.witness.versions} == {A, B[:9]}
