"""Reference data as text: what there is, and what is known of a material, a country or a bloc."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from models.data import WORLD
from models.records.countries import country_name
from models.records.wording import format_amount, format_share, format_units, list_some
from optimizer.report.data import describe_data, list_data
from optimizer.report.layout import format_table, wrap

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_SHOWN = 10
"""Countries that a table tells; the smaller ones are told together."""
_FINER = 2
"""Digits to which two indices are compared."""
_LEADING = 3
"""Countries, or materials, that a sentence tells."""
_BATTERY = "battery "
"""How the names of batteries begin, behind which stands their chemistry."""


def format_list() -> str:
    """Return what the reference data hold, in lines of 80 columns."""
    known = list_data()
    rows = [
        [
            one["material"],
            one["stage"],
            str(one["year"]),
            format_amount(one["world"]),
            country_name(one["first"]),
            format_share(one["share"]),
            f"{one['hhi']:.2f}",
        ]
        for one in known["supply"]
    ]
    heading = ["material", "stage", "year", "world [t]", "first", "share", "HHI"]
    tables = ", ".join(f"{one['table']} ({one['rows']})" for one in known["tables"])
    parts = [
        format_table(heading, rows, left=2),
        wrap(f"Tables (rows): {tables}.", later=2),
        wrap(
            "lodeplan data show graphite says who supplies it, how concentrated that is, and at what price; data show "
            "CN or EU, what is known of a country or bloc; data table production prints a table as CSV."
        ),
        _format_sources(known["sources"]),
    ]
    return "\n\n".join(parts) + "\n"


def describe_in_short(known: dict[str, Any]) -> str:
    """Say in a sentence or two what is known of a material, a country or a bloc, or what there is in all."""
    if "tables" in known:
        many = len({one["material"] for one in known["supply"]})
        return f"Who supplies {many} materials, with prices, reserves, governance and distances; each with its source."
    if "material" in known:
        firsts = [
            f"{one['stage']} {one['year']}: {country_name(one['first'])} {format_share(one['share'])}"
            for one in known["supply"]
        ]
        return f"{known['material']}: {'; '.join(firsts) if firsts else 'who supplies it is not known here'}."
    if "name" in known:
        leads = [f"{one['stage']} {one['material']} {format_share(one['share'])}" for one in known["supply"][:_LEADING]]
        return f"{known['name']}: {'; '.join(leads) if leads else 'no supply of it is named here'}."
    return f"{known['bloc']}: {sum(not one['until'] for one in known['members'])} members."


def format_data(name: str) -> str:
    """Return what is known under a name, of a material, a country or a bloc, in lines of 80 columns.

    Raises:
        InputError: nothing has this name.
    """
    known = describe_data(name)
    body = (
        _list_material(known) if "material" in known else _list_country(known) if "name" in known else _list_bloc(known)
    )
    return "\n\n".join([*body, _format_sources(known["sources"])]) + "\n"


def _list_material(known: dict[str, Any]) -> Iterator[str]:
    yield known["material"]
    if not known["supply"]:
        yield "Who supplies it is not known here."
    for stage in dict.fromkeys(one["stage"] for one in known["supply"]):
        yield from _list_stage([one for one in known["supply"] if one["stage"] == stage], known["control"])
    if known["prices"]:
        yield _format_prices(known["prices"])
    if known["reserves"]:
        yield _format_reserves(known["reserves"])
    listed = sorted({one["list"] for one in known["lists"]})
    yield wrap(f"Lists: {'; '.join(listed) if listed else 'on none that is known here'}.", later=2)
    if known["intensities"]:
        yield _format_intensities(known["intensities"])


def _list_stage(years: Sequence[dict[str, Any]], controls: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Yield who supplies a stage, how concentrated it is, and who controls it, beside the year before."""
    now, before = years[0], (years[1] if len(years) > 1 else None)
    shown = now["countries"][:_SHOWN]
    then = {one["country"]: one["share"] for one in before["countries"]} if before else {}
    rows = [
        [
            country_name(one["country"]),
            format_units(one["quantity"]),
            format_share(one["share"]),
            *([format_share(then.get(one["country"], 0.0))] if before else []),
            f"{one['risk']:.1f}",
        ]
        for one in shown
    ]
    rest = now["countries"][_SHOWN:]
    if rest:
        share = sum(one["share"] for one in rest)
        past = [format_share(sum(then.get(one["country"], 0.0) for one in rest))] if before else []
        rows.append(
            [f"{len(rest)} more", format_units(sum(one["quantity"] for one in rest)), format_share(share), *past, ""]
        )
    if now["others"] > 0:
        past = [format_share(before["others"])] if before else []
        rows.append(["not named", format_units(now["others"] * now["world"]), format_share(now["others"]), *past, ""])
    heading = ["country", f"{now['year']} [t]", "share", *([f"share {before['year']}"] if before else []), "risk"]
    title = f"{now['stage'].capitalize()} {now['year']}: the world {format_amount(now['world'])} {now['basis']}"
    yield f"{title}\n\n{format_table(heading, rows, left=1)}"
    yield wrap(_describe_concentration(now, before))
    yield wrap(_describe_control(now, [one for one in controls if one["stage"] == now["stage"]]))


