"""One side of a comparison: what a plan costs, how sure that is, and its tables, without units in their headings."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from optimizer.caveats import unmet_in
from optimizer.interval import relative_gap
from optimizer.notes import licence_notes, notes
from optimizer.tables.frames import plan_tables

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from optimizer.caveats import Caveats, Unmet
    from optimizer.solution import Solution


class Columns(NamedTuple):
    """The columns of a table that a comparison looks at: keys that name a row, other texts, numbers."""

    keys: tuple[str, ...]
    texts: tuple[str, ...]
    numbers: tuple[str, ...]


COMPARED = {
    "purchases": Columns(
        ("offer", "destination", "period"), ("company", "material", "basis", "stage", "country"), ("quantity",)
    ),
    "exposure": Columns(("material", "stage", "period", "basis", "country"), (), ("share",)),
    "limits": Columns(
        ("limit", "material", "stage", "who", "period"),
        ("kind", "sense", "unit", "binding"),
        ("used", "allowed", "excess"),
    ),
    "costs": Columns(("cost", "material"), (), ("amount",)),
    "stock": Columns(("site", "material", "period"), (), ("demand", "unmet", "closing")),
}
"""By name of table; a plan's other tables and columns follow from these."""


@dataclass(frozen=True, eq=False)
class Side:
    """A plan as a comparison sees it."""

    title: str
    currency: str
    mass_unit: str
    proven: bool
    """Whether the gap that was asked for was reached."""
    cost: float
    """What the plan costs [currency]."""
    bound: float
    """No plan costs less than this [currency]; minus infinity where that is not known."""
    caveats: Caveats
    """What that cost does not say."""
    tables: dict[str, pd.DataFrame]
    """The tables of `COMPARED` with its columns: quantities in the mass unit, money in the currency, shares from 0."""
    notes: tuple[str, ...] = ()
    """What was noted of its instance, and of its licences."""

    @property
    def gap(self) -> float:
        """Relative distance of cost and bound, infinite where that is not known."""
        return relative_gap(self.cost, min(self.bound, self.cost))


def side_of(solution: Solution) -> Side:
    """Return a solution as one side of a comparison."""
    instance = solution.instance
    tables = plan_tables(instance, solution.account)
    plain = {name: frame.rename(columns=lambda heading: heading.partition(" [")[0]) for name, frame in tables.items()}
    return Side(
        title=instance.title,
        currency=instance.currency,
        mass_unit=instance.mass_unit,
        proven=solution.proven,
        cost=solution.cost,
        bound=solution.bound if math.isfinite(solution.bound) else -math.inf,
        notes=(*notes(instance), *licence_notes(solution)),
        caveats=solution.caveats,
        tables={name: typed(name, plain[name]) for name in COMPARED},
    )


def typed(name: str, rows: pd.DataFrame | Sequence[Mapping[str, object]]) -> pd.DataFrame:
    """Return the rows of a table as a frame of the columns of `COMPARED`: texts as text, numbers as numbers."""
    keys, texts, numbers = COMPARED[name]
    columns = [*keys, *texts, *numbers]
    frame = rows[columns] if isinstance(rows, pd.DataFrame) else pd.DataFrame(list(rows), columns=columns)
    return frame.astype(dict.fromkeys((*keys, *texts), "str") | dict.fromkeys(numbers, "float64"))


def unmet_of(tables: Mapping[str, pd.DataFrame]) -> tuple[Unmet, ...]:
    """Return the unmet demand as the tables of a side have it, which may have been edited."""
    stock, costs = tables["stock"], tables["costs"]
    nodes = zip(stock["material"], stock["period"], stock["demand"], stock["unmet"], strict=True)
    shortage = costs[costs["cost"] == "shortage"]
    return unmet_in(nodes, dict(zip(shortage["material"], shortage["amount"], strict=True)))
