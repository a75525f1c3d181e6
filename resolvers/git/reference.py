"""What of a repository is checked out, and where: the constraint of a Requirement on it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from analyzer.requirement import Requirement
from resolvers.git.ecosystem import ECOSYSTEM

DEFAULT = "HEAD"
"""The branch that a clone checks out unasked, whose name only the server tells."""
UNTOLD = "(unknown)"
"""Stands for a reference that only a run tells."""
LONGEST = 250

_FULL = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_ABBREVIATED = re.compile(r"(?=[0-9]*[a-f])(?=[a-f]*[0-9])[0-9a-f]{7,63}")
_FORBIDDEN = re.compile(r"[\s~^:?*\[\\\x00-\x20\x7f]|\.\.|@\{|^-|^/|/$|//|\.$|\.lock$")
_TEXT = re.compile(
    r"(?P<perhaps>perhaps )?(?:commit (?P<bare>[0-9a-f]{7,64})"
    r"|(?P<name>\S+)(?: \(commit (?P<commit>[0-9a-f]{7,64})\))?) in (?P<place>.*)",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference as asked for (``v1.2``; empty where the commit itself was), the commit that it stands
    for, as far as known, and the place of the checkout. ``perhaps``: only under a condition.

    The place is a path of the root filesystem, or, without ``/`` in front, one as seen from where the
    service runs.
    """

    name: str
    commit: str
    place: str
    perhaps: bool = False

    def __str__(self) -> str:
        what = f"commit {self.commit}" if self.commit else ""
        shown = f"{self.name} ({what})" if self.name and what else self.name or what
        return f"{'perhaps ' if self.perhaps else ''}{shown} in {self.place}"

    def clashes(self, other: Reference) -> bool:
        """Whether the two are at one place and surely different commits."""
        sure = self.commit and other.commit and not self.perhaps and not other.perhaps
        return bool(sure) and self.place == other.place and not _same(self.commit, other.commit)

    def agrees(self, other: Reference) -> bool:
        """Whether one checkout will do for both, or each has its own place."""
        if self.place != other.place or (self.commit and other.commit and _same(self.commit, other.commit)):
            return True
        named = self.name == other.name != UNTOLD and bool(self.name)
        return named and (not (self.commit and other.commit))


def reference_of(requirement: Requirement) -> Reference:
    """What a Requirement on a repository says; an unknown reference where it is of another make."""
    match = _TEXT.fullmatch(requirement.constraint)
    if match is None:
        return Reference(UNTOLD, "", "")
    commit = match["bare"] or match["commit"] or ""
    return Reference(match["name"] or "", commit, match["place"], match["perhaps"] is not None)


def is_open(requirement: Requirement) -> str:
    """The branch or tag of a Requirement on a repository whose commit is not known; empty where there is none."""
    reference = reference_of(requirement) if requirement.package.type == ECOSYSTEM else None
    return "" if reference is None or reference.commit or reference.name == UNTOLD else reference.name


def with_commit(requirement: Requirement, commit: str) -> Requirement:
    """A Requirement on a repository with the commit that its branch or tag stands for."""
    return replace(requirement, constraint=str(replace(reference_of(requirement), commit=commit)))


def is_commit(text: str) -> bool:
    """Whether a text is a full commit hash (SHA-1, SHA-256)."""
    return _FULL.fullmatch(text) is not None


def is_abbreviated(text: str) -> bool:
    """Whether a text can only be meant for a commit: seven or more digits of a hash, of both kinds. One of
    decimal digits alone may be a tag made of a date."""
    return _ABBREVIATED.fullmatch(text) is not None


def is_name(text: str) -> bool:
    """Whether a text can be a branch or tag (git-check-ref-format(1))."""
    return 0 < len(text) <= LONGEST and text.isprintable() and not _FORBIDDEN.search(text)


def _same(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)
