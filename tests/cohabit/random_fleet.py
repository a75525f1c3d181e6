"""Random small package indexes and fleets of manifests on disk, and what plain uv says of them."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations
from pathlib import Path

from hypothesis import strategies as st
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from analyzer.service import Fleet, Platform, Service
from analyzer.verdict import Stance, Witness
from resolvers.gathering import Job, gather_one
from resolvers.pip.target import PYTHONS, admitted, environment, nearest
from resolvers.registry import gatherers
from resolvers.seam import Wish
from tests.local_index import Distribution

PREFERRED = "3.11"
NAMES = ("p", "q", "r", "s")
MISSING = "nowhere"
VERSIONS = ("1.0", "2.0", "2.0+local", "3.0", "4.0rc1")
SPECIFIERS = (
    "", "", "", "<2", "<3", ">=2", ">=3", "==1.0", "==2.0", "==2.*", "!=2.0", "~=1.0", "===1.0", "==2.0+local",
    "===2.0+local", ">=2,<3", ">=4.0rc1", "<=4.0rc1", ">=1.0,!=1.0",
)  # fmt: skip
MARKERS = (
    "", "", "", "", "python_version >= '3.11'", "python_version < '3.11'", "sys_platform == 'linux'",
    "sys_platform == 'win32'", "python_full_version < '3.12'",
)  # fmt: skip
TAGS = (
    ("py3-none-any",),
    ("py3-none-any",),
    ("py3-none-any",),
    ("cp310-cp310-manylinux_2_17_x86_64",),
    ("cp311-cp311-manylinux_2_17_x86_64", "cp312-cp312-manylinux_2_17_x86_64"),
    ("py3-none-win_amd64",),
)
INTERPRETERS = ("", "", ">=3.10", "<3.12", ">=3.12", "<3.11", "==3.11.*", ">=3.9,!=3.11.*")
LIMITS = "constraints.txt"


@dataclass(frozen=True)
class Manifests:
    """What a random service declares. ``compiled``: its requirements.in lies beside what a real
    ``uv pip compile`` makes of it. ``interpreter`` is meant for a pyproject.toml only."""

    lines: tuple[str, ...]
    limits: tuple[str, ...] = ()
    interpreter: str = ""
    kind: str = "requirements.txt"
    compiled: bool = False


@dataclass(frozen=True)
class Case:
    distributions: tuple[Distribution, ...]
    services: Mapping[str, Manifests]


def requirements(names: Sequence[str]) -> st.SearchStrategy[str]:
    def written(name: str, extra: str, specifier: str, marker: str) -> str:
        return f"{name}{extra}{specifier}" + (f" ; {marker}" if marker else "")

    return st.builds(
        written,
        st.sampled_from(names),
        st.sampled_from(("", "", "", "[e]")),
        st.sampled_from(SPECIFIERS),
        st.sampled_from(MARKERS),
    )


@st.composite
def _requires_dist(draw: st.DrawFn, name: str) -> tuple[str, ...]:
    found = draw(st.lists(requirements([n for n in NAMES if n != name]), max_size=2, unique=True))
    if found and draw(st.integers(0, 3)) == 0:
        bare, _, marker = found[0].partition(" ; ")
        found[0] = f"{bare} ; extra == 'e'" + (f" and {marker}" if marker else "")
    return tuple(found)


@st.composite
def universes(draw: st.DrawFn) -> tuple[Distribution, ...]:
    """One to three versions of each of ``NAMES``, few of them odd in one way or another."""
    found = []
    for name in NAMES:
        versions = draw(st.lists(st.sampled_from(VERSIONS), min_size=2, max_size=4, unique=True))
        # uv takes 2.0 on a Python version that it does not admit if there is a 2.0+local that was yanked.
        twins = {"2.0", "2.0+local"} <= set(versions)
        for version in versions:
            odd = 9 if twins and version.startswith("2.0") else draw(st.integers(0, 9))
            found.append(
                Distribution(
                    name,
                    version,
                    draw(_requires_dist(name)),
                    requires_python=draw(st.sampled_from((">=3.11", "<3.12"))) if odd == 0 else "",
                    tags=() if odd == 3 else draw(st.sampled_from(TAGS)) if odd == 1 else ("py3-none-any",),
                    yanked=odd == 2,
                    sdist=odd == 3,
                    dynamic=odd == 3,
                )
            )
    return tuple(found)


@st.composite
def _manifests(draw: st.DrawFn) -> Manifests:
    names = (*NAMES, *NAMES, MISSING) if draw(st.integers(0, 5)) == 0 else NAMES
    lines = tuple(draw(st.lists(requirements(names), max_size=3, unique=True)))
    shape = draw(st.integers(0, 5))
    if shape <= 1:
        return Manifests(lines, interpreter=draw(st.sampled_from(INTERPRETERS)), kind="pyproject.toml")
    limits = st.builds(str.__add__, st.sampled_from(NAMES), st.sampled_from([s for s in SPECIFIERS if s]))
    chosen = tuple(draw(st.lists(limits, max_size=2, unique=True))) if shape == 2 else ()
    return Manifests(lines, chosen, kind="requirements.in", compiled=shape >= 4)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """An index and three to five services."""
    count = draw(st.integers(3, 5))
    return Case(draw(universes()), {f"svc{i}": draw(_manifests()) for i in range(count)})


def write(case: Case, root: Path, uv: Uv) -> None:
    """The services' folders, compiled files made by uv for the Python version the fleet prefers."""
    for name, service in case.services.items():
        folder = root / name
        folder.mkdir(parents=True)
        for file, text in _files(name, service).items():
            (folder / file).write_text(text)
        if service.compiled:
            uv.lock(folder)


