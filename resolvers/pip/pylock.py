"""``pylock.toml`` and ``pylock.<name>.toml`` (PEP 751), validated by packaging."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from packaging.pylock import Package, Pylock, PylockValidationError
from packaging.utils import canonicalize_name

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from analyzer.requirement import Requirement, Source
from analyzer.service import Skipped
from resolvers.pip.declared import Context, Declared
from resolvers.pip.interpreter import read_interpreter
from resolvers.pip.lock_entry import (
    Edge,
    Entry,
    archive_source,
    commit_source,
    path_source,
    read_entries,
)
from resolvers.pip.lock_marker import Situation, bounded
from resolvers.pip.lock_roots import everything
from resolvers.pip.lock_walk import walk
from resolvers.pip.requirement_line import excerpt
from resolvers.toml_file import TomlFile, read_toml

_PLACE = re.compile(r"packages\[(\d{1,9})\]")


def read_pylock(context: Context, path: str) -> Declared:
    """What the lock at ``path`` installs by default, with the chosen extras and groups besides.

    Raises ManifestError where the lock is not valid (PEP 751 leaves no room for partial reading) or was
    made for other environments.
    """
    toml = read_toml(context.tree, path)
    lock = _validated(toml)
    situation = Situation.of(context)
    origin = toml.origin("environments")
    if not situation.any_holds([str(marker) for marker in lock.environments or ()], origin):
        raise ManifestError(origin, f"is not locked for {situation}")
    reader = _Reader(toml, lock, context)
    entries = read_entries(toml, "packages", reader.entry)
    found = walk(entries, everything(entries), situation)
    text = toml.string("requires-python")
    demand = read_interpreter(text, toml.origin("requires-python")) if text else None
    covered = situation.is_admitted(text, toml.origin("requires-python"))
    return Declared(
        locked=found.locked,
        interpreter=(demand,) if isinstance(demand, Requirement) else (),
        skipped=(*entries.skipped, *found.skipped, *((demand,) if isinstance(demand, Skipped) else ())),
        closed=found.closed and covered and not entries.skipped,
    )


def _validated(toml: TomlFile) -> Pylock:
    try:
        return Pylock.from_dict(toml.data)
    except PylockValidationError as error:
        place = _PLACE.match(error.context or "")
        origin = toml.origin("packages", int(place[1])) if place else Origin(toml.path)
        raise ManifestError(origin, f"is no valid pylock file: {excerpt(str(error))}") from error
    except (ValueError, TypeError, RecursionError) as error:
        raise ManifestError(Origin(toml.path), "is no valid pylock file") from error
