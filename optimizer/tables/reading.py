"""The text of a table of a plan, also one that was edited by hand: rows by their keys, and what is wrong."""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, Any

from models.records.renamed import RENAMED, renew
from models.records.wording import format_count, quote, suggest
from optimizer.files.cells import unprotect
from optimizer.tables.table import KEY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from optimizer.tables.table import Column, Table, Units


@dataclass(frozen=True)
class Cells:
    """One row of a table: where it stands and what it says, by column, in the words of today."""

    place: str
    """File and line."""
    texts: dict[str, str]


def _find_separator(table: Table[Any], text: Iterable[str]) -> tuple[str, Iterator[str]]:
    """Return what stands between the cells of a table, a comma or a semicolon, and all of its text."""
    lines, blank = iter(text), []
    heading = next(lines, "")
    while heading and not heading.strip():
        blank.append(heading)
        heading = next(lines, "")
    by_comma = {cell.partition(" [")[0].strip(' "\r\n') for cell in heading.split(",")}
    separator = ";" if ";" in heading and not by_comma & table.by_name.keys() else ","
    return separator, chain(blank, [heading] if heading else [], lines)


@dataclass(kw_only=True)
class TableReader:
    """Reads tables and collects what is wrong with them."""

    units: Units | None = None
    """What the tables must be in; None when any will do."""
    units_of: str = "the instance"
    """Who counts in these units."""
    problems: list[str] = field(default_factory=list)

    def rows(self, table: Table[Any], text: Iterable[str], needed: Sequence[str] = ()) -> dict[tuple[str, ...], Cells]:
        """Return the rows of a table by their keys; its key columns and those `needed` must be there."""
        keys = table.names(KEY)
        rows: dict[tuple[str, ...], Cells] = {}
        for cells in self._lines(table, text, tuple(dict.fromkeys((*keys, *needed)))):
            key = tuple(cells.texts[column] for column in keys)
            if key in rows:
                line = rows[key].place.rpartition(":")[2]
                self.problems.append(f"{cells.place} {', '.join(key)} stands in line {line} too; keep one")
            rows.setdefault(key, cells)
        return rows

    def _lines(self, table: Table[Any], text: Iterable[str], needed: Sequence[str]) -> Iterator[Cells]:
        name = f"{table.name}.csv"
        separator, lines = _find_separator(table, text)
        reader = csv.reader(lines, delimiter=separator, strict=True)
        cells_of_heading = next((cells for cells in reader if any(map(str.strip, cells))), [])
        heading = [self._without_unit(table, cell.strip()) for cell in cells_of_heading]
        missing = [column for column in needed if column not in heading]
        twice = [column for column in needed if heading.count(column) > 1]
        for column in missing:
            near = suggest(column, heading).replace("did you mean", "is it meant by")
            self.problems.append(
                f"{name}:1 {column}: the column is missing{near or '; lodeplan solve -o writes it anew'}"
            )
        for column in twice:
            self.problems.append(f"{name}:1 {column}: the column stands there twice; keep one")
        may_be_old = any(word.table == table.name for word in RENAMED)
        for cells in () if missing or twice else reader:
            if not any(map(str.strip, cells)):
                continue
            place = f"{name}:{reader.line_num}"
            if len(cells) == len(heading):
                texts = dict(zip(heading, map(unprotect, cells), strict=True))
                if separator == ";":
                    texts |= self._with_points(table, place, texts)
                yield Cells(place, renew(table.name, texts)[0] if may_be_old else texts)
            else:
                self.problems.append(f"{place} has {format_count(len(cells), 'cells')} where {len(heading)} belong")

    def _with_points(self, table: Table[Any], place: str, texts: dict[str, str]) -> dict[str, str]:
        """Return the numbers of a row in which the decimal sign is a comma, with points."""
        numbers = {name: text for name, text in texts.items() if name in table.by_name}
        numbers = {name: text for name, text in numbers.items() if table.by_name[name].kind == "number"}
        for name, text in numbers.items():
            if "." in text:
                cure = f"write {name} with a decimal comma and without groups of three, or separate the cells by commas"
                self.problems.append(
                    f"{place} {name}: {quote(text)} holds a point, and the table has semicolons; {cure}"
                )
        return {name: text.replace(",", ".") for name, text in numbers.items()}

    def _without_unit(self, table: Table[Any], cell: str) -> str:
        """Return a heading without its unit, which must be the one that the table's column is in."""
        name, _, unit = cell.partition(" [")
        column = table.by_name.get(name)
        own = column.unit_in(self.units) if column and self.units else ""
        if unit and own and unit != f"{own}]":
            cure = f"convert it and write {name} [{own}]"
            self.problems.append(f"{table.name}.csv:1 {cell}: {self.units_of} counts it in {own}; {cure}")
        return name

    def number(self, cells: Cells, column: str) -> float:
        """Return a cell as a number."""
        text = cells.texts[column].strip()
        try:
            return float(text)
        except ValueError:
            self.problems.append(f"{cells.place} {column}: {text!r} is not a number; write one such as 1234.5")
            return 0.0

    def flag(self, cells: Cells, column: str) -> bool:
        """Return a cell as yes or no."""
        text = cells.texts[column].strip()
        if text not in {"yes", "no"}:
            self.problems.append(f"{cells.place} {column}: {text!r} is neither yes nor no; write yes or no")
        return text == "yes"

    def value(self, cells: Cells, column: Column) -> str | float:
        """Return a cell as what its column holds, to be shown: signs that can be, words that are known, no infinity."""
        text = cells.texts[column.name]
        if column.kind == "number":
            return self._finite(cells, column)
        if not text.isprintable():
            self.problems.append(
                f"{cells.place} {column.name}: {quote(text)} holds a sign that cannot be shown; remove it"
            )
        elif column.kind == "flag":
            self.flag(cells, column.name)
        elif column.words is not None and text not in column.words:
            known = ", ".join(column.words)
            near = suggest(text, column.words)
            self.problems.append(f"{cells.place} {column.name}: {quote(text)} is not one of {known}{near}")
        return text

    def _finite(self, cells: Cells, column: Column) -> float:
        if column.may_be_empty and not cells.texts[column.name].strip():
            return math.nan
        number = self.number(cells, column.name)
        if not math.isfinite(number):
            self.problems.append(f"{cells.place} {column.name}: {number} is not a number; write one such as 1234.5")
        return number
