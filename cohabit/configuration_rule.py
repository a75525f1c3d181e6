"""Rules by which configuration is read: each turns one value into a setting, and notes what is wrong with it.

A rule never stops at a fault, so that all faults of a file are told at once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, time
from difflib import get_close_matches
from typing import Any, TypeVar

from analyzer.origin import Origin
from resolvers.credentials import without_credentials

SHOWN = 60
"""Characters of a faulty value that a message repeats."""

HINTED = 100
"""Faults after which no similar names are looked for: that takes a while."""

T = TypeVar("T")
Keys = tuple[str | int, ...]
Fault = tuple[Origin, str]
"""A place and what is wrong there."""

_KINDS = {
    bool: "true or false",
    int: "a number",
    float: "a number",
    str: "text",
    list: "a list",
    tuple: "a list",
    dict: "a table",
    date: "a date",
    time: "a time",
}


class UnfitError(Exception):
    """A value that cannot be the setting it stands for; the text says why."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A value, the key path to it, and the list of faults to add to."""

    value: Any
    keys: Keys
    origin_of: Callable[[Keys], Origin]
    faults: list[Fault]

    @property
    def origin(self) -> Origin:
        """Where the value stands."""
        return self.origin_of(self.keys)

    def inside(self, key: str | int, value: Any) -> Spot:
        """The spot of a member of this table or list."""
        return replace(self, value=value, keys=(*self.keys, key))

    def complain(self, reason: str) -> None:
        """Note a fault of the value, under the name of the key that it belongs to."""
        names = [key for key in self.keys if isinstance(key, str)]
        self.faults.append((self.origin, f"{names[-1]}: {reason}" if names else reason))


Rule = Callable[[Spot], Any]
"""Reads the value of a Spot; None where it is unfit, which the Spot then knows."""


def one(read: Callable[[Any], T]) -> Callable[[Spot], T | None]:
    """A rule for a single value. ``read`` raises UnfitError."""

    def rule(spot: Spot) -> T | None:
        try:
            return read(spot.value)
        except UnfitError as fault:
            spot.complain(str(fault))
            return None

    return rule


def many(member: Callable[[Spot], T | None]) -> Callable[[Spot], tuple[T, ...] | None]:
    """A rule for a list without repetition: its fit members."""

    def rule(spot: Spot) -> tuple[T, ...] | None:
        if not isinstance(spot.value, list | tuple):
            spot.complain(f"is {kind(spot.value)}, not a list")
            return None
        seen: dict[T, None] = {}
        for number, value in enumerate(spot.value):
            inner = spot.inside(number, value)
            found = member(inner)
            if found is not None and found in seen:
                inner.complain(f"{shown(value)} is there twice")
            elif found is not None:
                seen[found] = None
        return tuple(seen)

    return rule


def table(
    rules: Mapping[str, Rule], required: Collection[str] = (), elsewhere: Mapping[str, str] | None = None
) -> Callable[[Spot], dict[str, Any] | None]:
    """A rule for a table with known keys: its fit values, without those that are unfit.

    ``elsewhere`` names the section that a key belongs to which is often written in the wrong one.
    """

    def rule(spot: Spot) -> dict[str, Any] | None:
        if not isinstance(spot.value, dict):
            spot.complain(f"is {kind(spot.value)}, not a table")
            return None
        found = {}
        for key, value in spot.value.items():
            if key in rules:
                found[key] = rules[key](spot.inside(key, value))
            else:
                hint = _hint(key, rules, elsewhere or {}) if len(spot.faults) < HINTED else ""
                spot.faults.append((spot.inside(key, value).origin, f"unknown key {shown(key)}{hint}"))
        for key in required:
            if key not in spot.value:
                spot.complain(f"{key!r} is missing")
        return {key: value for key, value in found.items() if value is not None}

    return rule


def by_name(name: Callable[[Any], str], member: Rule) -> Callable[[Spot], tuple[tuple[str, Any], ...] | None]:
    """A rule for a table whose keys are names of the user's. ``name`` raises UnfitError."""

    def rule(spot: Spot) -> tuple[tuple[str, Any], ...] | None:
        if not isinstance(spot.value, dict):
            spot.complain(f"is {kind(spot.value)}, not a table")
            return None
        found = []
        for key, value in spot.value.items():
            inner = spot.inside(key, value)
            if one(name)(replace(inner, value=key)) is not None:
                found.append((key, member(inner)))
        return tuple((key, value) for key, value in found if value is not None)

    return rule


def kind(value: object) -> str:
    """What a value is, as TOML calls it."""
    return next((_KINDS[base] for base in type(value).__mro__ if base in _KINDS), type(value).__name__)


def shown(value: object) -> str:
    """A value as a message repeats it: quoted, short, on one line and without credentials."""
    if not isinstance(value, str):
        return kind(value) if isinstance(value, list | tuple | dict) else _short(_number(value))
    return repr(_short(without_credentials(value[:10_000])))


def did_you_mean(name: str, known: Collection[str]) -> str:
    """A hint at the most similar known name, with a space before it; empty where none is similar."""
    like = most_like(name, known)
    return f" (did you mean {like!r}?)" if like else ""


def most_like(name: str, known: Collection[str], likeness: float = 0.6) -> str:
    """The most similar known name; empty where none is as similar as ``likeness`` (0 to 1)."""
    return str(next(iter(get_close_matches(name[:SHOWN], [str(k) for k in known], n=1, cutoff=likeness)), ""))


def _hint(key: str, rules: Collection[str], elsewhere: Mapping[str, str]) -> str:
    if key in elsewhere:
        return f" (it belongs in {elsewhere[key]})"
    like = most_like(key, [*rules, *elsewhere])
    if like in elsewhere:
        return f" (did you mean {like!r} in {elsewhere[like]}?)"
    return f" (did you mean {like!r}?)" if like else ""


def _number(value: object) -> str:
    try:
        return str(value).lower() if isinstance(value, bool) else str(value)
    except ValueError:
        return "a number with thousands of digits"


def _short(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"
