"""Why services clash on a Maven module: on each side from a line of its own down to the version it has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from analyzer.direct import leaf
from analyzer.explanation import Explanation, Fact
from analyzer.package import Package
from analyzer.requirement import Requirement
from analyzer.verdict import Demand
from resolvers.maven.class_path import ClassPath
from resolvers.maven.graph import Edge
from resolvers.maven.joint_versions import Clash, Step, rich
from resolvers.maven.version_scheme import VersionScheme

Paths = Mapping[str, Sequence[ClassPath]]
"""What services were built with, where it was resolved here."""


def argument(clash: Clash, paths: Paths, scheme: VersionScheme) -> Explanation:
    """The chains of all Demands, and what they come to."""
    causes = tuple(chain(demand, paths) for demand in clash.demands)
    name = clash.package.name
    if clash.moved is not None:
        lower, higher = clash.moved
        if clash.cause is not None:
            raising = _longer(chain(clash.cause.demands[0], paths), clash.cause.steps)
            causes = (*(c for d, c in zip(clash.demands, causes, strict=True) if d not in clash.cause.demands), raising)
        return Explanation(Fact.EVICTED, f"{name} {lower}", f"{name} {higher}", causes=causes, by=scheme.value)
    if clash.ruled_out is not None:
        word, version = clash.ruled_out
        whose = next((f"{d.service}'s " for d in clash.demands if d.requirement.constraint == word), "")
        return Explanation(Fact.RULES_OUT, f"{whose}{name} {word}", _shown(clash.package, version), causes=causes)
    one, other = (_shown(d.requirement.package, d.requirement.constraint) for d in clash.demands)
    return Explanation(Fact.EXCLUDES, one, other, causes=causes, by="both provide the same capability")


def chain(demand: Demand, paths: Paths) -> Explanation:
    """From a service's own line to what a Demand speaks of. Without a resolution the Demand is all there is."""
    for path in paths.get(demand.service, ()):
        edge = _edge(demand, path)
        if edge is not None:
            return _told(demand.service, path, edge, demand)
    return leaf(demand, Fact.REQUIRED)


def line_of(demand: Demand, paths: Paths) -> Requirement:
    """What a service declares that leads to a Demand."""
    for path in paths.get(demand.service, ()):
        if (edge := _edge(demand, path)) is not None:
            return path.line(edge)
    return demand.requirement


def _longer(told: Explanation, steps: Sequence[Step]) -> Explanation:
    for subject, by in steps:
        if subject != told.subject:
            told = Explanation(Fact.BRINGS, subject, causes=(told,), by=by)
    return told


def _edge(demand: Demand, path: ClassPath) -> Edge | None:
    """The edge that a derived Requirement stems from; None for one that the service states itself."""
    requirement, pin = demand.requirement, rich(demand).pin
    if requirement in path.declared:
        return None
    if pin:
        found = path.resolution.versions.get(requirement.package)
        return path.resolution.asking(requirement.package, pin) if found == pin else None
    edges = (edge for edges in path.resolution.graph.edges.values() for edge in edges)
    said = (e for e in edges if (e.dependency.package, e.dependency.constraint) == _said(demand))
    return next((edge for edge in said if path.line(edge).origin == requirement.origin), None)


def _said(demand: Demand) -> tuple[Package, str]:
    return demand.requirement.package, demand.requirement.constraint


def _told(service: str, path: ClassPath, last: Edge, demand: Demand) -> Explanation:
    first, *edges = path.chain(last)
    told = leaf(Demand(service, path.line(last)), Fact.REQUIRED)
    return _longer(told, list(_steps(path, (first, *edges), demand)))


def _steps(path: ClassPath, edges: Sequence[Edge], demand: Demand) -> Iterator[Step]:
    """What each edge leads to; the last one to what the Demand says."""
    yield from map(path.resolution.step, edges[:-1])
    last = edges[-1].dependency.package
    said = rich(demand).pin or demand.requirement.constraint
    yield _shown(last, said), path.resolution.step(edges[-1])[1]


def _shown(package: Package, version: str) -> str:
    return f"{package.name} {version.removeprefix('==')}".rstrip()
