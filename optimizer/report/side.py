"""One side of a comparison: what a plan costs, how sure that is, and its tables, without units in their headings."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from optimizer.notes import list_licence_notes, list_notes
from optimizer.results.caveats import unmet_in
from optimizer.results.interval import relative_gap
from optimizer.tables import COMPARED_TABLES, units_of
from optimizer.tables.table import COMPARED, KEY

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from optimizer.results.caveats import Caveats, Unmet
    from optimizer.results.solution import Solution
    from optimizer.results.survival import Survival
    from optimizer.tables.table import Table


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
    """The tables that are compared, with the columns that are: in the units of their columns."""
    notes: tuple[str, ...] = ()
    """What was noted of its instance, and of its licences."""
    survival: Survival | None = None
    """What stays covered without what any one country controls; None where that is not known."""
    scenarios: float = 0.0
    """What of the cost is for scenarios, beyond what the plan costs if nothing happens [currency]."""
    measure: str = ""
    """By which its scenarios are weighed (``expected``, ``cvar``); empty where it is planned for none."""

    @property
    def gap(self) -> float:
        """Relative distance of cost and bound, infinite where that is not known."""
        return relative_gap(self.cost, min(self.bound, self.cost))


def build_side(solution: Solution) -> Side:
    """Return a solution as one side of a comparison."""
    instance = solution.instance
    units = units_of(instance)
    return Side(
        title=instance.title,
        currency=instance.currency,
        mass_unit=instance.mass_unit,
        proven=solution.proven,
        cost=solution.cost,
        bound=solution.bound if math.isfinite(solution.bound) else -math.inf,
        notes=(*list_notes(instance), *list_licence_notes(solution)),
        caveats=solution.caveats,
        survival=solution.survival,
        scenarios=0.0 if solution.risk is None else solution.cost - solution.risk.calm_cost,
        measure="" if solution.risk is None else solution.risk.measure,
        tables={table.name: build_frame(table, table.cells(solution, units)) for table in COMPARED_TABLES},
    )


def build_frame(table: Table[Any], rows: Iterable[Mapping[str, object]]) -> pd.DataFrame:
    """Return the rows of a table as a frame of the columns that are compared: texts as text, numbers as numbers."""
    kinds = {name: "float64" if table.by_name[name].kind == "number" else "str" for name in table.names(KEY, COMPARED)}
    return pd.DataFrame(list(rows), columns=list(kinds)).astype(kinds)


def unmet_of(tables: Mapping[str, pd.DataFrame]) -> tuple[Unmet, ...]:
    """Return the unmet demand as the tables of a side have it, which may have been edited."""
    stock, costs = tables["stock"], tables["costs"]
    nodes = zip(stock["material"], stock["period"], stock["demand"], stock["unmet"], strict=True)
    shortage = costs[costs["cost"] == "shortage"]
    return unmet_in(nodes, dict(zip(shortage["material"], shortage["amount"], strict=True)))
