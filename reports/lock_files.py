"""The joint lock of each environment of a Plan, as files that its installers read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

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

_NAMED = 5
"""How many packages without digests are named."""

_Digests = Mapping[Candidate, tuple[str, ...]]


def lock_files(plan: Plan, digests: _Digests) -> Mapping[str, bytes]:
    """By their paths the files of all environments: ``environment-1/requirements.txt``, numbered as in the
    Plan. Environments in which nothing had to be chosen have none.

    Requirements come with their digests where those of all are known: pip checks all archives or none.
    """
    found: dict[str, bytes] = {}
    homes = ((container, venv) for container in plan.containers() for venv in container.venvs)
    for number, (container, venv) in enumerate(homes, start=1):
        for witness in (container.witness, venv.witness):
            found |= _of_environment(f"environment-{number}", venv.services, witness, digests) if witness else {}
    return found


def _of_environment(folder: str, services: Iterable[str], witness: Witness, digests: _Digests) -> dict[str, bytes]:
    files = {}
    for ecosystem, (name, line) in _FILES.items():
        chosen = sorted(candidate for candidate in witness.versions if candidate.package.type == ecosystem)
        if not chosen:
            continue
        python = f", Python {witness.python}" if witness.python and ecosystem == "pypi" else ""
        head = f"# {plain(', '.join(services))}{python}"
        lines = _checkable(chosen, line, digests) if ecosystem == "pypi" else map(line, chosen)
        files[f"{folder}/{name}"] = "\n".join([head, *lines, ""]).encode(errors="replace")
    return files


def _checkable(chosen: Sequence[Candidate], line: Callable[[Candidate], str], digests: _Digests) -> Iterator[str]:
    """Lines with their digests; where some are unknown without any, and which those are."""
    unknown = [plain(candidate.package.name) for candidate in chosen if candidate not in digests]
    if unknown:
        more = f" and {len(unknown) - _NAMED} more" if len(unknown) > _NAMED else ""
        yield f"# no hashes: none are known of {', '.join(unknown[:_NAMED])}{more}"
    for candidate in chosen:
        hashes = () if unknown else digests[candidate]
        yield " \\\n    ".join([line(candidate), *(f"--hash={digest}" for digest in hashes)])
