"""A solution as text for people: the answer in one sentence, then costs, shares and binding limits.

Nothing is said by colour alone, and the text is the same in a file as on a screen.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from models.market.costs import COSTS
from models.records.tolerances import RECOUNTED, ROUNDING, SAME_SUM
from models.records.wording import format_amount, format_apart, format_whole
from optimizer.report.asks import format_levels
from optimizer.report.caveats import format_brief, list_lines
from optimizer.report.law import format_in_force as policies_in_short
from optimizer.report.layout import blank_repeats, format_table
from optimizer.report.shares import format_shares
from optimizer.report.suppliers import format_suppliers
from optimizer.tables.limits import binds, slack

if TYPE_CHECKING:
    from models.limits import Limit, Reading
    from optimizer.results.solution import Solution

_SHOWN_PARTS = 5
_UNDISCLOSED = 7
"""Column of the binding limits that says how much of the use is undisclosed."""
_VAGUE = 0.01
"""Width of the interval of a cost, as a share of it, from which both ends are told."""
_WORDS = ((1e11, 1e9, " billion"), (1e6, 1e6, " million"), (0.0, 1.0, ""))


def format_report(solution: Solution) -> str:
    """Return the whole report of a solution."""
    parts = [_answer_and_caveats(solution), _costs(solution), format_suppliers(solution), _format_landed(solution)]
    parts += [format_shares(solution), _limits(solution)]
    parts += [_format_watched(solution), policies_in_short(solution.instance)]
    return "\n\n".join(part for part in parts if part) + "\n"


def format_answer(solution: Solution) -> str:
    """Return the one sentence that answers: what it costs, how sure that is, what the limits cost, what is left out."""
    said = format_brief(solution.caveats, solution.instance.mass_unit)
    return f"{_cost(solution)}{said and '; '}{said}."


def _answer_and_caveats(solution: Solution) -> str:
    """Return the sentence without what is left out, and that in lines of its own."""
    instance, caveats = solution.instance, solution.caveats
    shortage = format_money(caveats.shortage_cost, instance.currency)
    return "\n".join([f"{_cost(solution)}.", *list_lines(caveats, instance.mass_unit, shortage)])


def _cost(solution: Solution) -> str:
    said = f"{format_money(solution.cost, solution.instance.currency)}, {_proof(solution)}{_price_of_limits(solution)}"
    return f"{solution.instance.title}: the plan costs {said}"


def _price_of_limits(solution: Solution) -> str:
    """Say what the limits cost, or both ends of it where that is not known well."""
    free, limits, currency = solution.without_limits, solution.limits_cost, solution.instance.currency
    if free is None or limits is None:
        return ""
    least, most = limits.bound, limits.cost
    if most <= abs(free.cost) * ROUNDING:
        return "; its limits cost nothing"
    if math.isinf(most):
        known = (
            f"of it the limits cost {format_money(least, currency)} or more"
            if least
            else "what its limits cost is not known"
        )
        return f"; {known} (--limits-cost works it out)"
    if most - least > _VAGUE * most:
        ends = format_moneys(currency, least, most)
        return f"; of it the limits cost {f'between {ends[0]} and' if least else 'at most'} {ends[1]}"
    share = f" ({most / free.cost:.1%} more than without them)" if free.cost > 0 else ""
    return f"; of it the limits cost {format_money(most, currency)}{share}"


def format_short(solution: Solution) -> str:
    """Return the cost, its proof and what is left out, as parts of one line."""
    said = format_brief(solution.caveats, solution.instance.mass_unit)
    return f"{format_money(solution.cost, solution.instance.currency)}, {_proof(solution)}{said and '; '}{said}"


def _proof(solution: Solution) -> str:
    if solution.proven and solution.gap <= ROUNDING:
        return "proven to be the least"
    if solution.proven:
        return f"proven to be within {100 * solution.gap:.2g} % of the least"
    known = f"the least is at most {100 * solution.gap:.2g} % lower"
    said = known if math.isfinite(solution.gap) else "how far it is from the least is not known"
    return f"stopped before the proof: {said}{_describe_unfinished(solution)}"


def _describe_unfinished(solution: Solution) -> str:
    """Say how many parts of a plan that was stopped are proven, and which have no more than a quick plan."""
    count, quick = solution.sizes["parts"], [part.part for part in solution.unfinished if part.quick]
    if count == 1:
        return " (a quick plan only)" if quick else ""
    more = f" and {len(quick) - _SHOWN_PARTS} more" if len(quick) > _SHOWN_PARTS else ""
    which = f"; a quick plan only of {', '.join(quick[:_SHOWN_PARTS])}{more}" if quick else ""
    proven = count - len(solution.unfinished)
    return f" ({proven} of {count} parts {'is' if proven == 1 else 'are'} proven{which})"


def format_money(amount: float, currency: str, finer: int = 0) -> str:
    """Spell an amount in words that keep it short: ``2 815.4 million USD``; `finer` adds decimals."""
    size, word = next((size, word) for least, size, word in _WORDS if abs(amount) >= least)
    number = amount / size
    decimals = 2 if abs(number) < 100 else 1 if word else 0  # noqa: PLR2004
    return f"{number:,.{decimals + finer}f}{word} {currency}".replace(",", " ")


def format_moneys(currency: str, *amounts: float, alike: float = SAME_SUM) -> list[str]:
    """Spell amounts that stand against each other, with as many decimals as it takes to tell them apart."""
    return format_apart(*amounts, spell=lambda amount, finer: format_money(amount, currency, finer), alike=alike)


def _costs(solution: Solution) -> str:
    account = solution.account
    amounts = dict(account.costs) | ({"penalty": account.penalty} if account.penalty else {})
    total = account.total
    rows = [
        [name, format_whole(amounts[name]), f"{amounts[name] / total:.1%}" if total else ""]
        for name in COSTS
        if name in amounts
    ]
    rows.append(["total", format_whole(total), ""])
    return format_table(["cost", solution.instance.currency, "share"], rows, left=1)


def _format_landed(solution: Solution) -> str:
    """Return what each material costs up to the sites, through the whole chain."""
    mass, currency = solution.instance.mass_unit, solution.instance.currency
    rows = [
        [material, format_amount(units), format_whole(cost / units, 2)]
        for material, (units, cost) in solution.account.landed.items()
    ]
    heading = ["landed at the sites", f"arrives [{mass}]", f"{currency} a {mass}"]
    return format_table(heading, rows, left=1) if rows else ""


def _limits(solution: Solution) -> str:
    account, mass, currency = solution.account, solution.instance.mass_unit, solution.instance.currency
    rows = []
    for limit, reading in account.readings:
        if not binds(limit, reading):
            continue
        where = [reading.key.material, reading.key.stage, reading.key.who, reading.key.period]
        hidden = reading.undisclosed > ROUNDING * max(1.0, abs(reading.used))
        told = [reading.allowed, reading.undisclosed] if hidden else [reading.allowed]
        level, *undisclosed = (limit.format_level(figure, mass, currency) for figure in told)
        rows.append(
            [limit.name, *where, limit.SENSE, level, *(undisclosed or [""]), _describe_broken(solution, limit, reading)]
        )
    names = {limit.name for limit in account.limits if not limit.watch}
    unknown = {shut.limit: f"{shut.limit} ({shut.stage} {shut.material})" for shut in solution.caveats.shut}
    rest = names - {row[0] for row in rows} - unknown.keys()
    caps = [(limit, reading) for limit, reading in account.readings if limit.SENSE == "at most"]
    shut = {limit.name for limit, reading in caps if limit.name in rest and not reading.allowed}
    if not names:
        return ""
    heading = ["binding limit", "material", "stage", "who", "period", "", "level", "undisclosed", ""]
    if not any(row[_UNDISCLOSED] for row in rows):
        for row in (heading, *rows):
            del row[_UNDISCLOSED]
    parts = [format_table(heading, blank_repeats(rows, columns=1), left=6)] if rows else []
    if unknown:
        parts.append(f"Letting nothing through, as too much is undisclosed: {', '.join(unknown.values())}")
    if not parts and not shut:
        return f"No limit binds (of {len(names)})."
    if rest - shut:
        parts.append(f"Not binding: {', '.join(sorted(rest - shut))}")
    if shut:
        parts.append(f"Letting nothing through (lodeplan price says what that costs): {', '.join(sorted(shut))}")
    return "\n\n".join(parts)


def _format_watched(solution: Solution) -> str:
    """Return what is only watched, row by row, and whether the plan meets it."""
    rows, mass, currency = [], solution.instance.mass_unit, solution.instance.currency
    for limit, reading in solution.account.readings:
        if limit.watch:
            key = reading.key
            met = "met" if slack(limit, reading) >= 0 else "not met"
            level, used = format_levels(limit, [reading.allowed, reading.used], mass, currency, alike=RECOUNTED)
            rows.append([limit.name, key.material, key.stage, key.who, key.period, limit.SENSE, level, used, met])
    heading = ["only watched", "material", "stage", "who", "period", "", "level", "plan", ""]
    return format_table(heading, blank_repeats(rows, columns=1), left=6) if rows else ""


def _describe_broken(solution: Solution, limit: Limit, reading: Reading) -> str:
    """Say by how much a soft limit is broken, and what that costs."""
    if limit.penalty is None or reading.excess <= 0:
        return ""
    mass, currency = solution.instance.mass_unit, solution.instance.currency
    unit = limit.excess_unit(mass, currency)
    return (
        f"broken by {format_amount(reading.excess)} {unit} at {format_money(limit.penalty * reading.excess, currency)}"
    )
