"""What package systems install that cohabit doesn't examine."""

from __future__ import annotations

from pathlib import Path

import pytest

from resolvers.container.containerfile import read_build
from resolvers.container.other_systems import installed_otherwise
from resolvers.tree import Tree

FOUND = {
    "RUN apk add --no-cache curl": ["apk packages: 2"],
    "RUN set -eux; \\\n apk add --no-cache curl; \\\n apk add git": ["apk packages: 3"],
    "RUN /sbin/apk --no-cache add curl": ["apk packages: 2"],
    "RUN pacman -Syu --noconfirm nginx": ["pacman packages: 2"],
    "RUN xbps-install -y nginx\nRUN emerge nginx": ["xbps-install packages: 2", "emerge packages: 3"],
    "RUN apk update\nRUN apk del curl\nRUN pacman -Scc\nRUN emerge --sync": [],
    "RUN apt-get install -y nginx": [],
    "RUN echo apk add curl": [],
    'CMD ["apk", "add", "curl"]': [],
}


@pytest.mark.parametrize("lines", FOUND)
def test_says_which_and_where(tmp_path: Path, lines: str) -> None:
    (tmp_path / "Dockerfile").write_text(f"FROM alpine:3.20\n{lines}\n")
    build = read_build(Tree(tmp_path), "Dockerfile", "")
    assert [f"{s.what}: {s.origin.line}" for s in installed_otherwise(build)] == FOUND[lines]
    assert all(s.incomplete for s in installed_otherwise(build))
