"""Whom a limit speaks of: each country, one country, a bloc, a company or an offer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, Self

from pydantic import model_validator

from models.limits.base import Limit, _unknown
from models.values import UNDISCLOSED, Country, Name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from models.exposure import Dimension, Ledger
    from models.limits.base import Key
    from models.market import Market

Terms = list[tuple[float, Any]]


class SubjectLimit(Limit):
    """A limit on what hangs on somebody; says exactly one of each, country, bloc, company, offer."""

    each: Literal["country", "company", "offer"] | None = None
    """Holds for every one of them by itself."""
    country: Country | None = None
    bloc: Name | None = None
    company: Name | None = None
    offer: Name | None = None
    group: Literal["each", "total"] | None = None
    """With a bloc: each of its countries by itself, or all of them in total."""
    basis: Literal["place", "control"] | None = None
    """With countries: where the site stands, or who owns it."""
    exempt: tuple[Country, ...] = ()
    """With each = "country": countries that it does not hold for."""

    @model_validator(mode="after")
    def _one_subject(self) -> Self:
        said = [f for f in ("each", "country", "bloc", "company", "offer") if getattr(self, f) is not None]
        if len(said) != 1:
            got = " and ".join(said) or "none of them"
            msg = f"speaks of {got}; write exactly one of each, country, bloc, company, offer"
            raise ValueError(msg)
        if (self.bloc is None) != (self.group is None):
            msg = 'bloc and group belong together; with a bloc write group = "each" or group = "total"'
            raise ValueError(msg)
        countries = self.each == "country" or self.country is not None or self.bloc is not None
        if countries != (self.basis is not None):
            msg = 'countries need basis = "place" or basis = "control", and nothing else takes one'
            raise ValueError(msg)
        if self.exempt and self.each != "country":
            msg = 'exempt goes with each = "country" only; remove it'
            raise ValueError(msg)
        return self

    def problems(self, market: Market) -> Iterator[str]:
        """Yield one sentence for every name of this limit that the market does not know."""
        yield from super().problems(market)
        for field, known in (
            ("bloc", market.blocs),
            ("company", {offer.company for offer in market.offers}),
            ("offer", market.offer),
        ):
            name = getattr(self, field)
            if name is not None:
                yield from _unknown(field, (name,), known)

    @property
    def dimension(self) -> Dimension:
        """What the exposures of this limit are counted by."""
        if self.basis is not None:
            return self.basis
        return "company" if "company" in {self.each, "company" if self.company else None} else "offer"

    def subjects(
        self, book: Ledger, key: Key, periods: tuple[str, ...]
    ) -> Iterator[tuple[str, Terms, Terms]]:
        """Yield each subject at a (material, stage) with its terms and the undisclosed ones.

        Terms are (weight, amount of `book`): units, summed they say how much hangs on the subject.
        """
        hanging = book.exposure.hanging(book, self.dimension, key.material, key.stage, periods, self.sites)
        unknown = hanging.get(UNDISCLOSED, [])
        for name, members in self._members(book.exposure.market, hanging):
            yield name, [term for who in members for term in hanging.get(who, [])], unknown

    def _members(self, market: Market, hanging: Mapping[str, Terms]) -> Iterator[tuple[str, tuple[str, ...]]]:
        if self.each is not None:
            for who in sorted(hanging):
                if who != UNDISCLOSED and who not in self.exempt:
                    yield who, (who,)
        elif self.bloc is not None:
            countries = market.blocs[self.bloc]
            if self.group == "total":
                yield self.bloc, tuple(dict.fromkeys(countries))
            else:
                yield from ((country, (country,)) for country in dict.fromkeys(countries))
        else:
            who = self.country or self.company or self.offer or ""
            yield who, (who,)
