"""``[tool.poetry]``: what Poetry's own table declares, alone or beside ``[project]``.

Source: Poetry's documentation, "The pyproject.toml file" and "Dependency specification"; for both
tables together, ``poetry.core.packages.dependency_group`` of poetry-core 2.5.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from analyzer.origin import Origin
from analyzer.requirement import Requirement
from resolvers.pip.declared import Declared
from resolvers.pip.interpreter import read_interpreter
from resolvers.pip.projects.collector import Collector, Item, Refinement, both, normal
from resolvers.pip.projects.poetry_constraint import Converted, constraint, interpreter, table_markers
from resolvers.pip.projects.table_entry import Entry, read_place
from resolvers.pip.requirements.requirement_line import excerpt
from resolvers.toml_file import TomlFile

_POETRY = ("tool", "poetry")
_MAIN = (*_POETRY, "dependencies")

Path = tuple[str | int, ...]


def add_poetry(file: TomlFile, found: Collector) -> None:
    """Add what ``[tool.poetry]`` declares. Raises ManifestError where it is no table."""
    if not file.table(*_POETRY):
        return
    with found.attempt("tool.poetry.name"):
        name = file.string(*_POETRY, "name")
        if name and not found.distribution:
            found.name_project(name, file.origin(*_POETRY, "name"))
    with found.attempt("python"):
        if python := file.string(*_MAIN, "python"):
            origin = file.origin(*_MAIN, "python")
            found.add_interpreter(read_interpreter(interpreter(python, origin), origin))
    with found.attempt("[tool.poetry.dependencies]"):
        _add_main(file, found)
    _add_groups(file, found)


def poetry_refinement(file: TomlFile, found: Collector) -> Refinement:
    """What ``[tool.poetry.dependencies]`` adds to the requirements of ``[project]``: narrower
    versions, markers, and sources. Raises ManifestError.
    """
    before = found.refine
    if not file.table(*_POETRY) or not _lists_in_project(file):
        return before
    paths: dict[str, list[Path]] = {}
    for name, path in _entries(file, _MAIN):
        paths.setdefault(normal(name), []).append(path)

    def refine(item: Requirement) -> Iterator[Item]:
        narrowed = [each for path in paths.get(item.package.name, ()) for each in _narrowed(file, found, item, path)]
        for each in narrowed or [item]:
            yield from before(each)

    return refine


def _narrowed(file: TomlFile, found: Collector, item: Requirement, path: Path) -> Iterator[Requirement]:
    with found.attempt(item.package.name):
        entry = _read(file, found, item.package.name, path)
        if isinstance(entry, Requirement):
            constraint = ",".join(filter(None, (item.constraint, entry.constraint)))
            marker = both(item.marker, entry.marker)
            yield replace(item, constraint=constraint, marker=marker, source=item.source or entry.source)


def _lists_in_project(file: TomlFile) -> bool:
    return bool(file.array("project", "dependencies") or file.table("project", "optional-dependencies"))


def _add_main(file: TomlFile, found: Collector) -> None:
    wanted = _wanted_by_extras(file, found)
    required, optional = _which_count(file)
    for name, path in _entries(file, _MAIN):
        is_optional = isinstance(file.get(*path), dict) and file.get(*path, "optional") is True
        if (required and not is_optional) or (optional and is_optional and normal(name) in wanted):
            _declare(file, found, name, path)


def _which_count(file: TomlFile) -> tuple[bool, bool]:
    """Whether the required and the optional entries are dependencies, and not only details of those in
    ``[project]``: where that lists none, or calls them dynamic and lists none of the kind."""
    if not _lists_in_project(file):
        return True, True
    dynamic = {"dependencies", "optional-dependencies"} & {*file.strings("project", "dynamic")}
    return (
        bool(dynamic) and not file.array("project", "dependencies"),
        bool(dynamic) and not file.table("project", "optional-dependencies"),
    )


def _wanted_by_extras(file: TomlFile, found: Collector) -> set[str]:
    section = (*_POETRY, "extras")
    wanted: set[str] = set()
    found.offer(extras=file.table(*section))
    for extra in file.table(*section):
        with found.attempt(f"extra {extra!r}"):
            names = file.strings(*section, extra)
            if normal(extra) in found.extras:
                wanted.update(map(normal, names))
            else:
                found.leave_out("extra", extra, file.origin(*section, extra))
    return wanted


def _add_groups(file: TomlFile, found: Collector) -> None:
    sections: dict[str, tuple[str, ...]] = {}
    if file.get(*_POETRY, "dev-dependencies") is not None:
        sections["dev"] = (*_POETRY, "dev-dependencies")
    for name in file.table(*_POETRY, "group"):
        sections[name] = (*_POETRY, "group", name, "dependencies")
    found.offer(groups=sections)
    names = {normal(name): name for name in sections}
    pending = sorted(found.groups & names.keys())
    for group in pending:
        with found.attempt(f"group {names[group]!r}"):
            for name, path in _entries(file, sections[names[group]]):
                _declare(file, found, name, path)
            included = map(normal, file.strings(*_POETRY, "group", names[group], "include-groups"))
            pending += [each for each in dict.fromkeys(included) if each in names and each not in pending]
    for group, name in names.items():
        if group not in pending:
            found.leave_out("group", name, file.origin(*sections[name]))


def _entries(file: TomlFile, section: tuple[str, ...]) -> Iterator[tuple[str, Path]]:
    for name, value in file.table(*section).items():
        if isinstance(value, list):
            for number in range(len(value)):
                yield name, (*section, name, number)
        elif name.lower() != "python":
            yield name, (*section, name)


def _declare(file: TomlFile, found: Collector, name: str, path: Path) -> None:
    with found.attempt(name):
        found.add(_read(file, found, name, path))


def _read(file: TomlFile, found: Collector, name: str, path: Path) -> Item:
    """The Requirement of an entry. Raises ManifestError."""
    value, origin = file.get(*path), file.origin(*path)
    if isinstance(value, str):
        converted = constraint(value, origin)
        entry = Entry(name, converted.specifier)
    elif isinstance(value, dict):
        version = file.string(*path, "version") or "*"
        converted = constraint(version, origin)
        entry = _from_table(file, name, path, converted.specifier)
        _note_index(file, found, name, path)
    else:
        raise file.wrong(path, value, "a string or a table")
    if not converted.exact:
        found.include(Declared(unknown=(_superset(name, converted, origin),)))
    return entry.read(origin, found.context)


def _superset(name: str, converted: Converted, origin: Origin) -> str:
    specifier = converted.specifier or "any version"
    return f"{excerpt(name)} at {origin} has alternatives (||) that PEP 440 cannot say; {specifier} admits more"


def _from_table(file: TomlFile, name: str, path: Path, specifier: str) -> Entry:
    extras = tuple(file.strings(*path, "extras"))
    return Entry(name, specifier, table_markers(file, *path), extras, read_place(file, *path))


def _note_index(file: TomlFile, found: Collector, name: str, path: Path) -> None:
    index = file.string(*path, "source")
    if index and index.lower() != "pypi":
        found.other_index(name, index, file.origin(*path))
