"""Which sliders change nothing: told only of plans that were solved and proven, each beside what differs in one slider.

A slider changes nothing at a level where the proven plan costs the same, and buys the same, as the proven plan with
that slider where it stands in the instance and all others where they are.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, NamedTuple

from models.records.tolerances import SAME_COST
from optimizer.serve.answer import list_bought
from optimizer.serve.moves import Moves

if TYPE_CHECKING:
    from collections.abc import Iterable

    from optimizer.results.solution import Solution
    from optimizer.serve.controls import Control, Value

_REMEMBERED = 1000
"""Plans that are remembered; those asked for longest ago are forgotten."""
_SAME_AMOUNT = 1e-6
"""Part of an amount within which another one is the same, as on the page."""


class _Known(NamedTuple):
    """What a proven plan costs and buys."""

    cost: float
    bought: dict[str, float]

    def equals(self, other: _Known) -> bool:
        if abs(self.cost - other.cost) > SAME_COST * max(abs(self.cost), abs(other.cost)):
            return False
        offers = self.bought.keys() | other.bought.keys()
        amounts = [(self.bought.get(offer, 0.0), other.bought.get(offer, 0.0)) for offer in offers]
        return all(abs(one - another) <= _SAME_AMOUNT * max(one, another) for one, another in amounts)


class Effects:
    """Remembers what proven plans cost and buy, by what is moved, and tells which sliders change nothing."""

    def __init__(self, controls: Iterable[Control]) -> None:
        """Start knowing of no plan; of a slider of which nothing can be bought it is known already why it is idle."""
        self._sliders = [one for one in controls if one.shape == "slider" and not one.idle]
        self._known: OrderedDict[frozenset[tuple[Control, Value]], _Known | None] = OrderedDict()
        self._untried = list(self._sliders)

    def note(self, moves: Moves, solution: Solution | None) -> None:
        """Remember a plan, or that there is none; nothing is known from a plan that is not proven."""
        known = None
        if solution is not None and solution.proven:
            known = _Known(solution.cost, list_bought(solution))
        self._known[frozenset(moves.moved)] = known
        while len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)

    def tell(self, moves: Moves) -> dict[str, list[str]]:
        """Return the sliders that change nothing of the plan of some moves: where they stand, and at either end."""
        here = self._find(moves)
        if here is None:
            return {"here": [], "at_ends": []}
        moved = [control for control, _ in moves.moved if control in self._sliders]
        return {
            "here": [one.name for one in moved if self._is(here, _with(moves, one, one.base))],
            "at_ends": [one.name for one in self._sliders if all(self._is(here, end) for end in _ends(moves, one))],
        }

    def next_untried(self) -> Moves | None:
        """Return the next end of a slider that may still turn out to change nothing of the base plan.

        Of a slider that changes something at one end the other is not tried. None where nothing is left to try.
        """
        base = self._find(Moves())
        while base is not None and self._untried:
            for end in _ends(Moves(), self._untried[0]):
                if frozenset(end.moved) not in self._known:
                    return end
                if not self._is(base, end):
                    break
            self._untried.pop(0)
        return None

    def stop_trying(self) -> None:
        """Try no more ends: nothing is told of what was not tried until somebody moves there."""
        self._untried.clear()

    def _is(self, known: _Known, moves: Moves) -> bool:
        other = self._find(moves)
        return other is not None and known.equals(other)

    def _find(self, moves: Moves) -> _Known | None:
        key = frozenset(moves.moved)
        if key in self._known:
            self._known.move_to_end(key)
        return self._known.get(key)


def _ends(moves: Moves, control: Control) -> list[Moves]:
    return [_with(moves, control, end) for end in (control.least, control.greatest)]


def _with(moves: Moves, control: Control, value: Value) -> Moves:
    """Return moves with one control at a value, whether it was moved or not."""
    others = tuple(one for one in moves.moved if one[0] is not control)
    return Moves(others if value == control.base else (*others, (control, value)))
