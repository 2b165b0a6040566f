"""Why an offer is in the plan or out of it: what it saves, the limits behind that, and the price at which it turns."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from models.enforcement import prepare
from models.formulation.components import parts
from models.limits import Key
from models.limits.ban import Ban
from models.market.network import Network
from models.records.tolerances import RECOUNTED
from optimizer.errors import InputError, NoPlan
from optimizer.explain.costs import UNKNOWN, interval
from optimizer.explain.threshold import bought, is_used, lowest_price, set_price, threshold
from optimizer.notes.offers import find_dead_offers, find_unneeded
from optimizer.programs.program import Program

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.enforcement import EnforcedInstance
    from models.instance import Instance
    from models.limits import Limit, Reading
    from models.market import Offer
    from optimizer.explain.costs import Costs
    from optimizer.explain.threshold import Threshold
    from optimizer.results.caveats import Unmet
    from optimizer.results.interval import Interval
    from optimizer.results.solution import Solution


@dataclass(frozen=True)
class DecidingLimit:
    """A limit without which an offer that is out comes in, or one that is in goes out."""

    limit: Limit
    units: float
    """What is bought of the offer then, in its material's own basis."""
    cost: Interval
    """What the plan costs then."""


@dataclass(frozen=True)
class OfferExplained:
    """Why an offer is in the plan or out of it."""

    solution: Solution
    offer: Offer
    units: float
    """What the plan buys of it, in its material's own basis; 0 = it is out, unless some of it is reserved."""
    reserved: float
    """Capacity of it that is reserved for responses [units per year]."""
    without: Interval | None
    """What the cheapest plan without it costs; None when there is none."""
    unmet_without: tuple[Unmet, ...]
    """What that plan leaves unmet."""
    threshold: Threshold | None
    """The price at which it turns; None where there is none, or it is not known."""
    free: bool
    """Whether it stays out even when its cheapest tier costs nothing."""
    never: str | None
    """Why no plan can buy it, whatever it costs; None when one can, as far as can be told without solving."""
    taken_without_minimum: float | None
    """What would be bought if it had no minimum take, where that is what shuts it out; 0 = it comes in cheaper."""
    turns: tuple[DecidingLimit, ...]
    binding: tuple[tuple[Limit, Reading], ...]
    """Limits at their level in rows that the offer counts in."""
    complete: bool
    """Whether everything was asked within the deadline."""


def explain_offer(solution: Solution, name: str, costs: Costs) -> OfferExplained:
    """Explain an offer of an instance that has a plan, at the costs of one session.

    Raises:
        SolverFailure, AuditFailure, KeyboardInterrupt: as `Session.solve`.
    """
    instance = solution.instance
    offer, units = instance.market.offer[name], bought(solution, name)
    reserved = solution.account.reserved.get(name, 0.0)
    now = (interval(solution), solution.caveats.unmet)
    without, unmet = costs.with_unmet(_forbid(instance, offer)) if units or reserved else now
    explained = OfferExplained(
        solution=solution,
        offer=offer,
        units=units,
        reserved=reserved,
        without=without,
        unmet_without=unmet,
        threshold=None,
        free=False,
        never=_never(instance, offer),
        taken_without_minimum=None,
        turns=(),
        binding=tuple(_binding(solution, offer)),
        complete=without != UNKNOWN,
    )
    turns: list[DecidingLimit] = []
    try:
        if without is not None and without != UNKNOWN:
            explained = _find_threshold(explained, without, costs)
        turns.extend(_turns(explained, costs))
    except NoPlan:
        explained = replace(explained, complete=False)
    return replace(explained, turns=tuple(turns))


def check_offer(instance: Instance, name: str) -> None:
    """Raise InputError unless the instance has an offer of this name."""
    from models.records.messages import suggest_or_list

    if name not in instance.market.offer:
        raise InputError([f"{name!r} is no offer of {instance.name}{suggest_or_list(name, instance.market.offer)}"])


def _forbid(instance: EnforcedInstance, offer: Offer) -> EnforcedInstance:
    """Return the instance with nothing bought of an offer, and nothing reserved."""
    taken = {limit.name for limit in instance.limits}
    name = next(name for i in range(len(taken) + 1) if (name := f"without {offer.offer}{' ' * i}") not in taken)
    scope = {"materials": (offer.material,), "stages": (offer.stage,)}
    ban = Ban(name=name, offer=offer.offer, undisclosed="apart", hard=True, **scope)
    rows = tuple(
        row.model_copy(update={"reservation_price": None}) if row is offer else row for row in instance.market.offers
    )
    other = {} if offer.reservation_price is None else {"market": instance.market.model_copy(update={"offers": rows})}
    return instance.model_copy(update={"limits": (*instance.limits, ban), **other})


