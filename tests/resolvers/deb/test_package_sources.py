from __future__ import annotations

import time
from pathlib import Path

import pytest

from resolvers.deb.package_sources import sources_in
from resolvers.tree import Tree

LINES = {
    'RUN echo "deb https://example.org/ bookworm main" > /etc/apt/sources.list.d/x.list': True,
    'RUN echo "deb https://example.org/ bookworm main" | tee -a /etc/apt/sources.list.d/x.list': True,
    "printf 'deb x' >>'/etc/apt/sources.list'": True,
    "COPY x.sources /etc/apt/sources.list.d/": True,
    "ADD --chmod=644 x.list /etc/apt/sources.list.d/x.list": True,
    "  && curl -fsSL https://example.org/x.list -o /etc/apt/sources.list.d/x.list": True,
    "wget -O /etc/apt/sources.list.d/x.list https://example.org/x.list": True,
    "RUN sed -i 's/main/main contrib/' /etc/apt/sources.list": True,
    "# COPY x.list /etc/apt/sources.list.d/": False,
    "RUN rm -f /etc/apt/sources.list.d/x.list": False,
    "RUN cat /etc/apt/sources.list": False,
    "RUN mkdir x; ls /etc/apt/sources.list.d": False,
    "/etc/apt/sources.list": False,
    "": False,
}


@pytest.mark.parametrize(("line", "writes"), LINES.items(), ids=range(len(LINES)))
def test_lines_that_write_a_list(tmp_path: Path, line: str, writes: bool) -> None:
    (tmp_path / "Dockerfile").write_text(f"FROM x\n{line}\n")
    notes = sources_in(Tree(tmp_path), "Dockerfile")
    assert [(note.origin.line, note.incomplete) for note in notes] == [(2, False)] * writes


def test_credentials_are_not_shown(tmp_path: Path) -> None:
    (tmp_path / "x.sh").write_text("echo deb https://me:secret@example.org/?t=secret x > /etc/apt/sources.list\n")
    (note,) = sources_in(Tree(tmp_path), "x.sh")
    assert note.what == "echo deb https://example.org/ x > /etc/apt/sources.list"


@pytest.mark.parametrize(
    "content", [b"\xff", b"COPY " * 10**6 + b"/etc/apt/sources.list", b"a:" * 10**6 + b"> /etc/apt/sources.list"]
)
def test_hostile_files(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.sh").write_bytes(content)
    begun = time.monotonic()
    assert len(sources_in(Tree(tmp_path), "x.sh")) <= 1
    assert time.monotonic() - begun < 5
