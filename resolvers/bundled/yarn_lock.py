"""``yarn.lock``: the format of yarn 1, and that of berry, which is YAML of the same shape."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from analyzer.origin import Origin
from resolvers.bundled.declared import Declared, shown
from resolvers.tree import Tree

YARN_LOCK = "yarn.lock"

_INSTALLED = ("dependencies", "optionalDependencies")
_OWN = "0.0.0-use.local"
_OPENING = '"'


@dataclass(slots=True)
class Entry:
    """One version, and what it needs by name and range. ``resolution`` is berry's: the package that it is."""

    origin: Origin
    version: str = ""
    resolution: str = ""
    needs: list[tuple[str, str]] = field(default_factory=list)


def read_yarn_lock(tree: Tree, path: str) -> Mapping[str, Entry]:
    """The entries by each of their descriptors (``left-pad@^1.0.0``). Raises ManifestError."""
    entries: dict[str, Entry] = {}
    entry: Entry | None = None
    block = ""
    for number, raw in enumerate(tree.read_text(path).split("\n"), start=1):
        line = raw.rstrip()
        depth = len(line) - len(line.lstrip(" "))
        if not line or line.lstrip().startswith("#"):
            continue
        if depth == 0:
            entry = Entry(Origin(path, number, shown(line)))
            entries.update(dict.fromkeys(_descriptors(line), entry))
        elif entry is not None and depth == 2:
            block = _take(entry, line)
        elif entry is not None and block in _INSTALLED:
            entry.needs.append(_pair(line))
    return entries


def declare_yarn_lock(declared: Declared, entries: Mapping[str, Entry], wanted: Iterable[tuple[str, str]]) -> None:
    """The versions that ``wanted`` (names and ranges) lead to."""
    declared.locked = [] if declared.locked is None else declared.locked
    seen: set[tuple[str, str]] = set()
    pending = list(wanted)
    while pending:
        asked = pending.pop()
        if asked in seen:
            continue
        seen.add(asked)
        entry = _find(entries, *asked)
        if entry is None:
            continue
        pending += entry.needs
        if entry.version != _OWN:
            declared.lock(_name(entry, *asked), entry.version, entry.origin)


def _find(entries: Mapping[str, Entry], name: str, spec: str) -> Entry | None:
    """The entry of a descriptor: yarn 1 writes ranges as they are, berry with the protocol before them."""
    return entries.get(f"{name}@{spec}") or entries.get(f"{name}@npm:{spec}")


def _name(entry: Entry, name: str, spec: str) -> str:
    """The package behind an alias, where there is one."""
    if entry.resolution:
        return _before_at(entry.resolution)
    target = spec.removeprefix("npm:")
    return _before_at(target) if target != spec and "@" in target[1:] else name


def _before_at(text: str) -> str:
    return text[:1] + text[1:].partition("@")[0]


def _take(entry: Entry, line: str) -> str:
    """Take a field; the name of the block that begins here."""
    key, value = _pair(line)
    if key == "version":
        entry.version = value
    elif key == "resolution":
        entry.resolution = value
    return key if not value else ""


def _pair(line: str) -> tuple[str, str]:
    """``key "value"`` or ``"key": value``."""
    text = line.strip()
    if text.startswith(_OPENING):
        key, _, value = text[1:].partition(_OPENING)
    else:
        key, _, value = text.partition(" ")
    return key.removesuffix(":"), value.lstrip(":").strip().strip(_OPENING)


def _descriptors(line: str) -> Iterator[str]:
    for part in line.removesuffix(":").split(","):
        yield part.strip().strip(_OPENING)
