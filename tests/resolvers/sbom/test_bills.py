from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.service import Platform
from resolvers.package_name import package_of
from resolvers.sbom.gather import BillGatherer
from resolvers.sbom.package_url import identify
from resolvers.seam import Gathered, Wish
from resolvers.tree import Tree
from tests.hostile import EXAMPLES

BILLS = BillGatherer()
KNOWN = frozenset({"cargo", "deb", "golang", "maven", "npm", "pypi", "rpm"})
LIBSSL = "pkg:deb/debian/libssl3@3.0.11-1?arch=amd64&distro=debian-12.5&epoch=1"
PURLS = (
    LIBSSL,
    "pkg:pypi/Flask@2.0",
    "pkg:maven/com.google.guava/guava@32.0-jre",
    "pkg:npm/%40angular/core@17.0.0",
    "pkg:golang/github.com/Gorilla/mux@v1.8.0",
    "pkg:cargo/serde@1.0.200",
)


def cyclonedx(*purls: str, version: str = "1.6", **more: Any) -> dict[str, Any]:
    components = [{"type": "library", "name": "x", "purl": purl} for purl in purls]
    return {"bomFormat": "CycloneDX", "specVersion": version, "components": components, **more}


def spdx(*purls: str) -> dict[str, Any]:
    packages = [
        {"SPDXID": f"SPDXRef-{n}", "name": "x", "externalRefs": [{"referenceType": "purl", "referenceLocator": purl}]}
        for n, purl in enumerate(purls)
    ]
    subject = {"SPDXID": "SPDXRef-root", "name": "image"}
    describes = {"spdxElementId": "D", "relationshipType": "DESCRIBES", "relatedSpdxElement": "SPDXRef-root"}
    return {"spdxVersion": "SPDX-2.3", "packages": [subject, *packages], "relationships": [describes]}


def gathered(root: Path, document: object, name: str = "app.cdx.json", wish: Wish = Wish()) -> Gathered:  # noqa: B008
    (root / name).write_text(json.dumps(document, indent=1))
    return BILLS.gather(Tree(root), "", wish)


@pytest.mark.parametrize("make", [cyclonedx, spdx])
def test_both_formats_say_the_same(tmp_path: Path, make: Any) -> None:
    found = gathered(tmp_path, make(*PURLS))
    told = {s.ecosystem: (s.bundled, [str(p.candidate) for p in s.locked or ()]) for s in found.sets}
    assert told == {
        "deb": (False, ["libssl3==1:3.0.11-1"]),
        "pypi": (False, ["flask==2.0"]),
        "cargo": (True, ["serde==1.0.200"]),
        "golang": (True, ["mux==v1.8.0"]),
        "maven": (True, ["guava==32.0-jre"]),
        "npm": (True, ["core==17.0.0"]),
    }
    assert {str(r.package): r.constraint for r in found.base} == {"generic/arch": "x86_64", "generic/os": "debian:12"}
    assert found.skipped == ()


@pytest.mark.parametrize("version", ["1.4", "1.5", "1.6", "1.7"])
def test_versions_of_cyclonedx(tmp_path: Path, version: str) -> None:
    assert gathered(tmp_path, cyclonedx(*PURLS, version=version)).sets


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ({"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "@graph": []}, "is SPDX 3, which is not read"),
        ({"spdxVersion": "SPDX-1.0"}, "is SPDX of a version"),
        (cyclonedx(version="9"), "is CycloneDX of a version"),
        ({}, "is neither CycloneDX nor SPDX"),
        ([], "is no object"),
        (cyclonedx() | {"components": {}}, "Expected `array`"),
    ],
)
def test_what_is_refused(tmp_path: Path, document: object, reason: str) -> None:
    (skipped,) = gathered(tmp_path, document).skipped
    assert skipped.reason.startswith(reason)
    assert skipped.incomplete


@pytest.mark.parametrize(
    ("component", "incomplete", "reason"),
    [
        ({"name": "plain"}, False, "cannot be told which packages they are: plain"),
        ({"name": "x", "purl": "pkg:cargo/../../etc@1"}, True, "is no purl with a name"),
        ({"name": "x", "purl": "pkg:hex/phoenix@1"}, False, "is a type that is not examined"),
        ({"name": "x", "purl": "pkg:apk/alpine/musl@1"}, True, "is a type that is not examined"),
        ({"name": "x", "purl": "pkg:pypi/x@not-a-version"}, True, "is no purl with a name"),
        ({"name": "x", "purl": "pkg:deb/debian/x"}, True, "is there at a version that nothing tells"),
    ],
)
def test_what_is_noted(tmp_path: Path, component: dict[str, str], incomplete: bool, reason: str) -> None:
    (skipped,) = gathered(tmp_path, cyclonedx() | {"components": [component]}).skipped
    assert skipped.reason.startswith(reason)
    assert skipped.incomplete is incomplete


