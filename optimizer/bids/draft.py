"""A draft of an instance around bids: what they say is filled in, and a question mark stands for what is missing."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from models.records.bases import read_basis
from optimizer.draft_folder import check_free, write_draft_folder
from optimizer.dump import table_of
from optimizer.files.cells import TO_FILL

if TYPE_CHECKING:
    from pathlib import Path

    from optimizer.bids.offers import Offers

_CHAIN = ("mined", "intermediate", "refined")
"""The order of stages that have these names; others follow as they come."""
_COMMENT = """\
# A draft of {file}. Write what is missing in place of each {mark} in the tables, and add limits here;
# `lodeplan validate` lists it.
"""


def write_draft(offers: Offers, path: Path, file: str) -> None:
    """Write a folder with all tables that an instance of these offers needs, whole or not at all.

    Raises:
        InputError: something stands there already, or it cannot be written.
    """
    check_free(path, ", or add the bids to an instance with --into")
    rows: Any = offers.records["offers"]
    currency = currency_of(offers)
    materials = list(dict.fromkeys(row.material for row in rows))
    others = sorted({row.currency for row in rows} - {currency})
    tables: dict[str, list[list[object]]] = {
        "materials": [["material", "stages", "basis"], *(_material(m, rows) for m in materials)],
        "rates": [["currency", "rate", "note"], *([one, TO_FILL, f"{currency} for one {one}"] for one in others)],
    }
    tables |= {table: list(table_of(tuple(records), table, ())) for table, records in offers.records.items()}
    comment = _COMMENT.format(file=file, mark=TO_FILL)
    write_draft_folder(path, f"Draft of {file}", comment, currency, materials, tables)


def currency_of(offers: Offers) -> str:
    """Return the currency of most bids."""
    rows: Any = offers.records["offers"]
    counted: Counter[str] = Counter(row.currency for row in rows)
    return min(counted, key=lambda currency: (-counted[currency], currency))


def _material(material: str, offers: Any) -> list[object]:
    """Return the row of a material: counted in tonnes of the substance in which it is bid first."""
    rows = [row for row in offers if row.material == material]
    found = dict.fromkeys(row.stage for row in rows)
    stages = [*(stage for stage in _CHAIN if stage in found), *(stage for stage in found if stage not in _CHAIN)]
    return [material, "; ".join(stages), f"t {read_basis(rows[0].basis).substance}"]
