"""Random services whose images are built with apt or dnf, written in the many ways that people write it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from analyzer.service import Fleet, Platform, Service
from resolvers.gathering import Job, gather_one
from resolvers.registry import gatherers
from resolvers.seam import Wish
from tests.package_judges import Words

Versions = Mapping[str, Sequence[str]]
Files = Mapping[str, str]
PYTHON = "3.12"
_SCRIPT = "setup/install.sh"
_DEBIAN = ("debian:12", "debian:bookworm-slim", "docker.io/library/debian:12", "python:3.12-slim-bookworm")
_ITSELF = "{} (>= 0~)"
"""apt installs the package of a name, where a dependency is content with what provides it."""
_CENTOS = ("quay.io/centos/centos:stream9", "quay.io/centos/centos:stream9-minimal")


@dataclass(frozen=True)
class Recipe:
    """A service's ``files``, and the ``words`` that a judge is asked about what they install."""

    base: str
    words: Words
    files: Files


@dataclass(frozen=True)
class Distribution:
    """How a package at a version is ``written`` on a command line and ``asked`` of the judge, how one at any
    version is (``named``), and how packages are ``installed`` on an image."""

    base: str
    images: Sequence[str]
    versions: Versions
    written: str
    asked: str
    named: str
    install: str

    def word(self, random: Random, name: str) -> tuple[str, str]:
        """A package as written, now and then at a version, and as asked."""
        if random.random() < 0.8:
            return name, self.named.format(name)
        version = random.choice(self.versions[name])
        return self.written.format(name, version), self.asked.format(name, version)


def debian(versions: Versions) -> Distribution:
    """Debian 12, with the versions of its packages by name."""
    return Distribution("debian:12", _DEBIAN, versions, "{}={}", "{} (= {})", _ITSELF, "apt-get install -y")


def centos(versions: Versions) -> Distribution:
    """CentOS Stream 9, with the versions of its packages by name."""
    return Distribution("centos:9", _CENTOS, versions, "{}-{}", "{} = {}", "{}", "dnf -y install")


def recipe(random: Random, system: Distribution, names: Sequence[str]) -> Recipe:
    """A service that installs one to four packages of ``names``."""
    chosen = random.sample(names, random.randint(1, 4))
    written, asked = zip(*(system.word(random, name) for name in chosen), strict=True)
    shapes = (*_SHAPES, *(_ONLY_APT if system.install.startswith("apt") else ()))
    body, files = random.choice(shapes)(random, system.install, written)
    base = random.choice(system.images)
    build = f"FROM {base} AS build\nRUN {system.install} {random.choice(names)}\n" if random.random() < 0.2 else ""
    head = random.choice(
        [f"{build}FROM {base}", f"ARG BASE={base}\n{build}FROM ${{BASE}}", f"{build}FROM {base} AS final"]
    )
    return Recipe(system.base, asked, {"Dockerfile": f"{head}\n{body}\n", **files})


def control(random: Random, versions: Versions, names: Sequence[str]) -> Recipe:
    """A service with a ``debian/control``: ranges, and alternatives."""
    depends = [_relation(random, versions, name) for name in random.sample(names, random.randint(1, 3))]
    stanzas = f"Source: app\n\nPackage: app\nArchitecture: any\nDepends: {', '.join(depends)}\n"
    files = {"Dockerfile": f"FROM {random.choice(_DEBIAN)}\n", "debian/control": stanzas}
    return Recipe("debian:12", tuple(depends), files)


def _relation(random: Random, versions: Versions, name: str) -> str:
    relation = random.choice(["{0}", "{0} (>= {1})", "{0} (<< {1})", "{0} (<= {1})", "{0} | {2}", "{0} (<< {1}) | {2}"])
    return relation.format(name, random.choice(versions[name]), random.choice(list(versions)))


def _lines(_: Random, install: str, words: Words) -> tuple[str, Files]:
    joined = " \\\n      # why\n".join(f"      {word}" for word in words)
    return f"RUN set -eux; \\\n    {install} \\\n{joined} \\\n  && rm -rf /var/lib/apt/lists/*", {}


def _runs(_: Random, install: str, words: Words) -> tuple[str, Files]:
    return "\n".join(f"RUN true && {install} '{word}'" for word in words), {}


def _variable(random: Random, install: str, words: Words) -> tuple[str, Files]:
    keyword = random.choice(["ARG", "ENV"])
    return f'{keyword} PACKAGES="{" ".join(words)}"\nRUN {install} ${{PACKAGES}}', {}


def _versions(_: Random, install: str, words: Words) -> tuple[str, Files]:
    lines = [f"ENV WORD_{number}={word}" for number, word in enumerate(words)]
    return "\n".join([*lines, f"RUN {install} " + " ".join(f"$WORD_{n}" for n in range(len(words)))]), {}


def _heredoc(random: Random, install: str, words: Words) -> tuple[str, Files]:
    mark = random.choice(["EOF", "-EOF", "'EOF'", "-'END'"])
    lines = [f"{install} {word}" for word in words]
    return "\n".join([f"RUN <<{mark}", "set -e", *lines, mark.strip("-'")]), {}


def _loop(_: Random, install: str, words: Words) -> tuple[str, Files]:
    return f'RUN for word in {" ".join(words)}; do {install} "$word" || exit 1; done', {}


def _function(_: Random, install: str, words: Words) -> tuple[str, Files]:
    return f'RUN get() {{ {install} "$@"; }} && get {" ".join(words)}', {}


def _script(_: Random, install: str, words: Words) -> tuple[str, Files]:
    text = f"#!/bin/sh\nset -e\nwords='{words[0]}'\n{install} $words {' '.join(words[1:])}\n"
    return f"COPY {_SCRIPT} /tmp/\nRUN sh /tmp/install.sh", {_SCRIPT: text}


def _exec(_: Random, install: str, words: Words) -> tuple[str, Files]:
    return f"RUN [{', '.join(f'{chr(34)}{word}{chr(34)}' for word in [*install.split(), *words])}]", {}


def _list(_: Random, install: str, words: Words) -> tuple[str, Files]:
    return f"COPY apt.txt /tmp/\nRUN xargs {install} < /tmp/apt.txt", {"apt.txt": "\n".join(words) + "\n"}


def _purged(_: Random, install: str, words: Words) -> tuple[str, Files]:
    return f"RUN {install} {' '.join(words)} sl && apt-get purge -y sl", {}


Shape = Callable[[Random, str, Words], tuple[str, Files]]
_SHAPES: Sequence[Shape] = (_lines, _runs, _variable, _versions, _heredoc, _loop, _function, _script, _exec)
_ONLY_APT: Sequence[Shape] = (_list, _purged)


def gathered(root: Path, recipes: Mapping[str, Recipe]) -> Fleet:
    """The fleet, written to ``root`` and read as cohabit reads it but in this process."""
    for name, service in recipes.items():
        for file, text in service.files.items():
            (root / name / file).parent.mkdir(parents=True, exist_ok=True)
            (root / name / file).write_text(text)
    jobs = (Job(root, Service(name, name), Wish(Platform(), PYTHON)) for name in sorted(recipes))
    return Fleet("random", tuple(gather_one(gatherers(), job) for job in jobs))
