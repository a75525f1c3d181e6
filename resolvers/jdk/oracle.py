"""The oracle of JDKs: is there one feature release that meets all?"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from itertools import combinations

from analyzer.direct import leaf
from analyzer.explanation import Explanation, Fact
from analyzer.oracle import Answer, Refuted, Satisfied
from analyzer.package import JDK, Candidate, Package
from analyzer.verdict import Demand, Witness
from resolvers.jdk.feature_release import ECOSYSTEM, admitted, common, exclude_each_other
from resolvers.unasked import Unasked


@dataclass
class JdkOracle(Unasked):
    """Compares constraints. Nobody is asked."""

    ecosystem: str = field(default=ECOSYSTEM, init=False)
    title: str = field(default="JDKs", init=False)

    def ask(self, demands: Collection[Demand], prefer: Mapping[Package, str]) -> Answer:
        """Refuted where no release meets all; else the preferred one if it does, or the lowest."""
        wanted = sorted(d for d in demands if d.requirement.package == JDK)
        releases = common(d.requirement.constraint for d in wanted)
        if not releases:
            clash = _clash(wanted)
            causes = tuple(leaf(demand) for demand in clash)
            return Refuted(Explanation(Fact.CLASH, JDK.name, causes=causes), frozenset(clash), (JDK,))
        if not wanted:
            return Satisfied(Witness(()))
        kept = prefer.get(JDK, "")
        chosen = int(kept) if kept.isdecimal() and int(kept) in releases else min(releases)
        return Satisfied(Witness((Candidate(JDK, str(chosen)),)))

    def meets(self, demands: Collection[Demand], witness: Witness) -> bool:
        """Whether the JDK of a Witness meets all that ask for one."""
        wanted = [d.requirement.constraint for d in demands if d.requirement.package == JDK]
        versions = [c.version for c in witness.versions if c.package == JDK]
        if len(versions) != 1 or not versions[0].isdecimal():
            return not wanted
        return all(int(versions[0]) in admitted(constraint) for constraint in wanted)

    def replay(self, demands: Collection[Demand]) -> str:
        """Empty: no installer is asked."""
        return ""


def _clash(wanted: Collection[Demand]) -> tuple[Demand, ...]:
    """Two Demands that exclude each other, all where no two do."""
    pairs = (pair for pair in combinations(wanted, 2) if exclude_each_other(pair[0].requirement, pair[1].requirement))
    return next(pairs, tuple(wanted))
