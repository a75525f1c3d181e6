"""An array of PEP 508 strings in a TOML file."""

from __future__ import annotations

from analyzer.requirement import Force
from resolvers.pip.projects.collector import Collector
from resolvers.pip.requirements.requirement_line import read_requirement
from resolvers.toml_file import TomlFile


def declare_array(file: TomlFile, found: Collector, *keys: str | int, force: Force = Force.REQUIRES) -> None:
    """Take in the requirements of the array at a key path, each with its own line.

    Members that are no strings become Skipped. Raises ManifestError where there is no array.
    """
    for number in range(len(file.array(*keys))):
        declare_member(file, found, *keys, number, force=force)


def declare_member(file: TomlFile, found: Collector, *keys: str | int, force: Force = Force.REQUIRES) -> None:
    """Take in the requirement at a key path; a Skipped if it is none."""
    with found.attempt(shown(keys)):
        text = file.string(*keys)
        found.declare(
            read_requirement(text, file.origin(*keys), found.context, force=force, extras=("", *found.extras))
        )


def shown(keys: tuple[str | int, ...]) -> str:
    """A key path as one writes it."""
    return "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in keys).removeprefix(".")
