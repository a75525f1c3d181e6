"""Single values of configuration: each reader returns the setting that a value states, or raises UnfitError."""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from packaging.utils import InvalidName, canonicalize_name

from analyzer.boundary import Boundary
from analyzer.errors import ManifestError
from analyzer.verdict import Stance
from cohabit.configuration_rule import UnfitError, did_you_mean, kind, shown
from resolvers.maven.version_scheme import VersionScheme
from resolvers.pip.projects.project import READERS
from resolvers.pip.target import PYTHONS
from resolvers.pip.uv.platform_name import ARCHITECTURES, GLIBC
from resolvers.tree import Tree, join

TEXT_LIMIT = 1000
SCHEMES = ("https", "http", "file")
ANY_RELEASE = ("alpine", "macos", "windows")
"""Systems of which the release makes no difference to wheels."""

E = TypeVar("E", bound=StrEnum)

_RELEASE = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,6}){0,3}", re.ASCII)
_MODULES = re.compile(r"\*|[A-Za-z0-9_.\-]+:(?:\*|[A-Za-z0-9_.\-]+)")
_DISTRIBUTION = re.compile(r"[a-z][a-z0-9+_-]{0,60}(?::[a-z0-9][a-z0-9._-]{0,60})?", re.ASCII)
_PYTHON = re.compile(r"([0-9]\.[0-9]{1,2})(?:\.[0-9]{1,3})?", re.ASCII)
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*):/")
_KERNEL = re.compile(
    r"privileged|(?:[<>]=?|==|!=)[0-9]{1,4}(?:\.[0-9]{1,6}){0,3}|module [A-Za-z0-9_-]{1,60}"
    r"|sysctl [a-z0-9_]{1,40}(?:[./][A-Za-z0-9_*-]{1,40}){1,8}=[ -~]{1,80}",
    re.ASCII,
)
_ALIASES = {"amd64": "x86_64", "x64": "x86_64", "arm64": "aarch64"}
"""What container images and macOS call the architectures."""


def text(value: Any) -> str:
    """Printable text on one line, not empty."""
    if not isinstance(value, str):
        raise UnfitError(f"is {kind(value)}, not text")
    if not value.strip() or not value.isprintable() or len(value) > TEXT_LIMIT:
        raise UnfitError(f"{shown(value)} is no text of 1 to {TEXT_LIMIT} printable characters")
    return value


def flag(value: Any) -> bool:
    """A boolean."""
    if not isinstance(value, bool):
        raise UnfitError(f"is {kind(value)}, not true or false")
    return value


def member_of(kinds: type[E]) -> Callable[[Any], E]:
    """A reader of one enumeration's values."""

    def read(value: Any) -> E:
        named = text(value)
        if named not in list(kinds):
            raise UnfitError(f"{shown(value)} is none of {', '.join(kinds)}{did_you_mean(named, [*kinds])}")
        return kinds(named)

    return read


boundary = member_of(Boundary)
stance = member_of(Stance)


def python_version(value: Any) -> str:
    """``major.minor`` of a Python that cohabit knows; a patch release is that of its minor version."""
    if isinstance(value, float):
        raise UnfitError(f'{shown(value)} is a number, in which 3.1 and 3.10 are the same; write it in quotes: "3.11"')
    found = _PYTHON.fullmatch(text(value).strip())
    if found is None:
        raise UnfitError(f'{shown(value)} is no Python version such as "3.11"')
    if found[1] not in PYTHONS:
        raise UnfitError(f"{shown(value)} is no Python version that cohabit knows ({PYTHONS[0]} to {PYTHONS[-1]})")
    return found[1]


def operating_system(value: Any) -> str:
    """``linux``, ``debian:12``, ``alpine:3.20``, ``macos``, ``windows``, …"""
    named = text(value)
    system, colon, release = named.partition(":")
    if named in GLIBC or (system in ANY_RELEASE and (not colon or _RELEASE.fullmatch(release))):
        return named
    releases = ", ".join(known for known in GLIBC if known.startswith(f"{system}:"))
    hint = f" ({releases})" if releases else did_you_mean(named, [*GLIBC, *ANY_RELEASE])
    raise UnfitError(f"{shown(value)} is no operating system that cohabit knows{hint}")


