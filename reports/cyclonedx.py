"""Services as CycloneDX 1.6 (ECMA-424) in JSON: what each brings, and the line that says so.

There is no serial number and no time in it: the same Fleet gives the same bytes.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from typing import Any

from packageurl import PackageURL

from analyzer.demands import OPERATING_SYSTEM
from analyzer.origin import Origin
from analyzer.package import Package
from analyzer.requirement import Locked, Requirement
from analyzer.service import DependencySet, Fleet, Platform, Service
from reports.canonical_json import encode

VERSION = "1.6"

_PURL_TYPES = frozenset({"cargo", "deb", "golang", "maven", "npm", "pypi", "rpm"})
_OF_A_SYSTEM = frozenset({"deb", "rpm"})
_NAME = re.compile(r"[^\s/]+")
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")

Json = dict[str, Any]


def fleet_to_cyclonedx(fleet: Fleet) -> bytes:
    """One document: a component for each Service, which holds its own. Of a single Service, its own document."""
    if len(fleet.services) == 1:
        return service_to_cyclonedx(fleet.services[0])
    subject = {"type": "application", "bom-ref": "fleet", "name": fleet.name or "fleet"}
    components = [{**_subject(s), "components": _components(s)} for s in fleet.services]
    edges = [_edge("fleet", (_reference(s) for s in fleet.services)), *(_edges_of(s) for s in fleet.services)]
    return _document(subject, components, edges)


def service_to_cyclonedx(service: Service) -> bytes:
    """The document of one Service, which is its subject."""
    return _document(_subject(service), _components(service), [_edges_of(service)])


def documents(fleet: Fleet) -> Mapping[str, bytes]:
    """By file name, a document for each Service."""
    found: dict[str, bytes] = {}
    for service in fleet.services:
        plain = _UNSAFE.sub("-", service.name).strip("-.")[:100] or "service"
        name = f"{plain}.cdx.json"
        if name in found or plain != service.name:
            digest = hashlib.sha256(service.name.encode(errors="surrogatepass")).hexdigest()
            name = f"{plain}-{digest[:8]}.cdx.json"
        found[name] = service_to_cyclonedx(service)
    return found


def _document(subject: Json, components: list[Json], edges: list[Json]) -> bytes:
    return encode(
        {
            "bomFormat": "CycloneDX",
            "specVersion": VERSION,
            "version": 1,
            "metadata": {"component": subject},
            "components": components,
            "dependencies": edges,
        }
    )


def _subject(service: Service) -> Json:
    return {
        "type": "application",
        "bom-ref": _reference(service),
        "name": service.name,
        "properties": [_property("path", service.path or ".")],
    }


def _reference(service: Service) -> str:
    return f"service:{service.name}"


def _edges_of(service: Service) -> Json:
    return _edge(_reference(service), (component["bom-ref"] for component in _components(service)))


def _edge(reference: str, others: Iterable[str]) -> Json:
    return {"ref": reference, "dependsOn": sorted(others)}


def _components(service: Service) -> list[Json]:
    """The operating system where it is known, then the packages of all sets, in order of their references."""
    found: dict[str, Json] = {}
    for group in service.sets:
        required: dict[Package, list[Requirement]] = {}
        for requirement in group.requirements:
            required.setdefault(requirement.package, []).append(requirement)
        for pin in group.locked or ():
            _add(found, _component(service, group, pin, required.pop(pin.candidate.package, [])))
        for package, wanted in required.items():
            _add(found, _component(service, group, package, wanted))
    return [*_system(service), *(found[reference] for reference in sorted(found))]


def _add(found: dict[str, Json], component: Json) -> None:
    known = found.setdefault(component["bom-ref"], component)
    if known is not component:
        for field in ("properties", "occurrences"):
            there = known["evidence"] if field == "occurrences" else known
            more = component["evidence"] if field == "occurrences" else component
            there[field] += [item for item in more[field] if item not in there[field]]


def _component(service: Service, group: DependencySet, what: Locked | Package, wanted: list[Requirement]) -> Json:
    """One package: at the version that a lock fixes, or without a version as it is required."""
    package = what if isinstance(what, Package) else what.candidate.package
    version = "" if isinstance(what, Package) else what.candidate.version
    origins = [requirement.origin for requirement in wanted]
    origins += [] if isinstance(what, Package) else [what.origin]
    reference = f"{_reference(service)}#{package}{'@' if version else ''}{version}"
    component: Json = {"type": "library", "bom-ref": reference, "name": package.name}
    component |= {"group": package.namespace} if package.namespace else {}
    component |= {"version": version} if version else {}
    component |= {"purl": purl} if (purl := _purl(package, version, service.platform)) else {}
    component["properties"] = [_property("ecosystem", group.ecosystem)]
    component["properties"] += [_property("bundled", "true")] if group.bundled else []
    component["properties"] += [_property("required", r.constraint) for r in wanted if r.constraint]
    component["properties"] += [_property("source", str(r.source)) for r in wanted if r.source is not None]
    component["evidence"] = {"occurrences": [_occurrence(origin) for origin in dict.fromkeys(origins)]}
    return component


def _purl(package: Package, version: str, platform: Platform) -> str:
    """The package URL; empty where the name is none (a file that an rpm wants) or the type has no purl."""
    if package.type not in _PURL_TYPES or not _NAME.fullmatch(package.name):
        return ""
    is_system = package.type in _OF_A_SYSTEM and ":" in platform.os
    qualifiers = {"distro": platform.os.replace(":", "-")} if is_system else None
    try:
        return PackageURL(
            package.type, package.namespace or None, package.name, version or None, qualifiers
        ).to_string()
    except ValueError:
        return ""


def _system(service: Service) -> list[Json]:
    release, _, number = service.platform.os.partition(":")
    if not number:
        return []
    origins = [r.origin for r in service.base if r.package == OPERATING_SYSTEM]
    component: Json = {
        "type": "operating-system",
        "bom-ref": f"{_reference(service)}#os",
        "name": release,
        "version": number,
        "evidence": {"occurrences": [_occurrence(origin) for origin in origins]},
    }
    return [component]


def _occurrence(origin: Origin) -> Json:
    return {"location": origin.file, "line": origin.line} if origin.line else {"location": origin.file}


def _property(name: str, value: str) -> Json:
    return {"name": f"cohabit:{name}", "value": value}
