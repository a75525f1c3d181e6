"""Migrations: whoever arrives clashes with nobody, and everybody arrives."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.planner.migration import Step, migration
from analyzer.planner.staying import successors

NAMES = tuple("abcdefgh")
Sets = frozenset[frozenset[str]]


def clashing(edges: Sets, group: set[str] | frozenset[str]) -> bool:
    return any(edge <= group for edge in edges)


def layouts() -> st.SearchStrategy[list[frozenset[str]]]:
    homes = st.lists(st.integers(0, 4), min_size=len(NAMES), max_size=len(NAMES))
    return homes.map(
        lambda found: [frozenset(n for n, h in zip(NAMES, found, strict=True) if h == k) for k in range(4)]
    )


def colours(edges: Sets) -> list[tuple[str, ...]]:
    groups: list[set[str]] = []
    for name in reversed(NAMES):
        home = next((group for group in groups if not clashing(edges, group | {name})), None)
        if home is None:
            groups.append({name})
        else:
            home.add(name)
    return [tuple(sorted(group)) for group in groups]


@given(st.frozensets(st.frozensets(st.sampled_from(NAMES), min_size=2, max_size=3), max_size=10), layouts())
@settings(deadline=None)
def test_nothing_clashes_on_the_way(edges: Sets, present: list[frozenset[str]]) -> None:
    groups = colours(edges)
    steps = migration(present, groups, lambda group: not clashing(edges, group))
    continued = successors(groups, present)
    inside = {
        number: set(present[continued[number]]) if number in continued else set() for number in range(len(groups))
    }
    others = [set(one) for number, one in enumerate(present) if number not in continued.values()]
    nowhere = set(NAMES) - frozenset().union(*present)
    for number, group in enumerate(groups):
        inside[number] |= nowhere & set(group)
    for step in steps:
        for one in (*inside.values(), *others):
            one.discard(step.service)
        if step.group is None:
            others.append({step.service})
            continue
        assert step.beside == tuple(sorted(inside[step.group]))
        inside[step.group].add(step.service)
        assert not clashing(edges, inside[step.group])
    assert [tuple(sorted(inside[number])) for number in range(len(groups))] == groups
    waits = [step.service for step in steps if step.group is None]
    assert len(waits) == len(set(waits))
    at_home = {s for n, one in continued.items() for s in present[one] & set(groups[n])}
    assert len(steps) - len(waits) >= len(NAMES) - len(nowhere) - len(at_home)
    assert len(steps) <= 2 * len(NAMES)


def test_two_that_change_places_need_a_third() -> None:
    edges = frozenset(frozenset(pair) for pair in ("ab", "cd"))
    groups = [("a", "c", "x", "y"), ("b", "d", "v", "w")]
    present = [frozenset("bcxy"), frozenset("advw")]
    found = migration(present, groups, lambda group: not clashing(edges, group))
    assert found == (Step("a", None), Step("b", 1, ("d", "v", "w")), Step("a", 0, ("c", "x", "y")))


def test_nothing_to_do() -> None:
    assert migration([frozenset("ab")], [("a", "b")], lambda _: True) == ()
