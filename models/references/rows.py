"""What one row says against itself, the stages of its material and the bases of its figures, whatever its table."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from models.market import TABLES, Record
from models.records.wording import suggest
from models.references.tables import Problem, Tables, some

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping


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


def known_bases(tables: Tables) -> dict[str, set[str]]:
    """Return the bases in which figures of each material can be stated: its own, and those with a conversion."""
    bases: dict[str, set[str]] = defaultdict(set)
    for _, material in tables.table("materials"):
        bases[material.material].add(material.basis)
    for _, conversion in tables.table("conversions"):
        bases[conversion.material].add(conversion.basis)
    return bases


def _stage_problems(tables: Tables) -> Iterator[Problem]:
    chains = {record.material: record.stages for record in tables.records("materials")}
    for table, row, column, stage, material in _not_of_material(tables, "stages", chains):
        cure = suggest(stage, chains[material]) or f"; use one of {some(chains[material])}"
        yield Problem(table, row, column, f"{stage!r} is not a stage of {material}{cure}")


def _base_problems(tables: Tables) -> Iterator[Problem]:
    bases = known_bases(tables)
    for table, row, column, basis, material in _not_of_material(tables, "bases", bases):
        message = (
            f"{basis!r} is not the basis of {material} ({some(bases[material])}), and bases do not mix; "
            "state the figures in that basis or add the factor to conversions"
        )
        yield Problem(table, row, column, message)


def _not_of_material(
    tables: Tables, kind: str, known: Mapping[str, Collection[str]]
) -> Iterator[tuple[str, int, str, str, str]]:
    """Yield (table, row, column, name, material) of each name of a kind that is not among those of the row's material.

    A material of which nothing is known has all names.
    """
    for table, record in TABLES.items():
        for column in (column for column, target in record.REFERS.items() if target == kind):
            whose = record.PART[0]
            is_sold = record.REFERS[whose] == "offers"
            pairs = [
                (name, tables.sold.get(by, "") if is_sold else by)
                for name, by in tables.list_values(table, column, whose)
            ]
            wrong = {(name, m) for name, m in set(pairs) if name is not None and m in known and name not in known[m]}
            for (row, _), pair in zip(tables.table(table), pairs if wrong else (), strict=False):
                if pair in wrong:
                    yield table, row, column, *pair
