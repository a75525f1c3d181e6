"""Saved fleets: gathered here, read there, nothing lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.boundary import Boundary
from analyzer.errors import CohabitError, ManifestError
from analyzer.origin import Origin
from analyzer.package import Candidate, Package
from analyzer.requirement import Force, Locked, Requirement, Source
from analyzer.service import DependencySet, Fleet, Platform, Port, PresentEnvironment, Service, Skipped
from reports.fleet_json import fleet_from_json, fleet_to_json, package_name, package_value
from tests.reports.example import example_report, hostile_report

text = st.text(max_size=8)
texts = st.lists(text, max_size=2).map(tuple)
origins = st.builds(Origin, text, st.integers(0, 2**31), text)
packages = st.builds(Package, text, text, text)
sources = st.none() | st.builds(Source, text, text, text)
requirements = st.builds(Requirement, packages, text, origins, texts, st.sampled_from(Force), sources, text)
locks = st.builds(Locked, st.builds(Candidate, packages, text), origins, texts, sources, text)
skips = st.lists(st.builds(Skipped, text, text, origins, st.booleans()), max_size=2).map(tuple)
sets = st.builds(
    DependencySet,
    text,
    st.lists(requirements, max_size=2).map(tuple),
    st.none() | st.lists(locks, max_size=2).map(tuple),
    st.booleans(),
    st.booleans(),
    texts,
)
ports = st.builds(Port, st.integers(0, 65535), origins, st.sampled_from(("tcp", "udp")))
services = st.builds(
    Service,
    text,
    text,
    st.builds(Platform, text, text, text),
    st.lists(sets, max_size=2).map(tuple),
    st.lists(requirements, max_size=1).map(tuple),
    skips,
    texts,
    text,
    text,
    st.none() | st.integers(0, 2**50),
    st.none() | st.floats(0, 512),
    st.lists(ports, max_size=2).map(tuple),
    st.lists(requirements, max_size=1).map(tuple),
    text,
    st.integers(0, 99),
    texts,
    texts,
    st.none() | st.floats(0, 2**40),
    st.none() | st.integers(0, 2**60),
    st.none() | st.integers(0, 2**60),
    st.none() | st.booleans(),
)
boundaries = st.lists(st.sampled_from(Boundary), unique=True).map(tuple)
fleets = st.builds(
    Fleet,
    text,
    st.lists(services, max_size=3, unique_by=lambda service: service.name).map(tuple),
    st.lists(st.builds(PresentEnvironment, st.sampled_from(Boundary), texts), max_size=1).map(tuple),
    boundaries,
    skips,
)


@given(fleets)
def test_round_trip(fleet: Fleet) -> None:
    data = fleet_to_json(fleet)
    assert fleet_from_json(data) == fleet
    assert fleet_to_json(fleet_from_json(data)) == data


def test_round_trip_of_the_example() -> None:
    fleet = example_report().fleet
    assert fleet_from_json(fleet_to_json(fleet)) == fleet


def test_names_that_are_no_unicode_are_written_visibly_and_stay_so() -> None:
    data = fleet_to_json(hostile_report().fleet)
    assert b'"lone \\\\ud800 surrogate' in data
    assert fleet_to_json(fleet_from_json(data)) == data


@given(packages)
def test_package_names_are_read_back(package: Package) -> None:
    assert package_value(package_name(package)) == package


@pytest.mark.parametrize(
    ("package", "expected"),
    [
        (Package("pypi", "flask"), "pypi/flask"),
        (Package("deb", "libssl3", "debian"), "deb/debian/libssl3"),
        (Package("git", "repo", "github.com/org"), "git/github.com/org/repo"),
        (Package("pypi", "a/b%"), "pypi/a%2Fb%25"),
    ],
)
def test_package_names_read_as_in_a_purl(package: Package, expected: str) -> None:
    assert package_name(package) == expected


@given(st.binary(max_size=40) | st.text(max_size=40).map(str.encode))
def test_any_bytes_give_a_fleet_or_a_typed_error(data: bytes) -> None:
    with pytest.raises(CohabitError):
        fleet_from_json(data, "fleet.json")


@given(st.data())
def test_damaged_fleets_raise_nothing_else(data: st.DataObject) -> None:
    content = bytearray(fleet_to_json(example_report().fleet))
    start = data.draw(st.integers(0, len(content) - 1))
    content[start : start + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=20))
    try:
        fleet_from_json(bytes(content))
    except CohabitError as error:
        assert str(error)


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (b'{"schema": "cohabit.fleet/1"}', "missing required field `fleet`"),
        (b'{"schema": "cohabit.report/1"}', "$.schema"),
        (b'{"schema": "cohabit.fleet/1", "fleet": {"name": "x", "services": [{"name": []}]}}', "services[0].name"),
        (b'\n{"schema": }', "saved.json:2: "),
        (b"[" * 100_000, "array"),
        (b'{"fleet": ' * 100_000, "$.fleet"),
    ],
)
def test_errors_name_the_place(data: bytes, place: str) -> None:
    with pytest.raises(ManifestError) as caught:
        fleet_from_json(data, "saved.json")
    assert place in str(caught.value)
