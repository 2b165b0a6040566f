"""The rows below a heading: which of them are bids, and what their cells say."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from models.records.figures import read_by_sign
from models.records.wording import quote
from optimizer.bids.header import heading_text
from optimizer.bids.mapping import FIGURES, PRICE_FROM
from optimizer.bids.names import OWNER_SHARE
from optimizer.files.cells import spell, unprotect
from optimizer.files.columns import RANK
from optimizer.files.figures import SIGNS, Figures, Stated
from optimizer.files.grid import Unreadable, is_blank
from optimizer.files.totals import says_total

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from models.records.figures import Sign
    from optimizer.bids.header import Header, MappedColumn
    from optimizer.bids.mapping import Mapping
    from optimizer.bids.sheet import Sheet
    from optimizer.files.faults import Faults

_NO_PRICE = {
    *("-", "--", "\u2013", "\u2014", "/", "n/a", "na", "n.a.", "none", "tbd", "tba", "tbc", "on request", "no bid"),
    *("no offer", "nb", "nil", "x", "k.a.", "entfällt", "auf anfrage", "kein angebot", "s/o", "nd", "n.d.", "#n/a"),
    *("open", "offen"),
}
_RANK = RANK["offers"]
STATED = Stated("--decimal", "option", "say which by --decimal , or --decimal .")


@dataclass
class Bid:
    """One row that is a bid: the cells that are taken, by field."""

    row: int
    cells: dict[str, Any]
    sound: bool = True
    """Whether every cell could be read."""


@dataclass
class BidRows:
    """What the rows below a heading are."""

    bids: list[Bid] = field(default_factory=list)
    left: list[tuple[int, str]] = field(default_factory=list)
    """Rows that are none, with the reason."""


def read_rows(sheet: Sheet, header: Header, mapping: Mapping, leave: Sequence[int], faults: Faults) -> BidRows:
    """Return the bids of a sheet and the rows that are left; what cannot be read is noted in `faults`."""
    found = BidRows()
    priced = [taken for taken in header.taken if taken.field == "price" or PRICE_FROM.fullmatch(taken.field)]
    for number, cells in sheet.rows.items():
        if number <= header.row:
            continue
        why = "it is left as asked (--leave)" if number in leave else _why_no_bid(cells, header, priced)
        if why is not None:
            found.left.append((number, why))
            continue
        before = len(faults)
        taken = _take(sheet, number, cells, header, mapping, faults)
        found.bids.append(Bid(number, taken, sound=len(faults) == before))
    for number in leave:
        if number not in sheet.rows or number <= header.row:
            faults.add(f"--leave {number}", "there is no such row below the heading", _RANK)
    _settle(sheet, header, mapping, found, faults)
    return found


def _why_no_bid(cells: Sequence[Any], header: Header, priced: Sequence[MappedColumn]) -> str | None:
    """Return why a row is no bid: a total, a note, the heading again, or without a price; None where it is one."""
    texts = [heading_text(cell) for cell in cells]
    said = [text for text in texts if text]
    words = [one for one in header.taken if not _is_figure(one.field) and not is_blank(_cell(cells, one.at))]
    if says_total(said[0]) and len(words) <= 1:  # a company may be called Total
        return f"is a total ({quote(said[0])})"
    if tuple(text for text in texts if text) == tuple(text for text in header.cells if text):
        return "repeats the heading"
    if len(said) == 1 and len([text for text in header.cells if text]) > 1:
        return f"is a note ({quote(said[0])})"
    prices = [_cell(cells, taken.at) for taken in priced]
    if priced and all(is_blank(price) or str(price).strip().lower() in _NO_PRICE for price in prices):
        word = next((str(price).strip() for price in prices if not is_blank(price)), None)
        return "has no price" if word is None else f"has no price ({quote(word)})"
    return None


def _cell(cells: Sequence[Any], at: int) -> Any:
    return cells[at - 1] if at <= len(cells) else None


def _take(  # noqa: PLR0913 (a row, and what is known of its sheet)
    sheet: Sheet, number: int, cells: Sequence[Any], header: Header, mapping: Mapping, faults: Faults
) -> dict[str, Any]:
    taken: dict[str, Any] = {}
    for column in header.taken:
        cell = _cell(cells, column.at)
        if isinstance(cell, Unreadable):
            faults.add(sheet.place(number, column.at), str(cell), _RANK, number)
            continue
        if is_blank(cell):
            continue
        is_figure = column.field in FIGURES or PRICE_FROM.fullmatch(column.field) or column.field == OWNER_SHARE
        if is_figure:
            is_none = isinstance(cell, str) and cell.strip().lower() in _NO_PRICE
            if not is_none:
                taken.setdefault(column.field, cell)
            continue
        text = heading_text(spell(unprotect(cell) if isinstance(cell, str) and sheet.name is None else cell))
        said = _reword(text, mapping.values.get(column.field, {}))
        taken.setdefault(column.field, said)
    return {name: value for name, value in mapping.set.items() if name not in taken} | taken


def _reword(text: str, words: dict[str, str]) -> str:
    folded = {heading_text(said).casefold(): word for said, word in words.items()}
    return folded.get(text.casefold(), text)


def _settle(sheet: Sheet, header: Header, mapping: Mapping, found: BidRows, faults: Faults) -> None:
    """Write every figure that is text with a decimal point; what reads both ways is noted in `faults`."""
    texts: dict[str, tuple[int, str]] = {}
    at = {taken.field: taken.at for taken in reversed(header.taken)}
    for bid in found.bids:
        for name, cell in bid.cells.items():
            if name in at and _is_figure(name) and isinstance(cell, str):
                texts.setdefault(cell, (bid.row, name))
    readings = {text: by_sign for text in texts if (by_sign := read_by_sign(text))}
    stated: Sign | None = SIGNS.get(mapping.decimal or "")
    figures = Figures(readings, stated, STATED)
    place: Callable[[str], str] = lambda text: sheet.place(texts[text][0], at[texts[text][1]])  # noqa: E731
    for text, sentence in figures.list_faults(place):
        faults.add(place(text), sentence, _RANK, texts[text][0])
    for bid in found.bids:
        for name, cell in bid.cells.items():
            if name in at and _is_figure(name) and isinstance(cell, str):
                unsettled = cell in figures.unsettled  # told above; either reading will do for what else is wrong
                bid.cells[name] = next(iter(readings[cell].values())) if unsettled else figures.write("number", cell)


def _is_figure(name: str) -> bool:
    return name in FIGURES or name == OWNER_SHARE or PRICE_FROM.fullmatch(name) is not None
