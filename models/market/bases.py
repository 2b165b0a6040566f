"""In which bases figures of each material can be stated, and how many units of its own one unit of them holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.records.bases import units_held

if TYPE_CHECKING:
    from collections.abc import Iterable

    from models.market.tables.material import Conversion, Material


class Bases:
    """Factors from every basis to that of a material: what `conversions` states, or what follows from the words."""

    def __init__(self, materials: Iterable[Material], conversions: Iterable[Conversion]) -> None:
        """Read the bases of materials, and the factors that are stated."""
        self.own = {material.material: material.basis for material in materials}
        self._stated = {(row.material, row.basis): row.factor for row in conversions}

    def factor(self, material: str, basis: str | None) -> float:
        """Return how many units of a material's own basis one unit of another holds; no basis is its own.

        Raises:
            ValueError: with the end of a sentence, where nothing says it.
        """
        own = self.own[material]
        if basis is None or basis == own:
            return 1.0
        stated = self._stated.get((material, basis))
        return units_held(basis, of=own) if stated is None else stated

    def fault(self, material: str, basis: str | None) -> str | None:
        """Return why a factor is not known; None where it is, and where the material is not."""
        try:
            self.factor(material, basis)
        except ValueError as error:
            return str(error)
        except KeyError:
            return None
        return None
