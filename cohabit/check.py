"""The use case of the gate: may a change pass?"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from analyzer.errors import CohabitError, ManifestError
from analyzer.gate.judge import judge
from analyzer.gate.judgement import Judgement
from analyzer.gate.past import Past
from analyzer.gate.policy import Policy
from analyzer.service import Fleet
from cohabit.auditing import Auditor, oracles_for
from cohabit.baseline import read_baseline, updated, write_baseline
from cohabit.configuration import CONFIG, FILE, PROJECT_FILE, from_command_line, load
from cohabit.earlier import Earlier, Revision, earlier, recalled, revision
from cohabit.exit_code import ExitCode
from cohabit.fleet import Progress, fleet_python
from cohabit.settings import Settings
from resolvers.tree import Tree

__all__ = ["Baseline", "Comparing", "Given", "baseline_of", "check", "exit_code", "revision", "then"]


@dataclass(frozen=True, slots=True)
class Baseline:
    """A baseline's ``file`` and what it lists. With ``updating`` it is written anew before it counts."""

    file: Path
    past: Past
    updating: bool = False


@dataclass(frozen=True, slots=True)
class Comparing:
    """What a Fleet is compared with: the Fleet of an earlier revision, a baseline, both or neither."""

    earlier: Earlier | None = None
    baseline: Baseline | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """What the command line says: the file of the configuration, if it names one, and options."""

    config: Path | None
    options: Mapping[str, Any]

    def files(self, root: Path) -> tuple[str, ...]:
        """The files of ``root`` that configure it; none where the configuration lies elsewhere."""
        if self.config is None:
            return () if os.environ.get(CONFIG) else (FILE, PROJECT_FILE)
        inside = self.config.resolve().is_relative_to(root.resolve())
        return (str(self.config.resolve().relative_to(root.resolve())),) if inside else ()


def policy_of(settings: Settings) -> Policy:
    """The rules of the gate that the settings state."""
    return Policy(settings.fail_on, settings.max_environments, dict(settings.severities), settings.waivers)


def today(settings: Settings) -> date:
    """The day on which waivers are judged: the one that is set, else this one, in UTC."""
    return settings.today or datetime.now(UTC).date()


def baseline_of(root: Path, settings: Settings, updating: bool) -> Baseline | None:
    """The baseline that the settings name for ``root``.

    Raises CohabitError where it cannot be read, or where one is to be written and none is named.
    """
    if not settings.baseline:
        if updating:
            raise CohabitError("--update-baseline needs --baseline FILE, or a baseline in [gate]")
        return None
    file = Path(settings.baseline)
    # Reports name files of the audited folder as seen from there.
    inside = next((file.relative_to(base) for base in (root.absolute(), Path.cwd()) if file.is_relative_to(base)), file)
    return Baseline(file, read_baseline(file, str(inside), may_be_missing=updating), updating)


def then(
    found: Revision, root: Path, given: Given, settings: Settings, progress: Progress = lambda *_: None
) -> Earlier:
    """The Fleet of an earlier revision of ``root``, configured as it was, with the same options of the command line.

    Where its configuration was the same, ``settings`` hold, so that paths in it that lead out of the folder lead
    to where they do now. Raises CohabitError.
    """

    def settings_of(tree: Path) -> Settings:
        files = given.files(root)
        if all(_content(root, file) == _content(tree, file) for file in files):
            return settings
        chosen = tree / files[0] if given.config is not None else None
        return load(tree, file=chosen, options=from_command_line(given.options))

    return earlier(found, settings_of, progress)


def _content(root: Path, file: str) -> bytes | None:
    try:
        return Tree(root).read_bytes(file)
    except ManifestError:
        return None


def check(
    fleet: Fleet, settings: Settings, comparing: Comparing = Comparing(), progress: Progress = lambda *_: None
) -> Judgement:
    """Examine a Fleet, and what it is compared with, and judge.

    Raises CohabitError where the baseline cannot be written, or the earlier Fleet not be examined.
    """
    day, baseline = today(settings), comparing.baseline
    auditor = _auditor(fleet, settings, comparing.earlier, progress)
    then = [recalled(comparing.earlier, fleet, auditor)] if comparing.earlier is not None else []
    report = auditor.report(fleet)

    def judged(past: Sequence[Past]) -> Judgement:
        return judge(report, settings.stance, policy_of(settings), today=day, past=past)

    if baseline is None:
        return judged(then)
    known = baseline.past
    if baseline.updating:
        known = replace(known, known=updated(judged([known]), known, day))
        write_baseline(baseline.file, known.known)
    return judged([known, *then])


def exit_code(judgement: Judgement, *, allow_incomplete: bool = False) -> ExitCode:
    """CONFLICTS if anything fails the gate, else INCOMPLETE if something stayed open, else FINE."""
    if not judgement.passed:
        return ExitCode.CONFLICTS
    return ExitCode.INCOMPLETE if judgement.incomplete and not allow_incomplete else ExitCode.FINE


def _auditor(fleet: Fleet, settings: Settings, then: Earlier | None, progress: Progress) -> Auditor:
    """One that asks about both Fleets, so that what was asked of one is known of the other."""
    both = replace(fleet, services=(*fleet.services, *(then.fleet.services if then is not None else ())))
    platform = replace(settings.platform, python=fleet_python(fleet, settings))
    return Auditor(settings, oracles_for(both, replace(settings, platform=platform)), progress)
