"""Who is behind a unit of an offer: by place, by control, by company, at its own stage and at those before it.

Pure facts, worked out once from a market. At the stage of the offer itself that is the country where its site stands
(*place*), the countries that own it by equity (*control*), its company, or the offer. At an earlier stage it depends on
how the offer is fed: one with a yield is fed over lanes, so the tonnes are counted where the feed is bought; one
without is bought as it is, and only its declared origins say where the earlier stages happened. What nobody declared is
attributed to `UNDISCLOSED`.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

from models.market.worth import Worth
from models.records.countries import UNDISCLOSED
from models.records.tolerances import SAME_SUM

if TYPE_CHECKING:
    from collections.abc import Iterable

    from models.market import Market, Offer
    from models.market.attribution import Dimension

_NOBODY_KNOWN = {UNDISCLOSED: 1.0}


class Weights:
    """The weights with which a unit of each offer is attributed to countries, companies and offers."""

    def __init__(self, market: Market) -> None:
        """Read owners and declared origins of a market (already in its materials' own bases)."""
        self.market = market
        self.worth = Worth(market)
        self._known: dict[tuple[str, str, str, bool], dict[str, dict[str, float]]] = {}
        owners: dict[tuple[str | None, str | None], dict[str, float]] = defaultdict(dict)
        for owner in market.owners:
            owners[owner.company, owner.offer][owner.country] = owner.share
        self._owned = {whose: _completed(shares.items()) for whose, shares in owners.items()}
        """Weights by country, by (company, None) or (None, offer)."""
        self._origins: dict[tuple[str, str], list[tuple[str, str, float]]] = defaultdict(list)
        for origin in market.origins:
            self._origins[origin.offer, origin.stage].append(
                (origin.country, origin.owner or UNDISCLOSED, origin.share or 0.0)
            )
        self._unshared = tuple(origin for origin in market.origins if origin.share is None)

    @cached_property
    def passing(self) -> dict[tuple[str, str], list[Offer]]:
        """Offers whose units pass a stage, by (material, stage): sold there, or later without a feed of ours."""
        offers: dict[tuple[str, str], list[Offer]] = {
            (m.material, stage): [] for m in self.market.materials for stage in m.stages
        }
        for offer in self.market.offers:
            stages = self.market.material[offer.material].stages
            own = stages.index(offer.stage)
            for stage in stages[own : own + 1] if offer.yield_ is not None else stages[: own + 1]:
                offers[offer.material, stage].append(offer)
        return offers

    def weights(self, offer: Offer, stage: str, dimension: Dimension) -> dict[str, float]:
        """Return what one unit of the offer is attributed to at a stage; the weights add up to 1.

        Nobody may change them: what follows from owners is worked out once.
        """
        if offer.stage != stage:
            return self._declared(offer, stage, dimension)
        match dimension:
            case "place":
                return {offer.country: 1.0}
            case "control":
                return self._owned.get((None, offer.offer)) or self._owned.get((offer.company, None)) or _NOBODY_KNOWN
            case "company":
                return {offer.company: 1.0}
            case "offer":
                return {offer.offer: 1.0}

    def has_owners(self, offer: Offer) -> bool:
        """Whether owners are declared of an offer itself, and not of its company."""
        return (None, offer.offer) in self._owned

    def _declared(self, offer: Offer, stage: str, dimension: Dimension) -> dict[str, float]:
        origins = self._origins.get((offer.offer, stage), [])
        match dimension:
            case "place":
                return _completed((country, share) for country, _, share in origins if share)
            case "control":
                return _completed((owner, share) for _, owner, share in origins if share)
            case "company" | "offer":
                return {UNDISCLOSED: 1.0}

    def is_settled(self, material: str, stage: str) -> bool:
        """Whether what arrives of what passes a stage in a period is the demand of that period, in any plan."""
        return material in self.market.direct and not self.worth.mixed(material, stage)

    def shares_at(
        self, material: str, stage: str, dimension: Dimension, *, arriving: bool = False
    ) -> dict[str, dict[str, float]]:
        """Return the shares of what passes a stage, by whom it is attributed to, then by offer; worked out once.

        With `arriving` they are what arrives of an amount, not what is bought.
        """
        key = (dimension, material, stage, arriving)
        if key not in self._known:
            known: dict[str, dict[str, float]] = defaultdict(dict)
            for offer in self.passing[material, stage]:
                worth = self.worth.of_offer(offer) if arriving else None
                for who, share in self.weights(offer, stage, dimension).items():
                    known[who][offer.offer] = share if worth is None else share * worth
            self._known[key] = dict(known)
        return self._known[key]

    def named_at(self, material: str, stage: str, dimension: Dimension) -> dict[str, dict[str, float]]:
        """Return the most that may hang on countries named without a share, by country, then by offer.

        It is a part of what is attributed to `UNDISCLOSED`, and may be anyone's of those that are named.
        """
        found: dict[str, dict[str, float]] = defaultdict(dict)
        for origin in self._unshared:
            who = {"place": origin.country, "control": origin.owner}.get(dimension)
            offer = self.market.offer.get(origin.offer)
            if not offer or (offer.material, origin.stage) != (material, stage):
                continue
            if who is not None and who != UNDISCLOSED:
                found[who][offer.offer] = self.weights(offer, stage, dimension).get(UNDISCLOSED, 0.0)
        return dict(found)


def _completed(parts: Iterable[tuple[str, float]]) -> dict[str, float]:
    """Add up shares by name, and put what is left of the whole on `UNDISCLOSED`."""
    weights: dict[str, float] = defaultdict(float)
    for name, share in parts:
        weights[name] += share
    rest = 1.0 - sum(weights.values())
    if rest > SAME_SUM:
        weights[UNDISCLOSED] += rest
    return dict(weights)
