"""Materials, and what one unit of another basis holds of them."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from models.market.tables.record import Record
from models.records.fields import Name, Names, Positive, Quantity


class Material(Record):
    """A mineral in one traded basis, with the ordered stages that it passes."""

    KEY = ("material",)
    ONE = "material"
    NAMES: ClassVar = {"material": "materials", "stages": "stages"}
    PART = ("material",)
    SORTED = False

    material: Name
    stages: Names = Field(min_length=1)
    """From the ground to the site: ``mined; refined``."""
    basis: Name
    """What one unit is: ``t Li content``."""
    shortage_cost: Quantity | None = None
    """Currency per unit of demand left unmet; empty = every unit must be met."""
    known_as: Names = ()
    """Other names by which policies call it: ``graphite; natural graphite``. Several materials may share one."""


class Conversion(Record):
    """How many units of a material's own basis one unit of another basis holds."""

    KEY = ("material", "basis")
    ONE = "conversion"
    REFERS: ClassVar = {"material": "materials"}
    PART = ("material",)

    material: Name
    basis: Name
    factor: Positive
    """Units of the material's basis in one unit of this basis (t Li in a t of LCE: 0.18785)."""
