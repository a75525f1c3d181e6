"""Gathers bills of materials beside a service, or in its place."""

from __future__ import annotations

import posixpath
import re
from dataclasses import replace

from analyzer.demands import ANY_LINUX, ARCHITECTURE, OPERATING_SYSTEM
from analyzer.errors import ManifestError
from analyzer.origin import Origin
from analyzer.requirement import Requirement
from analyzer.service import Platform, Skipped
from resolvers.json_file import read_json
from resolvers.sbom.component import Bill
from resolvers.sbom.cyclonedx import FORMAT, read_cyclonedx
from resolvers.sbom.sets import gathered
from resolvers.sbom.spdx import read_spdx
from resolvers.seam import Gathered, Manifest, Wish
from resolvers.tree import Tree, join

ECOSYSTEM = "generic"
SBOM = "bill of materials"
SIZE_LIMIT = 64 * 2**20
"""Bytes of the largest document (of an image with 2,000 packages Syft's has 10 MB)."""

_SURE = re.compile(r"[^.].*\.(?:cdx|spdx)\.json", re.IGNORECASE)
_LIKELY = re.compile(r"bom\.json|sbom[^/]*\.json", re.IGNORECASE)
_MARK = re.compile(rb'"(?:bomFormat|spdxVersion)"\s*:|"@context"\s*:\s*"https://spdx\.org/')
_SNIFFED = 64 * 1024


class BillGatherer:
    """Gathers CycloneDX and SPDX documents in JSON."""

    ecosystem = ECOSYSTEM

    def manifests(self, tree: Tree, directory: str) -> tuple[Manifest, ...]:
        """The documents of a folder; a file that is one itself, as configuration may list it."""
        if directory and not tree.is_folder(directory):
            return (Manifest(directory, SBOM),) if _is_bill(tree, directory) else ()
        paths = (join(directory, name) for name in tree.names(directory) if name.endswith(".json"))
        return tuple(Manifest(path, SBOM) for path in paths if _is_bill(tree, path))

    def gather(self, tree: Tree, directory: str, wish: Wish) -> Gathered:
        """The sets of all documents; the system is the first's, where configuration leaves it open."""
        found = [_read(tree, manifest.path) for manifest in self.manifests(tree, directory)]
        opened = {OPERATING_SYSTEM} if wish.platform.os == ANY_LINUX else set()
        opened |= {ARCHITECTURE} if wish.platform.arch == Platform().arch else set()
        base: dict[object, Requirement] = {}
        for requirement in (r for each in found for r in each.base if r.package in opened):
            base.setdefault(requirement.package, requirement)
        return Gathered(
            tuple(s for each in found for s in each.sets),
            skipped=tuple(s for each in found for s in each.skipped),
            base=tuple(base.values()),
        )


def _is_bill(tree: Tree, path: str) -> bool:
    name = posixpath.basename(path)
    if tree.is_folder(path):
        return False
    if _SURE.fullmatch(name):
        return True
    try:
        return bool(_LIKELY.fullmatch(name)) and bool(_MARK.search(tree.read_head(path, _SNIFFED)))
    except ManifestError:
        return False


def _read(tree: Tree, path: str) -> Gathered:
    try:
        found = gathered(_bill(tree, path))
    except ManifestError as error:
        return Gathered(skipped=(Skipped(path, error.reason, error.origin),))
    return replace(found, skipped=tuple(dict.fromkeys(found.skipped)))


def _bill(tree: Tree, path: str) -> Bill:
    file = read_json(tree, path, SIZE_LIMIT)
    if not isinstance(file.data, dict):
        raise ManifestError(Origin(path), "is no object, as a bill of materials is")
    if file.data.get("bomFormat") == FORMAT:
        return read_cyclonedx(file)
    if "spdxVersion" in file.data or "@graph" in file.data:
        return read_spdx(file)
    raise ManifestError(Origin(path), "is neither CycloneDX nor SPDX")
