"""Variables in Compose files: ``$NAME`` and ``${NAME:-default}`` (Compose specification, "Interpolation"), and
the ``.env`` file that sets them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from resolvers.deployment.yaml_file import Tag, Yaml
from resolvers.tree import Tree

LENGTH_LIMIT = 10_000
"""Characters of one value after interpolation."""
DEPTH_LIMIT = 10
LINE_LIMIT = 5_000

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
_OPERATOR = re.compile(r":?[-?+]")
_ASSIGNED = re.compile(r"[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_.-]*)[ \t]*[=:][ \t]*", re.ASCII)
_QUOTED = re.compile(r"\"((?:[^\"\\]|\\.)*)\"|'((?:[^'\\]|\\.)*)'", re.DOTALL)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}


@dataclass
class Expansion:
    """Expands one text. ``unset`` gathers the names that nothing sets, where nothing stands in for them."""

    variables: Mapping[str, str]
    unset: dict[str, None] = field(default_factory=dict)

    def expand(self, text: str, depth: int = 0) -> str:
        """The text with its variables replaced; what is no variable stays. Raises ValueError where it gets
        too long or is nested too deeply."""
        if depth > DEPTH_LIMIT:
            raise ValueError("nested too deeply")
        parts: list[str] = []
        place = 0
        while (dollar := text.find("$", place)) >= 0:
            parts.append(text[place:dollar])
            value, place = self._variable(text, dollar, depth)
            parts.append(value)
            if sum(map(len, parts)) > LENGTH_LIMIT:
                raise ValueError("too long")
        return "".join(parts) + text[place:]

    def _variable(self, text: str, dollar: int, depth: int) -> tuple[str, int]:
        """What stands for the ``$`` and what follows it, and where that ends."""
        if text.startswith("$$", dollar):
            return "$", dollar + 2
        if plain := _NAME.match(text, dollar + 1):
            return self._value(plain[0], "", "", depth), plain.end()
        name = _NAME.match(text, dollar + 2) if text.startswith("${", dollar) else None
        end = _closing(text, dollar + 2) if name else -1
        if name is None or end < 0:
            return "$", dollar + 1
        operator = _OPERATOR.match(text, name.end())
        if operator is None and name.end() != end:
            return "$", dollar + 1
        rest = text[operator.end() : end] if operator else ""
        return self._value(name[0], operator[0] if operator else "", rest, depth), end + 1

    def _value(self, name: str, operator: str, argument: str, depth: int) -> str:
        value = self.variables.get(name)
        counts = value is not None and (bool(value) or not operator.startswith(":"))
        if operator.endswith("+"):
            return self.expand(argument, depth + 1) if counts else ""
        if counts and value is not None:
            return value
        if operator.endswith("-"):
            return self.expand(argument, depth + 1)
        if not counts:
            self.unset[name] = None
        return ""


def interpolated(value: Yaml, variables: Mapping[str, str]) -> Yaml:
    """A value with the variables in it replaced; keys stay as they are. Raises ManifestError."""
    if value.tag is Tag.LIST:
        return replace(value, members=tuple(interpolated(member, variables) for member in value.members))
    if value.tag is Tag.MAP:
        return replace(value, entries={key: interpolated(entry, variables) for key, entry in value.entries.items()})
    if "$" not in value.text:
        return value
    expansion = Expansion(variables)
    try:
        text = expansion.expand(value.text)
    except ValueError as error:
        raise ManifestError(value.origin, f"is {error} once its variables are put in") from error
    return replace(value, text=text, tag=Tag.STR, unset=tuple(expansion.unset))


def read_environment(tree: Tree, path: str) -> Mapping[str, str]:
    """The variables that a ``.env`` file sets; none where there is no such file. Raises ManifestError."""
    return parse_environment(tree.read_text(path), path) if tree.exists(path) else {}


def parse_environment(text: str, path: str) -> Mapping[str, str]:
    """The variables that a text sets, a line each; quoted ones may go on over several. What is no assignment
    is passed over. Raises ManifestError where there are absurdly many."""
    if text.count("\n") > LINE_LIMIT:
        raise ManifestError(Origin(path), f"has more than {LINE_LIMIT} lines")
    found: dict[str, str] = {}
    text = text.replace("\r\n", "\n")
    place = 0
    while place < len(text):
        assigned = _ASSIGNED.match(text, place)
        end = text.find("\n", place) % (len(text) + 1)
        if assigned and assigned.end() <= end:
            found[assigned[1]], end = _assigned(text, assigned.end(), end, found)
        place = end + 1
    return found


def _assigned(text: str, start: int, end: int, known: Mapping[str, str]) -> tuple[str, int]:
    """A value, and where its last line ends."""
    quoted = _QUOTED.match(text, start)
    if quoted is None:
        return _expanded(re.split(r"(?:^|\s)#", text[start:end], maxsplit=1)[0].strip(), known), end
    last = text.find("\n", quoted.end()) % (len(text) + 1)
    if quoted[2] is not None:
        return quoted[2].replace("\\'", "'"), last
    unescaped = re.sub(r"\\(.)", lambda m: _ESCAPES.get(m[1], m[1]), quoted[1], flags=re.DOTALL)
    return _expanded(unescaped, known), last


def _expanded(text: str, known: Mapping[str, str]) -> str:
    try:
        return Expansion(known).expand(text)
    except ValueError:
        return ""


def _closing(text: str, start: int) -> int:
    """Where the brace closes that was opened before ``start``; -1 where none does."""
    depth = 1
    for mark in re.finditer(r"\$\{|\}", text[start : start + LENGTH_LIMIT]):
        depth += 1 if mark[0] == "${" else -1
        if not depth:
            return start + mark.start()
    return -1
