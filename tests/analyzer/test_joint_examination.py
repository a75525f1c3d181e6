"""Several ecosystems at once: a clash in one does not hide one in another, and fits are joined."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.inquiry import Inquiry
from analyzer.joint_examination import conflicts, examine_jointly
from analyzer.oracle import Satisfied
from analyzer.origin import Origin
from analyzer.package import Candidate, Package
from analyzer.pep440 import exclude_each_other
from analyzer.requirement import Requirement
from analyzer.search import Core, Fits, Open
from analyzer.service import DependencySet, Fleet, Platform, Service, Skipped
from analyzer.verdict import Boundary, Code, Stance, Witness
from tests.analyzer.universe import BruteForce, Universe

UNIVERSES = {
    "pypi": Universe({"x": {"1": (), "2": ()}, "y": {"1": (("x", "<2"),)}}),
    "deb": Universe({"m": {"1": (("n", "==1"),)}, "n": {"1": (), "2": ()}, "o": {"1": (("n", "==2"),)}}),
}


class Part(BruteForce):
    """Brute force for the packages of one ecosystem."""

    def __init__(self, ecosystem):
        super().__init__(UNIVERSES[ecosystem])
        self.ecosystem = ecosystem

    def ask(self, demands, prefer):
        answer = super().ask([d for d in demands if d.requirement.package.type == self.ecosystem], prefer)
        if not isinstance(answer, Satisfied):
            return answer
        versions = (Candidate(Package(self.ecosystem, c.package.name), c.version) for c in answer.witness.versions)
        return Satisfied(Witness(tuple(versions)))

    def meets(self, demands, witness):
        return super().meets([d for d in demands if d.requirement.package.type == self.ecosystem], witness)


def service(name, os="linux", skipped=(), **wanted):
    sets = tuple(
        DependencySet(ecosystem, tuple(Requirement(Package(ecosystem, p), c, Origin(name)) for p, c in asked))
        for ecosystem, asked in wanted.items()
    )
    return Service(name, name, Platform(os=os), sets, skipped=skipped)


def examined(*services):
    parts = [Inquiry(Part(ecosystem)) for ecosystem in ("pypi", "deb")]
    return examine_jointly(Fleet("fleet", services), parts, exclude_each_other)


def found(joint):
    return [(c.code, c.services) for c in conflicts(joint, exclude_each_other)]


def test_a_pair_that_clashes_in_two_ecosystems_has_two_conflicts():
    joint = examined(service("a", pypi=[("y", "")], deb=[("m", "")]), service("b", pypi=[("x", ">1")], deb=[("o", "")]))
    assert found(joint) == [(Code.DEB_RESOLUTION, ("a", "b")), (Code.RESOLUTION, ("a", "b"))]
    boundaries = {c.code: c.boundary for c in conflicts(joint, exclude_each_other)}
    assert set(boundaries.values()) == {Boundary.CONTAINER}


def test_two_systems_clash_whatever_is_installed_and_nothing_more_is_asked():
    joint = examined(
        service("a", "debian:11", pypi=[("y", "")]),
        service("b", "debian:12", pypi=[("x", ">1")]),
        service("c", "debian:12", deb=[("m", "")]),
    )
    assert found(joint) == [(Code.OPERATING_SYSTEM, ("a", "b")), (Code.OPERATING_SYSTEM, ("a", "c"))]
    assert {f.services for f in joint[Stance.RELOCKED].compatible()} >= {("b", "c")}


def test_the_witness_of_a_mixed_group_has_the_packages_of_both():
    joint = examined(service("a", pypi=[("y", "")]), service("b", deb=[("o", "")]), service("c"))
    (fits,) = joint[Stance.RELOCKED].compatible()
    assert fits.services == ("a", "b", "c")
    assert {str(c.package) for c in fits.witness.versions} == {"pypi/x", "pypi/y", "deb/n", "deb/o"}


def test_what_is_unclear_in_no_ecosystem_is_open_with_everyone():
    skipped = Skipped("Dockerfile", "an unknown image", Origin("a/Dockerfile", 1))
    joint = examined(service("a", skipped=(skipped,)), service("b", deb=[("o", "")]))
    assert [sorted(o.services) for o in joint[Stance.RELOCKED].open()] == [["a"], ["a", "b"]]
    assert isinstance(joint[Stance.RELOCKED].judge(frozenset("ab")), Open)


_asked = {
    "pypi": st.lists(st.sampled_from([("x", "<2"), ("x", ">1"), ("y", ""), ("x", "")]), max_size=2),
    "deb": st.lists(st.sampled_from([("m", ""), ("o", ""), ("n", "==2"), ("n", "")]), max_size=2),
}
_fleets = st.lists(
    st.tuples(st.sampled_from(["linux", "debian:11", "debian:12"]), st.fixed_dictionaries({}, optional=_asked)),
    min_size=1,
    max_size=4,
)


def _fits(group, services):
    systems = {s.platform.os for s in services if s.name in group} - {"linux"}
    return len(systems) < 2 and all(
        UNIVERSES[e].solve(
            [
                (r.package.name, r.constraint)
                for s in services
                if s.name in group
                for d in s.sets
                if d.ecosystem == e
                for r in d.requirements
            ]
        )
        is not None
        for e in UNIVERSES
    )


@given(_fleets)
@settings(max_examples=150, deadline=None)
def test_every_pair_and_every_group_equals_brute_force(drawn):
    services = tuple(service(f"s{n}", os, **wanted) for n, (os, wanted) in enumerate(drawn))
    joint = examined(*services)[Stance.RELOCKED]
    names = [s.name for s in services]
    clashing = {core.services for core in joint.cores}
    settled = [set(fits.services) for fits in joint.compatible()]
    for size in (1, 2):
        for group in map(frozenset, combinations(names, size)):
            expected = _fits(group, services)
            assert any(core <= group for core in clashing) is not expected
            assert any(group <= known for known in settled) is expected
    verdict = joint.judge(frozenset(names))
    assert isinstance(verdict, Fits if _fits(set(names), services) else Core)
