"""Pipfile: what Pipenv is told to install. Source: Pipenv's documentation, "Pipfile & Pipfile.lock" and
"Specifying dependencies"."""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.errors import ManifestError
from resolvers.pip.declared import Context, Declared
from resolvers.pip.interpreter import read_interpreter
from resolvers.pip.projects.collector import Collector, normal
from resolvers.pip.projects.table_entry import Entry, read_place
from resolvers.pip.requirements.requirement_line import excerpt
from resolvers.toml_file import TomlFile, read_toml

_OTHERS = {"source", "packages", "requires", "scripts", "pipenv", "pipfile"}
_MARKERS = (
    "os_name",
    "sys_platform",
    "platform_machine",
    "platform_python_implementation",
    "platform_release",
    "platform_system",
    "platform_version",
    "python_version",
    "python_full_version",
    "implementation_name",
    "implementation_version",
)
_DEVELOPMENT = "dev-packages"


def read_pipfile(context: Context, path: str) -> Declared:
    """What the Pipfile at ``path`` declares.

    ``[dev-packages]`` and package categories count if ``context.choice.groups`` names them (``dev`` will
    do for the former). Raises ManifestError where the file is no TOML.
    """
    file = read_toml(context.tree, path)
    found = Collector(context)
    with found.attempt("[requires]"):
        _add_interpreter(file, found)
    with found.attempt("[packages]"):
        _add_section(file, found, "packages")
    for section in sorted(file.data.keys() - _OTHERS):
        names = {normal(section), "dev"} if section == _DEVELOPMENT else {normal(section)}
        found.offer(groups=names)
        if not names & found.groups:
            found.leave_out("group", section, file.origin(section))
            continue
        with found.attempt(f"[{section}]"):
            _add_section(file, found, section)
    return found.declared()


def _add_interpreter(file: TomlFile, found: Collector) -> None:
    for key, pattern in (("python_full_version", "=={}"), ("python_version", "=={}.*")):
        if version := file.string("requires", key):
            found.add_interpreter(read_interpreter(pattern.format(version), file.origin("requires", key)))


def _add_section(file: TomlFile, found: Collector, section: str) -> None:
    for name in file.table(section):
        with found.attempt(name):
            found.add(_entry(file, found, section, name).read(file.origin(section, name), found.context))


def _entry(file: TomlFile, found: Collector, section: str, name: str) -> Entry:
    path = (section, name)
    if isinstance(file.get(*path), str):
        return Entry(name, _specifier(file, *path))
    if not isinstance(file.get(*path), dict):
        raise file.wrong(path, file.get(*path), "a string or a table")
    _note_index(file, found, *path)
    extras = tuple(file.strings(*path, "extras"))
    return Entry(
        name, _specifier(file, *path, "version"), tuple(_markers(file, *path)), extras, read_place(file, *path)
    )


def _specifier(file: TomlFile, *path: str) -> str:
    text = file.string(*path).strip()
    if text in ("", "*"):
        return ""
    if text[0] not in "<>=!~":
        raise ManifestError(file.origin(*path), f"is no version specifier: {excerpt(text)}")
    return text


def _markers(file: TomlFile, *path: str) -> Iterator[str]:
    yield file.string(*path, "markers")
    for variable in _MARKERS:
        if comparison := file.string(*path, variable):
            yield f"{variable} {comparison}"


def _note_index(file: TomlFile, found: Collector, *path: str) -> None:
    index = file.string(*path, "index")
    # Pipenv takes a package that names no index from the first [[source]].
    first = file.get("source", 0, "name")
    if index and index != first:
        found.other_index(path[-1], index, file.origin(*path))
