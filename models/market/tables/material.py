"""Materials, and what one unit of another basis holds of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from models.market.tables.record import Record
from models.records.fields import Name, Names, Positive, Quantity, Stages

if TYPE_CHECKING:
    from collections.abc import Iterator


class Material(Record):
    """A mineral in one traded basis, with the ordered stages that it passes."""

    KEY = ("material",)
    ONE = "material"
    NAMES: ClassVar = {"material": "materials", "stages": "stages"}
    PART = ("material",)
    SORTED = False

    material: Name
    stages: Stages = Field(min_length=1)
    """From the ground to the site: ``mined; refined``."""
    basis: Name
    """What one unit is: ``t Li content``. Plans count in it, and rows may have [others](units.md)."""
    shortage_cost: Quantity | None = None
    """Currency per unit of demand left unmet; empty = every unit must be met."""
    known_as: Names = ()
    """Other names by which policies call it: ``graphite; natural graphite``. Several materials may share one."""
    offers: Literal["world"] | None = None
    """world: each country that the [reference data](data.md) name sells what it made at the last stage, at the price of
    that year, besides the rows of `offers`. They are rows once the instance is read (``world-lithium-CN``), assumed."""
    world_freight: Quantity | None = None
    """Currency per unit on a lane from each of these offers to each site; needed where the instance has lanes."""

    def faults(self) -> Iterator[tuple[str, str]]:
        """Yield each stage, and each name, that comes twice."""
        for stage in sorted({s for s in self.stages if self.stages.count(s) > 1}):
            yield "stages", f"stage {stage!r} comes twice, so the chain would run in a circle; name each stage once"
        names = (self.material, *self.known_as)
        if self.world_freight is not None and self.offers is None:
            yield (
                "world_freight",
                "is paid by national offers, and none are asked for; write offers = world, or leave it empty",
            )
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield "known_as", f"{name!r} names it already; write each name once"


class Conversion(Record):
    """How many units of a material's own basis one unit of another holds, where no formula or grade says it."""

    KEY = ("material", "basis")
    ONE = "conversion"
    REFERS: ClassVar = {"material": "materials"}
    PART = ("material",)

    material: Name
    basis: Name
    factor: Positive
    """Units of the material's basis in one unit of this basis (t Li in a t of LCE: 0.18785)."""
