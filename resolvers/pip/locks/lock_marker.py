"""Markers of a lock, judged where it is installed."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from packaging.markers import Marker, UndefinedComparison, UndefinedEnvironmentName
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from analyzer.requirement import Requirement
from analyzer.service import Platform, Skipped
from resolvers.pip import target
from resolvers.pip.declared import Context

TEXT_LIMIT = 10_000
"""Characters of the longest marker or specifier that is parsed."""

NUMBER_LIMIT = 100
"""Digits in a row of the largest number in a version, specifier or marker."""

_HUGE_NUMBER = re.compile(rf"[0-9]{{{NUMBER_LIMIT + 1}}}")
_EXTRA_FIRST = re.compile(r"""\bextra\s*(==|!=)\s*("[^"]*"|'[^']*')""")
_EXTRA_LAST = re.compile(r"""("[^"]*"|'[^']*')\s*(==|!=)\s*extra\b""")
_MEMBERSHIP = {"==": "in", "!=": "not in"}


@dataclass(frozen=True, slots=True)
class Situation:
    """Where a lock is installed: the platform and the Python version (``major.minor``)."""

    platform: Platform
    python: str

    @classmethod
    def of(cls, context: Context) -> Situation:
        """The one that a context's locks are read for."""
        return cls(context.platform, context.python)

    def __str__(self) -> str:
        return f"Python {self.python} on {self.platform.os}/{self.platform.arch}"

    def holds(self, marker: str, origin: Origin, extras: Iterable[str] = (), groups: Iterable[str] = ()) -> bool:
        """Whether a marker is true with these extras and dependency groups active, all at once.

        ``extra == "x"`` asks whether x is among the active extras, as lock files mean it. A comparison
        that PEP 508 leaves undefined counts as true, as in ``target.holds``. Raises ManifestError.
        """
        if not marker:
            return True
        environment: dict[str, str | frozenset[str]] = dict(target.environment(self.platform, self.python))
        del environment["extra"]
        environment["extras"] = frozenset(extras)
        environment["dependency_groups"] = frozenset(groups)
        try:
            return Marker(_as_sets(bounded(marker))).evaluate(environment, context="lock_file")
        except (UndefinedComparison, UndefinedEnvironmentName):
            return True
        except (ValueError, RecursionError) as error:
            raise ManifestError(origin, "has a marker that cannot be evaluated") from error

    def any_holds(self, markers: Collection[str], origin: Origin, extras: Iterable[str] = ()) -> bool:
        """Whether there are no markers or one of them is true. Raises ManifestError."""
        extras = frozenset(extras)
        return not markers or any(self.holds(marker, origin, extras) for marker in markers)

    def is_admitted(self, requires_python: str, origin: Origin) -> bool:
        """Whether a ``requires-python`` admits some patch release of the Python version. Raises ManifestError."""
        specifiers = specifier_set(requires_python, origin)
        return any(specifiers.contains(f"{self.python}.{patch}", prereleases=True) for patch in (0, 99))

    def is_covered(self, demand: Requirement | Skipped | None) -> bool:
        """Whether a lock's own demand on the interpreter, if any, is known and admits the Python version.

        Locks shorten their markers by it: for other versions they prove nothing.
        """
        if isinstance(demand, Requirement):
            return self.is_admitted(demand.constraint, demand.origin)
        return demand is None


def specifier_set(text: str, origin: Origin) -> SpecifierSet:
    """The PEP 440 specifier set that ``text`` states. Raises ManifestError."""
    try:
        specifiers = SpecifierSet(bounded(text))
    except ValueError as error:
        raise ManifestError(origin, "holds a version specifier that is none") from error
    return specifiers


def version(text: str, origin: Origin) -> Version:
    """The PEP 440 version that ``text`` states. Raises ManifestError."""
    try:
        return Version(bounded(text))
    except ValueError as error:
        raise ManifestError(origin, "holds a version that is none") from error


def bounded(text: str) -> str:
    """``text`` itself. Raises ValueError where parsing it would cost too much."""
    if len(text) > TEXT_LIMIT or _HUGE_NUMBER.search(text):
        raise ValueError("too long")
    return text


def _as_sets(marker: str) -> str:
    # A lock asks of a set of extras what PEP 508 asks of one: PEP 751 has the operators for it.
    marker = _EXTRA_FIRST.sub(lambda found: f"{found[2]} {_MEMBERSHIP[found[1]]} extras", marker)
    return _EXTRA_LAST.sub(lambda found: f"{found[1]} {_MEMBERSHIP[found[2]]} extras", marker)
