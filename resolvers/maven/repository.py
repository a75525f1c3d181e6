"""Maven modules from several places: the first that has a module's POM tells what it says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from analyzer.package import Candidate, Package
from resolvers.answer_cache import AnswerCache
from resolvers.credentials import without_credentials
from resolvers.maven.coordinates import is_locatable, is_locatable_package, package
from resolvers.maven.effective_pom import EffectivePoms
from resolvers.maven.gradle_order import key
from resolvers.maven.local_place import local_place
from resolvers.maven.module import Module, Modules
from resolvers.maven.module_metadata import read_module_metadata
from resolvers.maven.place import MODULE, POM, Place
from resolvers.maven.pom import Coordinates, Pom, read_pom
from resolvers.maven.pom_module import pom_module
from resolvers.maven.remote_place import RemotePlace
from resolvers.maven.selector import selector
from resolvers.maven.unreachable import Unreachable

__all__ = ["MavenRepository", "Unreachable", "repositories"]

_REMOTE = ("http", "https")
_CACHE = "maven"


def repositories(places: Sequence[str], cache: Path | None, offline: bool) -> Modules:
    """The modules of ``places``, the first asked first: folders in Maven's layout (``~/.m2/repository``), Gradle's
    user home or its cache, and http, https or file URLs, with credentials perhaps.

    What servers answer is kept below ``cache``; with ``offline`` that is all that is known of them. Raises
    ManifestError where a place is none.
    """
    return MavenRepository(tuple(_place(place, cache, offline) for place in places))


def _place(place: str, cache: Path | None, offline: bool) -> Place:
    try:
        parts = urlsplit(place)
        _ = parts.port
        folder = Path(url2pathname(parts.path) if parts.scheme == "file" else place).expanduser()
    except (ValueError, RuntimeError) as error:
        raise _no_place(place, "is no URL") from error
    if parts.scheme in _REMOTE:
        if not parts.hostname:
            raise _no_place(place, "names no server")
        return RemotePlace(place, AnswerCache(cache / _CACHE if cache else None), offline)
    if "://" in place and parts.scheme != "file":
        raise _no_place(place, "is no http, https or file URL")
    if "\0" in place or not folder.is_dir():
        raise _no_place(place, "is no folder")
    return local_place(folder)


def _no_place(place: str, reason: str) -> ManifestError:
    return ManifestError(Origin(without_credentials(place.replace("\0", "?"))), f"{reason}: no Maven repository")


@dataclass
class MavenRepository:
    """Modules of several places. ``metadata`` False reads POMs alone, as Maven does.

    Gradle reads the POM first, and the Gradle Module Metadata beside it where the POM says that there is some.
    """

    places: Sequence[Place]
    metadata: bool = True
    _poms: dict[Coordinates, tuple[Pom, Place] | None] = field(default_factory=dict, repr=False)
    _modules: dict[Candidate, Module | None] = field(default_factory=dict, repr=False)
    _effective: EffectivePoms = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._effective = EffectivePoms(self._find)

    def module(self, candidate: Candidate) -> Module | None:
        """As in Modules."""
        if candidate not in self._modules:
            self._modules[candidate] = self._module(candidate)
        return self._modules[candidate]

    def versions(self, package: Package) -> tuple[str, ...]:
        """As in Modules."""
        if not is_locatable_package(package):
            return ()
        listed = (version for place in self.places for version in place.versions(package))
        return tuple(version for version in dict.fromkeys(listed) if is_locatable(Candidate(package, version)))

    def _module(self, candidate: Candidate) -> Module | None:
        known = self._pom(Coordinates(candidate.package.namespace, candidate.package.name, candidate.version))
        if known is None:
            return None
        pom, place = known
        if self.metadata and pom.has_module_metadata and (file := place.read(candidate, MODULE)):
            return read_module_metadata(candidate, file.content, file.file)
        return pom_module(candidate, self._effective.effective(pom), pom.file)

    def _find(self, wanted: Coordinates) -> Pom | None:
        """The POM of a parent or an import. Of a range the highest version (Maven 3.2.2, MNG-2199)."""
        admitted = selector(wanted.version)
        if wanted.version and not admitted.fixed:
            listed = self.versions(package(wanted.group, wanted.name))
            best = max((version for version in listed if admitted.admits(version)), key=key, default="")
            wanted = replace(wanted, version=best)
        known = self._pom(wanted)
        return known[0] if known else None

    def _pom(self, wanted: Coordinates) -> tuple[Pom, Place] | None:
        if wanted not in self._poms:
            candidate = Candidate(package(wanted.group, wanted.name), wanted.version)
            self._poms[wanted] = self._searched(candidate) if is_locatable(candidate) else None
        return self._poms[wanted]

    def _searched(self, candidate: Candidate) -> tuple[Pom, Place] | None:
        """The POM of the first place that has one. Raises Unreachable where that could have been another."""
        silent: Unreachable | None = None
        for place in self.places:
            try:
                if (file := place.read(candidate, POM)) is not None:
                    return read_pom(file.content, file.file), place
            except Unreachable as error:
                silent = silent or error
        if silent is not None:
            raise silent
        return None
