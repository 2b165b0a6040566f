"""The files of a plan folder, also of one that was edited by hand: rows by their keys, and what is wrong."""

from __future__ import annotations

import csv
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from models.records.wording import format_count, suggest
from optimizer.errors import InputError
from optimizer.files.cells import unprotect
from optimizer.files.guard import unfit
from optimizer.files.json_file import UnreadableJsonError, read_json
from optimizer.folders.place import SUMMARY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path


_SHARES = frozenset({"capacity used"})
_MONEY = frozenset({"purchase", "processing", "freight", "duty", "fixed cost", "opening cost", "amount"})
_MASS = frozenset({"quantity", "minimum take", "capacity", "opening", "arrived", "demand", "unmet", "closing"})
"""Columns of the tables of a plan by what they count."""


@dataclass(frozen=True)
class Cells:
    """One row of a table: where it stands and what it says."""

    line: int
    texts: dict[str, str]


@dataclass
class PlanFolder:
    """Reads the files of one plan folder and collects what is wrong with them."""

    folder: Path
    units: tuple[str, str] = ("", "")
    """The mass unit and the currency that its tables must be in."""
    units_of: str = "the instance"
    """Who counts in these units."""
    problems: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Raise InputError when there is no such folder."""
        if not self.folder.is_dir():
            raise InputError([f"{self.folder}: there is no such plan folder"])

    def summary(self) -> dict[str, Any]:
        """Return the summary of the plan, or nothing and a problem."""
        try:
            summary = read_json(self.folder / SUMMARY, self.folder)
        except UnreadableJsonError as error:
            there = os.path.lexists(self.folder / SUMMARY)
            why = error.sentence.partition(";")[0] if there else "is missing or is not the summary of a plan"
        else:
            if isinstance(summary, dict) and isinstance(summary.get("digest"), str):
                return summary
            why = "is missing or is not the summary of a plan"
        self.problems.append(f"{SUMMARY}: {why}; have the plan written anew")
        return {}

    def table(self, name: str, keys: Sequence[str], values: Sequence[str]) -> dict[tuple[str, ...], Cells]:
        """Return the rows of a table by their `keys`; both these columns and `values` must be there."""
        path = self.folder / f"{name}.csv"
        there = path.exists() or path.is_symlink()
        fault = unfit(path, self.folder) if there else "is missing; have the plan written anew"
        if fault:
            self.problems.append(f"{path.name}: {fault}")
            return {}
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                return self.rows(name, file, keys, values)
        except (UnicodeDecodeError, csv.Error) as error:
            self.problems.append(f"{path.name}: is not a table of UTF-8 text ({error}); save it as CSV UTF-8")
            return {}

    def rows(
        self, name: str, file: Iterable[str], keys: Sequence[str], values: Sequence[str]
    ) -> dict[tuple[str, ...], Cells]:
        """Return the rows of the text of a table, as above."""
        rows: dict[tuple[str, ...], Cells] = {}
        for cells in self._lines(name, file, (*keys, *values)):
            key = tuple(cells.texts[column] for column in keys)
            if key in rows:
                shown = ", ".join(key)
                self.problems.append(f"{name}.csv:{cells.line} {shown} stands in line {rows[key].line} too; keep one")
            rows.setdefault(key, cells)
        return rows

    def _lines(self, name: str, file: Iterable[str], needed: Sequence[str]) -> Iterator[Cells]:
        reader = csv.reader(file, strict=True)
        cells_of_heading = next((cells for cells in reader if any(map(str.strip, cells))), [])
        if len(cells_of_heading) == 1 and ";" in cells_of_heading[0]:
            self.problems.append(f"{name}.csv:1 the cells are separated by semicolons; save it with commas")
            return
        heading = [self._without_unit(name, cell.strip()) for cell in cells_of_heading]
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
            if not any(map(str.strip, cells)):
                continue
            if len(cells) == len(heading):
                yield Cells(reader.line_num, dict(zip(heading, map(unprotect, cells), strict=True)))
            else:
                has = format_count(len(cells), "cells")
                self.problems.append(f"{name}.csv:{reader.line_num} has {has} where {len(heading)} belong")

    def _without_unit(self, name: str, cell: str) -> str:
        """Return a heading without its unit, which must be one of those that the plan is in."""
        column, _, unit = cell.partition(" [")
        mass, currency = self.units
        own = "share" if column in _SHARES else currency if column in _MONEY else mass if column in _MASS else None
        if unit and own and unit != f"{own}]":
            cure = f"convert it and write {column} [{own}]"
            self.problems.append(f"{name}.csv:1 {cell}: {self.units_of} counts it in {own}; {cure}")
        return column

    def number(self, name: str, cells: Cells, column: str) -> float:
        """Return a cell as a number."""
        text = cells.texts[column].strip()
        try:
            return float(text)
        except ValueError:
            self.problems.append(
                f"{name}.csv:{cells.line} {column}: {text!r} is not a number; write one such as 1234.5"
            )
            return 0.0

    def flag(self, name: str, cells: Cells, column: str) -> bool:
        """Return a cell as yes or no."""
        text = cells.texts[column].strip()
        if text not in {"yes", "no"}:
            self.problems.append(f"{name}.csv:{cells.line} {column}: {text!r} is neither yes nor no; write yes or no")
        return text == "yes"
