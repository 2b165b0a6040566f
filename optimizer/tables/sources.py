"""sources.csv: the rows of an instance that a plan rests on, and how well each is known."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Annotated, Literal

from optimizer.results.used_rows import name_row, used_rows
from optimizer.tables.table import KEY, Row, Table, Units

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optimizer.tables.table import PlannedInstance

LIMITS_TABLE = "limits"
"""Where limits stand here. They are no rows of a market, and not counted among the assumed ones of a plan."""


@dataclass(frozen=True, slots=True)
class Source(Row):
    """A row of the instance that the plan uses, or a limit that it holds."""

    table: Annotated[str, KEY]
    """The table in which it stands; `limits` for a limit."""
    row: Annotated[str, KEY]
    """What its key columns say, or the name of the limit."""
    quality: Literal["seen", "reported", "derived", "assumed", ""]
    """How well it is known as a whole; empty where it does not say."""
    assumed: str
    """Columns that are assumed when the others are not, with semicolons between them."""
    source: str
    """What it says of its source, on one line."""
    year: float | None
    """Of which year its figures are; empty where it does not say."""


def list_sources(planned: PlannedInstance, _: Units) -> Iterator[Source]:
    """Yield the rows that a plan uses in the order of the tables, then the limits that are not only watched."""
    rows = ((table, name_row(row), row) for table, row in used_rows(planned.instance.market, planned.account))
    limits = ((LIMITS_TABLE, limit.name, limit) for limit in planned.instance.limits if not limit.watch)
    seen: Counter[tuple[str, str]] = Counter()
    for table, name, record in chain(rows, limits):
        seen[table, name] += 1
        yield Source(
            table=table,
            row=name if seen[table, name] == 1 else f"{name} ({seen[table, name]})",
            quality=record.standing or "",
            assumed="; ".join(record.assumed),
            source=" ".join((record.source or "").split()),
            year=record.year,
        )


SOURCES = Table("sources", Source, list_sources)
