"""Who may be asked which commit a branch or tag of a repository stands for."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Protocol

from analyzer.package import Package


class UnansweredError(Exception):
    """A repository about which nothing could be learnt. The message says why, in one line, without credentials."""


class Remotes(Protocol):
    """A server, or a copy of its repositories."""

    def commits(self, repository: Package, names: Collection[str]) -> Mapping[str, str]:
        """The commits of those branches and tags that are known and mean one commit only; ``HEAD`` is the branch
        that a clone checks out unasked. Raises UnansweredError."""
        ...
