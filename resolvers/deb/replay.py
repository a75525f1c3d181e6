"""The question as a command for apt, which installs nothing and leaves the machine's own packages aside."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from analyzer.requirement import Requirement

_SIMULATED = ("apt-get", "-s", "-o", "Dir::State::status=/dev/null", "--no-install-recommends")


def replay(requirements: Sequence[Requirement]) -> str:
    """``apt-get -s install`` for what its command line can say, else ``apt-get -s satisfy``. Of two words
    on one package ``install`` obeys the last, so that it can't say both."""
    packages = [requirement.package for requirement in requirements]
    if all(map(_is_word, requirements)) and len(set(packages)) == len(packages):
        words = [f"{r.package.name}{r.constraint.replace('==', '=')}" for r in requirements]
        return shlex.join([*_SIMULATED, "install", *words])
    return shlex.join([*_SIMULATED, "satisfy", *map(_relation, requirements)])


def _is_word(requirement: Requirement) -> bool:
    return not requirement.constraint or requirement.constraint[0] in "=/"


def _relation(requirement: Requirement) -> str:
    """As in a control file (Debian Policy 7.1)."""
    if requirement.constraint.startswith("="):
        return f"{requirement.package.name} (= {requirement.constraint.lstrip('=')})"
    return requirement.package.name if requirement.constraint.startswith("/") else str(requirement)
