"""YAML whose values know their lines: the core schema of YAML 1.2, with merge keys, of bounded size and depth.

Compose and Kubernetes read YAML so: ``on`` and ``22:22`` are text, where PyYAML by itself would read YAML 1.1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import islice
from typing import Any

import yaml

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from resolvers.credentials import without_credentials
from resolvers.tree import Tree

TEXT_LIMIT = 2**20
"""Bytes of the largest file that is read. PyYAML takes some 10 seconds for so much of the densest YAML."""
DEPTH_LIMIT = 50
SIZE_LIMIT = 100_000
"""Values of one document, those behind aliases counted wherever they stand."""
DOCUMENT_LIMIT = 2_000
SHOWN = 200
"""Characters of a source line that an Origin carries."""
NUMBER_LIMIT = 30
"""Digits of a number that counts as one."""


class Tag(StrEnum):
    """What a value is."""

    NULL = "null"
    BOOL = "a boolean"
    INT = "an integer"
    FLOAT = "a number"
    STR = "text"
    LIST = "a list"
    MAP = "a mapping"


@dataclass(frozen=True, slots=True)
class Yaml:
    """A value: scalars keep the text that stands there. ``order`` is ``reset`` or ``override`` where a tag
    says so (Compose specification, "Merge"), ``unset`` are variables in its text that nothing sets."""

    tag: Tag
    origin: Origin = field(compare=False)
    text: str = ""
    members: tuple[Yaml, ...] = ()
    entries: Mapping[str, Yaml] = field(default_factory=dict)
    order: str = ""
    unset: tuple[str, ...] = ()

    @property
    def is_null(self) -> bool:
        """Whether nothing stands there."""
        return self.tag is Tag.NULL

    @property
    def is_scalar(self) -> bool:
        """Whether it is one text, number or boolean."""
        return self.tag not in (Tag.NULL, Tag.LIST, Tag.MAP)

    def get(self, *keys: str) -> Yaml:
        """What stands at a path of keys; null where there is nothing. Raises ManifestError where something
        that is no mapping stands on the way."""
        value = self
        for key in keys:
            value = value.mapping().get(key, Yaml(Tag.NULL, value.origin))
        return value

    def mapping(self) -> Mapping[str, Yaml]:
        """Its entries, none for null. Raises ManifestError where it is no mapping."""
        self._must_be(Tag.MAP, Tag.NULL)
        return self.entries

    def list(self) -> tuple[Yaml, ...]:
        """Its members, none for null. Raises ManifestError where it is no list."""
        self._must_be(Tag.LIST, Tag.NULL)
        return self.members

    def scalar(self) -> str:
        """Its text, ``""`` for null. Raises ManifestError where it is a list or a mapping."""
        if self.tag in (Tag.LIST, Tag.MAP):
            raise ManifestError(self.origin, f"is {self.tag} where text is expected")
        return self.text

    def truth(self) -> bool:
        """Whether it says yes: a boolean, or a text that spells one. Raises as ``scalar`` does."""
        return self.scalar().lower() == "true"

    def value(self) -> Any:
        """It as Python has it."""
        if self.tag is Tag.LIST:
            return [member.value() for member in self.members]
        if self.tag is Tag.MAP:
            return {key: entry.value() for key, entry in self.entries.items()}
        return _PYTHON[self.tag](self.text)

    def _must_be(self, *tags: Tag) -> None:
        if self.tag not in tags:
            raise ManifestError(self.origin, f"is {self.tag} where {tags[0]} is expected")


_NULL = re.compile(r"~|null|Null|NULL|")
_BOOL = re.compile(r"true|True|TRUE|false|False|FALSE")
_INT = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(
    r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
)
_KINDS = ((Tag.NULL, _NULL), (Tag.BOOL, _BOOL), (Tag.INT, _INT), (Tag.FLOAT, _FLOAT))
_CORE = "tag:yaml.org,2002:"
_TAGS = {
    "null": Tag.NULL, "bool": Tag.BOOL, "int": Tag.INT, "float": Tag.FLOAT, "str": Tag.STR, "seq": Tag.LIST,
    "map": Tag.MAP,
}  # fmt: skip
_ORDERS = {"!reset": "reset", "!override": "override"}
_MERGE = "<<"
_NO_TEXT = re.compile("[\0\ud800-\udfff]")
_NOTHING = re.compile(r"(?:[ \t]*(?:[%#][^\n]*)?\r?\n)*[ \t]*(?:[%#][^\n]*)?")
"""Directives and comments only."""
_SEPARATOR = re.compile(r"^---(?=\s|$)|^\.\.\.(?=\s|$)", re.MULTILINE)


def _integer(text: str) -> int | str:
    if len(text) > NUMBER_LIMIT:
        return text
    return int(text, 0) if text.startswith(("0o", "0x")) else int(text)


def _number(text: str) -> float:
    word = text.lower()
    return float(word.replace(".inf", "inf").replace(".nan", "nan"))


_PYTHON: Mapping[Tag, Any] = {
    Tag.NULL: lambda _: None,
    Tag.BOOL: lambda text: text.lower() == "true",
    Tag.INT: _integer,
    Tag.FLOAT: _number,
    Tag.STR: str,
}


@dataclass(frozen=True, slots=True)
class Document:
    """One document of a file: its text, and the lines before it."""

    path: str
    text: str
    before: int = 0


def read_documents(tree: Tree, path: str) -> tuple[Document, ...]:
    """The documents of a file, not yet parsed. Raises ManifestError."""
    tree.read_bytes(path, TEXT_LIMIT)
    return tuple(documents(tree.read_text(path), path))


def documents(text: str, path: str) -> Iterator[Document]:
    """The documents of a text: markers at the beginning of a line part them, whatever stands around
    (YAML 1.2.2, 9.1.4). Raises ManifestError where there are absurdly many."""
    marks = list(islice(_SEPARATOR.finditer(text), DOCUMENT_LIMIT + 1))
    if len(marks) > DOCUMENT_LIMIT:
        raise ManifestError(Origin(path), f"holds more than {DOCUMENT_LIMIT} documents")
    starts = [0, *(mark.end() for mark in marks)]
    ends = [*(mark.start() for mark in marks), len(text)]
    line = 0
    for number, (start, end) in enumerate(zip(starts, ends, strict=True)):
        line += text.count("\n", ends[number - 1] if number else 0, start)
        if not _NOTHING.fullmatch(text, start, end):
            yield Document(path, text[start:end], line)
        line += text.count("\n", start, end)


def parse(document: Document) -> Yaml:
    """The value of a document. Raises ManifestError with the line."""
    if len(document.text.encode(errors="replace")) > TEXT_LIMIT:
        raise ManifestError(Origin(document.path), f"is larger than {TEXT_LIMIT} bytes")
    reader = _Reader(document)
    try:
        loader = _Loader(document.text)
        node = loader.get_single_node()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        # What is missing at the end is missed on the last line.
        line = min(mark.line if mark else 0, document.text.rstrip().count("\n"))
        raise ManifestError(reader.origin(line), f"is no valid YAML: {error.problem or 'broken'}"[:SHOWN]) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        # Characters that YAML forbids, and escapes that stand for none.
        raise ManifestError(Origin(document.path), "is no valid YAML: a character that is not allowed") from error
    return reader.value(node) if node is not None else Yaml(Tag.NULL, Origin(document.path, document.before + 1))


def read_yaml(tree: Tree, path: str) -> Yaml:
    """The only document of a file; null where there is none. Raises ManifestError, also where there are several."""
    found = read_documents(tree, path)
    if len(found) > 1:
        raise ManifestError(Origin(path, found[1].before + 1), "holds several documents")
    return parse(found[0]) if found else Yaml(Tag.NULL, Origin(path))


class _Loader(yaml.SafeLoader):
    """PyYAML's reader with a bound on nesting."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._depth = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        self._depth += 1
        if self._depth > DEPTH_LIMIT:
            raise yaml.composer.ComposerError(None, None, "nested too deeply", self.peek_event().start_mark)  # type: ignore[no-untyped-call]
        node = super().compose_node(parent, index)
        self._depth -= 1
        return node

    def compose_scalar_node(self, anchor: Any) -> yaml.ScalarNode:
        # The tag that PyYAML gives a plain scalar is that of YAML 1.1.
        stated = self.peek_event().tag  # type: ignore[no-untyped-call]
        node = super().compose_scalar_node(anchor)
        node.tag = stated or "!"
        return node


