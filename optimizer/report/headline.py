"""The headline of a plan: one sentence with two numbers, what it costs and what of that its limits cost.

How far the cost is proven and how much is unmet stand in the fields below it (`optimizer.report.unsaid`); the headline
says that they do only where a reader must not stop at the two numbers.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from models.records.tolerances import ROUNDING
from optimizer.report.answer import answer_in, format_money, format_moneys, say_cost
from optimizer.results.caveats import caveats_in

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from optimizer.report.answer import Answer
    from optimizer.results.caveats import Unmet

_VAGUE = 0.01
"""Width of the interval of what limits cost, as a share of it, from which both ends are told."""


class Headline(NamedTuple):
    """A sentence without its end, and what of it nobody may read past; empty where there is nothing of the kind."""

    said: str
    alarm: str


def write_headline(summary: Mapping[str, Any]) -> Headline:
    """Return the headline of a plan from its summary.

    Raises KeyError, TypeError, ValueError or AttributeError when that is none.
    """
    answer, unmet = answer_in(summary), caveats_in(summary).unmet
    alarms = [*_describe_unmet(unmet), *([] if answer.proven else ["was stopped before its proof"])]
    covers = f"covers all demand for {format_money(answer.cost, answer.currency)}"
    does = say_cost(answer) if unmet or answer.risk is not None else covers
    said = f"The plan {does}{_describe_limits(answer)}"
    return Headline(said, " and ".join(alarms))


def _describe_unmet(unmet: Sequence[Unmet]) -> list[str]:
    """Say what is left unmet, the largest share of demand first."""
    if not unmet:
        return []
    first, *others = unmet
    more = f" and {len(others)} more" if others else ""
    return [f"leaves demand for {first.material}{more} unmet"]


def _describe_limits(answer: Answer) -> str:
    """Say what of the cost the limits cost, as far as that is known.

    The currency stands before it, and is said again only where the size of the figure is another.
    """
    free, limits = answer.without_limits, answer.limits_cost
    if free is None or limits is None:
        return ""
    least, most = limits.bound, limits.cost
    if most <= abs(free.cost) * ROUNDING:
        return ", and its limits cost nothing"
    if math.isinf(most):
        known = _shorten(format_money(least, answer.currency), answer)
        return f", of which its limits cost {known} or more" if least else ""
    if most - least > _VAGUE * most:
        low, high = (_shorten(end, answer) for end in format_moneys(answer.currency, least, most))
        return f", of which its limits cost {f'between {low} and' if least else 'at most'} {high}"
    return f", of which its limits cost {_shorten(format_money(most, answer.currency), answer)}"


def _shorten(money: str, answer: Answer) -> str:
    """Return an amount without its currency where it is told in a size, as the cost before it is."""
    short = money.removesuffix(f" {answer.currency}")
    return short if short.endswith("illion") or not format_money(answer.cost, "").rstrip().endswith("illion") else money
