"""Scripts that are fetched and run at once (``curl … | sh``), whose content nobody can see here."""

from __future__ import annotations

import re

from resolvers.deb.quotation import quoted
from resolvers.shell.command import Command

_FETCHERS = frozenset({"curl", "wget"})
_SHELLS = frozenset({"sh", "bash", "dash", "ash", "zsh"})
_PACKAGES = re.compile(
    r"://(?:get\.docker\.com|test\.docker\.com|tailscale\.com/install|aka\.ms/InstallAzureCLIDeb)", re.I
)
"""Scripts that are known to install packages with apt."""


def fetched_script(fetch: Command, command: Command) -> str:
    """What a command fetches for the shell behind it, as it may be shown; empty where that is no such pair."""
    names = [_name(one) for one in (fetch, command)]
    if names[0] not in _FETCHERS or names[1] not in _SHELLS or not _reads_input(command):
        return ""
    return quoted(next((word.text for word in fetch.words if "://" in word.text), "a script"))


def installs_packages(script: str) -> bool:
    """Whether the script at an address is known to install packages."""
    return _PACKAGES.search(script) is not None


def _name(command: Command) -> str:
    return command.words[0].text.rpartition("/")[2] if command.words else ""


def _reads_input(command: Command) -> bool:
    """``sh``, ``bash -``, ``sh -s -- arguments``: no script and no ``-c``."""
    texts = [word.text for word in command.words[1:]]
    return "-c" not in texts and (not texts or texts[0].startswith("-"))
