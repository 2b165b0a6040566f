"""The heading of a bid sheet: the row that names the columns, and what each of them holds."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from models.records.wording import quote, suggest
from optimizer.bids.groups import join_rows
from optimizer.bids.mapping import PRICE_FROM
from optimizer.bids.names import guess_field, normalise
from optimizer.bids.units import NO_UNIT, read_heading, read_unit
from optimizer.files.archive import letters
from optimizer.files.grid import is_blank

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from optimizer.bids.mapping import Mapping
    from optimizer.bids.sheet import Sheet
    from optimizer.bids.units import Unit

_SEARCHED = 60
"""Rows from the top among which the heading is looked for."""
_ENOUGH = 2
"""Columns that a row must name to be taken for a heading."""


class MappedColumn(NamedTuple):
    """One column that is taken."""

    field: str
    at: int
    """Its column in the sheet, counted from 1."""
    heading: str
    unit: Unit
    guessed: bool


@dataclass
class Header:
    """A heading as it was found."""

    row: int
    """The last row of the heading; a row of units may follow that of the names."""
    taken: list[MappedColumn]
    left: list[tuple[int, str]]
    """Columns that nothing is taken of, with what they are called."""
    cells: tuple[str, ...]
    """What the row that names the columns says."""
    faults: list[tuple[int, str]]
    """What is wrong with columns, by their place (0 for none), with a sentence each."""


def heading_text(cell: Any) -> str:
    """Return what a cell of a heading says, on one line."""
    return "" if is_blank(cell) else " ".join(str(cell).split())


def find_header(sheet: Sheet, mapping: Mapping) -> Header | None:
    """Return the heading of a sheet, or None where no row names enough columns."""
    found = _find_names(sheet, mapping)
    if found is None:
        return None
    number, names = found
    units = [read_heading(name).unit for name in names]
    below = _read_units_below(sheet, number, len(names))
    units = [
        under if under is not None else unit for unit, under in zip(units, below or [None] * len(names), strict=True)
    ]
    header = _match(names, units, number + bool(below), mapping)
    header.left += _list_nameless(sheet, header)
    return header


def _find_names(sheet: Sheet, mapping: Mapping) -> tuple[int, list[str]] | None:
    """Return the row, or the last of two rows, that names most columns, and what it calls them."""
    wanted = [column for column in mapping.columns.values() if column and not column.startswith("#")]
    best, most = None, 0
    for number, names in _list_headings(sheet, mapping.header_row):
        mapped = sum(bool(_positions(names, column)) for column in wanted)
        guessed = {guess_field(name) for name in names} - {None}
        enough = (mapped >= min(len(wanted), _ENOUGH) and mapped) or len(guessed) >= _ENOUGH
        if (enough and 10 * mapped + len(guessed) > most) or (best is None and mapping.header_row is not None):
            best, most = (number, names), 10 * mapped + len(guessed)
    return best


def _list_headings(sheet: Sheet, stated: int | None) -> Iterator[tuple[int, list[str]]]:
    """Yield each row that may be a heading, or the one that is stated: together with what stands above it, and alone.

    A row is none alone that says of several columns what the row below it goes on to say.
    """
    texts = {number: [heading_text(cell) for cell in cells] for number, cells in islice(sheet.rows.items(), _SEARCHED)}
    if stated is not None:
        texts = {number: [heading_text(cell) for cell in sheet.rows.get(number, ())] for number in (stated - 1, stated)}
    joined = {number: join_rows(texts.get(number - 1, ()), names) for number, names in texts.items()}
    for number, names in texts.items():
        together = joined[number]
        if together is not None:
            yield number, together
        if joined.get(number + 1) is None:
            yield number, names


def _list_nameless(sheet: Sheet, header: Header) -> Iterator[tuple[int, str]]:
    """Yield the columns without a name in which rows below the heading say anything."""
    used = {taken.at for taken in header.taken}
    said = {
        at
        for number, cells in sheet.rows.items()
        for at, cell in enumerate(cells, start=1)
        if number > header.row and not is_blank(cell)
    }
    for at in sorted(said - used):
        if at > len(header.cells) or not header.cells[at - 1]:
            yield at, "(without a heading)"


def _read_units_below(sheet: Sheet, number: int, width: int) -> list[Unit | None] | None:
    """Return the units in the row below a heading, where that row holds nothing else."""
    cells = sheet.rows.get(number + 1)
    if cells is None:
        return None
    texts = [heading_text(cell).strip("()[]") for cell in cells[:width]]
    read = [read_unit(text) if text else None for text in texts]
    if not any(read) or any(text and unit is None for text, unit in zip(texts, read, strict=True)):
        return None
    return read + [None] * (width - len(read))


def _positions(names: Sequence[str], column: str) -> list[int]:
    """Return the places, from 1, of what a mapping calls a column: ``#E``, a heading, or a heading without its unit."""
    if column.startswith("#"):
        return [at for at in range(1, len(names) + 1) if column[1:].upper() in {str(at), letters(at)}]
    folded = heading_text(column).casefold()
    exact = [at for at, name in enumerate(names, start=1) if name.casefold() == folded]
    return exact or [at for at, name in enumerate(names, start=1) if name and normalise(name) == normalise(column)]


