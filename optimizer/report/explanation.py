"""Why there is no plan, as text for people: reasons, limits that cannot hold together, what would repair it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from models.market.exposure import Exposure
from models.records.tolerances import RECOUNTED
from models.records.wording import format_amount, list_some
from optimizer.explain.costs import UNKNOWN, more
from optimizer.explain.repairs import ExtraCapacity, LevelMove, Repair, Unmet, elsewhere
from optimizer.report.answer import format_money, format_moneys
from optimizer.report.asks import format_level, format_levels
from optimizer.report.caveats import format_unmet, list_shut_lines
from optimizer.report.layout import format_table, group_rows
from optimizer.report.terminal import format_short
from optimizer.results.undisclosed import is_all_undisclosed
from optimizer.tables.limits import binds

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from models.instance import Instance
    from models.limits import Limit
    from optimizer.explain.conflict import Conflict, InfeasiblePart
    from optimizer.explain.no_plan import Infeasibility, NoPlanExplained
    from optimizer.explain.repairs import Step
    from optimizer.results import caveats
    from optimizer.results.interval import Interval
    from optimizer.results.solution import Solution

_MANY = 3
"""Names that are listed before they are only counted."""
_ROUNDING = 0.005
"""Money that is not told [currency]."""

ANNOUNCED = "These limits bind:"
"""What a plan of which limits are told in a table ends with."""


def format_no_plan(explained: NoPlanExplained) -> str:
    """Return the whole explanation of an instance without a plan."""
    instance = explained.instance
    parts = [f"{instance.title}: there is no plan that covers the demand and holds every limit."]
    if explained.reasons:
        parts.append("\n".join(["Plain reasons:", *(f"- {reason}" for reason in explained.reasons)]))
    for infeasibility in explained.infeasibilities:
        parts.append(format_conflict(infeasibility.infeasible, instance))
        parts += _repairs(infeasibility, instance, of_part=len(explained.infeasibilities) > 1)
    if explained.together is not None:
        steps = "\n".join(f"- {describe_step(step, instance)}" for step in explained.together.steps)
        cost = "" if explained.together.cost is None else _describe_cost(explained.together, None, instance)
        parts.append(f"With the cheapest repair of each there is a plan of the whole, at {cost}:\n{steps}")
    return "\n\n".join(parts) + "\n"


def format_conflict(infeasible: InfeasiblePart, instance: Instance) -> str:
    """Say which limits of a part cannot hold together, with what each asks."""
    texts = describe_conflict(infeasible)
    for number, conflict in enumerate(infeasible.conflicts):
        texts[number] += "\n" + format_limits([format_row(limit, instance) for limit in conflict.limits])
    return "\n\n".join(texts)


def describe_conflict(infeasible: InfeasiblePart) -> list[str]:
    """Say in one sentence each which limits of a part cannot hold together."""
    about = list_some(infeasible.materials)
    if infeasible.market_has_plan is False:
        return [f"{about}: no plan covers the demand even without any limit; look at offers, lanes and demand."]
    if not infeasible.conflicts:
        return [f"{about}: which limits cannot hold together was not found in time."]
    return [f"{about}: {_together(conflict)}" for conflict in infeasible.conflicts]


def _together(conflict: Conflict) -> str:
    names = [limit.name for limit in conflict.limits]
    if len(names) == 1:
        return f"no plan holds the limit {names[0]}, even by itself."
    said = f"no plan holds the limits {', '.join(names[:-1])} and {names[-1]} together"
    if not conflict.minimal:
        return f"{said}; fewer of them may be too many already, which was not asked in time."
    return f"{said}; without {'either' if len(names) == 2 else 'any'} one of them there is a plan."  # noqa: PLR2004


def format_row(limit: Limit, instance: Instance) -> list[str]:
    """Return the cells that say what a limit asks, the first of which is the title of the others."""
    soft = "" if limit.hard else f", {limit.strictness}"
    level = f"{limit.SENSE} {format_level(limit, instance.mass_unit, instance.currency)}{soft}"
    return [f"{limit.name}: {level}", limit.about, _scope(limit)]


def format_limits(rows: Sequence[Sequence[str]], figures: Sequence[str] = ()) -> str:
    """Return a table of limits and what they ask, with columns of `figures` behind that."""
    return format_table(["limit", "of", *figures], group_rows(rows), left=2)


def _scope(limit: Limit) -> str:
    """Return the stages and materials that a limit names."""
    named = [", ".join(getattr(limit, field, None) or ()) for field in ("stages", "materials")]
    return " ".join(part for part in named if part)


def _repairs(infeasibility: Infeasibility, instance: Instance, *, of_part: bool) -> Iterator[str]:
    """Yield what would give the part a plan, by kind of repair."""
    if infeasibility.infeasible.limits:
        yield "\n".join(_relaxations(infeasibility, instance, of_part=of_part))
    extras = [repair for repair in infeasibility.repairs if isinstance(repair.steps[0], ExtraCapacity)]
    if extras:
        yield "\n".join(["More of one offer would do as well:", *_number(extras, infeasibility, instance)])
    for repair in infeasibility.repairs:
        if isinstance(repair.steps[0], Unmet):
            said = f"{describe_step(repair.steps[0], instance)}: {_describe_cost(repair, None, instance)}"
            yield f"So would less demand (what is missing costs nothing here):\n- {said}"
    if not infeasibility.infeasible.limits and not infeasibility.repairs:
        yield "--relax demand asks how much less demand would do, --relax capacity how much more of one offer."


def _relaxations(infeasibility: Infeasibility, instance: Instance, *, of_part: bool) -> Iterator[str]:
    subject = f"{list_some(infeasibility.infeasible.materials)} alone" if of_part else "the plan"
    moved = [repair for repair in infeasibility.repairs if isinstance(repair.steps[0], LevelMove)]
    without = "it" if len(infeasibility.infeasible.limits) == 1 else "them"
    if infeasibility.free is None:
        yield f"Without {without} there is still no plan."
    elif math.isfinite(infeasibility.free.cost):
        cost = format_cost(infeasibility.free, instance.currency)
        yield f"Without {without} {subject} costs {cost}{_with(infeasibility.unmet_free, instance)}."
    alone = [repair for repair in moved if len(repair.steps) == 1]
    if alone:
        yield "What would repair it, the cheapest plan first:"
        yield from _number(moved, infeasibility, instance)
        if not all(step.least for repair in alone for step in repair.steps if isinstance(step, LevelMove)):
            yield "Not all of these moves are proven to be the least: there was no time."
        if infeasibility.not_enough:
            names = _format_list([limit.name for limit in infeasibility.not_enough], "the other limits")
            yield f"Moving {names} by itself, however far, gives no plan: other limits stand in the way as well."
    for repair in () if alone else moved:
        yield "No single limit is enough. Moved together, none further than it must, these are:"
        yield from (f"- {describe_step(step, instance)}" for step in repair.steps)
        yield f"Then the cost is {_describe_cost(repair, infeasibility, instance)}."


def _number(repairs: Iterable[Repair], infeasibility: Infeasibility | None, instance: Instance) -> Iterator[str]:
    for number, repair in enumerate(repairs, start=1):
        said = ", and ".join(describe_step(step, instance) for step in repair.steps)
        yield f"{number}. {said}: {_describe_cost(repair, infeasibility, instance)}"


def _describe_cost(repair: Repair, infeasibility: Infeasibility | None, instance: Instance) -> str:
    """Return what the plan costs then, and how much more that is than without the limits in conflict."""
    cost, currency = repair.cost, instance.currency
    free = None if infeasibility is None else infeasibility.free
    if cost is None:
        return format_cost(UNKNOWN, currency)
    if free is None or not (math.isfinite(free.cost) and math.isfinite(cost.cost)):
        return f"{format_cost(cost, currency)}{_with(repair.unmet, instance)}"
    rise = format_difference(more(cost, free), currency)
    return f"{format_cost(cost, currency)}, {rise}{_with(repair.unmet, instance)}"


def _with(unmet: Sequence[caveats.Unmet], instance: Instance) -> str:
    """Say what a plan leaves unmet, beside its cost; nothing where it meets all."""
    return f", with {format_unmet(unmet, instance.mass_unit)}" if unmet else ""


def describe_step(step: Step, instance: Instance) -> str:
    """Say what is to be done, in the units of the user."""
    mass = instance.mass_unit
    match step:
        case LevelMove():
            return _describe_move(step, instance)
        case ExtraCapacity(name, units):
            offer = instance.market.offer[name]
            unit = offer.basis or mass
            return (
                f"buy {format_amount(units)} {unit} a year more from {name} ({offer.company}, "
                f"{offer.country}) than it offers"
            )
        case Unmet(units):
            short = " and ".join(f"{format_amount(much)} {mass} of {material}" for material, much in units.items())
            return f"accept {short} unmet"


def _describe_move(step: LevelMove, instance: Instance) -> str:
    limit, mass, currency = step.before, instance.mass_unit, instance.currency
    alone = f", for {list_some(step.materials)} alone" if elsewhere(step, instance) else ""
    if step.after is None:
        return f"drop the limit {limit.name}{alone} (even 100% is too little)"
    new, old = format_levels(limit, [step.after.level, step.before.level], mass, currency)
    what = _format_list(
        dict.fromkeys(f"{key.stage} {key.material}".strip() for key in step.rows if key.material), "all of it"
    )
    by = getattr(limit, "basis", None)
    basis = f" by {by}" if by else ""
    who = _format_list(dict.fromkeys(f"{key.who}{basis}" for key in step.rows if key.who), limit.about)
    match limit.UNIT, limit.SENSE:
        case _ if limit.REPAIR:
            said = limit.REPAIR.format(new=new, old=old, what=what, who=who)
        case "share", "at most":
            said = f"allow {who} {new} of {what} instead of {old}"
        case "share", "at least":
            said = f"ask for {new} of {what} from {who} instead of {old}"
        case "quantity", "at most":
            said = f"allow {new} of {what} from {who} instead of {old}"
        case "quantity", "at least":
            said = f"ask for {new} of {what} from {who} instead of {old}"
        case "count" | "figure", "at most":
            said = f"allow {new} of {what} instead of {old}"
        case "count" | "figure", "at least":
            said = f"ask for {new} of {what} instead of {old}"
        case _:
            said = "spend up to {} instead of {}".format(*format_moneys(currency, step.after.level, limit.level))
    if step.rows and is_all_undisclosed(limit, step.rows, Exposure(instance.market)):
        said += f", though nothing is known to hang on {who}: it is undisclosed"
    return f"{said}{_when(step, instance)} (limit {limit.name}{alone})"


def _when(step: LevelMove, instance: Instance) -> str:
    """Say in which periods a level leaves no plan; nothing where that is in all."""
    periods = dict.fromkeys(key.period for key in step.rows if key.period)
    some = 0 < len(periods) < len(instance.market.years)
    return f" {step.before.WHEN} {_format_list(periods, f'{len(periods)} periods')}" if some else ""


def describe_highest(step: LevelMove, instance: Instance) -> str:
    """Say how high a floor can be, and where it is no higher."""
    limit = step.before
    what = _format_list(dict.fromkeys(key.material for key in step.rows), "all of it")
    by = getattr(limit, "basis", None)
    who = _format_list(dict.fromkeys(f"{key.who}{f' by {by}' if by else ''}" for key in step.rows), limit.about)
    if step.after is None:
        return f"limit {limit.name}: no level of it gives a plan."
    (level,) = format_levels(limit, [step.after.level], instance.mass_unit, instance.currency)
    proven = "" if step.least else ", as far as was found in time"
    others = f"for {what} without {who}{_when(step, instance)}"
    return f"limit {limit.name}: {level} is the highest that can be reached with all else as it is{proven}, {others}."


def _format_list(names: Iterable[str], many: str) -> str:
    """Return the names with ``and`` before the last, or other words where they are many or none."""
    *first, last = names if (names := list(names)) else [many]
    if len(first) >= _MANY:
        return many
    return f"{', '.join(first)} and {last}" if first else last


def format_cost(cost: Interval, currency: str) -> str:
    """Spell a cost, or both ends of where it lies."""
    if not math.isfinite(cost.cost):
        return "not known (there was no time)"
    if cost.cost - cost.bound <= RECOUNTED * abs(cost.cost):
        return format_money(cost.cost, currency)
    if not math.isfinite(cost.bound):
        return f"at most {format_money(cost.cost, currency)}"
    return f"between {' and '.join(format_moneys(currency, cost.bound, cost.cost))}"


def format_difference(rise: Interval, currency: str) -> str:
    """Spell how much more a plan costs than without the limits in conflict."""
    if not (math.isfinite(rise.bound) and math.isfinite(rise.cost)):
        return "how much more is not known"
    if rise.bound < 0 <= rise.cost and rise.cost - rise.bound > _ROUNDING:
        return "between {} less and {} more".format(*format_moneys(currency, -rise.bound, rise.cost))
    least, most = sorted(abs(end) for end in (rise.bound, rise.cost))
    if most <= _ROUNDING:
        return "no more"
    word = "less" if rise.cost < 0 else "more"
    if most - least <= RECOUNTED * most + _ROUNDING:
        return f"{format_money(most, currency)} {word}"
    return f"between {' and '.join(format_moneys(currency, least, most))} {word}"


def format_plan(solution: Solution) -> str:
    """Say that there is a plan, and which limits bind in it."""
    binding = list_binding(solution)
    said = f"{solution.instance.title}: there is a plan, at {format_short(solution)}."
    hint = "lodeplan price says what each limit costs; an offer that is named as well is explained by itself."
    if not binding:
        where = " in the plan" if any(limit.in_responses for limit in solution.instance.limits) else ""
        return f"{said} No limit binds{where}.\n"
    rows = [format_row(limit, solution.instance) for limit in binding]
    parts = [f"{said} {ANNOUNCED}", format_limits(rows), *list_shut_lines(solution.caveats), hint]
    return "\n\n".join(parts) + "\n"


def list_binding(solution: Solution) -> list[Limit]:
    """Return the limits that bind in a plan, or shut out a stage for what is undisclosed."""
    binding = {limit.name for limit, reading in solution.account.readings if binds(limit, reading)}
    binding |= {shut.limit for shut in solution.caveats.shut}
    return [limit for limit in solution.instance.limits if limit.name in binding]
