"""How well the rows of an instance are known, as `lodeplan validate --sources` lists them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.cli.command import edit, lodeplan

if TYPE_CHECKING:
    from pathlib import Path


def test_rows_that_say_the_same_of_themselves_stand_together(small: Path) -> None:
    edit(small / "offers.csv", "co2,note", "co2,note,quality,assumed,source,year")
    edit(small / "offers.csv", "1.5,\n", "1.5,,seen,price; capacity,annual report,2025\n")
    edit(small / "offers.csv", '"brine, dried"\n', '"brine, dried",seen,price; capacity,annual report,2025\n')
    edit(small / "offers.csv", "5,\n", "5,,,,Assumed by us,\n")
    edit(small / "offers.csv", "3,\n", "3,,reported,,,2024\n")
    edit(small / "offers.csv", "7000,,,,\n", "7000,,,,,,,,\n")
    said = lodeplan("validate", small, "--sources")
    assert (said.code, said.err) == (0, "")
    offers = next(block for block in said.out.split("\n\n") if block.startswith("offers"))
    assert offers == (
        "offers: 5 rows; 1 assumed, 2 seen, 1 reported, 1 not said (2 with assumed\n"
        "  columns)\n"
        "  1 assumed: Assumed by us (Ganfeng)\n"
        "  2 seen but price, capacity, 2025: annual report (Pilbara and Atacama)\n"
        "  1 reported, 2024: no source (Bitterfeld)\n"
        "  1 not said: no source (Syrah)"
    )
    assert max(map(len, said.out.splitlines())) <= 80
    document = json.loads(lodeplan("validate", small, "--sources", "--json").out)
    counts = {"rows": 5, "partly": 2, "assumed": 1, "seen": 2, "reported": 1, "derived": 0, "not said": 1}
    assert document["tables"]["offers"] == counts
    assert sum(table["rows"] for table in document["tables"].values()) == len(document["rows"])
    assert [row["assumed"] for row in document["rows"] if row["row"] == "Atacama"] == [["price", "capacity"]]
