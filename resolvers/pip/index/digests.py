"""Digests of what a Witness chose, so that a lock can be installed in pip's hash-checking mode."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from analyzer.package import Candidate
from resolvers.download import DownloadError
from resolvers.pip.index.release import admits, cutoff, usable
from resolvers.pip.index.simple_index import SimpleIndex
from resolvers.pip.index.simple_page import IndexFile

_READERS = 8
_ARCHIVE_LIMIT = 256 * 2**20


def digests(candidates: Collection[Candidate], python: str, index: SimpleIndex) -> Mapping[Candidate, tuple[str, ...]]:
    """By Candidate the sorted digests (``sha256:…``) of the files that an installer may take for ``python``.

    They are the index's word; files in local folders are read. What has none is left out: it is no
    index's, or cannot be had now.
    """
    before = cutoff(index.index.exclude_newer)
    chosen = sorted(candidates)
    with ThreadPoolExecutor(_READERS) as readers:
        found = readers.map(lambda candidate: _digests(candidate, python, index, before), chosen)
        return {candidate: known for candidate, known in zip(chosen, found, strict=True) if known}


def _digests(candidate: Candidate, python: str, index: SimpleIndex, before: datetime | None) -> tuple[str, ...]:
    pin = f"=={candidate.version}"
    try:
        listed, flat = index.files(candidate.package.name)
        # uv holds the files of flat places for old, for want of a date.
        files = [*_chosen(listed, python, before, pin), *_chosen(flat, python, None, pin)]
        return tuple(sorted({f"sha256:{digest}" for file in files if (digest := _sha256(file, index))}))
    except (DownloadError, ValueError):
        return ()


def _chosen(files: Iterable[IndexFile], python: str, before: datetime | None, pin: str) -> list[IndexFile]:
    return [file for file in files if admits(pin, file.version) and usable(file, python, before, pin)]


def _sha256(file: IndexFile, index: SimpleIndex) -> str:
    if file.sha256 or not file.url.startswith("file:"):
        return file.sha256
    return hashlib.sha256(index.content(file, _ARCHIVE_LIMIT)).hexdigest()
