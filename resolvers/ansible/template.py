"""Jinja expressions of a playbook, as far as plain variables tell them (docs.ansible.com, "Using variables")."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from analyzer.errors import ManifestError
from resolvers.deployment.yaml_file import Tag, Yaml
from resolvers.shell.command import Word

DEPTH_LIMIT = 10
"""How often variables may stand for variables."""
TEXT_LIMIT = 4000

_EXPRESSION = re.compile(r"\{\{-?\s*([^{}]*?)\s*-?\}\}")
_ALONE = re.compile(r"\s*\{\{-?\s*([^{}]*?)\s*-?\}\}\s*")
_NAME = re.compile(r"[A-Za-z_]\w*(?:\.\w+|\[(?:'[^']*'|\"[^\"]*\")\])*", re.ASCII)
_STEP = re.compile(r"\w+", re.ASCII)
_DEFAULT = re.compile(
    r"(?P<name>[^|]*?)\s*\|\s*(?:default|d)\(\s*(['\"])(?P<text>[^'\"]*)\2\s*(?:,\s*true\s*)?\)", re.I
)

Variables = Mapping[str, Yaml]


def resolved(value: Yaml, variables: Variables, depth: int = 0) -> Yaml | None:
    """A value in which variables have their values; None for text of which only a run tells what stands there."""
    if not value.is_scalar or "{" not in value.text:
        return value
    if depth > DEPTH_LIMIT or len(value.text) > TEXT_LIMIT:
        return None
    if alone := _ALONE.fullmatch(value.text):
        found = _looked_up(alone[1], variables, value)
        return None if found is None else resolved(found, variables, depth + 1)
    text = _text(value, variables, depth)
    return None if text is None else replace(value, tag=Tag.STR, text=text)


def word(value: Yaml, variables: Variables) -> Word:
    """A scalar as a word, which shows the expressions that are not known."""
    found = resolved(value, variables)
    known = found is not None and found.is_scalar
    return Word(found.text if found is not None and known else _shown(value), known)


def members(value: Yaml, variables: Variables) -> Iterator[Yaml]:
    """A list, or the list that a text names, or has between commas; a text that is not known stays one member."""
    found = resolved(value, variables)
    if found is None or found.tag is Tag.MAP:
        yield value
    elif found.tag is Tag.LIST:
        for member in found.members:
            inner = resolved(member, variables)
            yield from inner.members if inner is not None and inner.tag is Tag.LIST else (member,)
    elif not found.is_null:
        yield from (replace(found, tag=Tag.STR, text=part.strip()) for part in found.text.split(",") if part.strip())


def _shown(value: Yaml) -> str:
    return value.text if value.is_scalar else "{{ … }}"


def _text(value: Yaml, variables: Variables, depth: int) -> str | None:
    pieces, position = list[str](), 0
    for found in _EXPRESSION.finditer(value.text):
        inner = _looked_up(found[1], variables, value)
        inner = None if inner is None else resolved(inner, variables, depth + 1)
        if inner is None or not inner.is_scalar:
            return None
        pieces += (value.text[position : found.start()], inner.text)
        position = found.end()
    text = "".join((*pieces, value.text[position:]))
    return None if "{{" in text or "{%" in text or len(text) > TEXT_LIMIT else text


def _looked_up(expression: str, variables: Variables, place: Yaml) -> Yaml | None:
    name, default = expression, None
    if fallback := _DEFAULT.fullmatch(expression):
        name, default = fallback["name"], replace(place, tag=Tag.STR, text=fallback["text"])
    if not _NAME.fullmatch(name):
        return None
    first, *steps = _STEP.findall(name)
    found = variables.get(first)
    try:
        for step in steps:
            found = None if found is None else found.mapping().get(step)
    except ManifestError:
        return None
    return default if found is None else found
