"""The rows of a market as far as they could be read, and one thing that is wrong with them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from models.market import TABLES
from models.market.bases import Bases

if TYPE_CHECKING:
    import datetime
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from models.market import Period

_REFERRED_TO = {name for record in TABLES.values() for said in record.REFERS.values() for name in said.split(" and ")}
STATED: dict[str, dict[str, str]] = {
    table: {
        column: together
        for column, together in record.NAMES.items()
        if together in _REFERRED_TO and record.model_fields[column].annotation is str
    }
    for table, record in TABLES.items()
}
"""The columns by table that state names which other rows refer to, and what these are called together."""

Place = tuple[str, int | None, str | None]
"""Table or key of the header, index of the row, column or name."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: where (table, index of the row, column) and a sentence."""

    table: str
    row: int | None
    column: str | None
    message: str
    also: Place | None = None
    """Where the other one stands, when two rows contradict each other."""

    @property
    def line(self) -> str:
        """Where it is, by the number of the row from 0, and the sentence."""
        where = f"{self.table}[{self.row}] {self.column}" if self.row is not None else self.table
        also = "" if self.also is None else f" ({self.also[0]}[{self.also[1]}])"
        return f"{where}: {self.message}{also}"


@dataclass(frozen=True)
class Tables:
    """The rows that could be read, and the names of those that could not."""

    rows: Mapping[str, Sequence[Any]]
    """Records by table; a row that could not be read is None."""
    periods: tuple[Period, ...]
    attributes: tuple[str, ...] = ()
    broken: Mapping[str, Collection[str]] | None = None
    """Names that rows with other problems would state, by table: not to be called unknown."""
    unread: Collection[str] = ()
    """What names are called together that could not even be read, as their table or ``companies``."""
    scores: tuple[str, ...] = ()
    named: Mapping[str, Collection[str]] = field(default_factory=dict)
    """Names of the tables of the header, by its key: blocs, limits and cases."""
    start: datetime.date | None = None
    """The day on which the periods begin, where it could be read."""
    mass_unit: str = ""
    """The mass unit of the instance, where it could be read."""
    currency: str = ""
    """Its currency, where it could be read."""
    as_of: datetime.date | None = None
    """The day on which rates are looked up where there is no start, where it could be read."""

    def table(self, name: str) -> Iterator[tuple[int, Any]]:
        """Yield (index, record) of every row of a table that could be read."""
        return ((i, record) for i, record in enumerate(self.rows.get(name, ())) if record is not None)

    @cached_property
    def _read(self) -> dict[str, list[Any]]:
        """The records of each table that could be read."""
        return {name: [record for record in records if record is not None] for name, records in self.rows.items()}

    def records(self, name: str) -> Iterator[Any]:
        """Yield every record of a table that could be read."""
        return iter(self._read.get(name, ()))

    def list_values(self, table: str, *columns: str) -> Iterator[Any]:
        """Yield what every row of a table says in a column, or in some columns together."""
        return map(attrgetter(*columns), self.records(table))

    @cached_property
    def bases(self) -> Bases:
        """In which bases figures of each material can be stated."""
        return Bases(self.records("materials"), self.records("conversions"))

    @cached_property
    def sold(self) -> dict[str, str]:
        """The material of each offer."""
        return dict(self.list_values("offers", "offer", "material"))

    def names(self, table: str, column: str) -> set[str]:
        """Return every name that a column of a table states."""
        return set(self.list_values(table, column)) | set((self.broken or {}).get(table, ()))


def some(names: Collection[str]) -> str:
    """Return the first few names, in order."""
    shown = sorted(names)[:6]
    return ", ".join(shown) + (", ..." if len(names) > len(shown) else "") if shown else "(none)"
