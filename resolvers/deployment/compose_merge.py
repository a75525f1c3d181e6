"""How one description of a Compose service is laid over another (Compose specification, "Merge", "Extends")."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from resolvers.deployment.yaml_file import Tag, Yaml

_PAIRS = frozenset({"args", "sysctls", "environment", "labels", "annotations", "extra_hosts"})
"""What may be a list of ``KEY=value`` or a mapping."""
_REPLACED = frozenset({"command", "entrypoint", "test"})
"""Lists that are replaced as a whole."""


def merged(under: Yaml, over: Yaml, key: str = "") -> Yaml:
    """``over`` laid on ``under``: mappings are merged, lists appended, all else is replaced."""
    under, over = expanded(key, under), expanded(key, over)
    if over.order or under.tag is not over.tag or key in _REPLACED:
        return over
    if over.tag is Tag.LIST:
        return replace(over, members=(*under.members, *over.members))
    if over.tag is Tag.MAP:
        return replace(over, entries=_merged_entries(under.entries, over.entries))
    return over


def _merged_entries(under: Mapping[str, Yaml], over: Mapping[str, Yaml]) -> Mapping[str, Yaml]:
    found = dict(under)
    for key, entry in over.items():
        if entry.order == "reset":
            found.pop(key, None)
        elif key in found and not entry.is_null:
            found[key] = merged(found[key], entry, key)
        else:
            found.setdefault(key, entry)
    return found


def expanded(key: str, value: Yaml) -> Yaml:
    """The long form of what may be written short."""
    if key == "build" and value.is_scalar:
        return replace(value, tag=Tag.MAP, text="", entries={"context": value})
    if key == "extends" and value.is_scalar:
        return replace(value, tag=Tag.MAP, text="", entries={"service": value})
    if key in _PAIRS and value.tag is Tag.LIST:
        return replace(value, tag=Tag.MAP, members=(), entries=_pairs(value))
    return value


def _pairs(value: Yaml) -> Mapping[str, Yaml]:
    found: dict[str, Yaml] = {}
    for member in value.members:
        if member.is_scalar:
            name, equals, text = member.text.partition("=")
            found[name] = replace(member, tag=Tag.STR if equals else Tag.NULL, text=text)
    return found
