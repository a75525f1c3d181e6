"""The use case of a comparison: what was known to clash in an earlier revision of the audited folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory

from analyzer.errors import CohabitError
from analyzer.gate.past import Past, past_of
from analyzer.service import Fleet, Service
from cohabit.auditing import Auditor
from cohabit.fleet import Progress, gather_fleet
from cohabit.settings import Settings
from resolvers.git.snapshot import Repository, RepositoryError, Wanted, Written, repository_of, write_revision

SHOWN = 12
"""Letters of a commit's hash that name it."""


@dataclass(frozen=True, slots=True)
class Revision:
    """The files of an earlier revision in a ``folder`` of their own; ``name`` is what was asked for."""

    name: str
    folder: Path
    written: Written

    @property
    def title(self) -> str:
        """The revision for people."""
        commit = self.written.commit
        return commit[:SHOWN] if commit.startswith(self.name) else f"{self.name} ({commit[:SHOWN]})"


@dataclass(frozen=True, slots=True)
class Earlier:
    """The Fleet of an earlier revision, as its own configuration has it."""

    revision: Revision
    fleet: Fleet
    settings: Settings

    def housed_as(self, fleet: Fleet) -> Earlier:
        """The same, with the layout of another Fleet, as far as the services are there."""
        known = {service.name for service in self.fleet.services}
        housed = (replace(e, services=tuple(s for s in e.services if s in known)) for e in fleet.present)
        return replace(self, fleet=replace(self.fleet, present=tuple(e for e in housed if e.services)))


@contextmanager
def revision(root: Path, name: str, progress: Progress = lambda *_: None) -> Iterator[Revision]:
    """What lay in ``root`` at a revision of the repository around it, as long as the block runs.

    Only the object store is read; no git is run. Raises CohabitError, which names the revision.
    """
    progress(f"reading {name}", 0, 0)
    with TemporaryDirectory(prefix="cohabit-") as place:
        with _told(name):
            if not root.is_dir():
                raise CohabitError(f"needs a folder, which {root} is not")
            real = root.resolve()
            repository = _repository(real)
            # A service that lies in the audited folder itself is called like it.
            target = Path(place) / (real.name or "root")
            target.mkdir()
            folder = real.relative_to(repository.work).as_posix().removeprefix(".")
            found = Revision(name, target, write_revision(Wanted(repository, name, folder, target)))
        yield found


def _repository(folder: Path) -> Repository:
    try:
        return repository_of(folder)
    except RepositoryError as error:
        raise CohabitError(f"{error}; --baseline FILE needs none") from error


def earlier(found: Revision, settings_of: Callable[[Path], Settings], progress: Progress = lambda *_: None) -> Earlier:
    """The Fleet of a revision. Raises CohabitError, which names the revision."""
    with _told(found.name):
        settings = settings_of(found.folder)
        return Earlier(found, gather_fleet(found.folder, settings, progress), settings)


def lacking(written: Written, fleet: Fleet) -> tuple[str, ...]:
    """What the present Fleet was read from and the revision could not hold, as git has no more than its name: its
    submodules, and files in Git LFS."""
    read = {file for service in fleet.services for file in _read(service)}
    above = {str(folder) for file in read for folder in (PurePath(file), *PurePath(file).parents)}
    submodules = (f"the submodule {path}" for path in written.submodules if path in above)
    return (*submodules, *(f"the LFS file {path}" for path in written.pointers if path in read))


def _read(service: Service) -> Iterator[str]:
    yield service.path
    for found in service.sets:
        yield from (requirement.origin.file for requirement in found.requirements)
        yield from (locked.origin.file for locked in found.locked or ())


def recalled(found: Earlier, now: Fleet, auditor: Auditor) -> Past:
    """What clashed then, asked of the same oracles, under the rules of housing that held then."""
    settings, title = auditor.settings, found.revision.title
    missing = lacking(found.revision.written, now)
    if not found.fleet.services:
        return Past(title, (), lacking=missing)
    origins = found.settings.placement_origins
    then = replace(settings, rules=found.settings.rules, placement_origins=origins, prices=0)
    with _told(found.revision.name):
        known = past_of(auditor.under(then).report(found.fleet), settings.stance, title)
    return replace(known, lacking=missing)


@contextmanager
def _told(revision: str) -> Iterator[None]:
    try:
        yield
    except CohabitError as error:
        raise CohabitError(f"--against {revision or repr('')}: {error}") from error
