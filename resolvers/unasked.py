"""What the oracles have in common that compare what is known by themselves, without a resolver to ask."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from analyzer.verdict import Demand


@dataclass
class Unasked:
    """The account of an oracle that asks nobody: no cache, no index, no tools, the same on every platform."""

    cached: int = field(default=0, init=False)
    runs: int = field(default=0, init=False)
    as_of: str = field(default="", init=False)

    @property
    def tools(self) -> Mapping[str, str]:
        """None."""
        return {}

    def setting(self, demands: Collection[Demand]) -> str:
        """Empty: what is compared means the same everywhere."""
        return ""
