"""A ``.spec`` file: what the packages that it builds require to run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from analyzer.origin import Origin
from analyzer.service import Skipped
from resolvers.credentials import without_credentials
from resolvers.rpm.declared import Declared, Target, unique
from resolvers.rpm.macros import Expanded, Macros, predefined, unclosed
from resolvers.rpm.relations import RelationError, relations
from resolvers.rpm.spec_condition import Conditions
from resolvers.tree import Tree

LINE_LIMIT = 20_000
JOINED_LIMIT = 200
"""Lines of a file, of which a spec has hundreds, and lines that one macro may span."""

_SHOWN = 1000

_TAG = re.compile(r"(?P<tag>[A-Za-z]+\d*)\s*(?:\((?P<when>[^)]*)\))?\s*:(?P<value>.*)", re.DOTALL)
_SECTION = re.compile(
    r"%(?P<section>package|description|files|prep|generate_buildrequires|conf|build|install|check|clean|changelog"
    r"|sourcelist|patchlist|sepolicy|pre|post|preun|postun|pretrans|posttrans|preuntrans|postuntrans|verifyscript"
    r"|triggerin|triggerun|triggerprein|triggerpostun|filetrigger\w+|transfiletrigger\w+)(?![\w{])(?P<rest>.*)"
)
_DEFINITION = re.compile(r"%(?:define|global)\s+(?P<name>\w+)(?P<parameters>\([^)]*\))?\s+(?P<body>.*)", re.DOTALL)
_GUARDED = re.compile(r"%\{!?\?\w+:(?P<definition>\s*%(?:define|global)\s.*)\}", re.DOTALL)
_UNDEFINE = re.compile(r"%undefine\s+(?P<name>\w+)")
_BCOND = re.compile(r"%bcond(?P<kind>_with|_without)?\s+(?P<name>\w+)(?P<default>.*)")
_ASIDE = re.compile(r".*-(?:devel|static|docs?|javadoc|tests?|testsuite|examples?|debug|debuginfo|debugsource)")
_REQUIRES = {"requires", "prereq"}
_EXCLUDES = {"conflicts", "obsoletes"}
_NAMED = {"name", "version", "release", "epoch"}
_ISA = re.compile(r"(?:\((?:x86|aarch|ppc|s390|riscv|armv7hl)-\d+\)|%\{\?_isa\})$")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line, those that it goes on in included."""

    text: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class _Dependency:
    """A dependency. It is not ``known`` where only a build tells what it says, or whether it is there."""

    name: str
    constraint: str
    origin: Origin
    known: bool

    def __str__(self) -> str:
        return f"{self.name} {self.constraint}".rstrip()


@dataclass
class _Package:
    """One package of the file, as far as its preamble was read."""

    name: str
    origin: Origin
    required: list[_Dependency] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)


def read_spec(tree: Tree, path: str, target: Target) -> Declared:
    """What the packages of a spec require to run, without what they are to one another.

    What only a build can tell is in ``unknown``: macros that the distribution defines, and what
    rpmbuild finds in the files it packs. Raises ManifestError where the file cannot be read.
    """
    macros = Macros(predefined(target.release, target.arch))
    reader = _Reader(target, macros, Conditions(macros, target.arch), Origin(path))
    for line in _lines(tree.read_text(path), path):
        reader.take(line)
    return reader.declared()


def _lines(text: str, path: str) -> Iterator[_Line]:
    """A macro's definition goes on behind a backslash, and ``%{`` until it is closed."""
    raw = text.split("\n")[:LINE_LIMIT]
    place = 0
    while place < len(raw):
        first = place
        joined = raw[place].rstrip()
        is_definition = joined.lstrip().startswith(("%define", "%global"))
        while place - first < JOINED_LIMIT and place + 1 < len(raw) and _goes_on(joined, is_definition):
            place += 1
            joined = f"{joined.removesuffix(chr(92))}\n{raw[place].rstrip()}"
        place += 1
        if joined.strip() and not joined.lstrip().startswith("#"):
            yield _Line(joined, Origin(path, first + 1, without_credentials(raw[first].strip()[:_SHOWN])[:200]))


def _goes_on(text: str, is_definition: bool) -> bool:
    return (is_definition and text.endswith("\\")) or ("%{" in text and not text.startswith("%if") and unclosed(text))


