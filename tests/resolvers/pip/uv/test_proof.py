from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.explanation import Fact
from analyzer.requirement import Force
from analyzer.verdict import Demand
from resolvers.pip.uv.proof import proof_text, read_proof
from tests.analyzer.universe import demand

DIRECT = """error: No solution found when resolving dependencies
  cause: Because you require rsa==4.9 and rsa==4.9.1, we can conclude that your requirements are unsatisfiable.
"""
CHAIN = """error: No solution found when resolving dependencies
  cause: Because all versions of b depend on c>=2 and a<=1 depends on c<2, we can conclude that a<=1 and all versions of b are incompatible.
         And because you require a<2 and b, we can conclude that your requirements are unsatisfiable.
"""  # noqa: E501
AVAILABLE = """error: No solution found when resolving dependencies
  cause: Because only the following versions of c are available:
             c<=1
             c>=2
         and you require c<2, we can conclude that you require c<=1.
         And because you require c>1, we can conclude that your requirements are unsatisfiable.

hint: something to try
"""
PYTHON = """error: No solution found when resolving dependencies
  cause: Because the requested Python version (>=3.11) does not satisfy Python>=3.14 and py==1.0 depends on Python>=3.14, we can conclude that py==1.0 cannot be used.
         And because only py==1.0 is available and you require py, we can conclude that your requirements are unsatisfiable.
"""  # noqa: E501
LIMITED = """error: No solution found when resolving dependencies
  cause: Because nova==33.0.0 depends on openstacksdk>=4.4.0 and openstacksdk==1.0.2, we can conclude that nova==33.0.0 cannot be used.
         And because you require nova==33.0.0, we can conclude that your requirements are unsatisfiable.
"""  # noqa: E501
LABELLED = """error: No solution found when resolving dependencies
  cause: Because x depends on y and y depends on z<2, we can conclude that x depends on z<2. (1)
         Because v depends on w and w depends on z>2, we can conclude that v depends on z>2.
         And because we know from (1) that x depends on z<2, we can conclude that x and v are incompatible.
         And because you require x and v, we can conclude that your requirements are unsatisfiable.
"""


def limit(service: str, name: str, constraint: str) -> Demand:
    plain = demand(service, name, constraint)
    r = plain.requirement
    return Demand(service, type(r)(r.package, r.constraint, r.origin, force=Force.LIMITS))


CASES = [
    (DIRECT, [demand("A", "rsa", "==4.9"), demand("B", "rsa", "==4.9.1")], "rsa", {"A", "B"}),
    (CHAIN, [demand("A", "a", "<2"), demand("B", "b"), demand("C", "d")], "c", {"A", "B"}),
    (AVAILABLE, [demand("A", "c", "<2"), demand("B", "c", ">1"), demand("C", "d")], "c", {"A", "B"}),
    (LIMITED, [demand("A", "nova", "==33.0.0"), limit("A", "openstacksdk", "==1.0.2")], "openstacksdk", {"A"}),
    (LABELLED, [demand("A", "x"), demand("B", "v")], "z", {"A", "B"}),
]


@pytest.mark.parametrize(("stderr", "demands", "package", "services"), CASES)
def test_what_a_proof_is_about(stderr, demands, package, services):
    refuted = read_proof(proof_text(stderr), demands)
    assert [p.name for p in refuted.packages] == [package]
    assert {d.service for d in refuted.named} == services
    assert refuted.proof.fact is Fact.CLASH and refuted.proof.subject == package


@pytest.mark.parametrize(("stderr", "demands", "package", "services"), CASES)
def test_leaves_lead_back_to_the_lines_that_ask_for_it(stderr, demands, package, services):
    leaves = [leaf for leaf in read_proof(proof_text(stderr), demands).proof.leaves() if leaf.service]
    assert {leaf.service for leaf in leaves} == services
    assert all(leaf.origin is not None and leaf.origin.file == f"{leaf.service}/requirements.txt" for leaf in leaves)


def test_a_chain_keeps_each_step():
    proof = read_proof(proof_text(CHAIN), CASES[1][1]).proof
    facts = [(leaf.fact, leaf.subject, leaf.object) for leaf in proof.leaves()]
    assert (Fact.DEPENDS, "a<=1", "c<2") in facts
    assert (Fact.DEPENDS, "all versions of b", "c>=2") in facts


def test_a_limit_is_told_apart_from_what_a_package_depends_on():
    text = """Because locust==2.43.0 depends on requests>=2.32.2 and requests==2.28.1, we can conclude that locust==2.43.0 cannot be used.
And because you require locust==2.43.0, we can conclude that your requirements are unsatisfiable."""  # fmt: skip # noqa: E501
    proof = read_proof(text, [demand("A", "locust", "==2.43.0"), limit("B", "requests", "==2.28.1")]).proof
    facts = [(leaf.service, leaf.fact, leaf.subject, leaf.object) for leaf in proof.leaves()]
    assert ("", Fact.DEPENDS, "locust==2.43.0", "requests>=2.32.2") in facts
    assert "B" in {service for service, *_ in facts}


def test_a_python_version_too_old_is_about_python():
    refuted = read_proof(proof_text(PYTHON), [demand("A", "py")])
    assert [p.name for p in refuted.packages] == ["python"]


def test_hints_are_no_part_of_the_proof():
    assert "hint" not in proof_text(AVAILABLE)


def test_an_error_that_is_no_proof():
    assert proof_text("error: Request failed after 3 retries\n  cause: client error (Connect)\n") is None


@given(st.text(max_size=300))
def test_any_text_makes_a_refutation(text):
    refuted = read_proof(text, [demand("A", "a"), demand("B", "b")])
    assert refuted.proof.fact is Fact.CLASH


WORDS = st.sampled_from(
    ["Because", "And because", "we can conclude that", "you require", "a<2", "b", "depends on", "and", ",", ". ", "(1)",
     "we know from (1)", "only", "are available", "all versions of", "has no wheels", "So, because", "c[x]>=1,<2"]
)  # fmt: skip


@given(st.lists(WORDS, max_size=40))
def test_scrambled_proofs_still_make_a_refutation(words):
    refuted = read_proof(" ".join(words), [demand("A", "a", "<2"), demand("B", "b")])
    assert list(refuted.proof.leaves())
