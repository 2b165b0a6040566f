"""Make `us-battery-quarterly` of `us-battery-2027`: the same study in eight quarters, with the time that goods travel.

    make quarterly

Run it again when the yearly study has changed; a test fails as long as the two differ. What becomes of what:

- what is made of a product in a year becomes a quarter of it in each quarter, and a fixed cost per period likewise;
- a period that is named becomes the first quarter of its year, and each share of a ramp-up holds for four quarters;
- what is stated per year (capacities, minimum takes, steps of tiers, holding costs) stays as it is;
- a limit that holds in each year becomes one for each year, over its quarters together (`facts.quarterly_header`);
- a lane takes its distance at 14 knots and 30 days of handling, rounded to whole quarters;
- each site begins with what it needs before the first goods over its slowest lane are there.
"""

from __future__ import annotations

import csv
import re
import shutil
import sys
from collections import defaultdict
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

from facts.quarterly_header import QUARTERS, quarters_of, rewrite_header

if TYPE_CHECKING:
    from collections.abc import Iterator

INSTANCES = Path(__file__).resolve().parents[1] / "instances"
YEARLY, QUARTERLY = INSTANCES / "us-battery-2027", INSTANCES / "us-battery-quarterly"
KNOTS = 14
HANDLING = 30
"""Days on land, in ports and at customs on each lane by sea."""
DAYS = 365.25 / QUARTERS
"""Of a quarter, on the mean."""
HOLDING = 0.05
"""What storing costs a year, as a share of the lowest value at which a material is sold at its last stage."""
ROOM = 2
"""Quarters of demand of the first year that fit into a store."""
BY_HAND = {"SOURCES.md", "expected.json", "hazards.csv", "scenarios.csv", "shocks.csv"}
"""Files of an instance that are not made here."""
_BY_SEA = re.compile(r"([\d.]+) nm ")
Row = dict[str, str]
Needs = dict[tuple[str, str], dict[str, float]]
"""Tonnes by site and material, and by quarter."""


def days_on_the_way(note: str) -> float:
    """Return how many days a lane takes whose note states its distance; 0 by land, and where a price is delivered.

    >>> round(days_on_the_way("10271 nm at 0.01357 USD/t; 1 t per t metal"), 1), days_on_the_way("by truck")
    (60.6, 0.0)
    """
    miles = sum(float(distance) for distance in _BY_SEA.findall(note))
    return miles / KNOTS / 24 + HANDLING if miles else 0.0


def make_tables(yearly: Path) -> dict[str, list[Row]]:
    """Return the rows of the tables that differ from those of the yearly instance in a folder."""
    products = list(_split_products(_read(yearly, "products")))
    needs = _add_up(products, _read(yearly, "bill_of_materials"))
    offers = [_time_offer(row) for row in _read(yearly, "offers")]
    lanes = [_time_lane(row) for row in _read(yearly, "lanes")]
    stock = list(_fill_stores(_read(yearly, "stock"), needs, offers, lanes))
    return {"products": products, "offers": offers, "lanes": lanes, "stock": stock}


def _split_products(rows: list[Row]) -> Iterator[Row]:
    for row in rows:
        quantity = float(row["quantity"]) / QUARTERS
        for period in quarters_of(row["period"]):
            yield row | {"period": period, "quantity": f"{quantity:.12g}", "note": f"a quarter of {row['note']}"}


def _add_up(products: list[Row], bill: list[Row]) -> Needs:
    """Return what each site needs of each material, quarter by quarter."""
    periods = sorted({made["period"] for made in products})
    needs: Needs = defaultdict(lambda: dict.fromkeys(periods, 0.0))
    for made, held in product(products, bill):
        if made["product"] == held["product"]:
            amount = float(made["quantity"]) * float(held["quantity"])
            needs[made["site"], held["material"]][made["period"]] += amount
    return needs


def _time_offer(row: Row) -> Row:
    timed = {"from_period": row["from_period"] and quarters_of(row["from_period"])[0]}
    shares = [share.strip() for share in row["ramp_up"].split(";") if share]
    timed["ramp_up"] = "; ".join(share for share in shares for _ in range(QUARTERS))
    if row["fixed_cost_per_period"]:
        timed["fixed_cost_per_period"] = f"{float(row['fixed_cost_per_period']) / QUARTERS:.12g}"
    return row | timed


def _time_lane(row: Row) -> Row:
    days = days_on_the_way(row["note"])
    assumed = row["assumed"] if row["quality"] == "assumed" else _list(row["assumed"], "lead_time")
    note = f"{row['note']}; {days:.0f} days on the way" if days else row["note"]
    quarters = str(round(days / DAYS))
    ends = {column: row[column] for column in ("origin", "destination", "freight")}
    return ends | {"lead_time": quarters} | row | {"note": note, "assumed": assumed}


def _fill_stores(stores: list[Row], needs: Needs, offers: list[Row], lanes: list[Row]) -> Iterator[Row]:
    """Yield a store for every site and material, with what is needed before goods over the slowest lane are there."""
    material = {row["offer"]: row["material"] for row in offers}
    slowest: dict[tuple[str, str], int] = defaultdict(int)
    for lane in lanes:
        where = lane["destination"], material[lane["origin"]]
        slowest[where] = max(slowest[where], int(lane["lead_time"]))
    known = {(row["site"], row["material"]): row for row in stores}
    for (site, name), by_quarter in needs.items():
        need = list(by_quarter.values())
        there = known.get((site, name), {})
        waiting = sum(need[: slowest[site, name]])
        room = max(sum(need[:ROOM]), float(there.get("capacity", 0)))
        yield {
            "site": site,
            "material": name,
            "opening": f"{float(there.get('opening', 0)) + waiting:.12g}",
            "closing_minimum": there.get("closing_minimum", ""),
            "capacity": f"{room:.12g}",
            "holding_cost": there.get("holding_cost") or f"{HOLDING * _lowest_value(name, offers):.0f}",
            "note": _note_of_store(there, slowest[site, name]),
            "source": "no source",
            "year": "2027",
            "quality": "assumed",
        }


def _lowest_value(material: str, offers: list[Row]) -> float:
    """Return the lowest value per unit at which a material is sold refined; a charge for refining is none."""
    refined = [row for row in offers if (row["material"], row["stage"]) == (material, "refined")]
    return min(
        float(row["customs_value"] or row["price"]) for row in refined if row["customs_value"] or not row["yield"]
    )


def _note_of_store(there: Row, quarters: int) -> str:
    needs = "the first quarter needs" if quarters == 1 else f"the first {quarters} quarters need"
    on_top = f" on top of the {there['opening']} t of the yearly study" if there else ""
    opening = f"opening: what {needs}{on_top}, as no table has goods under way at the beginning"
    room = "room for half of the demand of 2027; holding cost about 5 % of the lowest value on offer"
    return f"{opening}; {room}" + ("; closing minimum as in the yearly study" if there else "")


def _list(names: str, another: str) -> str:
    return "; ".join(filter(None, (names, another)))


def _read(folder: Path, table: str) -> list[Row]:
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(folder: Path) -> None:
    """Write the quarterly instance into a folder; what stands there by hand is left alone."""
    folder.mkdir(exist_ok=True)
    made = make_tables(YEARLY)
    for path in sorted(YEARLY.glob("*.csv")):
        if path.stem not in made:
            shutil.copyfile(path, folder / path.name)
    for table, rows in made.items():
        with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    header = rewrite_header((YEARLY / "instance.toml").read_text("utf-8"))
    (folder / "instance.toml").write_text(header, "utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]) if sys.argv[1:] else QUARTERLY)
