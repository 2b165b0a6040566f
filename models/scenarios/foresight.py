"""An instance made ready to be planned for what may happen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.enforcement import EnforcedInstance
from models.scenarios.listing import list_scenarios

if TYPE_CHECKING:
    from models.instance import Instance


def foresee(instance: EnforcedInstance) -> EnforcedInstance:
    """Return an instance that foresees its scenarios, worked out once for its facts; itself where it has none.

    Raises:
        ScenarioError: with one line for everything that keeps them from being worked out.
    """
    market = instance.market
    if instance.foreseen or not (market.scenarios or market.hazards):
        return instance
    foreseeing: Instance = instance.foreseeing(list_scenarios(instance))
    return EnforcedInstance(foreseeing)
