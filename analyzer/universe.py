"""A universe of packages as a satisfiability problem sees it, whatever the ecosystem.

A *unit* is one installable package at one version on one architecture (a stanza of a Debian index, a
package of an RPM repository), named by its number. Its dependencies are in conjunctive form: each Need
is one clause. Versions, virtual packages and file requires are resolved by whoever makes the universe.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from analyzer.requirement import Requirement


@dataclass(frozen=True, slots=True)
class Unit:
    """An installable package. ``rank`` counts from 0, the one that the installer would choose of those
    with its name; the version and the architecture are as the ecosystem writes them."""

    name: str
    version: str
    architecture: str = ""
    rank: int = 0

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


@dataclass(frozen=True, slots=True)
class Need:
    """One clause: where all units of ``given`` are installed, one of ``any_of`` must be.

    ``given`` is empty for a plain dependency (RPM's rich ``if`` fills it); ``any_of`` is empty where
    nothing provides what is wanted. ``field`` is the control field (``Depends``, ``Requires``),
    ``text`` the dependency as written there.
    """

    field: str
    text: str
    any_of: tuple[int, ...]
    given: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Units that must not be installed beside the one that declares it.

    ``field`` is the control field (``Conflicts``, ``Breaks``, ``Obsoletes``), with ``text`` as written
    there; both are empty where it is the rule that one package has one version.
    """

    field: str
    text: str
    others: tuple[int, ...]


class Universe(Protocol):
    """Units and what they say of one another. ``needs`` and ``exclusions`` may be worked out when asked
    for; the same number always gets the same answer."""

    @property
    def name(self) -> str:
        """What it is, for people: ``debian:12, 63,451 packages``."""
        ...

    @property
    def units(self) -> Sequence[Unit]:
        """All units, by number."""
        ...

    @property
    def unread(self) -> int:
        """How many entries could not be read, each of which may be a package that something needs."""
        ...

    @property
    def base(self) -> Sequence[Need]:
        """What every root filesystem must have (Debian: a package of each ``Essential: yes``)."""
        ...

    @property
    def reserved(self) -> frozenset[int]:
        """Units that the installer takes only where a Requirement names their version or suite
        (apt: those that are not the candidate)."""
        ...

    def needs(self, unit: int) -> Sequence[Need]:
        """What a unit depends on."""
        ...

    def exclusions(self, unit: int) -> Sequence[Exclusion]:
        """What a unit declares that it excludes, other versions of itself included; never itself."""
        ...

    def demanded(self, requirement: Requirement) -> Sequence[Need] | None:
        """What a Service's Requirement asks of this universe; None where nothing is known of it: no
        package or capability of that name is there, or a lock (``==``) fixes a version that is not."""
        ...

    def permitted(self, requirement: Requirement) -> frozenset[int]:
        """Reserved units that a Requirement allows by naming their version or suite."""
        ...
