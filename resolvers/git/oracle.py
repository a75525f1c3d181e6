"""The oracle of git clones: do all want the same commit of a repository at the same path?"""

from __future__ import annotations

import shlex
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations

from analyzer.direct import leaf
from analyzer.explanation import Explanation, Fact
from analyzer.oracle import Answer, Refuted, Satisfied, Unknown
from analyzer.package import Candidate, Package
from analyzer.verdict import Demand, Witness
from resolvers.git.ecosystem import ECOSYSTEM
from resolvers.git.reference import UNTOLD, Reference, reference_of
from resolvers.git.repository_url import url_of
from resolvers.unasked import Unasked

_Place = tuple[Package, str]


@dataclass
class GitOracle(Unasked):
    """Compares references, one place after the other. Nobody is asked: what a branch or tag stands for
    is known from a checkout in the audited folder, or not at all."""

    ecosystem: str = field(default=ECOSYSTEM, init=False)
    title: str = field(default=ECOSYSTEM, init=False)

    def ask(self, demands: Collection[Demand], prefer: Mapping[Package, str]) -> Answer:
        """Refuted where two commits differ, Unknown where two references may."""
        shared = _by_place(demands)
        if clash := next((pair for pair in _pairs(shared) if _of(pair[0]).clashes(_of(pair[1]))), None):
            package = clash[0].requirement.package
            causes = tuple(leaf(demand) for demand in clash)
            return Refuted(Explanation(Fact.CLASH, package.name, causes=causes), frozenset(clash), (package,))
        if unclear := next((pair for pair in _pairs(shared) if not _of(pair[0]).agrees(_of(pair[1]))), None):
            return Unknown(_why(*unclear), frozenset(unclear))
        return Satisfied(Witness(tuple(sorted({_candidate(wanted) for wanted in shared.values()}))))

    def meets(self, demands: Collection[Demand], witness: Witness) -> bool:
        """Whether the Demands agree at every place: a Witness that names commits adds nothing to that."""
        return isinstance(self.ask(demands, {}), Satisfied)

    def replay(self, demands: Collection[Demand]) -> str:
        """A command that prints the commits which the references stand for."""
        own = sorted(d.requirement for d in demands if d.requirement.package.type == ECOSYSTEM)
        if not own:
            return ""
        package = own[0].package
        wanted = dict.fromkeys(_asked(reference_of(r)) for r in own if r.package == package)
        commits = " ".join(shlex.quote(f"{name}^{{commit}}") for name in wanted if name)
        url = shlex.quote(url_of(package))
        return f"git clone --bare -- {url} compared.git && git --git-dir=compared.git rev-parse {commits}"


def _by_place(demands: Collection[Demand]) -> Mapping[_Place, Sequence[Demand]]:
    """For each place one Demand of every different reference, in a stable order."""
    found: dict[_Place, dict[Reference, Demand]] = defaultdict(dict)
    for demand in sorted(d for d in demands if d.requirement.package.type == ECOSYSTEM):
        reference = _of(demand)
        # What only a run tells may be another reference each time, though it is written alike.
        key = reference if reference.name != UNTOLD else replace(reference, name=f"{UNTOLD} {demand.service}")
        found[demand.requirement.package, reference.place].setdefault(key, demand)
    return {place: tuple(by_reference.values()) for place, by_reference in found.items()}


def _pairs(shared: Mapping[_Place, Sequence[Demand]]) -> Iterator[tuple[Demand, Demand]]:
    for wanted in shared.values():
        yield from combinations(wanted, 2)


def _of(demand: Demand) -> Reference:
    return reference_of(demand.requirement)


def _candidate(wanted: Sequence[Demand]) -> Candidate:
    """What is checked out at a place: the longest hash, or the name that all agree on."""
    references = [_of(demand) for demand in wanted]
    best = max(references, key=lambda reference: (len(reference.commit), reference.name))
    return Candidate(wanted[0].requirement.package, best.commit or best.name)


def _asked(reference: Reference) -> str:
    return reference.name or reference.commit


def _why(one: Demand, other: Demand) -> str:
    """Why it is open whether two references are one commit."""
    package, place = one.requirement.package, _of(one).place
    texts = [str(demand.requirement).removesuffix(f" in {place}") for demand in (one, other)]
    sides = texts[0] if texts[0] == texts[1] else " and ".join(texts)
    return f"nothing in the audited folder says whether {sides} are one commit, in {place} ({package})"