def _match(names: list[str], units: list[Unit], row: int, mapping: Mapping) -> Header:
    header = Header(row, [], [], tuple(names), [])
    for field, column in mapping.columns.items():
        if not column:
            continue
        places = _positions(names, column)
        if len(places) == 1:
            header.taken.append(
                MappedColumn(field, places[0], names[places[0] - 1], units[places[0] - 1], guessed=False)
            )
        elif places:
            which = " and ".join(letters(at) for at in places)
            header.faults.append(
                (places[0], f"--map {field}: {quote(column)} names {which} alike; write #{letters(places[0])}")
            )
        else:
            listed = ", ".join(filter(None, names))
            cure = suggest(column, list(filter(None, names))) or f"; there are {listed}"
            header.faults.append((0, f"--map {field}: there is no column {quote(column)}{cure}"))
    if mapping.guess:
        header.taken += _guess(names, units, header, mapping)
    _tell_doubles(header)
    used = {taken.at for taken in header.taken} | {at for at, _ in header.faults}
    header.left = [(at, name) for at, name in enumerate(names, start=1) if name and at not in used]
    header.taken.sort(key=lambda taken: taken.at)
    return header


def _guess(names: list[str], units: list[Unit], header: Header, mapping: Mapping) -> Iterator[MappedColumn]:
    used = {taken.at for taken in header.taken}
    stated = mapping.columns.keys() | mapping.set.keys()
    for at, (name, unit) in enumerate(zip(names, units, strict=True), start=1):
        field = guess_field(name) if name and at not in used else None
        start = read_heading(name).from_quantity
        if field == "price" and start is not None:
            field = f"price@{start[0]:.15g} {start[1] or ''}".strip()
        if field is not None and field not in stated:
            yield MappedColumn(field, at, name, unit, guessed=True)


def _tell_doubles(header: Header) -> None:
    by_field: dict[str, MappedColumn] = {}
    by_place: dict[int, MappedColumn] = {}
    for taken in header.taken:
        other = by_field.setdefault(taken.field, taken)
        if other is not taken:
            what = f"{quote(other.heading)} and {quote(taken.heading)} are both taken as {taken.field}"
            header.faults.append((taken.at, f"{what}; say which by --map {taken.field}=#{letters(taken.at)}"))
        same = by_place.setdefault(taken.at, taken)
        if same is not taken:
            what = f"{quote(taken.heading)} is mapped to {same.field} and to {taken.field}; map it once"
            header.faults.append((taken.at, what))


def starts_at(field: str) -> tuple[str, Unit] | None:
    """Return the quantity as text, and its unit, from which a price holds whose field says so: ``price@500 t``."""
    found = PRICE_FROM.fullmatch(field)
    if found is None:
        return None
    figure, _, unit = found[1].partition(" ")
    return figure, (read_unit(unit) if unit else None) or NO_UNIT
