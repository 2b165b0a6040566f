"""Plain reasons why an instance can have no plan, found by adding up capacities before any solve."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

from models.enforcement import prepare
from models.formulation.blocks import BLOCKS
from models.limits.contract.limit import must_be_bought
from models.market.exposure import Exposure
from models.market.network import Network
from models.records.tolerances import ROUNDING
from models.records.wording import format_apart
from optimizer.results.undisclosed import explain_undisclosed, list_shut_out

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from models.enforcement import EnforcedInstance
    from models.market import Material, PreparedMarket
    from models.market.losses import Trial
    from optimizer.results.shut_out import ShutOut


class CapacityBounds:
    """A ledger of upper bounds: the most that can be bought and moved, whatever a plan looks like."""

    costs: dict[str, float] = {}  # noqa: RUF012 (no cost is known before a plan)
    spent: dict[str, dict[str, list[tuple[float, float]]]] = {}  # noqa: RUF012 (nor what is paid)
    settled: frozenset[tuple[str, str]] = frozenset()

    def __init__(self, market: PreparedMarket, mass_unit: str) -> None:
        """Work on a market whose figures are in its materials' own bases."""
        self.market = market
        self.mass_unit = mass_unit
        self.exposure = Exposure(market)
        self.network = Network(market)

    def find_unmet(self, asked: Sequence[tuple[Trial, Mapping[str, float]]]) -> list[dict[str, float]]:
        """Return nothing unmet: at the most, everything is covered."""
        return [dict.fromkeys(trial.ends, 0.0) for trial, _ in asked]

    def format_quantities(self, *units: float) -> list[str]:
        """Spell quantities that stand against each other, with their unit, so that they can be told apart."""
        return [f"{text} {self.mass_unit}" for text in format_apart(*units)]

    @property
    def flow(self) -> dict[tuple[str, str, str], float]:
        """Most units moved, by (origin, destination, period of leaving)."""
        return self.network.flows

    @property
    def quantity(self) -> dict[tuple[str, str], float]:
        """Most units bought, by (offer, period)."""
        return self.network.quantities

    @cached_property
    def stock(self) -> dict[tuple[str, str, str], float]:
        """Most units in stock, by (site, material, period)."""
        return {(s.site, s.material, period): s.capacity for s in self.market.stock for period in self.market.years}

    @cached_property
    def arriving(self) -> dict[tuple[str, str], float]:
        """Most units that arrive of what is bought, by (offer, period), where that depends on where they go."""
        worth, offers = self.exposure.worth, self.market.offer
        moved = worth.arriving(self.flow).items()
        return {key: min(units, worth.best(offers[key[0]]) * self.quantity[key]) for key, units in moved}

    @cached_property
    def supplied(self) -> dict[tuple[str, str, str], float]:
        """Most units that arrive of what passes a stage, by (material, stage, period)."""
        return self.exposure.supply(self)


def list_reasons(instance: EnforcedInstance, most: CapacityBounds | None = None, *, no_plan: bool = False) -> list[str]:
    """Return one sentence for every plain reason found; an empty list proves nothing.

    Where there is known to be `no_plan`, also what leaves none unless stock covers what is needed. `most` is that of
    the instance, where somebody has it already.
    """
    most = CapacityBounds(prepare(instance), instance.mass_unit) if most is None else most
    found = list(_too_little(most, instance.mass_unit))
    for block in BLOCKS:
        found += block.impossible(most)
    counted: set[str] = set()
    for limit in instance.limits:
        if limit.hard:
            hidden = list(explain_undisclosed(limit, most, instance.mass_unit))
            counted |= {limit.name} if hidden else set()
            found += [f"limit {limit.name}: {sentence}" for sentence in hidden or limit.impossible(most)]
    for shut in _shut_out(instance, most, no_plan=no_plan):
        found += [f"limit {shut.limit}: {shut.sentence}"] if shut.limit not in counted else []
    return list(dict.fromkeys(found))


def _shut_out(instance: EnforcedInstance, most: CapacityBounds, *, no_plan: bool) -> Iterator[ShutOut]:
    """Yield the stages that hard limits shut for what is undisclosed, of materials of which some must be bought.

    Where there is no plan, of all that cannot go unmet.
    """
    market, hard = most.market, [limit for limit in instance.limits if limit.hard]
    needed = [
        name
        for name in market.material
        if must_be_bought(most, name, tuple(market.years), None) or (no_plan and name in market.owed)
    ]
    yield from list_shut_out(hard, most.exposure, most.quantity, needed)


