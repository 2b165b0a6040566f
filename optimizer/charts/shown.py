"""A plan as charts see it: a few words about it, its summary, and its tables as rows of plain cells."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Cell = str | float | None
Row = dict[str, Cell]
"""Cells by column, without units in the columns' names; None is an empty number."""


@dataclass(frozen=True, eq=False)
class ShownPlan:
    """A plan that is to be shown; nothing in it is worked out anew but sums."""

    title: str
    currency: str
    mass_unit: str
    summary: Mapping[str, Any]
    """What summary.json says; money in the currency, shares from 0 to 1."""
    tables: Mapping[str, Sequence[Row]]
    """Rows by the name of the table; a table that the plan does not have is left out."""

    def rows(self, table: str) -> Sequence[Row]:
        """Return the rows of a table, none where the plan does not have it."""
        return self.tables.get(table, ())

    @cached_property
    def periods(self) -> list[str]:
        """The periods, in order."""
        return list(dict.fromkeys(said(row, "period") for row in self.rows("stock")))

    @cached_property
    def units(self) -> dict[str, str]:
        """What a unit of a material is counted in, as far as purchases tell: ``t Li content``."""
        return {said(row, "material"): said(row, "basis") for row in self.rows("purchases")}

    @cached_property
    def cost_of(self) -> dict[str, float]:
        """What each material costs over the horizon [currency]."""
        costs: dict[str, float] = {}
        for row in self.rows("costs"):
            costs[said(row, "material")] = costs.get(said(row, "material"), 0.0) + figure(row, "amount")
        return costs

    @cached_property
    def homes(self) -> list[str]:
        """The countries of the sites, in the order of the sites; none where the summary does not say them."""
        return list(dict.fromkeys(self.summary.get("sites", {}).values()))


def said(row: Row, column: str) -> str:
    """Return a cell that is a text; nothing where the table lacks the column."""
    cell = row.get(column)
    return "" if cell is None else str(cell)


def figure(row: Row, column: str) -> float:
    """Return a cell that is a number; 0 where it is empty or the table lacks the column."""
    cell = row.get(column)
    return cell if isinstance(cell, float) else 0.0


def known(row: Row, column: str) -> float | None:
    """Return a cell that may be a number; None where it is empty or the table lacks the column."""
    cell = row.get(column)
    return cell if isinstance(cell, float) else None
