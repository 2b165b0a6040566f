"""Which sign stands between the cells of a CSV file: a comma, or a semicolon where a comma is the decimal sign."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, NamedTuple

from optimizer.files.columns import columns_of

if TYPE_CHECKING:
    from pathlib import Path

Sign = Literal[",", ";"]
LONGEST_LINE = 1_000_000
"""Signs of a line that are read; a row of a table has fewer."""
_OTHERS = {"\t": "tabs", "|": "vertical bars"}


class Separator(NamedTuple):
    """What stands between cells."""

    sign: str
    above: int
    """Lines above the heading that only name the sign: one (``sep=;``), or none."""


class SeparatorError(Exception):
    """Why the cells of a file cannot be told apart, in words."""


def find_separator(path: Path, table: str) -> Separator:
    """Return what separates the cells of a table, as its heading tells.

    Raises:
        SeparatorError: it is another sign than a comma or a semicolon, or the first line names one that it is not.
        OSError: the file cannot be read.
    """
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        lines = [file.readline(LONGEST_LINE).strip("\n") for _ in range(2)]
    said = re.fullmatch(r'"?sep=(.?)"?[,;\t]*', lines[0].strip(" "), re.IGNORECASE)
    heading = lines[1] if said else next(filter(str.strip, lines), "")
    for sign, name in _OTHERS.items():
        if _tells(heading, sign, table):
            msg = f"is separated by {name}; save it with commas, or with semicolons"
            raise SeparatorError(msg)
    if _is_in_one_cell(heading, table):
        msg = "holds each row in one cell, as a spreadsheet saves it that expects semicolons"
        msg += "; open the first file there by importing text, with commas between the cells"
        raise SeparatorError(msg)
    found: Sign = ";" if _tells(heading, ";", table) else ","
    if said and said[1] != found:
        msg = f"{lines[0].strip()} is no row of a table; remove this line"
        raise SeparatorError(msg)
    return Separator(found, 1 if said else 0)


def _is_in_one_cell(heading: str, table: str) -> bool:
    """Whether a heading with commas stands in a cell of its own: in quotes, or with semicolons behind it."""
    whole = heading.strip()
    inside = whole.rstrip(";").removeprefix('"').removesuffix('"')
    if whole == inside or '"' in inside:
        return False
    return len(columns_of(table).keys() & set(inside.split(","))) > 1


def _tells(heading: str, sign: str, table: str) -> bool:
    """Whether a heading names columns of a table between these signs, and none between commas."""
    by_sign, by_comma = ({cell.strip(' "') for cell in heading.split(by)} for by in (sign, ","))
    known = columns_of(table).keys()
    return sign in heading and bool(by_sign & known) and not by_comma & known
