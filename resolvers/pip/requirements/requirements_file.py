"""Requirements files: what they require, with everything they include."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from analyzer.package import pypi
from analyzer.requirement import Force, Requirement
from analyzer.service import Skipped
from resolvers.credentials import without_credentials
from resolvers.pip.declared import Context, Declared
from resolvers.pip.projects.collector import under
from resolvers.pip.requirements.direct_reference import PATH_LIMIT, Reference, is_folder, unseen
from resolvers.pip.requirements.local_project import find, is_project, looks_like_path, split_extras, upwards
from resolvers.pip.requirements.requirement_line import excerpt, located, open_marker, read_requirement, read_unnamed
from resolvers.pip.requirements.requirements_syntax import Statement, decode, statements
from resolvers.pip.target import holds
from resolvers.tree import join

INCLUDE_DEPTH = 50
"""Files that may include one another in a row."""

_VARIABLE = re.compile(r"\$\{([A-Z0-9_]+)\}")
_URL = re.compile(r"(?!(?i:file:))[A-Za-z][A-Za-z0-9+.\-]*://|git@[\w.\-]+:|(?:git|hg|svn|bzr)\+")
_REMOTE = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]+:")
_NAMED_URL = re.compile(r"[A-Za-z0-9][\w.\-]*\s*(?:\[[^\]]*\])?\s*@", re.ASCII)
_OF_ONE_REQUIREMENT = {"hash", "config_settings", "global_option", "install_option"}
_OWN_PLACE = "takes packages from a place of its own ({place})"
_REMARKS = {
    "index_url": (False, _OWN_PLACE),
    "extra_index_url": (False, _OWN_PLACE),
    "find_links": (False, _OWN_PLACE),
    "no_index": (False, "takes packages from no index"),
    "no_binary": (False, "chooses what is built from source; its versions count as any others"),
    "only_binary": (False, "refuses source distributions of some packages; their versions count as any others"),
    "pre": (True, "admits pre-releases of every package, which is not taken into account"),
    "all_releases": (True, "admits pre-releases of some packages, which is not taken into account"),
    "only_final": (True, "refuses pre-releases of some packages, which is not taken into account"),
}


def read_requirements_file(context: Context, path: str) -> Declared:
    """What the requirements file at ``path`` and the files it includes require.

    Follows pip's "Requirements File Format". Constraints (``-c``) have Force.LIMITS. Local projects
    are looked for from the file's folder upwards, since pip starts from the working directory; what
    they require counts where ``context.project`` is given. Environment variables are never read.
    Raises ManifestError where the file itself cannot be read.
    """
    reading = _Reading(context, path)
    reading.file(path, Force.REQUIRES, context.trail)
    return reading.declared()


@dataclass(frozen=True, slots=True)
class _Place:
    """The file that is being read, as what, and the files that led to it."""

    file: str
    force: Force
    trail: tuple[str, ...]

    def at(self, statement: Statement, text: str = "") -> Origin:
        return Origin(self.file, statement.line, excerpt(text or statement.text))


@dataclass(slots=True)
class _Reading:
    """One reading of a file with its includes; collects what it finds."""

    context: Context
    root: str
    requirements: list[Requirement] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    projects: list[Declared] = field(default_factory=list)
    done: set[tuple[str, Force]] = field(default_factory=set)
    followed: set[tuple[str, tuple[str, ...]]] = field(default_factory=set)

    def declared(self) -> Declared:
        """All that was found, each thing once."""
        return Declared(
            requirements=tuple(dict.fromkeys(self.requirements)),
            interpreter=tuple(dict.fromkeys(r for p in self.projects for r in p.interpreter)),
            skipped=tuple(dict.fromkeys(self.skipped)),
            unknown=tuple(dict.fromkeys((*unseen(self.requirements), *(u for p in self.projects for u in p.unknown)))),
        )

    def file(self, path: str, force: Force, trail: tuple[str, ...]) -> None:
        """Read one file. Raises ManifestError where it is unreadable or is being read already."""
        if path in trail:
            raise ManifestError(Origin(path), "includes itself")
        if len(trail) - len(self.context.trail) >= INCLUDE_DEPTH:
            raise ManifestError(Origin(path), f"is included over more than {INCLUDE_DEPTH} files")
        if (path, force) in self.done:
            return
        text = decode(self.content(path), path)
        place = _Place(path, force, (*trail, path))
        for statement in statements(text):
            self.statement(statement, place)
        self.done.add((path, force))

    def content(self, path: str) -> bytes:
        """The bytes of a file. Raises ManifestError, also for names that no file can have."""
        try:
            return self.context.tree.read_bytes(path)
        except OSError as error:
            raise ManifestError(Origin(path), f"cannot be read: {error.strerror}") from error

    def statement(self, statement: Statement, place: _Place) -> None:
        """Read one logical line. The order of the cases is pip's."""
        options = statement.options
        if statement.refused:
            self.skip(statement.text, statement.refused, place.at(statement))
        elif statement.argument:
            self.requirement(statement, place)
        elif "editable" in options:
            self.editable(options["editable"][0], statement, place)
        elif "requirement" in options:
            self.include(options["requirement"][0], Force.REQUIRES, statement, place)
        elif "constraint" in options:
            self.include(options["constraint"][0], Force.LIMITS, statement, place)
        else:
            self.skipped += _remarks(statement, place)
        for ignored in _ignored(statement):
            self.skip(ignored, "is ignored by pip where it stands", place.at(statement), incomplete=False)

    def include(self, target: str, force: Force, statement: Statement, place: _Place) -> None:
        """Read the file that a ``-r`` or ``-c`` names."""
        origin = place.at(statement)
        variable = _VARIABLE.search(target)
        if variable is not None:
            self.skip(target, _needs(variable), origin)
        elif len(target) > PATH_LIMIT:
            self.skip(target, "is longer than a path can be", origin)
        elif _REMOTE.match(target):
            self.skip(target, "is included from a URL, which is not fetched", origin)
        else:
            try:
                self.file(join(place.file.rpartition("/")[0], target), force, place.trail)
            except ManifestError as error:
                self.skip(target, f"cannot be included: {excerpt(str(error))}", origin)

    def requirement(self, statement: Statement, place: _Place) -> None:
        """Read a line that starts with a requirement, a URL or a path."""
        text = statement.argument
        origin = place.at(statement, text)
        text = text.rstrip("; \t")
        variable = _VARIABLE.search(text)
        if variable is not None:
            self.skip(text, _needs(variable), origin)
        elif _URL.match(text):
            self.take(read_unnamed(text, origin, self.context, force=place.force), place)
        elif not _NAMED_URL.match(text) and looks_like_path(text):
            self.path(text, origin, place)
        else:
            self.take(read_requirement(text, origin, self.context, force=place.force), place)

    def editable(self, text: str, statement: Statement, place: _Place) -> None:
        """Read what follows ``-e``: a repository or the path of a project."""
        origin = place.at(statement)
        variable = _VARIABLE.search(text)
        if variable is not None:
            self.skip(text, _needs(variable), origin)
        elif place.force is Force.LIMITS:
            self.skip(text, "is editable, which pip refuses in a constraints file", origin)
        elif _URL.match(text):
            self.take(read_unnamed(text, origin, self.context, force=place.force), place)
        elif _NAMED_URL.match(text):
            self.take(read_requirement(text, origin, self.context, force=place.force), place)
        else:
            self.path(text, origin, place)

    def take(self, found: Requirement | Skipped | None, place: _Place) -> None:
        """Keep what a line turned out to be."""
        if isinstance(found, Skipped):
            self.skipped.append(found)
        elif found is not None:
            # pip refuses constraints with extras, uv ignores the extras: both limit the version alone.
            self.requirements.append(replace(found, extras=()) if place.force is Force.LIMITS else found)
            if found.source is not None and is_folder(found.source) and place.force is Force.REQUIRES:
                self.project(found, place)

    def path(self, text: str, origin: Origin, place: _Place) -> None:
        """Read the path of a project or an archive in the tree."""
        written, _, condition = text.partition(";")
        written, extras = split_extras(written.strip())
        try:
            marker = open_marker(condition.strip(), origin, self.context)
            if marker is None:
                return
            reference = find(self.context.tree, written, self.folders(place), origin)
        except ManifestError as error:
            self.skip(text, error.reason, origin)
            return
        nameless = Requirement(pypi(reference.name), "", origin, extras, place.force, marker=marker)
        self.local(located(nameless, reference), reference, place)

    def local(self, found: Requirement, reference: Reference, place: _Place) -> None:
        """Keep what a path leads to: a requirement if it has a name, else the project's own."""
        if reference.name:
            self.take(found, place)
        elif not is_folder(reference.source):
            self.skip(reference.source.location, "has no name: only a wheel's file name gives one", found.origin)
        elif place.force is Force.LIMITS:
            self.skip(reference.source.location, "has no name, which pip refuses in a constraints file", found.origin)
        else:
            name = self.project(found, place)
            if name and reference.source.location not in upwards(self.root.rpartition("/")[0]):
                self.requirements.append(replace(found, package=pypi(name)))

    def project(self, found: Requirement, place: _Place) -> str:
        """Add what the project that ``found`` leads to requires; the project's name, or ""."""
        location = found.source.location if found.source is not None else ""
        if (location, found.extras) in self.followed or (location in self.context.trail and not found.extras):
            return ""
        self.followed.add((location, found.extras))
        if not is_project(self.context.tree, location):
            self.skip(location or ".", "holds no project: no pyproject.toml, setup.cfg or setup.py", found.origin)
            return ""
        if self.context.project is None:
            self.skip(location or ".", "is a project of its own, which is not read here", found.origin)
            return ""
        # The folder itself may be under way: its extras are read on top, its files stay in the trail.
        pythons = tuple(p for p in self.context.pythons if holds(found.marker, self.context.platform, p))
        trail = tuple(step for step in place.trail if step != location)
        context = replace(self.context, trail=trail, pythons=pythons)
        try:
            declared = under(found.marker, self.context.project(context, location, found.extras))
        except ManifestError as error:
            self.skip(location or ".", f"cannot be read: {excerpt(str(error))}", found.origin)
            return ""
        self.requirements += declared.requirements
        self.skipped += declared.skipped
        self.projects.append(declared)
        return declared.distribution

    def folders(self, place: _Place) -> Iterator[str]:
        """Where a relative path may start: the working directory, which no file states, comes first."""
        yield from upwards(self.root.rpartition("/")[0])
        yield place.file.rpartition("/")[0]

    def skip(self, what: str, reason: str, origin: Origin, *, incomplete: bool = True) -> None:
        """Note what is left out."""
        self.skipped.append(Skipped(excerpt(what), reason, origin, incomplete))


def _needs(variable: re.Match[str]) -> str:
    return f"depends on the environment variable {variable[1]}, which is not read"


def _remarks(statement: Statement, place: _Place) -> Iterator[Skipped]:
    for name, values in statement.options.items():
        if name in _REMARKS:
            incomplete, reason = _REMARKS[name]
            what = "--" + name.replace("_", "-")
            for value in values:
                yield Skipped(what, reason.format(place=_host(value)), place.at(statement), incomplete)


def _ignored(statement: Statement) -> Iterator[str]:
    if statement.argument and not statement.refused:
        yield from ("--" + name.replace("_", "-") for name in statement.options if name not in _OF_ONE_REQUIREMENT)
    if statement.surplus:
        yield statement.surplus


def _host(url: str) -> str:
    try:
        host = urlsplit(without_credentials(url)).hostname
    except ValueError:
        host = None
    return host if host and "$" not in host else "not a URL that names its host"
