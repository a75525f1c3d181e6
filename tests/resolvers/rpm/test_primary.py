from __future__ import annotations

import bz2
import contextlib
import gzip
import lzma
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.errors import ManifestError
from resolvers.metadata_file import MetadataFile
from resolvers.rpm.primary import Listing, Package, read_primary
from tests.hostile import EXAMPLES
from tests.resolvers.rpm.repositories import XMLNS, Rpm, primary

SAMPLE = primary(
    [
        Rpm(
            "tool",
            "1:2.0-3.el9",
            requires=("libc.so.6()(64bit)", "(a if b)", "base >= 1.0", "base >= 1.0"),
            provides=("api = 2",),
            conflicts=("other < 2:1",),
            obsoletes=("old < 2",),
            files=("/usr/bin/tool", "/etc/a&b"),
        ),
        Rpm("base", "1.0-1", "noarch", requires=("base >= 1.0",)),
    ]
)


def read(tmp_path: Path, content: str | bytes, name: str = "primary.xml") -> Listing:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_primary(MetadataFile(path, name))


def package(body: str) -> str:
    return f'<metadata {XMLNS}>\n<package type="rpm"><name>a</name><arch>noarch</arch>{body}</package></metadata>'


def test_reads_packages_with_their_dependencies(tmp_path: Path) -> None:
    listing = read(tmp_path, SAMPLE)
    tool, base = listing.packages
    told = lambda numbers: [listing.capabilities[number] for number in numbers]  # noqa: E731
    assert (tool.name, tool.architecture, tool.evr) == ("tool", "x86_64", "1:2.0-3.el9")
    assert (base.name, base.architecture, base.evr) == ("base", "noarch", "1.0-1")
    assert told(tool.provides) == [("api", 4, "2"), ("tool", 4, "1:2.0-3.el9")]
    assert told(tool.requires)[:3] == [("libc.so.6()(64bit)", 0, ""), ("(a if b)", 0, ""), ("base", 6, "1.0")]
    assert told(tool.conflicts) == [("other", 1, "2:1")]
    assert told(tool.obsoletes) == [("old", 1, "2")]
    assert tool.files == ["/usr/bin/tool", "/etc/a&b"]
    assert base.requires[0] in tool.requires
    assert listing.skipped == []


@pytest.mark.parametrize(
    "compress",
    [bytes, gzip.compress, lzma.compress, bz2.compress, zstandard.ZstdCompressor().compress],
    ids=["plain", "gz", "xz", "bz2", "zst"],
)
def test_reads_it_compressed(tmp_path: Path, compress: Callable[[bytes], bytes]) -> None:
    listing = read(tmp_path, compress(SAMPLE.encode()))
    assert [package.name for package in listing.packages] == ["tool", "base"]


def test_leaves_weak_dependencies_and_sources_out(tmp_path: Path) -> None:
    weak = '<format><rpm:recommends><rpm:entry name="x"/></rpm:recommends></format>'
    source = '<package type="rpm"><name>s</name><arch>src</arch><version epoch="0" ver="1" rel="1"/></package>'
    content = package(f'<version epoch="0" ver="1" rel="1"/>{weak}').replace("</metadata>", f"{source}</metadata>")
    assert read(tmp_path, content) == Listing([], [Package("a", "noarch", "1-1", [], [], [], [], [])], [])


@pytest.mark.parametrize(
    ("version", "evr"),
    [
        ('epoch="0" ver="1" rel="2"', "1-2"),
        ('epoch="3" ver="1" rel="2"', "3:1-2"),
        ('ver="1"', "1"),
        ('epoch="" ver="1" rel="2"', "1-2"),
        ('epoch="0" ver="1:1" rel="2"', "0:1:1-2"),
    ],
)
def test_reads_versions(tmp_path: Path, version: str, evr: str) -> None:
    (found,) = read(tmp_path, package(f"<version {version}/>")).packages
    assert found.evr == evr


@pytest.mark.parametrize(
    ("body", "what", "reason"),
    [
        ("", "a", "lacks its name, version or architecture"),
        (
            '<version ver="1" rel="1"/><format><rpm:requires><rpm:entry name="(a if"/></rpm:requires></format>',
            "(a if",
            "is no rich dependency: it lacks a capability",
        ),
    ],
)
def test_skips_with_the_line(tmp_path: Path, body: str, what: str, reason: str) -> None:
    assert read(tmp_path, package(body)).skipped == [(what, reason, 2)]


DTD = '<!DOCTYPE metadata [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "no element found"),
        ("<metadata>", "no element found"),
        ("<metadata></package>", "mismatched tag"),
        (SAMPLE[:700], "no element found|unclosed token"),
        (f"{DTD}<metadata>&b;</metadata>", "document type"),
        ('<!DOCTYPE metadata SYSTEM "file:///etc/passwd"><metadata/>', "document type"),
        ("<metadata>&b;</metadata>", "undefined entity"),
        ("<a>" * 100_000, "inside one another"),
        (package('<version ver="1"/><format><rpm:requires><rpm:entry/></rpm:requires></format>'), "without a name"),
        (
            package('<version ver="1"/><format><rpm:requires><rpm:entry name="a" flags="XX"/></rpm:requires></format>'),
            "unknown relation 'XX'",
        ),
        (package(f'<version ver="{"1" * 20_000}"/>'), "more than 16384 characters"),
        (package(f'<version ver="1"/><file>{"/a" * 20_000}</file>'), "more than 16384 characters"),
        (f'<metadata a="{"1" * 9_000_000}"/>', "tag of more than"),
        (b"<metadata>\xe9</metadata>", "not well-formed"),
        (gzip.compress(SAMPLE.encode())[:300], "damaged|ends before"),
        (b"\x28\xb5\x2f\xfd\0\0", "damaged|ends before"),
        (lzma.compress(SAMPLE.encode())[:200], "damaged|ends before"),
    ],
)
def test_refuses_damage(tmp_path: Path, content: str | bytes, reason: str) -> None:
    with pytest.raises(ManifestError, match=reason) as caught:
        read(tmp_path, content)
    assert caught.value.origin.file == "primary.xml"


def test_refuses_a_bomb_at_once(tmp_path: Path) -> None:
    started = time.monotonic()
    with pytest.raises(ManifestError, match="inflates to more than"):
        read(tmp_path, gzip.compress(b"<metadata>" + b" " * 80_000_000))
    assert time.monotonic() - started < 10


def test_tells_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match="does not exist"):
        read_primary(MetadataFile(tmp_path / "none", "none"))


@settings(max_examples=EXAMPLES, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, len(SAMPLE)), st.integers(0, 40), st.binary(max_size=8)), min_size=1, max_size=4)
)
def test_any_damage_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[int, int, bytes]]
) -> None:
    content = SAMPLE.encode()
    for at, cut, put in changes:
        content = content[:at] + put + content[at + cut :]
    with contextlib.suppress(ManifestError):
        read(tmp_path_factory.getbasetemp(), content)


@settings(max_examples=EXAMPLES, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "<metadata>",
                "</metadata>",
                "<package>",
                "</package>",
                "<name>",
                "</name>",
                "<version/>",
                "<rpm:requires>",
                "<rpm:entry/>",
                '<rpm:entry name="a"/>',
                "<file>",
                "&amp;",
                "x",
                "<!--",
                "]]>",
            ]
        )
    )
)
def test_any_structure_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, parts: list[str]) -> None:
    with contextlib.suppress(ManifestError):
        read(tmp_path_factory.getbasetemp(), "".join(parts))
