r"""A response recounted: a scenario read as one timeline, an ordinary plan of the market as it is then.

Until the scenario begins the timeline is the plan, and from then on what the response does. It is recomputed from its
numbers and the market alone, by the audit of any plan: ways, capacities, stock, balances. What bounds a plan and no
response (minimum takes, commitments, minima of lanes and of closing stock, ramps) is set aside. Counted beside it are
the limits that hold in responses, and what ties a response to its plan, with Q what was planned and left the share of
it that the scenario leaves:

    taken + called + drawn = what leaves the offer
    taken <= left Q,   called <= left surge Q after notice,   drawn <= left R years
    extra cost  =  what it pays from its beginning on  -  what the plan would have paid

Nothing here knows the program of the response.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from models.formulation.components import limits_in_responses
from models.market import PreparedMarket
from models.market.network import Network
from models.market.price_schedule import schedules
from models.records.tolerances import RECOUNTED, RESIDUE
from models.records.wording import format_apart
from optimizer.audit import audit_limits, audit_market, audit_names
from optimizer.results.account import Account
from optimizer.results.plan import Plan

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from models.limits import Limit, Reading
    from models.market.scenario import OfferPeriod, Scenario
    from optimizer.results.risk_profile import MaterialOutcome

    Done = Mapping[tuple[str, tuple[str, ...]], float]


@dataclass(frozen=True)
class Told:
    """A response as it is told: what it does by family and key, and what that costs and leaves unmet."""

    scenario: Scenario
    done: Done
    """From the beginning of the scenario on: flow, taken, called, drawn, stock, unmet, written_off and missing."""
    extra_cost: float
    """Beyond the plan; without unmet demand of which no shortage cost is stated [currency]."""
    materials: Sequence[MaterialOutcome]
    replacement_costs: Mapping[str, float]
    """Currency per unit of closing stock that is missing, by material."""
    is_test: bool = False
    """Whether the plan was not planned for it, so that demand without a shortage cost may be left unmet."""

    @cached_property
    def given(self) -> dict[OfferPeriod, tuple[float, float, float]]:
        """What is taken, called and drawn, by offer and period in which any is [units]."""
        sales = dict.fromkeys(key for (family, key), units in self.done.items() if units and family in _GIVEN)
        return {sale: tuple(self.done.get((family, sale), 0.0) for family in _GIVEN) for sale in sales}  # type: ignore[misc]

    @cached_property
    def by_family(self) -> dict[str, dict[tuple[str, str, str], float]]:
        """What it does at ways and sites, by family; without what a solver leaves of nothing."""
        slightest = RESIDUE * max(self.done.values(), default=0.0)
        found: dict[str, dict[tuple[str, str, str], float]] = {name: {} for name in _TAKEN_OVER}
        for (family, key), units in self.done.items():
            if units > slightest and family in found:
                found[family][key] = units  # type: ignore[index]
        return found


_NOTHING = 0.0, 0.0, 0.0
_GIVEN = ("taken", "called", "drawn")
_TAKEN_OVER = ("flow", "unmet", "stock", "written_off", "missing")


class _Timeline(Account):
    """The books of a scenario from the first period to the last."""

    def __init__(self, known: _Known, plan: Plan, written_off: Mapping[tuple[str, str, str], float]) -> None:
        super().__init__(known.relaxed, (), plan)
        self.network = known.network
        for (destination, material, period), units in written_off.items():
            self.arrived[destination, material, period] -= units


class _Known:
    """What recounts of responses in one market share."""

    def __init__(self, market: PreparedMarket, *, is_test: bool) -> None:
        self.market = market
        self.relaxed = _set_aside(market, free=is_test)
        self.network = Network(self.relaxed)
        self.own_network = Network(market)
        self.schedules = schedules(market) if market.tiers else {}


class Recount:
    """The recount of responses to one plan of one part of an instance."""

    def __init__(self, market: PreparedMarket, plan: Plan, limits: Collection[Limit] = ()) -> None:
        """Take the market of the part if nothing happens, and the whole plan with its limits."""
        self._periods, self._market, self._plan = list(market.years), market, plan
        self._schedules = schedules(market) if market.tiers else {}
        self._limits = limits
        self._books: dict[tuple[str, ...], Account] = {}
        self._known: dict[int, _Known] = {}
        self._saved: dict[tuple[tuple[str, ...], int], list[float]] = {}

    def list_findings(self, told: Told) -> list[str]:
        """Return one sentence for everything in which a response is not what it is told to be."""
        self._calm = self._open_books(tuple(told.scenario.market.material))
        timeline, afterwards = self._read(told), self._afterwards(told)
        moved = *self._calm.quantity.values(), *told.done.values(), *told.scenario.market.needed.values()
        rounding = RECOUNTED * max(moved, default=0.0)
        found = [
            *self._begins_as_planned(told, rounding),
            *audit_names(afterwards),
            *audit_market(timeline, rounding),
            *self._sales(told, timeline, rounding),
            *self._ways(told, timeline, rounding),
            *self._closing(told, timeline, rounding),
            *self._within_limits(told, timeline, rounding),
            *self._unmet(told),
            *self._costs(told, timeline, afterwards),
        ]
        return [f"scenario {told.scenario.name}: {finding}" for finding in found]

    def _open_books(self, materials: tuple[str, ...]) -> Account:
        """Return the books of what the plan does of some materials: a scenario speaks of those that it hits."""
        if materials not in self._books:
            self._books[materials] = Account(self._market, (), _within(self._plan, self._market, materials))
        return self._books[materials]

    def _read(self, told: Told) -> _Timeline:
        """Return the books of the timeline: the plan, and then the response."""
        market, begins = told.scenario.market, told.scenario.begins
        if id(market) not in self._known:
            self._known[id(market)] = _Known(market, is_test=told.is_test)
        before = frozenset(self._periods[:begins])
        planned, done = self._calm.plan, told.by_family
        plan = Plan(
            flow={key: units for key, units in planned.flow.items() if key[2] in before} | done["flow"],
            signed=planned.signed,
            unmet={key: units for key, units in planned.unmet.items() if key[2] in before} | done["unmet"],
            stock={key: units for key, units in planned.stock.items() if key[2] in before} | done["stock"],
        )
        return _Timeline(self._known[id(market)], plan, done["written_off"])

    def _afterwards(self, told: Told) -> Account:
        """Return the books of what the response does, and nothing else."""
        done = told.by_family
        books = Account(told.scenario.market, (), Plan(done["flow"], {}, done["unmet"], done["stock"]))
        books.network = self._known[id(told.scenario.market)].own_network
        books.spent = {}  # what is bought is paid by what is taken and called of it
        return books

    def _begins_as_planned(self, told: Told, rounding: float) -> Iterator[str]:
        """Until a scenario begins nobody knows of it."""
        before = frozenset(self._periods[: told.scenario.begins])
        for (family, key), units in told.done.items():
            if key[-1] in before and family in {"flow", "stock", "unmet", "taken"}:
                books: dict[str, Mapping[Any, float]] = {"flow": self._calm.flow, "taken": self._calm.quantity}
                books |= {"stock": self._calm.plan.stock, "unmet": self._calm.plan.unmet}
                planned = books[family].get(key, 0.0)
                if abs(units - planned) > rounding:
                    yield f"{' / '.join(key)}: {family} is not the plan's before the scenario begins"

    def _sales(self, told: Told, timeline: Account, rounding: float) -> Iterator[str]:
        """Nothing is taken, called or drawn that nobody has to give."""
        market, begins = told.scenario.market, told.scenario.begins
        for (name, period), moved in timeline.quantity.items():
            if not moved and (name, period) not in told.given:
                continue
            place = self._periods.index(period)
            if place < begins:
                continue
            taken, called, drawn = told.given.get((name, period), _NOTHING)
            left, terms = 1.0 - told.scenario.losses.get((name, period), 0.0), market.short_notice(name)
            planned = self._calm.quantity.get((name, period), 0.0)
            surge = terms.surge if place >= begins + terms.notice else 0.0
            reserved = self._calm.reserved.get(name, 0.0) * market.full_years[name].get(period, 0.0)
            for what, units, most in (
                ("taken", taken, left * planned),
                ("called", called, left * surge * planned),
                ("called of what is reserved", drawn, left * reserved),
            ):
                if units > most + rounding:
                    have, there = format_apart(units, most)
                    yield f"{name}: {have} {what} in {period} is above the {there} there is"
            if drawn > rounding and not planned and market.offer[name].fixed_cost_per_period:
                yield f"{name}: what is reserved is called in {period}, which the plan does not pay for"
            if abs(taken + called + drawn - moved) > rounding:
                have, gone = format_apart(taken + called + drawn, moved)
                yield f"{name}: {have} taken and called in {period}, and {gone} leave it"

    def _ways(self, told: Told, timeline: Account, rounding: float) -> Iterator[str]:
        """A lane or corridor with terms is used only where the plan uses it."""
        lanes, corridors = timeline.network.lanes, timeline.network.corridors
        own = {
            (lane.origin, lane.destination) for lane in told.scenario.market.lanes if lane.fixed_cost or lane.minimum
        }
        with_terms = {c.corridor for c in told.scenario.market.corridors if c.fixed_cost or c.minimum}
        used = {key for key, units in self._calm.plan.flow.items() if units > 0}
        shared = {(lanes[key[:2]].corridor, key[2]) for key in used if key[:2] in lanes}
        for key, units in timeline.plan.flow.items():
            if units <= rounding or self._periods.index(key[2]) < told.scenario.begins or key[:2] not in lanes:
                continue
            corridor = lanes[key[:2]].corridor
            if key[:2] in own and key not in used:
                yield f"lane {key[0]} to {key[1]}: used in {key[2]}, which the plan does not pay for"
            if corridor in corridors and corridor in with_terms and (corridor, key[2]) not in shared:
                yield f"corridor {corridor}: used in {key[2]}, which the plan does not pay for"

    def _closing(self, told: Told, timeline: Account, rounding: float) -> Iterator[str]:
        """What is missing of closing stock is told."""
        last = self._periods[-1]
        for room in told.scenario.market.stock:
            where = room.site, room.material, last
            kept = timeline.plan.stock.get(where, 0.0) + told.done.get(("missing", where), 0.0)
            if kept < room.closing_minimum - rounding:
                have, asked = format_apart(kept, room.closing_minimum)
                yield f"{room.site}: closing stock of {room.material} and what is missing make {have} of {asked}"

    def _within_limits(self, told: Told, timeline: Account, rounding: float) -> Iterator[str]:
        """What holds in responses holds from the beginning of the scenario on."""
        yield from audit_limits(timeline, self._measure(told, timeline), rounding)

    def _measure(self, told: Told, books: Account) -> Iterator[tuple[Limit, Reading]]:
        """Yield what the limits that hold in responses measure in some books from the beginning of a scenario on."""
        late = self._periods[told.scenario.begins :]
        for limit in limits_in_responses(self._limits, told.scenario.market):
            yield from ((limit, reading) for reading in limit.recount(books) if reading.key.period in late)

    def _unmet(self, told: Told) -> Iterator[str]:
        """What is told of unmet demand is what is unmet."""
        market, late = told.scenario.market, self._periods[told.scenario.begins :]
        unmet: dict[str, float] = defaultdict(float)
        for (family, key), units in told.done.items():
            if family == "unmet":
                unmet[key[1]] += units
        for one in told.materials:
            need = market.demand_of(one.material, late)
            covered = max(0.0, 1.0 - unmet[one.material] / need) if need else 1.0
            if abs(covered - one.covered) > len(late) * RECOUNTED:
                said, made = format_apart(one.covered, covered)
                yield f"{one.material}: {said} of demand is said to be covered, and {made} is"

    def _costs(self, told: Told, timeline: Account, afterwards: Account) -> Iterator[str]:
        """What is told of costs is what is paid."""
        begins, late = told.scenario.begins, frozenset(self._periods[told.scenario.begins :])
        paid = [afterwards.costs.get(name, 0.0) for name in _PAID] + [
            self._pay(told, sale, units)
            for sale, units in self._calm.quantity.items()
            if sale[1] in late and (units or sale in told.given)
        ]
        paid += [told.replacement_costs[key[1]] * units for key, units in told.by_family["missing"].items()]
        paid += self._pay_on_arrival(told)
        paid.append(_penalty(self._measure(told, timeline)))
        saved = [*self._save(tuple(told.scenario.market.material), begins), _penalty(self._measure(told, self._calm))]
        extra = sum(paid) - sum(saved)
        whole = sum(map(abs, paid)) + sum(map(abs, saved)) + abs(told.extra_cost) + abs(self._calm.total)
        if abs(extra - told.extra_cost) > RECOUNTED * whole:
            said, made = format_apart(told.extra_cost, extra)
            yield f"is said to cost {said} more than the plan from {self._periods[begins]} on, and costs {made}"

    def _pay_on_arrival(self, told: Told) -> Iterator[float]:
        """Yield what is paid more at a border for what left before a scenario began, and arrives in it."""
        market, begins = told.scenario.market, told.scenario.begins
        there, calm = self._known[id(market)].own_network, self._calm.network
        for (origin, destination, leaves), units in self._calm.plan.flow.items():
            arrives = calm.arrives(origin, destination, leaves)
            if arrives and self._periods.index(leaves) < begins <= self._periods.index(arrives):
                way = origin, destination, leaves, arrives
                yield (there.duty(*way) - calm.duty(*way)) * units

    def _save(self, materials: tuple[str, ...], begins: int) -> list[float]:
        """Return what the plan would have paid by the unit for some materials from a period on."""
        if (materials, begins) not in self._saved:
            plan = _from(self._calm.plan, frozenset(self._periods[begins:]))
            costs = Account(self._market, (), plan).costs
            self._saved[materials, begins] = [costs.get(name, 0.0) for name in (*_PAID, "purchases", "processing")]
        return self._saved[materials, begins]

    def _pay(self, told: Told, sale: OfferPeriod, planned: float) -> float:
        """Return what is paid of an offer in a period of which so much was planned: what is taken, called and owed."""
        market, losses = told.scenario.market, told.scenario.losses
        taken, called, drawn = told.given.get(sale, _NOTHING)
        if sale[0] not in market.offer:
            return 0.0
        terms, firm = market.short_notice(sale[0]), market.offer[sale[0]].firm
        schedule = self._known[id(market)].schedules.get(sale)
        price = market.price(*sale)
        prices, bill = [price], price * planned
        if schedule is not None:
            reached = [number for number, (_, units) in enumerate(self._calm.spent[sale[0]][sale[1]]) if units > 0]
            last = max(reached, default=0)
            if schedule.kind == "all-units":
                last = self._schedules[sale].prices.index(self._calm.spent[sale[0]][sale[1]][0][0])
                prices, bill = [schedule.prices[last]], schedule.prices[last] * planned
            else:
                prices = list(schedule.prices[: last + 1])
                each = zip(schedule.prices, self._calm.spent[sale[0]][sale[1]], strict=False)
                bill = sum(there * units for there, (_, units) in each)
        refund, lost = min(prices), losses.get(sale, 0.0)
        owed_if_not_firm = 0.0 if sale in losses else terms.take_or_pay  # nothing to whom the scenario hits
        share = 1.0 if firm else owed_if_not_firm
        owed = share * max(0.0, refund) * max(0.0, (1.0 - lost) * planned - taken)
        refused = refund * (planned - taken)
        premium = prices[-1] + terms.surge_premium * abs(prices[-1])
        return bill - refused + owed + premium * called + price * drawn


def _penalty(readings: Iterable[tuple[Limit, Reading]]) -> float:
    """Return what is paid for what soft limits give [currency]."""
    return sum((limit.penalty or 0.0) * reading.excess for limit, reading in readings)


_PAID = ("freight", "duty", "holding", "shortage")
"""What a response pays by the unit for what it moves, stores and leaves unmet, as a plan does."""


def _within(plan: Plan, market: PreparedMarket, materials: tuple[str, ...]) -> Plan:
    """Return what a plan does of some materials of a market."""
    offers = {offer.offer for offer in market.offers if offer.material in materials}
    return Plan(
        flow={key: units for key, units in plan.flow.items() if key[0] in offers},
        signed={offer: signed for offer, signed in plan.signed.items() if offer in offers},
        unmet={key: units for key, units in plan.unmet.items() if key[1] in materials},
        stock={key: units for key, units in plan.stock.items() if key[1] in materials},
        reserved={offer: units for offer, units in plan.reserved.items() if offer in offers},
    )


def _from(plan: Plan, late: frozenset[str]) -> Plan:
    """Return what a plan does in some periods."""
    return Plan(
        flow={key: units for key, units in plan.flow.items() if key[2] in late},
        unmet={key: units for key, units in plan.unmet.items() if key[2] in late},
        stock={key: units for key, units in plan.stock.items() if key[2] in late},
    )


def _set_aside(market: PreparedMarket, *, free: bool) -> PreparedMarket:
    """Return a market without what bounds a plan and no response; where all demand is `free` to be left unmet."""
    price = {"shortage_cost": 0.0} if free else {}
    nothing = {"minimum_take": 0.0, "ramp": None}
    return PreparedMarket(
        market.model_copy(
            update={
                "materials": tuple(one.model_copy(update=price) for one in market.materials),
                "offers": tuple(offer.model_copy(update=nothing) for offer in market.offers),
                "lanes": tuple(lane.model_copy(update={"minimum": 0.0}) for lane in market.lanes),
                "corridors": tuple(one.model_copy(update={"minimum": 0.0}) for one in market.corridors),
                "stock": tuple(room.model_copy(update={"closing_minimum": 0.0}) for room in market.stock),
                "terms": tuple(row.model_copy(update={"minimum_take": None}) for row in market.terms),
                "commitments": (),
            }
        )
    )
