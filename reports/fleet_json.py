"""The Fleet as JSON (``cohabit.fleet/1``): gather on the hosts, analyze elsewhere."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

import msgspec
from msgspec import Meta

from analyzer.boundary import Boundary
from analyzer.errors import ManifestError
from analyzer.origin import Origin
from analyzer.package import Candidate, Package
from analyzer.requirement import Force, Locked, Requirement, Source
from analyzer.service import DependencySet, Fleet, Platform, Port, PresentEnvironment, Service, Skipped
from reports.canonical_json import decode, encode

SCHEMA: Literal["cohabit.fleet/1"] = "cohabit.fleet/1"

Line: TypeAlias = Annotated[int, Meta(ge=0, le=2**53, description="Counts from 1; 0 means the file as a whole.")]
PackageName: TypeAlias = Annotated[
    str, Meta(pattern="^[^/]*/", description="type/namespace/name as in a purl, with % and / inside a part encoded.")
]


class Shape(msgspec.Struct, forbid_unknown_fields=True):
    """The root of every object in cohabit's JSON: unknown fields are errors."""


class SourceShape(Shape):
    """A place that a package must come from instead of an index."""

    kind: str
    location: str
    reference: str


class RequirementShape(Shape):
    """What a service needs, and where it says so. ``constraint`` is in the ecosystem's own syntax."""

    package: PackageName
    constraint: str
    file: str
    line: Line
    text: str
    extras: tuple[str, ...]
    force: Force
    source: SourceShape | None
    marker: str


class LockedShape(Shape):
    """A version that a lock fixes, and where it says so."""

    package: PackageName
    version: str
    file: str
    line: Line
    text: str
    extras: tuple[str, ...]
    source: SourceShape | None
    marker: str


class SkippedShape(Shape):
    """What was not taken into account; ``incomplete`` where a verdict may be wrong for want of it."""

    what: str
    reason: str
    file: str
    line: Line
    text: str
    incomplete: bool


class SetShape(Shape):
    """A service's requirements in one ecosystem; ``locked`` is null without a lock."""

    ecosystem: str
    bundled: bool
    closed: bool
    requirements: tuple[RequirementShape, ...]
    locked: tuple[LockedShape, ...] | None
    unknown: tuple[str, ...]


class PlatformShape(Shape):
    """What a service runs on."""

    python: str
    os: str
    arch: str


class PortShape(Shape):
    """A port that a service listens on, and where that is said."""

    number: Annotated[int, Meta(ge=0, le=65535)]
    protocol: str
    file: str
    line: Line
    text: str


class ServiceShape(Shape):
    """What is deployed and run as one unit. ``memory`` is in bytes, ``cpu`` in cores; ``base`` is what fixes
    the operating system, such as a Dockerfile's FROM. ``devices`` are needed of a machine, ``kernel`` of its
    kernel."""

    name: str
    path: str
    platform: PlatformShape
    sets: tuple[SetShape, ...]
    interpreter: tuple[RequirementShape, ...]
    skipped: tuple[SkippedShape, ...]
    evidence: tuple[str, ...]
    owner: str
    trust: str
    memory: Annotated[int, Meta(ge=0)] | None
    cpu: Annotated[float, Meta(ge=0)] | None
    ports: tuple[PortShape, ...] = ()
    base: tuple[RequirementShape, ...] = ()
    image: str = ""
    replicas: Annotated[int, Meta(ge=0)] = 1
    devices: tuple[str, ...] = ()
    kernel: tuple[str, ...] = ()
    run_seconds: Annotated[float, Meta(ge=0)] | None = None
    image_size: Annotated[int, Meta(ge=0)] | None = None
    unzipped_size: Annotated[int, Meta(ge=0)] | None = None
    stateful: bool | None = None


class PresentShape(Shape):
    """Services that share one boundary today."""

    boundary: Boundary
    services: tuple[str, ...]


class FleetShape(Shape):
    """All services examined together."""

    name: str
    services: tuple[ServiceShape, ...]
    present: tuple[PresentShape, ...]
    boundaries: tuple[Boundary, ...]
    skipped: tuple[SkippedShape, ...]


class FleetDocument(Shape):
    """What ``cohabit gather`` saves."""

    schema: Literal["cohabit.fleet/1"]
    fleet: FleetShape


def fleet_to_json(fleet: Fleet) -> bytes:
    """A Fleet as canonical JSON: the same Fleet gives the same bytes."""
    return encode(FleetDocument(SCHEMA, fleet_shape(fleet)))


def fleet_from_json(data: bytes, name: str = "fleet.json") -> Fleet:
    """The Fleet that ``fleet_to_json`` wrote; ``name`` names the input in errors.

    Raises ManifestError with the path inside the JSON, or the line of a syntax error.
    """
    return fleet_value(decode(data, FleetDocument, name).fleet, name)


def fleet_shape(fleet: Fleet) -> FleetShape:
    """A Fleet in the form of its JSON."""
    return FleetShape(
        fleet.name,
        tuple(_service_shape(service) for service in fleet.services),
        tuple(PresentShape(present.boundary, present.services) for present in fleet.present),
        fleet.boundaries,
        tuple(_skipped_shape(item) for item in fleet.skipped),
    )


