from __future__ import annotations

import contextlib
import gzip
import hashlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.coinstall.coinstallability import Coinstallability
from analyzer.errors import ManifestError
from analyzer.universe import Exclusion, Need, Universe
from resolvers.metadata_file import MetadataFile
from resolvers.rpm.file_lists import owners
from resolvers.rpm.repomd import find_repodata
from resolvers.rpm.universe import RpmUniverse, read_universe, release_of
from tests.hostile import EXAMPLES
from tests.resolvers.rpm.repositories import Rpm, asking, primary, read, verdicts, write

SHOP = [
    Rpm(
        "httpd",
        "2.4-1.el9",
        requires=("libc >= 2", "/etc/mime.types", "config(httpd) = 2.4-1.el9"),
        provides=("config(httpd) = 2.4-1.el9", "webserver"),
    ),
    Rpm("httpd", "2.4-2.el9", requires=("libc >= 2", "/etc/mime.types", "rpmlib(X) <= 4-1")),
    Rpm("nginx", "1:1.20-1.el9", provides=("webserver",), conflicts=("webserver", "(a and b)")),
    Rpm("libc", "2.34-1"),
    Rpm("libc", "2.34-1", "i686"),
    Rpm("libc", "2.33-9", "i686"),
    Rpm("mailcap", "2-1", "noarch", files=("/etc/mime.types",)),
    Rpm("old-httpd", "1-1"),
    Rpm("a", "1-1", obsoletes=("old-httpd < 2",)),
    Rpm("b", "1-1", requires=("(libc if old-httpd)", "(nobody or libc)", "nobody = 3", "/opt/none")),
    Rpm("java-17-openjdk", "17-1"),
    Rpm("other", "1-1", "aarch64"),
]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> RpmUniverse:
    return read(tmp_path_factory.mktemp("shop"), SHOP)


def number(universe: Universe, text: str) -> int:
    (found,) = (n for n, unit in enumerate(universe.units) if text in (str(unit), f"{unit}.{unit.architecture}"))
    return found


def told(universe: Universe, units: tuple[int, ...]) -> list[str]:
    return [f"{universe.units[unit]}.{universe.units[unit].architecture}" for unit in units]


def test_counts_what_the_machine_can_install(shop: RpmUniverse) -> None:
    universe: Universe = shop
    assert universe.name == "RPM, 11 packages"
    assert list(universe.base) == []
    assert "aarch64" not in {unit.architecture for unit in universe.units}


def test_ranks_the_newest_first(shop: RpmUniverse) -> None:
    assert [shop.units[number(shop, f"httpd 2.4-{release}.el9")].rank for release in (1, 2)] == [1, 0]
    libc = [number(shop, f"libc {version}") for version in ("2.34-1.x86_64", "2.34-1.i686", "2.33-9.i686")]
    assert [shop.units[unit].rank for unit in libc] == [0, 1, 2]


def test_needs_are_clauses(shop: RpmUniverse) -> None:
    libc, mailcap = number(shop, "libc 2.34-1.x86_64"), number(shop, "mailcap 2-1")
    first, second = shop.needs(number(shop, "httpd 2.4-2.el9"))
    assert first == Need(
        "Requires", "libc >= 2", (libc, *(number(shop, f"libc {v}.i686") for v in ("2.34-1", "2.33-9")))
    )
    assert second == Need("Requires", "/etc/mime.types", (mailcap,))
    # What a package provides itself is no need.
    assert len(shop.needs(number(shop, "httpd 2.4-1.el9"))) == 2


def test_rich_and_lacking_needs(shop: RpmUniverse) -> None:
    needs = {need.text: need for need in shop.needs(number(shop, "b 1-1"))}
    assert needs["(libc if old-httpd)"].given == (number(shop, "old-httpd 1-1"),)
    assert needs["(nobody or libc)"].any_of and not needs["(nobody or libc)"].given
    assert needs["nobody = 3"].any_of == ()
    assert needs["/opt/none (which no primary.xml names, and there is no filelists.xml)"].any_of == ()


def test_excludes_by_conflicts_obsoletes_and_name(shop: RpmUniverse) -> None:
    nginx, a, b = number(shop, "nginx 1:1.20-1.el9"), number(shop, "a 1-1"), number(shop, "b 1-1")
    first, second = number(shop, "httpd 2.4-1.el9"), number(shop, "httpd 2.4-2.el9")
    assert shop.exclusions(nginx) == (Exclusion("Conflicts", "webserver", (first,)),)
    assert shop.needs(nginx) == (Need("Conflicts", "(a and b)", (), (a, b)),)
    assert shop.exclusions(a) == (Exclusion("Obsoletes", "old-httpd < 2", (number(shop, "old-httpd 1-1"),)),)
    assert shop.exclusions(first) == (Exclusion("", "", (second,)),)


