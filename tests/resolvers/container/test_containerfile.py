from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.errors import ManifestError
from resolvers.container.build import Build
from resolvers.container.containerfile import read_build, read_script
from resolvers.tree import Tree
from tests.hostile import EXAMPLES
from tests.resolvers.shell.shown import installs, shown


def build(folder: Path, dockerfile: str, files: Mapping[str, str] | None = None, target: str = "") -> Build:
    for path, text in {"svc/Dockerfile": dockerfile, **(files or {})}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return read_build(Tree(folder), "svc/Dockerfile", "svc", target)


COMMANDS: dict[str, tuple[str, list[str]]] = {
    "python, slim": (
        """FROM debian:bookworm-slim
ENV PATH=/usr/local/bin:$PATH
RUN set -eux; \\
	apt-get update; \\
	apt-get install -y --no-install-recommends \\
		ca-certificates \\
		netbase \\
		tzdata \\
	; \\
	rm -rf /var/lib/apt/lists/*
ENV GPG_KEY=A035C8C19219BA821ECEA86B64E628F8D684696D
ENV PYTHON_VERSION=3.12.4
RUN set -eux; \\
	\\
	savedAptMark="$(apt-mark showmanual)"; \\
	apt-get update; \\
	apt-get install -y --no-install-recommends \\
		dpkg-dev \\
		gcc \\
# a comment between the lines
		libssl-dev \\
	; \\
	\\
	wget -O python.tar.xz "https://python.example/ftp/${PYTHON_VERSION%%[a-z]*}/Python-$PYTHON_VERSION.tar.xz"; \\
	apt-mark auto '.*' > /dev/null; \\
	apt-mark manual $savedAptMark; \\
	apt-get purge -y --auto-remove -o APT::AutoRemove::RecommendsImportant=false
CMD ["python3"]
""",
        [
            "5: apt-get install -y --no-install-recommends ca-certificates@6 netbase@7 tzdata@8",
            "17: apt-get install -y --no-install-recommends dpkg-dev@18 gcc@19 libssl-dev@21",
            "27: apt-get purge -y --auto-remove -o APT::AutoRemove::RecommendsImportant=false",
        ],
    ),
    "postgres": (
        """FROM debian:bookworm-slim
RUN set -ex; \\
	if ! command -v gpg > /dev/null; then \\
		apt-get update; \\
		apt-get install -y --no-install-recommends gnupg ; \\
	fi
ENV PG_MAJOR 16
ENV PG_VERSION 16.3-1.pgdg120+1
RUN set -ex; \\
	dpkgArch="$(dpkg --print-architecture)"; \\
	case "$dpkgArch" in \\
		amd64 | arm64) echo "deb x" > /etc/apt/sources.list.d/pgdg.list ;; \\
		*) apt-get install -y "dpkg-dev" ;; \\
	esac; \\
	apt-get install -y --no-install-recommends postgresql-common; \\
	apt-get install -y --no-install-recommends \\
		"postgresql-$PG_MAJOR=$PG_VERSION" \\
	;
""",
        [
            "? 5: apt-get install -y --no-install-recommends gnupg",
            "? 13: apt-get install -y dpkg-dev",
            "15: apt-get install -y --no-install-recommends postgresql-common",
            "16: apt-get install -y --no-install-recommends postgresql-16=16.3-1.pgdg120+1@17",
        ],
    ),
    "node on alpine": (
        """FROM alpine:3.20
RUN addgroup -g 1000 node \\
    && apk add --no-cache \\
        libstdc++ \\
    && apk add --no-cache --virtual .build-deps \\
        curl \\
    && ARCH= OPENSSL_ARCH='linux*' && alpineArch="$(apk --print-arch)" \\
      && case "${alpineArch##*-}" in \\
        x86_64) \\
          ARCH='x64' \\
          ;; \\
        *) ;; \\
      esac \\
  && if [ -n "${CHECKSUM}" ]; then apk add --no-cache x; else apk add y; fi
""",
        [
            "3: apk add --no-cache libstdc++@4", "5: apk add --no-cache --virtual .build-deps curl@6",
            "7: apk --print-arch", "? 14: apk add --no-cache x", "? 14: apk add y",
        ],
    ),
    "redis": (
        """FROM debian:bookworm-slim
RUN set -eux; \\
	savedAptMark="$(apt-mark showmanual)"; \\
	apt-get install -y --no-install-recommends \\
		gcc g++ \\
		\\
		libc6-dev \\
	; \\
	extraJemallocConfigureFlags="--build=$(dpkg-architecture --query DEB_BUILD_GNU_TYPE)"; \\
	if [ "$arch" != i386 ]; then apt-get install -y x; fi
""",
        ["4: apt-get install -y --no-install-recommends gcc@5 g++@5 libc6-dev@7", "? 10: apt-get install -y x"],
    ),
    "universal base image": (
        """FROM registry.example/ubi9/ubi-minimal:9.4
USER root
ARG PACKAGES="nginx nginx-mod-stream"
RUN microdnf -y module enable nginx:1.24 && \\
    INSTALL_PKGS="bind-utils gettext hostname \\
      $PACKAGES" && \\
    microdnf install -y --nodocs $INSTALL_PKGS && \\
    rpm -V $INSTALL_PKGS && microdnf clean all
""",
        [
            "4: microdnf -y module enable nginx:1.24",
            "7: microdnf install -y --nodocs bind-utils@5 gettext@5 hostname@5 nginx@3 nginx-mod-stream@3",
            "8: microdnf clean all",
        ],
    ),
    "centos": (
        """FROM centos:7
RUN yum -y install epel-release; yum install -y \\
  httpd-2.4.6 \\

  # nothing here

  php
RUN dnf install -y 'dnf-command(config-manager)' @development-tools /usr/bin/which
""",
        [
            "2: yum -y install epel-release", "2: yum install -y httpd-2.4.6@3 php@7",
            "8: dnf install -y dnf-command(config-manager) @development-tools /usr/bin/which",
        ],
    ),
    "variables": (
        """ARG SUITE=bookworm
ARG GLOBAL=g
FROM debian:$SUITE
ARG GLOBAL
ARG OPEN
ARG NAME=n REST="r1 r2"
ENV A=a B="b c" C=$A-$GLOBAL \\
  D='d $A' E=e\\ f
ENV OLD old  way
ENV A=z LATE=$A
ENV NAME=fixed
ARG NAME=ignored
RUN apt-get install $A $B $C "$D" $E $OLD $LATE $OPEN $SUITE $REST $NAME ${GLOBAL:+plus} ${OPEN:-else}
""",
        [
            "13: apt-get install z@10 b@7 c@7 $A-g?@7 d $A@8 e@8 f@8 old@9 way@9 a@7 $OPEN? $SUITE? r1@6 r2@6 fixed@11"
            " plus else",
        ],
    ),
    "here-documents": (
        """FROM fedora:40
RUN <<EOF
set -e
dnf install -y a \\
  b
EOF
RUN bash -e <<'EOF' && dnf install -y d
dnf install -y c
EOF
RUN <<EOF
#!/usr/bin/env python3
dnf install -y no
EOF
RUN cat <<EOF >/tmp/x
FROM nothing
dnf install -y text
EOF
COPY <<EOF /opt/run.sh
dnf install -y e
EOF
RUN sh /opt/run.sh
""",
        [
            "4: dnf install -y a b@5", "8: dnf install -y c", "7: dnf install -y d", "19: dnf install -y e",
        ],
    ),
    "exec form": (
        """FROM debian:12
RUN ["apt-get", "install", "-y", \\
     "a", "$B"]
RUN [ "/bin/bash", "-c", "apt-get install c && apt-get install d" ]
RUN [ -f x ] && apt-get install e
SHELL ["/bin/bash", "-eo", "pipefail", "-c"]
RUN apt-get install f
SHELL ["powershell", "-Command"]
RUN apt-get install g
""",
        [
            "2: apt-get install -y a@3 $B@3", "4: apt-get install c", "4: apt-get install d",
            "? 5: apt-get install e", "7: apt-get install f",
        ],
    ),
    "escape": (
        "# syntax=docker/dockerfile:1\n# escape=`\nFROM debian:12\nRUN apt-get install `\n  a `\n  b\n",
        ["4: apt-get install a@5 b@6"],
    ),
    "a directive behind a comment is a comment": (
        "# a comment\n# escape=`\nFROM debian:12\nRUN apt-get install \\\n  a\n",
        ["4: apt-get install a@5"],
    ),
    "mounts": (
        """FROM debian:12
RUN --mount=type=cache,target=/var/cache/apt,sharing=locked \\
    --mount=type=bind,source=apt.txt,target=/tmp/apt.txt --network=default \\
    apt-get update && xargs -a /tmp/apt.txt apt-get install -y
""",
        ["4: apt-get install -y one@svc/apt.txt:1 two@svc/apt.txt:2"],
    ),
    "lists that are copied": (
        """FROM debian:12
COPY apt.txt /tmp/
COPY --chown=a:b ["apt.txt", "/lists/other name"]
WORKDIR /lists
WORKDIR sub
COPY *.txt ./
RUN apt-get install $(cat /tmp/apt.txt) && cat apt.txt | xargs apt install -y
RUN xargs apt-get install < '../other name'
RUN apt-get install $(cat /tmp/none.txt)
""",
        [
            "7: apt-get install one@svc/apt.txt:1 two@svc/apt.txt:2",
            "7: apt install -y one@svc/apt.txt:1 two@svc/apt.txt:2",
            "8: apt-get install one@svc/apt.txt:1 two@svc/apt.txt:2",
            "9: apt-get install $(cat /tmp/none.txt)?",
        ],
    ),
    "scripts that are copied": (
        """FROM debian:12
ENV EXTRA=extra
COPY scripts /opt/scripts
COPY scripts/install.sh /usr/local/bin/setup
ADD scripts/a.sh scripts/b.sh /tmp/
RUN chmod +x /opt/scripts/install.sh && /opt/scripts/install.sh x
WORKDIR /opt
RUN ./scripts/install.sh y
RUN bash /usr/local/bin/setup z || exit 1
RUN cd /tmp && . ./a.sh && apt-get install $FROM_A && sh -x b.sh
RUN ./scripts/missing.sh
""",
        [
            "3: apt-get install -y x@svc/Dockerfile:6 extra@svc/Dockerfile:2",
            "3: apt-get install -y y@svc/Dockerfile:8 extra@svc/Dockerfile:2",
            "3: apt-get install -y z@svc/Dockerfile:9 extra@svc/Dockerfile:2",
            "10: apt-get install from-a@svc/scripts/a.sh:1",
            "1: apt-get install b",
        ],
    ),
    "continued to the end": ("FROM debian:12\nRUN apt-get install a \\", ["2: apt-get install a"]),
    "not run": (
        "FROM debian:12\nONBUILD RUN apt-get install a\nCMD apt-get install b\nHEALTHCHECK CMD apt-get install c\n"
        "LABEL x=\"apt-get install d\"\nENTRYPOINT [\"apt-get\", \"install\"]\n",
        [],
    ),
    "lower case and tabs": ("from debian:12\n\trun\tapt-get install a\n", ["2: apt-get install a"]),
}  # fmt: skip

