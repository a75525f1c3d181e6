"""Where Maven modules lie on this machine already: the user's local repository and Gradle's cache."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path


def own_places(variables: Mapping[str, str] = os.environ) -> tuple[str, ...]:
    """The folders that are there: ``~/.m2/repository``, and ``GRADLE_USER_HOME`` or ``~/.gradle``."""
    try:
        home = Path.home()
    except RuntimeError:
        return ()
    gradle = Path(variables.get("GRADLE_USER_HOME") or home / ".gradle")
    known = {home / ".m2" / "repository": home / ".m2" / "repository", gradle: gradle / "caches" / "modules-2"}
    return tuple(str(place) for place, sign in known.items() if sign.is_dir())
