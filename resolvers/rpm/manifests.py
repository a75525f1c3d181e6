"""Which files of a directory tell of RPM packages, and what each is. Dockerfiles are another gatherer's."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analyzer.errors import ManifestError
from resolvers.ansible.installer import YAML
from resolvers.ansible.playbook import is_playbook, playbooks
from resolvers.discovery import INSTALL_SCRIPT
from resolvers.rpm.header import LEAD_MAGIC
from resolvers.rpm.invocation import TOOLS
from resolvers.rpm.nevra import is_lock
from resolvers.rpm.rpmdb import database
from resolvers.seam import Manifest
from resolvers.tree import Kind, Tree, join

SPEC = "spec"
PACKAGE = "RPM package"
LIST = "RPM package list"
ROOT_FILESYSTEM = "rpmdb of a root filesystem"
REPOSITORY = "repodata"
"""The folder that makes the packages beside it a repository, which is offered and not installed."""

_LIST_NAMES = re.compile(
    r"rpms\.(?:txt|list)|installed-rpms(?:\.txt)?|rpm[-_]qa.*\.txt|rpm-packages\.txt|.*[-_.](?:dnf|yum|rpms)\.(?:txt|list)",
    re.I,
)
_TEXT = re.compile(r".*\.(?:txt|list|lst|rpms)|[^.]+", re.I)
_INSTALLS = re.compile(
    rf"\b(?:{'|'.join(TOOLS)})\b[^\n]*\s(?:install|in|localinstall|groupinstall|-[a-z]*[iU][a-z]*)\b"
)
_DEVELOPMENT = re.compile(r"(?:^|[-_.])(?:dev|devel|tests?|ci|lint|build|bench|docs?)[-_.]", re.I)
_SNIFFED = 256 * 1024
_FILES_SNIFFED = 200
"""How many scripts of a directory are looked into."""


def recognise(tree: Tree, directory: str) -> Iterator[Manifest]:
    """The manifests of a service's folder, in the order of names.

    Where ``directory`` is a file, as configuration may list one, it is the only manifest: a list of
    packages whatever its name, if its content is one.
    """
    if directory and tree.exists(directory) and not tree.is_folder(directory):
        yield from _listed(tree, directory)
        return
    if database(tree, directory):
        yield Manifest(directory, ROOT_FILESYSTEM)
        return
    is_repository = tree.is_folder(join(directory, REPOSITORY))
    sniffed = 0
    for name in _file_names(tree, directory):
        if is_repository and name.endswith(".rpm"):
            continue
        path = join(directory, name)
        sniffed += name.endswith(".sh")
        if role := _role(tree, path, name, sniff=sniffed <= _FILES_SNIFFED):
            yield Manifest(path, role)
    yield from (Manifest(path, INSTALL_SCRIPT) for path in playbooks(tree, directory))


def _file_names(tree: Tree, directory: str) -> list[str]:
    try:
        kinds = tree.listing(directory)
    except ManifestError:
        return []
    return [name for name in tree.names(directory) if kinds.get(name) in (Kind.FILE, Kind.LINK)]


def _role(tree: Tree, path: str, name: str, *, sniff: bool) -> str:
    if name.endswith(".spec"):
        return SPEC if b"Name:" in _head(tree, path) or b"name:" in _head(tree, path) else ""
    if name.endswith(".rpm"):
        return PACKAGE if _head(tree, path).startswith(LEAD_MAGIC) else ""
    if _LIST_NAMES.fullmatch(name):
        return LIST
    if name.endswith(".sh") and sniff and not _DEVELOPMENT.search(name):
        return INSTALL_SCRIPT if _INSTALLS.search(_head(tree, path).decode("utf-8", "replace")) else ""
    return ""


def _listed(tree: Tree, path: str) -> Iterator[Manifest]:
    name = path.rpartition("/")[2]
    if role := _role(tree, path, name, sniff=True):
        yield Manifest(path, role)
    elif _TEXT.fullmatch(name) and is_lock(_head(tree, path).decode("utf-8", "replace")):
        yield Manifest(path, LIST)
    elif name.endswith(YAML) and is_playbook(tree, path):
        yield Manifest(path, INSTALL_SCRIPT)


def _head(tree: Tree, path: str) -> bytes:
    try:
        return tree.read_head(path, _SNIFFED)
    except ManifestError:
        return b""
