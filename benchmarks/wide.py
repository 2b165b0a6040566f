"""Write a made-up instance of many offers, lanes and limits, to be read and checked and never solved.

Every material has mines, refiners that take their ore and sellers of metal; four lanes lead from each of them. Two
offers stand behind a company, and every second company has no owners. Figures are drawn from a seed, so the same
call always writes the same folder.
"""

from __future__ import annotations

import csv
import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OFFERS, LANES, LIMITS = 50_000, 200_000, 200

_MATERIALS = tuple(f"material-{number:02d}" for number in range(20))
_SITES = tuple(f"plant-{number:02d}" for number in range(50))
_PERIODS = ("2027", "2028", "2029", "2030")
_COUNTRIES = ("AU", "CL", "CN", "ID", "CD", "ZA", "US", "CA", "BR", "JP", "KR", "FI", "DE", "MA", "PE", "PH")
_BUYERS = ("US", "DE", "JP", "KR", "FR")
_ASKED = (
    'kind = "share_cap"\neach = "country"\nbasis = "place"\nstages = ["mined"]\nmax_share = 0.5',
    'kind = "share_cap"\neach = "country"\nbasis = "control"\nstages = ["mined"]\nmax_share = 0.6',
    'kind = "share_cap"\neach = "country"\nbasis = "place"\nstages = ["refined"]\nmax_share = 0.5',
    'kind = "share_cap"\neach = "country"\nbasis = "control"\nstages = ["refined"]\nmax_share = 0.6',
    'kind = "share_cap"\neach = "company"\nstages = ["refined"]\nmax_share = 0.4',
    'kind = "share_cap"\ncountry = "CN"\nbasis = "control"\nstages = ["refined"]\nmax_share = 0.4',
    'kind = "quantity_cap"\ncountry = "CN"\nbasis = "place"\nstages = ["refined"]\nmax_quantity = 20000',
    'kind = "quantity_floor"\ncountry = "US"\nbasis = "place"\nstages = ["refined"]\nmin_quantity = 100',
    'kind = "least_sources"\ncount = "company"\nstages = ["refined"]\nmin_sources = 3\ncounts_from = 0.001',
    'kind = "hhi_cap"\ncount = "country"\nbasis = "place"\nstages = ["refined"]\nmax_hhi = 0.4',
)
"""What is asked of every material."""

Row = tuple[object, ...]


def write(
    folder: Path, offers: int = OFFERS, lanes: int = LANES, limits: int = LIMITS, *, abroad: bool = False
) -> None:
    """Write an instance of about so many offers and lanes, and so many limits, into a new folder.

    With `abroad`, two offers in three and every lane are in another currency, of which rates change by the year, and
    offers in other units; one in five sells at another price and capacity in the second year.
    """
    folder.mkdir(parents=True)
    rng = random.Random(20_270_101)  # noqa: S311 (a benchmark keeps no secrets)
    each, outlets = offers // len(_MATERIALS), lanes // offers
    names = {material: [f"{material}-{number:05d}" for number in range(each)] for material in _MATERIALS}
    tables: dict[str, Iterator[Row]] = {
        "materials": _materials(),
        "sites": _sites(),
        "demand": _demand(),
        "offers": _offers(rng, names),
        "owners": _owners(rng, each),
        "lanes": _lanes(rng, names, outlets),
    }
    if abroad:
        tables |= {"rates": _rates(), "offers": _in_others(tables["offers"]), "lanes": _in_euros(tables["lanes"])}
        tables |= {"terms": _terms(names)}
    for table, rows in tables.items():
        with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)
    (folder / "instance.toml").write_text(_header(limits, "start = 2027-01-01" if abroad else ""), encoding="utf-8")


