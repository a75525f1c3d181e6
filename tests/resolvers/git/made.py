"""Checkouts written file by file, as git lays them out."""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Mapping
from pathlib import Path

A = "a1" * 20
B = "b2" * 20
C = "c3" * 20


def checkout(folder: Path, commit: str = A, url: str = "https://git.example/org/geo", *, inner: str = ".git") -> Path:
    """A checkout with a detached HEAD; its ``.git`` folder."""
    git = folder / inner
    git.mkdir(parents=True)
    (git / "HEAD").write_text(f"{commit}\n")
    (git / "config").write_text(f'[core]\n\tbare = false\n[remote "origin"]\n\turl = {url}\n')
    return git


def write(git: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        (git / name).parent.mkdir(parents=True, exist_ok=True)
        (git / name).write_text(text)


def loose_object(git: Path, kind: str, body: str) -> str:
    """Write an object; its hash."""
    content = f"{kind} {len(body)}\0{body}".encode()
    name = hashlib.sha1(content).hexdigest()
    (git / "objects" / name[:2]).mkdir(parents=True, exist_ok=True)
    (git / "objects" / name[:2] / name[2:]).write_bytes(zlib.compress(content))
    return name


def index(entries: Mapping[str, tuple[int, str]], version: int = 2) -> bytes:
    """An index with a mode and a hash for each path (gitformat-index(5)), without its checksum."""
    content, before = struct.pack(">4sII", b"DIRC", version, len(entries)), b""
    for path, (mode, name) in sorted(entries.items()):
        raw = path.encode()
        entry = struct.pack(">6I", *[0] * 6) + struct.pack(">4I", mode, 0, 0, 0) + bytes.fromhex(name)
        entry += struct.pack(">H", len(raw))
        if version == 4:
            entry += bytes([len(before)]) + raw + b"\0"
        else:
            entry += raw + b"\0" * (8 - (len(entry) + len(raw)) % 8)
        content, before = content + entry, raw
    return content
