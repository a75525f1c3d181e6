"""Configuration: command line before ``COHABIT_*`` variables before a file, checked as a whole.

The file is ``cohabit.toml`` of the audited folder, else ``[tool.cohabit]`` of its
``pyproject.toml``; docs/configuration.md lists the keys.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from analyzer.errors import CohabitError, ManifestError
from analyzer.gate.severity import Severity
from analyzer.gate.waiver import Waiver
from analyzer.origin import Origin
from analyzer.planner.rules import Rules
from analyzer.service import Platform, PresentEnvironment
from analyzer.substrate.rule import Rule as SubstrateRule
from cohabit import configuration_value as value
from cohabit import quantity
from cohabit.configuration_gate import day, graded, threshold
from cohabit.configuration_rule import Fault, Rule, Spot, UnfitError, did_you_mean, kind, many, most_like, one, shown
from cohabit.configuration_schema import PLATFORM, file_keys, read_settings
from cohabit.settings import ServiceSettings, Settings
from resolvers.toml_file import TomlFile, parse_toml, read_toml
from resolvers.tree import Tree

FILE = "cohabit.toml"
PROJECT_FILE = "pyproject.toml"
PREFIX = "COHABIT_"
CONFIG = f"{PREFIX}CONFIG"
LINES = 200
"""Faults that a message shows."""

_SECTION = ("tool", "cohabit")
_MENTIONED = re.compile(r"^\s*\[+\s*tool\s*\.\s*[\"']?cohabit\b", re.MULTILINE)
_TRUTHS = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}


class ConfigurationError(CohabitError):
    """Everything that is wrong with the configuration, each fault with its place: a file and line, a
    ``COHABIT_`` variable or an option."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(set(faults), key=lambda fault: (fault[0].file, fault[0].line, fault[1])))
        lines = [f"{origin}: {reason}" for origin, reason in self.faults]
        rest = [f"and {len(lines) - LINES} more"] if len(lines) > LINES else []
        super().__init__("\n".join([*lines[:LINES], *rest]))

    def __reduce__(self) -> tuple[type[ConfigurationError], tuple[tuple[Fault, ...]]]:
        return type(self), (self.faults,)


def load(
    root: Path,
    *,
    file: Path | None = None,
    options: Mapping[str, Any] | None = None,
    environment: Mapping[str, str] | None = None,
) -> Settings:
    """The settings of an audit of ``root``.

    ``file`` must exist where it is given. ``options`` are fields of Settings, and ``python``, ``os``
    and ``arch``; None means that one was not given. ``environment`` is the process's own unless
    given. Raises ConfigurationError with all faults found.
    """
    faults: list[Fault] = []
    variables = os.environ if environment is None else environment
    chosen = file or (Path(variables[CONFIG]) if variables.get(CONFIG) else None)
    found = _of_file(root, chosen, faults) | _of_environment(variables, faults) | _of_options(options or {}, faults)
    if faults:
        raise ConfigurationError(faults)
    default = Platform()
    names = [part.name for part in fields(Platform)]
    platform = Platform(*(found.pop(name, getattr(default, name)) for name in names))
    return Settings(platform=platform, **found)


def from_command_line(given: Mapping[str, Any]) -> dict[str, Any]:
    """The options for ``load`` from what was given on the command line, where None is nothing.

    Raises ConfigurationError, which names the options as they are written there.
    """
    faults: list[Fault] = []
    options = _read(_given(given), lambda field: Origin(_as_written(field)), faults)
    if faults:
        raise ConfigurationError(faults)
    return options


def _as_written(field: str) -> str:
    return "--no-cache" if field == "cache" else f"--{field.replace('_', '-')}"


def _of_file(root: Path, chosen: Path | None, faults: list[Fault]) -> dict[str, Any]:
    try:
        file, section = (_named(chosen), ()) if chosen is not None else _lying_in(root)
        if file is None:
            return {}
        base = root if chosen is None else chosen.parent
        keys = file_keys(root, base, trusted=chosen is not None)
        where = Spot(file.get(*section), section, lambda path: file.origin(*path), faults)
        return read_settings(keys, where)
    except ManifestError as error:
        faults.append((error.origin, error.reason))
        return {}


