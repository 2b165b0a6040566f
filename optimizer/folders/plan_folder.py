"""The files of a plan folder, also of one that was edited by hand."""

from __future__ import annotations

import csv
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from models.records.wording import format_count
from optimizer.errors import InputError
from optimizer.files.guard import unfit
from optimizer.files.json_file import UnreadableJsonError, read_json
from optimizer.folders.place import PLANS, SUMMARY
from optimizer.folders.stressed import LOSSES
from optimizer.tables.reading import TableReader

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from optimizer.tables.reading import Cells
    from optimizer.tables.table import Table


@dataclass
class PlanFolder(TableReader):
    """Reads the files of one plan folder and collects what is wrong with them."""

    folder: Path

    def __post_init__(self) -> None:
        """Raise InputError when there is no such folder, or one of several plans."""
        if not self.folder.is_dir():
            raise InputError([f"{self.folder}: there is no such plan folder"])
        inside = list_inside(self.folder)
        if inside:
            count = format_count(len(inside), "plans")
            raise InputError([f"{self.folder}: holds {count} and is none itself; name one, such as {inside[0]}"])

    def summary(self) -> dict[str, Any]:
        """Return the summary of the plan, or nothing and a problem."""
        try:
            summary = read_json(self.folder / SUMMARY, self.folder)
        except UnreadableJsonError as error:
            there = os.path.lexists(self.folder / SUMMARY)
            why = error.sentence.partition(";")[0] if there else "is missing or is not the summary of a plan"
        else:
            if isinstance(summary, dict) and isinstance(summary.get("digest"), str):
                return summary
            why = "is missing or is not the summary of a plan"
        cure = "lodeplan solve -o writes it anew"
        if (self.folder / LOSSES).exists():
            why, cure = "is missing", f"this is a stress test, which lodeplan report PLAN --stress {self.folder} draws"
        self.problems.append(f"{SUMMARY}: {why}; {cure}")
        return {}

    def holds(self, table: Table[Any]) -> bool:
        """Whether there is a file of this table."""
        return (self.folder / f"{table.name}.csv").exists()

    def table(self, table: Table[Any], needed: Sequence[str] = ()) -> dict[tuple[str, ...], Cells]:
        """Return the rows of a table by their keys; its key columns and those `needed` must be there."""
        path = self.folder / f"{table.name}.csv"
        there = path.exists() or path.is_symlink()
        fault = unfit(path, self.folder) if there else "is missing; lodeplan solve -o writes it anew"
        if fault:
            self.problems.append(f"{path.name}: {fault}")
            return {}
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                return self.rows(table, file, needed)
        except (UnicodeDecodeError, csv.Error) as error:
            self.problems.append(f"{path.name}: is not a table of UTF-8 text ({error}); save it as CSV UTF-8")
            return {}


def list_inside(folder: Path) -> list[Path]:
    """Return the plans in a folder that is none itself: of a grid of cases, or of alternatives."""
    if (folder / SUMMARY).exists():
        return []
    return sorted(path.parent for path in folder.glob(f"{PLANS}/*/{SUMMARY}"))
