"""Read a plan folder as one side of a comparison."""

from __future__ import annotations

import math
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from models.limits import KINDS
from models.market.costs import COSTS
from models.records.messages import suggest_or_list
from models.records.tolerances import RECOUNTED
from models.records.wording import format_apart, quote, suggest
from optimizer.caveats import caveats_in
from optimizer.errors import InputError
from optimizer.folders.place import SUMMARY
from optimizer.folders.plan_folder import PlanFolder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from optimizer.folders.plan_folder import Cells
    from optimizer.report.side import Side

_WORDS = {
    ("exposure", "basis"): ("place", "control"),
    ("limits", "sense"): ("at most", "at least"),
    ("limits", "binding"): ("yes", "no"),
    ("costs", "cost"): COSTS,
}
"""By table and column: the words that it may hold."""
_TEXTS = ("title", "currency", "mass_unit", "status")


def read_side(folder: Path) -> Side:
    """Return the plan in a folder as one side of a comparison.

    Raises:
        InputError: with one line for everything that cannot be read.
    """
    from optimizer.report.side import COMPARED, Side, typed, unmet_of

    files = PlanFolder(folder, units_of=SUMMARY)
    summary = files.summary()
    files.problems += _faults(summary) if summary else ()
    _must_be_clean(files)
    files.units = (summary["mass_unit"], summary["currency"])
    rows = {name: list(_rows(files, name)) for name in COMPARED}
    _must_be_clean(files)
    tables = {name: typed(name, rows[name]) for name in COMPARED}
    side = Side(
        title=summary["title"],
        currency=summary["currency"],
        mass_unit=summary["mass_unit"],
        proven=summary["status"] == "proven",
        cost=float(summary["cost"]),
        bound=-math.inf if summary["bound"] is None else float(summary["bound"]),
        notes=tuple(summary.get("notes", ())),
        caveats=replace(caveats_in(summary), unmet=unmet_of(tables)),
        tables=tables,
    )
    parts = float(side.tables["costs"]["amount"].sum())
    if abs(parts - side.cost) > RECOUNTED * max(abs(parts), abs(side.cost)):
        added, claimed = format_apart(parts, side.cost)
        said = f"adds up to {added} where {SUMMARY} says {claimed}"
        files.problems.append(f"costs.csv: {said}; have the plan written anew")
    _must_be_clean(files)
    return side


def _must_be_clean(files: PlanFolder) -> None:
    if files.problems:
        raise InputError(f"{files.folder}/{problem}" for problem in files.problems)


def _faults(summary: dict[str, Any]) -> Iterator[str]:
    """Yield what is wrong with a summary."""
    for key in _TEXTS:
        if not isinstance(summary.get(key), str):
            yield f"{SUMMARY}: {key}: {quote(summary.get(key))} is not a text; have the plan written anew"
    status = summary.get("status")
    if isinstance(status, str) and status not in {"proven", "stopped"}:
        yield f"{SUMMARY}: status: {quote(status)} is neither proven nor stopped; write one of them"
    notes = summary.get("notes", [])
    if not (isinstance(notes, list) and all(isinstance(note, str) for note in notes)):
        yield f"{SUMMARY}: notes: {quote(notes)} is not a list of texts; have the plan written anew"
    for key in ("cost", "bound"):
        if key not in summary:
            yield f"{SUMMARY}: {key}: is missing; have the plan written anew"
            continue
        value = summary[key]
        known = isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) <= sys.float_info.max
        if not (known or (key == "bound" and value is None)):
            yield f"{SUMMARY}: {key}: {quote(value)} is not a number; have the plan written anew"
    try:
        caveats_in(summary)
    except (AttributeError, KeyError, TypeError, ValueError, OverflowError):
        yield f"{SUMMARY}: does not say what the plan leaves out; have the plan written anew"


def _rows(files: PlanFolder, name: str) -> Iterator[dict[str, object]]:
    """Yield the rows of a table by column, noting what is wrong with them."""
    from optimizer.report.side import COMPARED

    keys, texts, numbers = COMPARED[name]
    for cells in files.table(name, keys, (*texts, *numbers)).values():
        for column in (*keys, *texts):
            files.problems += _unfit_text(files, name, column, cells)
        yield {column: cells.texts[column] for column in (*keys, *texts)} | {
            column: _number(files, name, column, cells) for column in numbers
        }


def _unfit_text(files: PlanFolder, name: str, column: str, cells: Cells) -> Iterable[str]:
    """Yield what is wrong with a text: signs that cannot be shown, or a word that is not one of its column."""
    text, place = cells.texts[column], f"{name}.csv:{cells.line} {column}"
    words = _WORDS.get((name, column))
    if (name, column) == ("limits", "unit"):
        words = _units_of(cells.texts["kind"], files.units)
    if not text.isprintable():
        yield f"{place}: {quote(text)} holds a sign that cannot be shown; remove it"
    elif (name, column) == ("limits", "kind") and text not in KINDS:
        yield f"{place}: {quote(text)} is no kind of limit{suggest_or_list(text, KINDS)}"
    elif words is not None and text not in words:
        yield f"{place}: {quote(text)} is not one of {', '.join(words)}{suggest(text, words)}"


def _units_of(kind: str, units: tuple[str, str]) -> tuple[str, ...] | None:
    """Return the units that a level of a kind can be in; None where the limit names its own (co2, days, offers)."""
    mass, currency = units
    match KINDS[kind].UNIT if kind in KINDS else "":
        case "share":
            return ("share",)
        case "quantity":
            return (mass, f"{mass} a year")
        case "money":
            return (currency,)
        case _:
            return None


def _number(files: PlanFolder, name: str, column: str, cells: Cells) -> float:
    number = files.number(name, cells, column)
    if not math.isfinite(number):
        files.problems.append(f"{name}.csv:{cells.line} {column}: {number} is not a number; write one such as 1234.5")
    return number
