"""Dependency fields: what Policy 7.1 admits, what it does not, and whatever else may stand there."""

from __future__ import annotations

import contextlib

import pytest
from debian.deb822 import PkgRelation
from hypothesis import given, settings
from hypothesis import strategies as st

from resolvers.deb.architecture import debian_architecture, matches
from resolvers.deb.relation import Relation, RelationError, parse
from tests.hostile import EXAMPLES

FIELDS: dict[str, tuple[tuple[Relation, ...], ...]] = {
    "": (),
    " , ": (),
    "libc6": ((Relation("libc6"),),),
    "libc6 (>= 2.34), zlib1g": ((Relation("libc6", ">=", "2.34"),), (Relation("zlib1g"),)),
    "exim4 | mail-transport-agent,": ((Relation("exim4"), Relation("mail-transport-agent")),),
    "a(<<1:2~rc1-3),b\n (=  0)": ((Relation("a", "<<", "1:2~rc1-3"),), (Relation("b", "=", "0"),)),
    "a (< 1), b (> 1)": ((Relation("a", "<=", "1"),), (Relation("b", ">=", "1"),)),
    "python3:any (>> 3), perl:native": (
        (Relation("python3", ">>", "3", "any"),),
        (Relation("perl", qualifier="native"),),
    ),
    "gcc:i386|g++-12": ((Relation("gcc", qualifier="i386"), Relation("g++-12")),),
    "a [amd64 !i386] <!nocheck> <stage1 !cross>": (
        (Relation("a", architectures=("amd64", "!i386"), profiles=(("!nocheck",), ("stage1", "!cross"))),),
    ),
    "a (>= 1) [linux-any]": ((Relation("a", ">=", "1", architectures=("linux-any",)),),),
}
BROKEN = [
    "a |",
    "| a",
    "a b",
    "a (1)",
    "a (>= )",
    "a (>= 1",
    "a (== 1)",
    "a (=> 1)",
    "a (>= 1 2)",
    "a (>= 1) (<< 2)",
    "a [",
    "a []",
    "a <!nocheck",
    "-a",
    "${misc:Depends}",
    "a:",
    "é",
    "a\0",
]


@pytest.mark.parametrize(("text", "relations"), FIELDS.items())
def test_a_field_is_a_conjunction_of_alternatives(text: str, relations: tuple[tuple[Relation, ...], ...]) -> None:
    assert parse(text) == relations


@pytest.mark.parametrize("text", BROKEN)
def test_what_is_no_relation_is_told(text: str) -> None:
    with pytest.raises(RelationError, match=r"is no relationship to a package: "):
        parse(text)


@pytest.mark.parametrize(("text", "relations"), FIELDS.items())
def test_a_relation_reads_as_it_is_written(text: str, relations: tuple[tuple[Relation, ...], ...]) -> None:
    bare = tuple(tuple(Relation(r.name, r.operator, r.version, r.qualifier) for r in either) for either in relations)
    assert parse(", ".join(" | ".join(map(str, either)) for either in relations)) == bare


@pytest.mark.parametrize(
    ("restrictions", "architecture", "profiles", "holds"),
    [
        ("", "amd64", (), True),
        ("[amd64 arm64]", "amd64", (), True),
        ("[amd64 arm64]", "i386", (), False),
        ("[!amd64 !arm64]", "i386", (), True),
        ("[!amd64 !arm64]", "arm64", (), False),
        ("[linux-any]", "amd64", (), True),
        ("[linux-any]", "kfreebsd-amd64", (), False),
        ("<!nocheck>", "amd64", (), True),
        ("<!nocheck>", "amd64", ("nocheck",), False),
        ("<stage1> <cross>", "amd64", ("cross",), True),
        ("<stage1 cross>", "amd64", ("cross",), False),
        ("[i386] <!nocheck>", "amd64", (), False),
    ],
)
def test_restrictions_say_where_a_relation_holds(
    restrictions: str, architecture: str, profiles: tuple[str, ...], holds: bool
) -> None:
    [[relation]] = parse(f"a {restrictions}")
    assert relation.applies(architecture, profiles) is holds


@pytest.mark.parametrize(
    ("architecture", "wildcard", "matching"),
    # As dpkg-architecture -a… -i… judges.
    [
        ("amd64", "any", True),
        ("armhf", "any-arm", True),
        ("x32", "any-amd64", True),
        ("kfreebsd-amd64", "any-amd64", True),
        ("hurd-i386", "hurd-any", True),
        ("musl-linux-amd64", "linux-any", True),
        ("musl-linux-amd64", "gnu-any-any", False),
        ("musl-linux-amd64", "musl-any-any", True),
        ("amd64", "any-i386", False),
        ("amd64", "i386", False),
    ],
)
def test_wildcards_mean_what_dpkg_says(architecture: str, wildcard: str, matching: bool) -> None:
    assert matches(architecture, wildcard) is matching


def test_machines_have_names_of_their_own_in_debian() -> None:
    assert [*map(debian_architecture, ("x86_64", "aarch64", "riscv64", "amd64"))] == [
        "amd64",
        "arm64",
        "riscv64",
        "amd64",
    ]


NAMES = st.from_regex(r"[a-z0-9][a-z0-9+.-]{1,8}", fullmatch=True)
BOUNDS = st.tuples(
    st.sampled_from(["<<", "<=", "=", ">=", ">>"]), st.from_regex(r"[0-9][0-9a-z.+~]{0,5}", fullmatch=True)
)
RELATIONS = st.builds(
    lambda name, qualifier, bound: Relation(name, *(bound or ("", "")), qualifier),
    NAMES,
    st.sampled_from(["", "any", "native", "i386"]),
    st.none() | BOUNDS,
)


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.lists(st.lists(RELATIONS, min_size=1, max_size=3), min_size=1, max_size=4))
def test_fields_are_read_as_python_debian_reads_them(field: list[list[Relation]]) -> None:
    text = ", ".join(" | ".join(map(str, either)) for either in field)
    theirs = [
        [Relation(r["name"], *(r["version"] or ("", "")), r["archqual"] or "") for r in either]
        for either in PkgRelation.parse_relations(text)
    ]
    assert [list(either) for either in parse(text)] == theirs == field


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.text(st.sampled_from("ab1 \t\n()[]<>|,:=!~${}\0é"), max_size=60) | st.text(max_size=60))
def test_hostile_fields_are_read_or_refused(text: str) -> None:
    with contextlib.suppress(RelationError):
        parse(text)


@pytest.mark.parametrize(
    "text", ["a" + " " * 200_000 + "!", "a (" * 50_000, "a" + "<b>" * 50_000 + "<", "a [" + " x" * 99_999]
)
def test_long_fields_take_linear_time(text: str) -> None:
    with pytest.raises(RelationError):
        parse(text)
