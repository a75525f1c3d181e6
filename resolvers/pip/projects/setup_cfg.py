"""setup.cfg: the declarative metadata of setuptools."""

from __future__ import annotations

import configparser
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from resolvers.pip.declared import Context, Declared
from resolvers.pip.interpreter import read_interpreter
from resolvers.pip.projects.collector import Collector
from resolvers.pip.projects.setuptools_project import open_options
from resolvers.pip.requirements.named_file import add_requirements_file
from resolvers.pip.requirements.requirement_line import excerpt, read_requirement
from resolvers.tree import Tree

_MARK = "\0"
_EXTRAS = "options.extras_require"

Line = tuple[str, Origin]
"""A line of an option's value, and where it stands."""


@dataclass(frozen=True, slots=True)
class SetupCfg:
    """A parsed setup.cfg: the value of every option as lines (blank ones and comments left out)."""

    path: str
    sections: Mapping[str, Mapping[str, tuple[Line, ...]]]

    def lines(self, section: str, option: str) -> tuple[Line, ...]:
        """The value of an option; empty where it is not set."""
        return self.sections.get(section, {}).get(option, ())


def read_setup_cfg(context: Context, path: str) -> Declared:
    """What the setup.cfg at ``path`` declares for setuptools.

    What pyproject.toml beside it decides (see ``setuptools_project``) is left out. Raises
    ManifestError where the file is no configuration file.
    """
    file = parse_setup_cfg(context.tree.read_text(path), path)
    counting = open_options(context.tree, path.rpartition("/")[0])
    found = Collector(context)
    for name, origin in file.lines("metadata", "name")[:1]:
        with found.attempt("name"):
            found.name_project(name, origin)
    if "install_requires" in counting:
        _add_requirements(file.lines("options", "install_requires"), found)
    if "python_requires" in counting:
        for text, origin in file.lines("options", "python_requires")[:1]:
            found.add_interpreter(read_interpreter(text, origin))
    if "extras_require" in counting:
        _add_extras(file, found)
    return found.declared()


def read_options(tree: Tree, path: str) -> frozenset[str]:
    """The ``OPTIONS`` that a setup.cfg sets. Raises ManifestError."""
    file = parse_setup_cfg(tree.read_text(path), path)
    extras = {"extras_require"} if file.sections.get(_EXTRAS) else set()
    return frozenset(extras | file.sections.get("options", {}).keys())


def parse_setup_cfg(text: str, path: str) -> SetupCfg:
    """The setup.cfg in ``text``, as the file ``path``. Raises ManifestError with the line at fault."""
    parser = configparser.RawConfigParser()
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    # Every line carries its number through the parser, which keeps none; files hold no NUL.
    marked = (f"{line}{_MARK}{number}" if line.strip() else line for number, line in enumerate(text.split("\n"), 1))
    try:
        parser.read_string("\n".join(marked), path)
    except configparser.Error as error:
        raise _refusal(error, path) from error
    sections = {name: _options(parser, name, path) for name in parser.sections()}
    return SetupCfg(path, sections)


def _options(parser: configparser.RawConfigParser, section: str, path: str) -> dict[str, tuple[Line, ...]]:
    keep = section == _EXTRAS
    return {
        option if keep else option.lower().replace("-", "_"): tuple(_lines(value, path))
        for option, value in parser.items(section)
    }


def _lines(value: str, path: str) -> Iterator[Line]:
    for line in value.split("\n"):
        text, _, number = line.partition(_MARK)
        if text.strip() and not text.lstrip().startswith("#"):
            yield text.strip(), Origin(path, int(number), excerpt(text))


def _refusal(error: configparser.Error, path: str) -> ManifestError:
    line = getattr(error, "lineno", None) or next((number for number, _ in getattr(error, "errors", ())), 0)
    match error:
        case configparser.DuplicateSectionError():
            reason = f"has the section {excerpt(error.section)!r} twice"
        case configparser.DuplicateOptionError():
            reason = f"has the option {excerpt(error.option)!r} twice"
        case configparser.MissingSectionHeaderError():
            reason = "has a line before the first [section]"
        case _:
            reason = "has a line that is neither an option nor a [section]"
    return ManifestError(Origin(path, line), reason)


def _add_extras(file: SetupCfg, found: Collector) -> None:
    values = file.sections.get(_EXTRAS, {})
    offered = {extra: lines[0][1] if lines else Origin(file.path) for extra, lines in values.items()}
    found.add_extras(offered, lambda extra: _add_requirements(values[extra], found))


def _add_requirements(lines: tuple[Line, ...], found: Collector) -> None:
    if lines and lines[0][0].startswith("file:"):
        _add_files(lines, found)
        return
    for text, origin in lines if len(lines) > 1 else _split(lines):
        if text.startswith("attr:"):
            found.skip(text, "is computed by the project's code, which is not run", origin)
        else:
            found.declare(read_requirement(text.partition(" #")[0], origin, found.context, extras=("", *found.extras)))


def _split(lines: tuple[Line, ...]) -> Iterator[Line]:
    # setuptools splits a value of one line at ";", a value of several lines not at all.
    for text, origin in lines:
        yield from ((part.strip(), origin) for part in text.split(";") if part.strip())


def _add_files(lines: tuple[Line, ...], found: Collector) -> None:
    for text, origin in lines:
        for name in filter(None, map(str.strip, text.removeprefix("file:").split(","))):
            with found.attempt(name):
                add_requirements_file(found, name, origin)
