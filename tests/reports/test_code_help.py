"""Each code is documented once, and reads the same on the page, at a terminal and as Markdown."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest
from rich.console import Console

from analyzer.gate.judgement import Note
from analyzer.verdict import Code
from cohabit.command_line import run
from reports.code_help import CODES, bare, help_of, known_code, page
from reports.terminal import render_code, to_code_text

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"


def test_every_code_has_a_file_and_every_file_a_code() -> None:
    assert set(CODES) == {*Code, *Note}
    found = {file.stem for file in (ROOT / "reports/codes").glob("*.md")}
    assert found == {*CODES, "introduction"}


def test_the_page_is_made_of_the_files() -> None:
    assert (DOCS / "codes.md").read_text() == page(), "python -m reports.code_help > docs/codes.md"


@pytest.mark.parametrize("code", CODES)
def test_each_tells_what_why_and_what_to_do(code: str) -> None:
    known = help_of(code)
    assert known.summary.endswith(".")
    assert known.title[-1].isalnum()
    assert all(part in known.body for part in ("```", "\n*Why:* ", "\n*Ways out:* ", "\n*Boundary:* "))
    assert bool(known.boundary) == (code in set(Code))
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", known.body):
        assert target.startswith("https://") or (DOCS / target).is_file()
    for anchor in re.findall(r"\]\(#([^)]+)\)", known.body):
        assert known_code(anchor)


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("width", [60, 80, 200])
def test_the_terminal_says_all_that_the_page_says(code: str, width: int) -> None:
    console = Console(file=io.StringIO(), width=width, _environ={})
    with console.capture() as capture:
        render_code(help_of(code), console)
    told = "".join(capture.get().split())
    fenced = re.compile(r"```\w*\n(.*?)```", re.DOTALL)
    body = help_of(code).body
    assert all("".join(example.split()) in told for example in fenced.findall(body))
    for paragraph in fenced.sub("", body).split("\n\n"):
        assert "".join(bare(paragraph).split()) in told
    examples = {f"    {line}" for example in fenced.findall(body) for line in example.splitlines()}
    for line in capture.get().splitlines():
        assert len(line) <= width or line in examples or "://" in line
        assert line == line.rstrip()


def test_examples_fit_on_a_narrow_terminal() -> None:
    lines = "\n".join(to_code_text(help_of(code)) for code in CODES).splitlines()
    assert not [line for line in lines if line.startswith("    ") and len(line) > 80]


def test_links_are_told_at_the_end() -> None:
    told = to_code_text(help_of("GIT001"))
    assert told.endswith("\nmore  docs/decisions/0011-git-clones.md\n      docs/codes.md\n")


def test_explained_by_the_command_line(capsysbinary: pytest.CaptureFixture[bytes], tmp_path: Path) -> None:
    path = ["--path", str(tmp_path)]
    assert run(["explain", "pip004", *path, "--format", "markdown"]) == 0
    assert capsysbinary.readouterr().out.decode().startswith("# PIP004: locks fix different versions\n\n**Locks fix")
    assert run(["explain", "Gate002", *path, "--format", "json"]) == 0
    assert json.loads(capsysbinary.readouterr().out)["title"] == "a waiver has expired"
    output = tmp_path / "code.txt"
    assert run(["explain", "NET001", *path, "--output", str(output)]) == 0
    assert output.read_text() == to_code_text(help_of("NET001"))


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("PIP001/requirements.in", ""),
        ("cohabit.toml", '[[service]]\nname = "PIP001"\npath = "billing"\n'),
        ("deploy/shop/compose.yaml", "services:\n  PIP001:\n    build: ../../billing\n"),
    ],
)
def test_a_service_called_like_a_code_is_meant_with_its_folder(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, file: str, text: str
) -> None:
    for name, content in {"billing/requirements.in": "", file: text}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content)
    monkeypatch.chdir(tmp_path)
    assert run(["explain", "PIP001", "--path", ".", "--offline"]) == 0
    assert "As locked: in container 1" in capsys.readouterr().out
    for words in (["PIP001"], ["pip001", "--path", "."]):
        assert run(["explain", *words]) == 0
        assert "direct requirements exclude one another" in capsys.readouterr().out


def test_a_dash_is_standard_output(
    capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["explain", "PIP001", "--format", "markdown", "--output", "-"]) == 0
    assert capsysbinary.readouterr().out.startswith(b"# PIP001: ") and not list(tmp_path.iterdir())


def test_an_unknown_code_is_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run(["explain", "PIP099", "--path", str(tmp_path)]) == 2
    assert "there is no code PIP099; there are PIP001, " in capsys.readouterr().err


def test_markdown_is_for_codes(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run(["explain", "billing", "--path", str(tmp_path), "--format", "markdown"]) == 2
    assert "for a code, such as PIP001" in capsys.readouterr().err
