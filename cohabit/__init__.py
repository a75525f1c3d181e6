"""cohabit: which services can live together, why the others can't, and the cheapest housing for all.

>>> import cohabit
>>> report = cohabit.audit("fleet/")
>>> report.graph  # the conflict graph, a networkx.Graph
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from cohabit.own_packages import claim

claim()

if TYPE_CHECKING:
    from analyzer.report import Report
    from analyzer.service import Fleet

__all__ = ["audit", "gather"]


def gather(path: str | Path = ".", **options: Any) -> Fleet:
    """The Fleet of services under ``path``, without judging it.

    ``options`` are fields of ``cohabit.settings.Settings``; they go before ``cohabit.toml``.
    Raises CohabitError.
    """
    from cohabit.configuration import load
    from cohabit.fleet import gather_fleet

    root = Path(path)
    return gather_fleet(root, load(root, options=options))


def audit(path: str | Path = ".", **options: Any) -> Report:
    """Discover, gather, decide and plan: everything that ``cohabit audit`` shows, as one value.

    ``options`` are fields of ``cohabit.settings.Settings``; they go before ``cohabit.toml``.
    Raises CohabitError.
    """
    from cohabit.auditing import examine_fleet
    from cohabit.configuration import load
    from cohabit.fleet import gather_fleet

    root = Path(path)
    settings = load(root, options=options)
    return examine_fleet(gather_fleet(root, settings), settings)
