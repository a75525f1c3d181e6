"""From the components of a bill of materials to dependency sets: everything is locked, and everything wanted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from analyzer.demands import ARCHITECTURE, OPERATING_SYSTEM
from analyzer.origin import Origin
from analyzer.package import Candidate, Package
from analyzer.requirement import Locked, Requirement
from analyzer.service import DependencySet, Skipped
from resolvers.bundled.declared import shown
from resolvers.rpm.installed import installed
from resolvers.sbom.component import SYSTEM, Bill, Component
from resolvers.sbom.package_url import Identified, identify, release_in
from resolvers.seam import Gathered

SHARED = ("deb", "pypi", "rpm")
"""Ecosystems whose packages stand where others see them: in a root filesystem, in a Python environment."""
PRIVATE = ("cargo", "composer", "gem", "golang", "maven", "npm", "nuget")
"""Those whose packages are inside of a binary, an archive or the service's own folder."""
UNEXAMINED = frozenset({"alpm", "apk", "ebuild"})
"""Systems that share a root filesystem and that cohabit does not examine."""

_KNOWN = frozenset((*SHARED, *PRIVATE))
_NO_PACKAGE = frozenset({"file", "cryptographic-asset", "data"})
_NAMED = 5


@dataclass(slots=True)
class _Reading:
    bill: Bill
    pins: dict[str, list[Locked]] = field(default_factory=dict)
    skipped: list[Skipped] = field(default_factory=list)
    release: tuple[str, Origin] | None = None
    architecture: tuple[str, Origin] | None = None

    def take(self, component: Component, found: Identified, package: Package) -> None:
        self.release = self.release or ((found.release, component.origin) if found.release else None)
        self.architecture = self.architecture or (
            (found.architecture, component.origin) if found.architecture else None
        )
        if found.version:
            pin = Locked(Candidate(package, found.version), component.origin)
            self.pins.setdefault(found.kind, []).append(pin)
        else:
            self.skipped.append(Skipped(str(package), "is there at a version that nothing tells", component.origin))


def gathered(bill: Bill) -> Gathered:
    """The sets of a document, the system that it tells, and what is left out."""
    reading = _Reading(bill)
    others: Counter[str] = Counter()
    nameless: list[Component] = []
    for component in bill.components:
        found = identify(component.purl, _KNOWN) if component.purl else None
        if component.kind == SYSTEM:
            release = release_in(f"{component.name.lower()}-{component.version}")
            reading.release = (release, component.origin) if release else reading.release
        elif not component.purl:
            nameless += [component] if component.kind not in _NO_PACKAGE else []
        elif found is None:
            _note(reading, component)
        elif found.package is None:
            others[found.kind] += 1
        else:
            reading.take(component, found, found.package)
    reading.skipped += _notes(bill, others, nameless)
    sets = tuple(_sets(reading))
    return Gathered(sets, skipped=tuple(reading.skipped), base=tuple(_base(reading)))


def _note(reading: _Reading, component: Component) -> None:
    what = shown(component.purl)
    reading.skipped.append(Skipped(what, "is no purl with a name and a version of its type", component.origin))


def _notes(bill: Bill, others: Counter[str], nameless: Sequence[Component]) -> Iterator[Skipped]:
    for kind, count in sorted(others.items()):
        what = f"{count} of type {kind} in {bill.path}"
        yield Skipped(shown(what), "is a type that is not examined", Origin(bill.path), incomplete=kind in UNEXAMINED)
    if nameless:
        names = ", ".join(shown(component.name) for component in nameless[:_NAMED])
        more = ", …" if len(nameless) > _NAMED else ""
        reason = f"cannot be told which packages they are: {names}{more}"
        yield Skipped(f"{len(nameless)} without purl in {bill.path}", reason, nameless[0].origin, incomplete=False)


def _sets(reading: _Reading) -> Iterator[DependencySet]:
    for kind in (*SHARED, *PRIVATE):
        pins = reading.pins.get(kind)
        if not pins:
            continue
        if kind in PRIVATE:
            locked = tuple(sorted(dict.fromkeys(pins)))
            yield DependencySet(kind, locked=locked, bundled=True)
        elif kind == "rpm":
            declared = installed(_of_distribution(reading, pins))
            reading.skipped += declared.skipped
            yield DependencySet(kind, declared.requirements, declared.locked)
        else:
            single = tuple(_single(reading, _of_distribution(reading, pins) if kind == "deb" else pins))
            yield DependencySet(kind, tuple(Requirement(p.candidate.package, "", p.origin) for p in single), single)


def _of_distribution(reading: _Reading, pins: Iterable[Locked]) -> list[Locked]:
    """The packages in the namespace of the release, which vendors' names (``redhat``) differ from."""
    if reading.release is None:
        return list(pins)
    namespace = reading.release[0].partition(":")[0]
    return [
        replace(pin, candidate=replace(pin.candidate, package=replace(pin.candidate.package, namespace=namespace)))
        for pin in pins
    ]


def _single(reading: _Reading, pins: Iterable[Locked]) -> Iterator[Locked]:
    """Each package once, in the order of names: what is there twice stands in several environments."""
    chosen: dict[Package, Locked] = {}
    for pin in pins:
        first = chosen.setdefault(pin.candidate.package, pin)
        if first.candidate != pin.candidate:
            reason = f"is there beside {shown(first.candidate.version)}, which counts"
            reading.skipped.append(Skipped(str(pin.candidate), reason, pin.origin))
    yield from sorted(chosen.values())


def _base(reading: _Reading) -> Iterator[Requirement]:
    for package, found in ((ARCHITECTURE, reading.architecture), (OPERATING_SYSTEM, reading.release)):
        if found is not None:
            yield Requirement(package, *found)
