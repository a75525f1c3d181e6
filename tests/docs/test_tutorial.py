"""Every command of the tutorial is run, and shows what the page says that it shows.

A block of commands is fenced by ``console``, with ``exit=N`` where its last one does not exit with 0. A command
starts with ``$ `` and goes on in lines that start with ``> ``; the other lines are what it prints, from top to
bottom, ``…`` for any number of lines that are left out.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.local_index import frozen_index

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
FLEET = Path("fixtures/fleets/storefront")
SET_UP = '.ci/set-up\nexport PATH="$PWD/.venv/bin:$PATH"\n'
_FENCE = re.compile(r"^```(?P<kind>\S*)(?: exit=(?P<code>\d+))?\n(?P<body>.*?)^```$", re.DOTALL | re.MULTILINE)


def blocks() -> Iterator[tuple[int, list[tuple[str, list[str]]]]]:
    """Each block: the exit code of its last command, and its commands with the lines that they print."""
    for fence in _FENCE.finditer(PAGE):
        if fence["kind"] != "console":
            continue
        commands: list[tuple[str, list[str]]] = []
        for line in fence["body"].splitlines():
            if line.startswith("$ "):
                commands.append((line[2:], []))
            elif line.startswith("> "):
                command, printed = commands[-1]
                commands[-1] = (f"{command}\n{line[2:]}", printed)
            else:
                commands[-1][1].append(line)
        yield int(fence["code"] or 0), commands


def shows(printed: list[str], expected: list[str]) -> bool:
    """Whether the lines are those expected, where ``…`` stands for any number of them."""
    parts = "\n".join(expected).split("…")
    pattern = ".*".join(re.escape(part) for part in parts)
    return re.fullmatch(pattern, "\n".join(printed), re.DOTALL) is not None


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a clone holds, as far as the tutorial goes; the frozen index has no days, so that none is fixed."""
    folder = tmp_path_factory.mktemp("clone")
    shutil.copytree(ROOT / FLEET, folder / FLEET)
    configuration = folder / FLEET / "cohabit.toml"
    configuration.write_text(configuration.read_text().partition("# The day of")[0])
    identity = ["-c", "user.name=a", "-c", "user.email=a@mail.example", "-c", "commit.gpgsign=false"]
    for command in (["init", "--quiet", "."], ["add", "."], [*identity, "commit", "--quiet", "--message", "a clone"]):
        subprocess.run(["git", *command], cwd=folder, check=True)
    return folder


@pytest.fixture(scope="module")
def surroundings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    own = {k: v for k, v in os.environ.items() if not k.startswith(("COHABIT_", "GIT_"))}
    return own | {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "XDG_CACHE_HOME": str(tmp_path_factory.mktemp("cache")),
        "COHABIT_INDEX_URL": frozen_index().as_uri(),
        "COHABIT_OFFLINE": "1",
        "COLUMNS": "100",
        "PYTHONUTF8": "1",
    }


def test_the_commands_show_what_the_page_says(clone: Path, surroundings: dict[str, str]) -> None:
    # One after the other, as a reader does: what one of them writes, the next ones find.
    for code, commands in blocks():
        for command, expected in commands:
            done = subprocess.run(
                ["bash", "-c", command],
                cwd=clone,
                env=surroundings,
                capture_output=True,
                text=True,
                timeout=120,
                check=False,
            )
            assert shows(done.stdout.splitlines(), expected), f"{command}\n{done.stdout}\n{done.stderr}"
        assert done.returncode == code, f"{command}\n{done.stderr}"
    assert (clone / "report.html").read_text(encoding="utf-8").startswith("<!doctype html>")


def test_the_set_up_is_the_one_that_every_build_starts_with() -> None:
    assert [fence["body"] for fence in _FENCE.finditer(PAGE) if fence["kind"] == "sh"] == [SET_UP]
    for page in (ROOT / "README.md", ROOT / ".ci" / "run"):
        assert ".ci/set-up" in page.read_text(encoding="utf-8")


def test_all_blocks_are_of_a_kind_that_is_checked() -> None:
    assert {fence["kind"] for fence in _FENCE.finditer(PAGE)} == {"console", "sh"}
    assert sum(len(commands) for _, commands in blocks()) > 10


PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]


@pytest.mark.parametrize("file", PAGES, ids=[page.name for page in PAGES])
def test_links_lead_somewhere(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    for target, anchor in re.findall(r"\]\((?!https:)([^)#]*)(?:#([^)]*))?\)", text):
        place = file.parent / target if target else file
        assert place.exists(), target
        assert not anchor or anchor in anchors(place), anchor


def anchors(page: Path) -> set[str]:
    """What GitHub makes of the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}
