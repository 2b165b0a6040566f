"""What has grown old: rows of more than three years before the horizon starts, and law that nobody looked at."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from facts.findings import Finding
from models.changes.settings import format_key
from models.market import TABLES
from models.policies import choose_measures
from models.records.wording import list_some

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator

    from models.instance import Instance

_OLD = 3
"""Years before the first of the horizon."""
_LOOKED = 180
"""Days after which somebody should look at a measure again."""


def check_ages(instance: Instance) -> Iterator[Finding]:
    """Yield the rows of each table that are old, by year, and how many have no year."""
    market = instance.market
    first = (market.start or market.as_of).year
    for table in TABLES:
        old: dict[int, list[str]] = defaultdict(list)
        undated = 0
        for row in getattr(market, table):
            undated += row.year is None
            if row.year is not None and row.year < first - _OLD:
                old[row.year].append(format_key(row))
        for year, names in sorted(old.items()):
            yield Finding(
                "flag", "age", f"{table}, {len(names)} of {year}, {first - year} years back: {list_some(names)}"
            )
        if undated:
            yield Finding("not checked", "age", f"{table}: {undated} rows without a year")


def check_looks(instance: Instance, today: datetime.date) -> Iterator[Finding]:
    """Yield law that nobody looked at for half a year before a day: measures of policies, and duties and controls.

    Of measures also what was never looked at; rows need not say it.
    """
    for policy in instance.policies:
        looks: dict[datetime.date | None, list[str]] = defaultdict(list)
        for measure in choose_measures(policy):
            if measure.last_look is None or (today - measure.last_look).days > _LOOKED:
                looks[measure.last_look].append(measure.name)
        for look, names in looks.items():
            since = "never looked at" if look is None else f"last looked at on {look}, {(today - look).days} days ago"
            yield Finding("flag", "policy", f"{policy.name}, {since}: {list_some(names)}")
    for table in ("duties", "controls"):
        old = [
            format_key(row)
            for row in getattr(instance.market, table)
            if row.looked_at is not None and (today - row.looked_at).days > _LOOKED
        ]
        if old:
            yield Finding("flag", "law", f"{table}, {len(old)} not looked at for {_LOOKED} days: {list_some(old)}")
