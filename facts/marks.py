"""Whether rows say how well they are known, and whether what they say of it agrees with their own words."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from facts.findings import Finding
from models.changes.settings import format_key
from models.market import TABLES
from models.records.wording import list_some

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.instance import Instance
    from models.market import Record

_ASSUMED = re.compile(r"\bassumed\b", re.IGNORECASE)


def check_marks(instance: Instance) -> Iterator[Finding]:
    """Yield the rows of each table that say nothing of how well they are known, or something else than their words."""
    for table in TABLES:
        doubts: dict[str, list[str]] = defaultdict(list)
        for row in getattr(instance.market, table):
            if doubt := _doubt(row):
                doubts[doubt].append(format_key(row))
        for doubt, names in doubts.items():
            yield Finding("flag", "quality", f"{table}, {len(names)} {doubt}: {list_some(names)}")


def _doubt(row: Record) -> str:
    if row.quality is None:
        return "without a quality"
    if row.quality in {"seen", "reported"} and not row.source:
        return f"{row.quality} in no source"
    is_marked = row.quality == "assumed" or row.assumed
    if not is_marked and _ASSUMED.search(f"{row.source or ''} {row.note or ''}"):
        return f"{row.quality}, with something assumed in their words and no column marked so"
    return ""
