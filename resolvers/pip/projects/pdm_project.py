"""``[tool.pdm]``: development groups and overrides. Source: PDM's documentation, "Configure the project"."""

from __future__ import annotations

import re

from analyzer.requirement import Force
from resolvers.pip.projects.collector import Collector, normal
from resolvers.pip.projects.requirement_array import declare_member, shown
from resolvers.pip.projects.table_entry import Entry
from resolvers.pip.requirements.direct_reference import read_reference
from resolvers.pip.requirements.requirement_line import read_unnamed
from resolvers.toml_file import TomlFile

_GROUPS = ("tool", "pdm", "dev-dependencies")
_RESOLUTION = ("tool", "pdm", "resolution")
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")
_EDITABLE = re.compile(r"\s*(?:-e|--editable)[\s=]+(.*)", re.DOTALL)


def add_pdm(file: TomlFile, found: Collector) -> None:
    """Add the chosen groups and the overrides of ``[tool.pdm]``. Raises ManifestError where a table is none."""
    found.offer(groups=file.table(*_GROUPS))
    for group in file.table(*_GROUPS):
        if normal(group) not in found.groups:
            found.leave_out("group", group, file.origin(*_GROUPS, group))
            continue
        with found.attempt(f"group {group!r}"):
            for number in range(len(file.array(*_GROUPS, group))):
                _declare(file, found, *_GROUPS, group, number)
    for name in file.table(*_RESOLUTION, "overrides"):
        with found.attempt(name):
            _override(file, found, name)
    for number, name in enumerate(file.strings(*_RESOLUTION, "excludes")):
        reason = "is left out of the resolution by PDM, which is not taken into account"
        found.skip(name, reason, file.origin(*_RESOLUTION, "excludes", number))


def _declare(file: TomlFile, found: Collector, *path: str | int) -> None:
    with found.attempt(shown(path)):
        if editable := _EDITABLE.fullmatch(file.string(*path)):
            found.add(read_unnamed(editable[1], file.origin(*path), found.context))
        else:
            declare_member(file, found, *path)


def _override(file: TomlFile, found: Collector, name: str) -> None:
    path = (*_RESOLUTION, "overrides", name)
    text, origin = file.string(*path).strip(), file.origin(*path)
    if _URL.match(text):
        entry = Entry(name, reference=read_reference(text, origin))
    elif text in ("", "*"):
        entry = Entry(name)
    else:
        entry = Entry(name, text if text[0] in "<>=!~" else f"=={text}")
    found.add(entry.read(origin, found.context, Force.OVERRIDES))
