"""Reference data as plain data: what is known of a material, a country or a bloc, and what there is."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from models.data import (
    TABLES,
    Distance,
    Governance,
    Intensity,
    Listed,
    Membership,
    Naming,
    Price,
    Reserve,
    Source,
    Stage,
    controls_of,
    find_material,
    governance_risks,
    list_supplies,
    material_names,
    read_rows,
    shares_by_control,
    supplies_of,
)
from models.records.countries import country_name, read_country
from models.records.substances import ATOMIC_WEIGHTS
from models.records.wording import format_exactly, suggest
from optimizer.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from models.data import Supply


def list_data() -> dict[str, Any]:
    """Return what there is: each supply of its newest year in short, and each table with its rows and years."""
    newest: dict[tuple[str, str], Supply] = {}
    for supply in list_supplies():
        newest.setdefault((supply.material, supply.stage), supply)
    return {
        "supply": [_summarise(supply) for supply in newest.values()],
        "tables": [{"table": name, "rows": len(read_rows(record))} for name, record in TABLES.items()],
        "sources": [row._asdict() for row in read_rows(Source)],
    }


def _summarise(supply: Supply) -> dict[str, Any]:
    first, share = next(iter(supply.shares.items()))
    return {
        "material": supply.material,
        "stage": supply.stage,
        "year": supply.year,
        "basis": supply.basis,
        "world": supply.world,
        "first": first,
        "share": share,
        "hhi": supply.hhi,
        "effective_countries": supply.effective,
        "risk_weighted_hhi": supply.risk_weighted,
        "source": supply.source,
    }


def describe_data(name: str) -> dict[str, Any]:
    """Return what is known under a name: of a material, also by its symbol (``Co``, not ``CO``), a country or a bloc.

    Raises:
        InputError: nothing has this name.
    """
    if (material := find_material(name) or _list_symbols().get(name.strip())) is not None:
        return describe_material(material)
    blocs = {row.bloc.casefold(): row.bloc for row in read_rows(Membership)}
    if (bloc := blocs.get(name.strip().casefold())) is not None:
        return describe_bloc(bloc)
    try:
        return describe_country(read_country(name))
    except ValueError as error:
        cure = suggest(name, {*material_names(), *blocs.values()})
        is_other = bool(cure) or "is not a country" in str(error)
        said = f"{name!r} is no material, country or bloc{cure}" if is_other else str(error)
        raise InputError([f"{said}; lodeplan data list names what there is"]) from None


def _list_symbols() -> dict[str, str]:
    """Return the materials that are counted by an element, by its symbol; the first where several are."""
    symbols = ((row.basis.partition(" ")[2], row.material) for row in (*read_rows(Stage), *read_rows(Price)))
    return {symbol: name for symbol, name in reversed(list(symbols)) if symbol in ATOMIC_WEIGHTS}


def describe_material(material: str) -> dict[str, Any]:
    """Return what is known of a material, by the name that the reference data give it."""
    supplies = supplies_of(material)
    named = {material, *_named_with(material)}
    prices = [row for row in read_rows(Price) if row.material == material]
    reserves = [row for row in read_rows(Reserve) if row.material in named]
    lists = [row for row in read_rows(Listed) if row.material in named]
    uses = [row for row in read_rows(Intensity) if row.material == material]
    controls = [row for one in dict.fromkeys(s.stage for s in supplies) for row in controls_of(material, one)]
    return {
        "material": material,
        "supply": [_describe_supply(supply) for supply in supplies],
        "control": [row._asdict() for row in controls],
        "prices": [row._asdict() for row in prices],
        "reserves": [row._asdict() for row in reserves],
        "lists": [row._asdict() for row in lists],
        "intensities": [row._asdict() for row in uses],
        "sources": _sources([*supplies, *controls, *prices, *reserves, *lists, *uses], risks=bool(supplies)),
    }


def _named_with(material: str) -> list[str]:
    """Return the other names under which tables hold a material, alone or with others."""
    row = next(row for row in read_rows(Naming) if row.material == material)
    return [name for names in (row.known_as, row.part_of) for name in names.split("; ") if name]


def _describe_supply(supply: Supply) -> dict[str, Any]:
    risks, controlled = governance_risks(), shares_by_control(supply)
    return {
        **_summarise(supply),
        "others": supply.others,
        "countries": [
            {"country": country, "quantity": quantity, "share": supply.shares[country], "risk": risks[country]}
            for country, quantity in supply.countries.items()
        ],
        "by_control": controlled and [{"country": who, "share": share} for who, share in controlled.items()],
    }


def describe_country(country: str) -> dict[str, Any]:
    """Return what is known of a country, by its code: how it is governed, what it belongs to and what it supplies."""
    governed = [row for row in read_rows(Governance) if row.country == country]
    blocs = [row for row in read_rows(Membership) if row.country == country]
    reserves = [row for row in read_rows(Reserve) if row.country == country]
    latest: dict[tuple[str, str], Supply] = {}
    for supply in list_supplies():
        latest.setdefault((supply.material, supply.stage), supply)
    supplied = [supply for supply in latest.values() if country in supply.countries]
    supplied.sort(key=lambda one: -one.shares[country])
    return {
        "country": country,
        "name": country_name(country),
        "risk": governance_risks().get(country),
        "governance": [row._asdict() for row in governed],
        "blocs": [row._asdict() for row in blocs],
        "supply": [
            {
                "material": one.material,
                "stage": one.stage,
                "year": one.year,
                "basis": one.basis,
                "quantity": one.countries[country],
                "share": one.shares[country],
                "rank": list(one.countries).index(country) + 1,
                "source": one.source,
            }
            for one in supplied
        ],
        "reserves": [row._asdict() for row in reserves],
        "ports": sorted({port for row in read_rows(Distance) for port in _ports_of(row, country)}),
        "sources": _sources([*governed, *blocs, *supplied, *reserves], risks=not governed),
    }


def _ports_of(row: Distance, country: str) -> list[str]:
    ends = ((row.origin_port, row.origin), (row.destination_port, row.destination))
    return [f"{port} {place}" for port, place in ends if port.startswith(country)]


def describe_bloc(bloc: str) -> dict[str, Any]:
    """Return the members of a bloc, those of today before those that left."""
    rows = [row for row in read_rows(Membership) if row.bloc == bloc]
    return {
        "bloc": bloc,
        "members": [row._asdict() for row in sorted(rows, key=lambda row: (row.until != "", row.country))],
        "sources": _sources(rows, risks=False),
    }


def list_rows(table: str) -> list[dict[str, Any]]:
    """Return all rows of one table of the reference data.

    Raises:
        InputError: there is no such table.
    """
    if table not in TABLES:
        raise InputError([f"{table!r} is no table of the reference data; there are {', '.join(TABLES)}"])
    return [row._asdict() for row in read_rows(TABLES[table])]


def list_tables(known: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Return what is known under a name as tables, each a list of rows: `supply` has a row for each country."""
    tables = {name: rows for name, rows in known.items() if isinstance(rows, list) and name != "ports"}
    if "material" in known:
        tables["supply"] = [
            {"stage": one["stage"], "year": one["year"], "basis": one["basis"], **row}
            for one in known["supply"]
            for row in one["countries"]
        ]
        tables["concentration"] = [
            {name: cell for name, cell in one.items() if name not in {"countries", "by_control"}}
            for one in known["supply"]
        ]
    return tables


def _sources(rows: Iterable[Any], *, risks: bool) -> list[dict[str, Any]]:
    """Return the sources of some rows, and that of the risks where those are told with them."""
    used = {row.source for row in rows} | ({row.source for row in read_rows(Governance)} if risks else set())
    return [row._asdict() for row in read_rows(Source) if row.source in used]


def format_csv(table: str) -> str:
    """Return one table of the reference data as CSV, as it stands in the package.

    Raises:
        InputError: there is no such table.
    """
    rows = list_rows(table)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(rows[0])
    writer.writerows(
        [format_exactly(cell) if isinstance(cell, float) else cell for cell in row.values()] for row in rows
    )
    return text.getvalue()
