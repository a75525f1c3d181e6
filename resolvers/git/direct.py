"""Clashes of git clones that need nobody's word: one repository at two commits in one place."""

from __future__ import annotations

from analyzer.requirement import Requirement
from resolvers.git.reference import reference_of


def commits_differ(one: Requirement, other: Requirement) -> bool:
    """Whether two Requirements on one repository want different commits of it at one path."""
    return reference_of(one).clashes(reference_of(other))
