"""The Requirement that a word of apt's command line is."""

from __future__ import annotations

from analyzer.origin import Origin
from analyzer.requirement import Requirement
from resolvers.deb.declared import Context
from resolvers.deb.package_word import PackageWord

_OWN = ("", "any", "native", "all")


def wanted(context: Context, word: PackageWord, origin: Origin) -> Requirement:
    """The Requirement of a word. An architecture other than the service's own is part of the name:
    packages of both can be installed."""
    return Requirement(context.package(qualified(context, word.name, word.architecture)), word.constraint, origin)


def qualified(context: Context, name: str, architecture: str) -> str:
    """A package's name, with its architecture (``libc6:i386``) where that is not the service's own."""
    return name if architecture in (*_OWN, context.architecture) else f"{name}:{architecture}"
