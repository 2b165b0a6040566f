"""Who is behind what is bought: every tonne that passes a stage is attributed to somebody.

To whom a unit of an offer is attributed stands in `weights.py`; here are the amounts of a ledger, a program or a plan.

Quantities add up what is bought. Shares add up what arrives of it at the last stage (`worth.py`), so
that what is fed and what is bought in are like for like.

Limits, audit and reports all read exposures here, so that one definition serves all.
"""

from __future__ import annotations

import copy
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate, chain
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from models.market.attribution import Attribution, SpanBatch
from models.market.weights import Weights

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from models.market import Market, Offer
    from models.market.attribution import Dimension
    from models.market.losses import Trial


class Ledger(Protocol):
    """Decisions by name: variables on a model, plain numbers on a plan."""

    @property
    def exposure(self) -> Exposure:
        """Who is behind the quantities."""

    @property
    def quantity(self) -> Mapping[tuple[str, str], Any]:
        """Units bought, by (offer, period)."""

    @property
    def flow(self) -> Mapping[tuple[str, str, str], Any]:
        """Units moved, by (origin, destination, period of leaving)."""

    @property
    def arriving(self) -> Mapping[tuple[str, str], Any]:
        """Units that arrive of what is bought, by (offer, period), of offers whose worth depends on where they go."""

    @property
    def supplied(self) -> Mapping[tuple[str, str, str], Any]:
        """Units that arrive of what passes a stage, by (material, stage, period)."""

    @property
    def settled(self) -> Collection[tuple[str, str]]:
        """Each (material, stage) at which what passes is known without looking at decisions: it is the demand."""

    @property
    def stock(self) -> Mapping[tuple[str, str, str], Any]:
        """Units in stock at the end of the period, by (site, material, period), where there is room for them."""

    @property
    def spent(self) -> Mapping[str, Mapping[str, list[tuple[float, Any]]]]:
        """What is paid for the units of an offer, by offer, then by period: price and units of each tier.

        Currency per unit and units; freight, duties and fixed costs are not in it, and prices of 0 may be left out.
        """

    @property
    def costs(self) -> Mapping[str, Any]:
        """Currency, by name of cost."""

    def find_unmet(self, asked: Sequence[tuple[Trial, Mapping[str, float]]]) -> list[dict[str, float]]:
        """Return what stays unmet in the best response to each loss, by material [quantity]; of plain numbers only.

        It is as little as can be beyond what may stay unmet, which stands beside each loss.
        """


class UpperBounds(Ledger, Protocol):
    """A ledger of the most that can be bought and moved, which tells quantities with their unit."""

    def format_quantities(self, *units: float) -> list[str]:
        """Spell quantities that stand against each other, with their unit, so that they can be told apart."""


