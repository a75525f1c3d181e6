"""The conflict graph: services, packages, constraints and conflicts, and how they hang together.

Keys of nodes, with the attributes of their kind (all values are texts or whole numbers):

=========================== =======================================================================
``service:billing``         label, path, python, os, arch, owner, trust
``package:pypi/flask``      label, type, namespace, name
``constraint:pypi/flask<3`` label, package (key of its package), constraint
``conflict:pip001-0f1e…``   label, fingerprint (its id), code, stance, boundary, services (how many)
=========================== =======================================================================

Every node has ``kind``, every edge has ``relation``:

=========================== =======================================================================
service - conflict          ``takes part``
conflict - package          ``concerns``
constraint - package        ``constrains``
service - constraint        ``requires``, ``limits`` or ``overrides``, with file and line
constraint - constraint     ``excludes``, with conflicts (their ids) and stance: the two sides of a
                            clash, which makes these edges the graph of incompatible versions
=========================== =======================================================================
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import networkx as nx

from analyzer.package import Package
from analyzer.report import Report
from analyzer.requirement import Requirement
from analyzer.service import Service
from analyzer.verdict import Conflict, Demand, Depth, Stance


def conflict_graph(report: Report) -> nx.Graph:
    """The conflict graph of a Report, as the module describes it. Services without conflicts are in it."""
    graph = nx.Graph(name=report.fleet.name)
    for service in report.fleet.services:
        _add_service(graph, service)
    for conflict in report.conflicts:
        _add_conflict(graph, conflict)
    _add_exclusions(graph, report.conflicts)
    return graph


def service_graph(report: Report, stance: Stance) -> nx.Graph:
    """The Services (keys are their names) with an edge for each pair that conflicts under ``stance``.

    Nodes tell with ``placeable`` (1 or 0) whether the Service can be satisfied alone; edges have
    ``conflicts`` (ids) and ``packages``, separated by blanks.
    """
    graph = nx.Graph(name=report.fleet.name, stance=str(stance))
    alone = report.alone(stance)
    for service in report.fleet.services:
        graph.add_node(service.name, placeable=int(service.name not in alone))
    between: dict[tuple[str, ...], list[Conflict]] = defaultdict(list)
    for conflict in report.conflicts_under(stance):
        if len(conflict.services) == 2:
            between[conflict.services].append(conflict)
    for pair, conflicts in between.items():
        packages = dict.fromkeys(str(package) for conflict in conflicts for package in conflict.packages)
        graph.add_edge(*pair, conflicts=_identities(conflicts), packages=" ".join(packages))
    return graph


def service_key(name: str) -> str:
    """The key of a Service's node."""
    return f"service:{name}"


def package_key(package: Package) -> str:
    """The key of a Package's node."""
    return f"package:{package}"


def constraint_key(requirement: Requirement) -> str:
    """The key of a constraint's node; Services that demand the same share it."""
    kind = "/".join(part for part in (requirement.package.type, requirement.package.namespace) if part)
    return f"constraint:{kind}/{_text(requirement)}"


def conflict_key(conflict: Conflict) -> str:
    """The key of a Conflict's node."""
    return f"conflict:{conflict.id}"


def _text(requirement: Requirement) -> str:
    return f"{requirement}; {requirement.marker}" if requirement.marker else str(requirement)


def _add_service(graph: nx.Graph, service: Service) -> None:
    graph.add_node(
        service_key(service.name),
        kind="service",
        label=service.name,
        path=service.path,
        python=service.platform.python,
        os=service.platform.os,
        arch=service.platform.arch,
        owner=service.owner,
        trust=service.trust,
    )


def _add_conflict(graph: nx.Graph, conflict: Conflict) -> None:
    key = conflict_key(conflict)
    graph.add_node(
        key,
        kind="conflict",
        label=f"{conflict.code} {' '.join(package.name for package in conflict.packages)}",
        fingerprint=conflict.id,
        code=str(conflict.code),
        stance=str(conflict.stance),
        boundary=str(conflict.boundary),
        services=len(conflict.services),
    )
    for service in conflict.services:
        graph.add_edge(service_key(service), key, relation="takes part")
    for package in conflict.packages:
        _add_package(graph, package)
        graph.add_edge(key, package_key(package), relation="concerns")
    for demand in conflict.requirements:
        _add_demand(graph, demand)


def _add_package(graph: nx.Graph, package: Package) -> None:
    graph.add_node(
        package_key(package),
        kind="package",
        label=package.name,
        type=package.type,
        namespace=package.namespace,
        name=package.name,
    )


def _add_demand(graph: nx.Graph, demand: Demand) -> None:
    requirement = demand.requirement
    key, package = constraint_key(requirement), package_key(requirement.package)
    _add_package(graph, requirement.package)
    graph.add_node(key, kind="constraint", label=_text(requirement), package=package, constraint=requirement.constraint)
    graph.add_edge(key, package, relation="constrains")
    if not graph.has_edge(service_key(demand.service), key):
        origin = requirement.origin
        graph.add_edge(
            service_key(demand.service), key, relation=str(requirement.force), file=origin.file, line=origin.line
        )


def _add_exclusions(graph: nx.Graph, conflicts: Iterable[Conflict]) -> None:
    between: dict[tuple[str, ...], list[Conflict]] = defaultdict(list)
    for conflict in conflicts:
        sides = sorted({constraint_key(demand.requirement) for demand in conflict.requirements})
        if len(sides) == 2:
            between[tuple(sides)].append(conflict)
    for pair, clashing in between.items():
        declared = any(conflict.stance is Depth.DECLARED for conflict in clashing)
        stance = Depth.DECLARED if declared else Depth.LOCKED
        graph.add_edge(*pair, relation="excludes", conflicts=_identities(clashing), stance=str(stance))


def _identities(conflicts: Iterable[Conflict]) -> str:
    return " ".join(conflict.id for conflict in conflicts)
