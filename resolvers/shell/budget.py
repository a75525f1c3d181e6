"""How much a script may ask for: what it expands to can be far larger than it is."""

from __future__ import annotations

from dataclasses import dataclass

TEXT_LIMIT = 2**20
"""Characters of the largest script that is read (real ones stay under 200,000)."""
VALUE_LIMIT = 2**16
"""Characters that one variable or word may hold."""
WORK_LIMIT = 3_000_000
"""Characters that all expansions of a script and its loops may come to."""


class Exhausted(Exception):  # noqa: N818 - ends a reading early, turned into a Skipped where it is caught
    """A script asked for more than the limit."""


@dataclass(slots=True)
class Budget:
    """Work that is left, in characters."""

    left: int = WORK_LIMIT

    def spend(self, amount: int) -> None:
        """Take note of work. Raises Exhausted where it is too much."""
        self.left -= amount
        if self.left < 0:
            raise Exhausted("expands to more than is read")
