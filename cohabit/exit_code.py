"""Exit codes: what a CI job needs to know of a Report (DESIGN, "Outputs: the contract")."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analyzer.report import Report
    from analyzer.verdict import Stance


class ExitCode(IntEnum):
    """The command line's answers to the shell."""

    FINE = 0
    CONFLICTS = 1
    UNUSABLE = 2
    INCOMPLETE = 3


def exit_code(report: Report, stance: Stance, *, allow_incomplete: bool = False) -> ExitCode:
    """CONFLICTS if one breaks the present layout, else INCOMPLETE if something stayed undecided or
    could not be examined, else FINE."""
    from analyzer.gate.breakage import breaking, is_incomplete

    if breaking(report, stance):
        return ExitCode.CONFLICTS
    if not allow_incomplete and is_incomplete(report, stance):
        return ExitCode.INCOMPLETE
    return ExitCode.FINE