def _header(limits: int, start: str) -> str:
    lines = ['name = "wide"', 'title = "Made up to be read"', 'currency = "USD"', 'mass_unit = "t"']
    lines += ["as_of = 2027-01-01", start]
    lines += [f'[[periods]]\nname = "{period}"\nyears = 1' for period in _PERIODS]
    for number in range(limits):
        material, asked = _MATERIALS[number // len(_ASKED) % len(_MATERIALS)], _ASKED[number % len(_ASKED)]
        lines.append(f'[limits.limit-{number:03d}]\n{asked}\nmaterials = ["{material}"]\nhard = true')
    return "\n".join(lines) + "\n"


def _materials() -> Iterator[Row]:
    yield "material", "stages", "basis", "shortage_cost"
    for material in _MATERIALS:
        yield material, "mined; refined", f"t {material}", 300_000


def _sites() -> Iterator[Row]:
    yield "site", "country"
    for number, site in enumerate(_SITES):
        yield site, _BUYERS[number % len(_BUYERS)]


def _demand() -> Iterator[Row]:
    yield "site", "material", "period", "quantity"
    for material in _MATERIALS:
        for number, site in enumerate(_SITES):
            for period in _PERIODS:
                yield site, material, period, 1000 + 10 * number


def _offers(rng: random.Random, names: dict[str, list[str]]) -> Iterator[Row]:
    yield (
        "offer", "company", "material", "stage", "country", "capacity", "price", "yield", "fixed_cost", "minimum_take",
        "source", "year",
    )  # fmt: skip
    for material, all_of_it in names.items():
        mines, works, _ = _by_stage(all_of_it)
        for number, name in enumerate(all_of_it):
            mined = number < len(mines)
            fed = not mined and number < len(mines) + len(works)
            capacity, signed = rng.randrange(50, 400), rng.random() < 0.1  # noqa: PLR2004 (one contract in ten)
            yield (
                name, _company(material, number // 2), material, "mined" if mined else "refined",
                rng.choice(_COUNTRIES), capacity, round(rng.uniform(1_000, 60_000), 2),
                round(rng.uniform(0.8, 0.97), 3) if fed else "", rng.randrange(1_000, 90_000) if signed else "",
                capacity // 5 if signed else "", "made up", 2026,
            )  # fmt: skip


def _in_others(rows: Iterator[Row]) -> Iterator[Row]:
    """Yield offers, a third of them in pounds and euros, and a third in kilograms and yuan."""
    yield *next(rows), "basis", "currency"
    for number, (name, company, material, *rest) in enumerate(rows):
        others = [("", ""), (f"lb {material}", "EUR"), (f"kg {material}", "CNY")]
        yield name, company, material, *rest, *others[number % 3]


def _in_euros(rows: Iterator[Row]) -> Iterator[Row]:
    yield *next(rows), "currency"
    for row in rows:
        yield *row, "EUR"


def _terms(names: dict[str, list[str]]) -> Iterator[Row]:
    yield "offer", "period", "price", "capacity"
    for all_of_it in names.values():
        for number, name in enumerate(all_of_it[::5]):
            yield name, _PERIODS[1], 20_000 + number, 100 + number % 50


def _rates() -> Iterator[Row]:
    yield "currency", "rate", "from_date"
    for number, period in enumerate(_PERIODS):
        yield "EUR", 1.05 + number / 100, f"{period}-01-01"
        yield "CNY", 0.14 - number / 500, f"{period}-01-01"


def _owners(rng: random.Random, each: int) -> Iterator[Row]:
    yield "company", "country", "share"
    for material in _MATERIALS:
        for number in range(0, each // 2, 2):
            for country, share in zip(rng.sample(_COUNTRIES, 2), (0.6, 0.4), strict=True):
                yield _company(material, number), country, share


def _lanes(rng: random.Random, names: dict[str, list[str]], outlets: int) -> Iterator[Row]:
    yield "origin", "destination", "freight", "capacity", "lead_time"
    for all_of_it in names.values():
        mines, works, metal = _by_stage(all_of_it)
        for sellers, ends in ((mines, works), ([*works, *metal], _SITES)):
            for seller in sellers:
                for end in rng.sample(ends, outlets):
                    capacity = rng.randrange(20, 100) if rng.random() < 0.1 else ""  # noqa: PLR2004 (one lane in ten)
                    yield seller, end, round(rng.uniform(10, 400), 2), capacity, int(rng.random() < 0.1)  # noqa: PLR2004


def _by_stage(names: list[str]) -> tuple[list[str], list[str], list[str]]:
    """Part the offers of a material into mines, refiners that are fed, and sellers of metal."""
    half, quarter = len(names) // 2, 3 * len(names) // 4
    return names[:half], names[half:quarter], names[quarter:]


def _company(material: str, number: int) -> str:
    return f"{material} company {number}"
