"""Wheels that hold nothing but metadata, for releases that only a build would make installable.

A resolver that may not build passes over a release without a usable wheel, though its metadata is
often known: uv requires that all files of a release agree in their metadata, "including wheels
built from a source distribution" (https://docs.astral.sh/uv/reference/internals/resolver/,
"Metadata consistency"), so that a wheel for another platform speaks for all; and PEP 643 lets a
source distribution say that its metadata is static.
"""

from __future__ import annotations

import hashlib
import io
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path
from typing import Any

from packaging.version import Version

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from analyzer.service import Platform
from resolvers.answer_cache import AnswerCache
from resolvers.archive import read_archive_file
from resolvers.pip.core_metadata import CoreMetadata, read_core_metadata
from resolvers.pip.credentials import without_credentials
from resolvers.pip.download import NoDownload
from resolvers.pip.release import Release, admits, cutoff, pins, usable, wheelless_releases
from resolvers.pip.simple_index import SimpleIndex
from resolvers.pip.simple_page import IndexFile
from resolvers.pip.static_sdist import static_metadata

NEWEST = 30
"""Releases of a package whose metadata is looked for."""
FILES = 8
"""Files of a package that are downloaded for want of metadata beside them."""
FILE_LIMIT = 20 * 2**20
"""Bytes that one of them may have."""
_RELEASES = 5000
_EPOCH = (1980, 1, 1, 0, 0, 0)
_WHEEL = "Wheel-Version: 1.0\nGenerator: cohabit\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
_SILENT = "its sdist says nothing static about dependencies"
_UNSEEN = "its metadata was not looked at, since newer versions come first"


@dataclass(frozen=True, slots=True)
class Stubs:
    """Stub wheels of one package for one target, as two folders for ``--find-links``.

    ``folder`` holds one for each of the ``known`` versions, with its true metadata; ``optimistic``
    one for each of the ``opaque`` versions (each with the reason), which requires nothing. Together
    they have every version that could be installed if it were built. Both folders are named after
    their content, and None where they would be empty.
    """

    known: frozenset[str] = frozenset()
    folder: Path | None = None
    opaque: Mapping[str, str] = field(default_factory=dict)
    optimistic: Path | None = None


@dataclass
class StubWheels:
    """Makes stub wheels in ``folder``; what was learned for a fixed day is kept in ``cache``.

    ``content`` tells apart the states of a local index. Several processes may share both folders.
    """

    index: Index
    folder: Path
    cache: AnswerCache = AnswerCache(None)
    content: str = ""
    _read: dict[tuple[str, str], _Found] = field(default_factory=dict)
    _made: dict[tuple[str, Platform, str], Stubs | None] = field(default_factory=dict)

    def of(self, package: str, target: Platform, constraint: str = "") -> Stubs | None:
        """The stubs of ``package`` (normalised name) for ``target``, whose ``python`` is given.

        The metadata of versions that ``constraint`` admits is looked for first. None where nothing
        can be learned, now or ever: the index cannot be read, or the package has too many releases.
        """
        key = (package, target, constraint)
        if key not in self._made:
            self._made[key] = self._make(*key)
        return self._made[key]
