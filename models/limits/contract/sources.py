"""What limits on the number of sources have in common: which sources there are, and what they sell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self

from pydantic import model_validator

from models.limits.contract.limit import basis_fault
from models.limits.contract.scoped import ScopedLimit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.limits.contract.limit import Key
    from models.limits.contract.subject import Terms
    from models.market.attribution import Attribution, Dimension
    from models.market.exposure import Ledger


class SourcesLimit(ScopedLimit):
    """A limit on how many countries, companies or offers a material comes from."""

    ARRIVING: ClassVar[bool] = True

    count: Literal["country", "company", "offer"]
    """What is counted."""
    basis: Literal["place", "control"] | None = None
    """With countries: where the site stands, or who owns it."""

    @model_validator(mode="after")
    def _countries_have_a_basis(self) -> Self:
        if (self.count == "country") != (self.basis is not None):
            raise ValueError(basis_fault(self.basis))
        return self

    @property
    def about(self) -> str:
        """What is counted: ``countries by control``, ``companies``."""
        many = {"country": "countries", "company": "companies", "offer": "offers"}[self.count]
        return f"{many} by {self.basis}" if self.basis else many

    @property
    def dimension(self) -> Dimension:
        """What the exposures of this limit are counted by."""
        if self.count == "country":
            return self.basis or "place"
        return self.count

    def attribution(
        self, book: Ledger, key: Key, periods: tuple[str, ...], sites: tuple[str, ...] | None
    ) -> Attribution:
        """Return what arrives from each source at a (material, stage) within periods, of all sites or of some."""
        where = (key.material, key.stage, periods, sites)
        return book.exposure.attribution(book, self.dimension, *where, arriving=self.ARRIVING)

    def sources(self, book: Ledger) -> Iterator[tuple[Key, float, dict[str, Terms]]]:
        """Yield each (material, stage, period) with its demand and the terms of every source.

        Demand is in units of the material at its last stage, and so is what terms (weight, amount of `book`) add up to.
        """
        market = book.exposure.market
        for key, periods in self.cells(market):
            demand = market.demand_of(key.material, periods, self.sites)
            attribution = self.attribution(book, key, periods, self.sites)
            terms = {who: attribution.terms(weights) for who, weights in sorted(attribution.weights.items())}
            yield key, demand, terms


def bound_units(terms: Terms) -> Any:
    """Return the most that can be attributed to a source on a model, from the bounds of its variables."""
    return sum(weight * amount.ub for weight, amount in terms)
