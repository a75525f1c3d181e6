"""The sentences of an Explanation about installed packages: the chain on each side, then the clash.

Told as ``analyzer.coinstall`` argues: who requires what, what that brings with it, and which two
packages exclude each other, by which field of theirs. What was told once is built upon, not repeated.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from analyzer.explanation import Explanation, Fact
from analyzer.origin import Origin
from analyzer.verdict import Demand

FACTS = frozenset({Fact.BRINGS, Fact.SUPPOSED, Fact.EXCLUDES, Fact.LACKS, Fact.EXHAUSTED, Fact.EVICTED, Fact.RULES_OUT})
"""What only Explanations about installed packages state."""

_PRESENT = (Fact.BRINGS, Fact.SUPPOSED)
_ASKED = (Fact.REQUIRED, Fact.LOCKED)
_CONTRADICTIONS = (Fact.EXCLUDES, Fact.LACKS, Fact.EVICTED, Fact.RULES_OUT)


def sentences(root: Explanation) -> Iterator[str]:
    """The sentences of an Explanation, premises first; some may be the same."""
    if not root.causes:
        yield f"{_statement(root)}."
        return
    yield from _contradiction(root, _Told())
    if root.fact is Fact.EXHAUSTED:
        yield "So there is no way left."


def consequences(root: Explanation, demand: Demand) -> tuple[str, ...]:
    """What a Demand leads to, step by step: each package that it brings, then what speaks against the last."""
    asked = (demand.service, demand.requirement.origin)
    for node in _clashes(root):
        for chain in _chains(node):
            first, *steps = _path(chain)
            if steps and (first.service, first.origin) == asked:
                return (*map(_step, steps), _against(node, steps[-1].subject))
    return ()


def _step(node: Explanation) -> str:
    verb = "brings" if node.by else "installs"
    return f"{'perhaps ' if node.fact is Fact.SUPPOSED else ''}{verb} {node.subject}{_by(node)}"


def _against(node: Explanation, last: str) -> str:
    """The contradiction as a clause about the package that a chain ends at."""
    if node.fact is Fact.EXCLUDES and node.by and last == node.subject:
        return f"which excludes {node.object}{_by(node)}"
    if node.fact is Fact.EXCLUDES and node.by and last == node.object:
        return f"which {node.subject} excludes{_by(node)}"
    if node.fact is Fact.LACKS and node.by and last == node.subject:
        return f"which needs {_lack(node)}"
    return _clash(node)


def _clashes(root: Explanation) -> Iterator[Explanation]:
    """The contradictions in an Explanation, the outermost first."""
    # Iterative and by identity: chains may be deep, and cases share what they start from.
    waiting, seen = [root], {id(root)}
    while waiting:
        node = waiting.pop()
        if node.fact in _CONTRADICTIONS:
            yield node
        fresh = [cause for cause in reversed(node.causes) if id(cause) not in seen]
        seen.update(map(id, fresh))
        waiting.extend(fresh)


def _chains(node: Explanation) -> list[Explanation]:
    """What the contradiction joins: the packages that are there, with how they came."""
    return [cause for cause in node.causes if cause.fact in (*_PRESENT, *_ASKED)]


def _path(node: Explanation) -> list[Explanation]:
    """A chain from the requirement to its last package."""
    path = [node]
    while path[-1].fact in _PRESENT and path[-1].causes:
        path.append(path[-1].causes[0])
    return path[::-1]


@dataclass(frozen=True, slots=True)
class _Told:
    """The packages of which it is known how they came, and the contradictions, by identity."""

    packages: set[str] = field(default_factory=set)
    contradictions: set[int] = field(default_factory=set)


def _contradiction(node: Explanation, told: _Told) -> Iterator[str]:
    told.contradictions.add(id(node))
    for chain in _chains(node):
        yield from _premise(chain, told)
    if node.fact in _CONTRADICTIONS:
        yield f"But {_clash(node, brief=bool(node.causes))}."
    elif node.fact is Fact.EXHAUSTED:
        yield f"{_need(node)}."
        for case in node.causes:
            if case.fact in (*_CONTRADICTIONS, Fact.EXHAUSTED) and id(case) not in told.contradictions:
                yield from _contradiction(case, told)


def _premise(chain: Explanation, told: _Told) -> Iterator[str]:
    path = _path(chain)
    known = [n for n, step in enumerate(path) if step.fact is Fact.SUPPOSED or step.subject in told.packages]
    start = known[-1] if known and path[known[-1]].fact in _PRESENT else 0
    told.packages.update(step.subject for step in path[1:])
    if start < len(path) - 1 or len(path) == 1:
        yield f"{_chain(path[start:])}."
    for step in path[start:]:
        for ruled_out in (cause for cause in step.causes[1:] if cause.fact in _CONTRADICTIONS):
            yield f"{ruled_out.object or ruled_out.subject} is no way round it: {_clash(ruled_out)}."


def _chain(path: list[Explanation]) -> str:
    first, *steps = path
    text = _demanded(first)
    for number, step in enumerate(steps):
        if step.by:
            verb = "brings" if number == 0 and first.fact in _PRESENT else "which brings"
            joint = " " if verb == "brings" else ", "
            text += f"{joint}{verb} {step.subject}{_by(step)}"
        else:
            text += _got(first.subject, step.subject)
    return text


def _got(asked: str, subject: str) -> str:
    """What a requirement leads to, without what it says itself (``nginx=1.22`` gets ``nginx 1.22``)."""
    name, _, version = subject.partition(" ")
    if asked in (f"{name}={version}", f"{name}=={version}"):
        return ""
    if asked != name:
        return f" and gets {subject}"
    return f", {version}" if version.startswith("in ") else f" and gets {version}"


def _demanded(node: Explanation) -> str:
    if node.fact not in _ASKED:
        return node.subject
    verb = "locks" if node.fact is Fact.LOCKED else "requires"
    return f"{node.service} {verb} {node.subject}{_place(node.origin)}"


def _need(node: Explanation) -> str:
    """Who needs one of several packages."""
    who = next(iter(_chains(node)), None)
    needs = f"{who.subject} needs" if who is not None and who.fact in _PRESENT else "What is needed is"
    return f"{needs} {_choices(node.subject)}{_by(node)}"


def _clash(node: Explanation, brief: bool = False) -> str:
    """A contradiction; ``brief`` where the versions were told before."""
    if node.fact is Fact.EVICTED:
        return f"Gradle takes {node.object} for all, which {node.by} calls incompatible with {node.subject}"
    if node.fact is Fact.RULES_OUT:
        return f"{node.subject} rules {node.object} out"
    if node.fact is Fact.LACKS:
        return f"{node.subject} needs {_lack(node)}" if node.by else _unmet(node)
    if not node.by:
        return f"{node.subject} and {node.object} are versions of one package, of which one can be installed"
    sides = [side.partition(" ")[0] if brief else side for side in (node.subject, node.object)]
    one, other = sides if len(set(sides)) == 2 else (node.subject, node.object)
    return f"{one} excludes {other}{_by(node)}"


def _unmet(node: Explanation) -> str:
    if node.object:
        return f"only {node.object} provides {node.subject}, {_UNASKED}"
    return f"nothing provides {node.subject}"


def _lack(node: Explanation) -> str:
    field, _, wanted = node.by.partition(": ")
    lacked = f"{wanted} ({field})" if wanted else field
    return f"{lacked}, {f'provided only by {node.object}, {_UNASKED}' if node.object else 'which nothing provides'}"


_UNASKED = "which the installer takes only where its version is asked for"


def _statement(node: Explanation) -> str:
    """A single node, in a list."""
    if node.fact is Fact.SUPPOSED:
        return f"suppose that {node.subject} is taken{_by(node)}"
    if node.fact is Fact.BRINGS:
        return f"{node.subject} is {'brought along' if node.by else 'installed'}{_by(node)}"
    if node.fact is Fact.EXHAUSTED:
        return f"{_choices(node.subject)} is needed{_by(node)}, and each is ruled out"
    return _clash(node)


def _choices(text: str) -> str:
    choices = text.split(" | ")
    if len(choices) > 6:
        return f"one of {', '.join(choices[:5])} and {len(choices) - 5} more"
    return " or ".join((", ".join(choices[:-1]), choices[-1])) if len(choices) > 1 else text


def _by(node: Explanation) -> str:
    return f" ({node.by})" if node.by else ""


def _place(origin: Origin | None) -> str:
    return f" ({origin})" if origin is not None else ""
