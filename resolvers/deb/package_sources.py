"""What adds a place from which apt takes packages (sources.list(5), add-apt-repository(1))."""

from __future__ import annotations

import re

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from analyzer.service import Skipped
from resolvers.deb.quotation import quoted
from resolvers.shell.command import Command
from resolvers.tree import Tree

_ADDERS = frozenset({"add-apt-repository", "apt-add-repository", "extrepo"})
_FETCHERS = frozenset({"curl", "wget"})
_LIST = "/etc/apt/sources.list"
_WRITER = re.compile(
    r"\b(?:COPY|ADD|tee|sed|mv|cp|install)\s[^|;&]*$|(?:\s(?:-o|-O|--output)\s*|>\s*)[\"']?$", re.IGNORECASE
)
_REACH = 500
"""Characters before the name of a list in which the command stands that writes it."""
_SETUP = re.compile(r"nodesource\.com/setup|packagecloud\.io/|/script\.deb\.sh")
_REASON = "adds packages from elsewhere: the universe of this release needs them too"


def package_source(command: Command) -> Skipped | None:
    """A note where the command adds a source of packages; None where it does not."""
    if not command.words:
        return None
    name, *texts = (word.text for word in command.words)
    if not _adds(name.rpartition("/")[2], texts):
        return None
    return Skipped(quoted(" ".join([name, *texts])), _REASON, command.origins[0], incomplete=False)


def sources_in(tree: Tree, path: str) -> tuple[Skipped, ...]:
    """A note for each line of a Dockerfile or script that writes into ``/etc/apt/sources.list.d``, however
    it does (``COPY``, ``echo … >``). Nothing where the file cannot be read."""
    try:
        lines = tree.read_text(path).splitlines()
    except ManifestError:
        return ()
    return tuple(
        Skipped(quoted(line), _REASON, Origin(path, number), incomplete=False)
        for number, line in enumerate(lines, start=1)
        if _writes_list(line)
    )


def _writes_list(line: str) -> bool:
    place = line.find(_LIST)
    return place > 0 and _WRITER.search(line[max(0, place - _REACH) : place]) is not None and line.lstrip()[0] != "#"


def _adds(name: str, texts: list[str]) -> bool:
    return name in _ADDERS or (name in _FETCHERS and any(_SETUP.search(text) for text in texts))
