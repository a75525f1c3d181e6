"""A wheelhouse: a folder of wheels (and source distributions) that an installation is made from offline.

It fixes what ``pip install --no-index --find-links`` can choose. A distribution that is there at one
version is thereby locked; of one at several versions the choice is the installer's, so it is named
as skipped. Files for other platforms or Pythons do not count: a wheelhouse often serves several.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from packaging.utils import parse_wheel_filename

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from analyzer.service import Skipped
from resolvers.archive import read_archive
from resolvers.pip.declared import Context, Declared
from resolvers.pip.environments.bundle import Bundle
from resolvers.pip.environments.contained import Contained
from resolvers.pip.environments.core_metadata import CoreMetadata, read_core_metadata
from resolvers.pip.environments.static_sdist import named, static_metadata
from resolvers.pip.environments.wheel_tags import supported_tags
from resolvers.pip.requirements.direct_reference import implied_by_wheel

_SDISTS = (".tar.gz", ".zip")
_FILE_LIMIT = 10_000

Release = tuple[str, str]
"""Normalised name and version."""


@dataclass
class _House:
    """The files that fit, by what they are a release of; of several the first is as good as any."""

    wheels: dict[Release, str] = field(default_factory=dict)
    sdists: dict[Release, str] = field(default_factory=dict)


def read_wheelhouse(context: Context, path: str) -> Declared:
    """The distributions that the files directly in the folder ``path`` can install.

    Raises ManifestError where there are none.
    """
    bundle = Bundle()
    house = _house(context, path, bundle.skipped)
    for release in sorted(house.wheels.keys() | house.sdists.keys()):
        try:
            bundle.found.append(Contained(_read(context, house, release, bundle)))
        except ManifestError as error:
            bundle.skipped.append(Skipped(release[0], error.reason, error.origin))
    bundle.skipped += (
        replace(skipped, what=f"{each.metadata.name}: {skipped.what}")
        for each in bundle.found
        for skipped in each.metadata.skipped
    )
    return replace(bundle.declare(context), bundled=False)


def _house(context: Context, path: str, skipped: list[Skipped]) -> _House:
    house = _House()
    names = [name for name in context.tree.names(path) if name.endswith((".whl", *_SDISTS))]
    if not any(name.endswith(".whl") for name in names):
        raise ManifestError(Origin(path), "holds no wheel")
    if len(names) > _FILE_LIMIT:
        raise ManifestError(Origin(path), f"holds more than {_FILE_LIMIT} distributions")
    for name in names:
        file = f"{path}/{name}" if path else name
        if name.endswith(".whl"):
            _place_wheel(context, file, house, skipped)
        elif release := named(name):
            house.sdists.setdefault(release, file)
        else:
            skipped.append(Skipped(name, "is not named as a source distribution must be", Origin(file)))
    return house


def _place_wheel(context: Context, file: str, house: _House, skipped: list[Skipped]) -> None:
    name = file.rpartition("/")[2]
    try:
        release, tags = implied_by_wheel(name), parse_wheel_filename(name)[3]
    except ValueError:
        skipped.append(Skipped(name, "is not named as a wheel must be", Origin(file)))
        return
    if tags.isdisjoint(supported_tags(context.platform, context.python)):
        reason = (
            f"is for another platform or Python than {context.platform.os} {context.platform.arch} {context.python}"
        )
        skipped.append(Skipped(name, reason, Origin(file), incomplete=False))
        return
    house.wheels.setdefault(release, file)


def _read(context: Context, house: _House, release: Release, bundle: Bundle) -> CoreMetadata:
    if wheel := house.wheels.get(release):
        return _read_wheel(context, wheel, release)
    sdist = house.sdists[release]
    metadata = static_metadata(context.tree.locate(sdist), sdist)
    if metadata is None:
        bundle.unknown.append(f"{sdist} is a source distribution; what it requires is known only when it is built")
        return CoreMetadata(*release, Origin(sdist))
    return metadata


def _read_wheel(context: Context, file: str, release: Release) -> CoreMetadata:
    contents = read_archive(context.tree, file, _is_metadata)
    if len(contents.files) != 1:
        raise ManifestError(Origin(file), "holds not exactly one readable METADATA")
    [(member, data)] = contents.files.items()
    metadata = read_core_metadata(data, f"{file}!{member}")
    if (metadata.name, metadata.version) != release:
        raise ManifestError(metadata.origin, "is of another release than the file's name says")
    return metadata


def _is_metadata(name: str) -> bool:
    folder, _, file = name.partition("/")
    return folder.endswith(".dist-info") and file == "METADATA"
