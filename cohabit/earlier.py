"""The use case of a comparison: what was known to clash in an earlier revision of the audited folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from analyzer.errors import CohabitError
from analyzer.gate.past import Past, past_of
from analyzer.service import Fleet
from cohabit.auditing import Auditor
from cohabit.fleet import Progress, gather_fleet
from cohabit.settings import Settings
from resolvers.git.snapshot import Wanted, repository_of, write_revision

SHOWN = 12
"""Letters of a commit's hash that name it."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """The Fleet of an earlier revision, as its own configuration has it; ``name`` is what was asked for."""

    name: str
    commit: str
    fleet: Fleet
    settings: Settings

    def housed_as(self, fleet: Fleet) -> Earlier:
        """The same, with the layout of another Fleet, as far as the services are there."""
        known = {service.name for service in self.fleet.services}
        housed = (replace(e, services=tuple(s for s in e.services if s in known)) for e in fleet.present)
        return replace(self, fleet=replace(self.fleet, present=tuple(e for e in housed if e.services)))

    @property
    def title(self) -> str:
        """The revision for people."""
        short = self.commit[:SHOWN]
        return short if self.commit.startswith(self.name) else f"{self.name} ({short})"


def earlier(
    root: Path, revision: str, settings_of: Callable[[Path], Settings], progress: Progress = lambda *_: None
) -> Earlier:
    """The Fleet that lay in ``root`` at a revision of the repository around it.

    Only the object store is read; no git is run. Raises CohabitError, which names the revision.
    """
    progress(f"reading {revision}", 0, 0)
    with _told(revision), TemporaryDirectory(prefix="cohabit-") as place:
        real = root.resolve()
        repository = repository_of(real)
        # A service that lies in the audited folder itself is called like it.
        target = Path(place) / (real.name or "root")
        target.mkdir()
        folder = real.relative_to(repository.work).as_posix().removeprefix(".")
        commit = write_revision(Wanted(repository, revision, folder, target))
        settings = settings_of(target)
        return Earlier(revision, commit, gather_fleet(target, settings, progress), settings)


def recalled(found: Earlier, auditor: Auditor) -> Past:
    """What clashed then, asked of the same oracles, under the rules of housing that held then."""
    settings = auditor.settings
    if not found.fleet.services:
        return Past(found.title, ())
    then = replace(settings, rules=found.settings.rules, placement_origins=found.settings.placement_origins)
    with _told(found.name):
        return past_of(auditor.under(then).report(found.fleet), settings.stance, found.title)


@contextmanager
def _told(revision: str) -> Iterator[None]:
    try:
        yield
    except CohabitError as error:
        raise CohabitError(f"--against {revision}: {error}") from error
