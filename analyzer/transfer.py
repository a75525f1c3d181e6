"""An answer about some Demands, told of others that ask for the same.

Two services with the same line in their requirements get the same answer; its hints and its proof
must speak of the service at hand, with its file and line.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import replace

from analyzer.explanation import Explanation
from analyzer.oracle import Answer, Refuted, Satisfied
from analyzer.origin import Origin
from analyzer.requirement import Requirement
from analyzer.verdict import Demand

_NOWHERE = Origin("")


def atom(demand: Demand) -> Requirement:
    """What a Demand asks for, whoever asks and wherever it stands."""
    return replace(demand.requirement, origin=_NOWHERE)


def transferred(answer: Answer, first: Collection[Demand], now: Collection[Demand]) -> Answer | None:
    """``answer``, given about the Demands ``first``, as one about ``now``, which hold the same atoms
    under the same setting. None where it speaks of one that has no like among them (a constraint on the
    Python version: another one leads to the same)."""
    if isinstance(answer, Satisfied) or frozenset(first) <= frozenset(now):
        return answer
    carriers = _carriers(now)
    if any(atom(known) not in carriers for known in answer.named):
        return None
    named = frozenset(d for known in answer.named for d in carriers.get(atom(known), ()))
    if not isinstance(answer, Refuted):
        return replace(answer, named=named)
    places = {_place(d.service, str(d.requirement), d.requirement.origin): carriers.get(atom(d), [d])[0] for d in first}
    return replace(answer, named=named, proof=_retold(answer.proof, places))


def _carriers(demands: Collection[Demand]) -> Mapping[Requirement, list[Demand]]:
    carriers: dict[Requirement, list[Demand]] = defaultdict(list)
    for demand in sorted(demands):
        carriers[atom(demand)].append(demand)
    return carriers


Place = tuple[str, str, Origin | None]


def _place(service: str, subject: str, origin: Origin | None) -> Place:
    return service, subject, origin


def _retold(node: Explanation, places: Mapping[Place, Demand]) -> Explanation:
    causes = tuple(_retold(cause, places) for cause in node.causes)
    demand = places.get(_place(node.service, node.subject, node.origin))
    if demand is None:
        return replace(node, causes=causes)
    return replace(node, service=demand.service, origin=demand.requirement.origin, causes=causes)
