"""Verdicts on RPM repositories against libsolv's, the solver of dnf and zypper."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from resolvers.rpm.universe import RpmUniverse, read_universe
from tests.hostile import EXAMPLES
from tests.resolvers.rpm.libsolv import Libsolv
from tests.resolvers.rpm.repositories import Rpm, read, verdicts

FIXTURES = Path(__file__).parents[3] / "fixtures" / "rpm"
CENTOS = (FIXTURES / "centos9" / "baseos", FIXTURES / "centos9" / "appstream")

# Packages that can be installed alone on CentOS Stream 9, of which these six pairs cannot be together.
CLASHES = {
    ("mariadb", "mysql"),
    ("mariadb-server", "mysql"),
    ("pipewire-pulseaudio", "pulseaudio"),
    ("coreutils", "coreutils-single"),
    ("curl", "curl-minimal"),
    ("libcurl", "libcurl-minimal"),
}
WELL_KNOWN = (FIXTURES / "centos9" / "well-known.txt").read_text().split()


@pytest.fixture(scope="module")
def libsolv() -> Iterator[Libsolv]:
    with Libsolv() as judge:
        yield judge


@pytest.fixture(scope="module")
def centos() -> RpmUniverse:
    return read_universe(CENTOS)


def test_holds_the_well_known_table(libsolv: Libsolv, centos: RpmUniverse) -> None:
    alone = [(name,) for name in WELL_KNOWN]
    pairs = list(combinations(WELL_KNOWN, 2))
    assert all(verdicts(centos, alone))
    found = verdicts(centos, pairs)
    assert {pair for pair, fits in zip(pairs, found, strict=True) if not fits} == CLASHES
    assert libsolv.judged(CENTOS, pairs)["verdicts"] == found


def test_agrees_on_every_package_of_the_extract(libsolv: Libsolv, centos: RpmUniverse) -> None:
    alone = [(name,) for name in sorted({unit.name for unit in centos.units})]
    found = verdicts(centos, alone)
    assert {True, False} == set(found)
    assert libsolv.judged(CENTOS, alone)["verdicts"] == found


def test_agrees_on_random_sets(libsolv: Libsolv, centos: RpmUniverse) -> None:
    random = Random(4)
    names = sorted({unit.name for unit in centos.units})
    declaring = sorted(
        {unit.name for number, unit in enumerate(centos.units) if any(e.field for e in centos.exclusions(number))}
    )
    sets = [[random.choice(declaring), *random.sample(names, random.randint(1, 5))] for _ in range(400)]
    assert libsolv.judged(CENTOS, sets)["verdicts"] == verdicts(centos, sets)


# What the spec files are written to show; rpm-dependencies(7).
SPECIFIED = {
    ("rich-and",): True,
    ("rich-and", "rich-unless"): True,
    ("on-c", "rich-and"): False,
    ("rich-or",): True,
    ("on-a", "rich-if"): False,
    ("rich-if",): True,
    ("on-c", "rich-if-else"): False,
    ("on-b", "rich-unless"): True,
    ("on-a", "rich-unless-else"): True,
    ("on-a", "on-c", "rich-unless-else"): False,
    ("api-one", "rich-with"): True,
    ("alone", "rich-with"): False,
    ("rich-without",): True,
    ("rich-range",): True,
    ("alone", "api-one"): False,
    ("alone",): True,
    ("wants-epoch",): True,
    ("wants-epoch", "wants-final"): False,
    ("wants-candidate", "wants-epoch"): True,
    ("wants-other-epoch",): False,
    ("snapshot", "wants-base"): True,
    ("snapshot", "wants-later"): False,
    ("replacement", "wants-epoch"): False,
    ("late-replacement", "wants-final"): True,
    ("api-one", "no-replacement"): True,
    ("wants-file",): True,
    ("wants-lacking-file",): False,
    ("hates-file", "wants-program"): False,
    ("without-release",): True,
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository of ``fixtures/rpm/specs``, made by rpmbuild and createrepo_c."""
    folder = tmp_path_factory.mktemp("built")
    specs = sorted((FIXTURES / "specs").glob("*.spec"))
    define = [
        "--define",
        f"_topdir {folder}/top",
        "--define",
        f"_rpmdir {folder}/rpms",
        "--define",
        "debug_package %{nil}",
    ]
    subprocess.run(
        ["rpmbuild", "-bb", "--quiet", "--nodeps", *define, *map(str, specs)], check=True, capture_output=True
    )
    subprocess.run(["createrepo_c", "--quiet", f"{folder}/rpms"], check=True, capture_output=True)
    return folder / "rpms"


