"""Which files of a folder say what Debian packages a service needs, and what each is."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analyzer.errors import ManifestError
from resolvers.ansible.installer import YAML
from resolvers.ansible.playbook import is_playbook, playbooks
from resolvers.container.places import containerfiles
from resolvers.deb.control_file import CONTROL
from resolvers.deb.dpkg_status import is_status
from resolvers.deb.root_filesystem import installed_records
from resolvers.discovery import INSTALL_SCRIPT as INSTALL_SCRIPT
from resolvers.seam import Manifest
from resolvers.tree import Tree, join

PACKAGE_LIST = "package list"
CONTROL_FILE = "debian/control"
ARCHIVE = "Debian package"
STATUS = "dpkg status"
ROOT_FILESYSTEM = "dpkg status of a root filesystem"

TEXTS_SNIFFED = 50
"""How many scripts and records of one folder are looked into to see what they are."""

_LISTS = frozenset({"apt.txt", "Aptfile"})
_LISTED_LIST = re.compile(
    r"(?:packages?|(?:.*[-_.])?(?:apt|deb|debs|debian|ubuntu|dpkg|system|sys|os)(?:[-_.].*)?)\.(?:txt|list|lst)"
    r"|Aptfile|apt\.txt",
    re.IGNORECASE,
)
_RECORD = re.compile(r"status|(?:.*[-_.])?dpkg(?:[-_.].*)?|installed-debs", re.IGNORECASE)
_SCRIPT = re.compile(r"[^.].*\.(?:sh|bash)|[^.].*\.(?:sh|bash)\.in", re.IGNORECASE)
_DEVELOPMENT = re.compile(r"(?:^|[-_.])(?:dev|devel|test|tests|ci|lint|build|bench|docs?)(?:[-_.]|$)", re.IGNORECASE)
_TOOL = re.compile(rb"(?<![\w.-])(?:apt-get|apt|aptitude|dpkg)\s")
_INSTALL = re.compile(rb"\s(?:install|--install|-i)\s")
_SCRIPTED = re.compile(rb"(?:^|\s)(?:install_packages|clean-install)\s")
_SNIFFED = 64 * 1024
_REPOSITORY_NAMES = frozenset({"Packages", "Packages.gz", "Packages.xz", "Release", "InRelease"})
_POOL = "pool"


def recognise(tree: Tree, path: str) -> Iterator[Manifest]:
    """The manifests of a service's folder but for its Dockerfile, in a stable order.

    Where ``path`` is a file, as configuration may list one, it is the only manifest. Scripts and package
    files count only where no Dockerfile tells which of them are used.
    """
    if path and tree.exists(path) and not tree.is_folder(path):
        yield from _listed_file(tree, path)
        return
    names = list(tree.names(path))
    lists = (name for name in names if name in _LISTS and _is_file(tree, path, name))
    yield from (Manifest(join(path, name), PACKAGE_LIST) for name in lists)
    if "debian" in names and tree.exists(control := join(path, CONTROL)):
        yield Manifest(control, CONTROL_FILE)
    if not containerfiles(tree, path):
        yield from _scripts(tree, path, names)
        yield from (Manifest(playbook, INSTALL_SCRIPT) for playbook in playbooks(tree, path))
        yield from _archives(tree, path, names)
    yield from _records(tree, path, names)
    if "var" in names:
        yield from (Manifest(record, ROOT_FILESYSTEM) for record in installed_records(tree, path))


def _listed_file(tree: Tree, path: str) -> Iterator[Manifest]:
    name = path.rpartition("/")[2]
    if name.endswith(".deb"):
        yield Manifest(path, ARCHIVE)
    elif name == "control":
        yield Manifest(path, CONTROL_FILE)
    elif _LISTED_LIST.fullmatch(name):
        yield Manifest(path, PACKAGE_LIST)
    elif is_playbook(tree, path) if name.endswith(YAML) else _is_named_script(tree, path, name):
        yield Manifest(path, INSTALL_SCRIPT)
    elif is_status(tree, path):
        yield Manifest(path, STATUS)


def _is_named_script(tree: Tree, path: str, name: str) -> bool:
    return _SCRIPT.fullmatch(name) is not None and _is_install_script(tree, path)


def _scripts(tree: Tree, path: str, names: list[str]) -> Iterator[Manifest]:
    scripts = [name for name in names if _SCRIPT.fullmatch(name) and not _DEVELOPMENT.search(name.rpartition(".")[0])]
    for name in scripts[:TEXTS_SNIFFED]:
        if _is_install_script(tree, join(path, name)):
            yield Manifest(join(path, name), INSTALL_SCRIPT)


def _archives(tree: Tree, path: str, names: list[str]) -> Iterator[Manifest]:
    """Package files, unless they are a repository's: there are several versions of a package, or an index."""
    found = [name for name in names if name.endswith(".deb") and _is_file(tree, path, name)]
    packages = {name.partition("_")[0] for name in found}
    if len(packages) == len(found) and _REPOSITORY_NAMES.isdisjoint(names) and _POOL not in path.split("/"):
        yield from (Manifest(join(path, name), ARCHIVE) for name in found)


def _records(tree: Tree, path: str, names: list[str]) -> Iterator[Manifest]:
    records = [name for name in names if _RECORD.fullmatch(name)]
    for name in records[:TEXTS_SNIFFED]:
        if _is_file(tree, path, name) and is_status(tree, join(path, name)):
            yield Manifest(join(path, name), STATUS)


def _is_file(tree: Tree, path: str, name: str) -> bool:
    return not tree.is_folder(join(path, name))


def _is_install_script(tree: Tree, path: str) -> bool:
    try:
        head = tree.read_head(path, _SNIFFED)
    except ManifestError:
        return False
    return any(_installs(line + b"\n") for line in head.splitlines() if not line.lstrip().startswith(b"#"))


def _installs(line: bytes) -> bool:
    tool = _TOOL.search(line)
    return _INSTALL.search(line, tool.end() - 1) is not None if tool else _SCRIPTED.search(line) is not None