def fleet_value(shape: FleetShape, file: str) -> Fleet:
    """The Fleet of a shape. Raises ManifestError where two services have one name."""
    seen: set[str] = set()
    for number, service in enumerate(shape.services):
        if service.name in seen:
            raise ManifestError(Origin(file), f"A second service of that name - at `$.fleet.services[{number}].name`")
        seen.add(service.name)
    return Fleet(
        shape.name,
        tuple(_service_value(service) for service in shape.services),
        tuple(PresentEnvironment(present.boundary, present.services) for present in shape.present),
        shape.boundaries,
        tuple(_skipped_value(item) for item in shape.skipped),
    )


def package_name(package: Package) -> str:
    """A Package as one text that ``package_value`` reads back, whatever its parts hold."""
    namespace = f"{package.namespace.replace('%', '%25')}/" if package.namespace else ""
    return f"{_part(package.type)}/{namespace}{_part(package.name)}"


def package_value(text: str) -> Package:
    """The Package that ``package_name`` wrote."""
    type_, _, rest = text.partition("/")
    namespace, _, name = rest.rpartition("/")
    return Package(*(part.replace("%2F", "/").replace("%25", "%") for part in (type_, name, namespace)))


def _part(text: str) -> str:
    return text.replace("%", "%25").replace("/", "%2F")


def requirement_shape(requirement: Requirement) -> RequirementShape:
    """A Requirement in the form of its JSON."""
    origin = requirement.origin
    return RequirementShape(
        package_name(requirement.package),
        requirement.constraint,
        origin.file,
        origin.line,
        origin.text,
        requirement.extras,
        requirement.force,
        _source_shape(requirement.source),
        requirement.marker,
    )


def requirement_value(shape: RequirementShape) -> Requirement:
    """The Requirement of a shape."""
    return Requirement(
        package_value(shape.package),
        shape.constraint,
        Origin(shape.file, shape.line, shape.text),
        shape.extras,
        shape.force,
        _source_value(shape.source),
        shape.marker,
    )


def _source_shape(source: Source | None) -> SourceShape | None:
    return SourceShape(source.kind, source.location, source.reference) if source is not None else None


def _source_value(shape: SourceShape | None) -> Source | None:
    return Source(shape.kind, shape.location, shape.reference) if shape is not None else None


def _locked_shape(locked: Locked) -> LockedShape:
    origin = locked.origin
    return LockedShape(
        package_name(locked.candidate.package),
        locked.candidate.version,
        origin.file,
        origin.line,
        origin.text,
        locked.extras,
        _source_shape(locked.source),
        locked.marker,
    )


def _locked_value(shape: LockedShape) -> Locked:
    return Locked(
        Candidate(package_value(shape.package), shape.version),
        Origin(shape.file, shape.line, shape.text),
        shape.extras,
        _source_value(shape.source),
        shape.marker,
    )


def _skipped_shape(item: Skipped) -> SkippedShape:
    origin = item.origin
    return SkippedShape(item.what, item.reason, origin.file, origin.line, origin.text, item.incomplete)


def _skipped_value(shape: SkippedShape) -> Skipped:
    return Skipped(shape.what, shape.reason, Origin(shape.file, shape.line, shape.text), shape.incomplete)


def _set_shape(dependencies: DependencySet) -> SetShape:
    locked = dependencies.locked
    return SetShape(
        dependencies.ecosystem,
        dependencies.bundled,
        dependencies.closed,
        tuple(requirement_shape(r) for r in dependencies.requirements),
        None if locked is None else tuple(_locked_shape(item) for item in locked),
        dependencies.unknown,
    )


def _set_value(shape: SetShape) -> DependencySet:
    return DependencySet(
        shape.ecosystem,
        tuple(requirement_value(r) for r in shape.requirements),
        None if shape.locked is None else tuple(_locked_value(item) for item in shape.locked),
        shape.bundled,
        shape.closed,
        shape.unknown,
    )


def _service_shape(service: Service) -> ServiceShape:
    platform = service.platform
    return ServiceShape(
        service.name,
        service.path,
        PlatformShape(platform.python, platform.os, platform.arch),
        tuple(_set_shape(dependencies) for dependencies in service.sets),
        tuple(requirement_shape(r) for r in service.interpreter),
        tuple(_skipped_shape(item) for item in service.skipped),
        service.evidence,
        service.owner,
        service.trust,
        service.memory,
        service.cpu,
        tuple(PortShape(p.number, p.protocol, p.origin.file, p.origin.line, p.origin.text) for p in service.ports),
        tuple(requirement_shape(r) for r in service.base),
        service.image,
        service.replicas,
        service.devices,
        service.kernel,
        service.run_seconds,
        service.image_size,
        service.unzipped_size,
        service.stateful,
    )


def _service_value(shape: ServiceShape) -> Service:
    return Service(
        shape.name,
        shape.path,
        Platform(shape.platform.python, shape.platform.os, shape.platform.arch),
        tuple(_set_value(dependencies) for dependencies in shape.sets),
        tuple(requirement_value(r) for r in shape.interpreter),
        tuple(_skipped_value(item) for item in shape.skipped),
        shape.evidence,
        shape.owner,
        shape.trust,
        shape.memory,
        shape.cpu,
        tuple(Port(p.number, Origin(p.file, p.line, p.text), p.protocol) for p in shape.ports),
        tuple(requirement_value(r) for r in shape.base),
        shape.image,
        shape.replicas,
        shape.devices,
        shape.kernel,
        shape.run_seconds,
        shape.image_size,
        shape.unzipped_size,
        shape.stateful,
    )
