"""Gradle's resolution of a class path: the highest version of each module, over the whole graph.

A version that loses takes what only it depends on out of the graph, so that the graph is traversed again
until no choice changes (Gradle user manual, "Dependency Resolution Model").
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from analyzer.errors import CohabitError
from analyzer.origin import Origin
from analyzer.package import Candidate, Package
from resolvers.maven.gradle_order import key
from resolvers.maven.graph import Edge, Graph, Node
from resolvers.maven.module import Module, ModuleDependency, Modules
from resolvers.maven.selection import Choice, Wish, choose

_PATIENCE = 20
"""Changes of one module's version after which the highest one seen stays."""
_ROUNDS = 5_000
"""Traversals of one graph."""

Roots = Mapping[str, Sequence[ModuleDependency]]
Wishes = Sequence[tuple[Edge, Wish]]


class Fault(StrEnum):
    """Why a graph has no solution."""

    REJECTED = "rejected"
    """The version taken is one that an edge rules out (``strictly``, ``reject``)."""
    CAPABILITY = "capability"
    """Two modules provide the same."""
    UNMATCHED = "unmatched"
    """The repository has no version that is wanted."""
    MISSING = "missing"
    """The repository does not have the version taken."""
    UNREADABLE = "unreadable"
    """The repository cannot be asked, or what it says cannot be read."""
    UNSTABLE = "unstable"
    """No choice of versions lasts."""


CONTRADICTIONS = (Fault.REJECTED, Fault.CAPABILITY)
"""The faults that more repositories would not mend."""


@dataclass(frozen=True, slots=True)
class Failure:
    """What is wrong with a module; ``against`` are edges of which one rules out what the other wants."""

    fault: Fault
    package: Package
    reason: str
    version: str = ""
    against: tuple[Edge, ...] = ()


@dataclass(frozen=True)
class Resolution:
    """A graph at rest. ``versions`` has the modules that are there, platforms among them."""

    graph: Graph
    versions: Mapping[Package, str]
    wishes: Mapping[Package, Wishes]
    incoming: Mapping[Node, Sequence[Edge]]
    failures: tuple[Failure, ...] = ()
    _paths: dict[Node, tuple[Edge, ...]] = field(default_factory=dict)

    @property
    def modules(self) -> tuple[Candidate, ...]:
        """What is on the class path: the modules save platforms."""
        return tuple(sorted(self.graph.libraries & {Candidate(p, v) for p, v in self.versions.items()}))

    def path(self, node: Node) -> tuple[Edge, ...]:
        """The first and shortest way from a root to a node, edge by edge; empty for a root."""
        if not self._paths:
            self._paths.update(self._shortest())
        return self._paths.get(node, ())

    def _shortest(self) -> Mapping[Node, tuple[Edge, ...]]:
        found: dict[Node, tuple[Edge, ...]] = dict.fromkeys(self.graph.roots, ())
        waiting: list[Node] = list(found)
        for node in waiting:
            for edge in self.graph.edges.get(node, ()):
                package = edge.dependency.package
                version = self.versions.get(package)
                if not edge.hard or not version or self.graph.nodes[node].covers(package):
                    continue
                target = Candidate(package, version)
                if target not in found:
                    found[target] = (*found[node], edge)
                    waiting.append(target)
        return found

    def step(self, edge: Edge) -> tuple[str, str]:
        """What an edge leads to, and the file that says so; no file for a root's word."""
        package = edge.dependency.package
        source = edge.source
        by = "" if isinstance(source, str) else f"{source.package.name}-{source.version}.pom"
        return f"{package.name} {self.versions.get(package, edge.dependency.constraint)}".rstrip(), by

    def asking(self, package: Package, version: str) -> Edge | None:
        """The edge nearest to a root that asks for just this version; else the nearest of all."""
        edges = [edge for edge, _ in self.wishes.get(package, ())]
        exact = [e for e, w in self.wishes.get(package, ()) if w.required and w.required.least == version]
        return min(exact or edges, key=lambda e: (len(self.path(e.source)), not e.hard), default=None)


@dataclass
class _Metadata:
    """What a repository says, asked once. Faults are kept."""

    modules: Modules
    faults: dict[Package, str] = field(default_factory=dict)
    _modules: dict[Candidate, Module | None] = field(default_factory=dict)
    _versions: dict[Package, tuple[str, ...]] = field(default_factory=dict)

    def module(self, candidate: Candidate) -> Module | None:
        if candidate not in self._modules:
            try:
                self._modules[candidate] = self.modules.module(candidate)
            except CohabitError as error:
                self.faults[candidate.package] = str(error)
                self._modules[candidate] = Module(candidate, Origin(""))
        return self._modules[candidate]

    def versions(self, package: Package) -> tuple[str, ...]:
        if package not in self._versions:
            try:
                self._versions[package] = self.modules.versions(package)
            except CohabitError as error:
                self.faults[package] = str(error)
                self._versions[package] = ()
        return self._versions[package]


def resolve(roots: Roots, forced: Mapping[Package, str], modules: Modules) -> Resolution:
    """Resolve what ``roots`` ask for, together. ``forced`` (Gradle's ``resolutionStrategy.force``) is what
    some modules are at, whatever is said of them. Never raises: what is wrong is in ``failures``."""
    return _Search(roots, forced, _Metadata(modules)).run()


