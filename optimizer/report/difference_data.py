"""A difference as data for programs and spreadsheets: one JSON document, one tidy table, or a folder of tables."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pandas as pd

from optimizer.files.atomic import write_whole
from optimizer.files.json_text import json_text
from optimizer.tables.frames import csv_text, to_csv

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from optimizer.report.difference import Difference
    from optimizer.report.side import Side

DIFFERENCE = "difference.json"
_BOTH = ("before", "after", "change")
_TIDY = ("what", "name", "how", "material", "stage", "who", "period", *_BOTH, "unit")


def as_json(difference: Difference) -> dict[str, Any]:
    """Return a difference as plain data: both sides, the change of the cost, and every table as a list of rows.

    Money is in `currency`, quantities are in `mass_unit`, shares from 0 to 1; what is not known is None.
    `change_of_least` is the interval in which the change of the least cost lies.
    """
    return {
        "before": _side(difference.before),
        "after": _side(difference.after),
        "currency": difference.before.currency,
        "mass_unit": difference.before.mass_unit,
        "change": difference.change,
        "change_of_least": [_known(end) for end in difference.change_of_least],
        "notes": list(difference.notes),
    } | {
        name: [{str(column): _known(cell) for column, cell in row.items()} for row in frame.to_dict("records")]
        for name, frame in difference.tables.items()
    }


def _side(side: Side) -> dict[str, Any]:
    status = "proven" if side.proven else "stopped"
    proof = {"status": status, "proven": side.proven, "bound": _known(side.bound), "gap": _known(side.gap)}
    survival = None if side.survival is None else side.survival.as_data()
    said = side.caveats.as_data() | {"survival": survival, "notes": list(side.notes)}
    return {"title": side.title, "cost": side.cost} | proof | said


def _known(cell: Any) -> Any:
    return None if isinstance(cell, float) and not math.isfinite(cell) else cell


def as_csv(difference: Difference) -> str:
    """Return every change as one tidy table.

    what, name, how, material, stage, who, period, before, after, change, unit. What is one of cost, supplier,
    share, limit level, limit used, unmet and closing stock, each where it changed; and, changed or not, demand unmet
    of a material, assumed rows, and the gap where a plan is not proven; survival is what stays covered of the worst-off
    material when a country stops, where that changed. The name is that of the cost, offer, basis,
    limit or site; who is the company, the country, or whom the limit speaks of.
    """
    return csv_text(_tidy(difference))


def _tidy(difference: Difference) -> pd.DataFrame:
    mass, money = difference.before.mass_unit, difference.before.currency
    limits = difference.limits.rename(columns={"limit": "name", "what": "how"})
    stock = difference.stock.replace({"what": {"closing": "closing stock"}})
    parts = [
        difference.costs.rename(columns={"cost": "name"}).assign(what="cost", unit=money),
        difference.suppliers.rename(columns={"offer": "name", "company": "who", "what": "how"}).assign(
            what="supplier", unit=mass
        ),
        difference.shares.rename(columns={"basis": "name", "country": "who"}).assign(what="share", unit="share"),
        *(_figures_of(limits, figure) for figure in ("level", "used")),
        stock.rename(columns={"site": "name"}).assign(unit=mass),
        *_left_out(difference),
    ]
    there = [part for part in parts if not part.empty]
    tidy = pd.concat(there, ignore_index=True) if there else pd.DataFrame()
    return tidy.reindex(columns=list(_TIDY))


def _left_out(difference: Difference) -> Iterator[pd.DataFrame]:
    """Yield what the costs do not say, changed or not: demand unmet, rows assumed, the gap of what is not proven."""
    sides, mass = (difference.before, difference.after), difference.before.mass_unit
    first, second = ({one.material: one.quantity for one in side.caveats.unmet} for side in sides)
    for material in first | second:
        yield _row("demand unmet", (first.get(material, 0.0), second.get(material, 0.0)), mass, material=material)
    yield _row("assumed rows", (sides[0].caveats.assumed.rows, sides[1].caveats.assumed.rows), "rows")
    shares = [side.caveats.assumed.share for side in sides]
    if any(share is not None for share in shares):
        before, after = (math.nan if share is None else share for share in shares)
        yield _row("assumed cost", (before, after), "share")
    if difference.survival:
        was, now = difference.survival
        who = " -> ".join(dict.fromkeys([was.country, now.country]))
        material = " -> ".join(dict.fromkeys([was.material, now.material]))
        yield _row("survival", (was.covered, now.covered), "share", material=material, how=f"without {who}")
    stopped = [when for when, side in zip(_BOTH, sides, strict=False) if not side.proven]
    if stopped:
        before, after = (math.nan if math.isinf(side.gap) else side.gap for side in sides)
        yield _row("gap", (before, after), "share", how=f"not proven {' and '.join(stopped)}")


def _row(what: str, both: tuple[float, float], unit: str, *, material: str = "", how: str = "") -> pd.DataFrame:
    before, after = both
    change = {"before": before, "after": after, "change": after - before}
    return pd.DataFrame([{"what": what, "how": how, "material": material, **change, "unit": unit}])


def _figures_of(limits: pd.DataFrame, figure: str) -> pd.DataFrame:
    """Return what one figure of the limits was and is."""
    before, after = limits[f"{figure}_before"], limits[f"{figure}_after"]
    return limits.assign(what=f"limit {figure}", before=before, after=after, change=after - before)


def tables_with_units(difference: Difference) -> dict[str, pd.DataFrame]:
    """Return the tables by name, with units in the headings."""
    mass, money = difference.before.mass_unit, difference.before.currency
    units = {"costs": money, "suppliers": mass, "shares": "share", "stock": mass}
    return {
        name: frame.rename(columns={column: f"{column} [{units[name]}]" for column in _BOTH} if name in units else {})
        for name, frame in difference.tables.items()
    }


def write_csv(difference: Difference, folder: Path) -> None:
    """Write a folder of tidy tables, whole or not at all: changed_costs.csv and so on, and difference.json.

    Tables without rows are written too. Files of other names that are there already are kept.

    Raises:
        InputError: when it cannot be written.
    """
    tables = {f"changed_{name}.csv": frame for name, frame in tables_with_units(difference).items()}
    with write_whole(folder, {DIFFERENCE, *tables}) as draft:
        draft.mkdir()
        for name, frame in tables.items():
            to_csv(frame, draft / name)
        (draft / DIFFERENCE).write_text(json_text(as_json(difference)), "utf-8")
