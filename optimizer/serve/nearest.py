"""Which control leaves no plan, and its nearest place that has one: found by halving the way back to its base."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from optimizer.errors import InputError, NoPlan

if TYPE_CHECKING:
    from collections.abc import Iterable

    from models.instance import Instance
    from optimizer.serve.controls import Control, Value
    from optimizer.serve.moves import Moves
    from optimizer.session import Session


@dataclass(frozen=True)
class Nearest:
    """The place of a control, all others staying where they are, that has a plan and is nearest to where it stands."""

    control: Control
    value: Value

    def as_data(self) -> dict[str, Any]:
        """Return this as plain data."""
        return {"control": self.control.name, "value": self.value}


def find_nearest(instance: Instance, moves: Moves, last: str, session: Session) -> Nearest | None:
    """Return what gives a plan again by moving one control back: the one moved last, or else another that is moved.

    None where no single one does. A slider is halved down to one of its steps, which is right where a plan stays one
    when the slider goes on; anything else goes back to where it stands in the instance.

    Raises:
        Stopped, SolverFailure, AuditFailure: as `Session.solve`.
    """
    for control, value in _last_first(moves, last):
        if not _has_plan(instance, moves.at(control.name, control.base), session):
            continue
        if not isinstance(value, float) or not isinstance(control.base, float):
            return Nearest(control, control.base)
        good, bad = 0, max(1, round(abs(value - control.base) / control.step))
        way = (value - control.base) / bad
        while bad - good > 1:
            middle = (good + bad) // 2
            if _has_plan(instance, moves.at(control.name, _place(control, middle * way)), session):
                good = middle
            else:
                bad = middle
        return Nearest(control, _place(control, good * way) if good else control.base)
    return None


def _place(control: Control, way: float) -> float:
    """Return the place so far from the base, free of the rounding of sums."""
    assert isinstance(control.base, float)  # noqa: S101 (the caller has seen to it)
    return float(f"{control.base + way:.9g}")


def _last_first(moves: Moves, last: str) -> Iterable[tuple[Control, Value]]:
    return sorted(moves.moved, key=lambda one: one[0].name != last)


def _has_plan(instance: Instance, moves: Moves, session: Session) -> bool:
    try:
        session.solve(moves.apply_to(instance))
    except (NoPlan, InputError):
        return False
    return True
