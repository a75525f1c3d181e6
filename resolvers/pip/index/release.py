"""The releases of a package that an installer could build but, without building, not install."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.tags import Tag

from analyzer.origin import Origin
from analyzer.package import PYTHON
from analyzer.requirement import Requirement
from analyzer.service import Platform
from resolvers.pip.environments.wheel_tags import supported_tags
from resolvers.pip.index.simple_page import IndexFile
from resolvers.pip.target import admitted


@dataclass(frozen=True, slots=True)
class Release:
    """One version with a source distribution, and the wheels that other targets have of it.

    ``doubtful``: a wheel should fit the target, but only a wheel for any platform fits for sure.
    """

    version: str
    sdist: IndexFile
    wheels: tuple[IndexFile, ...]
    doubtful: bool = False


def wheelless_releases(files: Iterable[IndexFile], target: Platform) -> tuple[Release, ...]:
    """The releases among the usable ``files`` that have a source distribution and no wheel for ``target``."""
    by_version: dict[str, list[IndexFile]] = {}
    for file in files:
        by_version.setdefault(file.version, []).append(file)
    tags = supported_tags(target, target.python)
    found = (_release(each, tags) for each in by_version.values())
    return tuple(release for release in found if release)


def _release(files: Iterable[IndexFile], tags: frozenset[Tag]) -> Release | None:
    wheels = tuple(file for file in files if file.tags)
    sdist = next((file for file in files if not file.tags), None)
    fitting = {tag.platform == "any" for wheel in wheels for tag in wheel.tags & tags}
    if sdist is None or True in fitting:
        return None
    return Release(sdist.version, sdist, wheels, doubtful=bool(fitting))


def usable(file: IndexFile, python: str, before: datetime | None, constraint: str) -> bool:
    """Whether an installer takes the file: uploaded ``before``, for ``python`` (``major.minor``), and not
    yanked unless ``constraint`` pins its version (PEP 592)."""
    if before is not None and (file.upload_time is None or file.upload_time >= before):
        return False
    return (not file.yanked or _pins(constraint, file.version)) and _runs_on(file.requires_python, python)


def _runs_on(requires_python: str, python: str) -> bool:
    try:
        return python in admitted([Requirement(PYTHON, requires_python, Origin(""))])
    except (InvalidSpecifier, ValueError):
        return True


def cutoff(exclude_newer: str) -> datetime | None:
    """The moment from which on uv ignores uploads: a time with its zone as it stands, a day up to its end
    in this machine's zone. None for no bound. Raises ValueError for what is neither (a duration)."""
    if not exclude_newer:
        return None
    try:
        moment = datetime.fromisoformat(exclude_newer)
    except ValueError:
        moment = datetime.combine(date.fromisoformat(exclude_newer[:10]), time())
    try:
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
        return datetime.combine(moment.date() + timedelta(days=1), time()).astimezone(UTC)
    except OverflowError as error:
        raise ValueError("is beyond the calendar") from error


def admits(constraint: str, version: str) -> bool:
    """Whether a constraint (PEP 440) admits a version, pre-releases included."""
    return SpecifierSet(constraint).contains(version, prereleases=True)


def _pins(constraint: str, version: str) -> bool:
    pinning = (each for each in SpecifierSet(constraint) if each.operator in ("==", "===") and "*" not in each.version)
    return any(each.contains(version, prereleases=True) for each in pinning)
