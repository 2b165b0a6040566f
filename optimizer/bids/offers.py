"""Bids made into rows of offers, tiers and owners."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from models.records.countries import read_country
from models.records.wording import quote
from optimizer.bids.mapping import PRICE_FROM
from optimizer.bids.names import OWNER, OWNER_SHARE
from optimizer.bids.units_of_rows import UnitError
from optimizer.files.columns import RANK, columns_of
from optimizer.files.draft import Draft
from optimizer.files.grid import Grid, Line
from optimizer.files.rows import read_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from models.market import Record
    from optimizer.bids.header import Header
    from optimizer.bids.mapping import Mapping
    from optimizer.bids.rows import Bid
    from optimizer.bids.sheet import Sheet
    from optimizer.bids.units_of_rows import RowUnits
    from optimizer.files.faults import Faults

_RANK = RANK["offers"]
_MADE = "offer"
_NAMED_AFTER = ("company", "material", "country", "stage")
_LEAST_PARTS = 2
"""How many of these a name has at least."""


@dataclass
class Offers:
    """What bids became: records by table, and the row of the sheet that each offer stands in."""

    records: dict[str, list[Record]] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    are_named: bool = True
    """Whether a column names the offers; else they are named after company, material and what tells them apart."""


def list_lacks(header: Header, mapping: Mapping) -> list[str]:
    """Return a sentence for each field that every offer needs and nothing says."""
    said = {taken.field for taken in header.taken} | mapping.set.keys()
    meant = mapping.columns.keys()  # a column that is not there is told by itself
    needed = [name for name, column in columns_of("offers").items() if column.required and name != _MADE]
    lacks = [
        f"{name}: no column is taken for it; add --map {name}='HEADING', or --set {name}=VALUE for every row"
        for name in needed
        if name not in said | meant
    ]
    if OWNER in said and OWNER_SHARE not in said | meant:
        lacks.append(
            f"{OWNER_SHARE}: nothing says which share the owner has; map a column, or --set {OWNER_SHARE}=100%"
        )
    if any(PRICE_FROM.fullmatch(name) for name in said) and mapping.tiers is None:
        lacks.append(
            "tiers: prices from a quantity on may be those of further units or of every unit; "
            "add --tiers incremental or --tiers all-units"
        )
    return lacks


def make_offers(sheet: Sheet, header: Header, bids: Sequence[Bid], units: RowUnits, faults: Faults) -> Offers:
    """Return the records that bids become; what is wrong is noted in `faults`, at its cell."""
    at = {taken.field: taken.at for taken in reversed(header.taken)}
    stated = _state_units(sheet, bids, at, units, faults)
    names = _name_offers(stated)
    offers = Offers(are_named="offer" in at)
    grids = {table: _grid(table, sheet, at) for table in ("offers", "tiers", "owners")}
    said = {_MADE, *at, *units.mapping.set}
    grids["offers"].lacking = frozenset(n for n, c in columns_of("offers").items() if c.required and n not in said)
    for (bid, cells), name in zip(stated, names, strict=True):
        first = offers.rows.setdefault(name, bid.row)
        if first != bid.row:
            what = f"{quote(name)} is bid in row {first} already; name each bid once"
            faults.add(_place(sheet, at, bid.row, "offer"), what, _RANK, bid.row)
        source = f"{sheet.file}, {f'{sheet.name}, ' if sheet.name else ''}row {bid.row}"
        own = {"offer": name, "source": source} | {k: v for k, v in cells.items() if k in columns_of("offers")}
        grids["offers"].lines.append(Line(bid.row, own | {"offer": name}, sound=bid.sound))
        _add_tiers(grids["tiers"], bid, name, cells, units, faults)
    _add_owners(grids["owners"], stated, faults)
    draft = Draft(spot=str, grids={table: grid for table, grid in grids.items() if grid.lines})
    read = read_rows(draft, (), faults).records
    offers.records = {table: [row for row in rows if row is not None] for table, rows in read.items()}
    return offers


Stated = tuple["Bid", dict[str, Any]]


def _state_units(
    sheet: Sheet, bids: Sequence[Bid], at: dict[str, int], units: RowUnits, faults: Faults
) -> list[Stated]:
    """Return what each bid says in its basis and currency; without these where they cannot be told, which is noted."""
    stated = []
    for bid in bids:
        try:
            stated.append((bid, units.state(bid)))
        except UnitError as error:
            place = sheet.whole if error.of_column else _place(sheet, at, bid.row, error.name)
            told = f"{error.name}: {error.sentence}" if error.of_column else error.sentence
            if error.name in {*at, *units.mapping.set}:  # that nothing is taken for it is told by itself
                faults.add(place, told, _RANK, 0 if error.of_column else bid.row)
            stated.append((bid, {key: cell for key, cell in bid.cells.items() if key != "basis"}))
    return stated


def _name_offers(stated: Sequence[Stated]) -> list[str]:
    """Return the name of each offer: its own, or the shortest that tells it apart, numbered where none does."""
    parts = [_named_after(cells) for _, cells in stated]
    lengths = range(_LEAST_PARTS, len(_NAMED_AFTER) + 1)
    counted = {length: Counter(part[:length] for part in parts) for length in lengths}
    seen: Counter[str] = Counter()
    names = []
    for part, (_, cells) in zip(parts, stated, strict=True):
        alone = next((length for length in lengths if counted[length][part[:length]] == 1), lengths[-1])
        name = " ".join(filter(None, part[:alone]))
        seen[name] += 1
        made = name if seen[name] == 1 else f"{name} {seen[name]}"
        names.append(str(cells.get("offer", made)))
    return names


def _named_after(cells: dict[str, Any]) -> tuple[str, ...]:
    return tuple(str(_country(cells[p]) if p == "country" else cells[p]) if p in cells else "" for p in _NAMED_AFTER)


def _grid(table: str, sheet: Sheet, at: dict[str, int]) -> Grid:
    places = at | ({"country": at.get(OWNER, 0), "share": at.get(OWNER_SHARE, 0)} if table == "owners" else {})
    place: Callable[[int, str | None], str] = lambda row, column: _place(sheet, places, row, column)  # noqa: E731
    return Grid(table, sheet.whole, place, columns=tuple(columns_of(table).values()))


def _place(sheet: Sheet, at: dict[str, int], row: int, column: str | None) -> str:
    position = at.get(column or "") or None
    return f"{sheet.place(row, position)} {column}" if column else sheet.place(row)


def _add_tiers(  # noqa: PLR0913 (a row, and where it goes)
    grid: Grid, bid: Bid, name: str, cells: dict[str, Any], units: RowUnits, faults: Faults
) -> None:
    if units.mapping.tiers is None or "basis" not in cells:
        return  # told by itself
    for priced in [key for key in cells if PRICE_FROM.fullmatch(key)]:
        try:
            start = units.start_of(priced, cells)
        except UnitError as error:
            faults.add(grid.whole, f"{error.name}: {error.sentence}", _RANK)
            continue
        row = {"offer": name, "from_quantity": start, "price": cells[priced], "kind": units.mapping.tiers}
        grid.lines.append(Line(bid.row, row, sound=True))


def _add_owners(grid: Grid, stated: Sequence[Stated], faults: Faults) -> None:
    """Add the owner of each company once; two rows that say different things of one company are a fault."""
    known: dict[tuple[str, str], tuple[int, Any]] = {}
    for bid, cells in stated:
        if OWNER not in cells or "company" not in cells:
            continue
        company, country, share = cells["company"], _country(cells[OWNER]), cells.get(OWNER_SHARE)
        row, before = known.setdefault((company, country), (bid.row, share))
        if row == bid.row:
            line = {"company": company, "country": cells[OWNER], "share": share}
            grid.lines.append(Line(bid.row, {k: v for k, v in line.items() if v is not None}, sound=True))
        elif before != share:
            what = f"{quote(share)} of {company}, and {quote(before)} in row {row}; write the same share in both"
            faults.add(grid.place(bid.row, "share"), what, RANK["owners"], bid.row)


def _country(text: str) -> str:
    try:
        return read_country(text)
    except ValueError:
        return text  # told where its row is read
