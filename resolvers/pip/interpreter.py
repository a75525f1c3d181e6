"""Constraints on the Python version (``requires-python``)."""

from __future__ import annotations

from analyzer.origin import Origin
from analyzer.package import PYTHON
from analyzer.pep440 import versions
from analyzer.requirement import Requirement
from analyzer.service import Skipped
from resolvers.pip.requirements.requirement_line import LENGTH_LIMIT, excerpt


def read_interpreter(text: str, origin: Origin) -> Requirement | Skipped:
    """The constraint on the interpreter that a PEP 440 specifier set states; a Skipped where it is none."""
    if len(text) > LENGTH_LIMIT or versions(text.strip()) is None:
        return Skipped(f"requires-python {excerpt(text)}", "is no PEP 440 specifier set", origin)
    return Requirement(PYTHON, text.strip(), origin)
