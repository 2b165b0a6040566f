"""Capacities, prices, demand and what products hold, recomputed from the sums that their notes state.

A clause of a note that states a sum must come to a figure of its row: ``charge = A - B`` and ``price = 75 % of A`` to
the price, ``customs value = A / B`` to that, and one without a name to any, but for a power of ten between units.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from facts.arithmetic import evaluate, is_same
from facts.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.instance import Instance
    from models.market import Record

_NAMED = re.compile(r"^(price|charge|customs value|shortage cost) = (.+)$")
_COLUMNS = {
    "price": "price",
    "charge": "price",
    "customs value": "customs_value",
    "shortage cost": "shortage_cost",
}
_SUM = re.compile(r"^(\d|\(|half of |a third of |a quarter of |twice )")
_SHARE = re.compile(r"([\d.]+) (?:t|kg) \(([\d.]+) % of ([\d.]+) ?(?:t|kg)")
_FIGURES = {
    "offers": ("capacity", "price", "customs_value", "fixed_cost", "minimum_take"),
    "demand": ("quantity",),
    "products": ("quantity",),
    "bill_of_materials": ("quantity",),
    "materials": ("shortage_cost",),
    "corridors": ("capacity",),
    "stock": ("opening", "closing_minimum", "capacity", "holding_cost"),
}
_ROUNDED = 1e-3
"""By how much of itself a figure may differ that was worked out from rounded ones."""


def check_figures(instance: Instance) -> Iterator[Finding]:
    """Yield each figure that is not what the note of its row comes to, and how many notes state no sum."""
    for table, columns in _FIGURES.items():
        rows = getattr(instance.market, table)
        silent = 0
        for row in rows:
            sums = list(_sums(row.note or ""))
            silent += not sums
            for name, clause, worked_out in sums:
                stated = _stated(row, (_COLUMNS[name],) if name else columns)
                if not any(_is_sum(figure, worked_out) for figure in stated):
                    yield Finding("mismatch", table, _differs(row, name, stated, worked_out, clause))
        if silent:
            yield Finding("not checked", table, f"{silent} of {len(rows)} rows state no sum in their note")


def _sums(note: str) -> Iterator[tuple[str, str, float]]:
    """Yield the name of a figure (empty where none stands there), the clause and what it comes to."""
    for clause in re.split(r"; ?(?![^()]*\))", note):
        named = _NAMED.match(clause)
        text = named[2] if named else clause.partition(" = ")[0]
        worked_out = evaluate(text) if named or _SUM.match(text) else None
        if worked_out is not None:
            yield named[1] if named else "", clause, worked_out
        for whole, percent, of in _SHARE.findall(clause):
            if not is_same(float(whole), float(percent) / 100 * float(of), rel=_ROUNDED):
                yield "", f"{whole} is not {percent} % of {of}", float(percent) / 100 * float(of)


def _stated(row: Record, columns: tuple[str, ...]) -> list[float]:
    return [figure for figure in (getattr(row, column) for column in columns) if figure]


def _is_sum(stated: float, worked_out: float) -> bool:
    """Whether a figure is what a sum comes to, perhaps in another unit: kilograms, millions of kilowatt-hours."""
    if worked_out <= 0:
        return False
    step = 10.0 ** round(math.log10(stated / worked_out))
    return is_same(stated, worked_out * step, rel=_ROUNDED)


def _differs(row: Record, name: str, stated: list[float], worked_out: float, clause: str) -> str:
    said = " and ".join(f"{figure:g}" for figure in stated) or "nothing"
    key = "/".join(str(part) for part in row.key)
    return f"{key}{name and f' {name}'}: {said} is stated, and {worked_out:.6g} follows from: {clause}"
