"""An instance made ready to be planned for what may happen."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from models.enforcement import EnforcedInstance
from models.scenarios.hazards import SAMPLES
from models.scenarios.listing import are_drawn, draw_scenarios, list_scenarios

if TYPE_CHECKING:
    from models.instance import Instance


class Draws(NamedTuple):
    """How ways are drawn in which hazards strike."""

    samples: int = SAMPLES
    """About how many."""
    seed: int = 0
    """Whole number from 0; the same draws the same."""

    @property
    def anew(self) -> Draws:
        """Other draws, as many."""
        return self._replace(seed=self.seed + 1)


def draws_of(instance: EnforcedInstance, draws: Draws | None) -> Draws | None:
    """Return how the hazards of an instance are drawn: as is said, or as they must be; None where all are counted."""
    if not instance.market.hazards:
        return None
    return draws if draws is not None or not are_drawn(instance) else Draws()


def foresee(instance: EnforcedInstance, draws: Draws | None = None) -> EnforcedInstance:
    """Return an instance that foresees its scenarios, worked out once for its facts; itself where it has none.

    With `draws` its hazards are drawn, however few ways there are in which they strike.

    Raises:
        ScenarioError: with one line for everything that keeps them from being worked out.
    """
    market = instance.market
    if instance.foreseen or not (market.scenarios or market.hazards):
        return instance
    drawn = draws_of(instance, draws)
    found = list_scenarios(instance) if drawn is None else draw_scenarios(instance, *drawn)
    foreseeing: Instance = instance.foreseeing(found)
    return EnforcedInstance(foreseeing)
