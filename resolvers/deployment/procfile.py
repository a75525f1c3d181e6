"""A Procfile: the process types of one application, which share its slug (Heroku, "The Procfile")."""

from __future__ import annotations

import re

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from analyzer.service import Skipped
from resolvers.credentials import without_credentials
from resolvers.deployment.deployed import Deployed, Deployment, Kind
from resolvers.tree import Tree, join

NAME = "Procfile"
PROCESS_LIMIT = 100
SHOWN = 200

_PROCESS = re.compile(r"([A-Za-z0-9_-]{1,100}):[ \t]*(\S.*)")
_ONCE = frozenset({"release"})
"""Types that run once before the others are started."""


def read_procfile(tree: Tree, folder: str) -> Deployment:
    """The process types of a folder's Procfile as services; none where there is no Procfile.

    A single one is the service that the folder is.
    """
    path = join(folder, NAME)
    if not tree.exists(path) or tree.is_folder(path):
        return Deployment()
    try:
        lines = tree.read_text(path).splitlines()
    except ManifestError as error:
        return Deployment((), (Skipped(path, error.reason, error.origin, incomplete=False),))
    found: dict[str, Origin] = {}
    for number, line in enumerate(lines, start=1):
        process = _PROCESS.fullmatch(line.strip())
        if process and process[1] not in _ONCE and len(found) < PROCESS_LIMIT:
            text = without_credentials(line[: 4 * SHOWN].strip())[:SHOWN]
            found.setdefault(process[1], Origin(path, number, text if text.isprintable() else ""))
    return Deployment(tuple(_service(folder, name, origin, len(found)) for name, origin in found.items()))


def _service(folder: str, name: str, origin: Origin, count: int) -> Deployed:
    named = join(folder, name) if count > 1 else folder
    slug = f"{folder}\0{NAME}"
    note = (f"shares the slug of {folder or 'the application'} with its other process types",) if count > 1 else ()
    return Deployed(named, Kind.PROCFILE, origin, "", root=slug, machine="", folder=folder, notes=note)
