"""The tables of a plan, tidy: one fact a row, units in the headers.

Each function returns a pandas DataFrame whose columns are listed in its docstring; quantities are in
the instance's mass unit of the material's basis, money in its currency, shares from 0 to 1.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, TextIO

import pandas as pd

from models.limits.share_cap import ShareCap
from models.market.costs import COSTS
from models.market.price_schedule import schedules
from models.records.tolerances import RECOUNTED, RESIDUE
from optimizer.files.cells import protect

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from models.instance import Instance
    from models.limits import Limit, Reading
    from optimizer.account import Account

PLAN_TABLES = ("purchases", "contracts", "exposure", "limits", "costs", "stock")


def plan_tables(instance: Instance, account: Account) -> dict[str, pd.DataFrame]:
    """Return every table of a plan by name, in the order of `PLAN_TABLES`."""
    mass, money = f"[{instance.mass_unit}]", f"[{instance.currency}]"
    return {
        "purchases": purchases(account, mass, money),
        "contracts": contracts(account, mass, money),
        "exposure": exposure(account, mass),
        "limits": limits(account, instance.mass_unit, instance.currency),
        "costs": costs(account, money),
        "stock": stock(account, mass),
    }


def plan_rows(instance: Instance, account: Account) -> dict[str, list[dict[str, Any]]]:
    """Return every table of a plan as rows of plain data: columns without their units, what is empty as None.

    The table of costs is called `costs_by_material`, as a summary calls the sums `costs`.
    """
    rows: dict[str, list[dict[str, Any]]] = {}
    for name, frame in plan_tables(instance, account).items():
        plain = frame.rename(columns=lambda heading: heading.partition(" [")[0].replace(" ", "_")).astype(object)
        cells = plain.where(plain.notna(), None).to_dict("records")
        called = "costs_by_material" if name == "costs" else name
        rows[called] = [{str(column): cell for column, cell in row.items()} for row in cells]
    return rows


def purchases(account: Account, mass: str, money: str) -> pd.DataFrame:
    """One row a flow: offer, company, material, basis, stage, country, destination, period, arrives, quantity, costs.

    The cost of a purchase is its part of what the offer costs in the period, fixed costs apart. The last column
    names the licences that it needs.
    """
    schedule_of = schedules(account.market)
    rows = []
    for (origin, destination, period), units in sorted(account.plan.flow.items()):
        offer, way = account.market.offer[origin], account.network.lanes[origin, destination]
        price = offer.price
        if origin in schedule_of:
            bought, years = account.quantity[origin, period], account.market.years[period]
            price = schedule_of[origin].cost(bought, years, RESIDUE * bought) / bought if bought else 0.0
        rows.append(
            {
                "offer": origin,
                "company": offer.company,
                "material": offer.material,
                "basis": account.market.material[offer.material].basis,
                "stage": offer.stage,
                "country": offer.country,
                "destination": destination,
                "period": period,
                "arrives": account.network.arrival.get((origin, destination, period), period),
                f"quantity {mass}": units,
                f"purchase {money}": price * units if offer.yield_ is None else 0.0,
                f"processing {money}": 0.0 if offer.yield_ is None else price * units,
                f"freight {money}": way.freight * units,
                f"duty {money}": way.duty * units,
                "licence": "; ".join(account.network.licences.get((origin, destination), ())),
            }
        )
    columns = ["offer", "company", "material", "basis", "stage", "country", "destination", "period", "arrives"]
    money_columns = [f"{name} {money}" for name in ("purchase", "processing", "freight", "duty")]
    return pd.DataFrame(rows, columns=[*columns, f"quantity {mass}", *money_columns, "licence"])


def suppliers(account: Account) -> pd.DataFrame:
    """One row an offer that is bought: material, stage, offer, company, country, quantity, cost of a unit.

    Over the whole horizon, the largest first; the cost counts purchase or processing, freight and duty.
    """
    frame = purchases(account, "", "")
    spent = frame[["purchase ", "processing ", "freight ", "duty "]].sum(axis=1)
    frame = frame.assign(quantity=frame["quantity "], spent=spent)
    keys = ["material", "stage", "offer", "company", "country"]
    bought = frame.groupby(keys, sort=False, as_index=False)[["quantity", "spent"]].sum()
    bought = bought.assign(unit_cost=bought["spent"] / bought["quantity"])
    order = {key: i for i, key in enumerate(account.exposure.passing)}
    place = [order[key] for key in zip(bought["material"], bought["stage"], strict=True)]
    return bought.assign(place=place).sort_values(["place", "quantity", "offer"], ascending=[True, False, True])


def contracts(account: Account, mass: str, money: str) -> pd.DataFrame:
    """One row an offer that is bought or signed: its terms, and what is taken over the horizon."""
    rows = []
    for offer in account.market.offers:
        window = account.market.window(offer)
        bought = sum(account.quantity[offer.offer, period] for period in window)
        signed = account.plan.signed.get(offer.offer, bought > 0)
        if not (signed or bought > 0):
            continue
        least = sum(account.network.least.get((offer.offer, period), 0.0) for period in window)
        capacity = sum(account.network.available[offer.offer, period] for period in window)
        running = sum(1 for period in window if account.quantity[offer.offer, period] > 0)
        rows.append(
            {
                "offer": offer.offer,
                "company": offer.company,
                "material": offer.material,
                "stage": offer.stage,
                "country": offer.country,
                "signed": "yes" if signed else "no",
                f"quantity {mass}": bought,
                f"minimum take {mass}": least,
                f"capacity {mass}": None if offer.capacity is None else capacity,
                "capacity used [share]": None if offer.capacity is None else bought / capacity if capacity else 0.0,
                f"fixed cost {money}": offer.fixed_cost * signed + offer.fixed_cost_per_period * running,
                f"opening cost {money}": offer.opening_cost * signed,
            }
        )
    columns = ["offer", "company", "material", "stage", "country", "signed"]
    amounts = [f"quantity {mass}", f"minimum take {mass}", f"capacity {mass}", "capacity used [share]"]
    return pd.DataFrame(rows, columns=[*columns, *amounts, f"fixed cost {money}", f"opening cost {money}"])


def exposure(account: Account, mass: str) -> pd.DataFrame:
    """One row a (material, stage, period, basis, country): quantity, what arrives of it, share, tightest cap, counted.

    The quantity is what is bought there, and the share is one of what arrives of it at the last stage, behind all
    yields. The period is empty for the whole horizon; the country is `ZZ` for what nobody declared, which a cap may
    count against every country.
    """
    caps = _tightest_caps(account)
    periods = list(account.market.years)
    spans = [(period, (period,)) for period in periods] + ([("", tuple(periods))] if len(periods) > 1 else [])
    rows: list[dict[str, Any]] = []
    for material, stage in account.exposure.passing:
        for label, inside in spans:
            whole = sum(account.supplied[material, stage, period] for period in inside)
            for basis in ("place", "control"):
                attribution = partial(account.exposure.attribution, account, basis, material, stage, inside)
                bought = attribution().held()
                for country, units in sorted(attribution(arriving=True).held().items()):
                    cap, counted = caps.get((basis, material, stage, country, label), (None, None))
                    if units > RECOUNTED * whole or cap is not None:
                        rows.append(
                            {
                                "material": material,
                                "stage": stage,
                                "period": label,
                                "basis": basis,
                                "country": country,
                                f"quantity {mass}": bought[country],
                                f"arriving {mass}": units,
                                "share": units / whole if whole else 0.0,
                                "cap": cap,
                                "counted": counted,
                            }
                        )
    keys, amounts = ["material", "stage", "period", "basis", "country"], [f"quantity {mass}", f"arriving {mass}"]
    columns = [*keys, *amounts, "share", "cap", "counted"]
    return pd.DataFrame(rows, columns=columns).astype({"cap": "float64", "counted": "float64"})


def _tightest_caps(account: Account) -> dict[tuple[str, ...], tuple[float, float]]:
    """Return (allowed, counted) of the share cap with least room, by (basis, material, stage, who, period)."""
    caps: dict[tuple[str, ...], tuple[float, float]] = {}
    for limit, reading in account.readings:
        if not isinstance(limit, ShareCap) or limit.watch or limit.basis is None:
            continue
        key = (limit.basis, reading.key.material, reading.key.stage, reading.key.who, reading.key.period)
        allowed, counted = caps.get(key, (float("inf"), 0.0))
        if reading.allowed - reading.used < allowed - counted:
            caps[key] = (reading.allowed, reading.used)
    return caps


def limits(account: Account, mass: str, money: str) -> pd.DataFrame:
    """One row a row of a limit: what it allows, what the plan uses, what is left, whether it binds.

    Undisclosed is what of the use hangs on nobody's word: by so much it would be less (of a floor, more) if what
    nobody declared did not count. Used, undisclosed, allowed and slack are in `unit`. The excess of a soft limit is in
    `excess unit`: shares are broken by an amount.
    """
    rows = [
        {
            "limit": limit.name,
            "kind": limit.kind,
            **reading.key._asdict(),
            "sense": limit.SENSE,
            "unit": limit.unit(mass, money),
            "used": 0.0 if reading.idle else reading.used,
            "undisclosed": reading.undisclosed,
            "allowed": reading.allowed,
            "slack": slack(limit, reading),
            "binding": "yes" if binds(limit, reading) else "no",
            "firm": limit.strictness,
            "excess": 0.0 if limit.hard else reading.excess,
            "excess unit": limit.excess_unit(mass, money),
        }
        for limit, reading in account.readings
    ]
    columns = ["limit", "kind", "material", "stage", "who", "period", "sense", "unit", "used", "undisclosed", "allowed"]
    return pd.DataFrame(rows, columns=[*columns, "slack", "binding", "firm", "excess", "excess unit"])


def slack(limit: Limit, reading: Reading) -> float:
    """Return what is left of a limit, in the unit of its level; below zero where a soft one gives."""
    left = reading.allowed - reading.used if limit.SENSE == "at most" else reading.used - reading.allowed
    return 0.0 if abs(left) <= _rounding(limit, reading) else left


def binds(limit: Limit, reading: Reading) -> bool:
    """Whether a plan uses all that a limit allows, but for rounding.

    A limit that allows nothing, and of which nothing is used, is not said to bind here: only a solve
    without it can tell.
    """
    says_something = not limit.watch and not reading.idle and (reading.allowed > 0 or reading.used > 0)
    return says_something and slack(limit, reading) <= 0


def _rounding(limit: Limit, reading: Reading) -> float:
    return RECOUNTED * max(abs(reading.allowed), abs(reading.used), 1.0 if limit.UNIT == "share" else 0.0)


def costs(account: Account, money: str) -> pd.DataFrame:
    """One row a (cost, material), in the order of the costs; what no material bears has an empty one."""
    amounts = dict(account.costs_by_material)
    if account.penalty:
        amounts["penalty", ""] = account.penalty
    rows = [
        {"cost": name, "material": material, f"amount {money}": amount}
        for (name, material), amount in sorted(amounts.items(), key=lambda item: (COSTS.index(item[0][0]), item[0][1]))
    ]
    return pd.DataFrame(rows, columns=["cost", "material", f"amount {money}"])


def stock(account: Account, mass: str) -> pd.DataFrame:
    """One row a (site, material, period): what stood there, arrived, was needed, unmet, and is left."""
    columns = ["site", "material", "period"]
    amounts = ["opening", "arrived", "demand", "unmet", "closing"]
    return pd.DataFrame(_balance(account), columns=[*columns, *amounts]).rename(
        columns={name: f"{name} {mass}" for name in amounts}
    )


def _balance(account: Account) -> Iterator[tuple[str, str, str, float, float, float, float, float]]:
    standing = {(record.site, record.material): record.opening for record in account.market.stock}
    for node, need in account.network.nodes.items():
        site, material, period = node
        opening = standing.get((site, material), 0.0)
        closing = account.plan.stock.get(node, 0.0)
        yield (
            site,
            material,
            period,
            opening,
            account.arrived.get(node, 0.0),
            need,
            account.plan.unmet.get(node, 0.0),
            closing,
        )
        standing[site, material] = closing


def to_csv(frame: pd.DataFrame, path: Path | TextIO) -> None:
    """Write a table with its texts made harmless to spreadsheets and its numbers to twelve digits."""
    safe = frame.copy()
    for column in safe.columns:
        if safe[column].dtype.kind not in "fiu":
            safe[column] = safe[column].map(lambda cell: protect(cell) if isinstance(cell, str) else cell)
    safe.to_csv(path, index=False, encoding="utf-8", lineterminator="\n", float_format="%.12g")
