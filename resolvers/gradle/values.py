"""What names stand for in the scripts of one project: texts, lists, and the aliases of catalogs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from resolvers.gradle.catalog import Catalog, alias
from resolvers.gradle.notation import Module, module, parse
from resolvers.gradle.syntax import Argument, Assign, Call, Items, Name, Node, Text, blocks

_LENGTH = 1000
"""Characters of the longest text that is put together."""
_REFERENCES = re.compile(r"^(?:(?:rootProject|project|parent|this|ext|extra|properties)\.)+")
_READERS = re.compile(r"(?:\.(?:get|toString|asProvider|orNull))+$")
_LOOKUPS = frozenset({"property", "getProperty", "findProperty", "gradleProperty", "get", "extra", "getOrElse"})
_PLACES = ("group", "name", "version")
_LISTS = frozenset({"listOf", "setOf", "arrayOf", "mapOf", "hashMapOf", "mutableListOf", "mutableMapOf"})


@dataclass
class Values:
    """Names and what they stand for. What is not known has no entry."""

    catalogs: Mapping[str, Catalog] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    lists: dict[str, Items] = field(default_factory=dict)

    def assign(self, name: str, value: Node) -> None:
        """Give a name a value, forgetting what it stood for."""
        own = _REFERENCES.sub("", name)
        known, listed = self.text(value), self.items(value)
        self._forget(own)
        if known is not None:
            self.texts[own] = known
        elif listed is not None:
            self.lists[own] = listed
            for member in listed.members:
                if member.label:
                    self.assign(f"{own}.{member.label}", member.value)

    def forget_all_in(self, nodes: Iterable[Node]) -> None:
        """Forget what statements would change that are perhaps run."""
        for node in blocks(nodes):
            if isinstance(node, Assign):
                self._forget(_REFERENCES.sub("", node.name))

    def _forget(self, name: str) -> None:
        self.texts.pop(name, None)
        self.lists.pop(name, None)

    def text(self, node: Node) -> str | None:
        """The text that a value stands for. None where it is not known."""
        if isinstance(node, Name):
            return self._named(node.path)
        if isinstance(node, Text):
            parts = [part if isinstance(part, str) else self.text(part) for part in node.parts]
            found = [part for part in parts if part is not None]
            return "".join(found) if len(found) == len(parts) and sum(map(len, found)) <= _LENGTH else None
        return self._looked_up(node) if isinstance(node, Call) else None

    def items(self, node: Node) -> Items | None:
        """The list or map that a value stands for. None where it is not known."""
        if isinstance(node, Items):
            return node
        if isinstance(node, Call) and node.name in _LISTS:
            return Items(node.arguments)
        return self.lists.get(_REFERENCES.sub("", node.path)) if isinstance(node, Name) else None

    def modules(self, arguments: tuple[Argument, ...]) -> tuple[Module, ...] | None:
        """The modules of one notation. None where it is not known."""
        if any(argument.label for argument in arguments):
            return self._labelled(arguments)
        if len(arguments) > 1:
            return self._labelled(
                [Argument(*pair) for pair in zip(_PLACES, (a.value for a in arguments), strict=False)]
            )
        value = arguments[0].value
        if (aliased := self._aliased(value)) is not None:
            return aliased
        if isinstance(value, Call) and value.name in ("kotlin", "embeddedKotlin") and value.arguments:
            return self._kotlin(value)
        if (listed := self.items(value)) is not None:
            return self._all(listed)
        text = self.text(value)
        parsed = parse(text) if text else None
        return (parsed,) if parsed else None

    def _named(self, path: str) -> str | None:
        name = _READERS.sub("", path)
        prefix, _, rest = name.partition(".versions.")
        if rest and prefix in self.catalogs:
            return self.catalogs[prefix].versions.get(rest)
        return self.texts.get(name, self.texts.get(_REFERENCES.sub("", name)))

    def _looked_up(self, node: Call) -> str | None:
        name = node.name.rpartition(".")[2]
        if name in ("get", "toString", "asText", "trim") and not node.arguments:
            return self.text(node.receiver) if node.receiver else self._named(node.name.removesuffix(f".{name}"))
        if name in _LOOKUPS and len(node.arguments) == 1 and node.receiver is None:
            return self._named(self.text(node.arguments[0].value) or "")
        return None

    def _labelled(self, arguments: Iterable[Argument]) -> tuple[Module, ...] | None:
        """``group: 'a', name: 'b', version: 'c'``."""
        parts = {a.label: self.text(a.value) for a in arguments if a.label}
        known = {label: text for label, text in parts.items() if text is not None}
        if not {"group", "name"} <= known.keys() or ("version" in parts) != ("version" in known):
            return None
        found = module(known["group"], known["name"], known.get("version", ""))
        return (found,) if found else None

    def _aliased(self, value: Node) -> tuple[Module, ...] | None:
        """``libs.x``, and ``findLibrary("x")`` of whatever holds the catalogs."""
        searched = value
        while isinstance(searched, Call) and searched.name == "get" and searched.receiver is not None:
            searched = searched.receiver
        if isinstance(searched, Call) and searched.arguments and searched.name.endswith(("findLibrary", "findBundle")):
            name = alias(self.text(searched.arguments[0].value) or "")
            wanted = f"bundles.{name}" if searched.name.endswith("findBundle") else name
            return self._only_catalog().modules(wanted)
        path = _read_path(searched)
        prefix, _, rest = path.removeprefix("rootProject.").partition(".")
        return self.catalogs[prefix].modules(rest) if prefix in self.catalogs else None

    def _only_catalog(self) -> Catalog:
        known = list(self.catalogs.values())
        return self.catalogs.get("libs", known[0] if len(known) == 1 else Catalog())

    def _all(self, value: Items) -> tuple[Module, ...] | None:
        if value.members and all(member.label for member in value.members):
            return self._labelled(value.members)
        found = [self.modules((member,)) for member in value.members]
        return tuple(m for one in found if one for m in one) if all(found) else None

    def _kotlin(self, value: Call) -> tuple[Module, ...] | None:
        parts = [self.text(a.value) for a in value.arguments]
        if None in parts:
            return None
        found = module("org.jetbrains.kotlin", f"kotlin-{parts[0]}", parts[1] or "" if len(parts) > 1 else "")
        return (found,) if found else None


def _read_path(node: Node) -> str:
    """``libs.x`` of ``libs.x`` and ``libs.x.get()``."""
    if isinstance(node, Call):
        return node.name if node.name.endswith(".get") and not node.arguments else ""
    return node.path if isinstance(node, Name) else ""
