"""Parsed repositories, kept by the content of their ``primary.xml`` in the user's cache folder."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from pathlib import Path

import msgspec

from resolvers.metadata_file import MetadataFile
from resolvers.rpm.primary import Listing, read_primary

_FORMAT = 1
"""Counts changes of ``Listing``."""
_DIGEST = hashlib.sha256().digest_size


def read_listing(file: MetadataFile, cache: Path | None) -> Listing:
    """The packages of a ``primary.xml``, from the cache where it has them. Raises ManifestError."""
    digest = file.digest()
    entry = cache / f"rpm-primary-{_FORMAT}-{digest}.msgpack" if cache else None
    kept = _kept(entry) if entry else None
    if kept is not None:
        return kept
    listing = read_primary(file)
    if entry:
        _keep(entry, msgspec.msgpack.encode(listing))
    return listing


def _kept(entry: Path) -> Listing | None:
    """None where the entry is missing, or is not what was written."""
    try:
        stored = entry.read_bytes()
        if hashlib.sha256(stored[_DIGEST:]).digest() != stored[:_DIGEST]:
            return None
        return msgspec.msgpack.decode(memoryview(stored)[_DIGEST:], type=Listing)
    except (OSError, msgspec.MsgspecError):
        return None


def _keep(entry: Path, content: bytes) -> None:
    """A folder that cannot be written costs time later, and nothing else."""
    with contextlib.suppress(OSError):
        entry.parent.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=entry.parent, suffix=".draft")
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(hashlib.sha256(content).digest())
                stream.write(content)
            Path(draft).replace(entry)
        except OSError:
            Path(draft).unlink(missing_ok=True)