def architecture(value: Any) -> str:
    """``x86_64`` or ``aarch64``, by these names or as container images call them."""
    named = _ALIASES.get(text(value), value)
    if named not in ARCHITECTURES:
        raise UnfitError(f"{shown(value)} is no architecture that cohabit knows ({', '.join(ARCHITECTURES)})")
    return str(named)


def platform_parts(value: Any) -> dict[str, str]:
    """``os`` and ``arch`` of ``debian:12/x86_64``; the architecture may be left out."""
    system, slash, arch = text(value).partition("/")
    parts = {"os": operating_system(system)}
    return parts | {"arch": architecture(arch)} if slash else parts


def distribution(value: Any) -> str:
    """The name of a package universe: ``debian:12``."""
    if _DISTRIBUTION.fullmatch(text(value)) is None:
        raise UnfitError(f'{shown(value)} is no distribution such as "debian:12"')
    return str(value)


def maven_modules(value: Any) -> str:
    """A Maven module (``group:name``), a group of them (``group:*``), or all (``*``)."""
    if _MODULES.fullmatch(text(value)) is None:
        raise UnfitError(f"{shown(value)} is no Maven module such as 'com.google.guava:guava' or 'io.netty:*'")
    return str(value)


def version_scheme(value: Any) -> str:
    """How a module's versions tell what breaks."""
    if text(value) not in tuple(VersionScheme):
        raise UnfitError(f"{shown(value)} is none of {', '.join(VersionScheme)}")
    return str(value)


def kernel_need(value: Any) -> str:
    """What a service needs of its kernel: a version, a module, a setting, or to run privileged."""
    if _KERNEL.fullmatch(text(value)) is None:
        examples = "'>=5.10', 'module wireguard', 'sysctl net.ipv4.ip_forward=1' or 'privileged'"
        raise UnfitError(f"{shown(value)} is nothing that is needed of a kernel, such as {examples}")
    return str(value)


def dependency_group(value: Any) -> str:
    """The normalised name of an extra or of a dependency group (PEP 685, PEP 735)."""
    try:
        return canonicalize_name(text(value), validate=True)
    except InvalidName as error:
        raise UnfitError(f"{shown(value)} is no name of an extra or a dependency group") from error


def pattern(value: Any) -> str:
    """A glob over the paths of folders, relative to the audited one."""
    if text(value).startswith("/"):
        raise UnfitError(f"{shown(value)} is an absolute path; patterns are relative to the audited folder")
    return str(value).removeprefix("./").rstrip("/")


def path_within(tree: Tree) -> Callable[[Any], str]:
    """A reader of paths that exist in the tree; they come without ``.`` and ``..``, ``""`` is the tree itself."""

    def read(value: Any) -> str:
        try:
            path = join("", text(value))
            tree.locate(path)
        except ManifestError as error:
            raise UnfitError(f"{shown(value)} {error.reason}") from error
        if not tree.exists(path):
            raise UnfitError(f"{shown(value)} does not exist in the audited folder")
        if path.rpartition("/")[2] in READERS and not tree.is_folder(path):
            raise UnfitError(f"{shown(value)} is a file of a project; give the folder that it lies in")
        return path

    return read


def index_place(base: Path) -> Callable[[Any], str]:
    """A reader of package indexes: a URL as it is, a folder (relative to ``base``) as an absolute path.

    Its messages never repeat the value, which may hold a password.
    """

    def read(value: Any) -> str:
        place = text(str(value) if isinstance(value, Path) else value)
        if scheme := _SCHEME.match(place):
            return _url(place, scheme[1].lower())
        folder = base / place
        try:
            if folder.is_dir():
                return str(folder.resolve())
        except OSError as error:
            raise UnfitError(f"is a folder that cannot be read: {error.strerror}") from error
        raise UnfitError("is neither a URL (https://…) nor a folder that exists")

    return read


def _url(place: str, scheme: str) -> str:
    try:
        parts = urlsplit(place)
        whole = bool(parts.hostname) or scheme == "file"
        parts.port  # noqa: B018 - raises where the port is none
    except ValueError:
        whole = False
    if not whole or " " in place:
        raise UnfitError("is no whole URL")
    if scheme not in SCHEMES:
        raise UnfitError(f"is no URL of the kind {', '.join(f'{known}://' for known in SCHEMES)}")
    return place


def local_path(base: Path) -> Callable[[Any], str]:
    """A reader of paths relative to ``base``, as absolute paths; nothing has to be there yet."""
    return lambda value: str((base / text(value)).absolute())
