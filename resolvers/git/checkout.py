"""A git checkout as it lies on disk, read file by file and never by running git.

So no hook, filter, fsmonitor or include of its configuration is ever carried out, and no alternate
object store is followed. Source: gitrepository-layout(5), gitformat-index(5).
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from analyzer.package import Package
from resolvers.git.git_config import parse_git_config
from resolvers.git.git_index import gitlinks
from resolvers.git.reference import is_commit, is_name
from resolvers.git.repository_url import RepositoryUrlError, is_relative, repository
from resolvers.tree import Kind, Tree, join

GIT = ".git"
OBJECT_LIMIT = 64 * 1024
"""Bytes of the largest tag object that is read."""
REFS_LIMIT = 20_000
"""References of one checkout that are read."""
_LINE = 1000
"""Bytes of a loose reference."""
_CHAIN = 5
"""How many references and tags may stand for one another."""

_TAG = re.compile(rb"tag \d+\0object ([0-9a-f]{40}(?:[0-9a-f]{24})?)\ntype (commit|tag)\n")


@dataclass(frozen=True, slots=True)
class Checkout:
    """A checkout at ``path``. ``origin`` is the place that names its commit.

    ``repository`` is what its remote ``origin`` (or its only remote) is, None where it has none that can
    be read. ``commit`` is what is checked out, empty before the first commit. ``branches`` are the names of
    its own and its remotes' branches, ``tags`` the commits of its tags, ``submodules`` those of the
    repositories within, by their paths.
    """

    path: str
    repository: Package | None
    commit: str
    origin: Origin
    branches: frozenset[str] = frozenset()
    tags: Mapping[str, str] = field(default_factory=dict)
    submodules: Mapping[str, str] = field(default_factory=dict)


def is_checkout(tree: Tree, path: str) -> bool:
    """Whether a folder of the tree is a checkout: it has a ``.git`` with a HEAD in it, or one that says where."""
    place = join(path, GIT)
    return tree.exists(join(place, "HEAD")) if tree.is_folder(place) else tree.exists(place)


def read_checkout(tree: Tree, path: str) -> Checkout:
    """Read a checkout. Raises ManifestError where its folder of git's own cannot be read, or lies outside."""
    return _read(tree, path, _git_folder(tree, path))


def is_bare(tree: Tree, path: str) -> bool:
    """Whether a folder is a repository without a checkout: what else lies in ``.git`` lies in it."""
    return all(tree.exists(join(path, name)) for name in ("HEAD", "objects", "refs"))


def read_bare(tree: Tree, path: str) -> Checkout:
    """Read a repository without a checkout. Raises ManifestError as ``read_checkout`` does."""
    return _read(tree, path, path)


def _read(tree: Tree, path: str, folder: str) -> Checkout:
    common = _common_folder(tree, folder)
    config = _text(tree, join(common, "config"))
    refs = dict(references(tree, common))
    commit, origin = _head(tree, folder, refs)
    return Checkout(
        path,
        _remote(config, join(common, "config")),
        commit,
        origin,
        frozenset(_branches(refs)),
        dict(_tags(tree, common, refs)),
        _submodules(tree, folder, config),
    )


def _git_folder(tree: Tree, path: str) -> str:
    """``.git`` itself, or where the file of that name says (``gitdir: ../.git/modules/lib``)."""
    place = join(path, GIT)
    if tree.is_folder(place):
        return place
    text = tree.read_text(place)
    if not text.startswith("gitdir:"):
        raise ManifestError(Origin(place, 1), "does not say where the repository is")
    return _within(tree, path, text.removeprefix("gitdir:").strip(), place)


def _common_folder(tree: Tree, folder: str) -> str:
    """Where refs, objects and configuration are: a worktree shares them (git-worktree(1))."""
    place = join(folder, "commondir")
    return _within(tree, folder, _text(tree, place).strip(), place) if tree.exists(place) else folder


def _within(tree: Tree, folder: str, path: str, named_in: str) -> str:
    """A folder that git names, by an absolute path perhaps, as a path of the tree."""
    root = f"{tree.locate('')}/"
    try:
        return join("", path.removeprefix(root)) if path.startswith(root) else join(folder, path)
    except ManifestError as error:
        raise ManifestError(Origin(named_in, 1), "names a repository outside the audited folder") from error


def _text(tree: Tree, path: str) -> str:
    """The text of a file; empty where it is none that can be read, as of a repository that has none."""
    try:
        return tree.read_text(path)
    except ManifestError:
        return ""


