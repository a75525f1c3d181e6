"""What a POM says with its parents, imports, properties and profiles taken into account, as Gradle reads it.

The rules are those of Gradle's ``PomReader`` and ``GradlePomModuleDescriptorParser``. Each POM is worked out by
itself, its parent first: what a POM says goes before what it imports, that before what its parent manages.
A parent's words are read with its own coordinates, and with the properties of its children.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from resolvers.maven.pom import Coordinates, Pom, PomDependency
from resolvers.maven.property_values import PropertyValues

DEPTH_LIMIT = 50
"""Parents above one another, imports and relocations inside one another."""
MANAGED_LIMIT = 100_000
"""Entries of dependencyManagement, imports included; the largest BOMs have ten thousand."""
_IMPORT = "import"
_SCOPES = ("compile", "runtime", "provided", "test", "system")
_GAV = ("groupId", "artifactId", "version")

Key = tuple[str, str, str, str]
"""Group, name, type and classifier: what tells one entry from another."""
Find = Callable[[Coordinates], Pom | None]
"""Looks up a POM by its coordinates, without reading what it says."""


@dataclass(frozen=True, slots=True)
class EffectivePom:
    """``dependencies`` have version, scope and exclusions of dependencyManagement where they have none themselves;
    ``managed`` is all of dependencyManagement but the imports."""

    own: Coordinates
    dependencies: tuple[PomDependency, ...]
    managed: tuple[PomDependency, ...]
    relocation: Coordinates | None = None


@dataclass
class EffectivePoms:
    """Works out POMs. Raises ManifestError where one that is needed is missing or leads to itself."""

    find: Find
    _imported: dict[Coordinates, Mapping[Key, PomDependency]] = field(default_factory=dict, repr=False)

    def effective(self, pom: Pom) -> EffectivePom:
        """The effective POM of a POM."""
        trail = (Coordinates(*_raw_own(pom)),)
        level = self._level(pom, {}, trail)
        relocation = _relocation(pom, level)
        if relocation is not None and _same_module(relocation, level.own):
            # Gradle reads the dependencies there, and stays with the version here.
            moved = self._found(relocation, pom, 0, trail)
            level = replace(self._level(moved, {}, (*trail, relocation)), own=level.own)
            relocation = None
        return EffectivePom(
            level.own,
            tuple(_with_defaults(each, level.managed) for each in level.dependencies.values()),
            tuple(each for each in level.managed.values() if each.scope != _IMPORT),
            relocation,
        )

    def _level(self, pom: Pom, inherited: Mapping[str, str], trail: tuple[Coordinates, ...]) -> _Level:
        """A POM with its parents; ``inherited`` are its children's properties, ``trail`` leads to it."""
        spoken = {**pom.properties, **inherited}
        parent = self._parent(pom, PropertyValues(_properties(pom, spoken, {}), pom.file), inherited, trail)
        properties = _properties(pom, spoken, parent.properties if parent else {})
        values = PropertyValues(properties, pom.file)
        own = _own(pom, values)
        said = {_key(each): each for each in (_replaced(entry, values) for entry in pom.dependencies)}
        told = {**said, **{k: v for k, v in parent.dependencies.items() if k not in said}} if parent else said
        added = (_replaced(entry, values) for profile in pom.profiles for entry in profile.dependencies)
        managed = self._managed(pom, values, parent, trail)
        return _Level(own, values, properties, {**told, **{_key(each): each for each in added}}, managed)

    def _parent(
        self, pom: Pom, values: PropertyValues, inherited: Mapping[str, str], trail: tuple[Coordinates, ...]
    ) -> _Level | None:
        if pom.parent is None:
            return None
        wanted = _filled(pom.parent, pom.own, values)
        if wanted == _own(pom, values):
            return None
        # For a grandparent the parent's properties go before the child's; Maven has it the other way round.
        passed = {**inherited, **pom.properties}
        return self._level(self._found(wanted, pom, 0, trail), passed, (*trail, wanted))

    def _managed(
        self, pom: Pom, values: PropertyValues, parent: _Level | None, trail: tuple[Coordinates, ...]
    ) -> Mapping[Key, PomDependency]:
        entries = [*pom.managed, *(entry for profile in pom.profiles for entry in profile.managed)]
        own = [_replaced(entry, values) for entry in entries]
        imported: dict[Key, PomDependency] = {}
        for entry in reversed([entry for entry in own if entry.scope == _IMPORT]):
            imported.update(self._import(entry, pom, trail))
        managed = {**(parent.managed if parent else {}), **imported, **{_key(each): each for each in own}}
        if len(managed) > MANAGED_LIMIT:
            raise ManifestError(Origin(pom.file), f"manages more than {MANAGED_LIMIT} dependencies")
        return managed

    def _import(self, entry: PomDependency, pom: Pom, trail: tuple[Coordinates, ...]) -> Mapping[Key, PomDependency]:
        wanted = Coordinates(entry.group, entry.name, entry.version)
        if wanted not in self._imported:
            found = self._found(wanted, pom, entry.line, trail)
            self._imported[wanted] = self._level(found, {}, (*trail, wanted)).managed
        return self._imported[wanted]

    def _found(self, wanted: Coordinates, pom: Pom, line: int, trail: tuple[Coordinates, ...]) -> Pom:
        name = f"{wanted.group}:{wanted.name}:{wanted.version}"[:200]
        if wanted in trail or len(trail) > DEPTH_LIMIT:
            raise ManifestError(Origin(pom.file, line), f"has parents or imports that lead to themselves: {name}")
        found = self.find(wanted)
        if found is None:
            raise ManifestError(Origin(pom.file, line), f"rests on {name}, which no repository given has")
        return found


