r"""All demand is met for a number of periods after the loss of any one country, company, offer, lane or corridor.

Words: without what any one country controls, the plants run on for two quarters, from whichever quarter on.

Mathematics, for each subject k, each period b in which a loss may begin, and each material m:

    u_{kbm}  <=  0
    u_{kb.} in the set of what can stay unmet in some response to the loss of k from b on        (answer)

| symbol    | meaning                                                                                  | unit     |
|-----------|------------------------------------------------------------------------------------------|----------|
| u_{kbm}   | what stays unmet in the `level` periods from b on, no further than the horizon           | quantity |

Other symbols as in `survival_floor`. One response covers all these periods.

>>> floor = TimeToSurviveFloor(name="run-on", each="offer", min_periods=2, hard=True)
>>> floor.level, floor.about
(2.0, 'each offer')
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Literal

from models.limits.contract.limit import Reading
from models.limits.contract.losing import LosingLimit
from models.records.fields import Count
from models.records.tolerances import slight

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.limits.contract.losing import LossTrial
    from models.market import Market
    from models.market.exposure import Ledger


class TimeToSurviveFloor(LosingLimit):
    """All demand is met in the first `min_periods` periods after the loss of any one subject."""

    LEVEL: ClassVar[str] = "min_periods"
    UNIT: ClassVar[Literal["count"]] = "count"
    SENSE: ClassVar[Literal["at least"]] = "at least"
    REPAIR: ClassVar[str] = "ask that all {what} is met for {new} without {who} instead of {old}"

    END_MOVES: ClassVar[bool] = True

    kind: Literal["time_to_survive_floor"] = "time_to_survive_floor"
    min_periods: Count
    """Periods from the beginning of a loss on; the end of the horizon counts as reached."""
    lasts: Count | None = None
    """Periods that a loss lasts; absent = to the end of the horizon."""

    def unit(self, mass: str, currency: str) -> str:  # noqa: ARG002 (it is neither)
        """Return the unit of the level in words."""
        return "periods"

    def problems(self, market: Market) -> Iterator[str]:
        """Yield also that a loss does not fit into the horizon, or that it has fewer periods than are asked for."""
        yield from super().problems(market)
        if self.lasts is not None:
            yield from self.fit_problems(self.lasts, market)

    def windows(self, market: Market) -> Iterator[tuple[int, int]]:
        """Yield every beginning; what lasts longer than the horizon lasts to its end."""
        for begins in self.beginnings(market):
            left = len(market.years) - begins
            yield begins, left if self.lasts is None else min(self.lasts, left)

    def ends_with(self, begins: int, lasts: int, lead_time: int) -> int:  # noqa: ARG002 (only the periods asked for)
        """Return the end of the periods in which all must be met; never none, so that every level has the same rows."""
        return begins + max(1, math.ceil(self.min_periods))

    def unmet_at_most(self, level: float, demand: float) -> float:
        """Return nothing, or all of it where no period is asked for."""
        return 0.0 if level > 0 else demand

    def recount(self, plan: Ledger) -> Iterator[Reading]:
        """Yield in how many periods all is met after each loss."""
        for one, most, unmet in self.answer(plan):
            for material, key in one.keys.items():
                used = float(self._count(plan, one, material, unmet[material]))
                yield Reading(key, used, float(self.min_periods), max(0.0, unmet[material] - most[material]))

    def _count(self, plan: Ledger, one: LossTrial, material: str, unmet: float) -> int:
        """Return in how many periods all of a material is met; where the horizon ends first, what is asked for."""
        trial, horizon = one.trial, len(plan.exposure.market.years)
        most = slight(self.size(one.keys[material], plan.exposure.market))

        def is_met(end: int) -> bool:
            ends = trial.ends | {material: end}
            (found,) = plan.find_unmet([(replace(trial, ends=ends), dict.fromkeys(ends, 0.0))])
            return found[material] <= most

        end = trial.ends[material]
        if unmet > most:
            end -= 1
            while end > trial.begins and not is_met(end):
                end -= 1
            return end - trial.begins
        while end < horizon and is_met(end + 1):
            end += 1
        return max(end - trial.begins, self.min_periods)
