"""Read a plan folder back, also one that was edited by hand in a spreadsheet."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from models.wording import suggest
from optimizer.errors import InputError
from optimizer.files.cells import unprotect
from optimizer.files.guard import unfit
from optimizer.plan import Plan
from optimizer.write import SUMMARY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from models.instance import Instance

# Of each table: the columns that name a row, and those that a plan is read from. The others follow
# from these and are worked out anew.
_KEYS = {
    "purchases": ("offer", "destination", "period"),
    "contracts": ("offer",),
    "stock": ("site", "material", "period"),
    "costs": ("cost", "material"),
}
_VALUES = {"purchases": ("quantity",), "contracts": ("signed",), "stock": ("unmet", "closing"), "costs": ("amount",)}


@dataclass(frozen=True)
class Read:
    """A plan as its files state it."""

    plan: Plan
    claimed: dict[str, float]
    """Currency by name of cost, as costs.csv says."""
    same_instance: bool
    """Whether the instance is, record for record, the one that the plan was made for."""


def read_plan(folder: Path, instance: Instance) -> Read:
    """Return the plan in a folder.

    Raises:
        InputError: with one line for everything that cannot be read.
    """
    if not folder.is_dir():
        raise InputError([f"{folder}: there is no such plan folder"])
    reader = _Reader(folder, (instance.mass_unit, instance.currency))
    purchases, contracts, stock, costs = (reader.table(name) for name in _KEYS)
    flow = {(o, d, p): reader.number("purchases", cells, "quantity") for (o, d, p), cells in purchases.items()}
    signed = {offer: reader.flag("contracts", cells, "signed") for (offer,), cells in contracts.items()}
    unmet = {(s, m, p): reader.number("stock", cells, "unmet") for (s, m, p), cells in stock.items()}
    closing = {(s, m, p): reader.number("stock", cells, "closing") for (s, m, p), cells in stock.items()}
    claimed: dict[str, float] = {}
    for (name, _), cells in costs.items():
        claimed[name] = claimed.get(name, 0.0) + reader.number("costs", cells, "amount")
    made_for = reader.digest()
    if reader.problems:
        raise InputError(reader.problems)
    plan = Plan(
        flow=flow,
        signed=signed,
        unmet={node: units for node, units in unmet.items() if units},
        stock={node: units for node, units in closing.items() if units},
    )
    return Read(plan, claimed, made_for == instance.digest)


@dataclass(frozen=True)
class _Cells:
    """One row of a table: where it stands and what it says."""

    line: int
    texts: dict[str, str]


@dataclass
class _Reader:
    """Reads the tables of one plan folder and collects what is wrong with them."""

    folder: Path
    units: tuple[str, str]
    problems: list[str] = field(default_factory=list)

    def table(self, name: str) -> dict[tuple[str, ...], _Cells]:
        """Return the rows of a table by their key columns."""
        path = self.folder / f"{name}.csv"
        there = path.exists() or path.is_symlink()
        fault = unfit(path, self.folder) if there else "is missing; have the plan written anew"
        if fault:
            self.problems.append(f"{path.name}: {fault}")
            return {}
        rows: dict[tuple[str, ...], _Cells] = {}
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                for cells in self._lines(name, file):
                    key = tuple(cells.texts[column] for column in _KEYS[name])
                    if key in rows:
                        shown = ", ".join(key)
                        self.problems.append(
                            f"{name}.csv:{cells.line} {shown} stands in line {rows[key].line} too; keep one"
                        )
                    rows.setdefault(key, cells)
        except (UnicodeDecodeError, csv.Error) as error:
            self.problems.append(f"{path.name}: is not a table of UTF-8 text ({error}); save it as CSV UTF-8")
        return rows

    def _lines(self, name: str, file: Iterable[str]) -> Iterator[_Cells]:
        reader = csv.reader(file, strict=True)
        cells_of_heading = next(reader, [])
        if len(cells_of_heading) == 1 and ";" in cells_of_heading[0]:
            self.problems.append(f"{name}.csv:1 the cells are separated by semicolons; save it with commas")
            return
        heading = [self._without_unit(name, cell.strip()) for cell in cells_of_heading]
        needed = (*_KEYS[name], *_VALUES[name])
        missing = [column for column in needed if column not in heading]
        twice = [column for column in needed if heading.count(column) > 1]
        for column in missing:
            near = suggest(column, heading).replace("did you mean", "is it meant by")
            self.problems.append(
                f"{name}.csv:1 {column}: the column is missing{near or '; have the plan written anew'}"
            )
        for column in twice:
            self.problems.append(f"{name}.csv:1 {column}: the column stands there twice; keep one")
        for cells in () if missing or twice else reader:
            if len(cells) == len(heading):
                yield _Cells(reader.line_num, dict(zip(heading, map(unprotect, cells), strict=True)))
            elif cells:
                self.problems.append(f"{name}.csv:{reader.line_num} has {len(cells)} cells where {len(heading)} belong")

    def _without_unit(self, name: str, cell: str) -> str:
        """Return a heading without its unit, which must be one of the instance's."""
        column, _, unit = cell.partition(" [")
        if unit and unit not in {*(f"{known}]" for known in self.units), "share]"}:
            self.problems.append(f"{name}.csv:1 {cell}: the instance counts in {' and '.join(self.units)}; convert it")
        return column

    def number(self, name: str, cells: _Cells, column: str) -> float:
        """Return a cell as a number."""
        text = cells.texts[column].strip()
        try:
            return float(text)
        except ValueError:
            self.problems.append(
                f"{name}.csv:{cells.line} {column}: {text!r} is not a number; write one such as 1234.5"
            )
            return 0.0

    def flag(self, name: str, cells: _Cells, column: str) -> bool:
        """Return a cell as yes or no."""
        text = cells.texts[column].strip()
        if text not in {"yes", "no"}:
            self.problems.append(f"{name}.csv:{cells.line} {column}: {text!r} is neither yes nor no; write yes or no")
        return text == "yes"

    def digest(self) -> str:
        """Return the digest of the instance that the plan was made for."""
        try:
            return str(json.loads((self.folder / SUMMARY).read_text("utf-8"))["digest"])
        except (OSError, ValueError, KeyError, TypeError):
            self.problems.append(f"{SUMMARY}: is missing or is not the summary of a plan; have the plan written anew")
            return ""
