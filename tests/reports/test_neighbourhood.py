"""One service among the others, as a person reads it."""

from __future__ import annotations

import dataclasses

from analyzer.neighbourhood import Neighbourhood
from analyzer.verdict import Code, Conflict
from reports.terminal import to_neighbourhood_text, to_terminal_text
from tests.analyzer.test_ports import found, listening
from tests.reports.example import example_report


def on_one_port(number: int) -> tuple[Conflict, ...]:
    return found(*(listening(f"s{n}", "8080/tcp") for n in range(number)))[1]


def test_conflicts_are_told_one_by_one() -> None:
    text = to_neighbourhood_text(Neighbourhood("billing", example_report(), (), ()))
    told = [c for c in example_report().conflicts if "billing" in c.services]
    assert sum(line.startswith(tuple(f"{code} " for code in Code)) for line in text.splitlines()) == len(told) > 1


def test_all_on_one_port_are_told_together() -> None:
    report = dataclasses.replace(example_report(), conflicts=on_one_port(4))
    text = to_neighbourhood_text(Neighbourhood("s0", report, (), ()))
    assert "NET001 the same ports: 8080/tcp of s1, s2 and s3\n" in text
    assert text.count("NET001") == 1


def test_one_on_the_same_port_is_told_by_name() -> None:
    report = dataclasses.replace(example_report(), conflicts=on_one_port(2))
    assert "NET001 s0 and s1 both listen on 8080/tcp\n" in to_neighbourhood_text(Neighbourhood("s0", report, (), ()))


def test_a_table_of_ports_tells_the_lines() -> None:
    text = to_terminal_text(dataclasses.replace(example_report(), conflicts=on_one_port(3)), 100, color=False)
    assert "  8080/tcp  s0 (s0:1), s1 (s1:1) and s2 (s2:1)\n" in text


def test_nobody_is_kept_away() -> None:
    report = dataclasses.replace(example_report(), conflicts=())
    assert "It clashes with nobody." in to_neighbourhood_text(Neighbourhood("billing", report, (), ()))
