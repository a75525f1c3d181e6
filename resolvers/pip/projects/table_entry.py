"""An entry ``name = specifier`` or ``name = {table}``, as Poetry, Pipenv and uv write them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from analyzer.origin import Origin
from analyzer.requirement import Force, Requirement
from resolvers.credentials import without_credentials
from resolvers.pip.declared import Context
from resolvers.pip.projects.collector import Item, both, checked_name
from resolvers.pip.requirements.direct_reference import Reference, read_reference
from resolvers.pip.requirements.requirement_line import located, read_requirement
from resolvers.toml_file import TomlFile

_SYSTEMS = ("git", "hg", "svn", "bzr")
_REFERENCES = ("rev", "tag", "branch", "ref")


@dataclass(frozen=True, slots=True)
class Entry:
    """A requirement in parts: a name, a PEP 440 specifier set, markers that all must hold, extras,
    and a place where it comes from instead of an index."""

    name: str
    specifier: str = ""
    markers: tuple[str, ...] = ()
    extras: tuple[str, ...] = ()
    reference: Reference | None = None

    def read(self, origin: Origin, context: Context, force: Force = Force.REQUIRES) -> Item:
        """The Requirement. Raises ManifestError where the name or an extra is none."""
        for name in (self.name, *self.extras):
            checked_name(name, origin)
        marker = both(*self.markers)
        extras = f"[{','.join(self.extras)}]" if self.extras else ""
        text = f"{self.name}{extras}{self.specifier}{' ; ' if marker else ''}{marker}"
        item = read_requirement(text, origin, context, force=force)
        if isinstance(item, Requirement) and self.reference is not None:
            return located(item, self.reference)
        return item


def read_place(file: TomlFile, *keys: str | int) -> Reference | None:
    """Where the table at a key path says that its package comes from, None where it says nothing.

    Raises ManifestError.
    """
    table, origin = file.table(*keys), file.origin(*keys)
    system = next((system for system in _SYSTEMS if system in table), "")
    if system:
        return _repository(file, keys, system)
    kind = next((kind for kind in ("url", "file", "path") if kind in table), "")
    if not kind:
        return None
    folder = file.string(*keys, "subdirectory")
    place = file.string(*keys, kind)
    if kind == "path":
        return read_reference(f"{place}/{folder}" if folder else place, origin)
    return read_reference(_with_folder(place, folder), origin)


def _repository(file: TomlFile, keys: tuple[str | int, ...], system: str) -> Reference:
    url = _with_folder(file.string(*keys, system), file.string(*keys, "subdirectory"))
    found = read_reference(url if url.startswith(f"{system}+") else f"{system}+{url}", file.origin(*keys))
    references = (file.string(*keys, key) for key in _REFERENCES)
    reference = next(filter(None, references), found.source.reference)
    return replace(found, source=replace(found.source, reference=without_credentials(reference)))


def _with_folder(url: str, folder: str) -> str:
    return f"{url}{'&' if '#' in url else '#'}subdirectory={folder}" if folder else url