def _describe_concentration(now: dict[str, Any], before: dict[str, Any] | None) -> str:
    """Say how concentrated a stage is, and whether it is more so than the year before."""
    said = (
        f"HHI {now['hhi']:.3f} at least, as if {now['effective_countries']:.1f} countries had equal shares; "
        f"weighted by risk (0 the best governed, 10 the worst) {now['risk_weighted_hhi']:.2f}."
    )
    if before is None:
        return f"{said} No year before is known here."
    moved = round(now["hhi"] - before["hhi"], _FINER)
    trend = "nearly the same" if moved == 0 else "less" if moved > 0 else "more"
    return f"{said} In {before['year']} it was {trend}: {before['hhi']:.3f}."


def _describe_control(now: dict[str, Any], controls: Sequence[dict[str, Any]]) -> str:
    """Say who controls a stage, as far as it is known, and what is not."""
    if not controls:
        return "By control: who owns what is not known here."
    facts = "; ".join(
        f"{country_name(one['owner'])} {format_share(one['share'])} of "
        f"{'the world' if one['host'] == WORLD else country_name(one['host'])} ({one['year']}, {one['note']})"
        for one in controls
    )
    if now["by_control"] is None or any(one["host"] == WORLD for one in controls):
        return f"By control: {facts}. Nothing more is known here."
    leading = list_some(
        [f"{country_name(one['country'])} {format_share(one['share'])}" for one in now["by_control"][:_LEADING]]
    )
    return f"By control: {leading}, as {facts}; all else is counted where it stands."


def _format_prices(prices: Sequence[dict[str, Any]]) -> str:
    kinds = dict.fromkeys((one["stage"], one["quote"], one["basis"]) for one in prices)
    years = sorted({one["year"] for one in prices})
    found = {(one["stage"], one["quote"], one["year"]): one["usd"] for one in prices}
    rows = [
        [quote, *(format_amount(found[stage, quote, year]) if (stage, quote, year) in found else "" for year in years)]
        for stage, quote, _ in kinds
    ]
    basis = list_some([f"{stage}, USD per {basis}" for stage, _, basis in kinds])
    return f"Price, {basis}\n\n{format_table(['quote', *map(str, years)], rows, left=1)}"


def _format_reserves(reserves: Sequence[dict[str, Any]]) -> str:
    world = next((one["quantity"] for one in reserves if one["country"] == WORLD), None)
    named = [one for one in reserves if one["country"] != WORLD]
    whole = max(world or 0.0, sum(one["quantity"] for one in named))
    said = ", ".join(
        f"{country_name(one['country'])} {format_share(one['quantity'] / whole)}" for one in named[:_SHOWN]
    )
    first = reserves[0]
    of = "in the world" if world is not None else "in the countries that are named"
    return wrap(f"Reserves {first['year']}: {format_amount(whole)} {first['basis']} {of}; {said}.", later=2)


def _format_intensities(uses: Sequence[dict[str, Any]]) -> str:
    """Return how much of a material technologies hold: of batteries the least and the most."""
    batteries = sorted((one for one in uses if one["technology"].startswith(_BATTERY)), key=lambda one: one["quantity"])
    others = [one for one in uses if one not in batteries]
    said = [f"{one['technology']} {format_amount(one['quantity'])} {one['unit']}" for one in others]
    if batteries:
        ends = [
            f"{format_amount(one['quantity'], -3)} {one['unit']} ({one['technology'].removeprefix(_BATTERY)})"
            for one in (batteries[0], batteries[-1])
        ]
        said.insert(0, f"batteries, by chemistry {' to '.join(ends)}")
    return wrap(f"In technology: {'; '.join(said)}.", later=2)


def _list_country(known: dict[str, Any]) -> Iterator[str]:
    yield f"{known['name']} ({known['country']})"
    if known["risk"] is None:
        yield "How it is governed is not known here."
    else:
        year = f" ({known['governance'][0]['year']})" if known["governance"] else ", that of another state"
        yield wrap(f"Governance: risk {known['risk']:.2f} of 10{year}; 0 is the best governed.")
    blocs = [f"{one['bloc']} since {one['since']}{one['until'] and ' until '}{one['until']}" for one in known["blocs"]]
    yield wrap(f"Blocs: {'; '.join(blocs) if blocs else 'none that is known here'}.", later=2)
    rows = [
        [
            one["material"],
            one["stage"],
            str(one["year"]),
            f"{format_units(one['quantity'])} {one['basis']}",
            format_share(one["share"]),
            str(one["rank"]),
        ]
        for one in known["supply"]
    ]
    if rows:
        yield format_table(["material", "stage", "year", "supplies", "share", "rank"], rows, left=2)
    else:
        yield "No supply of it is named here."
    if known["reserves"]:
        said = ", ".join(
            f"{one['material']} {format_amount(one['quantity'])} {one['basis']}" for one in known["reserves"]
        )
        yield wrap(f"Reserves: {said}.", later=2)


def _list_bloc(known: dict[str, Any]) -> Iterator[str]:
    yield known["bloc"]
    rows = [[country_name(one["country"]), one["country"], one["since"], one["until"]] for one in known["members"]]
    yield format_table(["country", "code", "since", "until"], rows, left=2)


def _format_sources(sources: Sequence[dict[str, Any]]) -> str:
    """Return where figures come from and on which terms they may be passed on, a paragraph each."""
    lines = ["Sources"]
    for one in sources:
        note = f" ({one['note']})" if one["note"] else ""
        said = f"{one['publisher']}: {one['title']}, {one['year']}{note}; {one['found']}; licence: {one['licence']}"
        lines.append(wrap(said, 2, 4))
    return "\n".join(lines)
