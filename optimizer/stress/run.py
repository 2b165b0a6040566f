"""A plan tested: each loss, what it hits, the best response to it part by part, and the worst first."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple, cast

from models.formulation.components import parts
from models.formulation.response import Response, UnitPrice
from models.market import TABLES
from models.market.losses import Loss, find_impact
from models.records.countries import UNDISCLOSED
from models.records.tolerances import RECOUNTED
from optimizer.results.losses import MaterialLost, Stress, TestedLoss, Undisclosed
from optimizer.stress.held_response import HeldResponse
from optimizer.stress.plan_figures import PlanFigures

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from models.enforcement import EnforcedInstance
    from models.market import Market, PreparedMarket
    from models.market.losses import Basis, Impact, Subject
    from optimizer.results.account import Account
    from optimizer.stress.held_response import Answer

HALF_A_YEAR = 0.5 - 1e-9
"""Years that a loss lasts at least where nobody says how long, but for rounding of the lengths of periods."""
REPLACEMENT = 1.25
"""What a unit of closing stock that is missing costs, as a multiple of what a unit costs in the plan on arrival."""
_DEARER = 10.0
"""How many times the dearest way to a unit it costs to leave one unmet of which no shortage cost is stated."""
_DIGITS = 9
"""Digits of a figure that are told: the solver's answers are the same to so many, from whatever they were found."""


class Window(NamedTuple):
    """When a loss begins and how long it lasts, in periods."""

    begins: int
    lasts: int


def list_windows(market: Market, lasts: int | None = None, first: int = 0) -> list[Window]:
    """Return every beginning from a period on in which a loss fits into the horizon; a subject is lost in each.

    Where it is not said how long it `lasts`, that is the fewest periods that make half a year, or the whole horizon
    where that is shorter.
    """
    lengths = list(market.years.values())
    spells = []
    for begins in range(first, len(lengths)):
        fit = lasts if lasts is not None else _half_a_year(lengths[begins:])
        if fit is not None and begins + fit <= len(lengths):
            spells.append(Window(begins, fit))
    return spells or [Window(first, len(lengths) - first)]


def _half_a_year(lengths: Sequence[float]) -> int | None:
    passed = 0.0
    for number, years in enumerate(lengths, 1):
        passed += years
        if passed >= HALF_A_YEAR:
            return number
    return None


