"""Parsed repositories, kept by the content of their ``primary.xml`` in the user's cache folder."""

from __future__ import annotations

from pathlib import Path

from resolvers.content_cache import ContentCache
from resolvers.metadata_file import MetadataFile
from resolvers.rpm.primary import Listing, read_primary

_FORMAT = 1
"""Counts changes of ``Listing``."""


def read_listing(file: MetadataFile, cache: Path | None) -> Listing:
    """The packages of a ``primary.xml``, from the cache where it has them. Raises ManifestError."""
    kept = ContentCache(cache / "rpm" if cache else None)
    name = f"primary-{_FORMAT}-{file.digest()}"
    listing = kept.get(name, Listing)
    if listing is None:
        listing = read_primary(file)
        kept.put(name, listing)
    return listing
