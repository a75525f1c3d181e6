"""Scripts that nobody can read are noted."""

from __future__ import annotations

from pathlib import Path

import pytest

from resolvers.container.containerfile import read_build
from resolvers.container.unread_scripts import unread_scripts
from resolvers.tree import Tree


@pytest.mark.parametrize(
    ("lines", "noted"),
    [
        ("COPY ../../setup.sh /x.sh\nRUN sh /x.sh", ["/x.sh"]),
        ("COPY services/a/setup.sh /opt/\nRUN bash -eux /opt/setup.sh now", ["/opt/setup.sh"]),
        ("RUN /opt/vendor/setup.sh", ["/opt/vendor/setup.sh"]),
        ("RUN . /etc/profile.d/vendor", ["/etc/profile.d/vendor"]),
        ("COPY here.sh /x.sh\nRUN sh /x.sh", []),
        ("RUN sh -c 'echo x' && make", []),
    ],
)
def test_a_script_that_is_not_there_is_noted(lines: str, noted: list[str], tmp_path: Path) -> None:
    (tmp_path / "here.sh").write_text("echo here\n")
    (tmp_path / "Dockerfile").write_text(f"FROM debian:12\n{lines}\n")
    found = list(unread_scripts(read_build(Tree(tmp_path), "Dockerfile", "")))
    assert [item.what for item in found] == noted
    assert not any(item.incomplete for item in found)
