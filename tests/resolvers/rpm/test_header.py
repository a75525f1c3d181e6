from __future__ import annotations

import struct
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.errors import ManifestError
from resolvers.rpm.declared import Declared, Target
from resolvers.rpm.header import read_rpm
from resolvers.rpm.header_blob import HeaderError, Tag, read_header
from resolvers.tree import Tree
from tests.hostile import EXAMPLES
from tests.resolvers.rpm.building import rpmbuild, run

SPEC = """
Name: alpha
Epoch: 2
Version: 1.0~rc1
Release: 3%{?dist}
Summary: a
License: MIT
Requires: beta >= 1:2.0, gamma < 4
Requires: (delta if epsilon)
Requires(pre): /usr/sbin/useradd
Requires: %{name}-libs%{?_isa} = %{epoch}:%{version}-%{release}
Requires: /usr/bin/alpha
Conflicts: omega < 3
%description
a
%package libs
Summary: l
%description libs
l
%prep
%build
%install
mkdir -p %{buildroot}/usr/bin
echo '#!/bin/bash' > %{buildroot}/usr/bin/alpha
chmod +x %{buildroot}/usr/bin/alpha
%files
/usr/bin/alpha
%files libs
"""


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return rpmbuild(tmp_path_factory.mktemp("header"), SPEC)


def _read(package: Path) -> Declared:
    return read_rpm(Tree(package.parent), package.name, Target("fedora:42"))


def test_requires_are_what_rpm_says(packages: list[Path]) -> None:
    printed = run("rpm", "-qp", "--requires", packages[0]).split("\n")
    own = {"/usr/bin/alpha", ""}
    expected = {line for line in printed if not line.startswith("rpmlib(") and line not in own}
    assert {str(r) for r in _read(packages[0]).requirements} == expected
    assert all(r.package.namespace == "fedora" for r in _read(packages[0]).requirements)


def test_provides_and_exclusions(packages: list[Path]) -> None:
    alpha, libs = map(_read, packages)
    assert {"alpha", "/usr/bin/alpha", "alpha(x86-64)"} <= alpha.provides
    assert "alpha-libs(x86-64)" in libs.provides
    assert [(s.what, s.incomplete) for s in alpha.skipped] == [("Conflicts: omega", True)]


def test_source_packages_require_only_to_be_built(packages: list[Path], tmp_path: Path) -> None:
    spec = packages[0].parents[3] / "made.spec"
    run("rpmbuild", "-bs", "--define", f"_topdir {tmp_path}", spec)
    (source,) = tmp_path.rglob("*.src.rpm")
    declared = _read(source)
    assert not declared.requirements
    assert [s.incomplete for s in declared.skipped] == [False]


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.data())
def test_damaged_packages_are_refused(
    packages: list[Path], tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    content = bytearray(packages[0].read_bytes())
    end = data.draw(st.sampled_from([len(content), 5000, 1500]) | st.integers(0, 5000))
    for place in data.draw(st.lists(st.integers(0, 1200) | st.integers(0, 6000), max_size=8)):
        content[place % len(content)] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.getbasetemp() / "damaged.rpm"
    path.write_bytes(content[:end])
    try:
        declared = _read(path)
    except ManifestError as error:
        assert error.reason
    else:
        assert isinstance(declared, Declared)


@settings(max_examples=EXAMPLES, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([1000, 1047, 1048, 1049, 1116]),
            st.integers(0, 12),
            st.integers(-9, 60),
            st.integers(0, 2**32 - 1),
        ),
        max_size=9,
    ),
    st.binary(max_size=50),
)
def test_entries_that_lie(entries: list[tuple[int, int, int, int]], store: bytes) -> None:
    blob = struct.pack(">II", len(entries), len(store)) + b"".join(struct.pack(">IIiI", *e) for e in entries) + store
    header = read_header(blob)
    for take in (header.texts, header.numbers):
        for tag in Tag:
            try:
                assert len(take(tag)) <= len(store)
            except HeaderError as error:
                assert tag.name in str(error)


def test_a_header_that_promises_too_much_is_refused() -> None:
    for intro in (struct.pack(">II", 2**32 - 1, 0), struct.pack(">II", 1, 2**31), b"\0"):
        with pytest.raises(HeaderError):
            read_header(intro)
