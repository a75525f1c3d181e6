"""Package systems that cohabit doesn't examine: what they install is unknown, and not nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from posixpath import basename

from analyzer.service import Skipped
from resolvers.container.build import Build
from resolvers.shell.command import Command

_INSTALLS: Mapping[str, re.Pattern[str]] = {
    "apk": re.compile(r"add"),
    "emerge": re.compile(r"[^-].*"),
    "pacman": re.compile(r"-S(?!c)[a-z]*|--sync"),
    "xbps-install": re.compile(r"[^-].*"),
}
"""By tool, the word that tells that it installs something."""


def installed_otherwise(build: Build) -> Iterator[Skipped]:
    """The first command of each such system that shapes the final root filesystem."""
    seen: set[str] = set()
    for command in build.commands:
        tool = basename(command.words[0].text) if command.words else ""
        if tool not in seen and _installs(tool, command):
            seen.add(tool)
            yield Skipped(f"{tool} packages", "are not examined, and may clash with others", command.origins[0])


def _installs(tool: str, command: Command) -> bool:
    pattern = _INSTALLS.get(tool)
    return pattern is not None and any(pattern.fullmatch(word.text) for word in command.words[1:])
