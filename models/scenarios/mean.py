r"""The mean of what may happen: one market, of the demand, prices and capacities that are expected.

With p_0 the probability of the calm, and left the share of orders that a scenario leaves:

    mean price_{it}     =  sum_k p_k price_{itk}
    mean capacity_{it}  =  sum_k p_k min(capacity_{itk}, left_{itk} capacity_{it0})
    mean demand_{smt}   =  sum_k p_k demand_{smtk}

Numbers have a mean, and law has none. Each figure is stated in the proportion in which its mean differs from the
calm's, so that units and currencies stay those of the instance.
"""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, Any

from models.enforcement import EnforcedInstance, prepare
from models.market import TABLES, Terms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from models.market import Demand, PreparedMarket
    from models.market.scenario import Scenario

_NUMBERS = frozenset({"demand", "offers", "terms"})
"""Tables of which scenarios change figures alone."""


class NoMeanError(ValueError):
    """What may happen has no mean; the message says why."""


def mean_of(instance: EnforcedInstance) -> EnforcedInstance:
    """Return an instance in which what is expected is sure, and nothing else may happen.

    Raises:
        NoMeanError: a scenario changes what has no mean.
    """
    calm = prepare(instance)
    for scenario in instance.foreseen:
        for table in TABLES:
            if table not in _NUMBERS and getattr(scenario.market, table) != getattr(calm, table):
                msg = f"scenario {scenario.name} changes {table}, which have no mean"
                raise NoMeanError(msg)
    rows = {(row.offer, row.period): row for row in instance.market.terms}
    rows |= {(row.offer, row.period): row for row in _list_terms(instance, calm)}
    demand = tuple(_list_demand(instance, calm))
    market = instance.market.model_copy(update={"terms": tuple(rows.values()), "demand": demand})
    return EnforcedInstance(instance.model_copy(update={"market": market}).foreseeing(()))


def _mean(instance: EnforcedInstance, calm: float, find: Callable[[Scenario], float]) -> float:
    rest = 1.0 - sum(scenario.probability for scenario in instance.foreseen)
    found = [(rest, calm), *((scenario.probability, find(scenario)) for scenario in instance.foreseen)]
    if all(figure == calm for _, figure in found):
        return calm
    return sum(probability * figure for probability, figure in found if probability > 0)


def _ratio(mean: float, calm: float, what: str) -> float:
    if mean == calm:
        return 1.0
    if calm in {0.0, inf}:
        msg = f"{what} has no mean, as {'none is stated' if calm else 'it is 0 if nothing happens'}"
        raise NoMeanError(msg)
    return mean / calm


def _list_terms(instance: EnforcedInstance, calm: PreparedMarket) -> Iterator[Terms]:
    """Yield the terms of each offer and period whose price or capacity has another mean than it is in the calm."""
    stated = instance.market
    for offer in stated.offers:
        for period in stated.years:
            key, more = (offer.offer, period), dict[str, Any]()
            there = stated.differing.get(key)
            price, capacity = calm.price(*key), calm.capacity(*key)
            ratio = _ratio(
                _mean(instance, price, lambda one, key=key: one.market.price(*key)),  # type: ignore[misc]
                price,
                f"the price of {offer.offer} in {period}",
            )
            if ratio != 1:
                own = offer.price if there is None or there.price is None else there.price
                more["price"] = own * ratio
            some = any(one.losses.get(key) for one in instance.foreseen)
            if capacity == inf and some:
                _ratio(0.0, capacity, f"the capacity of {offer.offer} in {period}")
            ratio = _ratio(
                _mean(instance, capacity, lambda one, key=key, most=capacity: _left(one, key, most)),  # type: ignore[misc]
                capacity,
                f"the capacity of {offer.offer} in {period}",
            )
            if ratio != 1:
                more["capacity"] = stated.capacity(*key) * ratio
            if more:
                yield (there or Terms(offer=offer.offer, period=period, **more)).model_copy(update=more)


def _left(scenario: Scenario, key: tuple[str, str], most: float) -> float:
    """Return the capacity that a scenario leaves of an offer in a period [units per year]."""
    lost = scenario.losses.get(key, 0.0)
    there = scenario.market.capacity(*key) if key[0] in scenario.market.offer else most
    return min(there, (1.0 - lost) * most) if lost else there


def _list_demand(instance: EnforcedInstance, calm: PreparedMarket) -> Iterator[Demand]:
    for row in instance.market.demand:
        key = row.site, row.material, row.period
        own = calm.needed.get(key, 0.0)
        what = f"the demand for {row.material} at {row.site} in {row.period}"
        mean = _mean(instance, own, lambda one, key=key, own=own: one.market.needed.get(key, own))  # type: ignore[misc]
        ratio = _ratio(mean, own, what)
        yield row if ratio == 1 else row.model_copy(update={"quantity": row.quantity * ratio})
