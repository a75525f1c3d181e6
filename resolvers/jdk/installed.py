"""The JDKs that the commands of a Dockerfile install: packages of Debian, RPM and Alpine, and SDKMAN's."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from analyzer.origin import Origin
from resolvers.shell.command import Command

_MANAGERS = frozenset({"apt-get", "apt", "aptitude", "dnf", "yum", "microdnf", "tdnf", "zypper", "apk"})
_PACKAGE = re.compile(
    r"(?:openjdk-?(?P<deb>\d{1,2})(?:-(?:jre|jdk)[\w-]*)?"
    r"|java-(?:1\.)?(?P<rpm>\d{1,2})(?:\.0)?-(?:openjdk|amazon-corretto)[\w-]*"
    r"|(?:temurin|msopenjdk|sapmachine|semeru-open|zulu-?)-?(?P<other>\d{1,2})(?:-(?:jre|jdk|ca)[\w-]*)?"
    r"|bellsoft-java(?P<bell>\d{1,2})(?:-[\w-]+)?)(?:[=~:].*)?"
)
_DEFAULT = re.compile(r"default-(?:jre|jdk)(?:-headless)?(?:=.*)?")
_DEFAULTS = {
    "debian:10": 11, "debian:11": 11, "debian:12": 17, "debian:13": 21,
    "ubuntu:18.04": 11, "ubuntu:20.04": 11, "ubuntu:22.04": 11, "ubuntu:24.04": 21,
}  # fmt: skip
"""What ``default-jre`` depends on, by release (packages.debian.org and packages.ubuntu.com, java-common)."""
_SDKMAN = re.compile(r"(\d{1,2})[\w.\-]*")


def installed(commands: Iterable[Command], release: str = "") -> Iterator[tuple[int, Origin]]:
    """The feature releases of the JDKs that commands install, with the places of their words."""
    for command in commands:
        words = [word.text if word.known else "" for word in command.words]
        name = words[0].rpartition("/")[2] if words else ""
        if name in _MANAGERS and not {"install", "add", "in"}.isdisjoint(words):
            for word, origin in zip(words, command.origins, strict=True):
                if found := _feature_release(word, release):
                    yield found, origin
        elif words[:3] == ["sdk", "install", "java"] and len(words) > 3 and (version := _SDKMAN.fullmatch(words[3])):
            yield int(version[1]), command.origins[3]


def _feature_release(word: str, release: str) -> int | None:
    if _DEFAULT.fullmatch(word):
        return _DEFAULTS.get(release)
    found = _PACKAGE.fullmatch(word)
    return int(next(part for part in found.groups() if part)) if found else None
