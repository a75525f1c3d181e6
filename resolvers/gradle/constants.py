"""What has a fixed value in a build: ``gradle.properties``, and the constants of its own code in ``buildSrc``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from resolvers.tree import Tree, join

_CONSTANT = re.compile(
    r"""^\s*(?:(?:public|static|final|const|val|String|def|internal)\s+)+(\w+)[^=\n]*=\s*["']([^"'$]*)["']"""
)
_OBJECT = re.compile(r"^\s*(?:(?:public|internal|final)\s+)*(?:object|class)\s+(\w+)")
_PROPERTY = re.compile(r"^\s*([\w.\-]+)\s*[=:]\s*(.*?)\s*$")
_LINE = 2000
"""Characters of a line that are looked at."""


def constants(tree: Tree, root: str, folders: Iterable[str]) -> dict[str, str]:
    """The properties of ``folders`` (the later ones win) and the constants of the build in ``root``."""
    found: dict[str, str] = {}
    for folder in folders:
        path = join(folder, "gradle.properties")
        if tree.exists(path):
            lines = tree.read_text(path).split("\n")
            found |= {m[1]: m[2] for line in lines if (m := _PROPERTY.match(line[:_LINE]))}
    return found | dict(_in_code(tree, root))


def _in_code(tree: Tree, root: str) -> Iterator[tuple[str, str]]:
    for language in ("kotlin", "java", "groovy"):
        folder = join(root, f"buildSrc/src/main/{language}")
        for name in tree.names(folder):
            if name.endswith((".kt", ".java", ".groovy")):
                yield from _of_source(tree.read_text(join(folder, name)))


def _of_source(text: str) -> Iterator[tuple[str, str]]:
    """Constants of a source file, by themselves and behind the name of what holds them."""
    holder = ""
    for line in text.split("\n"):
        if found := _OBJECT.match(line[:_LINE]):
            holder = found[1]
        elif found := _CONSTANT.match(line[:_LINE]):
            yield found[1], found[2]
            yield f"{holder}.{found[1]}", found[2]
