"""The keys of ``cohabit.toml`` that lay down how services are housed (docs/configuration.md, "Housing")."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from analyzer.boundary import Boundary
from analyzer.origin import Origin
from analyzer.planner.rules import Placement, Rules
from analyzer.planner.site import PRICE_UNIT, Offer
from cohabit import configuration_value as value
from cohabit import quantity
from cohabit.configuration_rule import Rule, Spot, UnfitError, by_name, did_you_mean, kind, many, one, shown, table

PRICE_LIMIT = 1_000_000
WEIGHTS = range(1001)
MOST = range(1, 100_001)

_WEIGHED = (Boundary.VM, Boundary.CONTAINER, Boundary.VENV)
_BY_KEY = {"machine": Boundary.VM, "container": Boundary.CONTAINER}


@dataclass(frozen=True, slots=True)
class Housing:
    """The Rules of a file; ``placement_origins`` says where each of their placements stands."""

    rules: Rules
    placement_origins: tuple[Origin, ...]


def price(content: Any) -> int:
    """A price of 0 or more, with up to four decimals, in ten-thousandths. Raises UnfitError."""
    if isinstance(content, bool) or not isinstance(content, int | float):
        raise UnfitError(f"is {kind(content)}, not a price")
    if not math.isfinite(content) or not 0 <= content <= PRICE_LIMIT:
        raise UnfitError(f"{shown(content)} is no price between 0 and {PRICE_LIMIT}")
    exact = Decimal(str(content)) * PRICE_UNIT
    if exact != int(exact):
        raise UnfitError(f"{shown(content)} has more than four decimals")
    return int(exact)


def _separating(content: Any) -> Boundary:
    found = value.boundary(content)
    if found not in _BY_KEY.values():
        raise UnfitError(f"{shown(content)} is neither container nor vm")
    return found


def _whole(within: range) -> Rule:
    return one(quantity.whole("a whole number", within))


OFFER: Mapping[str, Rule] = {
    "name": one(value.text),
    "memory": one(quantity.memory),
    "cpu": one(quantity.cores),
    "price": one(price),
    "count": _whole(MOST),
    "devices": many(one(value.text)),
    "arch": one(value.architecture),
}

PLACEMENT: Mapping[str, Rule] = {
    "services": many(one(value.text)),
    "together": one(_separating),
    "apart": one(_separating),
}

BLAST_RADIUS: Mapping[str, Rule] = {key: _whole(MOST) for key in _BY_KEY}
WEIGHT: Mapping[str, Rule] = {boundary.value: _whole(WEIGHTS) for boundary in _WEIGHED}


def read_offers(spot: Spot) -> tuple[Offer, ...] | None:
    """The types of machines or containers that can be had: all have a price or none has."""
    first: dict[str, Origin] = {}
    priced: dict[bool, Origin] = {}

    def read(inner: Spot) -> Offer | None:
        given = table(OFFER, required=("name",))(inner)
        if not given or "name" not in given:
            return None
        known = first.setdefault(given["name"], inner.origin)
        if known is not inner.origin:
            inner.faults.append((inner.origin, f"name: {given['name']!r} is the name of the type in {known} too"))
            return None
        priced.setdefault("price" in inner.value, inner.origin)
        return _offer(given)

    offers = many(read)(spot)
    if len(priced) > 1:
        reason = f"price: there is none, but the type in {priced[True]} has one"
        spot.faults.append((priced[False], reason))
    return offers


def _offer(given: Mapping[str, Any]) -> Offer:
    cpu = round(given["cpu"] * 1000) if "cpu" in given else None
    devices = frozenset(given.get("devices", ()))
    limits = {key: given[key] for key in ("memory", "price", "count", "arch") if key in given}
    return Offer(given["name"], cpu=cpu, devices=devices, priced="price" in given, **limits)


def read_placements(spot: Spot) -> tuple[tuple[Placement, Origin], ...] | None:
    """Services that belong together, or apart, each with its place."""
    return many(_placement)(spot)


def _placement(spot: Spot) -> tuple[Placement, Origin] | None:
    given = table(PLACEMENT, required=("services",))(spot)
    if given is None or "services" not in given:
        return None
    if ("together" in spot.value) == ("apart" in spot.value):
        spot.complain("takes either 'together' or 'apart'")
        return None
    if len(given["services"]) < 2:
        spot.complain("takes two services or more")
        return None
    boundary = given.get("together") or given.get("apart")
    if boundary is None:
        return None
    return Placement(boundary, frozenset(given["services"]), "together" in given), spot.origin


HOUSING: Mapping[str, Rule] = {
    "machine": read_offers,
    "container": read_offers,
    "blast-radius": table(BLAST_RADIUS),
    "trust": by_name(value.text, one(_separating)),
    "placement": read_placements,
    "weights": table(WEIGHT),
}


def housing(given: dict[str, Any]) -> Housing | None:
    """The Housing that some keys of a file state, which are taken out of ``given``; None if there are none."""
    found = {key: given.pop(key) for key in HOUSING if key in given}
    if not found:
        return None
    placements = found.get("placement", ())
    rules = Rules(
        offers={boundary: found[key] for key, boundary in _BY_KEY.items() if found.get(key)},
        most={_BY_KEY[key]: most for key, most in found.get("blast-radius", {}).items()},
        trust=dict(found.get("trust", ())),
        placements=tuple(placement for placement, _ in placements),
        weights={Boundary(key): weight for key, weight in found.get("weights", {}).items()},
    )
    return Housing(rules, tuple(origin for _, origin in placements))


def check_machines(spot: Spot, given: Mapping[str, Any]) -> None:
    """Complains of services that name what is no type of machine."""
    known = [offer.name for offer in given.get("machine", ())]
    entries = spot.value.get("service") if isinstance(spot.value, dict) else None
    for number, entry in enumerate(entries if isinstance(entries, list) else ()):
        for key in ("machines", "not-machines"):
            named = entry.get(key) if isinstance(entry, dict) else None
            for name in named if isinstance(named, list) else ():
                if isinstance(name, str) and name not in known:
                    inner = spot.inside("service", None).inside(number, None).inside(key, named)
                    inner.complain(f"there is no [[machine]] {shown(name)}{did_you_mean(name, known)}")
