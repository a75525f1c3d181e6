"""``EXPOSE``: which ports an image's process listens on, and where that is said."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.origin import Origin
from analyzer.service import Port
from resolvers.container.containerfile import read_build
from resolvers.container.exposed import HIGHEST, MOST, NoPortError, expose
from resolvers.container.gather import ImageGatherer
from resolvers.seam import Wish
from resolvers.tree import Tree
from tests.hostile import EXAMPLES


def ports(word: str) -> list[str]:
    found: dict[str, Port] = {}
    expose(word, Origin("Dockerfile", 1), found)
    assert list(found) == list(map(str, found.values()))
    return list(found)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("8080", ["8080/tcp"]),
        ("53/udp", ["53/udp"]),
        ("53/UDP", ["53/udp"]),
        ("132/sctp", ["132/sctp"]),
        ("7000-7002/tcp", ["7000/tcp", "7001/tcp", "7002/tcp"]),
        ("080", ["80/tcp"]),
        ("65535", ["65535/tcp"]),
    ],
)
def test_ports(word: str, expected: list[str]) -> None:
    assert ports(word) == expected


@pytest.mark.parametrize(
    "word", ["0", "65536", "99999999999", "http", "80/icmp", "80-", "90-80", "1000-2000", "8080:80", "", "$X"]
)
def test_no_ports(word: str) -> None:
    with pytest.raises(NoPortError):
        ports(word)


@settings(max_examples=EXAMPLES)
@given(st.one_of(st.text(max_size=20), st.from_regex(r"[0-9]{1,6}(-[0-9]{1,6})?(/[a-zA-Z]{1,4})?", fullmatch=True)))
def test_whatever_stands_there(word: str) -> None:
    try:
        found = ports(word)
    except NoPortError:
        return
    assert found and all(0 < int(port.partition("/")[0]) <= HIGHEST for port in found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("FROM debian:12\nEXPOSE 80 443/tcp 53/udp\n", ["80/tcp:2", "443/tcp:2", "53/udp:2"]),
        ("FROM debian:12\nENV PORT=8080\nEXPOSE ${PORT}\n", ["8080/tcp:3"]),
        ('FROM debian:12\nARG PORTS="80 81"\nEXPOSE $PORTS/udp\n', ["80/tcp:3", "81/udp:3"]),
        ("FROM debian:12\nEXPOSE \\\n  80 \\\n  81\n", ["80/tcp:2", "81/tcp:2"]),
        ("FROM debian:12 AS base\nEXPOSE 80\nFROM base\nEXPOSE 81\n", ["80/tcp:2", "81/tcp:4"]),
        ("FROM debian:12 AS build\nEXPOSE 80\nFROM debian:12\nCOPY --from=build /usr /usr\n", []),
        ("FROM debian:12\nEXPOSE 80\nEXPOSE 80/tcp\n", ["80/tcp:2"]),
        ("FROM debian:12\nEXPOSE $UNKNOWN\n", []),
    ],
    ids=["several", "variable", "variables", "continued", "stage built upon", "other stage", "twice", "unknown"],
)
def test_the_final_stage_exposes(tmp_path: Path, text: str, expected: list[str]) -> None:
    (tmp_path / "Dockerfile").write_text(text)
    build = read_build(Tree(tmp_path), "Dockerfile", "")
    assert [f"{port}:{port.origin.line}" for port in build.ports] == expected


def test_what_is_no_port_is_told_and_leaves_no_verdict_open(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM debian:12\nEXPOSE $UNKNOWN 1-60000 80\n")
    found = ImageGatherer().gather(Tree(tmp_path), "", Wish())
    assert list(map(str, found.ports)) == ["80/tcp"]
    assert found.ports[0].origin == Origin("Dockerfile", 2, "EXPOSE $UNKNOWN 1-60000 80")
    told = {(item.what, item.incomplete) for item in found.skipped if item.what.startswith("EXPOSE")}
    assert told == {("EXPOSE $UNKNOWN", False), ("EXPOSE 1-60000", False)}


def test_an_image_has_so_many_ports_at_most(tmp_path: Path) -> None:
    lines = "".join(f"EXPOSE {first}-{first + 49}\n" for first in range(1, 60_000, 50))
    (tmp_path / "Dockerfile").write_text(f"FROM debian:12\n{lines}")
    assert len(read_build(Tree(tmp_path), "Dockerfile", "").ports) <= MOST