class StressTest:
    """Tests one plan against losses."""

    def __init__(self, instance: EnforcedInstance, account: Account, from_share: float = 1.0) -> None:
        """Cut the market down to what the plan uses, and take it apart.

        A country by control takes an offer wholly of which it owns `from_share` or more, and else its share of it.
        """
        self.instance, self.account, self.planned = instance, account, PlanFigures(account)
        self._from_share, self._periods = from_share, list(account.market.years)
        self._terms = {offer.offer: account.market.short_notice(offer.offer) for offer in self.planned.offers}
        self._replacement_costs = _replacement_costs(account)
        self._demand = {m: [account.market.demand_of(m, [p]) for p in self._periods] for m in account.market.material}
        self._unmet = {m: [0.0] * len(self._periods) for m in account.market.material}
        for (_, material, period), units in account.plan.unmet.items():
            self._unmet[material][self._periods.index(period)] += units
        cut = _cut_down(account.market, {offer.offer for offer in self.planned.offers})
        self._parts = parts(instance.model_copy(update={"market": cut, "limits": (), "policies": ()}))
        self._part_of = {offer.offer: part.name for part in self._parts for offer in part.market.offers}
        self._taken: dict[Subject, Impact] = {}
        self._held: dict[str, HeldResponse] = {}

    def test(self, losses: Iterable[Loss], look: Callable[[], None] = lambda: None, *, how_long: bool = True) -> Stress:
        """Return the plan tested against losses, the worst first; those of one beginning are solved together.

        How long all can be met is left out where nobody asks `how_long`. `look` is called again and again; what it
        raises ends the work.
        """
        asked = sorted(dict.fromkeys(losses), key=lambda loss: (loss.begins, loss.lasts, loss.subject.spelling))
        tested = []
        for loss in asked:
            look()
            tested.append(self._respond(loss, how_long=how_long))
        tested.sort(key=lambda one: (one.sure, one.worst.covered, -one.extra_cost))
        bases: dict[Basis, None] = dict.fromkeys(loss.subject.basis for loss in asked if loss.subject.basis)
        terms = self._terms.values()
        return Stress(
            instance=self.instance,
            account=self.account,
            tested=tuple(tested),
            at_short_notice=any(one.surge for one in terms),
            undisclosed=tuple(_list_undisclosed(self.account, bases)),
            horizon_ends=tuple(self._cut_short(asked)),
            unit_replacement_costs=self._replacement_costs,
            free_of_charge=any(one.surge and not one.surge_premium and not one.take_or_pay for one in terms),
        )

    def weigh(self, losses: Iterable[Loss]) -> tuple[int, int]:
        """Return how many programs of one part and one loss have to be solved, and how many flows they have in all."""
        flows = Counter(self._part_of[key[0]] for key in self.planned.flow if key[0] in self._part_of)
        hit = [part.name for loss in losses for part, _ in self._list_hit(loss)]
        return len(hit), sum(flows[part] for part in hit)

    def _respond(self, loss: Loss, *, how_long: bool) -> TestedLoss:
        """Return a loss with the best response to it."""
        answers: dict[str, tuple[int, Answer]] = {}
        sure, hits = True, False
        for part, taken in self._list_hit(loss):
            held, hits = self._hold(part), True
            answer = held.respond(loss, taken, how_long=how_long)
            sure = sure and answer is not None
            if answer is not None:
                answers |= {material: (number, answer) for number, material in enumerate(held.materials)}
        found = [self._lost(loss, material, answers.get(material)) for material in self.account.market.material]
        return TestedLoss(loss, hits, tuple(found), sure)

    def _list_hit(self, loss: Loss) -> Iterator[tuple[EnforcedInstance, Impact]]:
        """Yield the parts of which a loss takes anything that the plan does, and what it takes of them."""
        taken = self._find_taken(loss.subject)
        for part in self._parts:
            mine = self._within(taken, part.name)
            if mine is not None and self._is_hit(loss, mine):
                yield part, mine

    def _cut_short(self, losses: Collection[Loss]) -> Iterator[str]:
        """Yield the materials of which goods ordered after some loss arrive after the horizon."""
        last = max((loss.begins + loss.lasts for loss in losses), default=0)
        for material, lead_time in self.planned.lead_times.items():
            if last + lead_time > len(self._periods):
                yield material

    def _find_taken(self, subject: Subject) -> Impact:
        if subject not in self._taken:
            account = self.account
            self._taken[subject] = find_impact(
                subject, account.exposure, account.network, self._part_of, self._from_share
            )
        return self._taken[subject]

    def _within(self, taken: Impact, part: str) -> Impact | None:
        """Return what a loss takes of a part; None where that is nothing."""
        offers = {name: share for name, share in taken.offers.items() if self._part_of[name] == part}
        lanes = frozenset(pair for pair in taken.lanes if self._part_of.get(pair[0]) == part)
        return taken._replace(offers=offers, lanes=lanes) if offers or lanes else None

    def _is_hit(self, loss: Loss, taken: Impact) -> bool:
        """Whether the plan does anything that a loss takes."""
        periods = self._periods[loss.begins : loss.begins + loss.lasts]
        planned = self.planned
        return any(planned.quantity.get((offer, p), 0.0) > 0 for offer in taken.offers for p in periods) or any(
            planned.flow.get((*pair, p), 0.0) > 0 for pair in taken.lanes for p in periods
        )

    def _hold(self, part: EnforcedInstance) -> HeldResponse:
        if part.name not in self._held:
            market = cast("PreparedMarket", part.market)  # it was prepared before it was cut down
            terms, costs = self._terms, self._replacement_costs
            prices = defaultdict(UnitPrice, self.planned.prices)
            response = Response(terms, prices, self._dearest(part.market), costs)
            self._held[part.name] = HeldResponse(market, self.planned, response)
        return self._held[part.name]

    def _dearest(self, market: Market) -> float:
        """Return more than it can cost to cover a unit: the dearest offer and way at every stage, and then some."""
        offers = {offer.offer for offer in market.offers}
        prices = [abs(price.last) for (offer, _), price in self.planned.prices.items() if offer in offers]
        premium = max((self._terms[offer].surge_premium for offer in offers), default=0.0)
        network = self.account.network
        ways = [
            self.account.market.passage.freight(*key) + network.duty(*key, network.arrives(*key))
            for key in self.account.plan.flow
            if key[0] in offers
        ]
        kept = sum(market.years.values()) * max((stock.holding_cost for stock in market.stock), default=0.0)
        least = min((offer.yield_ for offer in market.offers if offer.yield_), default=1.0)
        stages = max((len(material.stages) for material in market.materials), default=1)
        step = max(prices, default=0.0) * (1 + premium) + max(ways, default=0.0)
        stated = max((m.shortage_cost or 0.0 for m in market.materials), default=0.0)
        replaced = max((self._replacement_costs.get(m.material, 0.0) for m in market.materials), default=0.0)
        return _DEARER * (stages * step / least ** (stages - 1) + kept + stated + replaced + 1.0)

    def _lost(self, loss: Loss, material: str, found: tuple[int, Answer] | None) -> MaterialLost:
        """Return what a loss does to a material; the plan goes on where it does nothing."""
        begins, ends = loss.begins, loss.begins + loss.lasts + self.planned.lead_times[material]
        demand, before = self._demand[material], self._unmet[material]
        need = sum(demand[begins:ends])
        planned = _covered(before[begins:ends], need)
        if found is None:
            kept = [(p, _rounded(u)) for p, u in zip(self._periods[begins:], before[begins:], strict=True) if u > 0]
            return MaterialLost(material, planned, planned, tuple(kept))
        number, answer = found
        unmet: list[float] = answer.unmet[number].tolist()
        told = [units if units > RECOUNTED * most else 0.0 for units, most in zip(unmet, demand, strict=True)]
        more = [p for p in range(begins, len(told)) if told[p] > before[p] + RECOUNTED * demand[p]]
        last = max(more, default=begins - 1) + 1
        return MaterialLost(
            material=material,
            covered=_covered(told[begins:ends], need),
            planned=planned,
            unmet=tuple(
                (period, _rounded(units))
                for period, units in zip(self._periods[begins:], told[begins:], strict=True)
                if units > 0
            ),
            survives=answer.survives[number],
            recovers=None if last == len(told) and more else last - begins,
            extra_cost=_rounded(answer.extra_cost[number]),
            shortage_cost=_rounded(answer.shortage_cost[number]),
            written_off=_rounded(answer.written_off[number]),
            missing=_rounded(answer.missing[number]),
        )


