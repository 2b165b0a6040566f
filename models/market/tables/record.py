"""What every row of a table is, and what a record says once of its table, for all who read, check and split it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import cache
from typing import ClassVar, Literal, Self

from models.records.fields import Names, Quality
from models.records.messages import list_fields
from models.records.sourced import Sourced
from models.records.wording import quote, suggest


class Record(Sourced):
    """A row, which may say where it comes from and how well its figures are known."""

    KEY: ClassVar[tuple[str, ...]] = ()
    """Columns of which no two rows have the same values."""
    ONE: ClassVar[str] = ""
    """What one row is called, where the name of the table says what several are: ``offer`` of ``offers``."""
    NAMES: ClassVar[Mapping[str, str]] = {}
    """Columns that give names, and what those are called together: ``{"offer": "offers", "company": "companies"}``."""
    REFERS: ClassVar[Mapping[str, str]] = {}
    """Columns that use names which other rows give: ``{"material": "materials", "destination": "offers and sites"}``.

    ``stages`` are those of the row's material, and ``bases`` those in which its figures can be stated.
    """
    PART: ClassVar[tuple[str, ...]] = ()
    """Columns, of which the first that is filled says by what it names to which part of a market a row belongs.

    None where a row belongs to all of them, or to none (`WHOLE`). A row that is found by its own key belongs to the
    parts that use its name.
    """
    WHOLE: ClassVar[bool] = False
    """Whether rows speak of the market as a whole, so that no part of it has them."""
    SORTED: ClassVar[bool] = True
    """Whether the order of rows in a file says nothing, so that they are put in the order of their keys."""
    AMOUNTS: ClassVar[tuple[str, ...]] = ()
    """Columns in units of the row's basis."""
    UNIT_PRICES: ClassVar[tuple[str, ...]] = ()
    """Columns in currency per unit of the row's basis, or of its `price_basis`."""

    quality: Quality | None = None
    assumed: Names = ()
    """Columns of the row that are assumed when its others are not."""

    @property
    def key(self) -> tuple[object, ...]:
        """The values of the key columns: what no two rows of a table share."""
        return tuple(getattr(self, column) for column in self.KEY)

    def assumes(self, column: str) -> bool:
        """Whether a figure of the row, by the name of its column, is assumed and not known.

        A row that does not say how well it is known is assumed where its source begins so.
        """
        if self.quality is None and not self.assumed:
            return (self.source or "").lstrip().lower().startswith(_ASSUMED)
        return self.quality == _ASSUMED or column in self.assumed

    @property
    def standing(self) -> Quality | None:
        """How well the row is known as a whole: what it says, or assumed where its source begins so."""
        return self.quality or (_ASSUMED if self.assumes("") else None)

    def quality_faults(self) -> Iterator[tuple[str, str]]:
        """Yield (column, sentence) for each name in `assumed` that is no figure of the row."""
        if not self.assumed:
            return
        if self.quality == _ASSUMED:
            yield "assumed", "quality says that all of the row is assumed; leave one of the two empty"
        filled = [name for name, value in self.model_dump(by_alias=True).items() if value not in (None, (), {})]
        filled = [name for name in (*filled, *getattr(self, "attributes", ())) if name not in _OF_ROWS]
        for number, name in enumerate(self.assumed):
            if name in _OF_ROWS or name not in {*list_fields(type(self)), *filled}:
                yield "assumed", f"{quote(name)} is no column of figures{suggest(name, filled)}"
            elif name not in filled:
                yield "assumed", f"{quote(name)} is empty in this row; fill it, or remove the name"
            elif name in self.assumed[:number]:
                yield "assumed", f"{quote(name)} stands there twice; remove one"

    def faults(self) -> Iterator[tuple[str, str]]:
        """Yield (column, sentence) for whatever cells of the row say against each other."""
        yield from ()

    def in_basis(self, factor: float, scores: Collection[str], price_factor: float | None = None) -> Self:
        """Return the row with its figures in its material's basis, of which one unit of its own holds `factor`.

        A unit that a price is per holds `price_factor` of it, or as much. Attributes that are `scores` are the same in
        every basis.
        """
        priced = factor if price_factor is None else price_factor
        return self if factor == priced == 1 else self.model_copy(update=self.restated(factor, scores, priced))

    def restated(
        self,
        factor: float,
        scores: Collection[str],  # noqa: ARG002 (offers have some)
        price_factor: float,
    ) -> dict[str, object]:
        """Return the columns that are otherwise in its material's basis."""
        restated: dict[str, object] = {**_without_bases(type(self))}
        for name in self.AMOUNTS:
            if (figure := getattr(self, name)) is not None:
                restated[name] = figure * factor
        for name in self.UNIT_PRICES:
            if (figure := getattr(self, name)) is not None:
                restated[name] = figure / price_factor
        return restated


_ASSUMED: Literal["assumed"] = "assumed"
_OF_ROWS = frozenset({*list_fields(Sourced), "quality", "assumed", "attributes"})
"""Columns that speak of the row and hold no figure."""


@cache
def _without_bases(record: type[Record]) -> dict[str, None]:
    """Return the columns of a record that name bases, as they are once its figures are in the material's own."""
    return {name: None for name, kind in record.REFERS.items() if kind == "bases"}