def _files(name: str, service: Manifests) -> Iterator[tuple[str, str]] | dict[str, str]:
    if service.kind == "pyproject.toml":
        quoted = ", ".join(f'"{line}"' for line in service.lines)
        python = f'requires-python = "{service.interpreter}"\n' if service.interpreter else ""
        return {service.kind: f'[project]\nname = "{name}"\nversion = "1"\n{python}dependencies = [{quoted}]\n'}
    text = "".join(f"{line}\n" for line in service.lines)
    if not service.limits:
        return {service.kind: text}
    return {service.kind: f"-c {LIMITS}\n{text}", LIMITS: "".join(f"{line}\n" for line in service.limits)}


def gathered(root: Path, names: Iterable[str]) -> Fleet:
    """The fleet, read as cohabit reads it but in this process."""
    wish = Wish(preferred=PREFERRED)
    jobs = [Job(root, Service(name, name, Platform("")), wish) for name in sorted(names)]
    return Fleet("random", tuple(gather_one(gatherers(), job) for job in jobs))


@dataclass
class Uv:
    """Plain uv before one index: the judge. Answers are kept."""

    index: str
    cache: Path
    command: str = str(Path(sys.executable).parent / "uv")
    _answers: dict[tuple[str, ...], tuple[int, str, str]] = field(default_factory=dict)

    def lock(self, folder: Path) -> None:
        """``uv pip compile requirements.in -o requirements.txt``, as a service's owner would."""
        self.run("requirements.in", "-o", "requirements.txt", python=PREFERRED, cwd=folder)
        if not (folder / "requirements.txt").exists():
            return

    def run(self, *arguments: str, python: str, cwd: Path) -> tuple[int, str, str]:
        command = [self.command, "pip", "compile", "--no-config", "--color", "never", "--no-build"]
        command += ["--python", sys.executable, "--python-version", python, "--cache-dir", str(self.cache)]
        command += ["--python-platform", "x86_64-manylinux_2_28", "--index-url", self.index, *arguments]
        done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout, done.stderr

    def resolves(self, files: Sequence[str], python: str, root: Path) -> bool | None:
        """Whether the files resolve together; None where the index lacks something."""
        if not files:
            return True
        key = (python, *sorted(files))
        if key not in self._answers:
            self._answers[key] = self.run("--", *files, python=python, cwd=root)
        code, _, said = self._answers[key]
        return meaning(code, said)


