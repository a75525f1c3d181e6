"""``go.mod`` and ``go.sum`` (Go Modules Reference)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from analyzer.origin import Origin
from analyzer.requirement import Source
from resolvers.bundled.declared import Declared, shown
from resolvers.tree import Tree

GO_MOD = "go.mod"
GO_SUM = "go.sum"

COMPLETE = (1, 17)
"""The Go version from which on ``go.mod`` lists all modules that a build takes, not only the direct ones."""

_GO = re.compile(r"(\d{1,4})\.(\d{1,4})", re.ASCII)
_NUMBERS = re.compile(r"v(\d{1,18})\.(\d{1,18})\.(\d{1,18})(?:-([0-9A-Za-z.-]{1,200}))?(?:\+incompatible)?", re.ASCII)
_STRING = re.compile(r'"([^"\\]*)"|`([^`]*)`|(\S+)')

Replaced = dict[tuple[str, str], tuple[str, str]]
Order = tuple[tuple[int, int, int], bool, tuple[tuple[bool, int, str], ...]]


@dataclass(frozen=True, slots=True)
class Line:
    """A directive with its arguments."""

    verb: str
    words: tuple[str, ...]
    indirect: bool
    origin: Origin


@dataclass(slots=True)
class GoModule:
    """What ``go.mod`` says. ``replaced`` has by path, and version or nothing, what stands in for it."""

    go: tuple[int, int] = (0, 0)
    required: list[Line] = field(default_factory=list)
    replaced: Replaced = field(default_factory=dict)

    def instead(self, path: str, version: str) -> tuple[str, str]:
        """What a module is replaced by; itself where nothing does. A folder has no version."""
        found = self.replaced.get((path, version)) or self.replaced.get((path, ""))
        return found or (path, version)


def read_module(tree: Tree, path: str) -> GoModule:
    """Raises ManifestError where the file cannot be read."""
    module = GoModule()
    for line in directives(tree.read_text(path), path):
        if line.verb == "require" and len(line.words) == 2:
            module.required.append(line)
        elif line.verb == "go" and line.words and (found := _GO.match(line.words[0])):
            module.go = (int(found[1]), int(found[2]))
        elif line.verb == "replace":
            module.replaced.update(replacement(line))
    return module


def replacement(line: Line) -> Replaced:
    """What a ``replace`` says; nothing where it is none."""
    if "=>" not in line.words:
        return {}
    cut = line.words.index("=>")
    old, new = (*line.words[:cut], "", "")[:2], (*line.words[cut + 1 :], "", "")[:2]
    return {(old[0], old[1]): (new[0], new[1])}


def declare_module(declared: Declared, module: GoModule) -> None:
    """The direct modules as requirements, and all of them as locked: Go takes the versions that are named
    (minimal version selection), and ``go mod tidy`` names them all."""
    for line in module.required:
        path, version = line.words
        real, real_version = module.instead(path, version)
        if real.startswith((".", "/")):
            declared.skip(path, f"is replaced by the folder {shown(real)}", line.origin)
            continue
        source = Source("path" if not real_version else "url", shown(real)) if real != path else None
        if not line.indirect:
            declared.require(path, real_version, line.origin, source)
        declared.lock(path, real_version, line.origin, source)


def declare_sums(declared: Declared, tree: Tree, path: str, module: GoModule) -> None:
    """Of each module the highest version whose content was needed, where ``go.mod`` does not name them all.

    Raises ManifestError where the file cannot be read.
    """
    named = {line.words[0] for line in module.required} | {new for new, _ in module.replaced.values()}
    for name, (version, origin) in _highest(tree.read_text(path), path).items():
        if name not in named and module.go < COMPLETE:
            declared.lock(name, version, origin)


def _highest(text: str, path: str) -> Mapping[str, tuple[str, Origin]]:
    chosen: dict[str, tuple[str, Origin]] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        words = line.split()
        if len(words) != 3 or words[1].endswith(f"/{GO_MOD}"):
            continue
        name, version = words[:2]
        if name not in chosen or order(version) > order(chosen[name][0]):
            chosen[name] = (version, Origin(path, number, shown(line.strip())))
    return chosen


def order(version: str) -> Order:
    """How versions compare (Semantic Versioning 2.0.0, section 11): a pre-release comes before its release."""
    found = _NUMBERS.fullmatch(version)
    if found is None:
        return (0, 0, 0), False, ()
    parts = (found[4] or "").split(".") if found[4] else []
    small = tuple((not p.isdigit(), int(p) if p.isdigit() else 0, "" if p.isdigit() else p) for p in parts)
    return (int(found[1]), int(found[2]), int(found[3])), not parts, small


def directives(text: str, path: str) -> Iterator[Line]:
    """The directives, those of a block one by one."""
    block = ""
    for number, raw in enumerate(text.split("\n"), start=1):
        code, _, comment = raw.partition("//")
        words = tuple(a or b or c for a, b, c in _STRING.findall(code))
        if not words:
            continue
        origin = Origin(path, number, shown(raw.strip()))
        indirect = comment.strip().partition(";")[0] == "indirect"
        if block and words == (")",):
            block = ""
        elif block:
            yield Line(block, words, indirect, origin)
        elif words[1:] == ("(",):
            block = words[0]
        else:
            yield Line(words[0], words[1:], indirect, origin)
