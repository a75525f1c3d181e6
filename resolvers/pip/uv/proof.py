"""uv's proof that requirements are unsatisfiable, read as an Explanation.

uv prints a PubGrub derivation as English: ``Because P and Q, we can conclude that C. And because R,
we can conclude that D.`` Each sentence becomes a derived fact with its premises as causes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name

from analyzer.direct import leaf
from analyzer.explanation import Explanation, Fact
from analyzer.oracle import Refuted
from analyzer.package import PYTHON, pypi
from analyzer.requirement import Force
from analyzer.verdict import Demand

_CAUSE = re.compile(r"^\s*cause: (Because .*?)(?=^\s*(?:hint|cause|warning): |\Z)", re.MULTILINE | re.DOTALL)
_SENTENCE_END = re.compile(r"\.\s+(?=(?:And because|Because|So, because)\b)|\.\s*$")
_SENTENCE = re.compile(
    r"^(?P<lead>Because|And because|So, because) (?P<premises>.+?),? we can conclude that (?P<conclusion>.+?)"
    r"(?: \((?P<label>\d+)\))?$"
)
_KNOWN = re.compile(r"^we know from \((?P<label>\d+)\)")
_VERB = re.compile(
    r"\b(?:depends? on|you require|(?:is|are) available|was not found|there (?:is|are) no|ha(?:s|ve) no|requires?"
    r"|does not satisfy|cannot be used|incompatible|we know from|yanked|unsatisfiable|network was disabled"
    r"|could not be|is not|are not|is missing|excluded?)\b"
)
_DEPENDS = re.compile(r"^(?P<subject>.+?) depends? on (?P<object>.+)$")
_PACKAGE = re.compile(r"(?<![\w.-])(?P<name>[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?)(?=\[|[<>=!~]=?|$|[\s,)])", re.IGNORECASE)
_MARKER = re.compile(r"(?<=[\w.\]-])\{[^{}]*\}")
_WORDS = frozenset({"all", "versions", "of", "any", "one", "the", "following", "and", "only", "is", "are", "a", "an"})


@dataclass(frozen=True, slots=True)
class _Sentence:
    chained: bool
    premises: tuple[str, ...]
    conclusion: str
    label: str


def proof_text(stderr: str) -> str | None:
    """The derivation in uv's error output on one line; None where uv printed none."""
    match = _CAUSE.search(stderr)
    return " ".join(match[1].split()) if match else None


def read_proof(text: str, demands: Collection[Demand]) -> Refuted:
    """The refutation that ``text`` (from ``proof_text``) states about the Demands asked.

    Never fails: a sentence in a form unknown here becomes one derived fact in uv's own words.
    """
    # uv writes markers into package names (`foo{python_version < '3.13'}`): they name no packages.
    text = _MARKER.sub("", text)
    by_package = _by_package(demands)
    root = _derivation(text, by_package)
    named = frozenset(d for package in _named(text, by_package) for d in by_package[package])
    contested = _contested(root, demands)
    packages = (pypi(contested) if contested != PYTHON.name else PYTHON,) if contested else ()
    clash = Explanation(Fact.CLASH, contested or "these requirements", causes=root.causes or (root,))
    return Refuted(clash, named, packages)


def _by_package(demands: Collection[Demand]) -> Mapping[str, list[Demand]]:
    grouped: dict[str, list[Demand]] = {}
    for demand in sorted(demands):
        grouped.setdefault(demand.requirement.package.name, []).append(demand)
    return grouped


def _named(text: str, by_package: Mapping[str, list[Demand]]) -> Iterator[str]:
    mentioned = {canonicalize_name(m["name"]) for m in _PACKAGE.finditer(text)}
    if "Python" in text:
        mentioned.add(canonicalize_name(PYTHON.name))
    yield from (name for name in by_package if name in mentioned)


def _derivation(text: str, by_package: Mapping[str, list[Demand]]) -> Explanation:
    labelled: dict[str, Explanation] = {}
    last: Explanation | None = None
    for sentence in map(_read_sentence, filter(None, _SENTENCE_END.split(text))):
        causes: list[Explanation] = [last] if sentence.chained and last is not None else []
        for premise in sentence.premises:
            known = _KNOWN.match(premise)
            if known and known["label"] in labelled:
                causes.append(labelled[known["label"]])
            else:
                causes.extend(_leaves(premise, by_package))
        last = Explanation(Fact.DERIVED, sentence.conclusion, causes=tuple(causes))
        if sentence.label:
            labelled[sentence.label] = last
    return last or Explanation(Fact.DERIVED, text)


