"""The prices of limits as text for people, as JSON and as a tidy table."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from models.records.tolerances import RECOUNTED
from models.records.wording import format_apart, format_whole
from optimizer.report.answer import format_money
from optimizer.report.asks import format_levels
from optimizer.report.caveats import format_unmet, list_shut_lines
from optimizer.report.layout import fit, format_table, group_rows
from optimizer.report.terminal import format_short
from optimizer.results.interval import finite_or_none
from optimizer.tables import PRICES, units_of
from optimizer.tables.frames import build_frame, csv_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from optimizer.price import Prices
    from optimizer.results.price import Price, Saving

_NOT_A_SUM = (
    "Each saving is found by solving again with that one limit changed. They do not add up: two limits that hold the "
    "same tonnes back save nothing one by one, and more than their sum together."
)


def as_text(prices: Prices) -> str:
    """Return the whole of the prices: the cost of the plan, a row a limit, and how to read it."""
    instance = prices.base.instance
    if not prices.prices:
        return fit(f"{answer(prices)} The instance has no limits: there is nothing to price.\n")
    money = f"[{instance.currency}]"
    heading = ["limit", f"saves without it {money}", "looser level", f"saves then {money}"]
    rows = [_row(price, instance.mass_unit, instance.currency) for price in prices.prices]
    shut = list_shut_lines(prices.base.caveats)
    shown = format_table(heading, group_rows(rows), left=1)
    return fit("\n\n".join([answer(prices), *shut, shown, *_unmet(prices), "\n".join(_reading(prices))]) + "\n")


def answer(prices: Prices) -> str:
    """Return what the plan costs, what that leaves out, and whether all limits were priced."""
    stopped = "" if prices.complete else " Stopped before every limit was priced."
    return f"{prices.base.instance.title}: the plan costs {format_short(prices.base)}.{stopped}"


def _unmet(prices: Prices) -> Iterator[str]:
    """Yield what is unmet with each limit and without it, where that differs: what it costs may be shortage."""
    instance, told = prices.base.instance, []
    for price in prices.prices:
        short, rest = (sum(one.cost for one in unmet) for unmet in (price.unmet, price.unmet_without))
        now, then = (format_unmet(u, instance.mass_unit, word="") for u in (price.unmet, price.unmet_without))
        if now != then:
            moved = f"{format_money(abs(short - rest), instance.currency)} {'less' if rest < short else 'more'}"
            told.append(f"- {price.limit.name}: {now or 'none'}, without it {then or 'none'}, which costs {moved}")
    if told:
        yield "\n".join(["Demand left unmet, with a limit and without it:", *told])


def _row(price: Price, mass: str, currency: str) -> list[str]:
    limit = price.limit
    soft = "" if limit.hard else f", {limit.strictness}"
    levels = [limit.level, limit.level if price.looser is None else price.looser.level]
    now, moved = format_levels(limit, levels, mass, currency)
    looser = "none" if price.looser is None else moved
    notch = "" if price.looser is None else format_saving(price.notch)
    title = f"{limit.name}: {limit.SENSE} {now}{soft}"
    return [title, limit.about, format_saving(price.without), looser, notch]


def format_saving(saving: Saving | None) -> str:
    """Spell a saving: one figure where it is known well, free, or the ends that are known."""
    if saving is None:
        return "not priced"
    least, most = format_apart(saving.least, saving.most, spell=format_whole, alike=RECOUNTED)
    most = most if math.isfinite(saving.most) else ""
    match saving.least > 0, bool(most):
        case _, _ if saving.free:
            return "free"
        case True, True if least == most or saving.most - saving.least <= RECOUNTED * saving.most:
            return most
        case True, True:
            return f"{least} to {most}"
        case True, False:
            return f"at least {least}"
        case False, True:
            return f"at most {most}"
        case _:
            return "not known"


def _reading(prices: Prices) -> list[str]:
    """Return the sentences that say what the figures are, and what they are not."""
    lines = [_NOT_A_SUM]
    savings = [saving for price in prices.prices for saving in (price.without, price.notch) if saving is not None]
    if any(not saving.free and saving.least < saving.most * (1 - RECOUNTED) for saving in savings):
        lines.append(
            "Where two ends or one are told, the costs are proven to a gap only; --gap 0 finds the saving itself."
        )
    return lines


def as_json(prices: Prices) -> dict[str, Any]:
    """Return the prices as plain data: the plan, and one record a limit; money in `currency`, None = not known."""
    base, instance = prices.base, prices.base.instance
    return {
        **instance.identity,
        "status": "proven" if base.proven else "stopped",
        "proven": base.proven,
        "cost": base.cost,
        "bound": base.bound,
        "gap": base.gap,
        **base.caveats.as_data(),
        "complete": prices.complete,
        "prices": [
            _record_level(price, instance.mass_unit, instance.currency)
            | {
                "without": _ends(price.without),
                "unmet": [short.as_data() for short in price.unmet],
                "unmet_without": [short.as_data() for short in price.unmet_without],
                "looser": None if price.looser is None else {"level": price.looser.level} | (_ends(price.notch) or {}),
            }
            for price in prices.prices
        ],
    }


def _record_level(price: Price, mass: str, currency: str) -> dict[str, Any]:
    limit = price.limit
    return {
        "limit": limit.name,
        "kind": limit.kind,
        "who": limit.about,
        "sense": limit.SENSE,
        "level": limit.level,
        "unit": limit.unit(mass, currency),
        "firm": limit.strictness,
    }


def _ends(saving: Saving | None) -> dict[str, Any] | None:
    return None if saving is None else {"least": saving.least, "most": finite_or_none(saving.most), "free": saving.free}


def as_csv(prices: Prices) -> str:
    """Return the table of prices as CSV."""
    return csv_text(prices_table(prices))


def prices_table(prices: Prices) -> pd.DataFrame:
    """Return the prices as one tidy table, a row a limit: that of a plan's folder."""
    priced = replace(prices.base, prices=prices.prices)
    return build_frame(PRICES, priced, units_of(priced.instance))
