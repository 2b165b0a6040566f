"""What every row of a table is, and what a record says once of its table, for all who read, check and split it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import ClassVar, Self

from models.records.fields import Count, Text
from models.records.frozen import Frozen


class Record(Frozen):
    """A frozen record that may say where it comes from."""

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

    None where a row belongs to all of them. A row that is found by its own key belongs to the parts that use its name.
    """
    SORTED: ClassVar[bool] = True
    """Whether the order of rows in a file says nothing, so that they are put in the order of their keys."""
    AMOUNTS: ClassVar[tuple[str, ...]] = ()
    """Columns in units of the row's basis."""
    UNIT_PRICES: ClassVar[tuple[str, ...]] = ()
    """Columns in currency per unit of the row's basis."""

    note: Text | None = None
    source: Text | None = None
    year: Count | None = None

    @property
    def key(self) -> tuple[object, ...]:
        """The values of the key columns: what no two rows of a table share."""
        return tuple(getattr(self, column) for column in self.KEY)

    def faults(self) -> Iterator[tuple[str, str]]:
        """Yield (column, sentence) for whatever cells of the row say against each other."""
        yield from ()

    def in_basis(self, factor: float, scores: Collection[str]) -> Self:  # noqa: ARG002 (offers have attributes)
        """Return the row with its figures in its material's basis, of which one unit of its own holds `factor`.

        Attributes that are `scores` are the same in every basis.
        """
        if factor == 1:
            return self
        figures = {name: getattr(self, name) for name in (*self.AMOUNTS, *self.UNIT_PRICES)}
        restated: dict[str, object] = {
            name: None if figure is None else figure * factor if name in self.AMOUNTS else figure / factor
            for name, figure in figures.items()
        }
        return self.model_copy(update=restated | ({"basis": None} if "basis" in self.REFERS else {}))
