"""Gradle Module Metadata (format 1.1): the variants that Gradle takes of a module for a JVM.

Variants are chosen by attributes as for a ``runtimeClasspath`` (Gradle user manual, "Variant-aware matching"; the
rules of ``JavaEcosystemAttributesDescriber``'s attributes): all that a variant has of those asked for must suit, and of
several the preferred ones are taken. Nothing bounds the JDK here: of variants for several the newest wins.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from analyzer.package import Candidate
from resolvers.maven.coordinates import package
from resolvers.maven.module import Exclusion, Kind, Module, ModuleDependency

_CATEGORY = "org.gradle.category"
_USAGE = "org.gradle.usage"
_ELEMENTS = "org.gradle.libraryelements"
_BUNDLING = "org.gradle.dependency.bundling"
_ENVIRONMENT = "org.gradle.jvm.environment"
_JDK = "org.gradle.jvm.version"
_KOTLIN = "org.jetbrains.kotlin.platform.type"
_RUNTIME_USAGES = ("java-runtime", "java-runtime-jars")
_API_USAGES = ("java-api", "java-api-jars")

_SUITABLE: Mapping[str, tuple[str, ...]] = {
    _ELEMENTS: ("jar",),
    _BUNDLING: ("external", "embedded", "shadowed"),
    _KOTLIN: ("jvm", "androidJvm"),
}
"""What else a variant may have of the attributes asked for; the first is preferred."""
_PLATFORMS = {"platform": Kind.PLATFORM, "enforced-platform": Kind.ENFORCED_PLATFORM}


class _Version(msgspec.Struct):
    requires: str = ""
    strictly: str = ""
    prefers: str = ""
    rejects: list[str] = []


class _Excluded(msgspec.Struct):
    group: str = "*"
    module: str = "*"


class _Selector(msgspec.Struct):
    classifier: str | None = None


class _Compatibility(msgspec.Struct):
    artifact: _Selector | None = msgspec.field(name="artifactSelector", default=None)


_Attributes = dict[str, str | int | float | bool | None]


class _Dependency(msgspec.Struct):
    group: str
    module: str
    version: _Version | None = None
    excludes: list[_Excluded] = []
    attributes: _Attributes = {}
    compatibility: _Compatibility | None = msgspec.field(name="thirdPartyCompatibility", default=None)


class _Capability(msgspec.Struct):
    group: str
    name: str
    version: str | None = None


class _Location(msgspec.Struct):
    group: str
    module: str
    version: str


class _Variant(msgspec.Struct):
    name: str = ""
    attributes: _Attributes = {}
    dependencies: list[_Dependency] = []
    constraints: list[_Dependency] = msgspec.field(name="dependencyConstraints", default_factory=list)
    capabilities: list[_Capability] = []
    location: _Location | None = msgspec.field(name="available-at", default=None)

    def told(self, attribute: str) -> str:
        """An attribute as text; empty where the variant has none."""
        value = self.attributes.get(attribute)
        return "" if value is None else str(value)


class _Metadata(msgspec.Struct):
    variants: list[_Variant] = []


def read_module_metadata(candidate: Candidate, content: bytes, file: str) -> Module:
    """The Module that a ``.module`` file tells. ``managed`` is what its platform variant says.

    A variant that is ``available-at`` another module is a dependency on that one. Raises ManifestError where it is no
    such file, or has nothing for a JVM's runtime class path.
    """
    metadata = _decoded(content, file)
    own = [variant for variant in metadata.variants if _provides(variant, candidate)]
    library, platform = _best(filter(_is_library, own)), _best(filter(_is_platform, own))
    if library is None and platform is None:
        raise ManifestError(Origin(file), "has no variant for a JVM's runtime class path")
    return Module(
        candidate,
        Origin(file),
        _dependencies(library) if library else (),
        _dependencies(platform) if platform else (),
        _capabilities(library, candidate) if library else (),
    )


def _decoded(content: bytes, file: str) -> _Metadata:
    try:
        return msgspec.json.decode(content.removeprefix(b"\xef\xbb\xbf"), type=_Metadata)
    except msgspec.ValidationError as error:
        raise ManifestError(Origin(file), f"is no Gradle Module Metadata: {error}") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ManifestError(Origin(file), "is no valid JSON") from error
    except RecursionError as error:
        raise ManifestError(Origin(file), "is nested too deeply") from error


def _provides(variant: _Variant, candidate: Candidate) -> bool:
    """Whether it is a variant of the module itself, and no feature of it that must be asked for by name."""
    provided = {(each.group, each.name) for each in variant.capabilities}
    return not provided or (candidate.package.namespace, candidate.package.name) in provided


def _is_library(variant: _Variant) -> bool:
    if variant.told(_CATEGORY) not in ("", "library") or variant.told(_USAGE) not in ("", *_RUNTIME_USAGES):
        return False
    return all(variant.told(name) in ("", *suitable) for name, suitable in _SUITABLE.items())


def _is_platform(variant: _Variant) -> bool:
    return variant.told(_CATEGORY) == "platform" and variant.told(_USAGE) in ("", *_RUNTIME_USAGES, *_API_USAGES)


def _best(variants: Iterable[_Variant]) -> _Variant | None:
    return min(variants, key=_preference, default=None)


def _preference(variant: _Variant) -> tuple[int, ...]:
    """The lower the better. What is not told is worse than what is preferred, and better than the rest."""
    jdk = variant.told(_JDK)
    return (
        _rank(variant.told(_USAGE), _RUNTIME_USAGES),
        _rank(variant.told(_ENVIRONMENT), ("standard-jvm",)),
        *(_rank(variant.told(name), suitable) for name, suitable in _SUITABLE.items()),
        -int(jdk) if jdk.isascii() and jdk.isdigit() and len(jdk) < 6 else 0,
        len(variant.attributes),
    )


def _rank(value: str, preferred: Sequence[str]) -> int:
    if value in preferred:
        return 0 if value == preferred[0] else 2
    return 3 if value else 1


def _dependencies(variant: _Variant) -> tuple[ModuleDependency, ...]:
    if (there := variant.location) is not None:
        return (ModuleDependency(package(there.group, there.module), there.version),)
    wanted = [_dependency(each, Kind.DEPENDENCY) for each in variant.dependencies]
    return tuple(dict.fromkeys([*wanted, *(_dependency(each, Kind.CONSTRAINT) for each in variant.constraints)]))


def _dependency(told: _Dependency, kind: Kind) -> ModuleDependency:
    category = str(told.attributes.get(_CATEGORY, ""))
    artifact = told.compatibility.artifact if told.compatibility else None
    return ModuleDependency(
        package(told.group, told.module),
        _constraint(told.version) if told.version else "",
        _PLATFORMS.get(category, kind) if kind is Kind.DEPENDENCY else kind,
        frozenset(Exclusion(*("" if word == "*" else word for word in (e.group, e.module))) for e in told.excludes),
        classifier=(artifact.classifier if artifact else None) or "",
    )


def _constraint(version: _Version) -> str:
    """A rich version as a Requirement has it; what is strict needs not be required as well."""
    required = "" if version.strictly == version.requires else version.requires
    terms = [
        f"strictly {version.strictly}" if version.strictly else "",
        required,
        f"prefer {version.prefers}" if version.prefers else "",
        *(f"reject {rejected}" for rejected in version.rejects),
    ]
    return "; ".join(filter(None, terms))


def _capabilities(variant: _Variant, candidate: Candidate) -> tuple[Candidate, ...]:
    provided = (Candidate(package(each.group, each.name), each.version or "") for each in variant.capabilities)
    return tuple(each for each in provided if each.package != candidate.package)