def _covered(unmet: Sequence[float], need: float) -> float:
    """Return the share of a demand that is met; all of one that is none."""
    return _rounded(max(0.0, 1.0 - sum(unmet) / need)) if need > 0 else 1.0


def _rounded(figure: float) -> float:
    """Return a figure to the digits that are the same from whatever it was found."""
    rounded = float(f"{figure:.{_DIGITS}g}")
    return rounded or 0.0  # and no minus zero


def _replacement_costs(account: Account) -> dict[str, float]:
    """Return what a unit of closing stock that is missing costs, by material that has a closing minimum."""
    costs = {}
    for material in dict.fromkeys(stock.material for stock in account.market.stock if stock.closing_minimum):
        if material in account.landed:
            units, cost = account.landed[material]
            mean = cost / units
        else:
            last = account.market.sold[material, account.market.material[material].stages[-1]]
            prices = [max(price, 0.0) for offer in last for price in account.market.prices(offer.offer)]
            mean = sum(prices) / len(prices) if prices else 0.0
        costs[material] = REPLACEMENT * max(mean, 0.0)
    return costs


def _cut_down(market: PreparedMarket, offers: Collection[str]) -> PreparedMarket:
    """Return a market with no other offers, and with no row that names another."""
    ends = {*offers, *market.site}
    kept = {"offers": offers, "offers and sites": ends}
    rows = {}
    for table, record in TABLES.items():
        columns = [(column, kept[kind]) for column, kind in {**record.NAMES, **record.REFERS}.items() if kind in kept]
        if columns:
            rows[table] = tuple(
                row
                for row in getattr(market, table)
                if all(getattr(row, column) is None or getattr(row, column) in names for column, names in columns)
            )
    return market.model_copy(update=rows)


def _list_undisclosed(account: Account, bases: Collection[Basis]) -> Iterator[Undisclosed]:
    """Yield what passes each stage and is attributed to nobody, where that is anything."""
    periods = tuple(account.market.years)
    for basis in bases:
        for (material, stage), offers in account.exposure.passing.items():
            passed = {o.offer: sum(account.exposure.arrived(account, o, p) for p in periods) for o in offers}
            whole = sum(passed.values())
            hidden = sum(
                passed[offer.offer] * account.exposure.weights(offer, stage, basis).get(UNDISCLOSED, 0.0)
                for offer in offers
            )
            if whole > 0 and hidden > RECOUNTED * whole:
                yield Undisclosed(material, stage, basis, _rounded(hidden / whole))
