"""Law at borders: what a unit is charged in each period, and on how many of its days it may pass.

A fact counts for the days of a period on which it holds, as known on `as_of`; without a `start` one day stands for all.

    d_{ijt}    = value_{it'} * sum_k rate_k D_{kt} / D_t     duty on a unit, t the period of arrival, t' of leaving
    open_{ijt} = 1 - D_{ijt} / D_t                           of a lane, t the period of leaving
    open_{iJt} = 1 - D_{iJt} / D_t                           of some lanes J of an offer i

D_t are the days of period t, D_{kt} those on which duty k holds, and D_{ijt} those on which any of the controls holds
that close the lane: a day on which two do is counted once. D_{iJt} are the days on which all lanes of J are closed.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property, reduce
from operator import or_
from typing import TYPE_CHECKING, NamedTuple

from models.records.validity import clip, count_days, spans_of, unite

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from models.market import Control, Lane, Market
    from models.records.validity import Span

Pair = tuple[str, str]
"""Origin and destination of a lane."""
Crossing = tuple[str, str, str, str]
"""Material, stage, country of origin, country of destination."""
Charge = tuple[str, str, str | None, str]
"""The same of a duty, which may be charged on whatever comes from another country (None)."""

_MOST_NAMED = 3
"""Closed ways that a sentence names."""


class Closure(NamedTuple):
    """What closes a border on some days."""

    controls: tuple[Control, ...]
    """In the order of the table; none that closes on no day on which one before it does not."""
    spans: tuple[Span, ...]
    """When it is closed, on days that are looked at and on others."""
    days: dict[str, int]
    """Days on which it is closed, by period; none where it is open on all of them."""


class Group(NamedTuple):
    """Lanes of an offer that are closed together on some days of a period."""

    lanes: tuple[Pair, ...]
    share: float
    """Share of the days of the period on which any of them is open."""


class Borders:
    """Duties and controls of a market as its lanes meet them, on any day that is looked at."""

    def __init__(self, market: Market, lanes: Sequence[Lane]) -> None:
        """Work on the lanes of a market, open or closed; everything is worked out when it is first asked for."""
        self.lanes = lanes
        """In their order."""
        self._market = market
        self._days = {period: span.days for period, span in market.law_days.items()}
        self._country = {o.offer: o.country for o in market.offers} | {s.site: s.country for s in market.sites}

    def duty_rate(self, origin: str, destination: str) -> float:
        """Return the sum of the rates of duties that hold on all days and are charged on what moves over a lane."""
        if not self._rates:
            return 0.0
        return sum(self._rates.get(charge, 0.0) for charge in self._charges(origin, destination))

    @cached_property
    def turning_rates(self) -> dict[Pair, dict[str, float]]:
        """The sum of the rates of all other duties beside it, by lane, then by period of arrival.

        Each by its share of the days of the period; none on lanes that meet no such duty.
        """
        found = {}
        for origin, destination in self._pairs if self._turning_rates else ():
            charged: dict[str, float] = defaultdict(float)
            for charge in self._charges(origin, destination):
                for period, rate in self._turning_rates.get(charge, {}).items():
                    charged[period] += rate
            if any(charged.values()):
                found[origin, destination] = dict(charged)
        return found

    @cached_property
    def closures(self) -> dict[Pair, Closure]:
        """What closes a lane on some days, by lane."""
        known: dict[Crossing, Closure] = {}
        found = {}
        for pair, crossing, controls in self._meetings("closed"):
            if crossing not in known:
                known[crossing] = self._close(controls)
            found[pair] = known[crossing]
        return found

    @cached_property
    def closed(self) -> dict[Pair, Closure]:
        """What closes a lane on all days of all periods, so that it is none."""
        return {pair: closure for pair, closure in self.closures.items() if closure.days == self._days}

    @cached_property
    def open_shares(self) -> dict[Pair, dict[str, float]]:
        """Share of a period's days on which a lane is open, by lane, then by period of leaving in which not on all."""
        return {
            pair: {period: (self._days[period] - shut) / self._days[period] for period, shut in closure.days.items()}
            for pair, closure in self.closures.items()
            if pair not in self.closed
        }

    @cached_property
    def groups(self) -> dict[tuple[str, str], list[Group]]:
        """Lanes of an offer that are closed together on any days, by (offer, period of leaving).

        Of an offer that sells at an even pace, its lanes can carry what they should if no group has more to carry than
        is sold on days on which one of its lanes is open.
        """
        by_offer: dict[str, list[Pair]] = defaultdict(list)
        for pair in self.open_shares:
            by_offer[pair[0]].append(pair)
        known: dict[tuple[int, str], int] = {}
        groups = {}
        for origin, pairs in by_offer.items():
            for period, within in self._market.law_days.items():
                shut = {pair: self.closures[pair] for pair in pairs if period in self.closures[pair].days}
                for closure in shut.values():
                    if (id(closure), period) not in known:
                        known[id(closure), period] = _open_days(closure.spans, within)
                if shut:
                    days = {pair: known[id(closure), period] for pair, closure in shut.items()}
                    groups[origin, period] = _group(days, within.days)
        return groups

    @cached_property
    def licences(self) -> dict[Pair, dict[str, tuple[str, ...]]]:
        """Names of the licences that an open lane needs on any day, by lane, then by period of leaving."""
        known: dict[Crossing, dict[str, tuple[str, ...]]] = {}
        found = {}
        for pair, crossing, controls in self._meetings("licence"):
            if crossing not in known:
                needed: dict[str, dict[str, None]] = defaultdict(dict)
                for control in controls:
                    for period in self._market.shares_of(control):
                        needed[period][control.control] = None
                known[crossing] = {period: tuple(names) for period, names in needed.items()}
            if pair not in self.closed:
                found[pair] = known[crossing]
        return found

    def describe_closed(self, ways: Iterable[tuple[Pair, str]]) -> str:
        """Name the controls that close ways, each in a period of leaving, as the end of what is said not to come."""
        found = [(way, self.closures[way], period) for way, period in ways if self.shut_days(way, period)]
        if not found:
            return ""
        names = list(dict.fromkeys(control.control for _, closure, _ in found for control in closure.controls))
        shown = ", ".join(
            f"{o} to {to}{self._part_of(closure, when)}" for (o, to), closure, when in found[:_MOST_NAMED]
        )
        more = f" and {len(found) - _MOST_NAMED} more ways" if len(found) > _MOST_NAMED else ""
        what = f"the control {names[0]} closes" if len(names) == 1 else f"the controls {' and '.join(names)} close"
        return f"; {what} {shown}{more}"

    def shut_days(self, way: Pair, period: str) -> int:
        """Return on how many days of a period a lane is closed."""
        return self.closures[way].days.get(period, 0) if way in self.closures else 0

    def describe_days(self, closure: Closure, period: str) -> str:
        """Say on how many days of a period something is closed: ``on 184 of the 365 days of 2027``."""
        return f"on {closure.days.get(period, 0)} of the {self._days[period]} days of {period}"

    def _part_of(self, closure: Closure, period: str) -> str:
        whole = closure.days[period] == self._days[period]
        return "" if whole else f" {self.describe_days(closure, period)}"

    @property
    def _pairs(self) -> Iterator[Pair]:
        return ((lane.origin, lane.destination) for lane in self.lanes)

    def _crossing(self, origin: str, destination: str) -> Crossing:
        offer = self._market.offer[origin]
        return offer.material, offer.stage, offer.country, self._country[destination]

    def _meetings(self, effect: str) -> Iterator[tuple[Pair, Crossing, list[Control]]]:
        """Yield each lane that meets controls of an effect, what crosses which border, and them in their order.

        Lanes inside a country meet none.
        """
        meant: dict[tuple[str, str, str], list[Control]] = defaultdict(list)
        for control in self._market.controls:
            if control.effect == effect and self._market.shares_of(control):
                meant[control.material, control.stage, control.from_country].append(control)
        for pair in self._pairs if meant else ():
            crossing = self._crossing(*pair)
            home, abroad = crossing[2:]
            controls = meant.get(crossing[:3], ()) if home != abroad else ()
            here = [control for control in controls if control.to_country in {None, abroad}]
            if here:
                yield pair, crossing, here

    def _close(self, controls: Collection[Control]) -> Closure:
        closing: list[Control] = []
        spans: tuple[Span, ...] = ()
        days: dict[str, int] = {}
        for control in controls:
            more = unite((*spans, *spans_of(control, self._market.as_of)))
            counted = {period: count_days(more, within) for period, within in self._market.law_days.items()}
            if sum(counted.values()) > sum(days.values()):
                closing.append(control)
                spans, days = more, counted
        return Closure(tuple(closing), spans, {period: count for period, count in days.items() if count})

    @cached_property
    def _rates(self) -> dict[Charge, float]:
        """The sum of the rates of duties that hold on all days, by what they are charged on."""
        rates: dict[Charge, float] = defaultdict(float)
        for duty in self._market.duties:
            if self._market.always_holds(duty):
                rates[duty.material, duty.stage, duty.from_country, duty.to_country] += duty.rate
        return rates

    @cached_property
    def _turning_rates(self) -> dict[Charge, dict[str, float]]:
        """The sum of the other rates, each times its share of a period's days, by what is charged, then by period."""
        turning: dict[Charge, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        for duty in self._market.duties:
            if not self._market.always_holds(duty):
                for period, share in self._market.shares_of(duty).items():
                    key = duty.material, duty.stage, duty.from_country, duty.to_country
                    turning[key][period] += duty.rate * share
        return turning

    def _charges(self, origin: str, destination: str) -> list[Charge]:
        """Return what duties may be charged on of what moves over a lane."""
        material, stage, home, abroad = crossing = self._crossing(origin, destination)
        return [crossing] if home == abroad else [crossing, (material, stage, None, abroad)]


def _open_days(spans: Iterable[Span], within: Span) -> int:
    """Return the days that lie in no span, as bits: the first of them is the lowest."""
    days = (1 << within.days) - 1
    for span in clip(spans, within):
        days &= ~(((1 << span.days) - 1) << (span.first - within.first).days)
    return days


def _group(days: Mapping[Pair, int], whole: int) -> list[Group]:
    """Return the groups of lanes of one offer, given the days of a period of so many on which each is open.

    Lanes that are open on no common day, by themselves or by way of others, need no group: each has its own days.
    """
    single = set(days.values())
    together = {reduce(or_, single), *single}
    new = list(single)
    while new:
        some = new.pop()
        met = {some | others for others in single if some & others} - together
        together |= met
        new += met
    together.discard((1 << whole) - 1)
    return [
        Group(tuple(pair for pair, own in days.items() if own & ~some == 0), some.bit_count() / whole)
        for some in sorted(together)
    ]
