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
from resolvers.pip.uv.command import Outcome
from resolvers.pip.uv.proof import proof_text, read_proof

_NAME = r"`?(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)`?"
_NO_WHEELS = re.compile(
    rf"{_NAME}(?:\[[^\]]*\])?(?:[=<>!]\S+)? (?:has|have) no usable wheels|Wheels are required for `(?P<hinted>[^`]+)`"
)


@dataclass(frozen=True, slots=True)
class _Symptom:
    """``package`` is the one that the reason speaks of, empty if it is about none."""

    reason: str
    package: str = ""


_SYMPTOMS = (
    (
        re.compile(rf"{_NAME}(?:[=<>!]\S+)? (?:was|were) not found in the cache"),
        "{name} is not in the cache, and the network is off",
    ),
    (
        re.compile(rf"{_NAME} was not found in the (?:package registry|provided)"),
        "{name} is not in the index (is it on a private one? see --index-url)",
    ),
    (re.compile(r"network was disabled"), "the network is off and the cache lacks what is needed"),
    (
        re.compile(r"(?:401|403) (?:Unauthorized|Forbidden)|lack of valid authentication"),
        "the index refuses access (credentials?)",
    ),
    (re.compile(rf"Failed to (?:build|download and build) {_NAME}"), "{name} could not be built"),
    (re.compile(rf"(?:metadata|Metadata)\S* (?:of|for) {_NAME}"), "the metadata of {name} cannot be read"),
)
"""Looked for in this order in the proof and the hints; the first that matches gives the reason."""

_UNDATED = re.compile(r"is missing an upload date")
_UNREACHABLE = re.compile(r"Connect|dns error|timed out|Connection refused|error sending request")


def wheelless(outcome: Outcome) -> frozenset[str]:
    """The packages (normalised names) whose want of wheels a failed run leans on; none of any other run."""
    if outcome.code != 1 or proof_text(outcome.stderr) is None:
        return frozenset()
    found = _NO_WHEELS.finditer(" ".join(outcome.stderr.split()))
    return frozenset(str(canonicalize_name(match["name"] or match["hinted"])) for match in found)


def why_undecided(
    outcome: Outcome, demands: Collection[Demand], settled: Collection[str] = frozenset()
) -> Unknown | None:
    """Why a failed run of uv proves nothing; None if it proves a contradiction.

    That packages in ``settled`` have no wheels is no reason: no wheel of theirs could change the answer.
    """
    if outcome.code is None:
        return Unknown("uv did not answer in time")
    if outcome.code < 0:
        return Unknown(f"uv was killed by signal {-outcome.code}")
    if _UNDATED.search(outcome.stderr):
        return Unknown("the index gives no upload dates, so --exclude-newer cannot be applied", everywhere=True)
    proof = proof_text(outcome.stderr)
    symptom = _symptom(outcome, frozenset(settled))
    if proof is not None and outcome.code == 1:
        return blame(symptom.reason, {symptom.package}, proof, demands) if symptom else None
    reason = symptom.reason if symptom else _first_error(outcome)
    return Unknown(reason, everywhere=bool(_UNREACHABLE.search(outcome.stderr)))


def blame(reason: str, packages: Collection[str], proof: str, demands: Collection[Demand]) -> Unknown:
    """An Unknown that names the Demands on ``packages``, or where there are none, all that a proof names."""
    named = read_proof(proof, demands).named
    blamed = frozenset(d for d in demands if d.requirement.package.type == "pypi" and _on(d) in packages)
    return Unknown(reason, blamed & named or frozenset(d for d in named if d.requirement.package.type == "pypi"))


def _on(demand: Demand) -> str:
    return demand.requirement.package.name


def _symptom(outcome: Outcome, settled: frozenset[str]) -> _Symptom | None:
    text = " ".join(outcome.stderr.split())
    for pattern, reason in _SYMPTOMS:
        match = pattern.search(text)
        if match:
            name = match.groupdict().get("name", "")
            return _Symptom(reason.format(name=name), str(canonicalize_name(name)))
    lacking = min(wheelless(outcome) - settled, default="")
    if lacking:
        return _Symptom(f"{lacking} has no wheel here and may not be built (see --allow-build)", lacking)
    return None


def _first_error(outcome: Outcome) -> str:
    """What uv said last of why it failed: the end of its chain of causes is what a person can act on."""
    lines = [line.strip() for line in outcome.stderr.splitlines() if line.strip()]
    chain = [line for line in lines if line.startswith(("error:", "cause:"))] or lines[:1]
    said = "; ".join(dict.fromkeys(re.sub(r"^(?:error|cause): ", "", line) for line in (*chain[:1], *chain[-1:])))
    hint = " (UV_SYSTEM_CERTS=1 uses the system's certificates)" if "certificate" in said else ""
    return f"uv failed with exit code {outcome.code}: {said[:300] or 'nothing'}{hint}"
