"""Amounts beside each other, as what several plans cost: a bar each, or by how much each is more than the first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.records.tolerances import RECOUNTED
from optimizer.charts.bars import change_bar
from optimizer.charts.markup import DASH, name, number, percent, text, typeset

if TYPE_CHECKING:
    from collections.abc import Sequence

_MILLION = 1e6


@dataclass(frozen=True)
class Amount:
    """An amount of something that has a name."""

    name: str
    amount: float | None
    """None where there is none, as of a case without a plan."""
    said: str = ""
    """What else there is to say of it."""
    alarm: str = ""
    """What nobody may read past, such as demand that is unmet."""


def draw_amounts(what: str, unit: str, amounts: Sequence[Amount], *, first_is_base: bool = False) -> str:
    """Return a row for each amount, `what` being what all of them are; nothing where none is known.

    The bar is the amount, or where the first is the base of the others, by how much it is more or less than that.
    """
    known = [one.amount for one in amounts if one.amount is not None]
    if not known:
        return ""
    base = amounts[0].amount if first_is_base else None
    changes = [0.0, *(amount - (base or 0.0) for amount in known)]
    scale = _Scale(min(changes), max(changes), _MILLION if max(map(abs, known)) >= _MILLION else 1.0)
    million = "million " if scale.size > 1 else ""
    more = "" if base is None else '<th scope="col">more</th>'
    body = "".join(_row(one, base, scale) for one in amounts)
    return (
        f'<table class="amounts"><caption>{text(what)}</caption><thead><tr><th scope="col"></th><th scope="col">'
        f'<span class="unseen">bar</span></th><th scope="col">{million}{name(unit)}</th>{more}</tr></thead>'
        f"<tbody>{body}</tbody></table>"
    )


@dataclass(frozen=True)
class _Scale:
    """From which to which amount the bars go, and in what the numbers are told."""

    low: float
    high: float
    size: float


def _row(one: Amount, base: float | None, scale: _Scale) -> str:
    alarm = f'<small class="alarm">{typeset(text(one.alarm))}</small>' if one.alarm else ""
    said = f"<small>{typeset(text(one.said))}</small>" if one.said else ""
    head = f'<th scope="row">{name(one.name)}{alarm}{said}</th>'
    if one.amount is None:
        return f"<tr>{head}<td></td><td>{DASH}</td>{'' if base is None else f'<td>{DASH}</td>'}</tr>"
    change = one.amount - (base or 0.0)
    decimals = 2 if scale.size > 1 else 0
    told = f"<td>{number(one.amount / scale.size, decimals)}</td>"
    if base is not None:
        told += f"<td>{_change(change, base)}</td>"
    return f"<tr>{head}<td>{change_bar(change, scale.low, scale.high)}</td>{told}</tr>"


def _change(change: float, base: float) -> str:
    if abs(change) <= RECOUNTED * abs(base) or not base:
        return DASH
    return f"{'+' if change > 0 else ''}{percent(change / abs(base), 2 if abs(change) < 0.1 * abs(base) else 1)}"
