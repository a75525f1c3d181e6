from __future__ import annotations

import pytest

from analyzer.locks import certificate, drift, preferred
from analyzer.origin import Origin
from analyzer.package import Candidate, pypi
from analyzer.requirement import Locked, Source
from analyzer.service import DependencySet, Platform, Service
from analyzer.verdict import Witness


def service(name, versions, *, closed=True, python="3.12", bundled=False, source=None):
    locked = tuple(
        Locked(Candidate(pypi(n), v), Origin(f"{name}/uv.lock", i), source=source) for i, (n, v) in enumerate(versions)
    )
    own = DependencySet("pypi", (), locked, closed=closed, bundled=bundled)
    return Service(name, name, Platform(python), (own,))


A = service("a", [("flask", "3.0"), ("jinja2", "3.1")])


@pytest.mark.parametrize(
    ("other", "agrees"),
    [
        (service("b", [("jinja2", "3.1"), ("click", "8")]), True),
        (service("b", [("jinja2", "3.0")]), False),
        (service("b", [("jinja2", "3.1")], closed=False), False),
        (service("b", [("jinja2", "3.1")], python="3.11"), False),
        (service("b", [("jinja2", "3.1")], source=Source("git", "x/y", "abc")), False),
        (service("b", [("jinja2", "2.0")], bundled=True), True),
    ],
)
def test_equal_closed_locks_are_a_certificate(other, agrees):
    witness = certificate([A, other], "pypi")
    assert (witness is not None) is agrees
    if witness is not None:
        assert Candidate(pypi("jinja2"), "3.1") in witness.versions


def test_most_locks_decide_which_version_is_preferred_and_then_the_newest():
    services = [
        service(n, [("x", v), ("y", w)]) for n, v, w in [("a", "1.9", "1"), ("b", "1.10", "1"), ("c", "1", "2")]
    ]
    assert preferred(services, "pypi") == {pypi("x"): "1.10", pypi("y"): "1"}


def test_drift_counts_moved_versions_of_each_service():
    witness = Witness((Candidate(pypi("flask"), "3.0.0"), Candidate(pypi("jinja2"), "3.2")))
    assert drift([A, service("b", [("jinja2", "3.1"), ("gone", "1")])], "pypi", witness) == 2
