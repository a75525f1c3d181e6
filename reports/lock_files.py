"""The joint lock of each environment of a Plan, as files that its installers read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from analyzer.package import Candidate
from analyzer.plan import Plan
from analyzer.verdict import Witness
from reports.plain_text import plain

_FILES: Mapping[str, tuple[str, Callable[[Candidate], str]]] = {
    "pypi": ("requirements.txt", lambda c: f"{c.package.name}=={c.version}"),
    "deb": ("apt.txt", lambda c: f"{c.package.name}={c.version}"),
    "rpm": ("dnf.txt", lambda c: f"{c.package.name}-{c.version}"),
    "maven": ("versions.txt", lambda c: f"{c.package.namespace}:{c.package.name}:{c.version}"),
}
"""By purl type the file that holds what is chosen, and its lines."""


def lock_files(plan: Plan) -> Mapping[str, bytes]:
    """By their paths the files of all environments: ``environment-1/requirements.txt``, numbered as in the
    Plan. Environments in which nothing had to be chosen have none."""
    found: dict[str, bytes] = {}
    number = 0
    for container in plan.containers():
        for venv in container.venvs:
            number += 1
            for witness in (container.witness, venv.witness):
                found |= _of_environment(f"environment-{number}", venv.services, witness) if witness else {}
    return found


def _of_environment(folder: str, services: Iterable[str], witness: Witness) -> dict[str, bytes]:
    files = {}
    for ecosystem, (name, line) in _FILES.items():
        lines = sorted(line(c) for c in witness.versions if c.package.type == ecosystem)
        if lines:
            python = f", Python {witness.python}" if witness.python and ecosystem == "pypi" else ""
            head = f"# {plain(', '.join(services))}{python}"
            files[f"{folder}/{name}"] = "\n".join([head, *lines, ""]).encode(errors="replace")
    return files
