"""A solution as text for people: the answer in one sentence, then costs, shares and binding limits.

Nothing is said by colour alone, and the text is the same in a file as on a screen.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from models.market.costs import COSTS
from models.records.tolerances import RECOUNTED, ROUNDING
from models.records.wording import format_amount, format_apart, format_share, format_whole
from optimizer.report.answer import answer_of, describe_cost, describe_proof, format_expected, format_money
from optimizer.report.asks import format_levels
from optimizer.report.caveats import describe_corridors, format_brief, list_lines
from optimizer.report.law import format_in_force as policies_in_short
from optimizer.report.law import list_looked_up
from optimizer.report.layout import fit, format_table, group_rows
from optimizer.report.periods import fold_periods
from optimizer.report.products import format_products
from optimizer.report.risk import format_risk
from optimizer.report.shares import format_shares
from optimizer.report.suppliers import chain_in, format_landed, format_suppliers
from optimizer.report.survival import describe_survival
from optimizer.report.unsaid import list_unsaid_lines
from optimizer.tables.limits import binds, slack

if TYPE_CHECKING:
    from models.limits import Limit, Reading
    from optimizer.results.solution import Solution

_NUMBER = re.compile(r"^[-\d. ]*\d(?:%)?")
"""What of a level is its figure."""
_PERIOD = 3
"""Column of the rows of limits that says in which period they hold, behind the title of the limit."""


def format_report(solution: Solution) -> str:
    """Return the whole report of a solution."""
    chain = chain_in(solution)
    parts = [_answer_and_caveats(solution), format_risk(solution), _costs(solution)]
    parts += [format_suppliers(solution, chain), _format_reserved(solution), format_landed(solution, chain)]
    parts += [format_shares(solution), format_products(solution), _limits(solution)]
    parts += [_format_watched(solution), policies_in_short(solution.instance)]
    parts += [describe_corridors(solution.caveats.assumed)]
    return fit("\n\n".join(part for part in parts if part) + "\n")


def format_answer(solution: Solution) -> str:
    """Return what answers in a line: cost, how sure that is, what the limits cost, what is left out; what survives."""
    said = format_brief(solution.caveats, solution.instance.mass_unit)
    return f"{_cost(solution)}{said and '; '}{said}.{''.join(f' {line}' for line in _survival(solution))}"


def _survival(solution: Solution) -> list[str]:
    """Return what stays covered when a country stops as a sentence, where that was asked for."""
    return [] if solution.survival is None else [describe_survival(solution.survival)]


def _answer_and_caveats(solution: Solution) -> str:
    """Return the sentence without what is left out, and that in lines of its own."""
    instance, caveats = solution.instance, solution.caveats
    shortage = format_money(caveats.shortage_cost, instance.currency)
    unsaid = list_unsaid_lines(solution, list_looked_up(instance))
    lines = [*list_lines(caveats, instance.mass_unit, shortage), *unsaid]
    return "\n".join([f"{_cost(solution)}.", *lines, *_survival(solution)])


def _cost(solution: Solution) -> str:
    return f"{solution.instance.title}: {describe_cost(answer_of(solution))}"


def format_short(solution: Solution) -> str:
    """Return the cost, its proof and what is left out, as parts of one line."""
    said = format_brief(solution.caveats, solution.instance.mass_unit)
    cost = format_expected(answer_of(solution))
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
    rows.append(["total" if solution.risk is None else "total if nothing happens", format_whole(total), ""])
    return format_table(["cost", f"[{solution.instance.currency}]", "share"], rows, left=1)


def _format_reserved(solution: Solution) -> str:
    """Return what is reserved to be called once something has happened; nothing where nothing is."""
    mass, currency, account = solution.instance.mass_unit, solution.instance.currency, solution.account
    rows = [
        [name, format_whole(units), format_whole(account.reservation_cost(name))]
        for name, units in sorted(account.reserved.items())
        if units > 0
    ]
    heading = ["reserved for what may happen", f"[{mass} a year]", f"[{currency}]"]
    return format_table(heading, rows, left=1) if rows else ""


def _limits(solution: Solution) -> str:
    """Return the limits that bind, and by name those that do not or let nothing through."""
    account = solution.account
    table, binding = _format_binding(solution)
    names = {limit.name for limit in account.limits if not limit.watch}
    unknown = {shut.limit: f"{shut.limit} ({shut.stage} {shut.material})" for shut in solution.caveats.shut}
    rest = names - binding - unknown.keys()
    caps = [(limit, reading) for limit, reading in account.readings if limit.SENSE == "at most"]
    shut = {limit.name for limit, reading in caps if limit.name in rest and not reading.allowed}
    if not names:
        return ""
    parts = [table] if table else []
    if unknown:
        parts.append(f"Letting nothing through, as too much is undisclosed: {', '.join(unknown.values())}")
    in_responses = {limit.name for limit in account.limits if limit.in_responses} & (rest - shut)
    if not parts and not shut and not in_responses:
        return f"No limit binds (of {len(names)})."
    if rest - shut - in_responses:
        parts.append(f"Not binding: {', '.join(sorted(rest - shut - in_responses))}")
    if in_responses:
        parts.append(f"Not binding in the plan, but held in responses too: {', '.join(sorted(in_responses))}")
    if shut:
        parts.append(f"Letting nothing through (lodeplan price says what that costs): {', '.join(sorted(shut))}")
    return "\n\n".join(parts)


def _format_binding(solution: Solution) -> tuple[str, set[str]]:
    """Return what binds, limit by limit, and the names of these limits."""
    mass, currency = solution.instance.mass_unit, solution.instance.currency
    rows, names = [], set()
    for limit, reading in solution.account.readings:
        if not binds(limit, reading):
            continue
        names.add(limit.name)
        hidden = reading.undisclosed > ROUNDING * max(1.0, abs(reading.used))
        undisclosed = _format_used(limit, reading.undisclosed, solution) if hidden else ""
        level = limit.format_level(reading.allowed, mass, currency)
        rows.append([*_place(limit, reading, level), undisclosed, _describe_broken(solution, limit, reading)])
    heading = ["binding limit", "who", "period", "undisclosed", ""]
    return _format_rows(heading, rows, solution), names


def _place(limit: Limit, reading: Reading, level: str) -> list[str]:
    """Return the title of a row of a limit, then of what it asks that, of whom, and when."""
    key = reading.key
    return [f"{limit.name}: {limit.SENSE} {level}", f"{key.stage} {key.material}".strip(), key.who, key.period]


def _format_rows(heading: list[str], rows: list[list[str]], solution: Solution) -> str:
    """Return rows of limits below what each asks; periods that agree are told as one, and empty columns not at all."""
    folded = fold_periods(rows, _PERIOD, list(solution.instance.market.years))
    kept = [place for place in range(len(heading)) if place == 0 or any(row[place + 1] for row in folded)]
    shown = [[row[0], *(row[place + 1] for place in kept)] for row in folded]
    left = sum(place < _PERIOD for place in kept)
    return format_table([heading[place] for place in kept], group_rows(shown), left=left) if rows else ""


def _format_used(limit: Limit, used: float, solution: Solution) -> str:
    """Spell what is used of a limit: a share to one decimal, all else as the level is."""
    mass, currency = solution.instance.mass_unit, solution.instance.currency
    return format_share(used) if limit.UNIT == "share" else limit.format_level(used, mass, currency)


def _format_watched(solution: Solution) -> str:
    """Return what is only watched, row by row, and whether the plan meets it."""
    rows, mass, currency = [], solution.instance.mass_unit, solution.instance.currency
    for limit, reading in solution.account.readings:
        if limit.watch:
            met = "met" if slack(limit, reading) >= 0 else "not met"
            figures = [reading.allowed, reading.used]
            level, used = format_levels(limit, figures, mass, currency, alike=RECOUNTED)
            used = used.removesuffix(_NUMBER.sub("", level))  # the unit stands beside the level
            if limit.UNIT == "share":
                used = format_apart(*figures, spell=format_share, alike=RECOUNTED)[1]
            rows.append([*_place(limit, reading, level), used, met])
    return _format_rows(["only watched", "who", "period", "plan", ""], rows, solution)


def _describe_broken(solution: Solution, limit: Limit, reading: Reading) -> str:
    """Say by how much a soft limit is broken, and what that costs."""
    if limit.penalty is None or reading.excess <= 0:
        return ""
    mass, currency = solution.instance.mass_unit, solution.instance.currency
    unit = limit.excess_unit(mass, currency)
    return (
        f"broken by {format_amount(reading.excess)} {unit} at {format_money(limit.penalty * reading.excess, currency)}"
    )
