"""A frontier as text for people: the answer in a sentence, a table of all points, and a plot drawn with signs."""

from __future__ import annotations

import math
from itertools import groupby
from typing import TYPE_CHECKING

from models.records.tolerances import RECOUNTED, ROUNDING
from models.records.wording import format_apart, format_count, format_whole
from optimizer.report.answer import format_gap, format_money, format_moneys
from optimizer.report.caveats import format_several, format_unmet_cell
from optimizer.report.frontier_plot import plot
from optimizer.report.layout import blank_repeats, fit, format_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from optimizer.report.frontier_data import Frontier
    from optimizer.sweep.found import Found
    from optimizer.sweep.points import Point

_VAGUE = 0.01
"""Width of the interval of a difference, as a share of it, from which both ends are told."""
_KNEE = (
    "The knee lies farthest below the straight line between both ends: up to it tightening is cheap, beyond it dear."
)


def as_text(frontier: Frontier) -> str:
    """Return the whole of a frontier."""
    parts = [format_answer(frontier), _table(frontier), plot(frontier)]
    return fit("\n\n".join(part for part in parts if part) + "\n")


def format_answer(frontier: Frontier) -> str:
    """Return one sentence for each line: what it costs at its ends, where its knee is, where it has no plan.

    Then what the plans leave out, and how much of the frontier is what unmet demand costs.
    """
    said = [" ".join(_of_line(frontier, list(line))) for _, line in groupby(frontier.points, key=lambda p: p.line)]
    knee = [_KNEE] if frontier.knees else []
    rest = len(frontier.points) - len(frontier.found)
    verb = "is" if rest == 1 else "are"
    missing = [f"{rest} of {format_count(len(frontier.points), 'points')} {verb} not solved yet."] if rest else []
    return "\n".join([*said, *list_left_out(frontier), *knee, *missing])


def list_left_out(frontier: Frontier) -> Iterator[str]:
    """Yield the line that says what is not proven, what is unmet, and what the plans rest on."""
    known = [(point, frontier.found[point.number]) for point in frontier.points if point.number in frontier.found]
    plans = [(point, there) for point, there in known if there.has_plan]
    stopped = sum(there.status == "stopped" for _, there in plans)
    parts = [f"{stopped} of {format_count(len(plans), 'plans')} stopped before the proof"] if stopped else []
    told = [(f"at {' and '.join(level.text for level in point.levels)}", there.caveats) for point, there in plans]
    parts += format_several(told, frontier.instance.mass_unit)
    if parts:
        said = "; ".join(parts)
        shortage = _describe_shortage([there for _, there in plans], frontier.instance.currency)
        yield f"{said[0].upper()}{said[1:]}.{shortage}"


def _describe_shortage(plans: Sequence[Found], currency: str) -> str:
    """Say how much of what the dearest plan costs more than the cheapest is the cost of unmet demand."""
    least, most = (end(plans, key=lambda there: there.cost) for end in (min, max))
    rise, short = most.cost - least.cost, most.caveats.shortage_cost - least.caveats.shortage_cost
    if short <= RECOUNTED * rise:
        return ""
    drives = ": shortage drives the frontier" if short >= rise / 2 else ""
    more, missing = (format_money(figure, currency) for figure in (rise, short))
    return (
        f" From the cheapest plan to the dearest the cost rises by {more}, that of unmet demand by {missing}{drives}."
    )


def _of_line(frontier: Frontier, line: Sequence[Point]) -> Iterator[str]:
    found = frontier.found
    known = [point for point in line if point.number in found and found[point.number].has_plan]
    title = frontier.instance.title
    if line[0].line:
        title += f" at {frontier.axes[1].change}={line[0].line[0].text}"
    if known:
        first, last = known[0], known[-1]
        costs = format_moneys(
            frontier.instance.currency, *(found[p.number].cost for p in (first, last)), alike=RECOUNTED
        )
        ends = [f"{cost} at {point.levels[0].text}" for cost, point in zip(costs, (first, last), strict=True)]
        said = " to ".join(ends) if first is not last else ends[0]
        knee = next((point.levels[0].text for point in known if point.number in frontier.knees), None)
        yield f"{title}: {frontier.axes[0].change} costs {said}{f', with its knee at {knee}' if knee else ''}."
    for status, words in (("no plan", "There is no plan"), ("none found", "No plan was found in time")):
        at = [p.levels[0].text for p in line if p.number in found and found[p.number].status == status]
        if at:
            begin = words if known else f"{title}: {words[0].lower()}{words[1:]}"
            yield f"{begin} at {_format_list(at)} of {frontier.axes[0].change}."


