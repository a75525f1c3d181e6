"""Version catalogs: ``gradle/libs.versions.toml``."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from analyzer.errors import ManifestError
from resolvers.gradle.notation import Module, joined, module, parse, rich
from resolvers.toml_file import TomlFile, read_toml
from resolvers.tree import Tree


@dataclass(frozen=True, slots=True)
class Catalog:
    """Aliases with dots (``jackson-core`` is ``jackson.core``) and what they stand for."""

    versions: dict[str, str] = field(default_factory=dict)
    libraries: dict[str, Module] = field(default_factory=dict)
    bundles: dict[str, tuple[str, ...]] = field(default_factory=dict)
    plugins: dict[str, str] = field(default_factory=dict)

    def modules(self, accessor: str) -> tuple[Module, ...] | None:
        """What ``libs.x`` or ``libs.bundles.x`` stands for, without the ``libs.``. None if nothing."""
        name = accessor.removesuffix(".get").removesuffix(".asProvider")
        if name.startswith("bundles."):
            members = self.bundles.get(name.removeprefix("bundles."))
            found = [self.libraries.get(member) for member in members or ("",)]
            return tuple(m for m in found if m) if all(found) else None
        known = self.libraries.get(name)
        return (known,) if known else None


def read_catalog(tree: Tree, path: str) -> Catalog:
    """The catalog at ``path``. Raises ManifestError with the line."""
    file = read_toml(tree, path)
    found = Catalog()
    for name in file.table("versions"):
        found.versions[alias(name)] = _version(file, found, ("versions", name))
    for name in file.table("libraries"):
        found.libraries[alias(name)] = _library(file, found, name)
    for name in file.table("bundles"):
        found.bundles[alias(name)] = tuple(map(alias, file.strings("bundles", name)))
    for name, value in file.table("plugins").items():
        plugin = value.partition(":")[0] if isinstance(value, str) else file.string("plugins", name, "id")
        found.plugins[alias(name)] = plugin
    return found


def alias(name: str) -> str:
    """How scripts write an alias: ``-`` and ``_`` are dots."""
    return re.sub(r"[-_]", ".", name)


def _version(file: TomlFile, catalog: Catalog, keys: tuple[str, ...]) -> str:
    value = file.get(*keys)
    if value is None:
        return ""
    if isinstance(value, str):
        constraint = rich(value)
        if constraint is None:
            raise ManifestError(file.origin(*keys), "is no version")
        return constraint
    if isinstance(value, dict) and "ref" in value:
        name = alias(file.string(*keys, "ref"))
        if name not in catalog.versions:
            raise ManifestError(file.origin(*keys), "refers to a version that is not there")
        return catalog.versions[name]
    file.table(*keys)
    words = [file.string(*keys, "require"), *(_said(file, keys, word) for word in ("strictly", "prefer"))]
    rejected = ["reject +"] if file.boolean(*keys, "rejectAll") else [f"reject {v}" for v in _rejected(file, keys)]
    return joined([*words, *rejected])


def _rejected(file: TomlFile, keys: tuple[str, ...]) -> list[str]:
    return file.strings(*keys, "reject")


def _said(file: TomlFile, keys: tuple[str, ...], word: str) -> str:
    value = file.string(*keys, word)
    return f"{word} {value}" if value else ""


def _library(file: TomlFile, catalog: Catalog, name: str) -> Module:
    keys = ("libraries", name)
    value = file.get(*keys)
    if isinstance(value, str):
        found = parse(value)
    else:
        group, _, artifact = file.string(*keys, "module").partition(":")
        found = module(group or file.string(*keys, "group"), artifact or file.string(*keys, "name"))
        found = found and Module(found.package, _version(file, catalog, (*keys, "version")))
    if found is None:
        raise ManifestError(file.origin(*keys), "is no module")
    return found