def test_development_and_what_is_excluded_stay_out(tmp_path: Path) -> None:
    mark = {"name": "cdx:npm:package:development", "value": "true"}
    components = [
        {"name": "a", "purl": "pkg:npm/a@1", "properties": [mark]},
        {"name": "b", "purl": "pkg:npm/b@1", "scope": "excluded"},
        {"name": "c", "purl": "pkg:npm/c@1", "components": [{"name": "d", "purl": "pkg:npm/d@1"}]},
    ]
    (group,) = gathered(tmp_path, cyclonedx() | {"components": components}).sets
    assert [pin.candidate.package.name for pin in group.locked or ()] == ["c", "d"]


def test_the_namespace_of_rpm_is_the_release(tmp_path: Path) -> None:
    found = gathered(tmp_path, cyclonedx("pkg:rpm/redhat/openssl@3.0.7-1.el9?arch=x86_64&epoch=1&distro=rhel-9.2"))
    ((pin,),) = (s.locked or () for s in found.sets)
    assert (str(pin.candidate.package), pin.candidate.version) == ("rpm/rhel/openssl", "1:3.0.7-1.el9")


def test_configuration_goes_before_the_bill(tmp_path: Path) -> None:
    wish = Wish(Platform(os="debian:13", arch="aarch64"))
    assert gathered(tmp_path, cyclonedx(LIBSSL), wish=wish).base == ()


@pytest.mark.parametrize(
    ("name", "document", "is_one"),
    [
        ("bom.json", cyclonedx(), True),
        ("sbom-1.json", spdx(), True),
        ("x.spdx.json", {}, True),
        ("bom.json", {"a": 1}, False),
        ("other.json", cyclonedx(), False),
    ],
)
def test_which_files_are_bills(tmp_path: Path, name: str, document: object, is_one: bool) -> None:
    (tmp_path / name).write_text(json.dumps(document))
    assert bool(BILLS.manifests(Tree(tmp_path), "")) is is_one


WORDS = st.text("abcAB019.-_+~:/@%?#=& \x00\n\ud7ffé", max_size=12)


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.sampled_from(sorted(KNOWN)), WORDS, WORDS, WORDS)
def test_no_purl_leads_elsewhere(kind: str, namespace: str, name: str, version: str) -> None:
    found = identify(f"pkg:{kind}/{namespace}/{name}@{version}", KNOWN)
    if found is not None and found.package is not None:
        package = found.package
        assert package_of(package.type, package.namespace, package.name) == package
        assert not {"", ".", ".."} & set(f"{package.namespace}/{package.name}".strip("/").split("/"))
        assert f"{package}{found.version}".isprintable()


VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=8)
    | st.sampled_from(PURLS),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ("components", "purl", "name", "version", "type", "packages", "externalRefs", "relationships", "scope")
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=EXAMPLES, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=60),
        st.sampled_from((b"[" * 100_000, b'{"a":' * 100_000, b'{"a": ' + b"9" * 5000 + b"}", b'{"a": "\\ud800"}')),
        st.tuples(st.sampled_from((cyclonedx(), spdx(), {})), VALUES, st.sampled_from(("components", "packages"))).map(
            lambda part: json.dumps({**part[0], part[2]: part[1]}).encode()
        ),
    )
)
def test_hostile_bills_only_leave_notes(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    root = tmp_path_factory.mktemp("bill")
    (root / "app.cdx.json").write_bytes(content)
    found = BILLS.gather(Tree(root), "", Wish())
    assert all(skipped.origin.file == "app.cdx.json" for skipped in found.skipped)


def test_components_too_deep_in_one_another_are_refused(tmp_path: Path) -> None:
    component: dict[str, Any] = {"name": "x"}
    for _ in range(50):
        component = {"name": "x", "components": [component]}
    (skipped,) = gathered(tmp_path, cyclonedx() | {"components": [component]}).skipped
    assert skipped.reason == "has components more than 20 deep in one another"
