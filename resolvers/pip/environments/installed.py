"""An installed environment on disk: a virtualenv, or a folder that packages were installed into.

Only the records of the installers are read. The environment's own interpreter and pip are code of
the service and never run (``docs/decisions/0003-installed-environments.md``).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from packaging.utils import canonicalize_name

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from analyzer.service import Skipped
from resolvers.members import LIMITS
from resolvers.pip.declared import Context, Declared
from resolvers.pip.environments.bundle import Bundle
from resolvers.pip.environments.direct_url import local
from resolvers.pip.environments.pyvenv import MARK, MARK_LIMIT, exactly, is_site_of_venv, read_pyvenv, series_of
from resolvers.pip.environments.site import RECORDS, Site, kind_of, read_site
from resolvers.tree import Tree

_RECORD_LIMIT = 50_000
_LINK_LIMIT = 2**16


def read_installed(context: Context, path: str) -> Declared:
    """What is installed in the folder ``path``: a virtualenv, or a site directory (``pip install -t``).

    Raises ManifestError where it is neither.
    """
    tree, bundle = context.tree, Bundle()
    sites = list(_sites(tree, path, bundle))
    for site in sites:
        bundle.found += read_site(_load(tree, site, bundle), bundle.skipped)
    for link in [each for each in bundle.skipped if each.what.endswith(".egg-link")]:
        with suppress(ManifestError):
            _follow(tree, link, bundle)
    return bundle.declare(context)


def _sites(tree: Tree, path: str, bundle: Bundle) -> Iterator[str]:
    mark = _inside(path, MARK)
    if not tree.exists(mark):
        if not any(kind_of(name) for name in tree.names(path)):
            raise ManifestError(Origin(path), "is neither a virtual environment nor a folder of installed packages")
        yield path
        return
    bundle.made_by(read_pyvenv(tree.read_bytes(mark, MARK_LIMIT), mark))
    found = _distinct(tree, path)
    if not found:
        raise ManifestError(Origin(path), "has no site-packages folder inside the audited folder")
    for site in found:
        series = series_of(site)
        if bundle.python and series and series != bundle.python:
            reason = f"is for Python {series}, not for the environment's {bundle.python}"
            bundle.skipped.append(Skipped(site, reason, Origin(site), incomplete=False))
            continue
        if series and not bundle.python:
            bundle.python = series
            bundle.interpreter.append(exactly(series, Origin(site)))
        yield site


def _distinct(tree: Tree, path: str) -> list[str]:
    """The site directories of a virtualenv; ``lib64`` is most often a link to ``lib``."""
    found: dict[Path, str] = {}
    for library in ("lib", "lib64", "Lib"):
        folder = _inside(path, library)
        for site in ("site-packages", *(f"{name}/site-packages" for name in tree.names(folder))):
            if is_site_of_venv(f"{library}/{site}") and tree.exists(f"{folder}/{site}"):
                found.setdefault(tree.locate(f"{folder}/{site}"), f"{folder}/{site}")
    return list(found.values())


def _load(tree: Tree, path: str, bundle: Bundle) -> Site:
    records = [name for name in tree.names(path) if kind_of(name)]
    if len(records) > _RECORD_LIMIT:
        raise ManifestError(Origin(path), f"holds more than {_RECORD_LIMIT} distributions")
    files: dict[str, bytes] = {}
    room = LIMITS.kept
    for record in records:
        for file in _record_files(tree, _inside(path, record)):
            try:
                files[file] = tree.read_bytes(file, LIMITS.member)
            except ManifestError as error:
                bundle.skipped.append(Skipped(record, error.reason, error.origin))
                continue
            room -= len(files[file])
            if room < 0:
                raise ManifestError(Origin(path), f"has more than {LIMITS.kept} bytes of metadata")
    return Site(path, tuple(records), files, root=str(tree.root.resolve()))


def _record_files(tree: Tree, folder: str) -> Iterator[str]:
    for name in RECORDS[kind_of(folder)]:
        file = _inside(folder, name) if name else folder
        if tree.exists(file) and not tree.locate(file).is_dir():
            yield file


def _follow(tree: Tree, link: Skipped, bundle: Bundle) -> None:
    """Read the metadata of a project that ``setup.py develop`` linked, where it lies in the tree."""
    root = str(tree.root.resolve())
    lines = tree.read_bytes(link.origin.file, _LINK_LIMIT).decode("utf-8", "replace").splitlines() or [""]
    source = local(lines[0].strip(), root)
    wanted = canonicalize_name(link.what.removesuffix(".egg-link"))
    records = [
        name
        for name in tree.names(source.location)
        if name.endswith(".egg-info") and canonicalize_name(name.removesuffix(".egg-info")) == wanted
    ]
    if not records or source.location.startswith("/"):
        return
    site = _load(tree, source.location, bundle)
    bundle.skipped.remove(link)
    bundle.found += read_site(replace(site, records=tuple(records), source=source), bundle.skipped)


def _inside(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name
