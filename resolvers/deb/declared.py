"""What one manifest says of Debian packages: the value that every reader of this package returns."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from analyzer.errors import ManifestError
from analyzer.package import Package
from analyzer.requirement import Locked, Requirement
from analyzer.service import Skipped
from resolvers.tree import Tree

ECOSYSTEM = "deb"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Context:
    """What a reader needs beside the file.

    ``namespace`` is the distribution (``debian``), empty where nothing tells it; ``architecture`` is
    the service's, as dpkg names it.
    """

    tree: Tree
    namespace: str = ""
    architecture: str = "amd64"

    def package(self, name: str) -> Package:
        """The distribution's Package of that name."""
        return Package(ECOSYSTEM, name, self.namespace)


@dataclass(frozen=True, slots=True)
class Declared:
    """The content of one manifest. ``locked`` is None where the file fixes no versions; the other
    fields are as in ``analyzer.service``."""

    requirements: tuple[Requirement, ...] = ()
    locked: tuple[Locked, ...] | None = None
    skipped: tuple[Skipped, ...] = ()
    unknown: tuple[str, ...] = ()


def attempt(path: str, read: Callable[[], Declared]) -> Declared:
    """What a manifest says; a Skipped where it cannot be read."""
    try:
        return read()
    except ManifestError as error:
        return Declared(skipped=(Skipped(path, error.reason, error.origin),))


def join_declared(parts: Iterable[Declared]) -> Declared:
    """What several manifests say together."""
    parts = tuple(parts)
    locks = [part.locked for part in parts if part.locked is not None]
    return Declared(
        unique(r for part in parts for r in part.requirements),
        unique(pin for lock in locks for pin in lock) if locks else None,
        unique(s for part in parts for s in part.skipped),
        unique(u for part in parts for u in part.unknown),
    )


def unique(items: Iterable[T]) -> tuple[T, ...]:
    """The items without repetitions, in order."""
    return tuple(dict.fromkeys(items))
