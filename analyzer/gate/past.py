"""What was known before: the conflicts that a baseline lists, or that an earlier tree has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from analyzer.gate.breakage import breaking
from analyzer.origin import Origin
from analyzer.report import Report
from analyzer.verdict import Conflict, Stance


@dataclass(frozen=True, slots=True, order=True)
class Known:
    """A Conflict that was met before, by what stays of it: no line and no version.

    ``packages`` are written as purls are (``pypi/flask``). ``since`` is the day (ISO) on which it was written
    down, empty where nobody did.
    """

    id: str
    code: str
    services: tuple[str, ...]
    packages: tuple[str, ...] = ()
    since: str = ""

    @classmethod
    def of(cls, conflict: Conflict, since: str = "") -> Known:
        """A Conflict as it is remembered."""
        packages = tuple(sorted(map(str, conflict.packages)))
        return cls(conflict.id, str(conflict.code), tuple(sorted(conflict.services)), packages, since)

    @property
    def kind(self) -> tuple[str, tuple[str, ...]]:
        """What makes it the same to its owners, whatever package comes to the fore."""
        return self.code, self.services


@dataclass(frozen=True)
class Past:
    """What one source knows: ``name`` is a file or a git reference, ``origin`` the file of a baseline, which is
    None for an earlier tree. ``lacking`` names for people what it could not know of."""

    name: str
    known: tuple[Known, ...]
    origin: Origin | None = None
    lacking: tuple[str, ...] = ()

    @cached_property
    def _by_id(self) -> Mapping[str, Known]:
        return {known.id: known for known in reversed(self.known)}

    @cached_property
    def _by_kind(self) -> Mapping[tuple[str, tuple[str, ...]], Known]:
        return {known.kind: known for known in reversed(self.known)}

    def recall(self, conflict: Conflict) -> Known | None:
        """The entry that a Conflict is: the one with its id, else one of its code between the same Services."""
        return self._by_id.get(conflict.id) or self._by_kind.get(Known.of(conflict).kind)

    def gone(self, report: Report, alive: Iterable[Conflict]) -> tuple[Known, ...]:
        """The entries that are none of the ``alive`` Conflicts, and of whose Services all is known."""
        found = {entry for entry in map(self.recall, alive) if entry is not None}
        kinds = {entry.kind for entry in found}
        unclear = _Unclear(report)
        return tuple(k for k in self.known if k not in found and k.kind not in kinds and not unclear.about(k))


class _Unclear:
    """What a Report leaves open, so that a conflict that it lacks may be there all the same."""

    def __init__(self, report: Report) -> None:
        self._sets = {frozenset(u.services) for u in report.undecided}
        self._members = set(chain.from_iterable(self._sets))
        self._unread = {s.name for s in report.fleet.services if any(item.incomplete for item in s.skipped)}

    def about(self, known: Known) -> bool:
        """Whether anything is open of the Services of an entry."""
        services = frozenset(known.services)
        if services & self._unread:
            return True
        return bool(services & self._members) and any(open_set <= services for open_set in self._sets)


def past_of(report: Report, stance: Stance, name: str) -> Past:
    """What the Report of an earlier tree knows: the conflicts that break the layout there."""
    return Past(name, tuple(map(Known.of, breaking(report, stance))))
