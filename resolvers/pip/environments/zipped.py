"""An installed environment in one file: zipped virtualenv, pex, shiv, or a function's bundle (AWS Lambda)."""

from __future__ import annotations

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from analyzer.service import Skipped
from resolvers.archive import any_member, read_archive
from resolvers.members import Contents, Refused
from resolvers.pip.declared import Context, Declared
from resolvers.pip.environments.bundle import Bundle, outermost
from resolvers.pip.environments.pex_info import DEPENDENCIES, read_pex_info, read_zipped_wheel
from resolvers.pip.environments.pex_info import MARK as PEX
from resolvers.pip.environments.pyvenv import MARK, MARK_LIMIT, exactly, is_site_of_venv, read_pyvenv, series_of
from resolvers.pip.environments.site import Site, is_record_file, read_site, records_by_site
from resolvers.tree import Tree

_APPLICATIONS = (".pex", ".pyz")
_ARCHIVES = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tbz", ".tar.xz", ".txz")
_REFUSALS_SHOWN = 20


def looks_zipped(tree: Tree, path: str) -> bool:
    """Whether the file can be an environment for ``read_zipped``, at the cost of a glimpse.

    True for every ``.pex`` and ``.pyz``; for other archives where they hold a member that only an
    environment has. A source distribution and an archive of data are none.
    """
    name = path.rpartition("/")[2].lower()
    if name.endswith(_APPLICATIONS):
        return True
    return name.endswith(_ARCHIVES) and any_member(tree, path, _is_mark)


def _is_mark(name: str) -> bool:
    return name == PEX or name.rpartition("/")[2] == MARK or name.endswith(".dist-info/METADATA")


def _is_wanted(name: str) -> bool:
    return name == PEX or name.rpartition("/")[2] == MARK or is_record_file(name)


def read_zipped(context: Context, path: str) -> Declared:
    """What the archive ``path`` (zip, or tar with or without compression) contains.

    Raises ManifestError where it cannot be read as an archive. One without any environment in it is
    a Skipped.
    """
    contents = read_archive(context.tree, path, _is_wanted)
    bundle = Bundle(skipped=_refusals(path, contents.refused))
    sites = records_by_site(contents.names)
    if PEX in contents.files:
        taken = _pex(path, contents, sites, bundle)
    elif marks := [name for name in contents.files if name.rpartition("/")[2] == MARK]:
        taken = _virtualenv(path, contents, sites, marks, bundle)
    else:
        taken = outermost(site for site, records in sites.items() if _has_dist_info(records))
        if not taken:
            reason = "holds no virtual environment, no PEX-INFO and no installed distribution"
            return Declared(skipped=(*bundle.skipped, Skipped(path, reason, Origin(path))))
        _take_series(path, taken, bundle)
    for site in taken:
        found = Site(site, sites[site], contents.files, lambda name: f"{path}!{name}")
        bundle.found += read_site(found, bundle.skipped)
    return bundle.declare(context)


def _has_dist_info(records: tuple[str, ...]) -> bool:
    return any(record.endswith(".dist-info") for record in records)


def _refusals(path: str, refused: tuple[Refused, ...]) -> list[Skipped]:
    shown = [Skipped(each.name, each.reason, Origin(f"{path}!{each.name}")) for each in refused[:_REFUSALS_SHOWN]]
    if len(refused) > _REFUSALS_SHOWN:
        reason = f"{len(refused) - _REFUSALS_SHOWN} more members were refused"
        shown.append(Skipped(path, reason, Origin(path)))
    return shown


def _pex(path: str, contents: Contents, sites: dict[str, tuple[str, ...]], bundle: Bundle) -> list[str]:
    listed = read_pex_info(contents.files[PEX], f"{path}!{PEX}", bundle)
    unpacked = {site for site in sites if site.startswith(f"{DEPENDENCIES}/") and site.count("/") == 1}
    for wheel in sorted(listed - {site.partition("/")[2] for site in unpacked}):
        _closed_wheel(f"{DEPENDENCIES}/{wheel}", path, contents, bundle)
    return sorted(unpacked)


def _closed_wheel(name: str, path: str, contents: Contents, bundle: Bundle) -> None:
    origin = Origin(f"{path}!{name}")
    if name not in contents.names:
        bundle.skipped.append(Skipped(name, "is listed in PEX-INFO but not contained", origin))
        return
    try:
        bundle.found.append(read_zipped_wheel(name.rpartition("/")[2], origin.file))
        bundle.unknown.append(f"{origin.file} is an archive in an archive; what it requires was not read")
    except ManifestError as error:
        bundle.skipped.append(Skipped(name, error.reason, error.origin))


def _virtualenv(
    path: str, contents: Contents, sites: dict[str, tuple[str, ...]], marks: list[str], bundle: Bundle
) -> list[str]:
    mark, *others = sorted(marks, key=lambda name: (name.count("/"), name))
    if len(contents.files[mark]) > MARK_LIMIT:
        raise ManifestError(Origin(f"{path}!{mark}"), f"is larger than {MARK_LIMIT} bytes")
    bundle.made_by(read_pyvenv(contents.files[mark], f"{path}!{mark}"))
    for other in others:
        reason = f"is a second virtual environment; {mark} was read"
        bundle.skipped.append(Skipped(other, reason, Origin(f"{path}!{other}")))
    root = mark.removesuffix(MARK)
    taken = [site for site in sites if site.startswith(root) and is_site_of_venv(site.removeprefix(root))]
    if not bundle.python:
        _take_series(path, taken, bundle)
    return taken


def _take_series(path: str, sites: list[str], bundle: Bundle) -> None:
    for site in sites:
        if (series := series_of(site)) and not bundle.python:
            bundle.python = series
            bundle.interpreter.append(exactly(series, Origin(f"{path}!{site}")))
