"""What a Gradle build without a lock was built with: its class path, resolved alone.

It is told as Requirements, so that services can be compared without resolving each set of them anew: the
version of each module (``==``), what published modules are strict about, and what they constrain.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from analyzer.package import Candidate, Package
from analyzer.requirement import Force, Requirement
from resolvers.maven.graph import Edge, Node
from resolvers.maven.module import Exclusion, Kind, ModuleDependency, Modules
from resolvers.maven.resolution import CONTRADICTIONS, Resolution, resolve
from resolvers.maven.rich_version import RichVersion, rich_version

PLATFORM = "platform"
"""The extra of a Requirement on a BOM."""
WITHOUT = "without "
"""Begins an extra of a fixed version: what is said below it and excluded (``without group:name 1.0``)."""
OVERRULED = "overruled "
"""The same, of what strict words above replace."""
_EXCLUDE = "exclude "


@dataclass(frozen=True)
class ClassPath:
    """The requirements that one was resolved from, in the order of the root's edges, and the graph."""

    declared: tuple[Requirement, ...]
    resolution: Resolution

    @property
    def unknown(self) -> str:
        """Why the repository leaves open what the class path is; empty if it does not."""
        failures = self.resolution.failures
        return next((f.reason for f in failures if f.fault not in CONTRADICTIONS), "")

    def chain(self, edge: Edge) -> tuple[Edge, ...]:
        """From the root to an edge, this included."""
        return (*self.resolution.path(edge.source), edge)

    def line(self, edge: Edge) -> Requirement:
        """The declared Requirement that an edge follows from."""
        return self.declared[self.chain(edge)[0].place]

    def derived(self) -> Iterator[Requirement]:
        """All that follows from what is declared."""
        yield from self._contradictions()
        yield from self._pins()
        yield from self._rules()

    def _pins(self) -> Iterator[Requirement]:
        unheard = self._unheard()
        for found in self.resolution.modules:
            edge = self.resolution.asking(found.package, found.version)
            if edge is not None:
                extras = tuple(sorted(unheard.get(found, ())))
                yield Requirement(found.package, f"=={found.version}", self.line(edge).origin, extras)

    def _unheard(self) -> Mapping[Candidate, set[str]]:
        """What modules say of others and is not heard here, for an exclusion or a strict word above, by each module
        on the way: who comes to one of them by another way hears it."""
        found: dict[Candidate, set[str]] = defaultdict(set)
        for node, edges in self.resolution.graph.edges.items():
            for edge in edges if not isinstance(node, str) else ():
                if self._is_unheard(edge):
                    text = self._as_extra(edge)
                    for above in self._above(node):
                        found[above].add(text)
        return found

    def _as_extra(self, edge: Edge) -> str:
        word = edge.dependency
        kind = WITHOUT if self.resolution.graph.nodes[edge.source].covers(word.package) else OVERRULED
        return f"{kind}{word.package.namespace}:{word.package.name} {word.constraint}"

    def _is_unheard(self, edge: Edge) -> bool:
        word, graph = edge.dependency, self.resolution.graph
        version = self.resolution.versions.get(word.package, "")
        if word.package in graph.forced or (not version and not edge.hard):
            return False
        rich = rich_version(word.constraint)
        short = any(known.lies_above(version) for known in (*rich.require, *rich.strictly))
        return not version or short or any(known.admits(version) for known in rich.reject) or _is_below(rich, version)

    def _above(self, node: Node) -> Iterator[Candidate]:
        waiting, seen = [node], {node}
        for each in waiting:
            if not isinstance(each, str):
                yield each
                sources = {edge.source for edge in self.resolution.incoming.get(each, ())} - seen
                seen |= sources
                waiting += sorted(sources, key=str)

    def _rules(self) -> Iterator[Requirement]:
        """What counts for others besides: strict words on modules that are there, constraints on those that are not."""
        said: dict[tuple[Package, str], Requirement] = {}
        for edge in (*self._strict(), *self._waiting()):
            word, line = edge.dependency, self.line(edge)
            made = Requirement(word.package, word.constraint, line.origin, force=Force.LIMITS)
            if word.constraint and line.force is not Force.OVERRIDES:
                said.setdefault((word.package, word.constraint), line if isinstance(edge.source, str) else made)
        yield from said.values()

    def _strict(self) -> Iterator[Edge]:
        known = (item for wishes in self.resolution.wishes.values() for item in wishes)
        return (edge for edge, wish in known if wish.rich.strictly or wish.rich.reject)

    def _waiting(self) -> Iterator[Edge]:
        known = (edge for edges in self.resolution.graph.edges.values() for edge in edges)
        absent = (e for e in known if not e.hard and e.dependency.package not in self.resolution.versions)
        return (e for e in absent if not self.resolution.graph.nodes[e.source].covers(e.dependency.package))

    def _contradictions(self) -> Iterator[Requirement]:
        for failure in self.resolution.failures:
            for edge in failure.against:
                word = edge.dependency
                yield Requirement(word.package, word.constraint, self.line(edge).origin)


def _is_below(rich: RichVersion, version: str) -> bool:
    return any(known.lies_below(version) for known in rich.strictly)


def class_path(name: str, declared: Iterable[Requirement], modules: Modules) -> ClassPath:
    """Resolve what one service declares."""
    known = tuple(declared)
    forced = {r.package: r.constraint for r in known if _is_forced(r)}
    return ClassPath(known, resolve({name: tuple(map(word, known))}, forced, modules))


def _is_forced(requirement: Requirement) -> bool:
    return requirement.force is Force.OVERRIDES and PLATFORM not in requirement.extras


def word(requirement: Requirement) -> ModuleDependency:
    """A Requirement as an edge. What is forced counts only where something else wants the module."""
    exclusions = frozenset(exclusion(text) for text in requirement.extras if text.startswith(_EXCLUDE))
    everything = Exclusion() in exclusions
    return ModuleDependency(
        requirement.package, requirement.constraint, _kind(requirement), exclusions - {Exclusion()}, not everything
    )


def _kind(requirement: Requirement) -> Kind:
    if PLATFORM in requirement.extras:
        return Kind.ENFORCED_PLATFORM if requirement.force is Force.OVERRIDES else Kind.PLATFORM
    return Kind.DEPENDENCY if requirement.force is Force.REQUIRES else Kind.CONSTRAINT


def exclusion(text: str) -> Exclusion:
    """``exclude group:name``, of which either may be ``*``."""
    group, _, name = text.removeprefix(_EXCLUDE).partition(":")
    return Exclusion(group.replace("*", ""), name.replace("*", ""))
