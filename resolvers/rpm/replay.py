"""The question as a command for dnf, which installs nothing."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from analyzer.requirement import Requirement


def replay(requirements: Sequence[Requirement]) -> str:
    """``dnf --assumeno install`` of what Requirements ask for."""
    return shlex.join(["dnf", "--assumeno", "--setopt=install_weak_deps=False", "install", *map(_word, requirements)])


def _word(requirement: Requirement) -> str:
    """A package pinned as dnf's command line writes it, or a capability with its range."""
    if requirement.constraint.startswith("="):
        return f"{requirement.package.name}-{requirement.constraint.lstrip('= ')}"
    return f"{requirement.package.name} {requirement.constraint}".strip()
