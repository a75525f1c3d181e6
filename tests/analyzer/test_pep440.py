from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet

from analyzer.origin import Origin
from analyzer.package import PYTHON, Package, pypi
from analyzer.pep440 import disjoint, exclude_each_other, versions
from analyzer.requirement import Force, Requirement, Source

HERE = Origin("requirements.txt", 1)

TABLE = [
    ("<2", ">=2", True),
    ("<=2", ">=2", False),
    ("==1.0", "==1.0.0", False),
    ("==0.17", "==0.17.0", False),
    ("==1.0", "==1.0+local", False),
    ("==1.0+a", "==1.0+b", True),
    ("<2", "==2rc1", True),
    ("<2", ">=2rc1", True),
    ("~=1.4", "==1.3", True),
    ("~=1.4", "==1.9", False),
    ("==1.*", "==2.*", True),
    ("!=1.*", "==1.5", True),
    ("===1.0", "==1.0", False),
    ("===1.0", "==2.0", True),
    ("", "==9", False),
    ("not a specifier", "==1", False),
    (f"=={'1' * 5000}", "==1", False),
]


@pytest.mark.parametrize(("one", "other", "clash"), TABLE)
def test_disjoint(one, other, clash):
    assert disjoint(one, other) is clash
    assert disjoint(other, one) is clash


PART = st.tuples(st.sampled_from(["<", "<=", ">", ">=", "==", "!=", "~="]), st.sampled_from(["1.0", "1.5", "2.0"]))
SPECIFIERS = st.lists(PART, max_size=3).map(lambda parts: ",".join(o + v for o, v in parts))
VERSIONS = ["0.9", "1.0rc1", "1.0", "1.0.1", "1.0.post1", "1.5.dev1", "1.5", "1.9", "2.0a1", "2.0", "2.0.1", "3"]


@given(SPECIFIERS, SPECIFIERS)
def test_no_version_lies_in_two_disjoint_sets(one, other):
    shared = [
        v
        for v in VERSIONS
        if SpecifierSet(one).contains(v, prereleases=True) and SpecifierSet(other).contains(v, prereleases=True)
    ]
    assert not (disjoint(one, other) and shared)


def test_free_text_has_no_range():
    assert versions("what") is None


def req(constraint="", package=None, **more):
    return Requirement(package or pypi("flask"), constraint, HERE, **more)


def git(reference, location="github.example/org/lib"):
    return req(source=Source("git", location, reference))


OS = Package("generic", "os")
PAIRS = [
    (req("<2"), req(">=2"), True),
    (req("<2"), req(">=2", force=Force.LIMITS), True),
    (req("<2", force=Force.LIMITS), req(">=2", force=Force.LIMITS), False),
    (req("<2"), req(">=2", force=Force.OVERRIDES), False),
    (req("<2", marker="python_version < '3.9'"), req(">=2"), False),
    (req("==3.9.*", PYTHON), req(">=3.10", PYTHON), True),
    (req("debian:12", OS), req("debian:11", OS), True),
    (req("debian:12", OS), req("debian:12", OS), False),
    (git("v1"), git("v2"), True),
    (git("v1"), git("v1"), False),
    (git("v1"), git(""), False),
    (git("v1"), git("v1", "github.example/other/lib"), True),
    (git("v1"), req("<2"), False),
]


@pytest.mark.parametrize(("one", "other", "clash"), PAIRS)
def test_what_two_requirements_prove_by_themselves(one, other, clash):
    assert exclude_each_other(one, other) is clash
    assert exclude_each_other(other, one) is clash
