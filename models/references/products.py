"""Products and their bills of materials, as far as several rows can break them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.references.tables import Problem, Tables

if TYPE_CHECKING:
    from collections.abc import Iterator


def product_problems(tables: Tables) -> Iterator[Problem]:
    """Yield products of which nothing says what they hold, and those that are counted in two units."""
    unread = len(tables.rows.get("bill_of_materials", ())) > len(list(tables.records("bill_of_materials")))
    known = tables.names("bill_of_materials", "product")
    units: dict[str, str | None] = {}
    for row, made in tables.table("products"):
        if made.product not in known and not unread and made.product not in units:
            message = f"nothing says what {made.product} holds; add it to bill_of_materials"
            yield Problem("products", row, "product", message)
        unit = units.setdefault(made.product, made.unit)
        if unit != made.unit:
            said = "; ".join(one or "(empty)" for one in (unit, made.unit))
            message = f"{made.product} is counted in two units ({said}); write the same in all of its rows"
            yield Problem("products", row, "unit", message)
