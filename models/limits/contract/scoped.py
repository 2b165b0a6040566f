"""Limits that hold for some materials, stages, sites and periods."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal, Self

from pydantic import Field

from models.limits.contract.limit import Key, Limit, unknown_names
from models.records.fields import Names

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from models.market import Market


class ScopedLimit(Limit):
    """A limit that holds for some materials, stages, sites and periods."""

    READS_PRICES: ClassVar[bool] = False
    ARRIVING: ClassVar[bool] = False
    """Whether it counts what arrives at the last stage of what is bought, as shares do, and not what is bought."""

    materials: Names | None = Field(default=None, min_length=1)
    """Materials that it holds for, each by itself; absent = every material."""
    stages: Names | None = Field(default=None, min_length=1)
    """Stages that it holds for, each by itself; absent = every stage."""
    sites: Names | None = Field(default=None, min_length=1)
    """Sites that it counts, together; absent = every site."""
    periods: Names | None = Field(default=None, min_length=1)
    """Periods that it counts; absent = every period."""
    per: Literal["period", "horizon"] = "period"
    """Holds in every period by itself, or over all its periods together."""

    def problems(self, market: Market) -> Iterator[str]:
        """Yield one sentence for every name of this limit that the market does not know."""
        yield from super().problems(market)
        stages = {stage for material in market.materials for stage in material.stages}
        yield from unknown_names("materials", self.materials, market.material)
        yield from unknown_names("stages", self.stages, stages)
        yield from unknown_names("sites", self.sites, market.site)
        yield from unknown_names("periods", self.periods, market.years)
        chains = {m.material: m.stages for m in market.materials if self.concerns(m.material)}
        for material, stages_of in chains.items():
            if self.materials and self.stages and not set(self.stages) & set(stages_of):
                asked, there = ", ".join(self.stages), ", ".join(stages_of)
                yield f"materials: {material!r} has none of the stages {asked}; it has {there}"
        for stage in self.stages or ():
            if stage in stages and not any(stage in stages_of for stages_of in chains.values()):
                yield f"stages: none of the materials of this limit has the stage {stage!r}; remove it"
        here = [(key.material, key.stage) for key, _ in self.cells(market)] if self.sites else []
        for material, stage in dict.fromkeys(here):
            if stage != chains[material][-1]:
                yield (
                    f"sites: only the last stage says which site a unit goes to, and {stage} is not the last of "
                    f"{material}; name materials and stages for which it is, or leave sites out"
                )

    def cells(self, market: Market) -> Iterator[tuple[Key, tuple[str, ...]]]:
        """Yield each (material, stage, period) that the limit holds for, with the periods counted there.

        It follows from `stages_of` and `spans`, which are what a limit overrides that holds for fewer.
        """
        spans = self.spans(market)
        for material, stage in self.stages_of(market):
            for label, periods in spans:
                yield Key(material=material, stage=stage, period=label), periods

    def stages_of(self, market: Market) -> Iterator[tuple[str, str]]:
        """Yield each (material, stage) that the limit holds for."""
        for material in market.materials:
            if self.concerns(material.material):
                for stage in material.stages:
                    if self.stages is None or stage in self.stages:
                        yield material.material, stage

    def spans(self, market: Market) -> list[tuple[str, tuple[str, ...]]]:
        """Return each period that the limit holds for with the periods counted there; with no name for the horizon."""
        inside = tuple(filter(self.counts_in, market.years))
        return [(p, (p,)) for p in inside] if self.per == "period" else [("", inside)]

    def counts_in(self, period: str) -> bool:
        """Whether the limit counts a period."""
        return self.periods is None or period in self.periods

    def couples(self, market: Market) -> Iterator[tuple[str, ...]]:  # noqa: ARG002 (each material by itself)
        """Yield nothing: the limit holds for each material by itself."""
        yield from ()

    def concerns(self, material: str) -> bool:
        """Whether the limit holds for a material."""
        return self.materials is None or material in self.materials

    def within(self, materials: Collection[str]) -> Self | None:
        """Return the limit for those of some materials that it holds for; without a scope when it holds for all."""
        mine = tuple(filter(self.concerns, materials))
        if not mine:
            return None
        scope = None if len(mine) == len(materials) else mine
        return self if scope == self.materials else self.model_copy(update={"materials": scope})
