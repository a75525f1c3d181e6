"""The sentences of an Explanation about installed packages: the chain on each side, then the clash.

Told as ``analyzer.coinstall.refutation`` argues: who requires what, what that brings with it, and which
two packages exclude each other, by which field of theirs.
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.explanation import Explanation, Fact
from analyzer.origin import Origin
from analyzer.verdict import Demand

FACTS = frozenset({Fact.BRINGS, Fact.SUPPOSED, Fact.EXCLUDES, Fact.LACKS, Fact.EXHAUSTED})
"""What only Explanations about installed packages state."""


def sentences(node: Explanation) -> Iterator[str]:
    """The sentences of an Explanation, premises first."""
    if node.fact not in FACTS:
        return
    if not node.causes:
        yield f"{_statement(node)}."
        return
    for chain in _chains(node):
        yield f"{_chain(chain)}."
        for ruled_out in _ruled_out(chain):
            yield f"{ruled_out.object or ruled_out.subject} is no way round it: {_clash(ruled_out)}."
    yield from _conclusion(node)


def consequences(root: Explanation, demand: Demand) -> tuple[str, ...]:
    """What a Demand leads to, step by step: each package that it brings, then what the last one excludes."""
    asked = (demand.service, demand.requirement.origin)
    for node in _clashes(root):
        for chain in _chains(node):
            path = _path(chain)
            if path and (path[0].service, path[0].origin) == asked:
                steps = [_step(step) for step in path[1:]]
                return (*(step for step in steps if step), _clash(node))
    return ()


def _step(node: Explanation) -> str:
    return f"brings {node.subject}{_by(node)}"


def _clashes(node: Explanation) -> Iterator[Explanation]:
    """The contradictions in an Explanation, the outermost first."""
    if node.fact in (Fact.EXCLUDES, Fact.LACKS):
        yield node
    for cause in node.causes:
        yield from _clashes(cause)


def _chains(node: Explanation) -> list[Explanation]:
    """What the contradiction joins: the packages that are there, with how they came."""
    return [cause for cause in node.causes if cause.fact in (Fact.BRINGS, Fact.SUPPOSED, Fact.REQUIRED, Fact.LOCKED)]


def _path(node: Explanation) -> list[Explanation]:
    """A chain from the requirement to its last package."""
    path = [node]
    while path[-1].fact in (Fact.BRINGS, Fact.SUPPOSED) and path[-1].causes:
        path.append(path[-1].causes[0])
    return path[::-1]


def _ruled_out(chain: Explanation) -> Iterator[Explanation]:
    for step in _path(chain):
        yield from (cause for cause in step.causes[1:] if cause.fact in (Fact.EXCLUDES, Fact.LACKS))


def _chain(chain: Explanation) -> str:
    first, *steps = _path(chain)
    told = _demanded(first)
    for number, step in enumerate(steps):
        verb = "perhaps through" if step.fact is Fact.SUPPOSED else "which brings"
        if number == 0 and not step.by:
            told += f" and gets {step.subject}" if step.fact is Fact.BRINGS else f", {verb} {step.subject}"
        else:
            told += f", {verb} {step.subject}{_by(step)}"
    return told


def _demanded(node: Explanation) -> str:
    if node.fact not in (Fact.REQUIRED, Fact.LOCKED):
        return node.subject
    verb = "locks" if node.fact is Fact.LOCKED else "requires"
    return f"{node.service} {verb} {node.subject}{_place(node.origin)}"


def _conclusion(node: Explanation) -> Iterator[str]:
    if node.fact in (Fact.EXCLUDES, Fact.LACKS):
        yield f"But {_clash(node)}."
    elif node.fact is Fact.EXHAUSTED:
        yield f"One of {_choices(node.subject)} is needed{_by(node)}."
        for case in node.causes:
            if case.fact is Fact.EXCLUDES and len(case.causes) == 1:
                yield f"{case.object} is out: {_clash(case)}."
            elif case.fact in FACTS - {Fact.BRINGS, Fact.SUPPOSED}:
                yield from sentences(case)
        yield "So there is no way left."


def _clash(node: Explanation) -> str:
    if node.fact is Fact.LACKS:
        return _lack(node)
    if not node.by:
        return f"{node.subject} and {node.object} are versions of one package, of which one can be installed"
    return f"{node.subject} excludes {node.object}{_by(node)}"


def _lack(node: Explanation) -> str:
    wanted = f"what {node.subject} needs{_by(node)}" if node.by else node.subject
    if node.object:
        return f"only {node.object} provides {wanted}, which the installer takes only where its version is asked for"
    return f"nothing provides {wanted}"


def _statement(node: Explanation) -> str:
    """A single node, in a list."""
    if node.fact in (Fact.BRINGS, Fact.SUPPOSED):
        return f"{'perhaps ' if node.fact is Fact.SUPPOSED else ''}{node.subject} comes with it{_by(node)}"
    if node.fact is Fact.EXHAUSTED:
        return f"one of {_choices(node.subject)} is needed{_by(node)}, and each is ruled out"
    return _clash(node)


def _choices(text: str) -> str:
    choices = text.split(" | ")
    return text if len(choices) <= 6 else f"{', '.join(choices[:5])} and {len(choices) - 5} more"


def _by(node: Explanation) -> str:
    return f" ({node.by})" if node.by else ""


def _place(origin: Origin | None) -> str:
    return f" ({origin})" if origin is not None else ""