@dataclass
class _Search:
    roots: Roots
    forced: Mapping[Package, str]
    metadata: _Metadata
    chosen: dict[Package, str] = field(default_factory=dict)
    changes: Counter[Package] = field(default_factory=Counter)
    _based: dict[Package, frozenset[Wish]] = field(default_factory=dict)
    _gone: dict[Package, set[Wish]] = field(default_factory=lambda: defaultdict(set))
    _choices: dict[tuple[Package, tuple[Wish, ...]], Choice] = field(default_factory=dict)

    def run(self) -> Resolution:
        for _ in range(_ROUNDS):
            graph = Graph(self.roots, self.forced, self.metadata.module, self.chosen)
            graph.traverse(lambda edge, graph=graph: self._first(graph, edge))  # type: ignore[misc]
            wishes = graph.wishes()
            self.chosen = {package: graph.chosen[package] for package in graph.reached}
            if not self._changed(graph, wishes):
                return self._at_rest(graph, wishes, ())
        unstable = Failure(Fault.UNSTABLE, graph.reached[-1], "no choice of versions lasts")
        return self._at_rest(graph, wishes, (unstable,))

    def _first(self, graph: Graph, edge: Edge) -> str:
        return self._choice(edge.dependency.package, (graph.wish(edge),)).version

    def _changed(self, graph: Graph, wishes: Mapping[Package, Wishes]) -> bool:
        """Correct the first choice that is not what its wishes lead to. Whether there was one."""
        for package in graph.reached:
            old, new = self.chosen[package], self._of(package, wishes).version
            if not self._reconsiders(package, frozenset(wish for _, wish in wishes.get(package, ()))) or old == new:
                continue
            self.changes[package] += 1
            if self.changes[package] <= _PATIENCE or key(new) > key(old):
                self.chosen[package] = new
                return True
        return False

    def _reconsiders(self, package: Package, wishes: frozenset[Wish]) -> bool:
        """Whether wishes that come or go change a choice. One that went before, came back, and goes again does
        not: else a version that removes its own reason would never rest (Gradle's ``SelectorState``)."""
        before = self._based.get(package, frozenset())
        gone, come = before - wishes, wishes - before
        if gone and not come and gone <= self._gone[package]:
            return False
        self._gone[package] |= gone
        self._based[package] = wishes
        return True

    def _of(self, package: Package, wishes: Mapping[Package, Wishes]) -> Choice:
        return self._choice(package, tuple(dict.fromkeys(wish for _, wish in wishes.get(package, ()))))

    def _choice(self, package: Package, wishes: tuple[Wish, ...]) -> Choice:
        known = self._choices.get((package, wishes))
        if known is None:
            known = self._choices[package, wishes] = choose(wishes, lambda: self.metadata.versions(package))
        return known

    def _at_rest(self, graph: Graph, wishes: Mapping[Package, Wishes], faults: tuple[Failure, ...]) -> Resolution:
        versions = {package: version for package, version in self.chosen.items() if version}
        found = Resolution(graph, versions, wishes, graph.incoming())
        faults = (*faults, *self._faults(graph, wishes), *_capabilities(found, self.metadata))
        return Resolution(graph, versions, wishes, found.incoming, faults)

    def _faults(self, graph: Graph, wishes: Mapping[Package, Wishes]) -> Iterator[Failure]:
        for package in graph.reached:
            choice, version = self._of(package, wishes), self.chosen[package]
            name = f"{package.namespace}:{package.name}"
            if package in self.metadata.faults:
                yield Failure(Fault.UNREADABLE, package, self.metadata.faults[package], version)
            elif Candidate(package, version) in graph.missing:
                yield Failure(Fault.MISSING, package, f"{name} {version} is in no repository", version)
            elif any(wish.rejects(version) for _, wish in wishes[package]):
                yield _rejection(package, version, wishes[package])
            elif choice.unmatched or not version:
                wanted = next((e.dependency.constraint for e, w in wishes[package] if w in choice.unmatched), "")
                reason = f"has no version {wanted}" if wanted else "is wanted in no version at all"
                yield Failure(Fault.UNMATCHED, package, f"{name} {reason}", version)


def _rejection(package: Package, version: str, wishes: Wishes) -> Failure:
    ruling = next(edge for edge, wish in wishes if wish.rejects(version))
    wanting = next((e for e, w in wishes if not w.rejects(version) and w.required), ruling)
    name = f"{package.namespace}:{package.name}"
    reason = f"{name} {version} is wanted, and {ruling.dependency.constraint} rules it out"
    return Failure(Fault.REJECTED, package, reason, version, (ruling, wanting))


def _capabilities(found: Resolution, metadata: _Metadata) -> Iterator[Failure]:
    """Pairs of modules that provide the same."""
    providers: dict[Package, list[Candidate]] = defaultdict(list)
    for candidate in found.modules:
        module = metadata.module(candidate)
        provided = {known.package for known in module.capabilities} if module else set()
        for package in sorted({candidate.package, *provided}):
            providers[package].append(candidate)
    for package, (one, *others) in sorted(providers.items()):
        for other in others[:1]:
            edges = tuple(found.incoming[candidate][0] for candidate in (one, other))
            reason = f"{one.package.name} and {other.package.name} both provide {package.namespace}:{package.name}"
            yield Failure(Fault.CAPABILITY, package, reason, one.version, edges)