FILES = {
    "svc/apt.txt": "one\ntwo\n",
    "svc/scripts/install.sh": '#!/bin/sh\nset -e\napt-get install -y "$1" $EXTRA\n',
    "svc/scripts/a.sh": "FROM_A=from-a\n",
    "svc/scripts/b.sh": "apt-get install b\n",
    "outside.txt": "out\n",
}


@pytest.mark.parametrize("name", COMMANDS)
def test_commands_of_the_final_stage(name: str, tmp_path: Path) -> None:
    dockerfile, expected = COMMANDS[name]
    found = build(tmp_path, dockerfile, FILES)
    assert installs(found.commands) == expected
    assert not found.skipped and not found.aside


STAGES: dict[str, tuple[str, str, list[str], list[str]]] = {
    "one": ("FROM debian:12\nRUN apt-get install a", "debian:12@1", ["a"], []),
    "a builder": (
        "FROM golang:1 AS build\nRUN apt-get install a\nFROM debian:12\nRUN apt-get install b\n"
        "COPY --from=build /out/app /usr/bin/app\nCOPY --from=build /usr/lib /opt/lib\nCOPY --from=0 /app /usr",
        "debian:12@3", ["b"], ["build: a"],
    ),
    "built upon others": (
        "FROM debian:12 AS Base\nRUN apt-get install a\nFROM alpine\nRUN apk add x\nFROM base as next\n"
        "RUN apt-get install b\nFROM next\nRUN apt-get install c",
        "debian:12@1", ["a", "b", "c"], ["1: x"],
    ),
    "system folders": (
        "FROM fedora:40 AS one\nRUN dnf install a\nFROM fedora:40 AS two\nRUN dnf install b\nFROM fedora:39\n"
        "COPY --from=one /usr /usr/\nCOPY --from=two /var/lib/rpm/. /var/lib/rpm\nRUN dnf install c",
        "fedora:39@5", ["a", "b", "c"], [],
    ),
    "squashed": (
        "FROM debian:12 AS full\nRUN apt-get install a\nFROM scratch\nCOPY --from=full / /\nCMD sh",
        "debian:12@1", ["a"], [],
    ),
    "nothing but a binary": (
        "FROM golang:1 AS build\nRUN apt-get install a\nFROM scratch\nCOPY --from=build /out /\n",
        "", [], ["build: a"],
    ),
    "another root": (
        "FROM ubi9 AS build\nRUN dnf install -y --installroot /mnt/root b\nRUN dnf install tool\nFROM scratch\n"
        "COPY --from=build /mnt/root/ /",
        "ubi9@1", ["b"], ["build: tool"],
    ),
    "names from variables": (
        "ARG REGISTRY=registry.example/\nARG V\nARG B=${V:-12}\nFROM --platform=linux/arm64 ${REGISTRY}debian:${B}\n",
        "registry.example/debian:12@4 linux/arm64", [], [],
    ),
    "a name that nobody knows": ("ARG V\nFROM --platform=$BUILDPLATFORM debian:$V", "debian:$V?@2", [], []),
    "a name in quotes": ('FROM "debian:12" AS x', "debian:12@1", [], []),
    "a stage by a variable": (
        "ARG KIND=slim\nFROM debian:12 AS full\nRUN apt-get install a\nFROM debian:11 AS slim\nRUN apt-get install b\n"
        "FROM $KIND",
        "debian:11@4", ["b"], ["full: a"],
    ),
}  # fmt: skip