def meaning(code: int, said: str) -> bool | None:
    """uv's answer: resolves, contradiction, or neither."""
    if code == 0:
        return True
    excuses = ("not found in the", "no usable wheels", "Wheels are required", "building is disabled")
    return False if "No solution found" in said and not any(e in said for e in excuses) else None


@dataclass
class Truth:
    """What plain uv says of services of one case under one stance."""

    root: Path
    fleet: Fleet
    stance: Stance
    uv: Uv

    @cached_property
    def _admitted(self) -> Mapping[str, tuple[str, ...]]:
        return {s.name: self._pythons(s) for s in self.fleet.services}

    def _pythons(self, service: Service) -> tuple[str, ...]:
        allowed = admitted(service.interpreter)
        pins = [pin for group in service.sets for pin in group.locked or ()]
        return (service.platform.python,) if self.stance is Stance.LOCKED and pins else allowed

    def _common(self, group: Iterable[str]) -> list[str]:
        admitted_by_all = set(PYTHONS).intersection(*(self._admitted[name] for name in group))
        return [python for python in PYTHONS if python in admitted_by_all]

    @cached_property
    def _in_use(self) -> frozenset[str]:
        """Every Python version that some group is judged on (docs/decisions/0004-one-python.md)."""
        names = sorted(self._admitted)
        groups = (group for size in range(1, len(names) + 1) for group in combinations(names, size))
        nearest_ones = (nearest(self._common(group), PREFERRED) for group in groups)
        return frozenset(python for python in nearest_ones if python)

    def file(self, name: str) -> str:
        kept = ("requirements.txt",) if self.stance is Stance.LOCKED else ()
        candidates = (*kept, "pyproject.toml", "requirements.in")
        return next(f"{name}/{file}" for file in candidates if (self.root / name / file).exists())

    def fits(self, group: Iterable[str]) -> bool | None:
        """Whether the manifests resolve together on one of those versions; None where that is unclear on
        the nearest of them, which nobody looks beyond."""
        files = [self.file(name) for name in sorted(group)]
        pythons = self._in_use & set(self._common(group))
        by_distance = sorted(pythons, key=lambda p: (abs(PYTHONS.index(p) - PYTHONS.index(PREFERRED)), -PYTHONS.index(p)))
        said = [self.uv.resolves(files, python, self.root) for python in by_distance]
        return None if said[:1] == [None] else True in said


def closed(case: Case, wanted: Iterable[str], witness: Witness) -> str:
    """What a witness lacks to be an installation of ``wanted``, by the index's own metadata; empty if nothing."""
    python = witness.python
    chosen = {c.package.name: c.version for c in witness.versions}
    known = {(d.name, d.version): d for d in case.distributions}
    open_, seen = [Requirement(line) for line in wanted], set()
    while open_:
        need = open_.pop()
        env = environment(Platform(), python)
        if need.marker is not None and not need.marker.evaluate(env):
            continue
        if need.name not in chosen or not need.specifier.contains(chosen[need.name], prereleases=True):
            return f"{need} is not met by {chosen.get(need.name)}"
        distribution = known[need.name, chosen[need.name]]
        if problem := _unfit(distribution, python):
            return problem
        for extra in ("", *need.extras):
            if (need.name, extra) not in seen:
                seen.add((need.name, extra))
                open_ += [_bare(r) for r in map(Requirement, distribution.requires_dist) if _active(r, env, extra)]
    return ""


def _active(requirement: Requirement, env: Mapping[str, str], extra: str) -> bool:
    return requirement.marker is None or requirement.marker.evaluate({**env, "extra": extra})


def _bare(requirement: Requirement) -> Requirement:
    return Requirement(str(requirement).partition(";")[0])


def _unfit(distribution: Distribution, python: str) -> str:
    if not SpecifierSet(distribution.requires_python).contains(f"{python}.0"):
        return f"{distribution.stem} does not run on Python {python}"
    number = python.replace(".", "")
    suits = re.compile(rf"(?:py3-none-any|cp{number}-cp{number}-manylinux_2_17_x86_64)$")
    if any(map(suits.match, distribution.tags)) or distribution.dynamic:
        return ""
    return f"{distribution.stem} has no wheel for Python {python}"
