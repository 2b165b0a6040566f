"""Read a bid sheet: every fault at once, or the rows that it becomes and what was left."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.records.wording import quote, suggest
from optimizer.bids.header import find_header, heading_text
from optimizer.bids.offers import list_lacks, make_offers
from optimizer.bids.rows import read_rows
from optimizer.bids.sheet import read_sheets
from optimizer.bids.units_of_rows import RowUnits
from optimizer.errors import InputError
from optimizer.files.columns import RANK
from optimizer.files.faults import FOLDER, Faults

if TYPE_CHECKING:
    from collections.abc import Mapping as Words
    from collections.abc import Sequence
    from pathlib import Path

    from optimizer.bids.header import Header
    from optimizer.bids.mapping import Mapping
    from optimizer.bids.offers import Offers
    from optimizer.bids.sheet import Sheet

_COUNTRY = re.compile(r"(.* country: '(.+)' is (?:not a country|a bloc).*)")


@dataclass
class Bids:
    """A bid sheet as it was read."""

    sheet: Sheet
    others: list[str]
    """Sheets of the workbook that were left."""
    header: Header
    mapping: Mapping
    left: list[tuple[int, str]]
    """Rows below the heading that are no bids, with the reason."""
    units: RowUnits
    offers: Offers
    bids: int
    """How many rows are bids."""
    faults: tuple[str, ...] = ()
    """What is wrong; where anything is, the rows are not to be written."""


def read_bids(
    path: Path, mapping: Mapping, leave: Sequence[int] = (), substances: Words[str, str] | None = None
) -> Bids:
    """Read a bid sheet as a mapping says, or as its headings tell.

    `leave` are numbers of rows that are left. `substances` says of what a bare unit of each material is.
    What is wrong with columns and rows stands in the answer.

    Raises:
        InputError: the file cannot be read, or no heading is found in it.
    """
    wrong = [*mapping.faults()]
    if wrong:
        raise InputError(wrong)
    sheet, header, others = _choose(read_sheets(path), mapping)
    faults = Faults()
    for at, sentence in header.faults:
        faults.add(sheet.place(header.row, at) if at else sheet.whole, sentence, FOLDER)
    for sentence in list_lacks(header, mapping):
        faults.add(sheet.whole, sentence, FOLDER, 1)
    units = RowUnits(header, mapping, substances or {})
    found = read_rows(sheet, header, mapping, leave, faults)
    if not found.bids:
        faults.add(sheet.whole, f"no row below the heading in row {header.row} is a bid", RANK["offers"])
    offers = make_offers(sheet, header, found.bids, units, faults)
    told = tuple(_COUNTRY.sub(r"\1, or add --value country:\2=CODE", line) for line in faults.lines())
    return Bids(sheet, others, header, mapping, found.left, units, offers, len(found.bids), told)


def _choose(sheets: list[Sheet], mapping: Mapping) -> tuple[Sheet, Header, list[str]]:
    """Return the sheet that holds the bids, with its heading, and the names of the others.

    Raises:
        InputError: there is none, or it cannot be told which.
    """
    names = [sheet.name or "" for sheet in sheets]
    wanted = mapping.sheet
    if wanted is not None and sheets[0].name is not None and wanted not in names:
        cure = suggest(wanted, names) or f"; it has {', '.join(names)}"
        raise InputError([f"{sheets[0].file}: has no sheet {quote(wanted)}{cure}"])
    tried = [sheet for sheet in sheets if (wanted is None and not sheet.hidden) or sheet.name in {wanted, None}]
    found = [(sheet, header) for sheet in tried if (header := find_header(sheet, mapping)) is not None]
    if len(found) > 1:
        which = ", ".join(sheet.name or "" for sheet, _ in found)
        raise InputError([f"{sheets[0].file}: several sheets may hold the bids ({which}); name one with --sheet"])
    if not found:
        raise InputError([_say_no_heading(sheet, mapping) for sheet in tried or sheets])
    sheet, header = found[0]
    others = [f"{one.name} (hidden)" if one.hidden else str(one.name) for one in sheets if one is not sheet]
    return sheet, header, others


def _say_no_heading(sheet: Sheet, mapping: Mapping) -> str:
    if mapping.header_row is not None:
        return f"{sheet.whole}: row {mapping.header_row} is empty or not there; name the row of the heading"
    number, cells = next(iter(sheet.rows.items()))
    shown = " | ".join(filter(None, map(heading_text, cells)))[:60]
    cure = "name it by --header-row N, and its columns by --map price='HEADING'"
    return f"{sheet.whole}: no row names columns that are known (row {number} says {quote(shown)}); {cure}"
