"""Why Demands cannot be met together: the Explanation that a person can follow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from analyzer.coinstall.case_analysis import by_cases
from analyzer.coinstall.lookahead import by_propagation
from analyzer.explanation import Explanation, Fact
from analyzer.universe import Universe
from analyzer.verdict import Demand

DEEPEST = 150
"""Facts on the longest way through an Explanation that is told; a person has given up long before."""


@dataclass(frozen=True, slots=True)
class Refutation:
    """An Explanation, and the names of the packages that exclude each other, the nearest clash first."""

    explanation: Explanation
    packages: tuple[str, ...]


def refutation(universe: Universe, demands: Sequence[Demand]) -> Refutation:
    """The Explanation for Demands that no installation of a universe meets, none of them needless.

    Chains of package names are tried first, cases of single versions only where there is no such chain.
    One that is too long to be told says only that the Demands clash.
    Raises ValueError where the Demands can be met.
    """
    asked = [universe.demanded(demand.requirement) or () for demand in demands]
    permitted = frozenset(unit for demand in demands for unit in universe.permitted(demand.requirement))
    roots = [
        Explanation(Fact.REQUIRED, str(d.requirement), service=d.service, origin=d.requirement.origin) for d in demands
    ]
    found = by_propagation(universe, asked, roots, permitted) or by_cases(universe, asked, roots, permitted)
    if _is_too_deep(found):
        return Refutation(Explanation(Fact.CLASH, demands[0].requirement.package.type, causes=tuple(roots)), ())
    return Refutation(found, tuple(dict.fromkeys(_contested(found))))


def _is_too_deep(found: Explanation) -> bool:
    edge = [found]
    for _ in range(DEEPEST):
        # What several facts rest on is one node.
        edge = list({id(cause): cause for node in edge for cause in node.causes}.values())
    return bool(edge)


def _contested(node: Explanation) -> Iterator[str]:
    """The packages of the last clash; of several cases those of each."""
    if node.fact in (Fact.EXCLUDES, Fact.LACKS):
        sides = (node.subject, node.object) if node.fact is Fact.EXCLUDES else (node.subject,)
        yield from (side.partition(" ")[0] for side in sides)
        return
    for cause in node.causes:
        yield from _contested(cause)
