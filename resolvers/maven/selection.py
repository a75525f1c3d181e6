"""Which version of a module Gradle takes, of all that is said about it in a graph.

Ranges, single versions and preferences are first brought to as few versions as possible; of several the
highest wins (Gradle user manual, "Dependency Resolution Model", "Declaring Rich Versions").
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from resolvers.maven.gradle_order import VersionKey, key
from resolvers.maven.rich_version import RichVersion
from resolvers.maven.selector import Selector

Versions = Callable[[], Iterable[str]]
"""The versions of one module that a repository has."""

_BASE = re.compile(r"[^-+]*")


@dataclass(frozen=True, slots=True)
class Wish:
    """What one edge of a graph says of a module's version; ``forced`` where an enforced platform says it."""

    rich: RichVersion
    forced: bool = False

    @property
    def required(self) -> Selector | None:
        """What must be met: the strict versions where there are any. None where nothing is said."""
        if self.rich.pin:
            return Selector(self.rich.pin, self.rich.pin)
        return next(iter((*self.rich.strictly, *self.rich.require)), None)

    def rejects(self, version: str) -> bool:
        """Whether it rules a version out, whoever wants it."""
        strict = bool(self.rich.strictly) and not all(known.admits(version) for known in self.rich.strictly)
        return strict or any(known.admits(version) for known in self.rich.reject)


@dataclass(frozen=True, slots=True)
class Choice:
    """The version taken; empty where there is none. ``rejected`` where one of the wishes rules it out,
    ``unmatched`` holds the wishes that no version meets."""

    version: str = ""
    rejected: bool = False
    unmatched: tuple[Wish, ...] = ()


@dataclass(slots=True)
class _Met:
    """A wish and the version that meets it so far; None where none does."""

    wish: Wish
    version: str | None


@dataclass(frozen=True)
class _Module:
    """All wishes on one module."""

    wishes: Sequence[Wish]
    versions: Versions

    @cached_property
    def descending(self) -> list[str]:
        return sorted(self.versions(), key=lambda version: (key(version), version), reverse=True)

    def rejects(self, version: str) -> bool:
        return any(wish.rejects(version) for wish in self.wishes)

    def found(self, wanted: Selector) -> str | None:
        """The version that a selector leads to by itself; one that is rejected where there is no other."""
        if wanted.fixed:
            return wanted.least
        admitted = [version for version in self.descending if wanted.admits(version)]
        return next((v for v in admitted if not self.rejects(v)), next(iter(admitted), None))


def choose(wishes: Iterable[Wish], versions: Versions) -> Choice:
    """The version of a module that Gradle takes for some wishes."""
    module = _Module(sorted(dict.fromkeys(wishes), key=_precedence), versions)
    met: list[_Met] = []
    for wish in module.wishes:
        if wish.required is not None:
            _meet(met, wish, wish.required, module)
    _prefer(met, module)
    unmatched = tuple(each.wish for each in met if each.version is None)
    forced = next((each.version for each in met if each.wish.forced and each.version), None)
    candidates = [forced] if forced else list(dict.fromkeys(each.version for each in met if each.version))
    if not candidates:
        return Choice(unmatched=unmatched)
    chosen = candidates[0] if len(candidates) == 1 else _latest(candidates)
    return Choice(chosen, module.rejects(chosen), unmatched)


def _precedence(wish: Wish) -> tuple[bool, bool, tuple[int, ...] | VersionKey]:
    """Single versions come first, the highest of them before others, then ranges, then the latest ones."""
    wanted = wish.required
    dynamic = wanted is not None and not wanted.fixed
    ordered = _Descending(key(wanted.least)) if wanted is not None and wanted.fixed else _Descending(())
    return dynamic, bool(wanted and wanted.latest), ordered  # type: ignore[return-value]


class _Descending:
    """Sorts the other way round."""

    def __init__(self, known: VersionKey) -> None:
        self.known = known

    def __lt__(self, other: _Descending) -> bool:
        return other.known < self.known

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Descending) and self.known == other.known

    def __hash__(self) -> int:
        return hash(self.known)


def _meet(met: list[_Met], wish: Wish, wanted: Selector, module: _Module) -> None:
    """Let what is found already serve where it suits, and a new version others that it suits as well."""
    serving = next((m.version for m in met if m.version and not wanted.latest and wanted.admits(m.version)), None)
    if serving is None:
        serving = module.found(wanted)
        if serving is not None:
            _replace(met, serving)
    met.append(_Met(wish, serving))


def _replace(met: Sequence[_Met], version: str) -> bool:
    """Lower what a lower version meets as well. Whether any was."""
    replaced = False
    for each in met:
        wanted = each.wish.required
        if each.version is None or wanted is None:
            continue
        lower = not wanted.latest and wanted.admits(version) and key(version) < key(each.version)
        if lower or each.version == version:
            each.version, replaced = version, True
    return replaced


def _prefer(met: list[_Met], module: _Module) -> None:
    """Preferences count where nothing stronger is said, or where they narrow down what is."""
    preferring = [(wish, wanted) for wish in module.wishes for wanted in wish.rich.prefer]
    found = [(module.found(wanted), wish) for wish, wanted in preferring]
    known = sorted(((v, w) for v, w in found if v is not None), key=lambda item: key(item[0]), reverse=True)
    if known and not met:
        met.append(_Met(known[0][1], known[0][0]))
        return
    for version, _ in known:
        if _replace(met, version):
            return


def _latest(candidates: Sequence[str]) -> str:
    """The highest; of one release's snapshots and qualified versions a released one before a snapshot."""
    highest = max(key(_base(version)) for version in candidates)
    line = [version for version in candidates if key(_base(version)) == highest]
    ordered = sorted(line, key=lambda version: (key(version), version), reverse=True)
    if not ordered[0].endswith("-SNAPSHOT"):
        return ordered[0]
    return next((version for version in ordered if _base(version) == version), ordered[0])


def _base(version: str) -> str:
    """A version without its qualifier (``1.0`` of ``1.0-rc1``)."""
    found = _BASE.match(version)
    return found[0] if found else version
