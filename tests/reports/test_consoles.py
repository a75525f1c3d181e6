"""The command as a console meets it: encodings without box drawing, and what its environment asks for."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = Path(sys.executable).parent / "cohabit"
CLASH = {"café": "flask<3\n", "naïve": "flask>=3\n"}


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clash that no index is needed for, of services whose names are not ASCII."""
    folder = tmp_path_factory.mktemp("fleet")
    for name, requirement in CLASH.items():
        (folder / name).mkdir()
        (folder / name / "requirements.in").write_text(requirement)
    return folder


def run(fleet: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    own = {"PATH": os.environ["PATH"], "HOME": str(fleet), "COHABIT_OFFLINE": "1"}
    return subprocess.run([str(COMMAND), *arguments], cwd=fleet, env=own | environment, capture_output=True, timeout=60)


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
@pytest.mark.parametrize(
    ("arguments", "code", "expected"),
    [
        (["audit"], 1, ",- caf\\xe9/requirements.in:1 (caf\\xe9)"),
        (["check"], 1, "`-"),
        (["plan"], 1, "`-- container 2"),
        (["explain", "GIT001"], 0, "requires geo commit 8f1c0d2e... in /opt/geo"),
        (["explain", "DEB002", "--format", "markdown"], 0, "# DEB002: "),
        (["audit", "--help"], 0, "+- Options -"),
    ],
    ids=["audit", "check", "plan", "code", "markdown", "help"],
)
def test_where_the_encoding_has_no_box_drawing(
    fleet: Path, encoding: str, arguments: list[str], code: int, expected: str
) -> None:
    done = run(fleet, *arguments, PYTHONIOENCODING=encoding, COLUMNS="100")
    assert done.returncode == code, done.stderr.decode(encoding)
    assert done.stdout.isascii()
    assert expected in done.stdout.decode(encoding)
    assert "\\u25" not in done.stdout.decode(encoding)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [(["explain", "ñ"], "there is no service \\xf1"), (["audit", "nowhere"], "nowhere does not exist")],
)
def test_complaints_can_be_read(fleet: Path, arguments: list[str], expected: str) -> None:
    done = run(fleet, *arguments, PYTHONIOENCODING="ascii")
    assert done.returncode == 2
    assert expected in done.stderr.decode("ascii")


@pytest.mark.parametrize(
    ("environment", "coloured"),
    [({}, False), ({"FORCE_COLOR": "1"}, True), ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False)],
    ids=["a pipe", "FORCE_COLOR", "NO_COLOR"],
)
def test_colours(fleet: Path, environment: dict[str, str], coloured: bool) -> None:
    told = run(fleet, "explain", "PIP001", PYTHONUTF8="1", TERM="xterm", **environment).stdout
    assert (b"\x1b[1;31m" in told) == coloured
    assert (b"\x1b[36m" in told) == coloured
    assert environment or b"\x1b" not in told


def test_nothing_moves_in_the_log_of_a_build_server_that_asks_for_colours(fleet: Path) -> None:
    done = run(fleet, "check", PYTHONUTF8="1", TERM="xterm", FORCE_COLOR="1")
    assert (done.returncode, done.stderr) == (1, b"")
    assert b"\x1b[" in done.stdout


@pytest.mark.parametrize("form", ["terminal", "json", "sarif"])
def test_a_full_disk_is_no_verdict(fleet: Path, form: str) -> None:
    own = {"PATH": os.environ["PATH"], "HOME": str(fleet), "COHABIT_OFFLINE": "1"}
    with Path("/dev/full").open("wb") as full:
        command = [str(COMMAND), "check", "--format", form]
        done = subprocess.run(command, cwd=fleet, env=own, stdout=full, stderr=subprocess.PIPE, timeout=60)
    assert (done.returncode, done.stderr) == (2, b"cohabit: cannot write the output: No space left on device\n")


@pytest.mark.parametrize("width", [80, 100, 140, 200])
def test_columns(fleet: Path, width: int) -> None:
    lines = run(fleet, "explain", "MVN001", PYTHONUTF8="1", COLUMNS=str(width)).stdout.decode().splitlines()
    assert 0.9 * min(width, 120) < max(map(len, lines)) <= min(width, 120)


@pytest.mark.parametrize("terminal", ["dumb", "unknown"])
def test_a_terminal_that_cannot_move_its_cursor_gets_plain_lines(fleet: Path, terminal: str) -> None:
    script = (
        "import os, pty, sys\n"
        "def read(fd):\n"
        "    return os.read(fd, 65536)\n"
        f"sys.exit(os.waitstatus_to_exitcode(pty.spawn([{str(COMMAND)!r}, 'audit'], read)))\n"
    )
    own = {"PATH": os.environ["PATH"], "HOME": str(fleet), "COHABIT_OFFLINE": "1", "TERM": terminal, "PYTHONUTF8": "1"}
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=fleet, env=own, stdin=subprocess.DEVNULL, capture_output=True, timeout=60
    )
    assert done.returncode == 1
    assert b"disagree on flask" in done.stdout
    assert b"\x1b" not in done.stdout