def _too_little(most: CapacityBounds, unit: str) -> Iterator[str]:
    """Yield where capacity, with all stock drawn, stays below demand: of a material, or at one site."""
    arriving: dict[tuple[str, str, str], float] = defaultdict(float)
    if not most.market.owed:
        return
    late_of = {most.market.offer[o].material for (o, _), way in most.network.lanes.items() if way.lead_time}
    for key, units in most.flow.items():
        arriving[key[1], most.market.offer[key[0]].material, most.network.arrival[key]] += units
    for material in most.market.materials:
        if material.material not in most.market.owed:
            continue
        name = material.material
        sites = dict.fromkeys(site for site, m, _ in most.network.nodes if m == name)
        everywhere = {period: _reachable(most, material, period) for period in most.market.years}
        closed = [way for way in most.network.borders.closures if most.market.offer[way[0]].material == name]
        for period, wanted, had in () if name in late_of else _short(most, name, tuple(sites), everywhere):
            need, most_of_it = format_apart(wanted, had)
            said = f"demand is {need} {unit} and at most {most_of_it} can be supplied"
            yield f"{name} in {period}: {said}{_describe_closed(most, closed, period)}"
        for site in sites if len(sites) > 1 or most.market.lanes else ():
            here = {period: arriving[site, name, period] for period in most.market.years}
            ways = [way for way in closed if way[1] == site]
            for period, wanted, had in _short(most, name, (site,), here):
                need, most_of_it = format_apart(wanted, had)
                said = f"demand is {need} {unit} and its lanes can bring at most {most_of_it}"
                yield f"{name} at {site} in {period}: {said}{_describe_closed(most, ways, period)}"


def _describe_closed(most: CapacityBounds, ways: Iterable[tuple[str, str]], period: str) -> str:
    """Name the controls that close ways on which units could have come in a period, or before it to be stored."""
    periods, named = list(most.market.years), []
    for way in ways:
        lane = most.network.lanes.get(way)
        stored = any(stock.material == most.market.offer[way[0]].material for stock in most.market.stock)
        arrives = {when: place + (lane.lags[place] if lane else 0) for place, when in enumerate(periods)}
        late = periods.index(period)
        in_time = [when for when in periods if arrives[when] == late or (stored and arrives[when] < late)]
        could = [when for when in in_time if most.network.borders.shut_days(way, when)]
        named += [(way, could[-1])] if could else []
    return most.network.borders.describe_closed(named)


def _short(
    most: CapacityBounds, material: str, sites: tuple[str, ...], supply: dict[str, float]
) -> Iterator[tuple[str, float, float]]:
    """Yield (period, units wanted, units that can have come) where sites first need more than there can be."""
    stocks = [s for s in most.market.stock if s.material == material and s.site in sites]
    had, wanted = sum(s.opening for s in stocks), 0.0
    for period, units in supply.items():
        coming = (most.market.arriving_anyway.get((site, material, period), 0.0) for site in sites)
        had += units + sum(coming)
        nodes = ((site, material, period) for site in sites)
        wanted += sum(most.network.nodes[node] for node in nodes if most.market.shortage_cost(*node) is None)
        if had < wanted * (1 - ROUNDING):
            yield period, wanted, had
            return
        if not stocks:
            had = wanted = 0.0


def _reachable(most: CapacityBounds, material: Material, period: str) -> float:
    """Return the most of a material that can reach its sites, stage by stage: yields bound what is fed."""
    before = 0.0
    for stage in material.stages:
        here = most.market.sold[material.material, stage]
        sizes = {o.offer: most.quantity.get((o.offer, period), 0.0) for o in here}
        bought = sum(sizes[o.offer] for o in here if o.yield_ is None)
        refined = sum(sizes[o.offer] for o in here if o.yield_ is not None)
        best = max((o.yield_ for o in here if o.yield_ is not None), default=0.0)
        before += sum(most.market.arriving_feed.get((o.offer, period), 0.0) for o in here)
        before = bought + min(refined, best * before)
    return before
