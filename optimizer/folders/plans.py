"""Write a solution as a plan folder: CSV tables and a summary, whole or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from optimizer.files.atomic import write_whole
from optimizer.files.json_text import json_text
from optimizer.folders.place import REPORT, SUMMARY, check_place
from optimizer.results.caveats import assumed_rows

if TYPE_CHECKING:
    from pathlib import Path

    from optimizer.results.solution import Solution


def write_plan(solution: Solution, folder: Path, *, force: bool = False, excel: bool = False) -> None:
    """Write the plan folder of a solution.

    With `force` a plan that stands there is replaced, as one; other files in the folder are kept. With `excel` its
    tables have semicolons and decimal commas.

    Raises:
        InputError: when the place is taken, or cannot be written.
    """
    from optimizer.tables.frames import plan_tables, to_csv, to_excel_csv

    write = to_excel_csv if excel else to_csv
    check_place(folder, force=force)
    tables = plan_tables(solution)
    with write_whole(folder, plan_files()) as draft:
        draft.mkdir()
        for name, frame in tables.items():
            write(frame, draft / f"{name}.csv")
        (draft / SUMMARY).write_text(json_text(summary(solution)), "utf-8")


def plan_files(under: str = "") -> set[str]:
    """Return the names of the files of a plan folder, each `under` a folder where one is given."""
    from optimizer.tables import PLAN_TABLES

    return {f"{under}{name}" for name in (SUMMARY, REPORT, *(f"{table.name}.csv" for table in PLAN_TABLES))}


def summary(solution: Solution) -> dict[str, Any]:
    """Return what is known of a solution as plain data: answer, proof, what is left out, costs, sizes, versions."""
    from optimizer.notes import list_licence_notes, list_notes
    from optimizer.report.law import list_looked_up
    from optimizer.report.unsaid import list_undisclosed

    account, instance = solution.account, solution.instance
    free, limits = solution.without_limits, solution.limits_cost
    return {
        **instance.identity,
        "status": "proven" if solution.proven else "stopped",
        "cost": solution.cost,
        "proven": solution.proven,
        "bound": solution.bound,
        "gap": solution.gap,
        "unfinished": [one.as_data() for one in solution.unfinished],
        "without_limits": None if free is None else {"cost": free.cost, "bound": free.bound},
        "limits_cost": None if limits is None else {"least": limits.bound, "most": limits.cost},
        "risk": None if solution.risk is None else solution.risk.as_data(),
        "value": None if solution.value is None else solution.value.as_data(),
        **solution.caveats.as_data(),
        "undisclosed_shares": list_undisclosed(solution),
        "survival": None if solution.survival is None else solution.survival.as_data(),
        "assumed_rows": assumed_rows(instance.market, account),
        "costs": account.costs | ({"penalty": account.penalty} if account.penalty else {}),
        "landed": [
            {"material": material, "arrives": units, "cost": cost, "unit_cost": cost / units}
            for material, (units, cost) in account.landed.items()
        ],
        "sites": {site.site: site.country for site in instance.market.sites},
        "policies": list_looked_up(instance),
        "notes": [*list_notes(instance), *list_licence_notes(solution)],
        "solver": solution.solver,
        "seconds": round(solution.seconds, 3),
        "sizes": solution.sizes,
        "versions": solution.versions,
    }


def plan_as_data(solution: Solution) -> dict[str, Any]:
    """Return the summary of a solution and all tables of its plan as plain data.

    Tables are lists of rows by column; quantities are in `mass_unit`, money in `currency`, shares from 0 to 1.
    """
    from optimizer.tables import plan_rows

    return summary(solution) | plan_rows(solution)
