"""Puts together what one manifest says, item by item."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import TypeVar

from packaging.utils import canonicalize_name

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from analyzer.requirement import Force, Requirement
from analyzer.service import Skipped
from resolvers.pip.declared import Choice, Context, Declared
from resolvers.pip.requirements.direct_reference import is_folder, unseen
from resolvers.pip.requirements.requirement_line import excerpt
from resolvers.pip.target import holds

T = TypeVar("T")

_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")

Item = Requirement | Skipped | None
"""What reading one entry gives; None where its marker never holds on the platform."""

Refinement = Callable[[Requirement], Iterable[Item]]
"""What a tool's own table makes of a Requirement that stands elsewhere (``[tool.uv.sources]``)."""


class Collector:
    """The items of a manifest so far.

    A Requirement on a folder of the tree brings what that project requires, through
    ``context.project``. ``extras`` are those of the project itself that are wanted, by choice or by a
    requirement on the project itself (``name[extra]``); ``groups`` are those chosen.
    """

    def __init__(self, context: Context) -> None:
        self.context = context
        self.distribution = ""
        self.refine: Refinement = lambda item: (item,)
        self.extras: dict[str, None] = dict.fromkeys(map(normal, context.choice.extras))
        self.groups = frozenset(map(normal, context.choice.groups))
        self._parts: list[Declared] = []

    def declare(self, item: Item) -> None:
        """Take one item in, as ``refine`` has it; one on the project itself only chooses extras."""
        if isinstance(item, Requirement) and item.package.name == self.distribution and item.source is None:
            self.extras.update(dict.fromkeys(map(normal, item.extras)))
            return
        for refined in self.refine(item) if isinstance(item, Requirement) else (item,):
            self.add(refined)

    def add(self, item: Item) -> None:
        """Take one item in, and what follows from it."""
        if isinstance(item, Skipped):
            self.include(Declared(skipped=(item,)))
        elif item is not None:
            self.include(Declared(requirements=(item,), unknown=unseen([item])))
            self._follow(item)

    def add_interpreter(self, item: Item) -> None:
        """Take in a constraint on the interpreter."""
        if isinstance(item, Requirement):
            self.include(Declared(interpreter=(item,)))
        else:
            self.add(item)

    def include(self, part: Declared) -> None:
        """Take in what another manifest says."""
        self._parts.append(part)

    def skip(self, what: str, reason: str, origin: Origin, *, incomplete: bool = True) -> None:
        """Note an item that is left out."""
        self.add(Skipped(excerpt(what), reason, origin, incomplete))

    def offer(self, *, extras: Iterable[str] = (), groups: Iterable[str] = ()) -> None:
        """Note which extras and groups there are, wanted or not."""
        self.include(Declared(offers=Choice(tuple(map(normal, extras)), tuple(map(normal, groups)))))

    def leave_out(self, kind: str, name: str, origin: Origin) -> None:
        """Note an extra or a group that nobody asked for."""
        self.skip(f"{kind} {name!r}", "is not installed unless asked for", origin, incomplete=False)

    def name_project(self, name: str, origin: Origin) -> None:
        """Take in the project's own name. Raises ManifestError where it is none."""
        self.distribution = normal(checked_name(name, origin))

    def other_index(self, name: str, index: str, origin: Origin) -> None:
        """Note a package that comes from an index of its own."""
        self.skip(name, f"comes from the index {excerpt(index)!r}, which is not asked", origin)

    def add_extras(self, offered: Mapping[str, Origin], add: Callable[[str], None]) -> None:
        """Add those of the extras offered that are wanted, and those that these want in turn."""
        self.offer(extras=offered)
        names = {normal(name): name for name in offered}
        done: set[str] = set()
        while pending := [extra for extra in self.extras if extra not in done]:
            for extra in pending:
                done.add(extra)
                if extra in names:
                    add(names[extra])
        for extra, name in names.items():
            if extra not in done:
                self.leave_out("extra", name, offered[name])

    @contextmanager
    def attempt(self, what: str) -> Iterator[None]:
        """Turns a ManifestError inside the block into a Skipped."""
        try:
            yield
        except ManifestError as error:
            self.skip(what, error.reason, error.origin)

    def declared(self) -> Declared:
        """Everything taken in, without repetitions, in order."""
        return Declared(
            requirements=_unique(part.requirements for part in self._parts),
            interpreter=_unique(part.interpreter for part in self._parts),
            skipped=_unique(part.skipped for part in self._parts),
            unknown=_unique(part.unknown for part in self._parts),
            distribution=self.distribution,
            offers=Choice(
                _unique(part.offers.extras for part in self._parts), _unique(part.offers.groups for part in self._parts)
            ),
        )

    def _follow(self, item: Requirement) -> None:
        if item.source is None or not is_folder(item.source) or item.force is Force.LIMITS:
            return
        location = item.source.location
        if not self.context.tree.exists(location):
            self.skip(item.package.name, f"{location} does not exist", item.origin)
        elif self.context.project is not None:
            pythons = tuple(p for p in self.context.pythons if holds(item.marker, self.context.platform, p))
            part = self.context.project(replace(self.context, pythons=pythons), location, item.extras)
            self.include(under(item.marker, part))


def checked_name(name: str, origin: Origin) -> str:
    """``name`` if it is one of a distribution or an extra (PEP 508). Raises ManifestError."""
    if not _NAME.fullmatch(name):
        raise ManifestError(origin, f"{excerpt(name)!r} is no name")
    return name


def normal(name: str) -> str:
    """The normalised name of an extra or a group (PEP 685, PEP 735)."""
    return str(canonicalize_name(name))


def under(marker: str, part: Declared) -> Declared:
    """``part`` as it counts where ``marker`` holds.

    Constraints on the interpreter are dropped, unless it always holds: elsewhere they do not apply.
    """
    if not marker:
        return part
    requirements = tuple(replace(each, marker=both(marker, each.marker)) for each in part.requirements)
    return replace(part, requirements=requirements, interpreter=())


def both(*markers: str) -> str:
    """The conjunction of environment markers, of which the empty one always holds."""
    parts = [marker for marker in markers if marker]
    return parts[0] if len(parts) == 1 else " and ".join(f"({part})" for part in parts)


def _unique(parts: Iterable[tuple[T, ...]]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(item for part in parts for item in part))
