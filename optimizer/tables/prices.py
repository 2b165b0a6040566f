"""prices.csv: what each limit costs, where that was asked for."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

from models.records.tolerances import RECOUNTED
from optimizer.results.interval import finite_or_none
from optimizer.tables.table import CURRENCY, KEY, MASS, SOLVED, Row, Table, UnitOf, Units

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from optimizer.results.price import Price, Saving
    from optimizer.tables.table import PlannedInstance

_OWN = UnitOf("unit")


@dataclass(frozen=True, slots=True)
class LimitPrice(Row):
    """What a limit costs: what the least cost would fall by without it, and with its level one notch looser.

    Each saving is known to lie between a least and a most, which are equal where it is exact. Savings do not add up.
    """

    limit: Annotated[str, KEY]
    """Name of the limit."""
    kind: str
    """Kind of the limit."""
    who: str
    """Of whom it speaks."""
    sense: Literal["at most", "at least"]
    """Whether it is a cap or a floor."""
    level: Annotated[float, _OWN]
    """Its level."""
    unit: str
    """What its level is measured in."""
    firm: Literal["hard", "soft", "watched"]
    """How strictly it holds."""
    saved_without_least: Annotated[float | None, CURRENCY, SOLVED]
    """What is saved without it, at least; empty where it was not priced."""
    saved_without_most: Annotated[float | None, CURRENCY, SOLVED]
    """The same at most; empty where that is not known."""
    looser_level: Annotated[float | None, _OWN]
    """Its level one notch looser; empty where it cannot get looser."""
    saved_looser_least: Annotated[float | None, CURRENCY, SOLVED]
    """What is saved with that level, at least; empty where it was not priced."""
    saved_looser_most: Annotated[float | None, CURRENCY, SOLVED]
    """The same at most; empty where that is not known."""
    unmet: Annotated[float | None, MASS, SOLVED]
    """What is unmet of the materials that it concerns; empty where it was not priced."""
    unmet_without: Annotated[float | None, MASS, SOLVED]
    """The same without it."""
    shortage_cost_saved_without: Annotated[float | None, CURRENCY, SOLVED]
    """What a shortage costs less without it, as part of what is saved."""


def list_prices(planned: PlannedInstance, units: Units) -> Iterator[LimitPrice]:
    """Yield what each limit costs, the largest proven saving first; nothing where that was not asked for."""
    for price in planned.prices or ():
        yield price_row(price, units)


def price_row(price: Price, units: Units) -> LimitPrice:
    """Return what a limit costs as a row of figures."""
    limit, priced = price.limit, price.without is not None
    without, looser = _ends(price.without), _ends(price.notch)
    before, after = (sum(short.quantity for short in unmet) for unmet in (price.unmet, price.unmet_without))
    cost, rest = (sum(short.cost for short in unmet) for unmet in (price.unmet, price.unmet_without))
    return LimitPrice(
        limit=limit.name,
        kind=limit.kind,
        who=limit.about,
        sense=limit.SENSE,
        level=limit.level,
        unit=limit.unit(*units),
        firm=limit.strictness,
        saved_without_least=without[0],
        saved_without_most=without[1],
        looser_level=None if price.looser is None else price.looser.level,
        saved_looser_least=looser[0],
        saved_looser_most=looser[1],
        unmet=before if priced else None,
        unmet_without=after if priced else None,
        shortage_cost_saved_without=cost - rest if priced else None,
    )


def _ends(saving: Saving | None) -> tuple[float | None, float | None]:
    return (None, None) if saving is None else (saving.least, finite_or_none(saving.most))


def _faults(texts: Mapping[str, str], _: Units) -> Iterator[tuple[str, str]]:
    """Yield (column, what is wrong): a saving below nothing, or an end of one that is beyond another."""
    ends = {name: _figure(texts.get(name, "")) for name in _NEVER_LESS}
    for column, others in _NEVER_LESS.items():
        for less, more in ((0.0, ends[column]), *((ends[column], ends[other]) for other in others)):
            if less > more + RECOUNTED * abs(more):
                yield (
                    column,
                    f"{less:.12g} is above {more:.12g}, which cannot be; lodeplan solve -o --report finds it anew",
                )


_NEVER_LESS = {
    "saved without least": ("saved without most",),
    "saved without most": (),
    "saved looser least": ("saved looser most", "saved without least"),
    "saved looser most": ("saved without most",),
}
"""Columns that are never above others of their row."""


def _figure(text: str) -> float:
    """Return a cell as a number; one that compares with nothing where it is none."""
    try:
        return float(text)
    except ValueError:
        return math.nan


PRICES = Table(
    "prices",
    LimitPrice,
    list_prices,
    _faults,
    comes_with="--report",
    is_there=lambda planned: planned.prices is not None,
)
