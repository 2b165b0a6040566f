"""What one row says against itself, the stages of its material and the bases of its figures, whatever its table."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from models.market import TABLES, Record
from models.records.wording import suggest
from models.references.tables import Problem, Tables, some

if TYPE_CHECKING:
    from collections.abc import Iterator


def row_problems(tables: Tables) -> Iterator[Problem]:
    """Yield stages and bases that a row's material does not have, and what cells of a row say against each other."""
    yield from _stage_problems(tables)
    yield from _base_problems(tables)
    for table, record in TABLES.items():
        if record.faults is not Record.faults:
            for row, one in tables.table(table):
                for column, message in one.faults():
                    yield Problem(table, row, column, message)


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
    for table, row, column, stage, material in _of_materials(tables, "stages"):
        chain = chains.get(material)
        if chain is not None and stage not in chain:
            cure = suggest(stage, chain) or f"; use one of {some(chain)}"
            yield Problem(table, row, column, f"{stage!r} is not a stage of {material}{cure}")


def _base_problems(tables: Tables) -> Iterator[Problem]:
    bases = known_bases(tables)
    for table, row, column, basis, material in _of_materials(tables, "bases"):
        known = bases.get(material)
        if known and basis not in known:
            message = (
                f"{basis!r} is not the basis of {material} ({some(known)}), and bases do not mix; "
                "state the figures in that basis or add the factor to conversions"
            )
            yield Problem(table, row, column, message)


def _of_materials(tables: Tables, kind: str) -> Iterator[tuple[str, int, str, str, str]]:
    """Yield (table, row, column, name, material) of each name of a kind that only the row's material can have."""
    sold: dict[str, Any] = {offer.offer: offer.material for offer in tables.records("offers")}
    for table, record in TABLES.items():
        for column in (column for column, target in record.REFERS.items() if target == kind):
            whose = record.PART[0]
            through = sold if record.REFERS[whose] == "offers" else None
            for row, one in tables.table(table):
                name, owner = getattr(one, column), getattr(one, whose)
                material = owner if through is None else through.get(owner)
                if name is not None and material is not None:
                    yield table, row, column, name, material
