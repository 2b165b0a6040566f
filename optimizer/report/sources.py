"""How well the rows of an instance are known: their quality, source and year, and what is assumed of them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple, get_args

from models.changes.settings import format_key
from models.market import TABLES
from models.records.fields import Quality
from models.records.wording import format_count, list_some
from optimizer.report.layout import wrap

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from models.instance import Instance
    from models.market import Record

_UNSAID = "not said"
_ORDER = ("assumed", *(word for word in get_args(Quality) if word != "assumed"), _UNSAID)
"""What may be wrong first stands first."""


class Stated(NamedTuple):
    """A row, period or limit of an instance, with what it is called."""

    table: str
    name: str
    record: Record

    @property
    def standing(self) -> str:
        """How well it is known as a whole."""
        return self.record.standing or _UNSAID

    @property
    def said(self) -> tuple[str, tuple[str, ...], str, int]:
        """What it says of itself: rows that say the same are told together."""
        return self.standing, self.record.assumed, self.record.source or "", self.record.year or 0


def list_stated(instance: Instance) -> list[Stated]:
    """Return every row of an instance in the order of its tables, then its periods and limits."""
    rows = [Stated(table, format_key(row), row) for table in TABLES for row in getattr(instance.market, table)]
    rows += [Stated("periods", period.name, period) for period in instance.market.periods]
    return rows + [Stated("limits", limit.name, limit) for limit in instance.limits]


def format_sources(instance: Instance) -> str:
    """Return the rows of each table, those that say the same of themselves together, in lines of 80 columns."""
    rows = list_stated(instance)
    blocks = [f"{instance.title}\n{wrap(f'In all: {_count(rows)}', later=2)}"]
    for table in dict.fromkeys(row.table for row in rows):
        inside = [row for row in rows if row.table == table]
        blocks.append("\n".join([wrap(f"{table}: {_count(inside)}", later=2), *_list_groups(inside)]))
    return "\n\n".join(blocks) + "\n"


def _count(rows: Sequence[Stated]) -> str:
    """Say how many rows there are, and how many of each quality: ``102 rows; 88 assumed, 14 seen``."""
    counts = Counter(row.standing for row in rows)
    told = [f"{counts[word]} {word}" for word in _ORDER if counts[word]]
    partly = sum(bool(row.record.assumed) for row in rows)
    said = f" ({partly} with assumed columns)" if partly else ""
    return f"{format_count(len(rows), 'rows')}; {', '.join(told)}{said}"


def _list_groups(rows: Sequence[Stated]) -> Iterator[str]:
    """Yield a paragraph for rows that say the same of themselves, the least known and then the most numerous first."""
    groups: dict[tuple[str, tuple[str, ...], str, int], list[Stated]] = {}
    for row in rows:
        groups.setdefault(row.said, []).append(row)
    for (standing, assumed, source, year), alike in sorted(groups.items(), key=_place):
        but = f" but {', '.join(assumed)}" if assumed else ""
        when = f", {year}" if year else ""
        names = list_some([row.name for row in alike])
        yield wrap(f"{len(alike)} {standing}{but}{when}: {source or 'no source'} ({names})", 2, 6)


def _place(group: tuple[tuple[str, tuple[str, ...], str, int], list[Stated]]) -> tuple[int, bool, int]:
    (standing, assumed, _, _), alike = group
    return _ORDER.index(standing), not assumed, -len(alike)


def sources_as_data(instance: Instance) -> dict[str, Any]:
    """Return how many rows of each table are how well known, and every row with what it says of itself."""
    rows = list_stated(instance)
    tables = dict.fromkeys(row.table for row in rows)
    return {
        "tables": {table: _counts([row for row in rows if row.table == table]) for table in tables},
        "rows": [
            {
                "table": row.table,
                "row": row.name,
                "quality": row.record.standing,
                "assumed": list(row.record.assumed),
                "source": row.record.source,
                "year": row.record.year,
                "note": row.record.note,
            }
            for row in rows
        ],
    }


def _counts(rows: Sequence[Stated]) -> dict[str, int]:
    counts = Counter(row.standing for row in rows)
    partly = sum(bool(row.record.assumed) for row in rows)
    return {"rows": len(rows), "partly": partly} | {word: counts[word] for word in _ORDER}
