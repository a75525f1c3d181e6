"""What the block behind a dependency says of it: its rich version, and what it leaves out of what it brings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from resolvers.gradle.notation import joined, rich
from resolvers.gradle.syntax import Argument, Assign, Call, Items, Name, Node
from resolvers.gradle.values import Values

_WITHOUT_EFFECT = frozenset({"because", "changing", "isChanging", "it", "artifact", "classifier", "doNotResolve"})
_WORDS = {"strictly": "strictly ", "require": "", "prefer": "prefer ", "reject": "reject "}
EVERYTHING = "exclude *:*"


@dataclass
class Details:
    """``clear`` is false where something is said that cannot be evaluated."""

    versions: list[str] = field(default_factory=list)
    excluded: list[str] = field(default_factory=list)
    forced: bool = False
    clear: bool = True


def read_details(values: Values, block: Iterable[Node]) -> Details:
    """What a dependency's block says."""
    found = Details()
    for node in block:
        if isinstance(node, Assign):
            found.clear &= _assigned(found, node)
        elif not isinstance(node, Call):
            found.clear = False
        elif (name := node.name.removeprefix("it.")) == "version":
            _version(values, node, found)
        elif name == "exclude":
            left_out = exclusion(values, node)
            found.excluded += [left_out] if left_out else []
            found.clear &= left_out is not None
        else:
            found.clear &= name in _WITHOUT_EFFECT
    return found


def exclusion(values: Values, node: Call) -> str | None:
    """``exclude group: 'g', module: 'm'`` as ``exclude g:m``. None where it is not known."""
    arguments = node.arguments
    if len(arguments) == 1 and not arguments[0].label and (listed := values.items(arguments[0].value)):
        arguments = listed.members
    places = ("group", "module")
    parts = {a.label or places[n]: values.text(a.value) for n, a in enumerate(arguments[:2])}
    if list(parts) == ["group"] and ":" in (parts["group"] or "") and not arguments[0].label:
        parts = dict(zip(places, (parts["group"] or "").split(":"), strict=False))
    if not parts or not all(parts.values()) or not parts.keys() <= set(places):
        return None
    return f"exclude {parts.get('group', '*')}:{parts.get('module', '*')}"


def _assigned(found: Details, node: Assign) -> bool:
    name = node.name.removeprefix("it.").removeprefix("is").lower()
    value = node.value.path if isinstance(node.value, Name) else ""
    if name == "transitive" and value in ("true", "false"):
        found.excluded += [EVERYTHING] if value == "false" else []
    elif name == "force" and value in ("true", "false"):
        found.forced = value == "true"
    else:
        return node.name.removeprefix("it.") in _WITHOUT_EFFECT
    return True


def _version(values: Values, node: Call, found: Details) -> None:
    for inner in node.block or ():
        demand = _rich(values, inner)
        found.clear &= bool(demand)
        found.versions += [demand] if demand else []
    found.clear &= bool(node.block)


def _rich(values: Values, node: Node) -> str | None:
    if isinstance(node, Call) and node.name == "rejectAll":
        return "reject +"
    if isinstance(node, Assign) and node.name in _WORDS:
        node = Call(node.name, node.line, (Argument("", node.value),))
    if not isinstance(node, Call) or node.name not in _WORDS or not node.arguments:
        return None
    members = [m for a in node.arguments for m in (a.value.members if isinstance(a.value, Items) else (a,))]
    parts = [rich(values.text(member.value) or " / ") for member in members]
    return joined(_WORDS[node.name] + part for part in parts if part) if all(parts) else None
