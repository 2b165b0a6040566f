"""An amount that is stated by itself, where the rows that it is for are stated in several units or currencies."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from models.changes.amounts import Amount
    from models.market import Market, Offer


@dataclass(frozen=True, slots=True)
class StatedUnit:
    """In what a figure of a row is, and how that is said."""

    basis: str | None
    """None where it is that of the material."""
    currency: str | None
    """None where it is that of the instance, and where the figure is an amount."""
    words: str = field(compare=False)
    """``in lb Co``, ``per kg Ga in CNY``."""


def state_amount(market: Market, material: str, basis: str | None) -> StatedUnit:
    """Return in what an amount of a row is, which may have a basis of its own."""
    own = market.material[material].basis
    return StatedUnit(None if basis == own else basis, None, f"in {basis or own}")


def state_price(market: Market, offer: Offer) -> StatedUnit:
    """Return in what prices of an offer are."""
    own, currency = market.material[offer.material].basis, offer.currency
    money = f" in {currency}" if currency else ""
    return StatedUnit(
        None if offer.priced_per == own else offer.priced_per, currency, f"per {offer.priced_per or own}{money}"
    )


def require_one_unit(amount: Amount, rows: Iterable[tuple[str, StatedUnit]]) -> None:
    """Raise ValueError where an amount would be one thing in some rows, by name, and another in others."""
    if amount.how == "times" or not amount.number:
        return
    first: dict[StatedUnit, str] = {}
    for name, stated in rows:
        first.setdefault(stated, name)
    if len(first) > 1:
        (one, name), (other, beside) = list(first.items())[:2]
        msg = f"{amount.text} is {one.words} for {name}, and {other.words} for {beside}; name those of one unit, or "
        msg += "write a relative amount such as +10% or x1.1"
        raise ValueError(msg)
