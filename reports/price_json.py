"""The price list as JSON, and back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated

from msgspec import Meta

from analyzer.prices.change import Change, Place, Way
from analyzer.prices.price import Price, PriceList, Saving
from reports.fleet_json import PackageName, Shape, package_name, package_value

Count = Annotated[int, Meta(ge=0)]
Number = Annotated[int, Meta(ge=1, description="An environment of the re-locked plan, counted from 1.")]


class ChangeShape(Shape, rename={"before": "from", "after": "to"}):
    """What a service would require of a package instead; an empty text is any version."""

    service: str
    package: PackageName
    before: str
    after: str
    way: Way


class PriceShape(Shape):
    """What it takes to make two environments one, and how many environments that saves. ``others`` are as small
    as ``changes``; ``obstacle`` says why there are none, ``upstream`` that only releases to come could help."""

    merge: tuple[Number, Number]
    changes: tuple[ChangeShape, ...]
    others: tuple[tuple[ChangeShape, ...], ...]
    saves: Count
    obstacle: str
    upstream: bool


class SavingShape(Shape):
    """One change, and how many environments the fleet needs before and after it; ``proven`` says that fewer are
    not possible after it."""

    change: ChangeShape
    before: Count
    after: Count
    proven: bool


def prices_shape(known: PriceList) -> tuple[PriceShape, ...]:
    """The prices of a list as JSON."""
    return tuple(
        PriceShape(p.merge, _shapes(p.changes), tuple(map(_shapes, p.others)), p.saves, p.obstacle, p.upstream)
        for p in known.prices
    )


def savings_shape(known: PriceList) -> tuple[SavingShape, ...]:
    """The savings of a list as JSON."""
    return tuple(SavingShape(_shape(s.change), s.before, s.after, s.proven) for s in known.savings)


def price_list_value(prices: Iterable[PriceShape], savings: Iterable[SavingShape], left_out: int) -> PriceList:
    """The price list that JSON holds."""
    return PriceList(
        tuple(
            Price(p.merge, _values(p.changes), tuple(map(_values, p.others)), p.saves, p.obstacle, p.upstream)
            for p in prices
        ),
        tuple(Saving(_value(s.change), s.before, s.after, s.proven) for s in savings),
        left_out,
    )


def named(prices: Iterable[PriceShape], savings: Iterable[SavingShape]) -> Iterator[tuple[str, Iterable[str]]]:
    """The services that a price list names, by the path inside its JSON."""
    for number, price in enumerate(prices):
        ways = (price.changes, *price.others)
        yield f"prices[{number}]", (change.service for way in ways for change in way)
    for number, saving in enumerate(savings):
        yield f"savings[{number}].change", (saving.change.service,)


def _shape(change: Change) -> ChangeShape:
    package = package_name(change.place.package)
    return ChangeShape(change.place.service, package, change.before, change.after, change.way)


def _value(shape: ChangeShape) -> Change:
    return Change(Place(shape.service, package_value(shape.package)), shape.before, shape.after, shape.way)


def _shapes(changes: Iterable[Change]) -> tuple[ChangeShape, ...]:
    return tuple(map(_shape, changes))


def _values(shapes: Iterable[ChangeShape]) -> tuple[Change, ...]:
    return tuple(map(_value, shapes))
