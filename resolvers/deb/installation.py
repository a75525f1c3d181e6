"""The packages that a build has installed so far, as apt keeps them: wanted, or automatic."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from analyzer.origin import Origin
from analyzer.requirement import Requirement
from analyzer.service import Skipped
from resolvers.deb.quotation import quoted

_VARIABLE = re.compile(r"\$(?:\w+|\{\w+\})", re.ASCII)
_PATTERN = re.compile(r"[*?\[^$]")


@dataclass(frozen=True, slots=True)
class Installed:
    """One word of an install line. ``requirement`` is None where it names no package that is known,
    ``reason`` says what is not known of it (empty: all is)."""

    name: str
    origin: Origin
    requirement: Requirement | None = None
    reason: str = ""


@dataclass
class Installation:
    """Changes with each command. What is removed again is noted in ``removed``."""

    removed: list[Skipped] = field(default_factory=list)
    _installed: dict[str, list[Installed]] = field(default_factory=dict)
    _automatic: set[str] = field(default_factory=set)
    _saved: frozenset[str] | None = None

    @property
    def requirements(self) -> Iterator[Requirement]:
        """What is still there."""
        return (one.requirement for one in self._all() if one.requirement is not None)

    @property
    def unknown(self) -> Iterator[str]:
        """What is not known of what is still there."""
        return (one.reason for one in self._all() if one.reason)

    def has(self, word: str) -> bool:
        """Whether the same words, or a bare name of what they named, would install nothing more
        (``install x || install x``)."""
        found = self._installed.get(re.split("[:=/]", word)[0], ())
        return any(one.requirement is not None and word in (one.name, one.origin.text) for one in found)

    def install(self, installed: Installed) -> None:
        """Installs what someone named."""
        self._automatic.discard(installed.name)
        self._installed.setdefault(installed.name, []).append(installed)

    def remove(self, pattern: str, origin: Origin, *, known: bool = True) -> None:
        """Removes a package, or those that a pattern (``*-dev``, ``^gcc-.*``) names.

        What a variable without a value named at both times is removed; other words that are not
        ``known`` remove nothing.
        """
        if known or _VARIABLE.fullmatch(pattern):
            self._drop(self._named(pattern) if known else {pattern}, f"is removed again ({origin})")

    def remove_automatic(self, origin: Origin) -> None:
        """Removes what is marked automatic (``apt-get autoremove``).

        apt keeps what other packages depend on. Then those demand it, so that nothing is lost here.
        """
        self._drop(self._automatic, f"is removed again with what nothing needs ({origin})")

    def mark(self, pattern: str, *, automatic: bool) -> None:
        """``apt-mark auto`` and ``manual``."""
        if automatic:
            self._automatic |= self._named(pattern)
        else:
            self._automatic -= self._named(pattern)

    def save_manual(self) -> None:
        """Remembers what is not automatic (``saved="$(apt-mark showmanual)"``)."""
        self._saved = frozenset(self._installed.keys() - self._automatic)

    def restore_manual(self) -> None:
        """Marks what was remembered as wanted; everything, where it is not known what was."""
        self._automatic -= self._automatic if self._saved is None else self._saved

    def _all(self) -> Iterator[Installed]:
        return (one for named in self._installed.values() for one in named)

    def _named(self, pattern: str) -> set[str]:
        """The names that are meant; of regular expressions, only what is written as a pattern would be too."""
        if not _PATTERN.search(pattern):
            return {pattern} & self._installed.keys()
        glob = pattern.removeprefix("^").removesuffix("$").replace(".*", "*")
        return {name for name in self._installed if fnmatchcase(name, glob)}

    def _drop(self, names: set[str], reason: str) -> None:
        for name in [name for name in self._installed if name in names] if len(names) > 1 else sorted(names):
            for one in self._installed.pop(name, ()):
                self.removed.append(Skipped(quoted(one.name), reason, one.origin, incomplete=False))
        self._automatic -= names
