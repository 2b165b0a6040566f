"""A difference as text for people: the answer in one sentence, then only the tables that have rows."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING, Any

from models.records.tolerances import RECOUNTED
from models.records.wording import format_amount, format_apart, format_percent, format_share, format_units, format_whole
from optimizer.report.answer import format_money, format_moneys
from optimizer.report.caveats import format_change
from optimizer.report.layout import blank_repeats, fit, format_basis, format_table, group_rows
from optimizer.report.periods import fold_periods
from optimizer.report.survival import describe_survival

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import pandas as pd

    from optimizer.report.difference import Difference

_VAGUE = 0.01
"""Width of the interval of a change, as a share of it, from which both ends are told."""
_VAGUE_AT_ALL = 1e-3
"""The same as a share of the whole cost, where the plans cost the same."""
SHOWN_SHARE = 0.0005
"""Changes by less are told without the percentage, which would be 0.0 %."""


def as_text(difference: Difference) -> str:
    """Return the whole of a difference."""
    parts = [
        _costs(difference),
        format_suppliers(difference),
        _shares(difference),
        _limits(difference),
        _stock(difference),
        _survival(difference),
    ]
    told = [part for part in parts if part]
    parts = [format_answer(difference), *told] if told else [f"{format_answer(difference)} Nothing else changed."]
    return fit("\n\n".join(parts) + "\n")


def _survival(difference: Difference) -> str:
    """Say what stayed covered when a country stopped, and what does now, where that is not the same."""
    if difference.survival is None:
        return ""
    before, after = map(describe_survival, difference.survival)
    return f"When a country stops:\n- before: {before}\n- after: {after}"


def format_answer(difference: Difference) -> str:
    """Return the one sentence that answers: what both cost and by how much that changed, and how sure it is."""
    before, after, currency = difference.before, difference.after, difference.before.currency
    is_changed = after.title == before.title or after.title.startswith(f"{before.title} (with ")
    title = after.title if is_changed else f"{before.title} -> {after.title}"
    said = format_change(before.caveats, after.caveats, before.mass_unit)
    left = f"; {said}" if said else ""
    if not difference.change:
        return f"{title}: {format_money(after.cost, currency)} as before{left}.{_describe_proof(difference)}"
    moved = difference.change / abs(before.cost) if before.cost else 0.0
    share = f" ({moved:+.1%})" if abs(moved) >= SHOWN_SHARE else ""
    more = "more" if difference.change > 0 else "less"
    was, now = format_moneys(currency, before.cost, after.cost)
    was, now, both = _say_how_weighed(was, now, before.measure, after.measure)
    moved_by = format_money(abs(difference.change), currency)
    return f"{title}: {was} -> {now}, {moved_by} {more}{share}{both}{left}.{_describe_proof(difference)}"


def _say_how_weighed(was: str, now: str, before: str, after: str) -> tuple[str, str, str]:
    """Return two costs with what they count of scenarios, and what is said behind both where they count the same."""
    if before == after:
        return was, now, f", both {_WEIGHED.get(after, f'with their {after} weighed in')}" if after else ""
    of_each = [f" {_WEIGHED.get(one, f'with its {one} weighed in')}" if one else "" for one in (before, after)]
    return was + of_each[0], now + of_each[1], ""


_WEIGHED = {"expected": "expected"}


def _describe_proof(difference: Difference) -> str:
    """Say in which interval the change of the least cost lies, where the plans do not say it well enough."""
    least, most = difference.change_of_least
    match difference.before.proven, difference.after.proven:
        case True, True:
            if not is_vague(difference.change, least, most, difference.after.cost):
                return ""
            why = "both plans are proven to a gap only"
        case True, False:
            why = "the second plan is not proven to be the least"
        case False, True:
            why = "the first plan is not proven to be the least"
        case _:
            why = "neither plan is proven to be the least"
    return f" As {why}, the change of the least cost {format_interval(least, most, difference.before.currency)}."


def is_vague(change: float, least: float, most: float, cost: float) -> bool:
    """Whether a change is known so badly, between `least` and `most`, that both ends should be told."""
    return most - least > (_VAGUE * abs(change) if change else _VAGUE_AT_ALL * abs(cost))


def format_interval(least: float, most: float, currency: str) -> str:
    """Say where a change lies, as a predicate; ends that are not finite are not known."""
    match math.isfinite(least), math.isfinite(most):
        case True, True:
            low, high = format_apart(least, most, spell=lambda end, finer: _signed_money(end, currency, finer))
            return f"lies between {low} and {high}"
        case True, False:
            return f"is {_signed_money(least, currency)} or more"
        case False, True:
            return f"is {_signed_money(most, currency)} or less"
        case _:
            return "is not known"


def _signed_money(number: float, currency: str, finer: int = 0) -> str:
    return f"{'+' if number > 0 else ''}{format_money(number, currency, finer)}"


def _costs(difference: Difference) -> str:
    rows = [
        [row["cost"], *_before_and_after(row, format_whole), format_whole(row["change"], sign="+")]
        for row in difference.costs.to_dict("records")
    ]
    heading = ["cost", *_heading(difference.before.currency)]
    return format_table(heading, rows, left=1) if rows else ""


def format_suppliers(difference: Difference) -> str:
    """Return the table of suppliers that are in, out, or supply more or less; empty where none is."""
    bases = _bases(difference)
    rows = [
        [
            row["material"],
            f"{row['stage']}{bases.get(row['material'], '')}",
            *(row[key] for key in ("offer", "company", "country", "what")),
            *_amounts(row),
        ]
        for row in difference.suppliers.to_dict("records")
    ]
    heading = ["supplier", "company", "in", "", *_heading(difference.before.mass_unit)]
    return format_table(heading, group_rows(rows, 2), left=4) if rows else ""


def _stock(difference: Difference) -> str:
    bases = _bases(difference)
    rows = [
        [
            row["site"],
            f"{row['material']}{bases.get(row['material'], '')}",
            row["period"],
            row["what"],
            *_amounts(row),
        ]
        for row in difference.stock.to_dict("records")
    ]
    rows = fold_periods(rows, 2, _periods(difference))
    heading = ["site", "material", "period", "stock", *_heading(difference.before.mass_unit)]
    return format_table(heading, blank_repeats(rows), left=4) if rows else ""


def _bases(difference: Difference) -> dict[str, str]:
    """Return what a unit of each material is counted in, as a part of a heading: `` [t Li content]``."""
    sides = (difference.before.tables["purchases"], difference.after.tables["purchases"])
    pairs = (pair for side in sides for pair in zip(side["material"], side["basis"], strict=True))
    return {material: format_basis(basis) for material, basis in pairs}


def _heading(unit: str) -> list[str]:
    return [f"{when} [{unit}]" for when in ("before", "after", "change")]


def _amounts(row: Mapping[Any, Any]) -> list[str]:
    sign = "+" if row["change"] > 0 else ""
    return [*_before_and_after(row, format_units), f"{sign}{format_units(row['change'])}"]


def _before_and_after(row: Mapping[Any, Any], spell: Callable[[float, int], str]) -> list[str]:
    return format_apart(row["before"], row["after"], spell=spell)


def _shares(difference: Difference) -> str:
    """Return the shares that moved, a row a country: by place and by control."""
    cells: dict[tuple[str, str, str], dict[str, str]] = {}
    for row in difference.shares.to_dict("records"):
        cells.setdefault((row["material"], row["stage"], row["country"]), {})[row["basis"]] = _format_moved_share(row)
    rows = [[*key, moved.get("place", ""), moved.get("control", "")] for key, moved in cells.items()]
    if not rows:
        return ""
    shown = format_table(["material", "stage", "country", "place", "control"], blank_repeats(rows), left=3)
    return f"Shares that moved, over the whole horizon\n{shown}"


def _format_moved_share(row: Mapping[Any, Any]) -> str:
    """Spell a share that moved, with more decimals where it takes some to see that."""
    return " -> ".join(_before_and_after(row, format_share))


def _limits(difference: Difference) -> str:
    """Return the limits that changed: a row where one binds, and together those rows of a limit that do not."""
    frame = difference.limits
    binding = (frame["binds_before"] == "yes") | (frame["binds_after"] == "yes")
    rows = [_limit_row(row, [_goods(row), row["who"], row["period"]]) for row in frame[binding].to_dict("records")]
    rows += _idle(frame[~binding])
    if not rows:
        return ""
    heading = ["limit", "who", "period", "", "used"]
    shown = group_rows(fold_periods(rows, 3, _periods(difference)))
    return f"Limits that changed (* = binds)\n{format_table(heading, shown, left=4)}"


def _periods(difference: Difference) -> list[str]:
    """Return the periods of both plans, in order."""
    sides = (difference.before, difference.after)
    return list(dict.fromkeys(period for side in sides for period in side.tables["stock"]["period"]))


def _goods(row: Mapping[Any, Any]) -> str:
    """Return of what a row of a limit asks: ``refined lithium``."""
    return f"{row['stage']} {row['material']}".strip()


def _idle(frame: pd.DataFrame) -> Iterator[list[str]]:
    """Yield rows of limits that bind on neither side; those that say the same as one."""
    alike = ["limit", "what", "sense", "unit", "level_before", "level_after"]
    for _, part in frame.groupby(alike, sort=False, dropna=False):
        row = part.to_dict("records")[0]
        if len(part) == 1:
            yield _limit_row(row, [_goods(row), row["who"], row["period"]])
        else:
            yield [*_limit_row(row, [f"{len(part)} rows", "", ""])[:-1], ""]


def _limit_row(row: Mapping[Any, Any], where: Sequence[str]) -> list[str]:
    """Return what a limit asks, before and after, then of what, how that changed, and what is used of it."""
    level, used = _figures(row)
    return [f"{row['limit']}: {level}", *where, row["what"], used]


def _figures(row: Mapping[Any, Any]) -> list[str]:
    """Return the level of a limit, with its unit, and what is used of it, without one as it stands below the level.

    Of shares the level is told as it was written, and what is used to one decimal.
    """
    levels, amounts = ([row[f"{figure}_{when}"] for when in ("before", "after")] for figure in ("level", "used"))
    level = format_apart(*levels, spell=partial(_format_figure, row["unit"], format_percent), alike=RECOUNTED)
    spell = partial(_format_figure, "share" if row["unit"] == "share" else "", format_share)
    spelt = format_apart(*levels, *amounts, spell=spell, alike=RECOUNTED)
    used = [
        text + ("*" if row[f"binds_{when}"] == "yes" else "")
        for text, when in zip(spelt[2:], ("before", "after"), strict=True)
    ]
    once = level[:1] if level[0] == level[1] else level
    asked, taken = (" -> ".join(text for text in texts if text) for texts in (once, used))
    return [f"{row['sense']} {asked}", taken]


def _format_figure(unit: str, percent: Callable[[float, int], str], number: float, finer: int) -> str:
    """Spell a figure of a limit, a share by `percent`; one that is not there is empty."""
    if math.isnan(number):
        return ""
    return percent(number, finer) if unit == "share" else f"{format_amount(number, finer)} {unit}".rstrip()
