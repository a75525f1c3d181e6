"""One POM, as it stands there: nothing inherited, no property replaced (Maven, "POM Reference")."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from resolvers.maven.module import Exclusion
from resolvers.maven.xml_tree import Element, read_xml

_ROOTS = ("project", "model")
_MARKERS = ("published-with-gradle-metadata", "published-with-gradle-6-metadata")
"""Comments which say that there is Gradle Module Metadata beside it (Gradle's ``MetaDataParser``)."""


@dataclass(frozen=True, slots=True)
class Coordinates:
    """A parent, a relocation, or the POM's own; what is missing is empty."""

    group: str = ""
    name: str = ""
    version: str = ""


@dataclass(frozen=True, slots=True)
class PomDependency:
    """An entry of ``dependencies`` or ``dependencyManagement``; what is missing is empty, but the type."""

    group: str
    name: str
    version: str
    scope: str
    type: str
    classifier: str
    optional: bool
    exclusions: frozenset[Exclusion]
    line: int


@dataclass(frozen=True, slots=True)
class Profile:
    """What an active profile adds."""

    properties: Mapping[str, str]
    dependencies: tuple[PomDependency, ...]
    managed: tuple[PomDependency, ...]


@dataclass(frozen=True, slots=True)
class Pom:
    """A POM. ``profiles`` are those that are active by themselves."""

    file: str
    own: Coordinates
    parent: Coordinates | None = None
    properties: Mapping[str, str] = field(default_factory=dict)
    dependencies: tuple[PomDependency, ...] = ()
    managed: tuple[PomDependency, ...] = ()
    profiles: tuple[Profile, ...] = ()
    relocation: Coordinates | None = None
    has_module_metadata: bool = False


def read_pom(content: bytes, file: str) -> Pom:
    """A POM from its bytes; ``file`` is what errors call it. Raises ManifestError."""
    root = read_xml(content, file)
    if root.name not in _ROOTS:
        raise ManifestError(Origin(file, root.line), f"is no POM: it begins with <{root.name[:40]}>")
    parent, relocation = root.find("parent"), root.find("distributionManagement", "relocation")
    return Pom(
        file,
        _coordinates(root),
        None if parent is None else _coordinates(parent),
        _properties(root),
        _dependencies(root.find("dependencies")),
        _dependencies(root.find("dependencyManagement", "dependencies")),
        tuple(_profiles(root.find("profiles"))),
        None if relocation is None else _coordinates(relocation),
        any(marker in comment for comment in root.comments for marker in _MARKERS),
    )


def _coordinates(element: Element) -> Coordinates:
    return Coordinates(element.word("groupId"), element.word("artifactId"), element.word("version"))


def _properties(element: Element) -> Mapping[str, str]:
    properties = element.find("properties")
    return {child.name: child.text for child in properties.children} if properties else {}


def _dependencies(element: Element | None) -> tuple[PomDependency, ...]:
    return tuple(map(_dependency, element.all("dependency"))) if element else ()


def _dependency(element: Element) -> PomDependency:
    exclusions = element.find("exclusions")
    return PomDependency(
        element.word("groupId"),
        element.word("artifactId"),
        element.word("version"),
        element.word("scope"),
        element.word("type") or "jar",
        element.word("classifier"),
        element.word("optional").lower() == "true",
        frozenset(_exclusions(exclusions)) if exclusions else frozenset(),
        element.line,
    )


def _exclusions(element: Element) -> Iterator[Exclusion]:
    for exclusion in element.all("exclusion"):
        group, name = exclusion.word("groupId"), exclusion.word("artifactId")
        if group or name:
            yield Exclusion("" if group == "*" else group, "" if name == "*" else name)


def _profiles(element: Element | None) -> Iterator[Profile]:
    """The profiles that are active where no property is set, as Gradle sees it: those that wait for the absence
    of a property, and if there are none, those that are active by default. What a JDK, an operating system
    or a file would activate is left out.
    """
    profiles = list(element.all("profile")) if element else []
    waiting = [each for each in profiles if not _by_default(each) and _awaits_absence(each)]
    for profile in waiting or filter(_by_default, profiles):
        yield Profile(
            _properties(profile),
            _dependencies(profile.find("dependencies")),
            _dependencies(profile.find("dependencyManagement", "dependencies")),
        )


def _by_default(profile: Element) -> bool:
    return profile.word("activation", "activeByDefault") == "true"


def _awaits_absence(profile: Element) -> bool:
    return profile.word("activation", "property", "name").startswith("!")
