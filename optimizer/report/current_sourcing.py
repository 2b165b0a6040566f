"""What hangs on whom as bought today: as a sentence, as text, as rows and as plain data."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

import pandas as pd

from models.records.countries import UNDISCLOSED, country_name
from models.records.wording import format_amount, format_count, format_share, list_some
from optimizer.report.layout import blank_repeats, format_table, wrap
from optimizer.tables.frames import csv_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.limits import Limit, Reading
    from optimizer.results.current_sourcing import CurrentSourcing, Dependency

_SHOWN = 5
"""Countries or companies of a stage that the text tells; the smaller ones are told together."""
_TAKEN = {
    "earlier": "what the table earlier says",
    "commitments": "what the table commitments says",
    "incumbent_quantity": "incumbent_quantity of the offers",
}


def answer_exposure(sourcing: CurrentSourcing) -> str:
    """Say in a few sentences what most hangs on whom, what is undisclosed, and how many caps are broken."""
    countries = [one for one in sourcing.dependencies if one.basis != "company"]
    known = [one for one in countries if one.who != UNDISCLOSED]
    first = max(known or countries, key=lambda one: one.share)
    hidden = max((one for one in countries if one.who == UNDISCLOSED), key=lambda one: one.share, default=None)
    hangs = (
        f"{sourcing.instance.title}: as bought today ({_TAKEN[sourcing.source]}), {format_share(first.share)} of "
        f"{first.stage} {first.material} hangs on {_name(first)} by {first.basis}{_up_to(first)}."
    )
    said = [hangs]
    if hidden is not None:
        said.append(
            f"Undisclosed is as much as {format_share(hidden.share)} ({hidden.stage} {hidden.material} by "
            f"{hidden.basis})."
        )
    broken, caps = len(sourcing.broken), len(sourcing.limits)
    said.append(f"It breaks {broken} of {format_count(caps, 'caps')}." if caps else "The instance has no cap to break.")
    return " ".join([*said, *_left_out(sourcing)])


def _left_out(sourcing: CurrentSourcing) -> Iterator[str]:
    if sourcing.not_bought:
        yield f"Nothing is bought today of {list_some(sourcing.not_bought)}."
    for material, stage, share in sourcing.unfed:
        yield f"{format_share(share)} of what was {stage} for {material} is not stated, and in no share."
    if sourcing.left_out:
        yield f"{format_count(sourcing.left_out, 'caps')} on some sites or on products cannot be told by it."


def _up_to(row: Dependency) -> str:
    return f", up to {format_share(row.at_most)} with what is undisclosed" if row.at_most > row.share else ""


def _name(row: Dependency) -> str:
    return row.who if row.basis == "company" and row.who != UNDISCLOSED else country_name(row.who)


def format_exposure(sourcing: CurrentSourcing) -> str:
    """Return the answer, the table and the caps that are broken, as text."""
    heading = ["material", "stage", "by", "on", f"bought [{sourcing.instance.mass_unit}]", "share", "at most"]
    rows: list[list[str]] = []
    for _, group in groupby(sourcing.dependencies, key=lambda one: one[:3]):
        rows += _shown(list(group))
    parts = [wrap(answer_exposure(sourcing)), format_table(heading, blank_repeats(rows, columns=3), left=4)]
    if sourcing.broken:
        parts.append("\n".join(["Broken by what is bought today:", *(_say(*one) for one in sourcing.broken)]))
    return "\n\n".join(parts) + "\n"


def _shown(group: list[Dependency]) -> Iterator[list[str]]:
    known = [one for one in group if one.who != UNDISCLOSED]
    told, rest = (known, []) if len(known) <= _SHOWN + 1 else (known[:_SHOWN], known[_SHOWN:])
    for one in [*told, *(one for one in group if one.who == UNDISCLOSED)]:
        yield [*one[:3], _name(one), format_amount(one.quantity), format_share(one.share), format_share(one.at_most)]
        if rest and one == told[-1]:
            units, share = sum(other.quantity for other in rest), sum(other.share for other in rest)
            yield [*one[:3], f"{len(rest)} others", format_amount(units), format_share(share), ""]


def _say(limit: Limit, reading: Reading) -> str:
    key = reading.key
    where = " / ".join(filter(None, (key.material, key.stage, key.who, key.period)))
    if limit.UNIT == "share":
        used, allowed, hidden = map(format_share, (reading.used, reading.allowed, reading.undisclosed))
    else:
        used, allowed, hidden = map(format_amount, (reading.used, reading.allowed, reading.undisclosed))
    unknown = f", {hidden} of it undisclosed" if reading.undisclosed > 0 else ""
    return wrap(f"{limit.name} ({where}): {used}{unknown}, and {allowed} is allowed", first=2, later=4)


def list_dependencies(sourcing: CurrentSourcing) -> list[dict[str, Any]]:
    """Return what hangs on whom, a row each."""
    mass = f"quantity [{sourcing.instance.mass_unit}]"
    return [
        {mass if name == "quantity" else name: cell for name, cell in row._asdict().items()}
        for row in sourcing.dependencies
    ]


def list_broken(sourcing: CurrentSourcing) -> list[dict[str, Any]]:
    """Return the caps that are broken, a row each."""
    return [
        {
            "limit": limit.name,
            "material": reading.key.material,
            "stage": reading.key.stage,
            "period": reading.key.period,
            "who": reading.key.who,
            "used": reading.used,
            "undisclosed": reading.undisclosed,
            "allowed": reading.allowed,
        }
        for limit, reading in sourcing.broken
    ]


def exposure_as_data(sourcing: CurrentSourcing) -> dict[str, Any]:
    """Return all of it as plain data."""
    return {
        "answer": answer_exposure(sourcing),
        "taken_from": sourcing.source,
        "mass_unit": sourcing.instance.mass_unit,
        "exposure": [row._asdict() for row in sourcing.dependencies],
        "broken": list_broken(sourcing),
        "caps": len(sourcing.limits),
        "caps_left_out": sourcing.left_out,
        "not_bought": list(sourcing.not_bought),
        "not_stated": [{"material": one, "stage": stage, "share": share} for one, stage, share in sourcing.unfed],
    }


def exposure_as_csv(sourcing: CurrentSourcing) -> str:
    """Return what hangs on whom as CSV."""
    return csv_text(pd.DataFrame(list_dependencies(sourcing)))
