"""``Gemfile`` and ``Gemfile.lock`` of Bundler (bundler.io/man/gemfile.5.html). A Gemfile is Ruby: it is never run,
and only calls whose arguments are plain texts are understood."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from analyzer.origin import Origin
from analyzer.requirement import Source
from resolvers.bundled.declared import Declared, shown
from resolvers.tree import Tree

GEMFILES = {"Gemfile": "Gemfile.lock", "gems.rb": "gems.locked"}
"""The lock of each kind of Gemfile."""
LINE_LIMIT = 2000
"""Characters of a line that is looked at."""

_GEM = re.compile(r"\s*gem[ \t(]+([\"'])([^\"']+)\1(?P<rest>.*)")
_CONSTRAINT = re.compile(r"\s*,\s*([\"'])([^\"']*)\1(?!\s*(?:=>|:))")
_GROUPS = re.compile(r"(?:\bgroups?:|:groups?\s*=>)\s*(\[[^\]]*\]|%i\[[^\]]*\]|:\w+|[\"']\w+[\"'])")
_BLOCK = re.compile(r"\s*group[ \t(]+(?P<names>.*?)\)?\s+do\b")
_OPENS = re.compile(r"\bdo\s*(?:\|[^|]*\|)?\s*$|^\s*(?:if|unless|case|begin|def|while)\b")
_END = re.compile(r"\s*end\b")
_WORD = re.compile(r"\w+")
_DEVELOPMENT = frozenset({"development", "test", "ci", "lint", "doc", "docs"})

_SPEC = re.compile(r" {4}(\S+)(?: \(([^)]*)\))?")
_NEED = re.compile(r" {6}(\S+)(?: \(.*\))?")
_WANTED = re.compile(r" {2}(\S+?)!?(?: \(([^)]*)\)!?)?")


@dataclass(frozen=True, slots=True)
class Call:
    """A ``gem`` call; ``groups`` are those that it or its block names."""

    name: str
    constraint: str
    origin: Origin
    groups: frozenset[str] = frozenset()

    @property
    def for_development(self) -> bool:
        """Whether production leaves it out."""
        return bool(self.groups) and self.groups <= _DEVELOPMENT


@dataclass(slots=True)
class Spec:
    """One gem of a lock, what it needs, and the repository that it comes from."""

    version: str
    origin: Origin
    source: Source | None = None
    needs: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Lock:
    """The gems by name, and the names that the Gemfile asks for."""

    specs: dict[str, Spec] = field(default_factory=dict)
    wanted: list[str] = field(default_factory=list)


def calls(tree: Tree, path: str) -> Iterator[Call]:
    """The gems that a Gemfile names. Raises ManifestError where the file cannot be read."""
    blocks: list[frozenset[str]] = []
    for number, raw in enumerate(tree.read_text(path).split("\n"), start=1):
        line = raw[:LINE_LIMIT].partition(" #")[0]
        if found := _GEM.match(line):
            own = _GROUPS.search(found["rest"])
            groups = frozenset(_WORD.findall(own[1].removeprefix("%i"))) if own else frozenset()
            versions = ", ".join(match[2] for match in _leading(found["rest"]))
            within = frozenset(name for block in blocks for name in block)
            yield Call(found[2], versions, Origin(path, number, shown(line.strip())), groups or within)
        elif block := _BLOCK.match(line):
            blocks.append(frozenset(_WORD.findall(block["names"])))
        elif _OPENS.search(line):
            blocks.append(frozenset())
        elif _END.match(line) and blocks:
            blocks.pop()


def _leading(rest: str) -> Iterator[re.Match[str]]:
    position = 0
    while found := _CONSTRAINT.match(rest, position):
        yield found
        position = found.end()


def read_gem_lock(tree: Tree, path: str) -> Lock:
    """Raises ManifestError where the file cannot be read."""
    lock, section, place, spec = Lock(), "", dict[str, str](), None
    for number, raw in enumerate(tree.read_text(path).split("\n"), start=1):
        line = raw.rstrip()[:LINE_LIMIT]
        if line and not line.startswith(" "):
            section, place, spec = line, {}, None
        elif section == "DEPENDENCIES" and (found := _WANTED.fullmatch(line)):
            lock.wanted.append(found[1])
        elif found := _SPEC.fullmatch(line):
            version = (found[2] or "").partition("-")[0]
            spec = Spec(version, Origin(path, number, shown(line.strip())), _source(section, place))
            # Of a gem for several platforms the first stands for all.
            spec = lock.specs.setdefault(found[1], spec)
        elif spec is not None and (found := _NEED.fullmatch(line)):
            spec.needs.append(found[1])
        elif ": " in line:
            key, _, value = line.strip().partition(": ")
            place[key] = value
    return lock


def _source(section: str, place: Mapping[str, str]) -> Source | None:
    kind = {"GIT": "git", "PATH": "path"}.get(section, "")
    return Source(kind, shown(place.get("remote", "")), shown(place.get("revision", ""))) if kind else None


def declare_gem_lock(declared: Declared, lock: Lock, left_out: frozenset[str]) -> None:
    """The gems that the Gemfile asks for, but for those ``left_out``, and what they need."""
    declared.locked = [] if declared.locked is None else declared.locked
    seen: set[str] = set()
    pending = [name for name in lock.wanted if name not in left_out]
    while pending:
        name = pending.pop()
        spec = lock.specs.get(name)
        if name in seen or spec is None:
            continue
        seen.add(name)
        pending += spec.needs
        if spec.source is None or spec.source.kind != "path":
            declared.lock(name, spec.version, spec.origin, spec.source)