class Exposure(Weights):
    """To whom the amounts of a ledger are attributed: countries, companies and offers."""

    def __init__(self, market: Market) -> None:
        """Read owners and declared origins of a market (already in its materials' own bases)."""
        super().__init__(market)
        self._seen: _Seen | None = None

    def beside(self, market: Market) -> Exposure:
        """Return the same of a market that differs in how much is needed alone, of which all weights are the same."""
        other = copy.copy(self)
        other.market = market
        other.forget()
        return other

    def arrived(self, book: Ledger, offer: Offer, period: str) -> float:
        """Return the units that arrive of what is bought of an offer in a period, where amounts are numbers."""
        worth = self.worth.of_offer(offer)
        if worth is None:
            return float(book.arriving.get((offer.offer, period), 0.0))
        return float(worth * book.quantity.get((offer.offer, period), 0.0))

    def supply(self, book: Ledger) -> dict[tuple[str, str, str], float]:
        """Return what arrives of what passes each (material, stage, period), where amounts are numbers."""
        return {
            (material, stage, period): sum(self.arrived(book, offer, period) for offer in offers)
            for (material, stage), offers in self.passing.items()
            for period in self.market.years
        }

    def attribution(  # noqa: PLR0913 (the scope of a limit is what it is)
        self,
        book: Ledger,
        dimension: Dimension,
        material: str,
        stage: str,
        periods: Iterable[str],
        sites: tuple[str, ...] | None = None,
        *,
        arriving: bool = False,
    ) -> Attribution:
        """Return what is attributed to each country, company or offer at a stage, over the amounts of `book`.

        Amounts are units bought in `periods`; of those that go to `sites` when given, which only the
        last stage can tell. Weighed they add up to units bought, or with `arriving` to what arrives of them.
        The answer is remembered, as many limits ask the same of one book; nobody may change it.
        """
        seen = self._see(book)
        arriving = arriving and self._before_the_last(material, stage)
        scope = _Scope(material, stage, tuple(periods), sites, arriving)
        if (dimension, scope) not in seen.attribution:
            bought = self._amounts(book, scope)
            seen.attribution[dimension, scope] = Attribution(bought, self._weights(bought, dimension, scope))
        return seen.attribution[dimension, scope]

    def bought(
        self,
        book: Ledger,
        material: str,
        stage: str,
        periods: tuple[str, ...],
        sites: tuple[str, ...] | None = None,
    ) -> dict[str, list[Any]]:
        """Return what is bought of each offer that passes a stage, or goes to the sites; of those that have any.

        As of `attribution`, the answer is remembered.
        """
        return self._amounts(book, _Scope(material, stage, periods, sites, arriving=False))

    def bought_in_all(self, book: Ledger, material: str, stage: str, periods: tuple[str, ...]) -> float:
        """Return the sum of what is bought of all that passes a stage, where amounts are numbers; remembered too."""
        seen, scope = self._see(book), (material, stage, periods)
        if scope not in seen.totals:
            seen.totals[scope] = float(sum(map(sum, self.bought(book, *scope).values())))
        return seen.totals[scope]

    def _amounts(self, book: Ledger, scope: _Scope) -> dict[str, list[Any]]:
        """Return the amounts of `bought`; of what arrives where the worth of an offer depends on where it goes."""
        seen = self._see(book)
        if scope not in seen.bought:
            offers = [offer.offer for offer in self.passing[scope.material, scope.stage]]
            if scope.sites is None:
                by_period = self._by_period(seen, scope)
                here = [by_period[period] for period in scope.periods]
                found = {name: [amounts[name] for amounts in here if name in amounts] for name in offers}
            else:
                ends = [(site, period) for period in scope.periods for site in scope.sites]
                flow = book.flow
                found = {name: [flow[name, *end] for end in ends if (name, *end) in flow] for name in offers}
            seen.bought[scope] = {offer: amounts for offer, amounts in found.items() if amounts}
        return seen.bought[scope]

    def list_arriving(self, book: Ledger, material: str, stage: str) -> list[dict[str, Any]]:
        """Return what passes a stage in each period, by offer: what arrives of an offer where that depends on its way.

        Of any other it is what is bought. As of `attribution`, the answer is remembered.
        """
        scope = _Scope(material, stage, (), None, arriving=self._before_the_last(material, stage))
        return list(self._by_period(self._see(book), scope).values())

    def _by_period(self, seen: _Seen, scope: _Scope) -> dict[str, dict[str, Any]]:
        """Return the amounts of what passes a stage without regard to sites, by period, then by offer; remembered."""
        key = scope.material, scope.stage, scope.arriving
        if key not in seen.by_period:
            offers = self.passing[scope.material, scope.stage]
            split = {o.offer for o in offers if self.worth.of_offer(o) is None} if scope.arriving else ()
            found: dict[str, dict[str, Any]] = {period: {} for period in self.market.years}
            for name in (offer.offer for offer in offers):
                mine = (seen.arriving_of if name in split else seen.bought_of).get(name, {})
                for period, amount in mine.items():
                    found[period][name] = amount
            seen.by_period[key] = found
        return seen.by_period[key]

    def _spans(  # noqa: PLR0913 (as above)
        self,
        book: Ledger,
        material: str,
        stage: str,
        spans: tuple[tuple[str, ...], ...],
        sites: tuple[str, ...] | None,
        arriving: bool,  # noqa: FBT001 (as above)
    ) -> Iterator[tuple[list[str], list[int], list[Any]]]:
        """Yield offers with amounts in each span, how many each has, and all of them, one offer after the other."""
        if sites is None and all(len(periods) == 1 for periods in spans):
            by_period = self._by_period(self._see(book), _Scope(material, stage, (), None, arriving))
            for (period,) in spans:
                here = by_period[period]
                yield list(here), [1] * len(here), list(here.values())
            return
        for periods in spans:
            bought = self._amounts(book, _Scope(material, stage, periods, sites, arriving))
            yield list(bought), list(map(len, bought.values())), list(chain.from_iterable(bought.values()))

    def passed(
        self,
        book: Ledger,
        material: str,
        stage: str,
        periods: tuple[str, ...],
        sites: tuple[str, ...] | None = None,
    ) -> list[Any]:
        """Return what adds up to all that arrives of what passes a stage in some periods, or goes to the sites.

        As of `attribution`, the answer is remembered.
        """
        seen, scope = self._see(book), (material, stage, periods, sites)
        if scope not in seen.passed:
            if (material, stage) in book.settled:
                found = [self.market.demand_of(material, [period], sites) for period in periods]
            elif sites is None:
                found = [seen.supplied[material, stage, period] for period in periods]
            else:
                found = list(chain.from_iterable(self.bought(book, material, stage, periods, sites).values()))
            seen.passed[scope] = found
        return seen.passed[scope]

    def batch_spans(  # noqa: PLR0913 (as above)
        self,
        book: Ledger,
        material: str,
        stage: str,
        spans: tuple[tuple[str, ...], ...],
        sites: tuple[str, ...] | None,
        *,
        arriving: bool,
    ) -> list[SpanBatch]:
        """Return what passes a stage, or goes to the sites, in some spans of periods: those together that are alike.

        Amounts are as of `attribution`, and so is the answer remembered.
        """
        seen = self._see(book)
        arriving = arriving and self._before_the_last(material, stage)
        asked = (material, stage, spans, sites, arriving)
        if asked not in seen.batches:
            found: list[SpanBatch] = []
            before: tuple[list[str], list[int]] | None = None
            for number, (names, counts, amounts) in enumerate(self._spans(book, *asked)):
                if (names, counts) != before:
                    before, ends = (names, counts), list(accumulate(counts, initial=0))
                    positions = dict(zip(names, map(range, ends, ends[1:]), strict=True))
                    found.append(SpanBatch(material, stage, sites, arriving, positions, [], []))
                found[-1].numbers.append(number)
                found[-1].bought.append(amounts)
            seen.batches[asked] = found
        return seen.batches[asked]

    def shares(self, some: SpanBatch, dimension: Dimension) -> dict[str, dict[str, float]]:
        """Return the shares of what is bought in some spans, by whom it is attributed to, then by offer; remembered."""
        if dimension not in some.shares:
            scope = _Scope(some.material, some.stage, (), None, some.arriving)
            some.shares[dimension] = self._weights(some.positions, dimension, scope)
        return some.shares[dimension]

    def passed_in(self, book: Ledger, some: SpanBatch, spans: Sequence[tuple[str, ...]]) -> list[list[Any]]:
        """Return `passed` for each of some of all `spans`; remembered too."""
        if not some.passed:
            where = some.material, some.stage
            some.passed.extend(self.passed(book, *where, spans[number], some.sites) for number in some.numbers)
        return some.passed

    def forget(self) -> None:
        """Let go of what was remembered of a book."""
        self._seen = None

    def _see(self, book: Ledger) -> _Seen:
        """Return what is remembered of a book; what was remembered of another is let go."""
        if self._seen is None or self._seen.book is not book:
            self._seen = _Seen(book)
        return self._seen

    def _before_the_last(self, material: str, stage: str) -> bool:
        return stage != self.market.material[material].stages[-1]

    def _weights(self, bought: Collection[str], dimension: Dimension, scope: _Scope) -> dict[str, dict[str, float]]:
        """Return what is attributed to whom of an amount of the offers that are bought."""
        known = self.shares_at(scope.material, scope.stage, dimension, arriving=scope.arriving)
        if len(bought) == len(self.passing[scope.material, scope.stage]):
            return known
        some = {who: {o: share for o, share in mine.items() if o in bought} for who, mine in known.items()}
        return {who: mine for who, mine in some.items() if mine}


