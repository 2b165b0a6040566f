"""What limits on changing suppliers have in common: who sells to us today, and how much."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from models.limits.contract.scoped import ScopedLimit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.limits.contract.limit import Key
    from models.limits.contract.subject import Terms
    from models.market import Market, Offer
    from models.market.exposure import Ledger


class Standing(NamedTuple):
    """An offer of a stage, with what it sells today and what is bought of it."""

    offer: Offer
    today: float
    """Units that today's yearly quantity makes over the periods counted; 0 for a newcomer."""
    terms: Terms
    """What is bought in these periods, over the amounts of a ledger."""


class IncumbentsLimit(ScopedLimit):
    """A limit on leaving those who sell to us today: offers with an incumbent quantity."""

    def problems(self, market: Market) -> Iterator[str]:
        """Yield also that sites cannot be told apart, or that nobody is an incumbent."""
        if self.sites is not None:
            yield "sites: today's quantities are not known by site; remove it"
        else:
            yield from super().problems(market)
        scope = {(key.material, key.stage) for key, _ in self.cells(market)}
        if scope and not any(o.incumbent_quantity for o in market.offers if (o.material, o.stage) in scope):
            yield "no offer in its scope has an incumbent_quantity, so there is nothing to keep; state them in offers"

    def standings(self, book: Ledger, key: Key, periods: tuple[str, ...]) -> Iterator[Standing]:
        """Yield every incumbent of a material's stage, and every newcomer that can be bought, in the order of names."""
        market = book.exposure.market
        years = sum(market.years[period] for period in periods)
        bought = book.exposure.bought(book, key.material, key.stage, periods)
        for offer in sorted(market.sold[key.material, key.stage], key=lambda offer: offer.offer):
            amounts = bought.get(offer.offer, ())
            today = (offer.incumbent_quantity or 0.0) * years
            if today or amounts:
                yield Standing(offer, today, [(1.0, units) for units in amounts])
