"""Nobody can tell what a Maven repository holds."""

from __future__ import annotations

from analyzer.errors import CohabitError


class Unreachable(CohabitError):  # noqa: N818 - the name in the seam ``Modules``
    """A place could not be asked (offline, a server that fails): neither there nor missing."""