@dataclass
class _Reader:
    """Takes a file's lines in their order."""

    target: Target
    macros: Macros
    conditions: Conditions
    place: Origin
    packages: list[_Package] = field(default_factory=list)
    provides: set[str] = field(default_factory=set)
    with_files: set[str] = field(default_factory=set)
    building: list[Skipped] = field(default_factory=list)
    in_preamble: bool = True
    finds_requires: bool = True

    def take(self, line: _Line) -> None:
        """One line, wherever it stands."""
        text = line.text.strip()
        if self.conditions.directive(text) or self.conditions.taken is False or self._definition(text):
            return
        if found := _SECTION.match(text):
            self._section(found["section"], found["rest"].split(), line)
        elif self.in_preamble:
            self._preamble(line)

    def declared(self) -> Declared:
        """What all packages that are built and deployed say together."""
        own = frozenset({package.name for package in self.packages} | self.provides)
        built = [p for p in self.packages if p.name in self.with_files or not self.with_files]
        deployed = [p for p in built if not _ASIDE.fullmatch(p.name)]
        required = [d for p in deployed for d in p.required if _bare(d.name) not in own]
        reason = "is for development or documentation, by its name"
        aside = [Skipped(p.name, reason, p.origin, incomplete=False) for p in built if p not in deployed]
        return Declared(
            unique(self.target.requirement(d.name, d.constraint, d.origin) for d in required if d.known),
            None,
            unique([*(s for p in deployed for s in p.skipped), *aside, *self.building]),
            unique([*(f"{d} depends on what only a build can tell ({d.origin})" for d in required if not d.known),
                    *self._found_when_built(deployed)]),
            own,
        )  # fmt: skip

    def _found_when_built(self, deployed: list[_Package]) -> Iterator[str]:
        if deployed and self.finds_requires:
            yield f"rpmbuild adds what it finds in the files that it packs ({self.place.file})"

    def _definition(self, text: str) -> bool:
        """``%global``, ``%define``, ``%undefine`` and ``%bcond``; one under a condition that nobody
        knows leaves open what the macro stands for."""
        is_known = self.conditions.taken is True
        if found := _DEFINITION.match(text):
            body = found["body"].strip()
            expanded = self.macros.expand(body) if text.startswith("%global") else None
            simple = not found["parameters"] and (expanded is None or expanded.known)
            self.macros.define(found["name"], expanded.text if expanded else body, known=is_known and simple)
        elif found := _UNDEFINE.match(text):
            self.macros.undefine(found["name"])
        elif found := _BCOND.match(text):
            self._build_condition(found)
        elif found := _GUARDED.fullmatch(text):
            # Whether a macro is defined elsewhere is known of few.
            if name := _DEFINITION.match(found["definition"].strip()):
                self.macros.define(name["name"], name["body"].strip(), known=False)
        else:
            return False
        return True

    def _build_condition(self, found: re.Match[str]) -> None:
        """``%bcond_with`` is off unless asked for, ``%bcond_without`` on; ``%bcond`` says which."""
        name = f"with_{found['name']}"
        value: bool | None = found["kind"] == "_without"
        if not found["kind"]:
            default = found["default"].strip()
            value = {"1": True, "0": False}.get(default)
        self.macros.define(name, "1" if value else "0", known=value is not None and self.conditions.taken is True)

    def _section(self, section: str, words: list[str], line: _Line) -> None:
        self.in_preamble = section == "package"
        if section not in ("package", "files"):
            return
        name = self._package_name(words)
        if section == "files":
            self.with_files.add(name)
        elif name not in {package.name for package in self.packages}:
            self.packages.append(_Package(name, line.origin))

    def _package_name(self, words: list[str]) -> str:
        """``libs`` is a part of the main package's name, ``-n libs`` the whole; ``-f FILE`` lists files."""
        main = self.macros.expand("%{name}").text
        rest = iter(words)
        for word in rest:
            if word == "-f":
                next(rest, "")
            elif word == "-n":
                return self.macros.expand(next(rest, "")).text
            elif not word.startswith("-"):
                return f"{main}-{self.macros.expand(word).text}"
        return main

    def _preamble(self, line: _Line) -> None:
        tag = _TAG.match(line.text.strip())
        if tag:
            self._tag(tag, line)
        elif line.text.strip().startswith("%"):
            # A macro may stand for whole lines.
            expanded = self.macros.expand(line.text.strip())
            for inner in expanded.text.split("\n") if expanded.known else ():
                if found := _TAG.match(inner.strip()):
                    self._tag(found, line)

    def _tag(self, found: re.Match[str], line: _Line) -> None:
        tag, value = found["tag"].lower(), found["value"].strip()
        expanded = self.macros.expand(value)
        if tag in _NAMED and len(self.packages) < 2:
            self.macros.define(tag, expanded.text, known=expanded.known)
            if tag == "name" and not self.packages:
                self.packages.append(_Package(expanded.text, line.origin))
        elif tag in ("autoreq", "autoreqprov"):
            self.finds_requires = value.lower() not in ("no", "0")
        elif tag.startswith(("buildrequires", "buildprereq")):
            reason = "is needed to build the packages, not to run them"
            what = f"BuildRequires: {expanded.text}"[:200]
            self.building.append(Skipped(what, reason, line.origin, incomplete=False))
        else:
            self._dependencies(tag, expanded, line)

    def _dependencies(self, tag: str, text: Expanded, line: _Line) -> None:
        if not self.packages or tag not in (*_REQUIRES, *_EXCLUDES, "provides"):
            return
        package = self.packages[-1]
        try:
            found = list(relations(text.text))
        except RelationError as error:
            package.skipped.append(Skipped(line.origin.text, str(error), line.origin))
            return
        if tag == "provides":
            self.provides.update(_bare(name) for name, _ in found)
        elif tag in _EXCLUDES:
            reason = "is said by a package that is in no repository, and not counted"
            package.skipped.append(Skipped(line.origin.text, reason, line.origin))
        else:
            for name, constraint in found:
                is_known = text.known or "%" not in name + constraint
                known = is_known and self.conditions.taken is True
                package.required.append(_Dependency(name, constraint, line.origin, known))


def _bare(name: str) -> str:
    """A capability without the architecture behind it: ``libs(x86-64)``."""
    return _ISA.sub("", name)
