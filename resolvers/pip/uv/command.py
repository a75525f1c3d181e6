"""Runs ``uv pip compile`` on files that cohabit writes, and on nothing else.

``uv lock``, ``uv export`` and ``uv tree`` run a project's build backend; ``uv pip compile
--no-build`` on a synthetic file runs no code of anybody's (docs/decisions/0001-uv-as-oracle.md).
"""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from analyzer.errors import CohabitError
from resolvers.credentials import without_credentials

_KEPT = ("UV_CACHE_DIR", "UV_NATIVE_TLS", "UV_SYSTEM_CERTS", "UV_HTTP_RETRIES", "UV_HTTP_TIMEOUT")


class UvMissingError(CohabitError):
    """There is no uv to ask."""


@dataclass(frozen=True, slots=True)
class Index:
    """Where Candidates come from, and as of when.

    ``url`` is empty for the resolver's own default; it may hold credentials and is never printed:
    use ``public_url``. ``exclude_newer`` is a day or a time (RFC 3339), empty for no bound.
    """

    url: str = field(default="", repr=False)
    find_links: tuple[str, ...] = field(default=(), repr=False)
    exclude_newer: str = ""
    offline: bool = False
    allow_build: bool = False

    @property
    def public_url(self) -> str:
        """The URL without credentials and query."""
        return without_credentials(self.url)


@dataclass(frozen=True, slots=True)
class Files:
    """The synthetic input, by lines; ``preferred`` are versions to choose if nothing speaks against."""

    requirements: tuple[str, ...]
    constraints: tuple[str, ...] = ()
    overrides: tuple[str, ...] = ()
    preferred: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What uv said: exit code (None after ``seconds``, when it was killed), and both streams, without
    credentials."""

    code: int | None
    stdout: str
    stderr: str


@cache
def uv_binary() -> str:
    """The path of the uv that was installed with cohabit. Raises UvMissingError."""
    try:
        from uv import find_uv_bin

        return find_uv_bin()
    except (ImportError, FileNotFoundError) as error:
        raise UvMissingError(f"uv is not installed: {error}") from error


@cache
def uv_version() -> str:
    """``0.13.9``. Raises UvMissingError."""
    done = subprocess.run([uv_binary(), "--version"], capture_output=True, text=True, timeout=30, check=False)
    return [*done.stdout.split(), "", ""][1]


@cache
def default_index() -> str:
    """The URL of the index that uv asks when none is given; empty if it names none. Raises UvMissingError."""
    command = [uv_binary(), "pip", "compile", "--no-config", "--offline", "--emit-index-url"]
    command += ["--python", sys.executable, "-"]
    done = subprocess.run(
        command, input="", capture_output=True, text=True, timeout=30, check=False, env=_environment(os.environ)
    )
    return next((line.split()[-1] for line in done.stdout.splitlines() if line.startswith("--index-url ")), "")


def options(python: str, uv_platform: str, index: Index, *, public: bool = False) -> list[str]:
    """uv's options for one question; with ``public``, without credentials and for a person to read."""
    chosen = ["--no-config", "--no-header", "--no-annotate", "--no-python-downloads"]
    chosen += [] if index.allow_build else ["--no-build"]
    chosen += ["--python-version", python] if python else []
    chosen += ["--python-platform", uv_platform] if uv_platform else []
    chosen += ["--exclude-newer", index.exclude_newer] if index.exclude_newer else []
    if index.url:
        chosen += ["--index-url", index.public_url if public else index.url]
    for place in index.find_links:
        chosen += ["--find-links", without_credentials(place) if public else place]
    return chosen + (["--offline"] if index.offline else [])


def compile_files(files: Files, chosen: Sequence[str], seconds: float, binary: str = "") -> Outcome:
    """One ``uv pip compile``. ``binary`` replaces the installed uv (in tests)."""
    with tempfile.TemporaryDirectory(prefix="cohabit-") as folder:
        command = [binary or uv_binary(), "pip", "compile", "--color", "never", "--no-progress"]
        command += ["--python", sys.executable, *chosen, *_write(files, Path(folder))]
        return _run(command, folder, seconds)


def _write(files: Files, folder: Path) -> list[str]:
    written = {"requirements.in": files.requirements, "constraints.txt": files.constraints}
    written |= {"overrides.txt": files.overrides, "preferred.txt": files.preferred}
    for name, lines in written.items():
        (folder / name).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    arguments = ["--constraints", "constraints.txt"] if files.constraints else []
    arguments += ["--overrides", "overrides.txt"] if files.overrides else []
    arguments += ["--output-file", "preferred.txt"] if files.preferred else []
    return [*arguments, "--", "requirements.in"]


def _run(command: Sequence[str], folder: str, seconds: float) -> Outcome:
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=_environment(os.environ),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        stdout, stderr = process.communicate(timeout=seconds)
        code: int | None = process.returncode
    except subprocess.TimeoutExpired:
        _kill(process)
        stdout, stderr, code = b"", b"", None
    except BaseException:
        _kill(process)
        raise
    return Outcome(code, _public(stdout), _public(stderr))


def _kill(process: subprocess.Popen[bytes]) -> None:
    # The whole group: uv may have started a Python interpreter.
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    finally:
        process.communicate()


def _public(stream: bytes) -> str:
    return without_credentials(stream.decode("utf-8", "replace"))


def _environment(own: Mapping[str, str]) -> dict[str, str]:
    """The environment without settings of uv's and pip's that would change an answer."""
    return {k: v for k, v in own.items() if k in _KEPT or not k.startswith(("UV_", "PIP_", "VIRTUAL_ENV"))}


def find_python(constraints: Iterable[str]) -> str:
    """A shell command that fails where no Python version meets all the constraints."""
    wanted = ",".join(sorted(set(constraints)))
    return shlex.join(["uv", "python", "find", "--no-config", "--no-project", "--no-python-downloads", wanted])


def shell_command(files: Files, chosen: Sequence[str]) -> str:
    """A POSIX shell command that puts the same question to uv, with nothing but uv installed."""
    extra = [("--constraints", files.constraints), ("--overrides", files.overrides)]
    given = [(option, f"cohabit-{option[2:]}.txt", lines) for option, lines in extra if lines]
    written = [f"{_printf(lines)} > {file}" for _, file, lines in given]
    kept = [option for option in chosen if option not in ("--no-header", "--no-annotate")]
    command = ["uv", "pip", "compile", *kept, *(word for option, file, _ in given for word in (option, file)), "-"]
    return " && ".join([*written, f"{_printf(files.requirements)} | {shlex.join(command)}"])


def _printf(lines: Sequence[str]) -> str:
    return shlex.join(["printf", r"%s\n", *lines])
