from __future__ import annotations

from pathlib import Path

import pytest

from analyzer.service import DependencySet, Platform
from resolvers.deb.gather import DebGatherer
from resolvers.seam import Gathered, Wish
from resolvers.tree import Tree

DOCKERFILE = """\
FROM golang:1.22-bookworm AS build
RUN apt-get update && apt-get install -y gcc

FROM python:3.12-slim-bookworm
ENV PG=15
COPY internal.list /etc/apt/sources.list.d/
RUN apt-get update \\
 && apt-get install -y --no-install-recommends \\
      libpq5 \\
      # tls
      ca-certificates postgresql-client-$PG \\
 && xargs -a /tmp/apt.txt apt-get install -y \\
 && rm -rf /var/lib/apt/lists/*
COPY apt.txt /srv/
"""


PLAIN = Wish()


def gather(folder: Path, wish: Wish = PLAIN, **files: str) -> Gathered:
    for name, text in files.items():
        place = folder / "a" / name.replace("__", "/").replace("_DOT_", ".").replace("_DASH_", "-")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    return DebGatherer().gather(Tree(folder), "a", wish)


def test_a_dockerfile(tmp_path: Path) -> None:
    found = gather(tmp_path, Dockerfile=DOCKERFILE, apt_DOT_txt="curl\nwget/bookworm-backports\n")
    (only,) = found.sets
    assert [f"{r} {r.package.namespace} {r.origin}" for r in only.requirements] == [
        "libpq5 debian a/Dockerfile:9",
        "ca-certificates debian a/Dockerfile:11",
        "postgresql-client-15 debian a/Dockerfile:11",
        "curl debian a/apt.txt:1",
        "wget/bookworm-backports debian a/apt.txt:2",
    ]
    assert (only.locked, only.bundled) == (None, False)
    assert [f"{note.origin} {note.reason}" for note in found.skipped] == [
        "a/Dockerfile:2 is installed in the build stage build, not in the final image",
        "a/Dockerfile:6 adds packages from elsewhere: the universe of this release needs them too",
    ]


INSTALL = "RUN apt-get install -y curl\n"
NAMESPACES = {
    "from the image": ("FROM ubuntu:24.04\n", "linux", "ubuntu"),
    "from configuration": ("FROM ubuntu:24.04\n", "debian:12", "debian"),
    "from nowhere": ("FROM registry.example/base:1\n", "linux", ""),
    "without an image": ("FROM scratch\n", "linux", ""),
}


@pytest.mark.parametrize(("base", "system", "namespace"), NAMESPACES.values(), ids=NAMESPACES)
def test_the_distribution_is_part_of_the_package(tmp_path: Path, base: str, system: str, namespace: str) -> None:
    found = gather(tmp_path, Wish(Platform(os=system)), Dockerfile=base + INSTALL)
    assert [r.package.namespace for s in found.sets for r in s.requirements] == [namespace]


def test_the_architecture_is_the_services(tmp_path: Path) -> None:
    text = "FROM debian:12\nRUN apt-get install libc6:arm64 libc6:amd64\n"
    found = gather(tmp_path, Wish(Platform(arch="aarch64")), Dockerfile=text)
    assert [str(r) for s in found.sets for r in s.requirements] == ["libc6", "libc6:amd64"]


def test_a_root_filesystem(tmp_path: Path) -> None:
    status = "Package: curl\nStatus: install ok installed\nVersion: 1\n"
    found = gather(tmp_path, etc__os_DASH_release="ID=debian\n", var__lib__dpkg__status=status)
    (only,) = found.sets
    assert [f"{pin.candidate} {pin.origin}" for pin in only.locked or ()] == ["curl==1 a/var/lib/dpkg/status:1"]


def test_what_is_installed_is_a_set_of_its_own(tmp_path: Path) -> None:
    status = "Package: curl\nStatus: install ok installed\nVersion: 1\n"
    found = gather(tmp_path, Dockerfile="FROM debian:12\nRUN apt-get install git\n", status=status)
    assert [([str(r) for r in s.requirements], s.locked is None, s.closed) for s in found.sets] == [
        (["git"], True, False),
        (["curl"], False, False),
    ]


def test_everything_in_one_folder_is_one_set(tmp_path: Path) -> None:
    script = "apt-get install -y curl\n./unknown.sh\nadd-apt-repository ppa:x/y\n"
    found = gather(
        tmp_path,
        setup_DOT_sh=script,
        Aptfile="git\ncurl\n",
        debian__control="Source: x\n\nPackage: x1\nDepends: tzdata\n",
    )
    assert [sorted({r.package.name for r in s.requirements}) for s in found.sets] == [["curl", "git", "tzdata"]]


ELSEWHERE = "RUN if command -v apt-get; then apt-get install -y curl; else dnf install -y curl; fi\n"


def test_what_debian_would_get_says_nothing_of_fedora(tmp_path: Path) -> None:
    assert gather(tmp_path, Dockerfile=f"FROM fedora:42\n{ELSEWHERE}").sets == ()
    (only,) = gather(tmp_path, Dockerfile=f"FROM debian:12\n{ELSEWHERE}").sets
    assert only == DependencySet("deb", unknown=("a/Dockerfile:2: curl is installed only under a condition",))


def test_what_cannot_be_read_is_skipped(tmp_path: Path) -> None:
    found = gather(tmp_path, Aptfile="curl", debian__control="nonsense", x_DOT_deb="x")
    assert [f"{note.origin} {note.incomplete}" for note in found.skipped] == ["a/debian/control:1 True", "a/x.deb True"]
    assert [str(r) for s in found.sets for r in s.requirements] == ["curl"]


def test_nothing(tmp_path: Path) -> None:
    assert gather(tmp_path, README="x") == Gathered()
    assert gather(tmp_path, Dockerfile="FROM debian:12\nRUN true\n") == Gathered()
