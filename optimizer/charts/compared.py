"""A plan beside another one: what costs more or less, who is in and out, and whose share moved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.records.countries import country_name
from models.records.tolerances import RECOUNTED
from optimizer.charts.costs import GROUP_OF
from optimizer.charts.markup import DASH, at, name, number, percent, text
from optimizer.charts.shown import figure, said
from optimizer.charts.stages import BASES, WHOLE, stages_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from optimizer.charts.shown import ShownPlan

MOST_ROWS = 20
"""Suppliers, and shares, that are told; the others are counted."""
_MILLION = 1e6
_MOVED = 0.005
"""Shares that moved by less are not told."""


_WHERE = {"this": "in this plan", "other": "in the other plan"}
"""How a sentence says in which of two plans something is, where that is not said by what they are called."""


def draw_compared(
    plan: ShownPlan, other: ShownPlan, colours: Mapping[str, str], called: tuple[str, str] = ("other", "this")
) -> str:
    """Return what is different in a plan from another one: hollow bars are the other's, solid ones its own.

    `called` is what the other and the plan itself are called. What is short stands beside what is short.
    """
    costs = list(_costs(plan, other))
    million = "million " if any(one.size > 1 for one in costs) else ""
    tables = (
        _table("Costs", ("cost", f"{million}{plan.currency}"), costs, called),
        _limits(plan, other, called),
        _table("Suppliers", ("offer", plan.mass_unit), _suppliers(plan, other), called),
        _table("Shares over the horizon", ("country", "share"), _shares(plan, other, colours), called),
    )
    return f'<div class="panels two compared">{"".join(tables)}</div>'


@dataclass(frozen=True)
class _Moved:
    """Something that both plans have, or one of them."""

    what: str
    """As HTML."""
    colour: str
    before: float
    after: float
    scale: float
    """What is drawn as a whole bar."""
    shares: bool = False
    size: float = 1.0
    """In what the amounts are told."""

    def row(self) -> str:
        """Return it as a row."""
        bars = (
            f'<svg class="bar" width="100%" height="15" aria-hidden="true">'
            f'<rect class="hollow {self.colour}" width="{self._part(self.before)}" height="7"/>'
            f'<rect class="{self.colour}" y="8" width="{self._part(self.after)}" height="7"/></svg>'
        )
        return (
            f'<tr><th scope="row">{self.what}</th><td>{bars}</td><td>{self._spell(self.before)}</td>'
            f"<td>{self._spell(self.after)}</td><td>{self._change()}</td></tr>"
        )

    def _part(self, amount: float) -> str:
        return at(min(max(amount, 0.0) / self.scale, 1.0) if self.scale else 0.0)

    def _spell(self, amount: float) -> str:
        if not amount:
            return DASH
        return percent(amount) if self.shares else self._number(amount)

    def _change(self) -> str:
        if not self.before:
            return "<b>in</b>"
        if not self.after:
            return "<b>out</b>"
        change = self.after - self.before
        return f"{'+' if change > 0 else ''}{number(100 * change, 1) if self.shares else self._number(change)}"

    def _number(self, amount: float) -> str:
        return number(amount / self.size, 2 if self.size > 1 else 0)


def _table(title: str, heads: tuple[str, str], moved: Iterable[_Moved], called: tuple[str, str]) -> str:
    rows = sorted(moved, key=lambda one: -abs(one.after - one.before) / (one.scale or 1.0))
    if not rows:
        return f'<div><h3>{title}</h3><p class="note">Nothing moved.</p></div>'
    rest = len(rows) - MOST_ROWS
    more = f'<tr><th scope="row">{rest} more</th><td></td><td></td><td></td><td></td></tr>' if rest > 0 else ""
    unit = name(heads[1])
    return (
        f'<table class="pair moved"><caption>{title} <span>{unit}</span></caption><thead><tr><th scope="col">{heads[0]}'
        f'</th><th scope="col"><span class="unseen">before and now</span></th><th scope="col">{called[0]}</th>'
        f'<th scope="col">{called[1]}</th><th scope="col">change</th></tr></thead>'
        f"<tbody>{''.join(one.row() for one in rows[:MOST_ROWS])}{more}</tbody></table>"
    )


def _differ(before: float, after: float) -> bool:
    return abs(after - before) > RECOUNTED * max(abs(before), abs(after))


def _costs(plan: ShownPlan, other: ShownPlan) -> Iterator[_Moved]:
    both: list[dict[str, float]] = []
    for one in (other, plan):
        sums: dict[str, float] = {}
        for row in one.rows("costs"):
            sums[said(row, "cost")] = sums.get(said(row, "cost"), 0.0) + figure(row, "amount")
        both.append(sums)
    before, after = both
    scale = max((*before.values(), *after.values()), default=0.0)
    for cost in dict.fromkeys((*before, *after)):
        if _differ(before.get(cost, 0.0), after.get(cost, 0.0)):
            colour = GROUP_OF.get(cost, "fixed")
            size = _MILLION if scale >= _MILLION else 1.0
            yield _Moved(text(cost), colour, before.get(cost, 0.0), after.get(cost, 0.0), scale, size=size)


def _suppliers(plan: ShownPlan, other: ShownPlan) -> Iterator[_Moved]:
    """Yield the offers of which more or less is bought, each on the scale of what its material needs."""
    before, after = (
        {said(row, "offer"): (figure(row, "quantity"), said(row, "material")) for row in one.rows("contracts")}
        for one in (other, plan)
    )
    scale: dict[str, float] = {}
    for row in (*other.rows("stock"), *plan.rows("stock")):
        scale[said(row, "material")] = scale.get(said(row, "material"), 0.0) + figure(row, "demand") / 2
    for offer in dict.fromkeys((*before, *after)):
        old, material = before.get(offer, (0.0, ""))
        new, material = after.get(offer, (0.0, material))
        if _differ(old, new):
            what = f"{name(offer)}<small>{name(material)}</small>"
            yield _Moved(what, "price", old, new, scale.get(material, 0.0) or max(old, new))


def _shares(plan: ShownPlan, other: ShownPlan, colours: Mapping[str, str]) -> Iterator[_Moved]:
    before, after = (_shares_of(one) for one in (other, plan))
    for key in dict.fromkeys((*before, *after)):
        old, new = before.get(key, 0.0), after.get(key, 0.0)
        if abs(new - old) >= _MOVED:
            material, stage, basis, country = key
            what = f"{name(country_name(country))}<small>{name(stage)} {name(material)}, by {basis}</small>"
            yield _Moved(what, colours.get(country, "pale"), old, new, 1.0, shares=True)


def _shares_of(plan: ShownPlan) -> dict[tuple[str, str, str, str], float]:
    found: dict[tuple[str, str, str, str], float] = {}
    for stage in stages_of(plan):
        for basis in BASES:
            period = WHOLE if (basis, WHOLE) in stage.by else stage.worst(basis)
            for country, one in stage.shares(basis, period).items():
                found[stage.material, stage.stage, basis, country] = one.share
    return found


def _limits(plan: ShownPlan, other: ShownPlan, called: tuple[str, str]) -> str:
    """Say which limits bind in one plan and not in the other."""
    before, after = (
        dict.fromkeys(said(row, "limit") for row in one.rows("limits") if said(row, "binding") == "yes")
        for one in (other, plan)
    )
    told = [
        f"<p>{words}: {', '.join(map(name, limits))}.</p>"
        for words, limits in (
            (f"Bind only {_WHERE.get(called[1], called[1])}", [limit for limit in after if limit not in before]),
            (f"Bind only {_WHERE.get(called[0], called[0])}", [limit for limit in before if limit not in after]),
        )
        if limits
    ]
    return f"<div><h3>Limits</h3>{''.join(told) or '<p>The same limits bind in both.</p>'}</div>"
