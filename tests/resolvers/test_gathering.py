"""Gathering a fleet: services come back in order, and a faulty reader costs one service."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

from analyzer.demands import ARCHITECTURE, OPERATING_SYSTEM
from analyzer.origin import Origin
from analyzer.package import PYTHON
from analyzer.requirement import Requirement
from analyzer.service import DependencySet, Platform, Service, Skipped
from resolvers.gathering import Job, gather_all, readers, with_findings
from resolvers.pip.gather import PipGatherer
from resolvers.seam import Gathered, Manifest, Wish
from resolvers.tree import Tree
from resolvers.workers import Limits


@dataclass(frozen=True)
class Moody:
    """A gatherer whose behaviour each folder's name asks for."""

    ecosystem: str = "mood"

    def manifests(self, tree: Tree, directory: str) -> tuple[Manifest, ...]:
        return ()

    def gather(self, tree: Tree, directory: str, wish: Wish) -> Gathered:
        if directory == "hangs":
            time.sleep(600)
        if directory == "crashes":
            os._exit(11)
        if directory == "eats":
            bytearray(4 * 2**30)
        if directory == "recurses":
            return self.gather(tree, directory, wish)
        return Gathered(skipped=(Skipped("mood", "fine", Origin(directory), incomplete=False),))


FAULTS = {
    "crashes": "reading it ended its process with code 11",
    "eats": "reading it took more than 512 MiB of memory",
    "hangs": "reading it took more than 2 seconds",
    "recurses": "reading it failed: RecursionError",
}


def gathered(root: Path, names: list[str]) -> tuple[Service, ...]:
    jobs = [Job(root, Service(name, name), Wish(preferred="3.12")) for name in names]
    with readers((PipGatherer(), Moody()), root, 2, Limits(2, 512 * 2**20)) as processes:
        return gather_all(jobs, processes)


def test_a_faulty_reader_costs_its_service_alone(tmp_path: Path) -> None:
    names = [name for fault in FAULTS for name in (f"before-{fault}", fault)]
    for name in names:
        (tmp_path / name).mkdir()
        (tmp_path / name / "requirements.txt").write_text("flask>=2\n")
    services = gathered(tmp_path, names)
    assert [s.name for s in services] == names
    for service in services:
        if service.name in FAULTS:
            assert service.skipped == (Skipped("service", FAULTS[service.name], Origin(service.name)),)
            assert service.sets == ()
        else:
            assert [str(r) for group in service.sets for r in group.requirements] == ["flask>=2"]
            assert [s.incomplete for s in service.skipped] == [False]


def test_findings_of_all_ecosystems_join_what_is_known() -> None:
    fixed = Requirement(PYTHON, "==3.12.*", Origin("cohabit.toml", 3))
    found = Requirement(PYTHON, ">=3.9", Origin("a/pyproject.toml", 2))
    known = Service("a", "a", Platform(os="debian:12"), interpreter=(fixed,), owner="payments")
    pip = Gathered((DependencySet("pypi"),), (found,), (), "3.12")
    other = Gathered((DependencySet("deb"),), (), (Skipped("x", "y", Origin("a/z")),))
    service = with_findings(known, [other, pip])
    assert service.platform == Platform("3.12", "debian:12")
    assert [s.ecosystem for s in service.sets] == ["deb", "pypi"]
    assert service.interpreter == (fixed, found)
    assert (service.skipped, service.owner) == (other.skipped, "payments")


def test_what_a_service_begins_with_is_its_platform() -> None:
    line = Origin("a/Dockerfile", 1, "FROM arm64v8/debian:12")
    base = (Requirement(ARCHITECTURE, "aarch64", line), Requirement(OPERATING_SYSTEM, "debian:12", line))
    service = with_findings(Service("a", "a"), [Gathered(base=base), Gathered(base=base)])
    assert (service.platform, service.base) == (Platform("", "debian:12", "aarch64"), base)


def test_what_two_ecosystems_skip_in_one_file_is_there_once() -> None:
    note = Skipped("RUN", "is beyond me", Origin("a/Dockerfile", 2))
    assert with_findings(Service("a", "a"), [Gathered(skipped=(note,)), Gathered(skipped=(note,))]).skipped == (note,)