def base_of(found: Build) -> str:
    base = found.base
    if base is None:
        return ""
    known = "" if base.image.known else "?"
    return f"{base.image.text}{known}@{base.origin.line} {base.platform}".strip()


@pytest.mark.parametrize("name", STAGES)
def test_stages(name: str, tmp_path: Path) -> None:
    dockerfile, base, commands, aside = STAGES[name]
    found = build(tmp_path, dockerfile)
    assert base_of(found) == base
    assert [command.words[-1].text for command in found.commands] == commands
    assert [f"{stage}: {command.words[-1].text}" for stage, command in found.aside] == aside
    assert not found.skipped


def test_a_target_may_be_named(tmp_path: Path) -> None:
    dockerfile = "FROM debian:11 AS one\nRUN apt-get install a\nFROM debian:12 AS two\nRUN apt-get install b\n"
    for target in ("one", "0"):
        found = build(tmp_path, dockerfile, target=target)
        assert base_of(found) == "debian:11@1"
        assert installs(found.commands) == ["2: apt-get install a"]
    with pytest.raises(ManifestError, match="no stage three"):
        build(tmp_path, dockerfile, target="three")


SKIPPED = {
    "FROM scratch\nADD rootfs.tar.xz /\nCMD sh": (2, "root filesystem in an archive"),
    "FROM debian:12\nCOPY --from=registry.example/other:1 /usr /usr": (2, "copied from the image"),
    "FROM debian:12\n{{ if x }}\nRUN a": (2, "no instruction"),
    "FROM debian:12\nRUN a 'b": (2, "quote"),
    "FROM\nFROM debian:12": (1, "names no image"),
}


