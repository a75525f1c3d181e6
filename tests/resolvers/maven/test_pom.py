from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.errors import ManifestError
from resolvers.maven.module import Exclusion
from resolvers.maven.pom import Coordinates, read_pom
from resolvers.maven.version_listing import listed_versions, snapshot_version
from tests.hostile import EXAMPLES
from tests.resolvers.maven.written import dependencies, dependency, gav, pom

WHOLE = pom(
    "g:a:1",
    f"<parent>{gav('p:q:2')}</parent><packaging>bundle</packaging><properties><x> 1 </x><x.y>2</x.y><z/></properties>"
    + dependencies(
        dependency(
            "g:b:3",
            "<type>zip</type><classifier>c</classifier><scope>test</scope><optional> TRUE </optional>"
            f"<exclusions><exclusion>{gav('*:x')}</exclusion><exclusion/></exclusions>",
        )
    )
    + f"<distributionManagement><relocation>{gav(':r')}</relocation></distributionManagement>",
)


def test_reads_what_is_there() -> None:
    read = read_pom(WHOLE.encode(), "a.pom")
    assert (read.own, read.parent) == (Coordinates("g", "a", "1"), Coordinates("p", "q", "2"))
    assert read.properties == {"x": "1", "x.y": "2", "z": ""}
    (b,) = read.dependencies
    assert (b.group, b.name, b.version, b.type, b.classifier, b.scope, b.optional) == (
        "g",
        "b",
        "3",
        "zip",
        "c",
        "test",
        True,
    )
    assert b.exclusions == {Exclusion("", "x")}
    assert read.relocation == Coordinates("", "r", "")
    assert not read.has_module_metadata


@pytest.mark.parametrize(
    ("comment", "expected"),
    [("do_not_remove: published-with-gradle-metadata", True), ("published-with-gradle", False)],
)
def test_tells_whether_there_is_module_metadata(comment: str, expected: bool) -> None:
    assert read_pom(pom("g:a:1", f"<!-- {comment} -->").encode(), "a.pom").has_module_metadata is expected
    inside = pom("g:a:1", f"<build><!-- {comment} --></build>")
    assert not read_pom(inside.encode(), "a.pom").has_module_metadata


@pytest.mark.parametrize(
    "content",
    [
        "<project><artifactId>a\u00e9</artifactId></project>".encode(),
        b"\xef\xbb\xbf<project><artifactId>a\xc3\xa9</artifactId></project>",
        b"<?xml version='1.0' encoding='ISO-8859-1'?><project><artifactId>a\xe9</artifactId></project>",
        "<?xml version='1.0' encoding='UTF-16'?><project><artifactId>a\u00e9</artifactId></project>".encode("utf-16"),
        b"<project><artifactId>a&eacute;</artifactId></project>",
        b"<project><artifactId>a&#233;</artifactId></project>",
        b"<project xmlns='http://maven.apache.org/POM/4.0.0'><artifactId><![CDATA[a\xc3\xa9]]></artifactId></project>",
    ],
)
def test_reads_encodings_and_named_characters(content: bytes) -> None:
    assert read_pom(content, "a.pom").own.name == "a\u00e9"


REFUSED = {
    "nothing": (b"", "no element found"),
    "no project": (b"<settings/>", "is no POM"),
    "a document type": (b"<!DOCTYPE project [<!ENTITY a 'b'>]><project>&a;</project>", "document type"),
    "an external entity": (b"<!DOCTYPE p SYSTEM 'file:///etc/passwd'><project/>", "document type"),
    "an unknown entity": (b"<project>&nothing;</project>", "undefined entity"),
    "too deep": (b"<project>" + b"<a>" * 100, "inside one another"),
    "too wide": (b"<project>" + b"<a/>" * 400_000 + b"</project>", "more than 300000 elements"),
    "too large": (b" " * (16 * 2**20 + 1), "larger than"),
    "bytes": (b"<project>\xff</project>", "well-formed"),
    "cut off": (b"<project><a>", "no element found"),
}


@pytest.mark.parametrize(("content", "reason"), REFUSED.values(), ids=REFUSED)
def test_refuses_what_is_none(content: bytes, reason: str) -> None:
    with pytest.raises(ManifestError, match=re.escape(reason)):
        read_pom(content, "a.pom")


LISTING = """<metadata><groupId>g</groupId><versioning><latest>2-SNAPSHOT</latest><versions><version>1.0</version>
<version> 1.1 </version><version/></versions><snapshot><timestamp>20240102.030405</timestamp>
<buildNumber>7</buildNumber></snapshot></versioning></metadata>"""


def test_lists_versions() -> None:
    assert listed_versions(LISTING.encode(), "m.xml") == ("1.0", "1.1")
    assert listed_versions(b"<metadata/>", "m.xml") == ()
    assert snapshot_version(LISTING.encode(), "m.xml", "2-SNAPSHOT") == "2-20240102.030405-7"
    assert snapshot_version(b"<metadata/>", "m.xml", "2-SNAPSHOT") == "2-SNAPSHOT"
    spoilt = LISTING.replace("20240102.030405", "../../..")
    assert snapshot_version(spoilt.encode(), "m.xml", "2-SNAPSHOT") == "2-SNAPSHOT"


PIECES = st.lists(
    st.sampled_from(re.findall(r"<[^>]*>|[^<]+", WHOLE + LISTING))
    | st.sampled_from(
        ["<", ">", "&", "&lt;", "&oslash;", "<![CDATA[", "]]>", "<!--", "-->", "<?xml", "?>", "<!DOCTYPE a>"]
    )
    | st.text(max_size=3),
    max_size=40,
).map("".join)
BROKEN = st.tuples(st.sampled_from([WHOLE, LISTING]), st.integers(0, 900), st.integers(0, 30), PIECES).map(
    lambda cut: cut[0][: cut[1]] + cut[3] * (cut[2] % 3) + cut[0][cut[1] + cut[2] :]
)
CONTENT = st.binary(max_size=60) | (PIECES | BROKEN).map(lambda text: text.encode("utf-8", "surrogatepass"))
DECLARED = st.tuples(st.sampled_from(["utf-16", "idna", "zip", "latin-1", "utf-7", "x" * 50, "cp037"]), CONTENT).map(
    lambda pair: b"<?xml version='1.0' encoding='%s'?>" % pair[0].encode() + pair[1]
)


@settings(max_examples=EXAMPLES, deadline=None)
@given(CONTENT | DECLARED)
def test_any_pom_is_read_or_refused(content: bytes) -> None:
    try:
        read = read_pom(content, "a.pom")
    except ManifestError as error:
        assert error.origin.file == "a.pom"
    else:
        assert read.file == "a.pom"


@settings(max_examples=EXAMPLES, deadline=None)
@given(CONTENT | DECLARED)
def test_any_listing_is_read_or_refused(content: bytes) -> None:
    try:
        assert all(listed_versions(content, "m.xml"))
        assert snapshot_version(content, "m.xml", "1-SNAPSHOT")
    except ManifestError as error:
        assert error.origin.file == "m.xml"
