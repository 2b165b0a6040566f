"""A draft of an instance around bids: what they say is filled in, and a question mark stands for what is missing."""

from __future__ import annotations

import datetime
from collections import Counter
from typing import TYPE_CHECKING, Any

from models.records.bases import read_basis
from optimizer.dump import table_of, write_csv
from optimizer.errors import InputError
from optimizer.files.atomic import must_be_a_folder, write_whole
from optimizer.files.cells import TO_FILL
from optimizer.files.folder import HEADER_FILE
from optimizer.files.toml_text import toml_text

if TYPE_CHECKING:
    from pathlib import Path

    from optimizer.bids.offers import Offers

_SITE, _PERIOD = "plant", "year-1"
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
    must_be_a_folder(path, "a draft")
    if path.exists() and not (path.is_dir() and not any(path.iterdir())):
        raise InputError([f"{path}: is there already; name another folder, or add the bids to an instance with --into"])
    rows: Any = offers.records["offers"]
    currency = currency_of(offers)
    header = {
        "name": path.name,
        "title": f"Draft of {file}",
        "currency": currency,
        "mass_unit": "t",
        "as_of": datetime.datetime.now(tz=datetime.UTC).date(),
        "periods": [{"name": _PERIOD, "years": 1}],
    }
    materials = list(dict.fromkeys(row.material for row in rows))
    others = sorted({row.currency for row in rows} - {currency})
    with write_whole(path) as draft:
        draft.mkdir()
        (draft / HEADER_FILE).write_text(_COMMENT.format(file=file, mark=TO_FILL) + toml_text(header), encoding="utf-8")
        write_csv(draft / "materials.csv", [["material", "stages", "basis"], *(_material(m, rows) for m in materials)])
        write_csv(draft / "sites.csv", [["site", "country"], [_SITE, TO_FILL]])
        demand = [[_SITE, material, _PERIOD, TO_FILL] for material in materials]
        write_csv(draft / "demand.csv", [["site", "material", "period", "quantity"], *demand])
        if others:
            rates = [[one, TO_FILL, f"{currency} for one {one}"] for one in others]
            write_csv(draft / "rates.csv", [["currency", "rate", "note"], *rates])
        for table, records in offers.records.items():
            write_csv(draft / f"{table}.csv", table_of(tuple(records), table, ()))


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
