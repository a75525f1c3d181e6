"""Members of an archive as data: which names and sizes are taken, and what is turned away."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

Wanted = Callable[[str], bool]
"""Whether the content of the member of this name is to be read."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one archive may cost: counts, and sizes in bytes.

    ``member`` bounds one member that is read, ``kept`` all of them together, ``inflated`` the whole
    stream of a compressed tar. A stream of more than ``free`` bytes may be at most ``ratio`` times
    as large as its compressed form (virtual environments shrink to a third).
    """

    members: int = 250_000
    member: int = 4 * 2**20
    kept: int = 64 * 2**20
    index: int = 32 * 2**20
    inflated: int = 8 * 2**30
    free: int = 64 * 2**20
    ratio: int = 100
    name: int = 4096


LIMITS = Limits()


class ArchiveError(ValueError):
    """An archive that is damaged, lies about itself or costs too much. The message is a sentence."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A member that was not taken, and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Contents:
    """Names of all members with ``/`` separators, sorted, and the contents of those wanted."""

    names: tuple[str, ...]
    files: Mapping[str, bytes]
    refused: tuple[Refused, ...] = ()


def safe_name(raw: str) -> str:
    """A member's name relative to the archive, without ``.`` parts. Raises ArchiveError with the
    reason where an extraction could leave its folder, or where systems read the name differently.
    """
    if raw.startswith("/") or "\\" in raw or raw[1:2] == ":":
        raise ArchiveError("has an absolute path or a backslash as its name")
    if any(ord(char) < 32 or 0xD800 <= ord(char) < 0xE000 or ord(char) == 127 for char in raw):
        raise ArchiveError("has control characters or bytes that are no text in its name")
    parts = [part for part in raw.split("/") if part not in ("", ".")]
    if ".." in parts:
        raise ArchiveError("has a name that leads out of the archive")
    return "/".join(parts)


class Intake:
    """Collects members one after the other, within the limits. Each method raises ArchiveError
    where a limit of the whole archive is passed."""

    def __init__(self, wanted: Wanted, limits: Limits = LIMITS) -> None:
        self.wanted = wanted
        self.limits = limits
        self._seen = 0
        self._kept = 0
        self._names: set[str] = set()
        self._files: dict[str, bytes] = {}
        self._refused: dict[str, str] = {}

    def admit(self, raw: str) -> str:
        """The safe name of the next member, ``""`` where it is turned away."""
        self._seen += 1
        if self._seen > self.limits.members:
            raise ArchiveError(f"has more than {self.limits.members} members")
        if len(raw) > self.limits.name:
            raise ArchiveError(f"has a member's name longer than {self.limits.name} characters")
        try:
            name = safe_name(raw)
        except ArchiveError as error:
            self.refuse(_printable(raw), str(error))
            return ""
        self._names.add(name)
        return name

    def refuse(self, name: str, reason: str) -> None:
        """Turn a member away."""
        self._refused.setdefault(name, reason)

    def room(self, name: str, size: int) -> bool:
        """Whether a wanted member of ``size`` bytes may be read; refuses it otherwise."""
        if size > self.limits.member:
            self.refuse(name, f"is larger than {self.limits.member} bytes")
            return False
        if self._kept + size > self.limits.kept:
            raise ArchiveError(f"has more than {self.limits.kept} bytes of metadata")
        return True

    def keep(self, name: str, content: bytes) -> None:
        """Take a wanted member's content. Of a name that is there twice, neither is taken."""
        if name in self._files:
            self.refuse(name, "is there twice")
            return
        self._kept += len(content)
        self._files[name] = content

    def contents(self) -> Contents:
        """What was taken."""
        files = {name: content for name, content in sorted(self._files.items()) if name not in self._refused}
        refused = tuple(Refused(name, reason) for name, reason in sorted(self._refused.items()))
        return Contents(tuple(sorted(self._names)), files, refused)


def _printable(raw: str) -> str:
    return "".join(char if char.isprintable() else "?" for char in raw[:200])
