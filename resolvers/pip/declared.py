"""What one manifest says: the value that every pip manifest reader returns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from analyzer.requirement import Locked, Requirement
from analyzer.service import Platform, Skipped
from resolvers.tree import Tree


@dataclass(frozen=True, slots=True)
class Choice:
    """Which optional parts of a project are installed in production: extras and PEP 735 groups."""

    extras: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Declared:
    """The content of one manifest.

    ``locked`` is None where the file is no lock. ``distribution`` is the project's own normalised
    name, where the file declares one. ``offers`` are the extras and groups that there are to choose
    from, normalised. The other fields are as in ``analyzer.service``.
    """

    requirements: tuple[Requirement, ...] = ()
    locked: tuple[Locked, ...] | None = None
    interpreter: tuple[Requirement, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    unknown: tuple[str, ...] = ()
    closed: bool = False
    bundled: bool = False
    distribution: str = ""
    offers: Choice = Choice()


@dataclass(frozen=True, slots=True)
class Context:
    """What a reader needs beside the file.

    ``pythons`` are the versions the service may run on (``major.minor``, never empty),
    ``python`` the one its locks are read for. ``project`` reads the static metadata of another
    project folder of the tree (for ``-e ../lib`` and path dependencies); ``trail`` holds the
    folders and files being read, to break cycles.
    """

    tree: Tree
    platform: Platform
    pythons: tuple[str, ...]
    python: str
    choice: Choice = Choice()
    trail: tuple[str, ...] = ()
    project: Callable[[Context, str, tuple[str, ...]], Declared] | None = field(default=None, compare=False)


class ManifestReader(Protocol):
    """Reads one kind of manifest. Raises ManifestError where the file as a whole is unreadable;
    an unreadable item inside it is a Skipped in the value."""

    def __call__(self, context: Context, path: str) -> Declared:
        """Read the manifest at ``path``, relative to the context's tree."""
        ...