def loose_line(tree: Tree, path: str) -> str:
    """What a loose reference holds; empty where that cannot be one."""
    try:
        text = tree.read_head(path, _LINE).decode()
    except (ManifestError, UnicodeDecodeError):
        return ""
    return text.strip()


def _head(tree: Tree, folder: str, refs: Mapping[str, str]) -> tuple[str, Origin]:
    """The commit that is checked out, and the line that says so."""
    place = join(folder, "HEAD")
    text = tree.read_text(place).strip()
    for _ in range(_CHAIN):
        if not text.startswith("ref:"):
            break
        text = refs.get(text.removeprefix("ref:").strip(), "")
    return (text if is_commit(text) else ""), Origin(place, 1, text if is_commit(text) else "")


def references(tree: Tree, common: str) -> Iterator[tuple[str, str]]:
    """All references and what stands there, packed ones first. A packed tag's commit is under ``NAME^{}``."""
    name = ""
    for line in _text(tree, join(common, "packed-refs")).split("\n")[: 2 * REFS_LIMIT]:
        target, _, packed = line.strip().partition(" ")
        if target.startswith("^") and name:
            yield f"{name}^{{}}", target[1:]
        elif is_commit(target):
            name = packed
            yield name, target
    yield from _loose(tree, common)


def _loose(tree: Tree, common: str) -> Iterator[tuple[str, str]]:
    """References in files of their own; git makes no links among them, and none is followed."""
    pending, count = ["refs"], 0
    while pending and count < REFS_LIMIT:
        name = pending.pop()
        for inner, kind in _listing(tree, join(common, name)).items():
            count += 1
            if kind is Kind.FOLDER and count < REFS_LIMIT:
                pending.append(f"{name}/{inner}")
            elif kind is Kind.FILE and count < REFS_LIMIT:
                yield f"{name}/{inner}", loose_line(tree, join(common, f"{name}/{inner}"))
                # A loose reference goes before a packed one, and so does not stand for what that was peeled to.
                yield f"{name}/{inner}^{{}}", ""


def _listing(tree: Tree, path: str) -> Mapping[str, Kind]:
    try:
        return tree.listing(path)
    except ManifestError:
        return {}


def _branches(refs: Mapping[str, str]) -> Iterator[str]:
    for name in refs:
        kind, _, rest = name.removeprefix("refs/").partition("/")
        branch = {"heads": rest, "remotes": rest.partition("/")[2]}.get(kind, "")
        if is_name(branch):
            yield branch


def _tags(tree: Tree, common: str, refs: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    commits = {target for name, target in refs.items() if name.startswith(("refs/heads/", "refs/remotes/"))}
    for name, target in refs.items():
        tag = name.removeprefix("refs/tags/")
        if tag == name or not is_name(tag) or not is_commit(target):
            continue
        if peeled := refs.get(f"{name}^{{}}"):
            yield tag, peeled
        elif target in commits:
            yield tag, target
        elif commit := _peeled(tree, common, target, loose=f"{name}^{{}}" in refs):
            yield tag, commit


def _peeled(tree: Tree, common: str, target: str, *, loose: bool) -> str:
    """The commit that a tag stands for, through annotated tags; empty where their objects are packed."""
    if not loose and "fully-peeled" in _text(tree, join(common, "packed-refs")).partition("\n")[0]:
        return target
    for _ in range(_CHAIN):
        head = _object_head(tree, join(common, f"objects/{target[:2]}/{target[2:]}"))
        if head.startswith(b"commit "):
            return target
        found = _TAG.match(head)
        if found is None:
            return ""
        target = found[1].decode()
        if found[2] == b"commit":
            return target
    return ""


def _object_head(tree: Tree, path: str) -> bytes:
    """How a loose object begins; empty where there is none."""
    try:
        return zlib.decompressobj().decompress(tree.read_head(path, OBJECT_LIMIT), 200)
    except (ManifestError, zlib.error):
        return b""


def _remote(config: str, file: str) -> Package | None:
    urls = {s.name: s.value for s in parse_git_config(config, file) if (s.section, s.key) == ("remote", "url")}
    url = urls.get("origin") or (next(iter(urls.values())) if len(urls) == 1 else "")
    if not url or is_relative(url):
        return None
    try:
        return repository(url)
    except RepositoryUrlError:
        return None


def _submodules(tree: Tree, folder: str, config: str) -> Mapping[str, str]:
    wide = any(
        (s.section, s.key, s.value.lower()) == ("extensions", "objectformat", "sha256")
        for s in parse_git_config(config, "config")
    )
    try:
        return gitlinks(tree.read_bytes(join(folder, "index")), hash_size=32 if wide else 20)
    except ManifestError:
        return {}
