"""When uv's refusal proves nothing.

uv exits with 1 for a contradiction and for a cache miss alike, so its message is read: what leans
on missing packages, a forbidden build or a network that is off is Undecided.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from packaging.utils import canonicalize_name

from analyzer.oracle import Unknown
from analyzer.verdict import Demand
from resolvers.pip.uv_command import Outcome
from resolvers.pip.uv_proof import proof_text, read_proof

_NAME = r"`?(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)`?"


@dataclass(frozen=True, slots=True)
class _Symptom:
    pattern: re.Pattern[str]
    reason: str
    everywhere: bool = False


_SYMPTOMS = (
    _Symptom(
        re.compile(rf"{_NAME}(?:[=<>!]\S+)? (?:was|were) not found in the cache"),
        "{name} is not in the cache, and the network is off",
    ),
    _Symptom(
        re.compile(rf"{_NAME} was not found in the (?:package registry|provided)"),
        "{name} is not in the index (is it on a private one? see --index-url)",
    ),
    _Symptom(
        re.compile(rf"{_NAME}(?:[=<>!]\S+)? (?:has|have) no usable wheels"),
        "{name} has no wheel here and may not be built (see --allow-build)",
    ),
    _Symptom(
        re.compile(rf"Wheels are required for {_NAME} because building"),
        "{name} has no wheel here and may not be built (see --allow-build)",
    ),
    _Symptom(
        re.compile(rf"{_NAME}\S* is missing an upload date"),
        "the index gives no upload dates, so --exclude-newer cannot be applied ({name})",
    ),
    _Symptom(re.compile(r"network was disabled"), "the network is off and the cache lacks what is needed"),
    _Symptom(
        re.compile(r"(?:401|403) (?:Unauthorized|Forbidden)|lack of valid authentication"),
        "the index refuses access (credentials?)",
    ),
    _Symptom(re.compile(rf"Failed to (?:build|download and build) {_NAME}"), "{name} could not be built"),
    _Symptom(re.compile(rf"(?:metadata|Metadata)\S* (?:of|for) {_NAME}"), "the metadata of {name} cannot be read"),
)
"""Looked for in this order in the proof and the hints; the first that matches gives the reason."""

_UNREACHABLE = re.compile(r"Connect|dns error|timed out|Connection refused|error sending request")


def why_undecided(outcome: Outcome, demands: Collection[Demand]) -> Unknown | None:
    """Why a failed run of uv proves nothing; None if it proves a contradiction."""
    if outcome.code is None:
        return Unknown("uv did not answer in time")
    if outcome.code < 0:
        return Unknown(f"uv was killed by signal {-outcome.code}")
    proof = proof_text(outcome.stderr)
    symptom = _symptom(outcome.stderr)
    if proof is not None and outcome.code == 1:
        return _blame(symptom, proof, demands) if symptom else None
    return Unknown(symptom or _first_error(outcome), everywhere=bool(_UNREACHABLE.search(outcome.stderr)))


def _symptom(stderr: str) -> str:
    text = " ".join(stderr.split())
    for symptom in _SYMPTOMS:
        match = symptom.pattern.search(text)
        if match:
            return symptom.reason.format(name=match.groupdict().get("name", ""))
    return ""


def _blame(reason: str, proof: str, demands: Collection[Demand]) -> Unknown:
    named = read_proof(proof, demands).named
    blamed = frozenset(d for d in named if canonicalize_name(reason.split(" ")[0]) == d.requirement.package.name)
    return Unknown(reason, blamed or frozenset(d for d in named if d.requirement.package.type == "pypi"))


def _first_error(outcome: Outcome) -> str:
    lines = [line.strip() for line in outcome.stderr.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith(("error:", "cause:", "×", "╰─▶"))] or lines
    said = " ".join(errors[:2]).removeprefix("error: ") or "nothing"
    return f"uv failed with exit code {outcome.code}: {said[:300]}"