class _Scope(NamedTuple):
    """Where amounts are counted, and what of them."""

    material: str
    stage: str
    periods: tuple[str, ...]
    sites: tuple[str, ...] | None
    arriving: bool


@dataclass(frozen=True)
class _Seen:
    """A book, and what was asked of it, by scope."""

    book: Ledger
    bought: dict[_Scope, dict[str, list[Any]]] = field(default_factory=dict)
    by_period: dict[tuple[str, str, bool], dict[str, dict[str, Any]]] = field(default_factory=dict)
    passed: dict[tuple[Any, ...], list[Any]] = field(default_factory=dict)
    totals: dict[tuple[str, str, tuple[str, ...]], float] = field(default_factory=dict)
    attribution: dict[tuple[Any, ...], Attribution] = field(default_factory=dict)
    batches: dict[tuple[Any, ...], list[SpanBatch]] = field(default_factory=dict)

    @cached_property
    def bought_of(self) -> dict[str, dict[str, Any]]:
        """What is bought of each offer, by period."""
        return _by_offer(getattr(self.book, "quantities", None) or self.book.quantity)

    @cached_property
    def arriving_of(self) -> dict[str, dict[str, Any]]:
        """What arrives of each offer, by period of leaving."""
        return _by_offer(getattr(self.book, "arrivals", None) or self.book.arriving)

    @cached_property
    def supplied(self) -> dict[tuple[str, str, str], Any]:
        """That of the book as a plain dict, which a model has: loops over Pyomo's indexed variables cost more."""
        return getattr(self.book, "supplies", None) or dict(self.book.supplied.items())


def _by_offer(amounts: Mapping[tuple[str, str], Any]) -> dict[str, dict[str, Any]]:
    """Return amounts by offer, then by period."""
    found: dict[str, dict[str, Any]] = defaultdict(dict)
    for (offer, period), amount in amounts.items():
        found[offer][period] = amount
    return found
