"""A fleet of broken and malicious manifests: each costs its own service, and nothing of it is run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.cohabit.hostile import ESCAPES, HOSTILE
from tests.local_index import Distribution, build_index

GOOD = {"[bold]cart<b>": "flask>=2\n", "good-old": "flask<2\n", "good-utf16": "flask>=1\n", "good": "flask\n"}
COHABIT = str(Path(sys.executable).parent / "cohabit")


@dataclass(frozen=True)
class Run:
    """What one run of the command line said."""

    code: int
    stdout: str
    stderr: str


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("hostile") / "fleet"
    for name, item in HOSTILE.items():
        (root / name).mkdir(parents=True)
        item.make(root / name)
    for name, text in GOOD.items():
        (root / name).mkdir()
        (root / name / "requirements.txt").write_text(text, encoding="utf-16" if "utf16" in name else "utf-8")
    (root / f"evil\n{ESCAPES.replace('/', '|')}").mkdir()
    return root


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> str:
    return build_index(
        tmp_path_factory.mktemp("index"), [Distribution("flask", "1.0"), Distribution("flask", "2.0")]
    ).as_uri()


def audit(fleet: Path, index: str, *options: str, **environment: str) -> Run:
    done = subprocess.run(
        [COHABIT, "audit", "--index-url", index, "--no-cache", "--python", "3.12", *options],
        cwd=fleet, capture_output=True, text=True, timeout=300, check=False,
        env={"PATH": os.environ["PATH"], "HOME": str(fleet.parent), **environment},
    )  # fmt: skip
    return Run(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="module")
def report(fleet: Path, index: str) -> dict[str, Any]:
    run = audit(fleet, index, "--format", "json")
    assert (run.code, run.stderr) == (1, "")
    found: dict[str, Any] = json.loads(run.stdout)
    return found


def test_there_are_enough_of_them() -> None:
    assert len(HOSTILE) >= 60


@pytest.mark.parametrize("name", HOSTILE)
def test_the_reason_has_its_place(name: str, report: dict[str, Any]) -> None:
    item = HOSTILE[name]
    [service] = [s for s in report["fleet"]["services"] if s["name"] == name]
    said = [(f"{s['file']}:{s['line']}" if s["line"] else s["file"], s["reason"]) for s in service["skipped"]]
    assert [reason for place, reason in said if place == f"{name}/{item.place}" and item.reason in reason], said


def test_only_the_broken_services_stay_undecided(report: dict[str, Any]) -> None:
    for stance in ("locked", "relocked"):
        undecided = [u["services"] for u in report["undecided"] if u["stance"] == stance]
        assert {services[0] for services in undecided if len(services) == 1} == set(HOSTILE)


def test_the_good_services_are_judged(report: dict[str, Any]) -> None:
    conflicts = {tuple(c["services"]) for c in report["conflicts"]}
    assert conflicts == {("[bold]cart<b>", "good-old")}
    assert {s["name"] for s in report["fleet"]["services"]} == {*HOSTILE, *GOOD}


CONTROLS = ("\x1b]", "\x07")
FORBIDDEN = {
    "terminal": (*CONTROLS, "\x1b", "\u202e"),
    "html": (*CONTROLS, "\x1b", "\u202e", "<script>alert", "cart<b>"),
    "json": (*CONTROLS, "\x1b"),
    "graphml": (*CONTROLS, "\x1b", "cart<b>"),
    "dot": (*CONTROLS, "\x1b"),
}


@pytest.mark.parametrize("form", FORBIDDEN)
def test_every_rendering_is_clean(form: str, fleet: Path, index: str) -> None:
    run = audit(fleet, index, "--format", form)
    assert (run.code, run.stderr) == (1, "")
    for forbidden in ("Traceback", "token=abc", "u:p@", *FORBIDDEN[form]):
        assert forbidden not in run.stdout


TRAP = "open({path!r}, 'a').write({name!r})\n"


def traps(service: Path, sprung: Path) -> None:
    """Everything that some tool would run in a service's folder; each writes its name when it runs."""
    python = {
        "setup.py": "from setuptools import setup\nsetup(name='trap', install_requires=['flask'])\n",
        "backend/__init__.py": "", "conftest.py": "", "sitecustomize.py": "", "usercustomize.py": "", "noxfile.py": "",
        "tasks.py": "", "pip/__init__.py": "", "pip/__main__.py": "", "uv/__init__.py": "", "packaging/__init__.py": "",
        "msgspec.py": "", "resolvers/__init__.py": "", "analyzer.py": "", "cohabit.py": "",
    }  # fmt: skip
    for name, rest in python.items():
        write(service / name, TRAP.format(path=str(sprung), name=name) + rest)
    write(service / "trap.pth", f"import sys; open({str(sprung)!r}, 'a').write('trap.pth')\n")
    for program in ("uv", "git", "python", "python3", "pip", "env/bin/python", "env/bin/pip"):
        write(service / program, f"#!/bin/sh\necho {program} >> {sprung}\n")


def write(path: Path, text: str) -> None:
    if path.is_dir():
        path = path / "__main__"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)


def test_a_trap_springs_when_it_is_run(tmp_path: Path) -> None:
    traps(tmp_path / "svc", tmp_path / "sprung")
    subprocess.run([sys.executable, "-c", "import packaging"], cwd=tmp_path / "svc", check=True)
    subprocess.run([tmp_path / "svc" / "git"], check=True)
    assert (tmp_path / "sprung").read_text() == "packaging/__init__.pygit\n"


def test_no_code_of_a_service_runs(tmp_path: Path, index: str) -> None:
    root, sprung = tmp_path / "fleet", tmp_path / "sprung"
    for name in ("", "api", "worker"):
        traps(root / name, sprung)
    backend = '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
    static = '[project]\nname = "api"\nversion = "1"\ndependencies = ["flask>=2", "worker"]\n'
    sources = '[tool.uv.sources]\nworker = { path = "../worker", editable = true }\n'
    dynamic = '[project]\nname = "worker"\ndynamic = ["version", "dependencies"]\n'
    write(root / "api/pyproject.toml", static + backend + sources)
    write(root / "worker/pyproject.toml", dynamic + backend)
    write(root / "good/requirements.txt", "-e ../worker\nflask<2\n")
    write(root / "one/requirements.txt", "flask>=2\n")
    write(root / "two/requirements.txt", "flask<2\n")
    write(root / "env/pyvenv.cfg", "home = /usr/bin\nversion = 3.12.1\n")
    for name in ("", "one", "two"):
        write(root / name / "uv.toml", 'index-url = "https://index.example/simple"\nno-index = true\n')
        write(root / name / "pip.conf", "[global]\nindex-url = https://index.example/simple\n")
    for options in (("--format", "json"), ("--format", "json", "--allow-build")):
        run = audit(root, index, *options)
        assert (run.code, run.stderr) == (1, "")
        assert ["one", "two"] in [c["services"] for c in json.loads(run.stdout)["conflicts"]]
        assert not sprung.exists(), sprung.read_text()