class _Reader:
    """Turns the nodes of one document into values. What several aliases name is one value."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._lines = document.text.split("\n")
        self._known: dict[int, Yaml | None] = {}
        self._sizes: dict[int, int] = {}
        self._origins: dict[int, Origin] = {}

    def origin(self, line: int) -> Origin:
        """The place of a line of the document, counted from 0."""
        if line not in self._origins:
            text = self._lines[line] if line < len(self._lines) else ""
            shown = without_credentials(text[: 4 * SHOWN].strip())[:SHOWN]
            self._origins[line] = Origin(self._document.path, self._document.before + line + 1, _plain(shown))
        return self._origins[line]

    def value(self, node: yaml.Node) -> Yaml:
        key = id(node)
        if key in self._known:
            known = self._known[key]
            if known is None:
                raise ManifestError(self._at(node), "holds itself")
            return known
        self._known[key] = None
        found = self._made(node)
        children = getattr(node, "value", ())
        size = 1 + (sum(map(self._size, _flat(children))) if isinstance(children, list) else 0)
        if size > SIZE_LIMIT:
            raise ManifestError(self._at(node), f"holds more than {SIZE_LIMIT} values")
        self._sizes[key] = size
        self._known[key] = found
        return found

    def _size(self, node: yaml.Node) -> int:
        return self._sizes.get(id(node), 1)

    def _at(self, node: yaml.Node) -> Origin:
        return self.origin(node.start_mark.line)

    def _made(self, node: yaml.Node) -> Yaml:
        order = _ORDERS.get(node.tag, "")
        if isinstance(node, yaml.ScalarNode):
            self._check_text(node)
            return Yaml(self._tag(node, order), self._at(node), node.value, order=order)
        if isinstance(node, yaml.SequenceNode):
            self._check_tag(node, Tag.LIST, order)
            return Yaml(Tag.LIST, self._at(node), members=tuple(map(self.value, node.value)), order=order)
        if not isinstance(node, yaml.MappingNode):
            raise ManifestError(self._at(node), "is of no known kind")
        self._check_tag(node, Tag.MAP, order)
        return Yaml(Tag.MAP, self._at(node), entries=self._entries(node), order=order)

    def _check_text(self, node: yaml.ScalarNode) -> None:
        # Escapes can write what no file can hold.
        if _NO_TEXT.search(node.value):
            raise ManifestError(self._at(node), "holds a NUL or half of a character")

    def _tag(self, node: yaml.ScalarNode, order: str) -> Tag:
        if node.style is not None or node.tag != "!":
            return self._check_tag(node, Tag.STR, order)
        return next((tag for tag, form in _KINDS if form.fullmatch(node.value)), Tag.STR)

    def _check_tag(self, node: yaml.Node, default: Tag, order: str) -> Tag:
        if order:
            return default
        name = node.tag.removeprefix(_CORE)
        if node.tag.startswith(_CORE) and name in _TAGS:
            stated = _TAGS[name]
            collections = (Tag.LIST, Tag.MAP)
            if (stated in collections or default in collections) and stated is not default:
                raise ManifestError(self._at(node), f"is tagged as {stated} and is {default}")
            return stated
        if node.tag == "!":
            return default
        raise ManifestError(self._at(node), f"has the unknown tag {node.tag!r}"[:SHOWN])

    def _entries(self, node: yaml.MappingNode) -> Mapping[str, Yaml]:
        own: dict[str, Yaml] = {}
        merged: dict[str, Yaml] = {}
        seen: set[str] = set()
        for key, child in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise ManifestError(self._at(key), "has a key that is no text")
            self._check_text(key)
            if key.value in seen:
                raise ManifestError(self._at(key), f"has the key {key.value!r} twice"[:SHOWN])
            seen.add(key.value)
            value = self.value(child)
            if key.value == _MERGE and key.style is None:
                for source in value.members if value.tag is Tag.LIST else (value,):
                    for name, entry in source.mapping().items():
                        merged.setdefault(name, entry)
            else:
                # A mapping or list is known by the line of its key.
                is_scalar = isinstance(child, yaml.ScalarNode)
                own[key.value] = value if is_scalar else replace(value, origin=self._at(key))
        return own | {name: entry for name, entry in merged.items() if name not in own}


def _flat(children: list[Any]) -> Iterator[yaml.Node]:
    for child in children:
        if isinstance(child, tuple):
            yield from child
        else:
            yield child


def _plain(text: str) -> str:
    return "".join(char if char.isprintable() else "?" for char in text)
