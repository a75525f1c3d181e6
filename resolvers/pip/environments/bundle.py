"""A private set of installed distributions (virtualenv, pex, shiv) as what a manifest says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from packaging.requirements import Requirement as Dependency

from analyzer.requirement import Requirement
from analyzer.service import Skipped
from resolvers.pip.declared import Context, Declared
from resolvers.pip.environments.contained import Contained, is_closed, one_each, required_names
from resolvers.pip.environments.pyvenv import Pyvenv, exactly

_SEEDS = ("pip", "setuptools", "wheel", "distribute")
_SEEDS_FROM_3_12 = ("pip",)


@dataclass
class Bundle:
    """What is found in the course of reading; ``declare`` makes a value of it.

    ``python`` is the series the bundle was made for, empty where it does not say. ``roots`` are the
    requirements that it was made from. ``seeded``: made by venv or virtualenv, with installers in it.
    """

    found: list[Contained] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    interpreter: list[Requirement] = field(default_factory=list)
    roots: list[Dependency] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    python: str = ""
    seeded: bool = False

    def made_by(self, pyvenv: Pyvenv) -> None:
        """Take over what a ``pyvenv.cfg`` says."""
        self.seeded = True
        if pyvenv.python:
            self.python = pyvenv.python
            self.interpreter.append(exactly(pyvenv.python, pyvenv.origin))
        if pyvenv.sees_system:
            self.unknown.append(f"{pyvenv.origin.file} lets it see the system's packages, which were not examined")

    def declare(self, context: Context) -> Declared:
        """The bundle as a lock."""
        skipped = [*self.skipped]
        contained = one_each(self.found, skipped)
        python = self.python or context.python
        complete = not self.unknown and not any(each.incomplete for each in skipped)
        closed = complete and is_closed(contained, context.platform, python, self.roots)
        seeds = self._seeds(python) - required_names(contained, context.platform, python)
        skipped += (_left_out(each) for name, each in contained.items() if name in seeds)
        kept = [each for name, each in sorted(contained.items()) if name not in seeds]
        requires_python = [demand for each in kept for demand in each.metadata.interpreter]
        return Declared(
            locked=tuple(each.locked for each in kept),
            interpreter=(*self.interpreter, *requires_python),
            skipped=tuple(skipped),
            unknown=tuple(self.unknown),
            closed=closed,
            bundled=True,
        )

    def _seeds(self, python: str) -> frozenset[str]:
        if not self.seeded:
            return frozenset()
        return frozenset(_SEEDS if _order(python) < (3, 12) else _SEEDS_FROM_3_12)


def _left_out(each: Contained) -> Skipped:
    reason = "came with the virtual environment and nothing in it requires it (pip freeze leaves it out too)"
    return Skipped(each.metadata.name, reason, each.metadata.origin, incomplete=False)


def _order(python: str) -> tuple[int, ...]:
    return tuple(int(part) for part in python.split("."))


def outermost(sites: Iterable[str]) -> list[str]:
    """Site directories that lie in no other one, or are called so: a package's ``_vendor`` folder is none."""
    taken: list[str] = []
    for site in sorted(sites):
        inside = any(outer == "" or site.startswith(f"{outer}/") for outer in taken)
        if not inside or site.rpartition("/")[2] == "site-packages":
            taken.append(site)
    return taken
