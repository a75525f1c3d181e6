"""Asks uv again where its refusal leans on releases that have no wheel and may not be built.

First with stubs of all that is known about them. Where that does not settle it, with stubs as well
of what is not known, which require nothing: whatever a build of those would find out, it could only
add requirements. Still no answer means that there is none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from resolvers.pip.index.stub_wheels import Stubs
from resolvers.pip.uv.command import Outcome
from resolvers.pip.uv.failure import wheelless

_ROUNDS = 64

Run = Callable[[Sequence[Path]], Outcome]
"""Puts the question to uv with further folders to find wheels in."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What uv says in the end.

    ``packages`` lack wheels, which matters no more. ``guess`` is an answer that would hold if all
    that is unknown about the packages in ``stubs`` were harmless; ``outcome`` then says what is
    without it.
    """

    outcome: Outcome
    packages: frozenset[str] = frozenset()
    guess: Outcome | None = None
    stubs: Mapping[str, Stubs] = field(default_factory=dict)


def settle(run: Run, stubs_of: Callable[[str], Stubs | None], expected: Iterable[str] = ()) -> Settled:
    """The outcome of a question, put as often as needed. ``expected`` names packages that lacked
    wheels in earlier questions."""
    stubs = {name: found for name in sorted(expected) if (found := stubs_of(name))}
    outcome = run(_known(stubs))
    for _ in range(_ROUNDS):
        lacking = wheelless(outcome)
        if lacking and lacking <= stubs.keys():
            guess = run([*_known(stubs), *_optimistic(stubs)]) if _optimistic(stubs) else outcome
            if guess.code == 0:
                return Settled(outcome, guess=guess, stubs=stubs)
            lacking = wheelless(guess)
            if lacking <= stubs.keys():
                return Settled(guess, frozenset(stubs), stubs=stubs)
        new = {name: found for name in sorted(lacking - stubs.keys()) if (found := stubs_of(name))}
        if not lacking or len(new) < len(lacking - stubs.keys()):
            break
        stubs |= new
        if _known(new):
            outcome = run(_known(stubs))
    return Settled(outcome, stubs=stubs)


def _known(stubs: Mapping[str, Stubs]) -> list[Path]:
    return [each.folder for _, each in sorted(stubs.items()) if each.folder]


def _optimistic(stubs: Mapping[str, Stubs]) -> list[Path]:
    return [each.optimistic for _, each in sorted(stubs.items()) if each.optimistic]
