"""What Dockerfiles install with dnf and its relatives, after the habits of public ones."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.service import DependencySet, Skipped
from resolvers.rpm.gather import RpmGatherer
from resolvers.seam import Wish
from resolvers.tree import Tree
from tests.hostile import EXAMPLES

INSTALLED = {
    "one by one, with options": (
        """\
        FROM quay.io/centos/centos:stream9
        RUN dnf -y --setopt=install_weak_deps=False --nodocs install \\
                httpd \\
                # the language
                python3.11 \\
            && dnf clean all && rm -rf /var/cache/dnf
        """,
        ["3 httpd", "5 python3.11"],
    ),
    "options with values": (
        """\
        FROM fedora:42
        RUN dnf install -y --releasever 42 --enablerepo crb -x vim --repo=fedora --allowerasing -d 1 curl
        """,
        ["2 curl"],
    ),
    "versions and architectures": (
        """\
        FROM almalinux:9
        RUN dnf install -y httpd-2.4.57-5.el9 nginx-1:1.20.1 glibc.i686 bash.x86_64 \\
            java-17-openjdk-headless postgresql-15.3 redis-7.2* tzdata-2024a-1.el9.noarch
        """,
        [
            "2 bash",
            "2 glibc.i686",
            "2 httpd=2.4.57-5.el9",
            "2 nginx=1:1.20.1",
            "3 java-17-openjdk-headless",
            "3 postgresql-15.3",
            "3 redis-7.2*",
            "3 tzdata=2024a-1.el9",
        ],
    ),
    "capabilities, ranges and files": (
        """\
        FROM fedora:42
        RUN dnf install -y 'pkgconfig(openssl)' "cmake >= 3.20" /usr/bin/ps '(a or b)' 'perl(Foo::Bar)'
        """,
        ["2 (a or b)", "2 /usr/bin/ps", "2 cmake >= 3.20", "2 perl(Foo::Bar)", "2 pkgconfig(openssl)"],
    ),
    "variables": (
        """\
        FROM rockylinux:9
        ARG NGINX=1.20.1
        ENV PACKAGES="curl wget"
        RUN microdnf install -y nginx-${NGINX}-14.el9 $PACKAGES
        """,
        ["4 nginx=1.20.1-14.el9", "3 curl", "3 wget"],
    ),
    "removed again": (
        """\
        FROM amazonlinux:2023
        RUN yum install -y gcc make libpq lua-a && make && yum remove -y gcc make 'lua-*' && yum clean all
        """,
        ["2 libpq"],
    ),
    "swapped": (
        """\
        FROM fedora:42
        RUN dnf install -y curl-minimal && dnf swap -y curl-minimal curl
        """,
        ["2 curl"],
    ),
    "zypper": (
        """\
        FROM opensuse/leap:15.6
        RUN zypper --non-interactive --gpg-auto-import-keys in --no-recommends -y nginx 'redis>=7' package:curl \\
            && zypper -n rm nginx && zypper clean -a
        """,
        ["2 curl", "2 redis >= 7"],
    ),
    "other stages": (
        """\
        FROM fedora:42 AS build
        RUN dnf install -y gcc
        FROM fedora:42
        RUN dnf install -y libstdc++
        COPY --from=build /app /app
        """,
        ["4 libstdc++"],
    ),
    "a root filesystem that becomes the image": (
        """\
        FROM registry.access.redhat.com/ubi9 AS build
        RUN dnf install -y --installroot=/mnt/rootfs --releasever 9 coreutils-single glibc-minimal-langpack
        RUN dnf install -y gcc
        FROM registry.access.redhat.com/ubi9-micro
        COPY --from=build /mnt/rootfs/ /
        """,
        ["2 coreutils-single", "2 glibc-minimal-langpack"],
    ),
    "a root filesystem for something else": (
        """\
        FROM fedora:42
        RUN dnf install -y --installroot /jail busybox && dnf install -y dnf5-plugins
        """,
        ["2 dnf5-plugins"],
    ),
    "not installed": (
        """\
        FROM fedora:42
        RUN dnf install --downloadonly -y a; dnf list installed b; rpm -qi c; rpm -qa; dnf --assumeno install d \\
            && dnf update -y && dnf upgrade -y e && rpm --import https://index.example/KEY && echo dnf install f
        """,
        [],
    ),
    "where another repository comes from": (
        """\
        FROM quay.io/centos/centos:stream9
        RUN dnf install -y epel-release https://index.example/remi-release-9.rpm \\
            && dnf config-manager --add-repo https://user:secret@index.example/docker-ce.repo \\
            && rpm -Uvh https://index.example/pgdg-redhat-repo-latest.noarch.rpm \\
            && dnf config-manager --set-enabled crb && dnf install -y docker-ce
        """,
        ["5 docker-ce"],
    ),
}

UNKNOWN = {
    "dnf install -y $(cat packages.txt)": "what only a run can tell",
    "dnf install -y 'php-*'": "php-* stands for every package of that pattern (Dockerfile:2)",
    "dnf groupinstall -y 'Development Tools'": "the group Development Tools installs",
    "dnf group install -y web-server": "the group web-server installs",
    "dnf install -y @nodejs:20": "@nodejs:20 is a group or a module",
    "dnf module enable -y nodejs:20": "the module nodejs:20 chooses",
    "zypper -n in -t pattern devel_basis": "the pattern devel_basis installs",
    "dnf install -y https://u:secret@index.example/app-1-1.x86_64.rpm": "app-1-1.x86_64.rpm requires",
    "rpm -ivh /tmp/app-1.0-1.x86_64.rpm": "what /tmp/app-1.0-1.x86_64.rpm requires cannot be read here",
    'if [ -n "$DEBUG" ]; then dnf install -y gdb; fi': "gdb is installed only under a condition",
    "dnf install -y epel-release; dnf remove $LIST; dnf install -y @x": "@x is a group or a module",
    "dnf builddep -y kernel": "what kernel needs to be built",
}


def _gather(folder: Path, dockerfile: str) -> tuple[DependencySet | None, tuple[Skipped, ...]]:
    (folder / "Dockerfile").write_text(dockerfile, encoding="utf-8")
    gathered = RpmGatherer().gather(Tree(folder), "", Wish())
    return (gathered.sets[0] if gathered.sets else None), gathered.skipped


@pytest.mark.parametrize("case", INSTALLED)
def test_installed(tmp_path: Path, case: str) -> None:
    text, expected = INSTALLED[case]
    found, skipped = _gather(tmp_path, dedent(text))
    requirements = found.requirements if found else ()
    assert sorted(f"{r.origin.line} {r}" for r in requirements) == sorted(expected)
    assert all(r.origin.file == "Dockerfile" for r in requirements)
    assert not found or not found.unknown
    assert not any(s.incomplete for s in skipped)
    assert "secret" not in repr((found, skipped))


@pytest.mark.parametrize("command", UNKNOWN)
def test_unknown(tmp_path: Path, command: str) -> None:
    found, _ = _gather(tmp_path, f"FROM fedora:42\nRUN {command}\n")
    assert found
    assert not found.requirements
    (reason,) = found.unknown
    assert UNKNOWN[command] in reason
    assert reason.endswith("(Dockerfile:2)")
    assert "secret" not in reason


@pytest.mark.parametrize(
    ("image", "namespace"),
    [("fedora:42", "fedora"), ("quay.io/centos/centos:stream9", "centos"), ("company.example/base", "")],
)
def test_the_base_image_is_the_namespace(tmp_path: Path, image: str, namespace: str) -> None:
    found, _ = _gather(tmp_path, f"FROM {image}\nRUN dnf install -y httpd\n")
    assert found
    assert [r.package.namespace for r in found.requirements] == [namespace]


WORDS = st.sampled_from(
    ["install", "in", "-y", "--installroot", "/mnt", "swap", "remove", "@x", "*", "module", "$A", "a-1:2-3.x86_64",
     "https://h/x.rpm", "--", "-t", "(", "'", "\"", ">=", "1", "group", "|", "&&", "\\\n", "config-manager",
     "--add-repo="]
) | st.text(max_size=6)  # fmt: skip


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.sampled_from(["dnf", "zypper", "rpm", "yum", "microdnf"]), st.lists(WORDS, max_size=10))
def test_any_command_line_is_read(tmp_path_factory: pytest.TempPathFactory, tool: str, words: list[str]) -> None:
    text = f"FROM fedora:42\nRUN {tool} {' '.join(words)}\n".encode("utf-8", "replace").decode()
    found, skipped = _gather(tmp_path_factory.getbasetemp(), text)
    lines = text.count("\n") + 1
    assert all(0 <= item.origin.line <= lines for item in (*(found.requirements if found else ()), *skipped))
