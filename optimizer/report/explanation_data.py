"""An explanation as plain data for programs; money in `currency`, None = not known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from optimizer.explain.no_plan import NoPlanExplained
from optimizer.explain.offer import OfferExplained
from optimizer.explain.repairs import ExtraCapacity, LevelMove, Unmet
from optimizer.report.explanation import describe_step, list_binding
from optimizer.results.interval import finite_or_none

if TYPE_CHECKING:
    from models.instance import Instance
    from models.limits import Limit
    from optimizer.explain.answer import Explained
    from optimizer.explain.no_plan import Infeasibility
    from optimizer.explain.repairs import Repair, Step
    from optimizer.results.interval import Interval
    from optimizer.results.solution import Solution


def as_json(explained: Explained) -> dict[str, Any]:
    """Return everything that an explanation holds."""
    match explained:
        case NoPlanExplained():
            return _head(explained.instance) | {"answer": "no plan"} | _no_plan(explained)
        case OfferExplained():
            return _head(explained.solution.instance) | {"answer": "offer"} | _offer(explained)
        case _:
            return _head(explained.instance) | {"answer": "plan"} | _plan(explained)


def explanation_tables(explained: Explained) -> dict[str, pd.DataFrame]:
    """Return what is asked of an explanation as tables; costs in `currency`, empty = not known.

    Without a plan `repairs`: a row a repair, with its steps in words and the interval of what the plan costs then. Of
    an offer `turned_by`: a row a limit without which it turns, with what is bought then. Else `binding`: the limits
    that bind.
    """
    data = as_json(explained)
    money = [f"{end} [{data['currency']}]" for end in ("bound", "cost")]
    match data["answer"]:
        case "no plan":
            repairs = [repair for part in data["parts"] for repair in part["repairs"]]
            steps = ["; and ".join(step["words"] for step in repair["steps"]) for repair in repairs]
            costs = [repair["cost"] or {"bound": None, "cost": None} for repair in repairs]
            rows = [[words, cost["bound"], cost["cost"]] for words, cost in zip(steps, costs, strict=True)]
            return {"repairs": pd.DataFrame(rows, columns=["repair", *money])}
        case "offer":
            rows = [[one["limit"], one["bought"], *one["cost"].values()] for one in data["turned_by"]]
            return {"turned_by": pd.DataFrame(rows, columns=["limit", f"bought [{data['mass_unit']}]", *money])}
        case _:
            return {"binding": pd.DataFrame({"limit": data["binding"]})}


def _head(instance: Instance) -> dict[str, Any]:
    keys = ("name", "title", "digest", "currency", "mass_unit")
    return {"instance" if key == "name" else key: getattr(instance, key) for key in keys}


def _no_plan(explained: NoPlanExplained) -> dict[str, Any]:
    together = explained.together
    return {
        "reasons": list(explained.reasons),
        "parts": [_infeasibility(infeasibility, explained.instance) for infeasibility in explained.infeasibilities],
        "together": None if together is None else _repair(together, explained.instance),
    }


def _infeasibility(infeasibility: Infeasibility, instance: Instance) -> dict[str, Any]:
    return infeasibility.infeasible.as_data() | {
        "without_them": None if infeasibility.free is None else _ends(infeasibility.free),
        "unmet_without_them": [short.as_data() for short in infeasibility.unmet_free],
        "repairs": [_repair(repair, instance) for repair in infeasibility.repairs],
        "not_enough_alone": [limit.name for limit in infeasibility.not_enough],
    }


def _repair(repair: Repair, instance: Instance) -> dict[str, Any]:
    return {
        "steps": [_step(step, instance) | {"words": describe_step(step, instance)} for step in repair.steps],
        "cost": None if repair.cost is None else _ends(repair.cost),
        "unmet": [short.as_data() for short in repair.unmet],
    }


def _step(step: Step, instance: Instance) -> dict[str, Any]:
    match step:
        case LevelMove():
            rows = [key._asdict() for key in step.rows]
            levels = {"field": step.before.LEVEL, "from": step.before.level, "to": step.after and step.after.level}
            whom = {"limit": step.before.name, "materials": list(step.materials)}
            return whom | levels | {"rows": rows, "least": step.least}
        case ExtraCapacity(offer, units):
            basis = instance.market.offer[offer].basis
            return {"offer": offer, "extra_capacity": units, "unit": basis or instance.mass_unit}
        case Unmet(units):
            return {"unmet": units}


def _offer(explained: OfferExplained) -> dict[str, Any]:
    turn = explained.threshold
    return {
        "offer": explained.offer.offer,
        "bought": explained.units,
        "reserved": explained.reserved,
        "price": explained.offer.price,
        "currency_of_price": explained.offer.currency or explained.solution.instance.currency,
        "unit_of_price": explained.offer.priced_per or explained.solution.instance.mass_unit,
        "plan": _ends_of(explained.solution),
        "without_it": None if explained.without is None else _ends(explained.without),
        "unmet_without_it": [short.as_data() for short in explained.unmet_without],
        "needed": explained.without is None,
        "out_at_any_price": explained.free,
        "never_bought": explained.never,
        "shut_out_by_minimum_take": explained.taken_without_minimum is not None,
        "threshold": None if turn is None else {"price": turn.price, "within": turn.within},
        "turned_by": [
            {"limit": one.limit.name, "bought": one.units, "cost": _ends(one.cost)} for one in explained.turns
        ],
        "binding": [{"limit": limit.name} | reading.key._asdict() for limit, reading in explained.binding],
        "complete": explained.complete,
    }


def _plan(solution: Solution) -> dict[str, Any]:
    names: list[Limit] = list_binding(solution)
    return {"plan": _ends_of(solution), "binding": [limit.name for limit in names]}


def _ends_of(solution: Solution) -> dict[str, Any]:
    proof = {"bound": finite_or_none(solution.bound), "proven": solution.proven, "gap": finite_or_none(solution.gap)}
    return {"cost": solution.cost} | proof | solution.caveats.as_data()


def _ends(interval: Interval) -> dict[str, float | None]:
    return interval.as_data()