def _named(path: Path) -> TomlFile:
    try:
        real = path.resolve()
        return parse_toml(Tree(real.parent).read_text(real.name), str(path))
    except ManifestError as error:
        raise ManifestError(Origin(str(path), error.origin.line), error.reason) from error
    except (OSError, RuntimeError, ValueError) as error:
        raise ManifestError(Origin(str(path)), "cannot be followed") from error


def _lying_in(root: Path) -> tuple[TomlFile | None, tuple[str, ...]]:
    tree = Tree(root)
    if FILE in tree.names(""):
        return read_toml(tree, FILE), ()
    if PROJECT_FILE not in tree.names(""):
        return None, ()
    try:
        file = read_toml(tree, PROJECT_FILE)
    except ManifestError:
        # A manifest that cannot be read is its service's fault, unless it was to configure cohabit.
        if not _mentions_cohabit(tree):
            return None, ()
        raise
    tool = file.data.get("tool")
    configured = isinstance(tool, dict) and "cohabit" in tool
    return (file, _SECTION) if configured else (None, ())


def _mentions_cohabit(tree: Tree) -> bool:
    try:
        return _MENTIONED.search(tree.read_text(PROJECT_FILE)) is not None
    except ManifestError:
        return False


def _of_environment(variables: Mapping[str, str], faults: list[Fault]) -> dict[str, Any]:
    """The settings that variables state. An empty one counts as unset, and one with a name that is no
    setting's as somebody else's, unless it looks like a misspelt one."""
    given: dict[str, Any] = {}
    for name in sorted(name for name in variables if name.startswith(PREFIX) and name != CONFIG):
        field = name.removeprefix(PREFIX).lower()
        if field in _FROM_TEXT and variables[name]:
            spot = Spot(variables[name], (), lambda _, name=name: Origin(name), faults)  # type: ignore[misc]
            given[field] = one(_FROM_TEXT[field])(spot)
        elif field not in _FROM_TEXT and (like := most_like(field, _FROM_TEXT, likeness=0.8)):
            faults.append((Origin(name), f"is unknown (did you mean '{PREFIX}{like.upper()}'?)"))
    return _read(_given(given), lambda field: Origin(f"{PREFIX}{field.upper()}"), faults)


def _of_options(options: Mapping[str, Any], faults: list[Fault]) -> dict[str, Any]:
    return _read(_given(options), lambda field: Origin(f"option {field}"), faults)


def _given(options: Mapping[str, Any]) -> dict[str, Any]:
    # A repeatable option of the command line that was not given is an empty tuple.
    return {key: given for key, given in options.items() if given is not None and given != ()}


