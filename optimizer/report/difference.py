"""What changed between two plans, computed from their tables alone.

One definition for two solutions at hand and for two folders on disk. Rounding is no change: every
figure is held against the figures concerned, with the tolerance of the audit.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import pandas as pd

from models.market.costs import COSTS
from models.records.tolerances import RECOUNTED, ROUNDING
from optimizer.errors import InputError
from optimizer.report.survival import describe_survival

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from optimizer.report.side import Side
    from optimizer.results.survival import Survival

_SHOWN_SHARE = 0.0005
"""Shares that move by less are the same share: half of the last digit that is shown."""
_BOTH = ["before", "after", "change"]


@dataclass(frozen=True, eq=False)
class Difference:
    """What changed, as tidy tables; each holds only rows that changed, and `change` is after less before."""

    before: Side
    after: Side
    costs: pd.DataFrame
    """cost, before, after, change [currency]; the last row is the total, when there is any, and before it stands what
    is for scenarios."""
    suppliers: pd.DataFrame
    """material, stage, offer, company, country, what (in, out, more, less), before, after, change [mass unit].

    Over the whole horizon; within a stage the largest change first.
    """
    shares: pd.DataFrame
    """material, stage, basis, country, before, after, change [share], over the whole horizon."""
    limits: pd.DataFrame
    """One row a row of a limit.

    limit, kind, material, stage, who, period, sense, unit, what, used_before, used_after, level_before,
    level_after, binds_before, binds_after (yes, no or empty). What is new or gone for a limit that only
    one side has; else binds now or binds no longer; else tighter or looser when its level moved; else
    broken more or broken less, which only a soft limit can be, where what is used moved too. Figures are in
    `unit`, NaN on a side without the row.
    """
    stock: pd.DataFrame
    """site, material, period, what (unmet or closing), before, after, change [mass unit]."""
    notes: tuple[str, ...] = ()
    """Where two folders differ that are the same in all that is compared."""

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """The tables by name."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name not in {"before", "after", "notes"}}

    @property
    def is_none(self) -> bool:
        """Whether nothing changed of what is compared."""
        return not (self.change or self.survival) and all(frame.empty for frame in self.tables.values())

    @property
    def survival(self) -> tuple[Survival, Survival] | None:
        """What stays covered when a country stops, before and after, where that is known and not the same."""
        before, after = self.before.survival, self.after.survival
        if before is None or after is None or describe_survival(before) == describe_survival(after):
            return None
        return before, after

    @property
    def change(self) -> float:
        """How much more the later plan costs [currency]; 0 where that is rounding."""
        change = self.after.cost - self.before.cost
        return change if abs(change) > RECOUNTED * max(abs(self.after.cost), abs(self.before.cost)) else 0.0

    @property
    def change_of_least(self) -> tuple[float, float]:
        """The interval in which the change of the least cost lies [currency]; infinite ends are not known."""
        before, after = self.before, self.after
        return min(after.bound, after.cost) - before.cost, after.cost - min(before.bound, before.cost)


def compare_sides(before: Side, after: Side) -> Difference:
    """Return what changed from one plan to another.

    Raises:
        InputError: when the two are not in the same currency, mass unit or bases of their materials.
    """
    _must_compare(before, after)
    order = _stages(before, after)
    return Difference(
        before=before,
        after=after,
        costs=_costs(before, after),
        suppliers=_suppliers(before, after, order),
        shares=_shares(before, after, order),
        limits=_limits(before, after),
        stock=_stock(before, after),
    )


def _must_compare(before: Side, after: Side) -> None:
    """Raise InputError unless figures of both sides mean the same."""
    problems = []
    for what, one, other in (
        ("money", before.currency, after.currency),
        ("mass", before.mass_unit, after.mass_unit),
    ):
        if one != other:
            problems.append(f"{what}: is in {one} in the first plan and in {other} in the second; convert one of them")
    first, second = (
        dict(zip(purchases["material"], purchases["basis"], strict=True))
        for purchases in (before.tables["purchases"], after.tables["purchases"])
    )
    problems += [
        f"{material}: is in {basis} in the first plan and in {second[material]} in the second; convert one of them"
        for material, basis in first.items()
        if second.get(material, basis) != basis
    ]
    if problems:
        raise InputError([f"the plans cannot be compared: {problem}" for problem in problems])


def _stages(before: Side, after: Side) -> dict[tuple[str, str], int]:
    """Return the place of each (material, stage), in the order in which the plans list them."""
    tables = [side.tables[name] for name in ("exposure", "purchases") for side in (before, after)]
    keys = (key for table in tables for key in zip(table["material"], table["stage"], strict=True))
    return {key: place for place, key in enumerate(dict.fromkeys(keys))}


def _costs(before: Side, after: Side) -> pd.DataFrame:
    both = _side_by_side(before.tables["costs"], after.tables["costs"], ["cost"], "amount")
    larger = both[["before", "after"]].abs().max(axis=1)
    whole = max(abs(before.cost), abs(after.cost))
    changed = both[both["change"].abs() > (RECOUNTED * larger).clip(lower=ROUNDING * whole)]
    if changed.empty:
        return changed
    changed = changed.iloc[changed["cost"].map(COSTS.index).argsort()]
    rows = [_total("total", before.cost, after.cost)]
    if before.scenarios or after.scenarios:
        rows.insert(0, _total("scenarios", before.scenarios, after.scenarios))
    return pd.concat([changed, pd.DataFrame(rows)], ignore_index=True)


def _total(what: str, before: float, after: float) -> dict[str, Any]:
    return {"cost": what, "before": before, "after": after, "change": after - before}


