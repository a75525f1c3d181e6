"""Scripts that a build runs and nobody can read: they are not in the build context, or another stage made them."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import basename

from analyzer.service import Skipped
from resolvers.container.build import Build
from resolvers.shell.command import Command

_SHELLS = frozenset({"sh", "bash", "dash", "ash", "zsh", "ksh", ".", "source"})
_SUFFIXES = (".sh", ".bash")
_LONGEST = 200


def unread_scripts(build: Build) -> Iterator[Skipped]:
    """The commands of the final image that hand a file to a shell. Scripts that could be read are not among
    a build's commands: what they run is."""
    for command in build.commands:
        if script := _script(command):
            reason = "is a script that is not in the build context: what it installs is not counted"
            yield Skipped(script, reason, command.origins[0], incomplete=False)


def _script(command: Command) -> str:
    first, *rest = [word.text for word in command.words] or [""]
    if basename(first) in _SHELLS:
        first = next((text for text in rest if not text.startswith("-")), "") if "-c" not in rest else ""
    elif not first.endswith(_SUFFIXES):
        return ""
    return "".join(char if char.isprintable() else "?" for char in first[:_LONGEST])
