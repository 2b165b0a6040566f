"""A solution as text for people: the answer in one sentence, then costs, shares and binding limits.

Nothing is said by colour alone, and the text is the same in a file as on a screen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.market.costs import COSTS
from models.records.tolerances import RECOUNTED, ROUNDING
from models.records.wording import format_amount, format_whole
from optimizer.report.answer import answer_of, describe_cost, describe_proof, format_money
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

_UNDISCLOSED = 7
"""Column of the binding limits that says how much of the use is undisclosed."""


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
    return f"{solution.instance.title}: {describe_cost(answer_of(solution))}"


def format_short(solution: Solution) -> str:
    """Return the cost, its proof and what is left out, as parts of one line."""
    said = format_brief(solution.caveats, solution.instance.mass_unit)
    cost = format_money(solution.cost, solution.instance.currency)
    return f"{cost}, {describe_proof(answer_of(solution))}{said and '; '}{said}"


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
