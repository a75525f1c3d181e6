"""Explanations: a tree of causes from Requirements down to the clash.

The tree holds facts only; ``reports.prose`` is the one place that makes sentences from it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from analyzer.origin import Origin


class Fact(StrEnum):
    """What a node of an Explanation states about ``subject`` (and ``object``)."""

    CLASH = "clash"
    """No version of the package ``subject`` satisfies all that the causes demand."""
    DERIVED = "derived"
    """``subject`` (a statement of the resolver's) follows from the causes."""
    REQUIRED = "required"
    """``service`` requires ``subject`` at ``origin``."""
    LIMITED = "limited"
    """``service`` limits ``subject`` at ``origin``, should anything want it."""
    SHIPPED = "shipped"
    """``service`` has ``subject`` from the system's package ``by``, which it gets at ``origin``."""
    LISTENS = "listens"
    """``service`` listens on the port ``subject`` at ``origin``."""
    LOCKED = "locked"
    """``service`` has locked ``subject`` at ``origin``."""
    DEPENDS = "depends"
    """``subject`` (versions of a package) depends on ``object``."""
    AVAILABLE = "available"
    """What the index has: ``subject`` in the resolver's words ("only x<=2 is available")."""
    UNUSABLE = "unusable"
    """``subject`` cannot be used on the platform, for the reason in ``object``."""
    BRINGS = "brings"
    """What the first cause wants can only be ``subject``, a package at one version; the other causes rule
    out the alternatives."""
    SUPPOSED = "supposed"
    """``subject``, a package at one version, is taken for what the first cause wants, to see where it leads."""
    EXCLUDES = "excludes"
    """The packages ``subject`` and ``object`` cannot be installed together."""
    EVICTED = "evicted"
    """``subject``, a Maven module at a version, gives way to ``object`` on a joint class path, which the version
    scheme ``by`` calls incompatible."""
    RULES_OUT = "rules out"
    """``subject``, a strict word on a Maven module, rules out ``object``, which is wanted."""
    LACKS = "lacks"
    """``subject`` wants what nothing provides, or only ``object``, which the installer does not take unasked."""
    EXHAUSTED = "exhausted"
    """The first cause wants one of ``subject``, and the other causes rule out each."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """One node: a fact and what it follows from (leaves have no causes).

    ``by`` is the field of a package's metadata that states the fact, as it stands there
    (``Conflicts: mail-transport-agent``), or the package that ships the subject; empty where a rule does
    that needs no statement.
    """

    fact: Fact
    subject: str
    object: str = ""
    service: str = ""
    origin: Origin | None = None
    causes: tuple[Explanation, ...] = ()
    by: str = ""

    def leaves(self) -> Iterator[Explanation]:
        """The facts that follow from nothing else, from left to right."""
        if not self.causes:
            yield self
        for cause in self.causes:
            yield from cause.leaves()
