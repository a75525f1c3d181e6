from __future__ import annotations

from dataclasses import replace

from analyzer.direct import direct_cores
from analyzer.origin import Origin
from analyzer.package import Candidate, pypi
from analyzer.pep440 import exclude_each_other
from analyzer.requirement import Locked, Source
from tests.analyzer.universe import demand


def test_the_package_that_most_pairs_clash_on_comes_first():
    demands = [
        demand("a", "flask", "<2"), demand("a", "zope", "==1"),
        demand("b", "flask", ">=2"), demand("b", "zope", "==2"),
        demand("c", "zope", "==3"),
    ]  # fmt: skip
    cores = {core.services: core for core in direct_cores(demands, exclude_each_other)}
    assert [p.name for p in cores[frozenset("ab")].packages] == ["zope", "flask"]
    assert {d.requirement.package.name for d in cores[frozenset("ab")].demands} == {"zope"}
    assert set(cores) == {frozenset("ab"), frozenset("ac"), frozenset("bc")}


def test_a_service_can_clash_with_itself():
    (core,) = direct_cores([demand("a", "x", "<1", 1), demand("a", "x", ">2", 2)], exclude_each_other)
    assert core.services == {"a"} and len(core.demands) == 2


def test_lines_that_agree_make_no_core():
    demands = [demand(s, "x", c) for s, c in (("a", ">=1"), ("b", "<2"), ("c", "==1.5"))]
    assert direct_cores(demands, exclude_each_other) == ()


def test_what_one_service_takes_from_an_index_and_another_from_a_folder_is_compared():
    index, folder = demand("a", "common"), demand("b", "common")
    placed = replace(folder, requirement=replace(folder.requirement, source=Source("path", "../libs/common")))
    for demands in ((index, placed), (placed, index)):
        assert direct_cores(demands, exclude_each_other) == ()
    assert sorted([placed.requirement, index.requirement]) == [index.requirement, placed.requirement]
    pins = [Locked(Candidate(pypi("common"), "1"), Origin("a"), source=s) for s in (Source("path", "../libs"), None)]
    assert sorted(pins) == pins[::-1]