def _format_list(words: Sequence[str]) -> str:
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else words[0]


def _table(frontier: Frontier) -> str:
    plans = [there for there in frontier.found.values() if there.has_plan]
    least = min(plans, key=lambda there: there.cost, default=None)
    bound = min((there.bound for there in plans), default=-math.inf)
    goods = _goods(plans)
    unmet = any(there.caveats.unmet for there in plans)
    beside = [name for name in ("expected", "measured") if any(getattr(there, name) is not None for there in plans)]
    if "measured" not in beside:
        beside.clear()  # what is expected is the cost itself
    rows = []
    for point in frontier.points:
        there = frontier.found.get(point.number)
        levels = [level.text for level in reversed(point.levels)]
        if there is None or least is None or not there.has_plan:
            rows.append(
                [*levels, "not solved yet" if there is None else there.status, *[""] * (5 + unmet + len(beside))]
            )
        else:
            short = [format_unmet_cell(there.caveats)] if unmet else []
            figures = [
                format_whole(there.cost),
                *(_figure(getattr(there, name)) for name in beside),
                *short,
                _more(there, least, bound),
                _gap(there),
                *_greatest(there, goods),
            ]
            rows.append([*levels, _note(frontier, there), *figures])
    axes = [axis.change for axis in reversed(frontier.axes)]
    short = ["unmet"] if unmet else []
    columns = [
        f"{'weighed' if beside else 'cost'} [{frontier.instance.currency}]",
        *(f"{_BESIDE[name]} [{frontier.instance.currency}]" for name in beside),
        *short,
        f"more than least [{frontier.instance.currency}]",
        "gap",
        *(f"most by {basis}{goods and f' of {goods}'}" for basis in ("place", "control")),
    ]
    return format_table([*axes, "", *columns], blank_repeats(rows, columns=len(axes) - 1), left=len(axes) + 1)


_BESIDE = {"expected": "expected", "measured": "dearest cases"}


def _figure(amount: float | None) -> str:
    return "" if amount is None else format_whole(amount)


def _more(there: Found, least: Found, bound: float) -> str:
    """Return by how much a plan costs more than the cheapest: both ends, where gaps leave that open."""
    low, high = max(0.0, there.bound - least.cost), there.cost - bound
    if math.isinf(high):
        return f"{format_whole(low)} or more"
    if high <= ROUNDING * abs(there.cost):
        return "0"
    return (
        format_whole(there.cost - least.cost)
        if high - low <= _VAGUE * high
        else " to ".join(format_apart(low, high, spell=format_whole))
    )


def _gap(there: Found) -> str:
    if math.isinf(there.gap):
        return "not known"
    return format_gap(there.gap) if there.gap > ROUNDING else "0%"


def _goods(plans: Sequence[Found]) -> str:
    """Return of what the greatest shares of all plans are, where that is the same: ``refined cobalt``."""
    spreads = [spread for there in plans for spread in (there.place, there.control) if spread is not None]
    goods = {spread.of.partition(", ")[2] for spread in spreads if spread.of}
    return goods.pop() if len(goods) == 1 else ""


def _greatest(there: Found, goods: str) -> Iterator[str]:
    for spread in (there.place, there.control):
        of = "" if spread is None else spread.of.removesuffix(f", {goods}") if goods else spread.of
        yield f"{of} {spread.share:.1%}" if spread is not None and of else ""


def _note(frontier: Frontier, there: Found) -> str:
    said = ["knee" if there.number in frontier.knees else "", "stopped" if there.status == "stopped" else ""]
    return ", ".join(filter(None, [*said, "same plan" if there.same_plan else ""]))