def _find_threshold(explained: OfferExplained, without: Interval, costs: Costs) -> OfferExplained:
    """Find the price at which the offer turns, from a plan that has it in: the present one, or that at no price."""
    inside, name = explained.solution, explained.offer.offer
    if not (explained.units or explained.reserved):
        instance = explained.solution.instance
        inside = costs.solve(set_price(instance, name, lowest_price(instance.market, name)))
        if not is_used(inside, name):
            return replace(explained, free=True, taken_without_minimum=_without_minimum(explained, costs))
    return replace(explained, threshold=threshold(inside, name, without, costs))


def _without_minimum(explained: OfferExplained, costs: Costs) -> float | None:
    """Return what is bought of an offer that is out at any price, once it has no minimum take; None = out as well."""
    instance, name = explained.solution.instance, explained.offer.offer
    if not instance.market.has_minimum_take(name) or explained.never is not None:
        return None
    rows = {
        table: tuple(
            row.model_copy(update={"minimum_take": 0.0}) if row.offer == name else row
            for row in getattr(instance.market, table)
        )
        for table in ("offers", "terms")
    }
    freed = instance.model_copy(update={"market": instance.market.model_copy(update=rows)})
    units = bought(costs.solve(freed), name)
    at_no_price = set_price(freed, name, lowest_price(freed.market, name))
    return units if units or bought(costs.solve(at_no_price), name) else None


def _never(instance: EnforcedInstance, offer: Offer) -> str | None:
    """Return why no plan can buy an offer, whatever it costs; None where one may."""
    market = prepare(instance)
    network = Network(market)
    if any(note.name == offer.material for note in find_unneeded(market, network)):
        return f"can never be bought: {offer.material} is needed and stored nowhere"
    return next((note.said for note in find_dead_offers(market, network) if note.name == offer.offer), None)


def _turns(explained: OfferExplained, costs: Costs) -> Iterator[DecidingLimit]:
    """Yield every limit that alone keeps the offer in or out."""
    instance, offer = explained.solution.instance, explained.offer
    for limit in instance.limits:
        if limit.speaks_of(offer.material, instance.market):
            others = tuple(other for other in instance.limits if other is not limit)
            found = costs.solve(instance.model_copy(update={"limits": others}))
            if bool(units := bought(found, offer.offer)) != bool(explained.units):
                yield DecidingLimit(limit, units, interval(found))


def _binding(solution: Solution, offer: Offer) -> Iterator[tuple[Limit, Reading]]:
    """Yield the readings at their level whose rows hold a purchase of the offer, or a square of it."""
    at_level = [(limit, r) for limit, r in solution.account.readings if not limit.watch and _at_level(limit, r)]
    if not at_level:
        return
    program = Program(next(part for part in parts(solution.instance) if offer.material in part.market.material))
    matrix = program.matrix
    bought_in = [
        place
        for (family, key), place in program.columns.items()
        if family in {"quantity", "flow"} and key[0] == offer.offer
    ]
    parts_of = matrix.squares.part
    squared = np.unique(parts_of.row_of_entry[np.isin(parts_of.indices, bought_in)])
    bought_in += matrix.squares.square[squared].tolist()
    its_rows = set(matrix.A.row_of_entry[np.isin(matrix.A.indices, bought_in)].tolist())
    for limit, reading in at_level:
        if limit.speaks_of(offer.material, solution.instance.market):
            keys = {key for key, row in _rows(program, limit) if row in its_rows}
            if reading.key in keys or reading.key in {key.of("") for key in keys}:
                yield limit, reading


def _rows(program: Program, limit: Limit) -> Iterator[tuple[Key, int]]:
    """Yield key and place of what a limit asks and of what it counts by."""
    for family, rows in program.m.limit[limit.name].rows.items():
        for key in rows.keys:
            yield Key(*key), program.rows[f"limit[{limit.name}].{family}", key]


def _at_level(limit: Limit, reading: Reading) -> bool:
    rest = reading.allowed - reading.used
    rounding = RECOUNTED * max(abs(reading.allowed), abs(reading.used), 1.0 if limit.UNIT == "share" else 0.0)
    return (rest if limit.SENSE == "at most" else -rest) <= rounding
