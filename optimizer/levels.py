"""The levels of limits as data: what can be moved, in which unit, how far, and which way is looser."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from optimizer.results.interval import finite_or_none

if TYPE_CHECKING:
    from models.instance import Instance
    from models.limits import Limit


@dataclass(frozen=True, slots=True)
class Level:
    """The level of one limit."""

    limit: str
    kind: str
    about: str
    """Whom or what the limit speaks of, in few words: ``CN by control``."""
    strictness: str
    """hard, soft or watched."""
    field: str
    """The field of the record that holds the level, as in ``set limits.NAME.FIELD=VALUE``."""
    measure: str
    """share, quantity, count, money or figure."""
    unit: str
    """In words; of a share ``share``."""
    sense: str
    """``at most``: a higher level is looser; ``at least``: a lower one is."""
    level: float
    """The level now."""
    least: float
    greatest: float
    """The range of the level in its unit; infinite where nothing bounds it."""
    whole: bool
    """Whether only whole numbers have a meaning."""

    def as_data(self) -> dict[str, Any]:
        """Return this as plain data; a level that nothing bounds has no greatest."""
        return asdict(self) | {"greatest": finite_or_none(self.greatest)}


def list_levels(instance: Instance) -> list[Level]:
    """Return the level of every limit of an instance, in the order of the limits."""
    return [_level_of(limit, instance) for limit in instance.limits]


def _level_of(limit: Limit, instance: Instance) -> Level:
    return Level(
        limit=limit.name,
        kind=limit.kind,
        about=limit.about,
        strictness=limit.strictness,
        field=limit.LEVEL,
        measure=limit.UNIT,
        unit=limit.unit(instance.mass_unit, instance.currency),
        sense=limit.SENSE,
        level=limit.level,
        least=0.0,
        greatest=limit.greatest,
        whole=limit.UNIT == "count",
    )