@dataclass(frozen=True, slots=True)
class _Level:
    own: Coordinates
    values: PropertyValues
    properties: Mapping[str, str]
    dependencies: Mapping[Key, PomDependency]
    managed: Mapping[Key, PomDependency]


def _properties(pom: Pom, spoken: Mapping[str, str], above: Mapping[str, str]) -> dict[str, str]:
    """All properties of a POM, from the weakest to the strongest."""
    parent = pom.parent or Coordinates()
    family = dict(zip(_GAV, (parent.group, parent.name, parent.version), strict=True)) if pom.parent else {}
    inherited = {f"{prefix}{key}": value for prefix in ("parent.", "project.parent.") for key, value in family.items()}
    own = dict(zip(_GAV, _raw_own(pom), strict=True))
    named = {f"{prefix}{key}": value for prefix in ("", "pom.", "project.") for key, value in own.items()}
    active = {key: value for profile in pom.profiles for key, value in profile.properties.items()}
    return {**above, **spoken, **inherited, **active, **named}


def _raw_own(pom: Pom) -> tuple[str, str, str]:
    parent = pom.parent or Coordinates()
    own = pom.own
    return own.group or parent.group, own.name or parent.name, own.version or parent.version


def _own(pom: Pom, values: PropertyValues) -> Coordinates:
    return Coordinates(*map(values.replace, _raw_own(pom)))


def _filled(wanted: Coordinates, default: Coordinates, values: PropertyValues) -> Coordinates:
    words = (wanted.group or default.group, wanted.name or default.name, wanted.version or default.version)
    return Coordinates(*map(values.replace, words))


def _relocation(pom: Pom, level: _Level) -> Coordinates | None:
    return None if pom.relocation is None else _filled(pom.relocation, level.own, level.values)


def _same_module(one: Coordinates, other: Coordinates) -> bool:
    return (one.group, one.name) == (other.group, other.name)


def _replaced(entry: PomDependency, values: PropertyValues) -> PomDependency:
    words = (entry.group, entry.name, entry.version, entry.scope, entry.type, entry.classifier)
    if not any("${" in word for word in words):
        return entry

    def replaced(text: str) -> str:
        return values.replace(text, entry.line)

    return replace(
        entry,
        group=replaced(entry.group),
        name=replaced(entry.name),
        version=replaced(entry.version),
        scope=replaced(entry.scope),
        type=replaced(entry.type),
        classifier=replaced(entry.classifier),
    )


def _key(entry: PomDependency) -> Key:
    return entry.group, entry.name, entry.type, entry.classifier


def _with_defaults(entry: PomDependency, managed: Mapping[Key, PomDependency]) -> PomDependency:
    default = managed.get(_key(entry))
    scope = entry.scope or (default.scope if default else "")
    return replace(
        entry,
        version=entry.version or (default.version if default else ""),
        scope=scope if scope in _SCOPES else _SCOPES[0],
        exclusions=entry.exclusions or (default.exclusions if default else frozenset()),
    )
