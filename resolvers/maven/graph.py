"""A graph of modules under one choice of versions: who is reached, by which edges, and what these say of versions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from analyzer.package import Candidate, Package
from resolvers.maven.exclusion_paths import ExclusionPaths
from resolvers.maven.module import Kind, Module, ModuleDependency
from resolvers.maven.rich_version import RichVersion, rich_version
from resolvers.maven.selection import Wish

Node = str | Candidate
"""A root by its name, or a module at a version."""

PLATFORMS = (Kind.PLATFORM, Kind.ENFORCED_PLATFORM)
_ROOT = ExclusionPaths(frozenset([frozenset()]))


@dataclass(frozen=True, slots=True)
class Edge:
    """A node's word on a module, and how many words a node says before it."""

    source: Node
    dependency: ModuleDependency
    place: int = 0
    forced: bool = False

    @property
    def hard(self) -> bool:
        """Whether the module has to be there for it."""
        return self.dependency.kind is not Kind.CONSTRAINT


@dataclass
class Graph:
    """What is reached from ``roots``. ``forced`` replaces all that is said of some modules' versions.

    ``metadata`` gives what a candidate says; None where there is no such version.
    """

    roots: Mapping[str, Sequence[ModuleDependency]]
    forced: Mapping[Package, str]
    metadata: Callable[[Candidate], Module | None]
    chosen: Mapping[Package, str]
    nodes: dict[Node, ExclusionPaths] = field(default_factory=dict)
    platforms: dict[Candidate, Kind] = field(default_factory=dict)
    libraries: set[Candidate] = field(default_factory=set)
    missing: set[Candidate] = field(default_factory=set)
    reached: list[Package] = field(default_factory=list)
    edges: dict[Node, tuple[Edge, ...]] = field(default_factory=dict)

    def traverse(self, first: Callable[[Edge], str]) -> None:
        """Follow the edges. Of a module that has no version yet ``first`` tells one from the edge that led
        there, empty for none."""
        chosen = dict(self.chosen)
        waiting: list[Node] = list(self.roots)
        self.nodes = dict.fromkeys(self.roots, _ROOT)
        seen: set[Package] = set()
        for node in waiting:
            self.edges[node] = tuple(self._out(node))
            for edge in self.edges[node]:
                package = edge.dependency.package
                if not edge.hard or self.nodes[node].covers(package):
                    continue
                if package not in seen:
                    seen.add(package)
                    self.reached.append(package)
                if package not in chosen:
                    chosen[package] = first(edge)
                if chosen[package]:
                    self._reach(edge, Candidate(package, chosen[package]), waiting)
        self.chosen = chosen

    def _reach(self, edge: Edge, target: Candidate, waiting: list[Node]) -> None:
        before = self.nodes.get(target)
        role = self._role(edge, target)
        follows = edge.dependency.transitive or edge.dependency.kind in PLATFORMS
        paths = self.nodes[edge.source].beyond(edge.dependency.exclusions) if follows else frozenset()
        after = (before or ExclusionPaths()).joined(paths)
        self.nodes[target] = after
        if before is None or after != before or role:
            waiting.append(target)

    def _role(self, edge: Edge, target: Candidate) -> bool:
        """Note as what a module is used. Whether it is used as that for the first time."""
        kind = edge.dependency.kind
        if kind not in PLATFORMS:
            known = target in self.libraries
            self.libraries.add(target)
            return not known
        before = self.platforms.get(target)
        self.platforms[target] = kind if before is None or kind is Kind.ENFORCED_PLATFORM else before
        return self.platforms[target] is not before

    def _out(self, node: Node) -> Iterator[Edge]:
        if isinstance(node, str):
            yield from (Edge(node, said, n) for n, said in enumerate(self.roots[node]))
            return
        module = self.metadata(node)
        if module is None:
            self.missing.add(node)
            return
        yield from (replace(edge, place=n) for n, edge in enumerate(self._said(module)))

    def _said(self, module: Module) -> Iterator[Edge]:
        node = module.candidate
        if node in self.libraries:
            yield from (Edge(node, said) for said in module.dependencies)
            if module.relocated is not None:
                yield Edge(node, ModuleDependency(module.relocated.package, module.relocated.version))
        kind = self.platforms.get(node)
        if kind is None:
            return
        constraints = [said for said in module.dependencies if said.kind is Kind.CONSTRAINT]
        for said in (*constraints, *module.managed):
            platform = said.kind if said.kind in PLATFORMS else Kind.CONSTRAINT
            yield Edge(node, replace(said, kind=platform), forced=kind is Kind.ENFORCED_PLATFORM)

    def active(self) -> Iterator[Edge]:
        """The edges that count: those that are followed, and constraints on what is there."""
        there = set(self.reached)
        for node, paths in self.nodes.items():
            for edge in self.edges.get(node, ()):
                if edge.dependency.package in there and not paths.covers(edge.dependency.package):
                    yield edge

    def incoming(self) -> Mapping[Node, Sequence[Edge]]:
        """The edges that lead to each node, the earliest first."""
        found: dict[Node, list[Edge]] = defaultdict(list)
        for edge in self.active():
            version = self.chosen.get(edge.dependency.package)
            if version:
                found[Candidate(edge.dependency.package, version)].append(edge)
        return found

    def wishes(self) -> Mapping[Package, Sequence[tuple[Edge, Wish]]]:
        """What the edges that count say of each module's version."""
        edges = list(self.active())
        strict = self._strict(edges)
        found: dict[Package, list[tuple[Edge, Wish]]] = defaultdict(list)
        for edge in edges:
            found[edge.dependency.package].append((edge, self.wish(edge, strict.get(edge.source, frozenset()))))
        return found

    def wish(self, edge: Edge, strict: frozenset[Package] = frozenset()) -> Wish:
        """What an edge says of a version, where nodes above are strict about some modules."""
        package = edge.dependency.package
        if package in self.forced:
            return Wish(rich_version(self.forced[package]))
        return Wish(RichVersion() if package in strict else rich_version(edge.dependency.constraint), edge.forced)

    def _strict(self, edges: Iterable[Edge]) -> Mapping[Node, frozenset[Package]]:
        """The modules that every path to a node is strict about: what the node itself says of them is void."""
        own: dict[Node, set[Package]] = defaultdict(set)
        sources: dict[Node, list[Node]] = defaultdict(list)
        for edge in edges:
            package = edge.dependency.package
            if rich_version(edge.dependency.constraint).strictly:
                own[edge.source].add(package)
            if version := self.chosen.get(package):
                sources[Candidate(package, version)].append(edge.source)
        if not any(own.values()):
            return {}
        found: dict[Node, frozenset[Package]] = {}
        changed = True
        while changed:
            changed = False
            for node in self.nodes:
                above = [found[s] | own[s] for s in sources[node] if s in found]
                strict = frozenset.intersection(*above) if above else frozenset()
                if found.get(node) != strict:
                    found[node], changed = strict, True
        return found
