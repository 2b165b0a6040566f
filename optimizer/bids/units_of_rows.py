"""In which basis and currency a bid is, and what its other figures are in that basis."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from models.market import TABLES
from models.records.bases import read_basis, units_held
from models.records.wording import quote
from optimizer.bids.header import starts_at
from optimizer.bids.mapping import PRICE_FROM
from optimizer.bids.units import NO_UNIT, read_unit

if TYPE_CHECKING:
    from collections.abc import Mapping as Words

    from optimizer.bids.header import Header
    from optimizer.bids.mapping import Mapping
    from optimizer.bids.rows import Bid
    from optimizer.bids.units import Unit

BASIS, CURRENCY, PRICE = "basis", "currency", "price"
_NOTHING = ""
"""What no column holds: a row that lacks something else is told of that by itself."""
AMOUNTS, UNIT_PRICES = TABLES["offers"].AMOUNTS, TABLES["offers"].UNIT_PRICES


class UnitError(Exception):
    """What is wrong with a unit, with the field that it is of, and whether it is so of the whole column."""

    def __init__(self, name: str, sentence: str, *, of_column: bool = False) -> None:
        """Keep what is wrong and where."""
        super().__init__(sentence)
        self.name, self.sentence, self.of_column = name, sentence, of_column


class Converted(NamedTuple):
    """A figure of a field put into another unit."""

    field: str
    of: str
    to: str
    factor: float


@dataclass
class RowUnits:
    """Finds the units of rows, and remembers what it converted and what it took for granted."""

    header: Header
    mapping: Mapping
    substances: Words[str, str]
    """What a bare unit of a material is of, where the mapping does not say it: as the instance counts it."""
    converted: dict[Converted, None] = field(default_factory=dict)
    taken_as: dict[tuple[str, str], None] = field(default_factory=dict)
    """Bare units of materials with the basis that they were taken for."""

    def unit_of(self, name: str) -> Unit:
        """Return the unit that a column's heading names, or else the mapping."""
        stated = self.mapping.units.get(name)
        if stated is not None:
            return read_unit(stated) or NO_UNIT
        return next((taken.unit for taken in self.header.taken if taken.field == name), NO_UNIT)

    def state(self, bid: Bid) -> dict[str, Any]:
        """Return the cells of a bid with its basis and its currency, and every figure in these.

        Raises:
            UnitError: where a unit is not stated, or contradicts another.
        """
        cells = dict(bid.cells)
        cell = self._read_cell(cells.pop("basis", None))
        price = self.unit_of("price")
        basis = self._whole(price.basis or cell.basis, "price", cells.get("material"), like=None)
        cells["basis"], cells["currency"] = basis, self._currency(cells, price, cell)
        for name in [name for name in cells if name in {*AMOUNTS, *UNIT_PRICES} or PRICE_FROM.fullmatch(name)]:
            own = self.unit_of(name)
            if name in AMOUNTS:
                stated = own.basis or cell.basis
                factor = self._factor(name, stated, basis, cells, own.times)
            else:
                factor = 1 / self._factor(name, own.basis or price.basis or cell.basis, basis, cells, 1)
                self._check_currency(name, own, cells["currency"])
            if factor != 1:
                cells[name] = _times(cells[name], factor)
        return cells

    def start_of(self, name: str, cells: Words[str, Any]) -> float:
        """Return from which quantity a price holds, in the basis of its row."""
        figure, unit = starts_at(name) or ("", NO_UNIT)
        try:
            start = float(figure)
        except ValueError:
            raise UnitError(name, f"{quote(figure)} is not a quantity; write price@500 t", of_column=True) from None
        return start * self._factor(name, unit.basis, cells["basis"], cells, unit.times, tell=False)

    def _read_cell(self, text: str | None) -> Unit:
        if text is None:
            return NO_UNIT
        unit = read_unit(text)
        if unit is None:
            raise UnitError(BASIS, f"{quote(text)} is no unit; write one such as kg, lb Co or EUR/kg")
        return unit

    def _currency(self, cells: Words[str, Any], price: Unit, cell: Unit) -> str:
        said = str(cells.get("currency", "")).strip()
        read = (read_unit(said) or NO_UNIT).currency or said
        found = list(dict.fromkeys(filter(None, (price.currency, cell.currency, read))))
        if len(found) > 1:
            where = "the heading of the price" if price.currency else "its unit"
            raise UnitError(CURRENCY, f"is {found[-1]} here, and {where} says {found[0]}; leave one of them out")
        if not found and self._has_column(CURRENCY):
            raise UnitError(CURRENCY, "is empty; write in which currency the price is")
        if not found:
            what = "no heading or column says in which currency; add --unit price=EUR/kg, or --set currency=EUR"
            raise UnitError(PRICE, what, of_column=True)
        return found[0]

    def _has_column(self, name: str) -> bool:
        return any(taken.field == name for taken in self.header.taken)

    def _check_currency(self, name: str, own: Unit, currency: str) -> None:
        if own.currency not in {None, currency}:
            what = f"is in {own.currency} and the price in {currency}; a bid has one currency"
            raise UnitError(name, what, of_column=True)

    def _factor(  # noqa: PLR0913 (a figure, its unit and its row)
        self, name: str, stated: str | None, basis: str, cells: Words[str, Any], times: int, *, tell: bool = True
    ) -> float:
        if PRICE_FROM.fullmatch(name) and stated is None:
            return 1.0
        whole = self._whole(stated, name, cells.get("material"), like=basis)
        try:
            factor = units_held(whole, of=basis) * times
        except ValueError as error:
            raise UnitError(name, f"{whole} cannot be put into {basis}: {error}", of_column=True) from None
        if factor != 1 and tell:
            self.converted[Converted(name, f"{whole}{_PACES[times]}", basis, factor)] = None
        return factor

    def _whole(self, stated: str | None, name: str, material: str | None, like: str | None) -> str:
        """Return a basis with its substance, which is that of `like` where it names none."""
        if stated is None and self._has_column(BASIS):
            raise UnitError(BASIS, f"is empty; write in which unit the {name} is")
        if stated is None:
            example = "EUR/kg" if name == "price" else "t"
            what = f"neither a heading nor a column says per which unit; add --unit {name}={example}"
            if name != "price":
                what = f"neither its heading nor a column says in which unit; add --unit {name}={example}"
            raise UnitError(name, what, of_column=True)
        read = read_basis(stated)
        if read.substance:
            return stated
        if like is not None:
            return f"{stated} {read_basis(like).substance}"
        known = self.mapping.substances.get(material or "") or self.substances.get(material or "")
        if known is None and not material:
            raise UnitError(_NOTHING, "names no material")
        if known is None:
            what = f"{quote(stated)} does not say of what; add --substance {_word(material)}=WORDS (Co, LCE, LiOH.H2O)"
            raise UnitError(name, what, of_column=True)
        whole = f"{stated} {known}"
        self.taken_as[f"{stated} of {material}", whole] = None
        return whole


_PACES = {1: "", 4: " a quarter", 12: " a month"}


def _word(text: str | None) -> str:
    return "MATERIAL" if not text else text if text.isidentifier() else f"'{text}'"


def _times(figure: Any, factor: float) -> Any:
    """Return a figure times a factor; what is no figure stays as it is, to be told where it is read."""
    try:
        return float(figure) * factor
    except (TypeError, ValueError):
        return figure