@pytest.mark.parametrize("dockerfile", SKIPPED)
def test_what_is_not_looked_into_is_said(dockerfile: str, tmp_path: Path) -> None:
    line, reason = SKIPPED[dockerfile]
    (skipped,) = build(tmp_path, dockerfile).skipped
    assert (skipped.origin.file, skipped.origin.line, skipped.incomplete) == ("svc/Dockerfile", line, True)
    assert reason in skipped.reason


@pytest.mark.parametrize("dockerfile", ["", "# nothing\n", "ARG A=1\n", "RUN apt-get install a", "\x00", "F" * 2**21])
def test_what_is_no_dockerfile(dockerfile: str, tmp_path: Path) -> None:
    with pytest.raises(ManifestError):
        build(tmp_path, dockerfile)


def test_copies_do_not_leave_the_context(tmp_path: Path) -> None:
    found = build(
        tmp_path,
        "FROM debian:12\nCOPY ../outside.txt ../../etc/passwd /tmp/\nRUN xargs -a /tmp/outside.txt apt-get install\n"
        "RUN xargs -a /tmp/passwd apt-get install",
        FILES,
    )
    assert installs(found.commands) == [
        "3: apt-get install $(cat /tmp/outside.txt)?",
        "4: apt-get install $(cat /tmp/passwd)?",
    ]


