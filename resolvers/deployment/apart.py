"""Reads deployment files in a process that can be killed: YAML may be made to take long."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from analyzer.origin import Origin
from analyzer.service import Skipped
from resolvers.deployment.deployed import Deployment
from resolvers.deployment.kubernetes import is_manifest_name
from resolvers.deployment.procfile import NAME as PROCFILE
from resolvers.deployment.reading import Walked, read_deployment
from resolvers.deployment.systemd import ENDING as UNIT
from resolvers.tree import Tree
from resolvers.workers import Limits, Lost, Workers

LIMITS = Limits(seconds=120.0)


def read_apart(root: Path, walked: Walked, limits: Limits = LIMITS) -> Deployment:
    """As ``read_deployment``. Where reading takes too much, nothing of it counts, and the reason is in ``skipped``."""
    tree = Tree(root)
    if not any(_may_be(name) for folder in walked.folders for name in tree.names(folder)):
        return Deployment()
    with Workers(partial(_read, root), 1, limits, shun=(root,)) as workers:
        found = workers.map([walked])[0]
    if isinstance(found, Lost):
        return Deployment((), (Skipped("deployment files", f"reading them {found.reason}", Origin(".")),))
    return found


def _read(root: Path, walked: Walked) -> Deployment:
    return read_deployment(Tree(root), walked)


def _may_be(name: str) -> bool:
    return name == PROCFILE or name.endswith(UNIT) or is_manifest_name(name)
