"""A Maven repository that is a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from analyzer.origin import Origin
from analyzer.package import Candidate, Package
from resolvers.maven.module import Exclusion, Kind, Module, ModuleDependency

GROUP = "org.example"


def package(name: str) -> Package:
    """``guava``, or ``group:name``."""
    group, _, rest = name.rpartition(":")
    return Package("maven", rest, group or GROUP)


def candidate(text: str) -> Candidate:
    """``guava 20.0``."""
    name, _, version = text.partition(" ")
    return Candidate(package(name), version)


def said(text: str) -> ModuleDependency:
    """``b [1.0,2.0) exclude c,d``, ``b 1.0 intransitive``, ``constraint b 1.0; reject 1.1``, ``platform bom 1``."""
    kinds = {kind.name.lower().replace("_", "-"): kind for kind in Kind}
    kind = Kind.DEPENDENCY
    if text.split(" ")[0] in kinds:
        first, _, text = text.partition(" ")
        kind = kinds[first]
    transitive = not text.endswith(" intransitive")
    text, _, excluded = text.removesuffix(" intransitive").partition(" exclude ")
    name, _, constraint = text.partition(" ")
    exclusions = frozenset(Exclusion(name=part) for part in excluded.split(",") if part)
    return ModuleDependency(package(name), constraint, kind, exclusions, transitive)


@dataclass
class Table:
    """``modules`` by ``name version``: what each says of others; ``managed`` for those that are platforms,
    ``capabilities`` by the same key."""

    modules: Mapping[str, Sequence[str]]
    managed: Mapping[str, Sequence[str]] = field(default_factory=dict)
    capabilities: Mapping[str, Sequence[str]] = field(default_factory=dict)
    relocated: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._modules = {candidate(text): self._module(text) for text in (*self.modules, *self.managed)}

    def _module(self, text: str) -> Module:
        found = Module(candidate(text), Origin(f"{text}.pom"), tuple(map(said, self.modules.get(text, ()))))
        managed = tuple(replace(said(each), kind=Kind.CONSTRAINT) for each in self.managed.get(text, ()))
        provided = tuple(map(candidate, self.capabilities.get(text, ())))
        moved = candidate(self.relocated[text]) if text in self.relocated else None
        return replace(found, managed=managed, capabilities=provided, relocated=moved)

    def module(self, wanted: Candidate) -> Module | None:
        """As ``Modules``."""
        return self._modules.get(wanted)

    def versions(self, wanted: Package) -> tuple[str, ...]:
        """As ``Modules``."""
        return tuple(known.version for known in self._modules if known.package == wanted)
