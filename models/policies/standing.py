"""How the measures of a policy stand on a day, and what each becomes in a market: a limit, duties or controls."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from models.market import Control, Duty

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator

    from models.limits import AnyLimit
    from models.market import Market
    from models.policies.policy import Measure, Policy, Status


@dataclass(frozen=True)
class Standing:
    """How one measure stands on a day, and what it becomes in an instance."""

    policy: Policy
    measure: Measure
    status: Status
    cells: tuple[tuple[str, str], ...] = ()
    """(material, stage) of the instance that it speaks of."""
    limit: AnyLimit | None = None
    duties: tuple[Duty, ...] = ()
    controls: tuple[Control, ...] = ()

    @property
    def idle(self) -> bool:
        """Whether it is in force and speaks of nothing in the instance."""
        return self.status == "in force" and not self.cells


def choose_measures(policy: Policy) -> list[Measure]:
    """Return the measures of a policy that are meant."""
    patterns = policy.chosen or ("*",)
    return [m for m in policy.measures if any(fnmatchcase(m.name, pattern) for pattern in patterns)]


def standings(policy: Policy, market: Market, day: datetime.date | None = None) -> Iterator[Standing]:
    """Yield how every measure that is meant stands on a day, by default the market's own."""
    day = market.as_of if day is None else day
    for measure in choose_measures(policy):
        status = measure.status(day)
        cells = tuple((m.material, stage) for m in market.materials for stage in measure.concerns(m))
        made: dict[str, Any] = _make(measure, day, cells, market) if status == "in force" and cells else {}
        yield Standing(policy, measure, status, cells, **made)


def _make(measure: Measure, day: datetime.date, cells: tuple[tuple[str, str], ...], market: Market) -> dict[str, Any]:
    """Return what a measure in force becomes."""
    said = {"source": measure.source, "valid_from": measure.valid_from, "valid_to": measure.valid_to}
    if measure.duty is not None:
        duty = measure.duty.model_dump() | said | {"duty": measure.name}
        return {"duties": tuple(Duty(**duty, material=material, stage=stage) for material, stage in cells)}
    if measure.control is not None:
        control = measure.control.model_dump() | said | {"control": measure.name}
        return {"controls": tuple(Control(**control, material=material, stage=stage) for material, stage in cells)}
    limit = measure.limit_on(day)
    if limit is None:
        return {}
    scope = {"source": measure.source, **_scope(measure, cells, market)}
    return {"limit": limit.model_copy(update={key: v for key, v in scope.items() if key in type(limit).model_fields})}


def _scope(measure: Measure, cells: tuple[tuple[str, str], ...], market: Market) -> dict[str, Any]:
    """Return the materials and stages of a limit; absent where it holds for all."""
    materials = tuple(dict.fromkeys(material for material, _ in cells))
    stages = tuple(dict.fromkeys(stage for _, stage in cells))
    return {
        "materials": None if len(materials) == len(market.materials) else materials,
        "stages": None if measure.stages is None else stages,
    }
