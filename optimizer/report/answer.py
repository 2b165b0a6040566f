"""The one sentence that answers: what a plan costs, how sure that is, and what of it the limits cost.

It is made of a few figures, which a solution has and the summary of a plan holds: every face says the same.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from models.records.tolerances import ROUNDING, SAME_SUM
from models.records.wording import format_apart
from optimizer.results.interval import Interval, limits_cost, relative_gap

if TYPE_CHECKING:
    from collections.abc import Mapping

    from optimizer.results.solution import Solution

_SHOWN_PARTS = 5
_LEAST_GAP = 1e-4
"""Per cent; a smaller gap is told as this."""
_VAGUE = 0.01
"""Width of the interval of a cost, as a share of it, from which both ends are told."""
_WORDS = ((1e11, 1e9, " billion"), (1e6, 1e6, " million"), (0.0, 1.0, ""))


class Expected(NamedTuple):
    """What a plan for scenarios is expected to cost, and what it costs if none of them happens [currency]."""

    expected: float
    calm: float
    measure: str
    """The measure of risk that is in the cost beside them; ``expected`` where there is none."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The figures of the sentence; money in the currency, infinite where it is not known."""

    title: str
    currency: str
    cost: float
    """What is least: for scenarios the expected cost, with the measure of risk in its weight."""
    bound: float
    """No plan costs less than this."""
    proven: bool
    """Whether the gap that was asked for was reached."""
    parts: int
    """In how many parts the plan was sought."""
    unproven: int = 0
    """How many of them are not proven."""
    quick: tuple[str, ...] = ()
    """Those that have no more than a quick plan, by their materials."""
    without_limits: Interval | None = None
    """What the cheapest plan without any limit costs, when that was asked for."""
    risk: Expected | None = None
    """What it is expected to cost; None where it is planned as if nothing could happen."""

    @property
    def gap(self) -> float:
        """Relative distance of cost and bound."""
        return relative_gap(self.cost, min(self.bound, self.cost))

    @property
    def limits_cost(self) -> Interval | None:
        """Between what the cost of all limits together lies."""
        return limits_cost(self.cost, self.bound, self.without_limits)


def answer_of(solution: Solution) -> Answer:
    """Return the figures of a solution."""
    risk = solution.risk
    return Answer(
        title=solution.instance.title,
        currency=solution.instance.currency,
        cost=solution.cost,
        bound=solution.bound,
        proven=solution.proven,
        parts=solution.sizes["parts"],
        unproven=len(solution.unfinished),
        quick=tuple(part.part for part in solution.unfinished if part.quick),
        without_limits=solution.without_limits,
        risk=None if risk is None else Expected(risk.expected, risk.calm_cost, risk.measure),
    )


def answer_in(summary: Mapping[str, Any]) -> Answer:
    """Return the figures that the summary of a plan holds.

    Raises KeyError, TypeError, ValueError or AttributeError when it does not.
    """
    free, unfinished, risk = summary["without_limits"], summary["unfinished"], summary.get("risk")
    return Answer(
        title=summary["title"],
        currency=summary["currency"],
        cost=float(summary["cost"]),
        bound=_known(summary["bound"], -math.inf),
        proven=summary["status"] == "proven",
        parts=int(summary["sizes"]["parts"]),
        unproven=len(unfinished),
        quick=tuple(str(part["part"]) for part in unfinished if part["quick"]),
        without_limits=None
        if free is None
        else Interval(_known(free["bound"], -math.inf), _known(free["cost"], math.inf)),
        risk=None
        if risk is None
        else Expected(float(risk["expected"]), float(risk["calm"]["cost"]), str(risk["measure"])),
    )


def _known(figure: float | None, unknown: float) -> float:
    return unknown if figure is None else float(figure)


def describe_cost(answer: Answer) -> str:
    """Say what a plan costs, how sure that is, and what of it the limits cost; without an end."""
    return f"the plan {say_cost(answer)}, {describe_proof(answer)}{_price_of_limits(answer)}"


def say_cost(answer: Answer) -> str:
    """Say that a plan costs so much; for scenarios what it is expected to, and what it does if nothing happens."""
    if answer.risk is None:
        return f"costs {format_money(answer.cost, answer.currency)}"
    expected, others = _spell_expected(answer, answer.risk)
    return f"is expected to cost {expected} ({others})"


def format_expected(answer: Answer) -> str:
    """Spell what a plan costs; for scenarios ``824 USD expected (800 USD if nothing happens)``."""
    if answer.risk is None:
        return format_money(answer.cost, answer.currency)
    expected, others = _spell_expected(answer, answer.risk)
    return f"{expected} expected ({others})"


def _spell_expected(answer: Answer, risk: Expected) -> tuple[str, str]:
    """Return the expected cost, and the others that stand beside it."""
    expected, calm, weighed = format_moneys(answer.currency, risk.expected, risk.calm, answer.cost)
    measure = "" if risk.measure == "expected" else f"; {weighed} with its {risk.measure} weighed in"
    return expected, f"{calm} if nothing happens{measure}"


def _price_of_limits(answer: Answer) -> str:
    """Say what the limits cost, or both ends of it where that is not known well."""
    free, limits, currency = answer.without_limits, answer.limits_cost, answer.currency
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


def describe_proof(answer: Answer) -> str:
    """Say how far it is proven that no plan costs less."""
    if answer.proven and answer.gap <= ROUNDING:
        return "proven to be the least"
    if answer.proven:
        return f"proven to be within {format_gap(answer.gap)} of the least"
    known = f"the least is at most {format_gap(answer.gap)} lower"
    said = known if math.isfinite(answer.gap) else "how far it is from the least is not known"
    return f"stopped before the proof: {said}{_describe_unfinished(answer)}"


def format_gap(gap: float) -> str:
    """Spell a relative gap, in figures that are read at once: of what is less than 0.0001% nobody asks how much.

    >>> format_gap(0.00123), format_gap(4.7e-7)
    ('0.12%', '0.0001%')
    """
    return f"{max(100 * gap, _LEAST_GAP):.2g}%"


def _describe_unfinished(answer: Answer) -> str:
    """Say how many parts of a plan that was stopped are proven, and which have no more than a quick plan."""
    count, quick = answer.parts, answer.quick
    if count == 1:
        return " (a quick plan only)" if quick else ""
    more = f" and {len(quick) - _SHOWN_PARTS} more" if len(quick) > _SHOWN_PARTS else ""
    which = f"; a quick plan only of {', '.join(quick[:_SHOWN_PARTS])}{more}" if quick else ""
    proven = count - answer.unproven
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
