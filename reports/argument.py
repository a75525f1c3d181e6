"""The sentences of an Explanation: premises with their places, then what follows from them.

In the manner of PubGrub's reports: one sentence for each conclusion, save that a conclusion from a
few dependencies is told by them, inside the sentence that needs it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from analyzer.explanation import Explanation, Fact
from analyzer.origin import Origin
from analyzer.verdict import Demand
from reports import package_argument

VERBS = {
    Fact.REQUIRED: "requires",
    Fact.LIMITED: "allows only",
    Fact.SHIPPED: "has",
    Fact.LISTENS: "listens on",
    Fact.LOCKED: "locks",
}
"""What a Service does, by the Fact that says so."""

ONE_BREATH = 6
"""Facts under a conclusion that are told in its place; more are told in a sentence of their own."""

_UNIQUE = {"os": "no root filesystem is both", "arch": "no machine is both"}
_NAME = re.compile(r"(?:all versions of )?([A-Za-z0-9][\w.-]*)(\[[^\]]*\])?")
_PLATFORM = re.compile(
    r"os ?((?:linux|macos|windows)|[a-z]+:[\w.-]+)"
    r"|arch ?(x86_64|amd64|aarch64|arm64|armv7l|i[36]86|ppc64le|s390x|riscv64)"
)
_SPECIFIERS = re.compile(r"[<>=!~]=?=?[^\s,;@<>=!~]+(?:,[<>=!~]=?=?[^\s,;@<>=!~]+)+$")
_ORDER = {">": 0, "~": 0, "<": 2, "!": 3}
_SECOND_PERSON = (("your requirements", "the requirements"), ("you require", "the services require"))

Facts = Sequence[Explanation]


def sentences(explanation: Explanation) -> tuple[str, ...]:
    """An Explanation as readable prose, premises before conclusions.

    A conclusion that the next sentence builds on is not repeated ("And because …"), one that is
    needed later is.
    """
    if explanation.fact in package_argument.FACTS:
        return tuple(dict.fromkeys(package_argument.sentences(explanation)))
    if not explanation.causes:
        return (f"{_clause(explanation)}.",)
    told: list[str] = []
    previous: Explanation | None = None
    for node in _conclusions(explanation):
        told.append(_sentence(node, previous))
        previous = node
    return tuple(dict.fromkeys(told))


def consequences(explanation: Explanation, demand: Demand) -> tuple[str, ...]:
    """What a Demand leads to by dependencies, step by step, as far as the Explanation follows it."""
    if explanation.fact in package_argument.FACTS:
        return package_argument.consequences(explanation, demand)
    asked = (demand.service, demand.requirement.origin)
    paths = [
        _path(group)
        for node in _conclusions(explanation)
        for group in _groups(node.causes)
        if (group[0].service, group[0].origin) == asked
    ]
    return tuple(tidy(fact.object) for fact in max(paths, key=len, default=[])[1:])


def _path(group: Facts) -> list[Explanation]:
    path = [group[0]]
    for fact in group[1:]:
        if _leads(path[-1], fact):
            path.append(fact)
    return path


def package_of(text: str) -> str:
    """The package that ``flask[async]<3`` or ``all versions of flask`` is about, in lower case."""
    name = _NAME.match(text)
    return name[1].lower() if name else text


_RUNTIMES = {"python": "Python", "jdk": "JDK"}


def whole_name(subject: str) -> str:
    """``python>=3.12`` and ``os debian:12`` as people write them; every other subject as it is."""
    platform = _PLATFORM.fullmatch(subject)
    if platform:
        return platform[1] or platform[2]
    name = package_of(subject)
    return f"{_RUNTIMES[name]}{subject.removeprefix(name)}" if name in _RUNTIMES else subject


def tidy(subject: str) -> str:
    """A requirement with its lower bound before its upper bound: ``flask>=1.4,<2``, as people write it."""
    start = _SPECIFIERS.search(subject)
    if start is None:
        return subject
    parts = sorted(start[0].split(","), key=lambda part: _ORDER.get(part.strip()[:1], 1))
    return subject[: start.start()] + ",".join(parts)


def enumeration(parts: Sequence[str], last: str = " and ") -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    return f"{', '.join(parts[:-1])}{last}{parts[-1]}" if len(parts) > 1 else "".join(parts)


def place(origin: Origin | None) -> str:
    """A place in brackets, after what was read there."""
    return f" ({origin})" if origin is not None else ""


def _conclusions(root: Explanation) -> Iterator[Explanation]:
    # Iterative and by identity: a resolver's derivation can be deep, and can share its parts.
    seen: set[int] = set()
    stack = [(root, False)]
    while stack:
        node, ready = stack.pop()
        if ready:
            yield node
        elif node.causes and id(node) not in seen:
            seen.add(id(node))
            stack.append((node, True))
            stack.extend((cause, False) for cause in reversed(node.causes) if not _plain(cause))


def _plain(node: Explanation) -> Facts:
    """The facts under a DERIVED node, where they are few and nothing but demands and dependencies."""
    facts = _leaves(node, ONE_BREATH) if node.fact is Fact.DERIVED and node.causes else []
    return facts if all(fact.fact in _PLAIN for fact in facts) else []


_PLAIN = (Fact.REQUIRED, Fact.LIMITED, Fact.SHIPPED, Fact.LOCKED, Fact.DEPENDS, Fact.AVAILABLE)


def _leads(one: Explanation, other: Explanation) -> bool:
    """Whether ``other`` tells more of the package that ``one`` ends at."""
    if other.causes or other.fact not in (Fact.DEPENDS, Fact.AVAILABLE) or one.fact is Fact.AVAILABLE:
        return False
    words = other.subject.split() if other.fact is Fact.AVAILABLE else [other.subject]
    return package_of(_reached(one)) in map(package_of, words)


def _reached(fact: Explanation) -> str:
    return fact.object if fact.fact is Fact.DEPENDS else fact.subject


def _leaves(node: Explanation, most: int) -> list[Explanation]:
    """The facts under a node from left to right; nothing where there are more than ``most``."""
    waiting, seen, found = [node], {id(node)}, list[Explanation]()
    while waiting and len(found) <= most:
        node = waiting.pop()
        if not node.causes:
            found.append(node)
        fresh = [cause for cause in reversed(node.causes) if id(cause) not in seen]
        seen.update(map(id, fresh))
        waiting.extend(fresh)
    return found if len(found) <= most else []


def _groups(causes: Facts) -> list[list[Explanation]]:
    """The facts by what they belong to: each demand with the dependencies that lead on from it."""
    told = (fact for cause in causes for fact in _plain(cause) or (cause,))
    facts = list({id(fact) if fact.causes else fact: fact for fact in told}.values())
    groups = [[fact] for fact in facts if fact.fact not in (Fact.DEPENDS, Fact.AVAILABLE)]
    # What is available narrows a package down before its dependencies follow from it.
    loose = sorted((f for f in facts if f.fact in (Fact.DEPENDS, Fact.AVAILABLE)), key=lambda f: f.fact is Fact.DEPENDS)
    while loose:
        pairs = [(g, f) for f in loose for g in groups if any(_leads(member, f) for member in g)]
        group, fact = max(pairs, key=_closeness, default=(None, loose[0]))
        loose.remove(fact)
        if group is None:
            groups.append([fact])
        else:
            group.append(fact)
    return groups


def _closeness(pair: tuple[list[Explanation], Explanation]) -> bool:
    """Whether the group asks for the very extras that the fact is about."""
    group, fact = pair
    extras = _NAME.match(fact.subject)
    return extras is not None and extras[2] is not None and any(extras[0] in _reached(member) for member in group)


def _sentence(node: Explanation, previous: Explanation | None) -> str:
    premises = [cause for cause in node.causes if cause is not previous]
    conclusion = _conclusion(node)
    if not premises:
        return f"So {conclusion}."
    opening = "Because" if len(premises) == len(node.causes) else "And because"
    groups = _groups(premises)
    last = " and " if all(len(group) == 1 for group in groups) else ", and "
    return f"{opening} {enumeration([_group(group) for group in groups], last)}, {conclusion}."


def _group(facts: Facts) -> str:
    told, rest = _clause(facts[0]), list[str]()
    for before, fact in pairwise(facts):
        if fact.subject == _reached(before) and _exact(fact.subject) and not rest:
            told += f", which depends on {tidy(fact.object)}"
        else:
            rest.append(_clause(fact))
    return enumeration([told, *rest])


def _clause(fact: Explanation) -> str:
    if fact.fact in VERBS:
        who = f"{fact.service} " if fact.service else ""
        carrier = f" of {fact.by}" if fact.by else ""
        return f"{who}{VERBS[fact.fact]} {whole_name(tidy(fact.subject))}{carrier}{place(fact.origin)}"
    if fact.fact is Fact.DEPENDS:
        return f"{_versions(tidy(fact.subject))} on {tidy(fact.object)}"
    if fact.fact is Fact.UNUSABLE:
        return f"{fact.subject} cannot be used{f' ({fact.object})' if fact.object else ''}"
    return _conclusion(fact)


def _conclusion(node: Explanation) -> str:
    if node.fact in (Fact.DERIVED, Fact.AVAILABLE):
        return _third_person(node.subject)
    return _clash(node) if node.fact is Fact.CLASH else _clause(node)


def _third_person(statement: str) -> str:
    for second, third in _SECOND_PERSON:
        statement = statement.replace(second, third)
    return statement


def _clash(node: Explanation) -> str:
    if node.subject in _UNIQUE:
        return _UNIQUE[node.subject]
    if any(cause.fact is Fact.LISTENS for cause in node.causes):
        return "only one of them can have the port in a network namespace"
    if " " in node.subject:
        return f"{node.subject} contradict one another"
    demands = [leaf for leaf in _leaves(node, 10_000) if leaf.service]
    services = {leaf.service for leaf in demands}
    if any(package_of(leaf.subject) == node.subject and " @ " in leaf.subject for leaf in demands):
        return f"{node.subject} cannot come from both places at once"
    whom = {0: "is left", 1: f"suits {''.join(services)}", 2: "suits both"}.get(len(services), "suits all of them")
    return f"no version of {whole_name(node.subject)} {whom}"


def _versions(subject: str) -> str:
    if subject.startswith("all "):
        return f"{subject} depend"
    if " " in subject or _exact(subject):
        return f"{subject} depends"
    return f"every {'version of ' if _NAME.fullmatch(subject) else ''}{subject} depends"


def _exact(subject: str) -> bool:
    return "==" in subject or " @ " in subject