def test_a_lesser_architecture_comes_beside_the_same_version_only(shop: RpmUniverse) -> None:
    best, same, older = (number(shop, f"libc {v}") for v in ("2.34-1.x86_64", "2.34-1.i686", "2.33-9.i686"))
    assert shop.needs(same) == (Need("", "libc of the same version for the machine's own architecture", (best,)),)
    assert shop.exclusions(same) == (Exclusion("", "", (older,)),)
    assert shop.exclusions(best) == ()
    assert shop.reserved == {older}
    assert shop.permitted(asking("libc.i686")) == {older}
    assert shop.permitted(asking("libc")) == frozenset()


@pytest.mark.parametrize(
    ("name", "constraint", "expected"),
    [
        ("httpd", "", ["httpd 2.4-2.el9.x86_64", "httpd 2.4-1.el9.x86_64"]),
        ("httpd", "=2.4", ["httpd 2.4-2.el9.x86_64", "httpd 2.4-1.el9.x86_64"]),
        ("httpd", "=2.4-1.el9", ["httpd 2.4-1.el9.x86_64"]),
        ("httpd", "=2.4-1.el9.x86_64", ["httpd 2.4-1.el9.x86_64"]),
        ("httpd", "==2.4-1.el9", ["httpd 2.4-1.el9.x86_64"]),
        ("httpd", "=2.4-*", ["httpd 2.4-2.el9.x86_64", "httpd 2.4-1.el9.x86_64"]),
        ("httpd", "=9", []),
        ("httpd", "==9-1", None),
        ("httpd", ">= 2.4-2", ["httpd 2.4-2.el9.x86_64"]),
        ("httpd", ">= 3", []),
        ("httpd-2.4-1.el9", "", ["httpd 2.4-1.el9.x86_64"]),
        ("httpd-2.4-1.el9.x86_64", "", ["httpd 2.4-1.el9.x86_64"]),
        ("nginx", "=1.20", ["nginx 1:1.20-1.el9.x86_64"]),
        ("nginx", "=1:1.20-1.el9", ["nginx 1:1.20-1.el9.x86_64"]),
        ("nginx", "=0:1.20-1.el9", []),
        ("nginx", "=1:1.20*", ["nginx 1:1.20-1.el9.x86_64"]),
        ("webserver", "", ["nginx 1:1.20-1.el9.x86_64", "httpd 2.4-1.el9.x86_64"]),
        ("config(httpd)", ">= 2", ["httpd 2.4-1.el9.x86_64"]),
        ("config(httpd)", "", ["httpd 2.4-1.el9.x86_64"]),
        ("/etc/mime.types", "", ["mailcap 2-1.noarch"]),
        ("/etc/other.types", "", None),
        ("libc.i686", "", ["libc 2.34-1.i686", "libc 2.33-9.i686"]),
        ("libc.i686", "==2.33-9", ["libc 2.33-9.i686"]),
        ("libc.s390x", "", None),
        ("java-17-openjdk", "", ["java-17-openjdk 17-1.x86_64"]),
        ("nobody", "", None),
        ("nobody", ">= 1", None),
        ("nobody", "=1", None),
        ("httpd", "whatever", None),
        ("(nobody or mailcap)", "", ["mailcap 2-1.noarch"]),
        ("(nobody or nothing)", "", None),
        ("(nobody or", "", None),
    ],
)
def test_demands(shop: RpmUniverse, name: str, constraint: str, expected: list[str] | None) -> None:
    needs = shop.demanded(asking(name, constraint))
    if expected is None:
        assert needs is None
    else:
        assert needs is not None
        (need,) = needs
        assert told(shop, need.any_of) == expected


def test_a_named_architecture_may_be_old(shop: RpmUniverse) -> None:
    judge = Coinstallability(shop)
    assert judge.fit([asking("libc.i686", "=2.33-9")])
    assert judge.fit([asking("libc.i686"), asking("libc")])
    assert not judge.fit([asking("libc.i686", "=2.33-9"), asking("libc.i686", "=2.34-1")])


