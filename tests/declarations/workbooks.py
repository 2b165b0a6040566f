"""Declarations made for tests: workbooks laid out by position as the templates are, and nothing else of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import xlsxwriter

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

Rows = list[list[object]]
TITLES = {"EMRT": "Extended Minerals Reporting Template (EMRT)", "CMRT": "Conflict Minerals Reporting Template (CMRT)"}


class Uncached(NamedTuple):
    """A formula that was never calculated."""

    formula: str


def smelter(  # noqa: PLR0913 (the columns of a row)
    metal: object,
    name: object,
    country: object,
    number: object = "",
    *,
    typed: object = "",
    look_up: object = "",
    mines: object = "",
    ore: object = "",
    recycled: object = "",
) -> list[object]:
    return [typed, metal, look_up, name, country, number, *[""] * 7, mines, ore, recycled]


def mine(metal: str, fed: str, name: str, country: str) -> list[object]:
    return [metal, fed, name, "", "", country]


def declare(  # noqa: PLR0913 (the sheets of a workbook)
    path: Path,
    supplier: str,
    smelters: Rows,
    mines: Rows | None = None,
    *,
    title: str = TITLES["EMRT"],
    version: str = "Revision 2.1\nApril 30, 2025",
    look_up: Rows | None = None,
    sheets: Sequence[str] = (),
) -> Path:
    """Write a declaration, with headings in no language that we know."""
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as book:
        head = book.add_worksheet("Declaration")
        for at, text in (("D2", title), ("J3", version), ("D8", supplier)):
            head.write_string(at, text)
        lists = {"Smelter List": smelters, "Mine List": mines, "Smelter Look-up": look_up}
        for name, rows in lists.items():
            if rows is None:
                continue
            sheet = book.add_worksheet(name)
            sheet.write_row("A4", [f"heading {number}" for number in range(1, 18)])
            for row, cells in enumerate(rows, start=4):
                for column, cell in enumerate(cells):
                    if isinstance(cell, Uncached):
                        sheet.write_formula(row, column, cell.formula, None, "")
                    elif cell != "":
                        sheet.write(row, column, cell)
        for name in sheets:
            book.add_worksheet(name)
    return path
