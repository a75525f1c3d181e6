"""Brace expansion: ``lib{a,b}`` and ``php{1..3}`` stand for several words (bash, not POSIX)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from resolvers.shell.passage import Span, text_of
from resolvers.shell.syntax import Literal, Part

RESULT_LIMIT = 1000
"""Words that one word may stand for; one of more stays as it is written."""
GROUP_LIMIT = 20

_MARK = re.compile(r"([{},])")
_RANGE = re.compile(r"(\d{1,6})\.\.(\d{1,6})")

Parts = tuple[Part, ...]


def expand(parts: Parts) -> list[Parts]:
    """The words that a word stands for; a list of itself where it has no braces to expand."""
    atoms = [atom for part in parts for atom in _atoms(part)]
    if not 0 < sum(_mark(atom) == "{" for atom in atoms) <= GROUP_LIMIT:
        return [parts]
    found = _expand(atoms)
    return [parts] if found is None else found


def _atoms(part: Part) -> Iterator[Part]:
    """The part, cut so that each brace and comma which is not quoted is one of its own."""
    if not isinstance(part, Literal) or part.quoted or not _MARK.search(text_of(part.value)):
        yield part
        return
    for span in part.value:
        yield from (Literal((Span(text, span.origin, span.known),)) for text in _MARK.split(span.text) if text)


def _mark(atom: Part) -> str:
    return text_of(atom.value) if isinstance(atom, Literal) and not atom.quoted else ""


def _expand(atoms: Sequence[Part]) -> list[Parts] | None:
    """Every combination; None where there are too many."""
    for start, atom in enumerate(atoms):
        if _mark(atom) == "{" and (choices := _choices(atoms, start)):
            end, alternatives = choices
            tails = _expand(atoms[end + 1 :])
            middles = [_expand(alternative) for alternative in alternatives]
            if tails is None or any(middle is None for middle in middles):
                return None
            flat = [option for middle in middles for option in middle or ()]
            if len(flat) * len(tails) > RESULT_LIMIT:
                return None
            return [(*atoms[:start], *option, *tail) for option in flat for tail in tails]
    return [tuple(atoms)]


def _choices(atoms: Sequence[Part], start: int) -> tuple[int, list[Sequence[Part]]] | None:
    """Where the brace ends that opens at ``start``, and what it chooses from; None where it chooses nothing."""
    depth, cuts = 0, [start]
    for index in range(start, len(atoms)):
        mark = _mark(atoms[index])
        depth += (mark == "{") - (mark == "}")
        if depth == 1 and mark == ",":
            cuts.append(index)
        if depth == 0:
            inner = [atoms[cut + 1 : stop] for cut, stop in zip(cuts, [*cuts[1:], index], strict=True)]
            chosen = inner if len(inner) > 1 else _range(inner[0])
            return (index, chosen) if chosen else None
    return None


def _range(atoms: Sequence[Part]) -> list[Sequence[Part]]:
    atom = atoms[0] if len(atoms) == 1 else None
    match = _RANGE.fullmatch(_mark(atom)) if atom else None
    if match is None or not isinstance(atom, Literal):
        return []
    first, last = int(match[1]), int(match[2])
    if abs(last - first) >= RESULT_LIMIT:
        return []
    step = 1 if last >= first else -1
    numbers = range(first, last + step, step)
    return [(replace(atom, value=(replace(atom.value[0], text=str(number)),)),) for number in numbers]
