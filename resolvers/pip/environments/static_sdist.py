"""What a source distribution requires, where its own metadata may be trusted without a build (PEP 643)."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

from packaging.utils import parse_sdist_filename

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from resolvers.archive import read_archive_file
from resolvers.pip.environments.core_metadata import CoreMetadata, read_core_metadata

_STANDARD = re.compile(r"(\d{1,3})\.(\d{1,3})", re.ASCII)
_DECISIVE = frozenset(("name", "version", "requires-dist", "requires-python", "provides-extra"))
_NAME_LIMIT = 256


def static_metadata(sdist: bytes | Path, filename: str) -> CoreMetadata | None:
    """The metadata of ``sdist`` (content or path of a ``.tar.gz`` or ``.zip``), named ``filename``.

    None unless every wheel built from it must have the same requirements: Metadata-Version 2.2 or
    later, none of the deciding fields listed in Dynamic, all of them readable, and of the name and
    version that the file name says. Raises ManifestError where the archive or its PKG-INFO cannot be
    read.
    """
    try:
        with BytesIO(sdist) if isinstance(sdist, bytes) else sdist.open("rb") as file:
            contents = read_archive_file(file, filename, _is_pkg_info)
    except OSError as error:
        raise ManifestError(Origin(filename), f"cannot be read: {error.strerror}") from error
    if len(contents.files) != 1:
        return None
    [(member, data)] = contents.files.items()
    metadata = read_core_metadata(data, f"{filename}!{member}")
    return metadata if _is_static(metadata) and (metadata.name, metadata.version) == named(filename) else None


def named(filename: str) -> tuple[str, str] | None:
    """Name and version in a source distribution's file name (PEP 625), None if it is none."""
    if len(filename) > _NAME_LIMIT:
        return None
    try:
        name, version = parse_sdist_filename(filename.rpartition("/")[2])
    except ValueError:
        return None
    return str(name), str(version)


def _is_pkg_info(name: str) -> bool:
    folder, _, file = name.partition("/")
    return bool(folder) and file == "PKG-INFO"


def _is_static(metadata: CoreMetadata) -> bool:
    standard = _STANDARD.fullmatch(metadata.standard)
    return (
        standard is not None
        and (int(standard[1]), int(standard[2])) >= (2, 2)
        and not metadata.skipped
        and not metadata.dynamic & _DECISIVE
    )
