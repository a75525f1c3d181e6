"""Broken and malicious manifests, one service each, and what is to be said of them.

Real ones fail in these ways by accident (a merge marker, an editor's encoding); the rest is what
somebody could plant in a repository that is going to be audited.
"""

from __future__ import annotations

import base64
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


def folder_named_as_a_file(folder: Path) -> None:
    (folder / "requirements.txt").mkdir()
    (folder / "pyproject.toml").write_bytes(b"[project\n")


def chain(folder: Path) -> None:
    (folder / "requirements.txt").write_text("-r 0.txt\n")
    for number in range(60):
        (folder / f"{number}.txt").write_text(f"-r {number + 1}.txt\n")
    (folder / "60.txt").write_text("flask\n")


def sibling_loop(folder: Path) -> None:
    name = folder.name
    (folder / "requirements.txt").write_text(f"-e .\n-e ../{name}\nflask===not~a~version\n")
    (folder / "pyproject.toml").write_text(f'[project]\nname = "x"\nversion = "1"\ndependencies = ["x @ file:../{name}"]\n')


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


def virtualenv(folder: Path) -> None:
    site = folder / "lib" / "python3.12" / "site-packages" / "x-1.dist-info"
    site.mkdir(parents=True)
    (folder / "pyvenv.cfg").write_text("home = /usr/bin\nversion = 3.12.1\n")
    (site / "METADATA").write_bytes(b"\xff\xfe\x00")


def nested(opening: bytes, closing: bytes, depth: int = 100_000) -> bytes:
    return opening * depth + closing * depth


UV_HEAD = b'version = 1\nrequires-python = ">=3.9"\n'
POETRY_TAIL = b'\n[metadata]\nlock-version = "2.1"\npython-versions = ">=3.9"\ncontent-hash = "0"\n'
BOMB = base64.b64decode(b"H4sIAAAAAAAAA+3BMQEAAADCoPVPbQ0PoAAAAAAAAAAAAAAAAAAA") + b"\0" * 40
