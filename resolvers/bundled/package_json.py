"""``package.json``: what a service needs of npm, and whether it is a service at all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from analyzer.errors import ManifestError
from analyzer.requirement import Source
from resolvers.bundled.declared import Declared, shown
from resolvers.json_file import JsonFile, read_json
from resolvers.tree import Tree

PACKAGE_JSON = "package.json"

_FOLDERS = ("file:", "link:", "portal:", "workspace:")
_ALIAS = "npm:"


class Project(msgspec.Struct, rename="camel"):
    """The fields that matter here. ``workspaces`` are globs, or an object that holds them."""

    dependencies: dict[str, str] = {}
    optional_dependencies: dict[str, str] = {}
    dev_dependencies: dict[str, str] = {}
    workspaces: Any = None
    bin: Any = None
    scripts: dict[str, Any] = {}

    def wanted(self) -> Iterator[tuple[str, str, str]]:
        """The names that are installed in production, each with its range and the field that says so."""
        for field, names in (
            ("dependencies", self.dependencies),
            ("optionalDependencies", self.optional_dependencies),
        ):
            yield from ((name, spec, field) for name, spec in names.items())

    @property
    def for_development(self) -> bool:
        """Whether it only gathers tools and workspaces: nothing is needed in production, nothing starts."""
        tooling = bool(self.dev_dependencies) or bool(self.workspaces)
        needed = self.dependencies or self.optional_dependencies
        return tooling and not needed and not self.bin and "start" not in self.scripts


def read_project(tree: Tree, path: str) -> tuple[Project, JsonFile]:
    """Raises ManifestError where the file cannot be read."""
    file = read_json(tree, path)
    return file.convert(Project), file


def is_for_development(tree: Tree, path: str) -> bool:
    """Whether ``package.json`` is there and tells that the folder is no service."""
    try:
        return tree.exists(path) and read_project(tree, path)[0].for_development
    except ManifestError:
        return False


def declare_project(declared: Declared, project: Project, file: JsonFile, *above: str) -> None:
    """The requirements; ``above`` leads to the object in the file that holds them."""
    for name, spec, field in project.wanted():
        origin = file.origin(*above, field, name)
        if spec.startswith(_FOLDERS):
            declared.skip(name, "is a folder of the project itself", origin)
            continue
        real, constraint = aliased(name, spec)
        elsewhere = "/" in constraint or ":" in constraint
        source = Source("url", shown(constraint)) if elsewhere else None
        declared.require(real, "" if elsewhere else constraint, origin, source)


def aliased(name: str, spec: str) -> tuple[str, str]:
    """The package and the range that ``npm:other@^1`` means; name and range as they are without an alias."""
    if not spec.startswith(_ALIAS):
        return name, spec
    target = spec.removeprefix(_ALIAS)
    real, at, constraint = target.rpartition("@")
    if at and real:
        return real, constraint
    is_name = target.startswith("@") or target[:1].isalpha()
    return (target, "") if is_name else (name, target)
