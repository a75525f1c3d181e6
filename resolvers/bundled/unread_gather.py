"""Services in languages whose packages are not read: they are found, and that is said."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from analyzer.service import Skipped
from resolvers.sbom.gather import BillGatherer
from resolvers.seam import Gathered, Manifest, Wish
from resolvers.tree import Tree, join

ECOSYSTEM = "generic"

_SNIFFED = 256 * 1024
_FAT = re.compile(
    rb"<artifactId>\s*(?:spring-boot|quarkus|micronaut|jib|native|maven-shade|maven-assembly)(?:-maven)?-plugin\s*<"
    rb"|\b(?:JavaAppPackaging|JavaServerAppPackaging|NativeImagePlugin|AssemblyPlugin|assembly(?:MergeStrategy|JarName))\b"
    rb"|:uberjar\b|uberdeps|depstar"
)
"""What says that a JVM build packs its jars together, or gives the service folders of its own for them."""
_AGGREGATOR = re.compile(rb"<packaging>\s*pom\s*</packaging>")


@dataclass(frozen=True, slots=True)
class Language:
    """What its packages are called. ``private``: they are built into the service or lie in its own folder; others
    may be seen by whoever shares its environment. ``beside`` is a file without which the manifest is another
    tool's, ``unless`` are files whose readers have the packages already."""

    packages: str
    private: bool = True
    beside: str = ""
    unless: frozenset[str] = frozenset()


_GRADLE = frozenset({"build.gradle", "build.gradle.kts"})
_LANGUAGES: Mapping[str, Language] = {
    r"mix\.exs": Language("Elixir packages"),
    r"rebar\.config": Language("Erlang packages"),
    r"gleam\.toml": Language("Gleam packages"),
    r"pubspec\.yaml": Language("Dart packages"),
    r"Package\.swift": Language("Swift packages"),
    r"stack\.yaml|cabal\.project|[^.].*\.cabal": Language("Haskell packages"),
    r"dune-project": Language("OCaml packages"),
    r"shard\.yml": Language("Crystal shards"),
    r"[^.].*\.nimble": Language("Nim packages"),
    r"build\.zig\.zon": Language("Zig packages"),
    r"conanfile\.(?:txt|py)|vcpkg\.json": Language("C and C++ packages"),
    r"renv\.lock": Language("R packages"),
    r"Manifest\.toml": Language("Julia packages", beside="Project.toml"),
    r"cpanfile": Language("Perl modules", private=False),
    r"[^.].*\.rockspec": Language("Lua rocks", private=False),
    r"pom\.xml": Language("jars of a Maven build", private=False, unless=_GRADLE),
    r"build\.sbt": Language("jars of an sbt build", private=False, unless=_GRADLE),
    r"project\.clj|deps\.edn": Language("jars of a Clojure build", private=False, unless=_GRADLE),
}
"""By the names of the files that tell them."""
_NAMED = [(re.compile(pattern), language) for pattern, language in _LANGUAGES.items()]
_FETCHED = {"deps": "mix.exs"}
"""Folders into which packages are fetched, each with the file beside it that tells that they are."""


class UnreadGatherer:
    """Recognises the manifests of languages that nothing else reads."""

    ecosystem = ECOSYSTEM

    def manifests(self, tree: Tree, directory: str) -> tuple[Manifest, ...]:
        """The manifests of a folder, unless it is a package that was fetched, or what several builds have in
        common."""
        above, name = posixpath.split(posixpath.dirname(directory))
        if name in _FETCHED and tree.exists(join(above, _FETCHED[name])):
            return ()
        return tuple(Manifest(path, f"{language.packages}, not read") for path, language in _found(tree, directory))

    def gather(self, tree: Tree, directory: str, wish: Wish) -> Gathered:
        """A note for each language."""
        first: dict[Language, str] = {}
        for path, language in _found(tree, directory):
            first.setdefault(language, path)
        known = bool(first) and bool(BillGatherer().manifests(tree, directory))
        return Gathered(skipped=tuple(_note(tree, path, language, known) for language, path in first.items()))


def _note(tree: Tree, path: str, language: Language, known: bool) -> Skipped:
    """``known``: a bill of materials says what the service holds."""
    private = language.private or _FAT.search(_head(tree, path)) is not None
    if known:
        reason = "are those of the bill of materials"
    else:
        reason = "are not read (private to the service)" if private else "are not read, and may clash with others"
    return Skipped(language.packages, reason, Origin(path), incomplete=not (private or known))


def _found(tree: Tree, directory: str) -> Iterator[tuple[str, Language]]:
    names = list(tree.names(directory))
    for name in names:
        language = next((language for pattern, language in _NAMED if pattern.fullmatch(name)), None)
        if language is None or tree.is_folder(path := join(directory, name)):
            continue
        is_ours = not language.beside or language.beside in names
        if is_ours and language.unless.isdisjoint(names) and not _AGGREGATOR.search(_head(tree, path)):
            yield path, language


def _head(tree: Tree, path: str) -> bytes:
    try:
        return tree.read_head(path, _SNIFFED)
    except ManifestError:
        return b""
