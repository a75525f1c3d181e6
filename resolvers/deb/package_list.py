"""Lists of packages for apt: ``apt.txt`` (repo2docker), ``Aptfile`` (heroku-buildpack-apt), ``packages.txt``.

Each word names a package as on apt's command line; what follows a ``#`` is a comment.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from analyzer.requirement import Requirement
from analyzer.service import Skipped
from resolvers.deb.declared import Context, Declared
from resolvers.deb.package_word import PackageWord, WordError, is_archive, parse_word
from resolvers.deb.quotation import quoted
from resolvers.deb.wanted import wanted
from resolvers.tree import Tree

MOST = 50_000
"""Words of the longest list that is read: Debian has some 65,000 packages."""

_COMMENT = re.compile(r"(?:^|(?<=\s))#.*")
_REPOSITORY = ":repo:"


def listed_words(tree: Tree, path: str) -> Iterator[tuple[str, Origin]]:
    """The words of a list, each with its place. Raises ManifestError where the file cannot be read, or has
    more than ``MOST`` words."""
    count = 0
    for number, line in _lines(tree, path):
        words = line.split()
        count += len(words)
        if count > MOST:
            raise ManifestError(Origin(path, number), f"has more than {MOST} words")
        for word in words:
            yield word, Origin(path, number, quoted(word))


def read_package_list(context: Context, path: str) -> Declared:
    """The packages of a list. Raises ManifestError where the file cannot be read."""
    requirements: list[Requirement] = []
    unknown: list[str] = []
    removed: set[str] = set()
    for text, origin in listed_words(context.tree, path):
        word = _word(text, origin, unknown)
        if word is not None and word.removed:
            removed.add(word.name)
        elif word is not None:
            requirements.append(wanted(context, word, origin))
    kept = tuple(r for r in requirements if r.package.name not in removed)
    return Declared(kept, skipped=tuple(_repositories(context.tree, path)), unknown=tuple(unknown))


def _word(text: str, origin: Origin, unknown: list[str]) -> PackageWord | None:
    try:
        if is_archive(text):
            raise WordError("is a package file: what it needs is not known")
        return parse_word(text)
    except WordError as error:
        unknown.append(f"{origin}: {origin.text} {error}")
        return None


def _repositories(tree: Tree, path: str) -> Iterator[Skipped]:
    """The lines ``:repo:deb https://… suite component`` of an ``Aptfile``."""
    for number, line in enumerate(tree.read_text(path).splitlines(), start=1):
        if line.startswith(_REPOSITORY):
            shown = quoted(line.removeprefix(_REPOSITORY))
            reason = "adds packages from elsewhere: the universe of this release needs them too"
            yield Skipped(shown, reason, Origin(path, number, shown), incomplete=False)


def _lines(tree: Tree, path: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(tree.read_text(path).splitlines(), start=1):
        if not line.startswith(_REPOSITORY):
            yield number, _COMMENT.sub("", line)
