"""What a scenario is to a program: when it begins, how likely it is, the market from then on, and what is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from models.market.market import PreparedMarket

OfferPeriod = tuple[str, str]
"""An offer and a period in which it is bought."""


class Scenario(NamedTuple):
    """What may happen, with one beginning; the calm is what happens if none of them does."""

    name: str
    probability: float
    """That it happens within the horizon, from 0 to 1."""
    begins: int
    """The place of the period in which it begins, from 0."""
    market: PreparedMarket
    """The market of the whole horizon as it is then. Its facts are those of the calm before `begins`; tables in which
    nothing differs are the same objects, and where none does, so is the market."""
    losses: Mapping[OfferPeriod, float] = {}
    """Share that is lost of what was ordered of an offer in a period, up to 1; 0 where its supplier is hit alone."""