def _suppliers(before: Side, after: Side, order: dict[tuple[str, str], int]) -> pd.DataFrame:
    keys = ["material", "stage", "offer", "company", "country"]
    both = _side_by_side(before.tables["purchases"], after.tables["purchases"], keys, "quantity")
    passing = both.groupby(["material", "stage"])[["before", "after"]].transform("sum").max(axis=1)
    both = both.assign(slight=RECOUNTED * passing)
    changed = both[both["change"].abs() > both["slight"]]
    what = [
        _describe_movement(was, now, slight)
        for was, now, slight in zip(changed["before"], changed["after"], changed["slight"], strict=True)
    ]
    ranked = changed.assign(
        what=what,
        place=_places(changed, order),
        size=-changed["change"].abs(),
    ).sort_values(["place", "size", "offer", "company", "country"])
    return ranked[[*keys, "what", *_BOTH]].reset_index(drop=True)


def _describe_movement(before: float, after: float, slight: float) -> str:
    """Say what became of a supplier."""
    if before <= slight:
        return "in"
    if after <= slight:
        return "out"
    return "more" if after > before else "less"


def _shares(before: Side, after: Side, order: dict[tuple[str, str], int]) -> pd.DataFrame:
    keys = ["material", "stage", "basis", "country"]
    both = _side_by_side(_whole_horizon(before), _whole_horizon(after), keys, "share")
    changed = both[both["change"].abs() >= _SHOWN_SHARE * (1 - RECOUNTED)]
    ranked = changed.assign(
        place=_places(changed, order),
        size=-changed["change"].abs(),
    ).sort_values(["place", "basis", "size", "country"], ascending=[True, False, True, True])
    return ranked[[*keys, *_BOTH]].reset_index(drop=True)


def _whole_horizon(side: Side) -> pd.DataFrame:
    """Return the exposures over the whole horizon, which has an empty name unless it is one period."""
    exposure = side.tables["exposure"]
    periods = set(exposure["period"])
    return exposure if len(periods) == 1 else exposure[exposure["period"] == ""]


def _places(frame: pd.DataFrame, order: dict[tuple[str, str], int]) -> list[int]:
    return [order[key] for key in zip(frame["material"], frame["stage"], strict=True)]


def _limits(before: Side, after: Side) -> pd.DataFrame:
    limit = ["limit", "kind", "sense", "unit"]
    keys = ["limit", "kind", "material", "stage", "who", "period", "sense", "unit"]
    figures = {"used": "used", "allowed": "level", "binding": "binds", "excess": "excess"}
    frames = [
        side.tables["limits"].set_index(keys).rename(columns={old: f"{new}_{when}" for old, new in figures.items()})
        for side, when in ((before, "before"), (after, "after"))
    ]
    both = pd.concat(frames, axis=1).reset_index().fillna({"binds_before": "", "binds_after": ""})
    first, second = (set(zip(*(side.tables["limits"][key] for key in limit), strict=True)) for side in (before, after))
    whose = list(zip(*(both[key] for key in limit), strict=True))
    both = both.assign(new=[name not in first for name in whose], gone=[name not in second for name in whose])
    both = both.assign(what=[_describe_shift(row) for row in both.to_dict("records")])
    columns = ["what", *(f"{figure}_{when}" for figure in ("used", "level", "binds") for when in ("before", "after"))]
    return both.loc[both["what"] != "", [*keys, *columns]].reset_index(drop=True)


def _describe_shift(row: Mapping[Any, Any]) -> str:
    """Say what became of a row of a limit, or nothing."""
    if row["new"] or row["gone"]:
        return "new" if row["new"] else "gone"
    bound, binds = row["binds_before"] == "yes", row["binds_after"] == "yes"
    if bound != binds and not (row["binds_before"] and row["binds_after"]):
        return "new" if binds else "gone"
    if bound != binds:
        return "binds now" if binds else "binds no longer"
    if moved := _move(row, "level"):
        return "looser" if (moved > 0) == (row["sense"] == "at most") else "tighter"
    if _move(row, "used") and (moved := _move(row, "excess")):  # an excess in tonnes grows with demand alone
        return "broken more" if moved > 0 else "broken less"
    return ""


def _move(row: Mapping[Any, Any], figure: str) -> float:
    """Return by how much a figure moved; 0 for rounding, and where only one side has the row."""
    before, after = row[f"{figure}_before"], row[f"{figure}_after"]
    slight = RECOUNTED * max(abs(before), abs(after))
    return after - before if abs(after - before) > slight else 0.0  # also where one of them is NaN


def _stock(before: Side, after: Side) -> pd.DataFrame:
    keys = ["site", "material", "period"]
    first, second = before.tables["stock"], after.tables["stock"]
    needed = _side_by_side(first, second, ["material"], "demand").set_index("material")[["before", "after"]]
    parts = []
    for what in ("unmet", "closing"):
        both = _side_by_side(first, second, keys, what)
        slight = RECOUNTED * both["material"].map(needed.max(axis=1))
        parts.append(both[both["change"].abs() > slight].assign(what=what))
    return pd.concat(parts, ignore_index=True)[[*keys, "what", *_BOTH]]


def _side_by_side(before: pd.DataFrame, after: pd.DataFrame, keys: Sequence[str], value: str) -> pd.DataFrame:
    """Return the sums of `value` by `keys` on both sides, 0 where a side has none, and their change."""
    sums = [
        frame.groupby(list(keys), sort=False)[value].sum().rename(when)
        for frame, when in ((before, "before"), (after, "after"))
    ]
    both = pd.concat(sums, axis=1).reset_index()
    both = both.fillna({"before": 0.0, "after": 0.0})
    return both.assign(change=both["after"] - both["before"])
