"""The response to a loss said once more, in plain numbers: from the state that the plan is in when the loss begins.

Nothing of the engine is used but the facts of the market and the plan. Only periods from the beginning on have columns;
what is in stock and under way then is a constant. It knows what `tests/stress/markets.py` draws, and no more.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import highspy

if TYPE_CHECKING:
    from models.market import Offer
    from optimizer.results.account import Account

UNMET = 1e4
"""What a unit that is left unmet costs: far above all else that these markets know."""


@dataclass
class Linear:
    """A linear program in the making."""

    cost: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    rows: list[tuple[dict[int, float], float, float]] = field(default_factory=list)

    def column(self, cost: float, upper: float) -> int:
        self.cost.append(cost)
        self.upper.append(upper)
        return len(self.cost) - 1

    def row(self, terms: dict[int, float], lower: float, upper: float) -> None:
        self.rows.append((terms, lower, upper))

    def solve(self) -> tuple[float, list[float]] | None:
        """Return the least cost and the values, or None where there are none."""
        solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        solver.setOptionValue("output_flag", False)  # noqa: FBT003
        for cost, upper in zip(self.cost, self.upper, strict=True):
            solver.addCol(cost, 0.0, upper, 0, [], [])
        for terms, lower, upper in self.rows:
            solver.addRow(lower, upper, len(terms), list(terms), list(terms.values()))
        solver.run()
        if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        return solver.getInfo().objective_function_value, list(solver.getSolution().col_value)


class Responding:
    """The response of a plan to the loss of shares of some offers, or of lanes."""

    def __init__(self, account: Account, begins: int, lasts: int, lost: dict[str, float]) -> None:
        self.account, self.market, self.begins = account, account.market, begins
        self.periods = list(account.market.years)
        self.hit = dict.fromkeys(self.periods[begins : begins + lasts], lost)
        self.lp = Linear()
        self.flow: dict[tuple[str, str, str], int] = {}
        self.unmet: dict[str, int] = {}
        self.constant = 0.0
        self._build()

    def _build(self) -> None:
        now = self.periods[self.begins :]
        arriving: dict[tuple[str, str], dict[int, float]] = defaultdict(dict)
        under_way: dict[tuple[str, str], float] = defaultdict(float)
        for row in self.market.under_way:
            under_way[row.destination, row.period] += row.quantity
        for (origin, destination, period), units in self.account.plan.flow.items():
            arrives = self.account.network.arrives(origin, destination, period)
            if period not in now and arrives in now:
                under_way[destination, str(arrives)] += units
        for origin, destination in self.account.network.lanes:
            for period in now if (origin, now[0]) in self.account.quantity else ():
                arrives = self.account.network.arrives(origin, destination, period)
                if arrives is None:
                    continue
                passage, flow = self.market.passage, (origin, destination, period)
                room = passage.capacity(*flow) * self.market.years[period]
                column = self.lp.column(passage.freight(*flow), room)
                self.flow[origin, destination, period] = column
                arriving[destination, arrives][column] = 1.0
        for offer in self.market.offers:
            for period in now:
                self._buy(offer, period, arriving[offer.offer, period], under_way[offer.offer, period])
        self._ramp(now)
        self._balance(now, arriving, under_way)

    def _buy(self, offer: Offer, period: str, feed: dict[int, float], under_way: float) -> None:
        """What is taken and called leaves; a processor makes it of its feed, less what it writes off."""
        planned = self.account.quantity.get((offer.offer, period), 0.0)
        terms, lost = self.market.short_notice(offer.offer), self.hit.get(period, {}).get(offer.offer, 0.0)
        reached = [price for price, units in self.account.spent[offer.offer].get(period, []) if units > 0]
        refund, last = (min(reached), reached[-1]) if reached else (0.0, 0.0)
        owed = 0.0 if lost else terms.take_or_pay * refund
        ready = self.periods.index(period) >= self.begins + terms.notice
        taken = self.lp.column(refund - owed, (1 - lost) * planned)
        called = self.lp.column(last * (1 + terms.surge_premium), (1 - lost) * terms.surge * planned if ready else 0.0)
        self.constant -= (refund - owed) * planned
        self.called = getattr(self, "called", {}) | {(offer.offer, period): called}
        out = {column: -1.0 for (o, _, p), column in self.flow.items() if (o, p) == (offer.offer, period)}
        self.lp.row({taken: 1.0, called: 1.0} | out, 0.0, 0.0)
        if offer.capacity is not None:
            self.lp.row({taken: 1.0, called: 1.0}, 0.0, offer.capacity * self.market.years[period])
        if offer.yield_ is not None:
            spoilt = self.lp.column(0.0, under_way)
            made = dict.fromkeys(feed, offer.yield_) | {spoilt: -offer.yield_, taken: -1.0, called: -1.0}
            self.lp.row(made, -offer.yield_ * under_way, -offer.yield_ * under_way)

    def _ramp(self, now: list[str]) -> None:
        for offer in self.market.offers:
            if offer.ramp is None:
                continue
            for place, period in enumerate(now):
                then = self.periods[self.begins + place - 1] if self.begins + place else None
                years = self.market.years
                before = offer.incumbent_quantity
                if then is not None:
                    before = self.account.quantity[offer.offer, then] / years[then]
                if before is None:
                    continue
                planned = self.account.quantity[offer.offer, period] / years[period]
                terms = {self.called[offer.offer, period]: 1 / years[period]}
                if place:
                    terms[self.called[offer.offer, now[place - 1]]] = -1 / years[str(then)]
                self.lp.row(terms, -float("inf"), max(0.0, before + offer.ramp - planned))

    def _balance(
        self, now: list[str], arriving: dict[tuple[str, str], dict[int, float]], under_way: dict[tuple[str, str], float]
    ) -> None:
        (site,), (material,) = self.market.sites, self.market.materials
        room = next(iter(self.market.stock), None)
        before: int | None = None
        for place, period in enumerate(now):
            need = self.market.needed.get((site.site, material.material, period), 0.0) - under_way[site.site, period]
            terms = dict(arriving[site.site, period])
            self.unmet[period] = self.lp.column(
                material.shortage_cost or UNMET, max(0.0, need + under_way[site.site, period])
            )
            terms |= {self.unmet[period]: 1.0, self.lp.column(0.0, under_way[site.site, period]): -1.0}
            if room is not None:
                holding = room.holding_cost * self.market.years[period]
                kept = self.lp.column(holding, room.capacity)
                self.constant -= holding * self.account.plan.stock.get((site.site, material.material, period), 0.0)
                terms[kept] = -1.0
                if before is None:
                    start = self.periods[self.begins - 1] if self.begins else ""
                    had = self.account.plan.stock.get((site.site, material.material, start), 0.0)
                    need -= had if self.begins else room.opening
                else:
                    terms[before] = 1.0
                before = kept
                if place == len(now) - 1:
                    units, cost = self.account.landed[material.material]
                    missing = self.lp.column(1.25 * cost / units, room.closing_minimum)
                    self.lp.row({kept: 1.0, missing: 1.0}, room.closing_minimum, float("inf"))
            self.lp.row(terms, need, need)
        for key, units in self.account.plan.flow.items():
            if key[2] in now:
                self.constant -= self.market.passage.freight(*key) * units

    def least(self) -> tuple[float, dict[str, float]]:
        """Return what the response costs beyond the plan, unmet demand at `UNMET`, and what is unmet by period."""
        found = self.lp.solve()
        assert found is not None
        cost, values = found
        return cost + self.constant, {period: values[column] for period, column in self.unmet.items()}

    def survives(self, allowed: dict[str, float]) -> int | None:
        """Return in how many periods no more is unmet than is allowed, by trying every number of them."""
        for place, period in enumerate(self.unmet):
            self.lp.upper[self.unmet[period]] = min(allowed.get(period, 0.0), self.lp.upper[self.unmet[period]])
            if self.lp.solve() is None:
                return place
        return None
