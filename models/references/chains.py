"""Stages: the chain of each material, and that rows speak of stages in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.records.wording import quote
from models.references.tables import Problem, Tables

if TYPE_CHECKING:
    from collections.abc import Iterator


def one_stage(stages: object) -> str | None:
    """Say what is wrong when the only stage of a material holds a comma, or return None.

    >>> one_stage("mined, refined")
    "'mined, refined' reads as one stage; separate the stages with semicolons: mined; refined"
    """
    alone = stages[0] if isinstance(stages, (list, tuple)) and len(stages) == 1 else stages
    if not isinstance(alone, str) or "," not in alone or ";" in alone:
        return None
    parts = [part.strip() for part in alone.split(",") if part.strip()]
    if isinstance(stages, str):
        return f"{quote(alone)} reads as one stage; separate the stages with semicolons: {'; '.join(parts)}"
    return f"{quote(alone)} reads as one stage; write each stage by itself: {', '.join(map(repr, parts))}"


def material_problems(tables: Tables) -> Iterator[Problem]:
    """Yield every chain of stages that is none."""
    for row, material in tables.table("materials"):
        fault = one_stage(material.stages)
        if fault is not None:
            yield Problem("materials", row, "stages", fault)
        for stage in sorted({s for s in material.stages if material.stages.count(s) > 1}):
            message = f"stage {stage!r} comes twice, so the chain would run in a circle; name each stage once"
            yield Problem("materials", row, "stages", message)
        names = (material.material, *material.known_as)
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield Problem("materials", row, "known_as", f"{name!r} names it already; write each name once")
