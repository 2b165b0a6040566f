"""Whom a limit speaks of: each country, one country, a bloc, a company or an offer."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Literal, Self

from pydantic import model_validator

from models.limits.contract.batched_rows import batch_rows
from models.limits.contract.limit import basis_fault, unknown_names
from models.limits.contract.scoped import ScopedLimit
from models.records.countries import UNDISCLOSED
from models.records.fields import Country, Name

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from models.limits.contract.batched_rows import RowBatchBuilder
    from models.limits.contract.limit import Key
    from models.market import Market
    from models.market.attribution import Attribution, Dimension, SpanBatch
    from models.market.exposure import Ledger

Terms = list[tuple[float, Any]]
"""(weight, amount) pairs: how much of an amount is attributed to the subject; no amount comes twice."""

Shares = dict[str, float]
"""How much of the units of an offer is attributed to somebody, by offer."""


class SubjectLimit(ScopedLimit):
    """A limit on what is attributed to somebody; says exactly one of each, country, bloc, company, offer."""

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
    outside: Name | None = None
    """With each = "country": a bloc whose countries it does not hold for."""

    @model_validator(mode="after")
    def _one_subject(self) -> Self:
        said = [f for f in ("each", "country", "bloc", "company", "offer") if getattr(self, f) is not None]
        if len(said) != 1:
            got = " and ".join(said) or "nobody"
            msg = f"speaks of {got}; write exactly one of each, country, bloc, company, offer"
            raise ValueError(msg)
        if (self.bloc is None) != (self.group is None):
            msg = 'bloc and group belong together; with a bloc write group = "each" or group = "total"'
            raise ValueError(msg)
        countries = self.each == "country" or self.country is not None or self.bloc is not None
        if countries != (self.basis is not None):
            raise ValueError(basis_fault(self.basis))
        for field in ("exempt", "outside"):
            if getattr(self, field) and self.each != "country":
                msg = f'{field} goes with each = "country" only; remove it'
                raise ValueError(msg)
        return self

    @property
    def about(self) -> str:
        """Whom the limit speaks of: ``CN by control``, ``each country outside EU by place``."""
        basis = f" by {self.basis}" if self.basis else ""
        if self.each is not None:
            outside = f" outside {self.outside}" if self.outside else ""
            return f"each {self.each}{outside}{basis}"
        if self.bloc is not None:
            return f"each of {self.bloc}{basis}" if self.group == "each" else f"{self.bloc}{basis}"
        return f"{self.country or self.company or self.offer}{basis}"

    def problems(self, market: Market) -> Iterator[str]:
        """Yield one sentence for every name of this limit that the market does not know."""
        yield from super().problems(market)
        for field, known in (
            ("bloc", market.blocs),
            ("outside", market.blocs),
            ("company", market.companies),
            ("offer", market.offer),
        ):
            name = getattr(self, field)
            if name is not None:
                yield from unknown_names(field, (name,), known)

    @property
    def dimension(self) -> Dimension:
        """What the exposures of this limit are counted by."""
        if self.basis is not None:
            return self.basis
        return "company" if self.each == "company" or self.company is not None else "offer"

    def by_cell(
        self, book: Ledger, *, with_undisclosed: bool
    ) -> Iterator[tuple[Key, tuple[str, ...], dict[str, Terms]]]:
        """Yield each (material, stage, period) with the periods counted there, and the terms of each subject.

        Terms are over the amounts of `book` (units), as of `subjects`.
        """
        for key, periods in self.cells(book.exposure.market):
            yield key, periods, self.subjects(book, key, periods, with_undisclosed=with_undisclosed)

    def on_model(
        self, m: Any, *, with_undisclosed: bool, counts_whole: Callable[[float], bool] | None = None
    ) -> RowBatchBuilder:
        """Return what `by_cell` yields of a model, as rows: each (material, stage, period), then each subject.

        With `counts_whole`, an offer of which a share is attributed to a subject for which it is true counts as a
        whole, and any other not at all.
        """

        def weighed(some: SpanBatch) -> dict[str, Shares]:
            weights = m.exposure.shares(some, self.dimension)
            sellers = m.exposure.shares_at(some.material, some.stage, self.dimension)
            shares = self._shares(m.market, weights, sellers, with_undisclosed=with_undisclosed)
            if counts_whole is None:
                return shares
            return {who: {o: 1.0 for o, share in mine.items() if counts_whole(share)} for who, mine in shares.items()}

        return batch_rows(self, m, weighed)

    def subjects(self, book: Ledger, key: Key, periods: tuple[str, ...], *, with_undisclosed: bool) -> dict[str, Terms]:
        """Return the terms of each subject at a (material, stage), over the amounts of `book` (units).

        With `with_undisclosed`, what nobody declared is added to every subject; where no country is
        declared at all, it is one itself. Under a cap, a company or an offer answers only for stages at which
        it sells in some period, so that what is undisclosed elsewhere is not laid at its door (a floor holds
        everywhere); there it answers in every period, whatever it can sell then.
        """
        attribution, exposure = self._attribution(book, key, periods), book.exposure
        sellers = exposure.shares_at(key.material, key.stage, self.dimension)
        shares = self._shares(exposure.market, attribution.weights, sellers, with_undisclosed=with_undisclosed)
        return {who: attribution.terms(of_offers) for who, of_offers in shares.items()}

    def undisclosed_in(self, book: Ledger, key: Key, periods: tuple[str, ...]) -> Terms:
        """Return the terms of what nobody declared at a (material, stage), over the amounts of `book` (units)."""
        attribution = self._attribution(book, key, periods)
        return attribution.terms(attribution.weights.get(UNDISCLOSED, {}))

    def shuts_out(self, share: float) -> bool:  # noqa: ARG002 (a limit that can shut offers out overrides it)
        """Whether nothing may be bought of offers of which a share this large counts, were there no others."""
        return False

    def _attribution(self, book: Ledger, key: Key, periods: tuple[str, ...]) -> Attribution:
        """Return what is attributed to whom at a (material, stage), as the limit counts it."""
        where = (key.material, key.stage, periods, self.sites)
        return book.exposure.attribution(book, self.dimension, *where, arriving=self.ARRIVING)

    def _shares(
        self, market: Market, weights: dict[str, Shares], sellers: Collection[str], *, with_undisclosed: bool
    ) -> dict[str, Shares]:
        """Return what is attributed to each subject, by offer; `sellers` are all to whom the stage is attributed."""
        unknown = weights.get(UNDISCLOSED, {}) if with_undisclosed else {}
        subjects = dict(self.members(market, weights))
        if unknown and not subjects:
            subjects = dict.fromkeys(self.answering(sellers), ())
        known = {name: [weights[who] for who in members if who in weights] for name, members in subjects.items()}
        return {name: add_up_shares([unknown, *(s for s in some if s is not unknown)]) for name, some in known.items()}

    def answering(self, sellers: Collection[str]) -> list[str]:
        """Return who answers for what nobody declared where no subject sells anything: one at the most."""
        named = self.company or self.offer
        if named is not None:
            return [named] * (named in sellers)
        return [UNDISCLOSED] * (self.basis is not None or any(who != UNDISCLOSED for who in sellers))

    def list_exempt(self, market: Market) -> frozenset[str]:
        """Return the countries that the limit does not hold for."""
        return frozenset((*self.exempt, *(market.blocs[self.outside] if self.outside else ())))

    def members(self, market: Market, weights: Collection[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield each subject with the names that it consists of, none of them twice."""
        if self.each is not None:
            free = self.list_exempt(market)
            for who in sorted(weights):
                if who != UNDISCLOSED and who not in free:
                    yield who, (who,)
        elif self.bloc is not None:
            countries = tuple(dict.fromkeys(market.blocs[self.bloc]))
            if self.group == "total":
                yield self.bloc, countries
            else:
                yield from ((country, (country,)) for country in countries)
        elif self.country is not None:
            yield self.country, (self.country,)
        else:
            who = self.company or self.offer or ""
            if who in weights:
                yield who, (who,)


def total_units(terms: Terms) -> float:
    """Return how much is attributed to a subject, in units, of amounts that are numbers."""
    return float(sum(weight * amount for weight, amount in terms))


def add_up_shares(parts: list[Shares]) -> Shares:
    """Return shares by offer, those of all parts added up."""
    some = [shares for shares in parts if shares]
    if len(some) == 1:
        return some[0]
    total: dict[str, float] = defaultdict(float)
    for shares in some:
        for offer, share in shares.items():
            total[offer] += share
    return total