def test_several_repositories_have_equal_priority(tmp_path: Path) -> None:
    one = write(tmp_path / "one", [Rpm("a", "1-1", requires=("b",)), Rpm("c", "1-1")])
    two = write(tmp_path / "two", [Rpm("b", "1-1"), Rpm("a", "2-1", requires=("nobody",))])
    assert verdicts(read_universe([one]), [["c"], ["a"]]) == [True, False]
    assert verdicts(read_universe([one, two]), [["a", "c"]]) == [True]
    # A mirror's folder stands for all repositories below it.
    assert read_universe([tmp_path]).name == "RPM, 4 packages"


def test_other_architectures(tmp_path: Path) -> None:
    assert read_universe([write(tmp_path, SHOP)], "aarch64").name == "RPM, 2 packages"


def test_other_providers_are_meant_by_opensuse(tmp_path: Path) -> None:
    packages = [Rpm(name, provides=("mta",), conflicts=("otherproviders(mta)",)) for name in ("exim", "postfix")]
    assert verdicts(read(tmp_path, packages), [["exim"], ["postfix"], ["exim", "postfix"]]) == [True, True, False]


def test_a_dependency_that_is_none_cannot_be_met(tmp_path: Path) -> None:
    universe = read(tmp_path, [Rpm("a", requires=("(b if",)), Rpm("b", conflicts=("(a",))])
    assert [(item.what, item.origin.file) for item in universe.skipped] == [
        ("(b if", f"{tmp_path}/repodata/primary.xml"),
        ("(a", f"{tmp_path}/repodata/primary.xml"),
    ]
    (lacking,) = universe.needs(number(universe, "a 1-1"))
    assert (lacking.text, lacking.any_of) == ("(b if (which lacks a capability)", ())
    assert verdicts(universe, [["a"], ["b"]]) == [False, False]


FILELISTS = """<filelists xmlns="http://linux.duke.edu/metadata/filelists" packages="2">
<package pkgid="1" name="data" arch="noarch"><version epoch="0" ver="1" rel="1"/><file>/usr/share/data</file>
<file type="dir">/usr/share/more</file></package>
<package pkgid="2" name="foreign" arch="s390x"><version epoch="0" ver="1" rel="1"/>
<file>/usr/share/data</file></package>
</filelists>"""


def test_looks_files_up_in_filelists(tmp_path: Path) -> None:
    packages = [
        Rpm("data", "1-1", "noarch"),
        Rpm("user", requires=("/usr/share/data", "(/usr/share/more or nobody)")),
        Rpm("lost", requires=("/usr/share/lost",)),
    ]
    write(tmp_path, packages)
    (tmp_path / "repodata" / "abc-filelists.xml.gz").write_bytes(gzip.compress(FILELISTS.encode()))
    universe = read_universe([tmp_path])
    data = number(universe, "data 1-1")
    assert [need.any_of for need in universe.needs(number(universe, "user 1-1"))] == [(data,)]
    assert universe.needs(number(universe, "lost 1-1")) == (Need("Requires", "/usr/share/lost", ()),)
    (need,) = universe.demanded(asking("/usr/share/more")) or ()
    assert need.any_of == (data,)
    assert universe.demanded(asking("/usr/share/most")) is None


def test_the_second_start_reads_the_cache(tmp_path: Path) -> None:
    place, cache = write(tmp_path / "place", SHOP), tmp_path / "cache"
    first = read_universe([place], cache=cache)
    (entry,) = (cache / "rpm").iterdir()
    second = read_universe([place], cache=cache)
    assert second.units == first.units
    assert [second.needs(n) for n in range(11)] == [first.needs(n) for n in range(11)]
    entry.write_bytes(entry.read_bytes()[:-1])
    assert read_universe([place], cache=cache).units == first.units
    # The entry that was damaged has been written anew.
    assert len(entry.read_bytes()) > 100
    write(place, SHOP[:3])
    assert read_universe([place], cache=cache).name == "RPM, 3 packages"