def _read(given: Mapping[str, Any], named: Callable[[str], Origin], faults: list[Fault]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for field, content in given.items():
        spot = Spot(content, (), lambda _, field=field: named(field), faults)  # type: ignore[misc]
        rule = _OPTIONS.get(field)
        if rule is None:
            spot.complain(f"is unknown{did_you_mean(str(field), _OPTIONS)}")
        elif (setting := rule(spot)) is not None:
            found |= setting if field == "platform" else {field: setting}
    return found


def _platform(content: Any) -> dict[str, str]:
    if not isinstance(content, Platform):
        return value.platform_parts(content)
    python = {"python": value.python_version(content.python)} if content.python else {}
    return python | {"os": value.operating_system(content.os), "arch": value.architecture(content.arch)}


def _instances(of: type) -> Callable[[Any], Any]:
    def read(content: Any) -> Any:
        if not isinstance(content, of):
            raise UnfitError(f"is {kind(content)}, not a {of.__name__}")
        return content

    return read


def _universe(content: Any) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Of ``RELEASE=PATH`` and ``PATH`` on the command line, or of places by release."""
    if isinstance(content, (list, tuple)) and all(isinstance(item, str) for item in content):
        return tuple(_universe_place(item) for item in content)
    pairs = content.items() if isinstance(content, Mapping) else content
    try:
        return tuple((name and value.distribution(name), tuple(str(path) for path in paths)) for name, paths in pairs)
    except (TypeError, ValueError) as error:
        raise UnfitError("is no mapping from distributions to lists of paths") from error


def _universe_place(text: str) -> tuple[str, tuple[str, ...]]:
    release, separator, path = text.partition("=")
    named = separator and "/" not in release
    place = value.local_path(Path())(path if named else text)
    return (value.distribution(release) if named else "", (place,))


def _schemes(content: Any) -> tuple[tuple[str, str], ...]:
    pairs = content.items() if isinstance(content, Mapping) else content
    try:
        return tuple((value.maven_modules(name), value.version_scheme(scheme)) for name, scheme in pairs)
    except (TypeError, ValueError) as error:
        raise UnfitError("is no mapping from modules to version schemes") from error


def _severities(content: Any) -> tuple[tuple[str, Severity], ...]:
    pairs = content.items() if isinstance(content, Mapping) else content
    try:
        return tuple((graded(name), value.member_of(Severity)(severity)) for name, severity in pairs)
    except (TypeError, ValueError) as error:
        raise UnfitError("is no mapping from codes to severities") from error


_OPTIONS: Mapping[str, Rule] = {
    **PLATFORM,
    "platform": one(_platform),
    "boundaries": many(one(value.boundary)),
    "services": many(one(_instances(ServiceSettings))),
    "present": many(one(_instances(PresentEnvironment))),
    "present_origins": many(one(_instances(Origin))),
    "universe": one(_universe),
    "maven_repository": many(one(value.index_place(Path()))),
    "maven": one(_schemes),
    "only_listed": one(value.flag),
    "exclude": many(one(value.pattern)),
    "index_url": one(value.index_place(Path())),
    "find_links": many(one(value.index_place(Path()))),
    "exclude_newer": one(quantity.cutoff),
    "offline": one(value.flag),
    "allow_build": one(value.flag),
    "allow_network": one(value.flag),
    "git_mirrors": many(one(value.local_path(Path()))),
    "cache": one(value.flag),
    "jobs": one(quantity.count),
    "timeout": one(quantity.seconds),
    "plan_seconds": one(quantity.seconds),
    "max_conflict_size": one(quantity.count),
    "machine_lists": one(value.flag),
    "stance": one(value.stance),
    "prices": one(quantity.count_from_zero),
    "rules": one(_instances(Rules)),
    "placement_origins": many(one(_instances(Origin))),
    "optimistic": one(value.flag),
    "kvm": one(value.flag),
    "substrate_rules": many(one(_instances(SubstrateRule))),
    "fail_on": one(threshold),
    "max_environments": one(quantity.whole("a whole number", range(1, 1_000_001))),
    "severities": one(_severities),
    "waivers": many(one(_instances(Waiver))),
    "baseline": one(value.local_path(Path())),
    "today": one(day),
}
"""The fields of Settings, and the parts of its platform."""


def _flag(content: str) -> bool:
    if content.lower() not in _TRUTHS:
        raise UnfitError(f"{shown(content)} is neither 1 nor 0")
    return _TRUTHS[content.lower()]


def _number(content: str) -> float | str:
    try:
        return int(content) if content.isdecimal() else float(content)
    except ValueError:
        return content


def _plain(content: str) -> str:
    return content


_FROM_TEXT: Mapping[str, Callable[[str], Any]] = {
    "python": _plain,
    "platform": _plain,
    "boundaries": str.split,
    "exclude": str.split,
    "index_url": _plain,
    "find_links": str.split,
    "exclude_newer": _plain,
    "offline": _flag,
    "allow_build": _flag,
    "allow_network": _flag,
    "git_mirrors": str.split,
    "cache": _flag,
    "jobs": _number,
    "timeout": _number,
    "plan_seconds": _number,
    "max_conflict_size": _number,
    "machine_lists": _flag,
    "universe": str.split,
    "maven_repository": str.split,
    "stance": _plain,
    "prices": _number,
    "optimistic": _flag,
    "fail_on": _plain,
    "max_environments": _number,
    "baseline": _plain,
    "today": _plain,
}
"""The settings that variables can state, and how their text becomes the value that an option has."""