def test_a_script_of_the_tree(tmp_path: Path) -> None:
    files = {
        "deploy/setup.sh": '#!/bin/bash\ncd "$(dirname "${BASH_SOURCE[0]:-$0}")"\n. ./common.sh\nneed a\n'
        "xargs -a deploy/list.txt apt-get install\n",
        "deploy/common.sh": 'need() { apt-get install -y "$@"; }\n',
        "deploy/list.txt": "b\n",
    }
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    found = read_script(Tree(tmp_path), "deploy/setup.sh")
    assert found.base is None
    assert [shown(command) for command in found.commands] == [
        "1: apt-get install -y a@deploy/setup.sh:4",
        "5: apt-get install b@deploy/list.txt:1",
    ]


HOSTILE = {
    "stages": "FROM a\n" + "FROM a\nCOPY --from=0 / /\n" * 2000,
    "chains": "FROM a AS s\n" + "".join(f"FROM s{n or ''} AS s{n + 1}\nRUN x\nENV A{n}=1\n" for n in range(2000)),
    "all of all": "".join(f"FROM a AS s{n}\n" + f"COPY --from={max(n - 1, 0)} / /\n" * 3 for n in range(2000)),
    "doubling": "FROM a\nENV A=aaaaaaaa\n" + "ENV A=$A$A\n" * 60 + "RUN echo $A > /f; cat /f /f > /g\n" * 200,
    "copies": "FROM a\n" + "COPY x /tmp/\n" * 2000 + "RUN bash /tmp/y\n" * 5000,
    "here-documents": "FROM a\n" + "RUN <<EOF\n" * 50_000,
    "continued lines": "FROM a\nRUN x" + " \\\n" * 20_000,
    "continued words": "FROM a\nRUN apt-get install" + " \\\n  package" * 80_000,
    "flags": "FROM a\nRUN " + "--a=b " * 100_000,
    "quotes": "FROM a\nENV " + "A=\"'" * 100_000,
    "json": "FROM a\nRUN " + "[" * 500_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_work_is_bounded(name: str, tmp_path: Path) -> None:
    start = time.process_time()
    build(tmp_path, HOSTILE[name])
    assert time.process_time() - start < 5


PIECES = st.sampled_from(
    [
        "FROM a\n", "FROM a AS b\n", "FROM b\n", "FROM $A", "\nRUN ", "\nRUN <<EOF\n", "\nEOF\n", "\nCOPY ", "\nADD ",
        "\nCOPY --from=b / /\n", "--from=0 ", "--mount=type=bind,target=/x ", "\nENV ", "\nARG ", "\nSHELL ",
        "\nWORKDIR ", "\nONBUILD ", "# escape=`\n", "A=$A$A ", "A ", "${A:-", "}", '["a", "b"]', "[", '"', "'", "\\",
        " \\\n", "`\n", "# c\n", "<<-'E' ", "/tmp/x ", "Dockerfile ", "bash /tmp/x ", "cat /tmp/x | xargs ", "* ", "/ ",
        "../", "apt-get install a ", "&& ", "{{ x }}", "\t", "\n",
    ]
)  # fmt: skip


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.lists(PIECES | st.text(max_size=3), max_size=30).map(lambda pieces: "FROM a\n" + "".join(pieces)))
def test_no_dockerfile_raises_but_as_a_manifest(tmp_path_factory: pytest.TempPathFactory, dockerfile: str) -> None:
    folder = tmp_path_factory.getbasetemp() / "hostile"
    try:
        found = build(folder, dockerfile.encode("utf-8", "replace").decode())
    except ManifestError:
        return
    for command in (*found.commands, *(command for _, command in found.aside)):
        assert command.words and len(command.words) == len(command.origins)
        assert all(origin.file == "svc/Dockerfile" and origin.line >= 1 for origin in command.origins)