def _read_sentence(text: str) -> _Sentence:
    match = _SENTENCE.match(text.strip())
    if match is None:
        return _Sentence(True, (), text.strip(), "")
    return _Sentence(
        match["lead"] != "Because", tuple(_premises(match["premises"])), match["conclusion"], match["label"] or ""
    )


def _premises(text: str) -> Iterator[str]:
    """Split at ``and``, but not inside the enumeration of one premise, which has no verb."""
    current = ""
    for piece in text.split(" and "):
        if current and _VERB.search(piece):
            yield current
            current = piece
        else:
            current = f"{current} and {piece}" if current else piece
    yield current


def _leaves(premise: str, by_package: Mapping[str, list[Demand]]) -> list[Explanation]:
    if premise.startswith("you require "):
        return _required(premise.removeprefix("you require "), by_package)
    depends = _DEPENDS.match(premise)
    if depends:
        limits = _limits(depends["object"], by_package)
        fact = Explanation(Fact.DEPENDS, depends["subject"], _own(depends["object"], limits))
        return [fact, *map(leaf, limits)]
    if re.search(r"ha(?:s|ve) no (?:usable )?wheels|does not satisfy Python|cannot be used", premise):
        subject, _, reason = premise.partition(" has no ")
        return [Explanation(Fact.UNUSABLE, subject, f"has no {reason}" if reason else "")]
    if re.search(r"available|there (?:is|are) no|was not found", premise):
        return [Explanation(Fact.AVAILABLE, premise)]
    return [Explanation(Fact.DERIVED, premise)]


def _required(text: str, by_package: Mapping[str, list[Demand]]) -> list[Explanation]:
    leaves = [leaf(demand) for piece in text.split(" and ") for demand in _meant(piece.strip(), by_package)]
    return list(dict.fromkeys(leaves)) or [Explanation(Fact.DERIVED, f"the services require {text}")]


def _meant(piece: str, by_package: Mapping[str, list[Demand]]) -> list[Demand]:
    """The Demands that uv means by ``piece``: those with that very constraint, else all on the package."""
    match = _PACKAGE.match(piece)
    if match is None:
        return []
    demands = by_package.get(str(canonicalize_name(match["name"])), [])
    constraint = piece[match.end() :].partition("]")[2] if "[" in piece else piece[match.end() :]
    same = [d for d in demands if _same(d.requirement.constraint, constraint)]
    return same or demands


def _same(one: str, other: str) -> bool:
    try:
        return SpecifierSet(one) == SpecifierSet(other.strip())
    except InvalidSpecifier:
        return False


def _own(wanted: str, limits: Sequence[Demand]) -> str:
    """What a package itself depends on: uv tells the constraints on that as if they were its dependencies too."""
    pieces = wanted.split(" and ")
    own = [piece for piece in pieces if not any(_restates(piece, demand) for demand in limits)]
    return " and ".join(own or pieces)


def _restates(piece: str, limit: Demand) -> bool:
    match = _PACKAGE.match(piece)
    if match is None or canonicalize_name(match["name"]) != limit.requirement.package.name:
        return False
    return _same(limit.requirement.constraint, piece[match.end() :])


def _limits(text: str, by_package: Mapping[str, list[Demand]]) -> list[Demand]:
    return [
        demand
        for name in _names(text)
        for demand in by_package.get(name, ())
        if demand.requirement.force is Force.LIMITS
    ]


def _names(text: str) -> list[str]:
    names = [canonicalize_name(m["name"]) for m in _PACKAGE.finditer(text)]
    return [n for n in dict.fromkeys(names) if n not in _WORDS and not n[0].isdigit()]


def _contested(root: Explanation, demands: Collection[Demand]) -> str:
    """The package that most facts pull at: required or depended on from more than one side."""
    pulls: Counter[str] = Counter()
    for fact in dict.fromkeys(root.leaves()):
        target = fact.object if fact.fact is Fact.DEPENDS else fact.subject
        if fact.fact is Fact.UNUSABLE and "Python" in f"{fact.subject} {fact.object}":
            target = PYTHON.name
        pulls.update(_names(target)[:1])
    if not pulls:
        return ""
    most = max(pulls.values())
    # Facts near the end of the derivation are nearer to what the sides required; the clash lies deepest.
    return next(name for name, count in pulls.items() if count == most)
