"""Units: materials are counted in that of the instance, whatever the rows are stated in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.records.bases import KILOGRAMS, read_basis
from models.references.tables import Problem, Tables

if TYPE_CHECKING:
    from collections.abc import Iterator


def mass_problems(tables: Tables) -> Iterator[Problem]:
    """Yield every material whose own basis is in another unit of mass than the instance."""
    mass = tables.mass_unit
    if mass not in KILOGRAMS:
        return
    for row, material in tables.table("materials"):
        try:
            basis = read_basis(material.basis)
        except ValueError:
            continue  # a unit of the user's own, which nothing is converted into
        if basis.kilograms != KILOGRAMS[mass]:
            there = f"{mass} {basis.substance}".strip()
            message = (
                f"{material.basis!r} is not in {mass}, the mass_unit of the instance; write {there!r}, and give rows "
                f"that are stated so the basis {material.basis!r}"
            )
            yield Problem("materials", row, "basis", message)
