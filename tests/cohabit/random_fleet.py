"""Random small package indexes, and random fleets of real manifests that draw on them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from hypothesis import strategies as st

from analyzer.service import Fleet, Platform, Service
from resolvers.gathering import Job, gather_one
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
    ("cp310-cp310-manylinux_2_17_x86_64",),
    ("cp311-cp311-manylinux_2_17_x86_64", "cp312-cp312-manylinux_2_17_x86_64"),
    ("py3-none-win_amd64",),
)
INTERPRETERS = ("", "", ">=3.10", "<3.12", ">=3.12", "<3.11", "==3.11.*", ">=3.9,!=3.11.*")


@dataclass(frozen=True)
class Manifests:
    """What a random service declares: ``lines``, beside a requirements.in in ``limits`` (``-c``) or
    ``compiled`` by a real ``uv pip compile``, or in a pyproject.toml for an ``interpreter``."""

    lines: tuple[str, ...]
    limits: tuple[str, ...] = ()
    interpreter: str | None = None
    compiled: bool = False

    def files(self, name: str) -> dict[str, str]:
        """The manifests by file name, without what is compiled from them."""
        if self.interpreter is not None:
            python = f'requires-python = "{self.interpreter}"\n' if self.interpreter else ""
            quoted = ", ".join(f'"{line}"' for line in self.lines)
            project = f'[project]\nname = "{name}"\nversion = "1"\n{python}dependencies = [{quoted}]\n'
            return {"pyproject.toml": project}
        include = ("-c constraints.txt",) if self.limits else ()
        files = {"requirements.in": _text([*include, *self.lines])}
        return files | ({"constraints.txt": _text(self.limits)} if self.limits else {})


@dataclass(frozen=True)
class Case:
    """An index and a fleet."""

    distributions: tuple[Distribution, ...]
    services: Mapping[str, Manifests]

    def write(self, root: Path) -> None:
        """Write the services' folders, without locks."""
        for name, service in self.services.items():
            (root / name).mkdir(parents=True)
            for file, text in service.files(name).items():
                (root / name / file).write_text(text)

    def gathered(self, root: Path) -> Fleet:
        """The fleet, read as cohabit reads it but in this process."""
        jobs = (Job(root, Service(name, name), Wish(Platform(), PREFERRED)) for name in sorted(self.services))
        return Fleet("random", tuple(gather_one(gatherers(), job) for job in jobs))


def _text(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def requirements(names: Sequence[str]) -> st.SearchStrategy[str]:
    """Requirement lines (PEP 508) on ``names``."""
    extras = st.sampled_from(("", "", "", "[e]"))
    markers = st.sampled_from([f" ; {marker}" if marker else "" for marker in MARKERS])
    return st.tuples(st.sampled_from(names), extras, st.sampled_from(SPECIFIERS), markers).map("".join)


@st.composite
def _requires_dist(draw: st.DrawFn, name: str) -> tuple[str, ...]:
    found = draw(st.lists(requirements([n for n in NAMES if n != name]), max_size=2, unique=True))
    if found and draw(st.integers(0, 3)) == 0:
        bare, _, marker = found[0].partition(" ; ")
        found[0] = f"{bare} ; extra == 'e'" + (f" and {marker}" if marker else "")
    return tuple(found)


@st.composite
def _distributions(draw: st.DrawFn, name: str) -> list[Distribution]:
    """Two to four versions, some of them odd in one way or another."""
    versions = draw(st.lists(st.sampled_from(VERSIONS), min_size=2, max_size=4, unique=True))
    # uv takes the files of 2.0 and 2.0+local for one another's where only one of them is odd.
    twins = {"2.0", "2.0+local"} <= set(versions)
    found = []
    for version in versions:
        oddity = "" if twins and version.startswith("2.0") else draw(st.sampled_from(_ODDITIES))
        found.append(
            Distribution(
                name,
                version,
                draw(_requires_dist(name)),
                # Of upper bounds uv takes no notice.
                requires_python=">=3.11" if oddity == "python" else "",
                tags=() if oddity == "sdist" else draw(st.sampled_from(TAGS)) if oddity == "tags" else TAGS[0],
                # One that nobody pins: a pin makes a yanked version fit for others too (PEP 592).
                yanked=oddity == "yanked" and version == "3.0",
                sdist=oddity == "sdist",
                dynamic=oddity == "sdist",
            )
        )
    return found


_ODDITIES = ("python", "tags", "sdist", "yanked", "", "", "", "", "", "")


@st.composite
def _manifests(draw: st.DrawFn) -> Manifests:
    lines = tuple(draw(st.lists(requirements(NAMES), max_size=3, unique=True)))
    if draw(st.integers(0, 9)) == 0:
        lines = (*lines, f"{MISSING}>=1")
    shape = draw(st.sampled_from(("project", "project", "limits", "plain", "compiled", "compiled")))
    if shape == "project":
        return Manifests(lines, interpreter=draw(st.sampled_from(INTERPRETERS)))
    limits = st.builds(str.__add__, st.sampled_from(NAMES), st.sampled_from([s for s in SPECIFIERS if s]))
    chosen = tuple(draw(st.lists(limits, max_size=2, unique=True))) if shape == "limits" else ()
    return Manifests(lines, chosen, compiled=shape == "compiled")


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """An index of four projects and three to five services."""
    distributions = [d for name in NAMES for d in draw(_distributions(name))]
    services = {f"svc{i}": draw(_manifests()) for i in range(draw(st.integers(3, 5)))}
    return Case(tuple(distributions), services)