def test_agrees_on_a_repository_that_rpmbuild_made(libsolv: Libsolv, built: Path) -> None:
    universe = read_universe([built])
    names = sorted({unit.name for unit in universe.units})
    sets = [some for size in (1, 2, 3) for some in combinations(names, size)]
    found = verdicts(universe, sets)
    theirs = libsolv.judged([built], sets)
    differing = [
        (names, mine, reason)
        for names, mine, yours, reason in zip(sets, found, theirs["verdicts"], theirs["first"], strict=True)
        if mine != yours
    ]
    assert differing == []
    fits = dict(zip(sets, found, strict=True))
    assert {names: fits[names] for names in SPECIFIED} == SPECIFIED


NAMES = ("a", "b", "c", "d")
EVRS = ("1-1", "1-2", "2-1", "1:1-1", "1~rc-1", "1^git-1")
VERSIONS = (*EVRS, "1", "2", "1:1", "1~rc", "1^git")
FILES = ("/usr/bin/x", "/opt/y")
SIMPLE = st.one_of(
    st.sampled_from((*NAMES, "v", "w", *FILES, "nobody")),
    st.builds(
        "{} {} {}".format,
        st.sampled_from((*NAMES, "v")),
        st.sampled_from(("<", "<=", "=", ">=", ">")),
        st.sampled_from(VERSIONS),
    ),
)


def rich_dependencies(depth: int = 2) -> st.SearchStrategy[str]:
    inner = SIMPLE if depth == 0 else st.one_of(SIMPLE, rich_dependencies(depth - 1))
    return st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from(("and", "or", "if", "unless")), inner),
        st.builds("({} {} {} else {})".format, inner, st.sampled_from(("if", "unless")), inner, inner),
        st.builds("({} {} {})".format, SIMPLE, st.sampled_from(("with", "without")), SIMPLE),
    )


DEPENDENCIES = st.one_of(SIMPLE, rich_dependencies())
PROVIDES = st.one_of(
    st.sampled_from(("v", "w", *FILES)),
    st.builds("v {} {}".format, st.sampled_from(("=", ">=", "<")), st.sampled_from(VERSIONS)),
)


def some(of: st.SearchStrategy[str], size: int = 2) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(of, max_size=size).map(tuple)


PACKAGES = st.builds(
    Rpm,
    name=st.sampled_from(NAMES),
    evr=st.sampled_from(EVRS),
    arch=st.sampled_from(("x86_64", "noarch")),
    requires=some(DEPENDENCIES),
    provides=some(PROVIDES),
    conflicts=some(DEPENDENCIES),
    obsoletes=some(SIMPLE.filter(lambda text: not text.startswith("/")), 1),
    files=some(st.sampled_from(FILES), 1),
)


def with_lesser_architectures(packages: Sequence[Rpm], also: Sequence[bool]) -> list[Rpm]:
    """Some packages once more for i686, as multilib repositories have them."""
    pairs = zip(packages, also, strict=False)
    return [*packages, *(Rpm(p.name, p.evr, "i686", p.requires, p.provides) for p, twice in pairs if twice)]


@settings(max_examples=EXAMPLES // 2, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(packages=st.lists(PACKAGES, min_size=1, max_size=7), also=st.lists(st.booleans(), max_size=7))
def test_agrees_on_any_small_repository(libsolv: Libsolv, packages: list[Rpm], also: list[bool]) -> None:
    sets = [names for size in (1, 2, 3) for names in combinations(sorted({p.name for p in packages}), size)]
    with tempfile.TemporaryDirectory() as folder:
        found = verdicts(read(Path(folder), with_lesser_architectures(packages, also)), sets)
        assert found == libsolv.judged([Path(folder)], sets)["verdicts"]
