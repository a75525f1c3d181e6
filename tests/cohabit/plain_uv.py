"""What plain uv says of services' own files, and what an index's metadata says of an installation."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations
from pathlib import Path

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from analyzer.service import Fleet, Platform, Service
from analyzer.verdict import Stance, Witness
from resolvers.pip.target import PYTHONS, admitted, environment, nearest
from tests.cohabit.random_fleet import MISSING, PREFERRED
from tests.local_index import Distribution

_EXCUSES = ("not found in the", "no usable wheels", "Wheels are required", "building is disabled")


@dataclass
class Uv:
    """``uv pip compile`` before one index, with nothing of cohabit's in between. Answers are kept."""

    index: str
    cache: Path
    binary: str = str(Path(sys.executable).parent / "uv")
    _answers: dict[tuple[str, ...], bool | None] = field(default_factory=dict)

    def run(self, *arguments: str, python: str, cwd: Path) -> subprocess.CompletedProcess[str]:
        command = [self.binary, "pip", "compile", "--no-config", "--color", "never", "--no-build"]
        command += ["--python", sys.executable, "--python-version", python, "--no-python-downloads"]
        command += ["--python-platform", "x86_64-manylinux_2_28", "--index-url", self.index]
        command += ["--cache-dir", str(self.cache), *arguments]
        return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)

    def lock(self, folder: Path) -> None:
        """Compile a service's requirements.in as its owner would; no lock where that fails."""
        self.run("requirements.in", "-o", "requirements.txt", python=PREFERRED, cwd=folder)

    def resolves(self, files: Sequence[str], python: str, cwd: Path) -> bool | None:
        """Whether files resolve together; None where uv's refusal leans on what the index lacks."""
        key = (str(cwd), python, *files)
        if key not in self._answers:
            done = self.run("--", *files, python=python, cwd=cwd)
            said = " ".join(done.stderr.split())
            refused = "No solution found" in said and not any(excuse in said for excuse in (*_EXCUSES, MISSING))
            self._answers[key] = done.returncode == 0 or (False if refused else None)
        return self._answers[key]

    def surely_resolves_not(self, lines: Iterable[str], limits: Iterable[str], python: str, cwd: Path) -> bool:
        """Whether uv refuses requirement lines (under ``-c`` limits) for no want of wheels or packages."""
        (cwd / "lines.in").write_text("".join(f"{line}\n" for line in lines))
        (cwd / "limits.txt").write_text("".join(f"{line}\n" for line in limits))
        self._answers.clear()
        return self.resolves(["lines.in", "-c", "limits.txt"], python, cwd) is False


@dataclass
class Truth:
    """The verdicts on a fleet's services under one stance that agree with plain uv."""

    root: Path
    fleet: Fleet
    stance: Stance
    uv: Uv

    @cached_property
    def _admitted(self) -> Mapping[str, tuple[str, ...]]:
        return {service.name: self._pythons_of(service) for service in self.fleet.services}

    def _pythons_of(self, service: Service) -> tuple[str, ...]:
        is_locked = self.stance is Stance.LOCKED and any(group.locked for group in service.sets)
        return (service.platform.python,) if is_locked else admitted(service.interpreter)

    def _common(self, group: Iterable[str]) -> list[str]:
        by_all = set(PYTHONS).intersection(*(self._admitted[name] for name in group))
        return [python for python in PYTHONS if python in by_all]

    @cached_property
    def _in_use(self) -> frozenset[str]:
        """Every Python version that some group is judged on (docs/decisions/0004-one-python.md)."""
        names = sorted(self._admitted)
        groups = (group for size in range(1, len(names) + 1) for group in combinations(names, size))
        return frozenset(python for group in groups if (python := nearest(self._common(group), PREFERRED)))

    def pythons(self, group: Iterable[str]) -> list[str]:
        """The versions on which a group may end up, first that on which it is judged first."""
        common, around = self._in_use & set(self._common(group)), PYTHONS.index(PREFERRED)
        return sorted(common, key=lambda python: (abs(PYTHONS.index(python) - around), -PYTHONS.index(python)))

    def file(self, name: str) -> str:
        """The manifest that counts, relative to ``root``."""
        lock = ("requirements.txt",) if self.stance is Stance.LOCKED else ()
        files = (f"{name}/{file}" for file in (*lock, "pyproject.toml", "requirements.in"))
        return next(file for file in files if (self.root / file).exists())

    def lines(self, name: str, declared: Sequence[str]) -> list[str]:
        """A service's requirement lines under the stance."""
        file = self.root / self.file(name)
        if file.name != "requirements.txt":
            return list(declared)
        return [line for line in file.read_text().splitlines() if line and not line.lstrip().startswith("#")]

    def acceptable(self, group: Iterable[str]) -> set[bool | None]:
        """What may be said of a group. Where uv's answer is unclear on one of the versions nobody need know
        better, and without the unclear part there may be a conflict all the same."""
        files = [self.file(name) for name in sorted(group)]
        said = [self.uv.resolves(files, python, self.root) for python in self.pythons(group)] or [False]
        unclear: set[bool | None] = {None} & set(said)
        return unclear | ({True} if True in said else {False})

    def fits(self, group: Iterable[str]) -> bool:
        """Whether uv resolves the files of a group together."""
        return True in self.acceptable(group)


def missing(distributions: Iterable[Distribution], lines: Iterable[str], witness: Witness) -> str:
    """What a Witness lacks to be an installation of requirement lines, by the distributions' own
    metadata (PEP 508, PEP 425); empty if nothing."""
    chosen = {c.package.name: c.version for c in witness.versions}
    known = {(d.name, d.version): d for d in distributions}
    surroundings = environment(Platform(), witness.python)
    wanted, seen = [Requirement(line) for line in lines], set()
    while wanted:
        need = wanted.pop()
        if need.marker is not None and not need.marker.evaluate(surroundings):
            continue
        if need.name not in chosen or not need.specifier.contains(chosen[need.name], prereleases=True):
            return f"{need} is not met by {chosen.get(need.name)}"
        distribution = known[need.name, chosen[need.name]]
        if not _suits(distribution, witness.python):
            return f"{distribution.stem} is not for Python {witness.python}"
        for extra in {"", *need.extras}:
            if (need.name, extra) not in seen:
                seen.add((need.name, extra))
                wanted += _required(distribution, {**surroundings, "extra": extra})
    return ""


def _required(distribution: Distribution, surroundings: Mapping[str, str]) -> list[Requirement]:
    found = [Requirement(line) for line in distribution.requires_dist]
    needed = (r for r in found if r.marker is None or r.marker.evaluate(dict(surroundings)))
    return [Requirement(str(requirement).partition(";")[0]) for requirement in needed]


def _suits(distribution: Distribution, python: str) -> bool:
    number = python.replace(".", "")
    tag = re.compile(rf"py3-none-any|cp{number}-cp{number}-manylinux_2_17_x86_64")
    return SpecifierSet(distribution.requires_python).contains(f"{python}.0") and any(
        map(tag.fullmatch, distribution.tags)
    )