def test_a_cache_that_cannot_be_written_is_none(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert read_universe([write(tmp_path / "place", SHOP)], cache=tmp_path / "file" / "cache").units


@pytest.mark.parametrize(
    ("package", "release"),
    [
        (Rpm("centos-stream-release", "9.0-12.el9", "noarch"), "centos:9"),
        (Rpm("fedora-release-common", "42-30", "noarch"), "fedora:42"),
        (Rpm("rocky-release", "9.6-1.3.el9", "noarch"), "rocky:9"),
        (Rpm("almalinux-release", "8.10-1.el8"), "almalinux:8"),
        (Rpm("redhat-release", "9.4-0.5.el9"), "rhel:9"),
        (Rpm("openSUSE-release", "15.6-1"), "opensuse:15.6"),
        (Rpm("httpd", "2.4-1"), ""),
        (Rpm("rocky-release", "x-1"), ""),
    ],
)
def test_tells_the_release(tmp_path: Path, package: Rpm, release: str) -> None:
    place = write(tmp_path, [package])
    assert release_of([place]) == release
    assert read_universe([place]).name == f"{release or 'RPM'}, 1 packages"
    assert read_universe([place], release="amazonlinux:2023").name == "amazonlinux:2023, 1 packages"


REPOMD = """<repomd xmlns="http://linux.duke.edu/metadata/repo">
<data type="other"><location href="repodata/o.xml"/></data>
<data type="primary"><checksum type="sha256">{checksum}</checksum><location href="{location}"/></data></repomd>"""


def indexed(folder: Path, checksum: str = "", location: str = "repodata/1-primary.xml") -> Path:
    content = primary(SHOP).encode()
    (folder / "repodata").mkdir()
    (folder / "repodata" / "1-primary.xml").write_bytes(content)
    (folder / "repodata" / "0-primary.xml").write_bytes(b"of another day")
    text = REPOMD.format(checksum=checksum or hashlib.sha256(content).hexdigest(), location=location)
    (folder / "repodata" / "repomd.xml").write_text(text)
    return folder


def test_takes_the_file_that_repomd_names(tmp_path: Path) -> None:
    assert len(read_universe([indexed(tmp_path)]).units) == 11
    assert len(read_universe([tmp_path / "repodata"]).units) == 11
    assert len(read_universe([tmp_path / "repodata" / "1-primary.xml"]).units) == 11


@pytest.mark.parametrize(
    ("checksum", "location", "reason"),
    [
        ("0" * 64, "repodata/1-primary.xml", "checksum"),
        ("", "repodata/none.xml", "does not exist"),
        ("", "../../../etc/passwd", "does not exist"),
        ("", "", "is no regular file"),
    ],
)
def test_refuses_what_repomd_does_not_mean(tmp_path: Path, checksum: str, location: str, reason: str) -> None:
    with pytest.raises(ManifestError, match=reason):
        read_universe([indexed(tmp_path, checksum, location)])


def test_refuses_links_that_lead_out(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(primary(SHOP))
    (tmp_path / "place" / "repodata").mkdir(parents=True)
    (tmp_path / "place" / "repodata" / "primary.xml").symlink_to(tmp_path / "secret")
    with pytest.raises(ManifestError, match="leads out"):
        read_universe([tmp_path / "place"])


@pytest.mark.parametrize("content", [None, "<repomd/>", "<repomd>", "<!DOCTYPE r []><repomd/>"])
def test_refuses_a_place_without_repository(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "repodata").mkdir()
        (tmp_path / "repodata" / "repomd.xml").write_text(content)
    with pytest.raises(ManifestError):
        read_universe([tmp_path])
    with pytest.raises(ManifestError):
        read_universe([tmp_path / "none"])


CHANGES = st.lists(st.tuples(st.integers(0, 700), st.integers(0, 40), st.binary(max_size=8)), min_size=1, max_size=4)


def damaged(content: str, changes: list[tuple[int, int, bytes]]) -> bytes:
    found = content.encode()
    for at, cut, put in changes:
        found = found[:at] + put + found[at + cut :]
    return found


@settings(max_examples=EXAMPLES, deadline=None)
@given(changes=CHANGES)
def test_any_damaged_index_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[int, int, bytes]]
) -> None:
    folder = tmp_path_factory.getbasetemp() / "damaged-index"
    if not folder.exists():
        folder.mkdir()
        indexed(folder)
    (folder / "repodata" / "repomd.xml").write_bytes(
        damaged(REPOMD.format(checksum="", location="1-primary.xml"), changes)
    )
    with contextlib.suppress(ManifestError):
        find_repodata([folder])


@settings(max_examples=EXAMPLES, deadline=None)
@given(changes=CHANGES)
def test_any_damaged_filelists_are_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[int, int, bytes]]
) -> None:
    path = tmp_path_factory.getbasetemp() / "filelists.xml"
    path.write_bytes(damaged(FILELISTS, changes))
    with contextlib.suppress(ManifestError):
        assert set(owners(MetadataFile(path, "filelists.xml"), ["/usr/share/data"])) == {"/usr/share/data"}
