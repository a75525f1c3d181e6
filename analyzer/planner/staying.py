"""Moves: which planned Environments take the place of which present ones, so that most Services stay."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from analyzer.planner.joint_model import JointModel
from analyzer.planner.nested import Group, Level, Nested
from analyzer.planner.site import Site


def successors(groups: Sequence[Group], present: Sequence[frozenset[str]]) -> Mapping[int, int]:
    """For groups the present Environment that each continues, by number, so that as many Services as
    possible stay in theirs (a heaviest matching)."""
    import networkx as nx

    home = {service: number for number, one in enumerate(present) for service in sorted(one)}
    graph = nx.Graph()
    for number, group in enumerate(groups):
        for service in group:
            if service in home:
                pair = ("group", number), ("present", home[service])
                weight = graph.edges[pair]["weight"] if graph.has_edge(*pair) else 0
                graph.add_edge(*pair, weight=weight + 1)
    matched = (sorted(pair) for pair in nx.max_weight_matching(graph))
    return {group: environment for (_, group), (_, environment) in matched}


def moves(site: Site, nested: Nested) -> int:
    """How many Services leave an Environment that they share today, summed over the Tiers."""
    levels = zip(site.tiers, nested.levels, strict=True)
    return sum(_moved(site, tier.present, level) for tier, level in levels if tier.present)


def _moved(site: Site, present: Sequence[frozenset[str]], level: Level) -> int:
    housed = set(site.services)
    continued = successors(level.groups, present)
    staying = sum(len(present[one].intersection(level.groups[group])) for group, one in continued.items())
    return sum(len(one & housed) for one in _disjoint(present)) - staying


def _disjoint(present: Sequence[frozenset[str]]) -> Iterator[frozenset[str]]:
    home = {service: number for number, one in enumerate(present) for service in sorted(one)}
    return (frozenset(s for s in one if home[s] == number) for number, one in enumerate(present))


def moved_in(joint: JointModel) -> Any:
    """The moves of a housing, in the terms of a model."""
    return sum(moved for number, tier in enumerate(joint.site.tiers) if tier.present for moved in _terms(joint, number))


def _terms(joint: JointModel, number: int) -> Iterator[Any]:
    present = [one & set(joint.site.services) for one in _disjoint(joint.site.tiers[number].present)]
    groups = range(len(joint.grids[number].used))
    continues = [[joint.model.new_bool_var("") for _ in groups] for _ in present]
    for places in continues:
        joint.model.add_at_most_one(places)
    for g in groups:
        joint.model.add_at_most_one(places[g] for places in continues)
    for one, places in zip(present, continues, strict=True):
        for service in sorted(one):
            stays = [joint.model.new_bool_var("") for _ in groups]
            for g, stay in enumerate(stays):
                joint.model.add_implication(stay, places[g])
                joint.model.add_implication(stay, joint.grids[number].takes[service][g])
            yield 1 - sum(stays)
