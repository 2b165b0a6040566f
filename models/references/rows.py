"""What one row says against itself, the stages of its material and the bases of its figures, whatever its table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.market import TABLES, Record
from models.records.bases import unit_like
from models.records.wording import suggest
from models.references.tables import Problem, Tables, some

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def row_problems(tables: Tables) -> Iterator[Problem]:
    """Yield stages and bases that a row's material does not have, and what cells of a row say against each other."""
    yield from _stage_problems(tables)
    yield from _base_problems(tables)
    for table, record in TABLES.items():
        if record.faults is not Record.faults:
            for row, one in tables.table(table):
                for column, message in one.faults():
                    yield Problem(table, row, column, message)
    yield from _quality_problems(tables)


def _quality_problems(tables: Tables) -> Iterator[Problem]:
    """Yield each column that a row, or a period, says is assumed and that holds nothing there."""
    for table in TABLES:
        for row, one in tables.table(table) if any(tables.list_values(table, "assumed")) else ():
            for column, message in one.quality_faults():
                yield Problem(table, row, column, message)
    for row, period in enumerate(tables.periods):
        for column, message in period.quality_faults():
            yield Problem("periods", row, column, message)


def _stage_problems(tables: Tables) -> Iterator[Problem]:
    chains = {record.material: record.stages for record in tables.records("materials")}

    def fault(material: str, stage: str) -> str | None:
        return None if stage in chains.get(material, (stage,)) else ""

    for table, row, column, stage, material, _ in _not_of_material(tables, "stages", fault):
        cure = suggest(stage, chains[material]) or f"; use one of {some(chains[material])}"
        yield Problem(table, row, column, f"{stage!r} is not a stage of {material}{cure}")


def _base_problems(tables: Tables) -> Iterator[Problem]:
    for table, row, column, basis, material, why in _not_of_material(tables, "bases", tables.bases.fault):
        own = tables.bases.own[material]
        like = unit_like(basis, own)
        cure = f"write {like}, another formula or a grade, such as t MHP 39% Ni, or add the factor to conversions"
        yield Problem(table, row, column, f"{basis!r} is no basis of {material} ({own}): {why}; {cure}")


def _not_of_material(
    tables: Tables, kind: str, fault: Callable[[str, str], str | None]
) -> Iterator[tuple[str, int, str, str, str, str]]:
    """Yield (table, row, column, name, material, fault) of each name of a kind that has a fault beside its material."""
    for table, record in TABLES.items():
        for column in (column for column, target in record.REFERS.items() if target == kind):
            whose = record.PART[0]
            is_sold = record.REFERS[whose] == "offers"
            pairs = [
                (name, tables.sold.get(by, "") if is_sold else by)
                for name, by in tables.list_values(table, column, whose)
            ]
            faults = {(name, m): fault(m, name) for name, m in set(pairs) if name is not None}
            wrong = {pair: why for pair, why in faults.items() if why is not None}
            for (row, _), pair in zip(tables.table(table), pairs if wrong else (), strict=False):
                if pair in wrong:
                    yield table, row, column, *pair, wrong[pair]
