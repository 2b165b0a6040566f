"""Read a plan folder as one side of a comparison."""

from __future__ import annotations

import math
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from models.records.tolerances import RECOUNTED
from models.records.wording import format_apart, quote
from optimizer.errors import InputError
from optimizer.folders.place import SUMMARY
from optimizer.folders.plan_folder import PlanFolder
from optimizer.results.caveats import caveats_in
from optimizer.results.risk_profile import calm_cost_in, measure_in
from optimizer.results.survival import survival_in
from optimizer.tables import COMPARED_TABLES
from optimizer.tables.table import COMPARED, KEY, Units

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from optimizer.report.side import Side
    from optimizer.tables.table import Table

_TEXTS = ("title", "currency", "mass_unit", "status")


def read_side(folder: Path) -> Side:
    """Return the plan in a folder as one side of a comparison.

    Raises:
        InputError: with one line for everything that cannot be read.
    """
    from optimizer.report.side import Side, build_frame, unmet_of

    files = PlanFolder(folder, units_of=SUMMARY)
    summary = files.summary()
    files.problems += list_faults(summary) if summary else ()
    _must_be_clean(files)
    files.units = Units(summary["mass_unit"], summary["currency"])
    tables = {table.name: build_frame(table, list(_rows(files, table, files.units))) for table in COMPARED_TABLES}
    _must_be_clean(files)
    cost = float(summary["cost"])
    calm_cost = calm_cost_in(summary.get("risk"), cost)
    side = Side(
        title=summary["title"],
        currency=summary["currency"],
        mass_unit=summary["mass_unit"],
        proven=summary["status"] == "proven",
        cost=cost,
        bound=-math.inf if summary["bound"] is None else float(summary["bound"]),
        notes=tuple(summary.get("notes", ())),
        caveats=replace(caveats_in(summary), unmet=unmet_of(tables)),
        survival=survival_in(summary.get("survival")),
        scenarios=cost - calm_cost,
        measure=measure_in(summary.get("risk")),
        tables=tables,
    )
    parts = float(side.tables["costs"]["amount"].sum())
    if abs(parts - calm_cost) > RECOUNTED * max(abs(parts), abs(calm_cost)):
        added, claimed = format_apart(parts, calm_cost)
        said = f"adds up to {added} where {SUMMARY} says {claimed}"
        files.problems.append(f"costs.csv: {said}; lodeplan solve -o writes it anew")
    _must_be_clean(files)
    return side


def _must_be_clean(files: PlanFolder) -> None:
    if files.problems:
        raise InputError(f"{files.folder}/{problem}" for problem in files.problems)


def list_faults(summary: dict[str, Any]) -> list[str]:
    """Return what is wrong with a summary."""
    return list(_faults(summary))


def _faults(summary: dict[str, Any]) -> Iterator[str]:
    """Yield what is wrong with a summary."""
    for key in _TEXTS:
        if not isinstance(summary.get(key), str):
            yield f"{SUMMARY}: {key}: {quote(summary.get(key))} is not a text; lodeplan solve -o writes it anew"
    status = summary.get("status")
    if isinstance(status, str) and status not in {"proven", "stopped"}:
        yield f"{SUMMARY}: status: {quote(status)} is neither proven nor stopped; write one of them"
    notes = summary.get("notes", [])
    if not (isinstance(notes, list) and all(isinstance(note, str) for note in notes)):
        yield f"{SUMMARY}: notes: {quote(notes)} is not a list of texts; lodeplan solve -o writes it anew"
    for key in ("cost", "bound"):
        if key not in summary:
            yield f"{SUMMARY}: {key}: is missing; lodeplan solve -o writes it anew"
            continue
        value = summary[key]
        known = isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) <= sys.float_info.max
        if not (known or (key == "bound" and value is None)):
            yield f"{SUMMARY}: {key}: {quote(value)} is not a number; lodeplan solve -o writes it anew"
    yield from _unread(summary)
    try:
        caveats_in(summary)
    except (AttributeError, KeyError, TypeError, ValueError, OverflowError):
        yield f"{SUMMARY}: does not say what the plan leaves out; lodeplan solve -o writes it anew"


def _unread(summary: dict[str, Any]) -> Iterator[str]:
    """Yield what the summary says of losses and scenarios, and cannot be read."""
    for key, read in (("survival", survival_in), ("risk", calm_cost_in), ("risk", measure_in)):
        try:
            read(summary.get(key))
        except (AttributeError, KeyError, TypeError, ValueError):
            yield f"{SUMMARY}: {key}: is not what solve writes there; lodeplan solve -o writes it anew"


def _rows(files: PlanFolder, table: Table[Any], units: Units) -> Iterator[dict[str, str | float]]:
    """Yield the rows of a table by column, noting what is wrong with them."""
    compared = table.names(KEY, COMPARED)
    for cells in files.table(table, compared).values():
        row = {name: files.value(cells, table.by_name[name]) for name in compared}
        files.problems += (f"{cells.place} {name}: {fault}" for name, fault in table.faults(cells.texts, units))
        yield row
