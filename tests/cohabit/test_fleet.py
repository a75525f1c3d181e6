"""From a folder to a Fleet, from wherever cohabit is called."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import cohabit
from analyzer.errors import CohabitError
from analyzer.origin import Origin
from analyzer.service import Platform
from cohabit.fleet import fleet_python, gather_fleet
from cohabit.settings import ServiceSettings, Settings

HOME = Path(cohabit.__file__).parents[1]
SCRIPT = """
import cohabit
fleet = cohabit.gather({root!r})
print([(s.name, [str(r) for g in s.sets for r in g.requirements], len(s.skipped)) for s in fleet.services])
"""
EXPECTED = "[('api', ['flask>=2'], 0), ('jobs', ['celery>=5'], 0)]\n"


@pytest.fixture
def fleet(tmp_path: Path) -> Path:
    """A project that has modules under the names of cohabit's own packages and of libraries."""
    root = tmp_path / "fleet"
    for name, requirement in (("api", "flask>=2"), ("jobs", "celery>=5")):
        (root / name).mkdir(parents=True)
        (root / name / "requirements.txt").write_text(f"{requirement}\n")
    trap = f"open({str(tmp_path / 'sprung')!r}, 'a').write(__name__)\n"
    for package in ("reports", "resolvers"):
        (root / package).mkdir()
        (root / package / "__init__.py").write_text(trap)
    (root / "analyzer.py").write_text(trap)
    return root


def run(arguments: list[str], cwd: Path, stdin: str = "") -> str:
    done = subprocess.run(
        arguments, cwd=cwd, input=stdin, env={"PATH": os.environ["PATH"], "PYTHONPATH": str(HOME)},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert (done.stderr, done.returncode) == ("", 0)
    return done.stdout


CALLS = {
    "python -c": (["-c", SCRIPT.format(root=".")], ""),
    "stdin": (["-"], SCRIPT.format(root=".")),
    "script without a guard": (["unguarded.py"], ""),
    "module without a guard": (["-m", "unguarded"], ""),
}


@pytest.mark.parametrize("call", CALLS)
def test_gathering_works_however_python_was_started(call: str, fleet: Path, tmp_path: Path) -> None:
    arguments, stdin = CALLS[call]
    (fleet / "unguarded.py").write_text(SCRIPT.format(root="."))
    assert run([sys.executable, *arguments], fleet, stdin) == EXPECTED
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize("program", [[sys.executable, "-m", "cohabit"], [str(Path(sys.executable).parent / "cohabit")]])
def test_the_command_works_in_a_project_with_modules_of_the_same_names(
    program: list[str], fleet: Path, tmp_path: Path
) -> None:
    assert "audit" in run([*program, "--help"], fleet)
    assert "celery" in run([*program, "gather", "--format", "json"], fleet)
    assert not (tmp_path / "sprung").exists()


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def test_services_are_read_for_the_python_that_suits_most(tmp_path: Path) -> None:
    marked = 'tomli>=2; python_version < "3.11"\n'
    write(tmp_path, {
        "a/requirements.txt": marked, "a/.python-version": "3.10.4\n",
        "b/requirements.txt": marked, "b/.python-version": "3.10\n",
        "c/requirements.txt": marked,
        "d/requirements.txt": marked, "d/runtime.txt": "python-3.13.1\n",
    })  # fmt: skip
    fleet = gather_fleet(tmp_path, Settings())
    assert fleet_python(fleet, Settings()) == "3.10"
    assert {s.name: s.platform.python for s in fleet.services} == {"a": "3.10", "b": "3.10", "c": "3.10", "d": "3.13"}
    fixed = Settings(platform=Platform(python="3.12"))
    assert {s.name: s.platform.python for s in gather_fleet(tmp_path, fixed).services}["c"] == "3.12"


def test_services_are_read_for_the_python_of_their_images(tmp_path: Path) -> None:
    brought = {"a": "3.9", "b": "3.9.18", "c": "3.13", "d": "3.11"}
    write(tmp_path, {f"{name}/requirements.txt": "tomli>=2\n" for name in "abcde"})
    write(tmp_path, {f"{name}/Dockerfile": f"FROM python:{version}-slim\n" for name, version in brought.items()})
    fleet = gather_fleet(tmp_path, Settings())
    assert fleet_python(fleet, Settings()) == "3.9"
    pythons = {"a": "3.9", "b": "3.9", "c": "3.13", "d": "3.11", "e": "3.9"}
    assert {s.name: s.platform.python for s in fleet.services} == pythons
    fixed = Settings(platform=Platform(python="3.12"))
    fixed_fleet = gather_fleet(tmp_path, fixed)
    assert fleet_python(fixed_fleet, fixed) == "3.12"
    assert {s.name: s.platform.python for s in fixed_fleet.services} == pythons | {"e": "3.12"}


def test_what_a_service_says_of_python_goes_before_its_image(tmp_path: Path) -> None:
    write(
        tmp_path, {"a/requirements.txt": "tomli>=2\n", "a/Dockerfile": "FROM python:3.9\n", "a/.python-version": "3.11"}
    )
    fleet = gather_fleet(tmp_path, Settings())
    assert fleet_python(fleet, Settings()) == fleet.services[0].platform.python == "3.11"


def test_configuration_describes_and_adds_services(tmp_path: Path) -> None:
    write(tmp_path, {"a/requirements.txt": "flask\n", "old/requirements.txt": "django\n", "hidden/.keep": ""})
    here = Origin("cohabit.toml", 2)
    settings = Settings(
        services=(
            ServiceSettings("shop", "a", here, python="3.11", os="debian:12", trust="pci", ports=(80,)),
            ServiceSettings("ghost", "hidden", here),
        ),
        exclude=("ol*",),
    )
    ghost, shop = gather_fleet(tmp_path, settings).services
    assert (ghost.name, ghost.sets, ghost.evidence) == ("ghost", (), ("listed in cohabit.toml:2",))
    assert [(n.what, str(n.origin), n.incomplete) for n in ghost.skipped] == [("hidden", "cohabit.toml:2", True)]
    assert (shop.name, shop.path, shop.platform, shop.trust) == ("shop", "a", Platform("3.11", "debian:12"), "pci")
    assert [str(r.origin) for r in shop.interpreter] == ["cohabit.toml:2"]
    assert shop.evidence == ("requirements.txt (requirements file)",)


def test_a_service_at_the_root_has_the_folders_name(tmp_path: Path) -> None:
    write(tmp_path / "shop", {"requirements.txt": "flask\n"})
    assert [s.name for s in gather_fleet(tmp_path / "shop", Settings()).services] == ["shop"]


def test_a_layout_of_strangers_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "billing").mkdir()
    (tmp_path / "billing" / "requirements.txt").write_text("flask\n")
    (tmp_path / "cohabit.toml").write_text('[[environment]]\nboundary = "container"\nservices = ["biling"]\n')
    with pytest.raises(CohabitError, match=r"cohabit\.toml:1: .*biling"):
        cohabit.gather(tmp_path)


def test_a_service_at_the_root_yields_its_name_to_a_folder_of_that_name(tmp_path: Path) -> None:
    root = tmp_path / "shop"
    for folder in (root, root / "shop"):
        folder.mkdir()
        (folder / "requirements.txt").write_text("flask\n")
    assert [s.name for s in cohabit.gather(root).services] == [".", "shop"]
