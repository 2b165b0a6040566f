"""How to solve, and what a solve gives: an audited plan, and how good it is known to be."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from models.enforcement import enforce
from models.scenarios import Draws, ScenarioError, foresee
from optimizer.errors import InputError
from optimizer.results.caveats import Caveats, caveats_of
from optimizer.results.interval import Interval, limits_cost, relative_gap

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable

    from models.enforcement import EnforcedInstance
    from models.instance import Instance
    from optimizer.results.account import Account
    from optimizer.results.interval import Progress
    from optimizer.results.planning_value import PlanningValue
    from optimizer.results.price import Price
    from optimizer.results.risk_profile import RiskProfile
    from optimizer.results.survival import Survival

EMBEDDED = "highs"


@dataclass(frozen=True, slots=True)
class Settings:
    """How to solve; what is not said follows the instance."""

    gap: float
    time_limit: float | None = None
    solver: str = EMBEDDED
    watch: Callable[[Progress], None] | None = None
    stop: threading.Event | None = None
    """Set in any thread, it ends a solve within a tenth of a second: the solve raises Stopped, and keeps nothing."""
    calm: bool = False
    """Whether it is planned as if nothing could happen, though the instance has scenarios."""
    draws: Draws | None = None
    """How hazards are drawn; without it all ways are counted in which they strike, unless there are too many."""

    def enforce(self, instance: Instance) -> EnforcedInstance:
        """Return what is to be solved: the instance with its policies looked up, and with its scenarios worked out.

        Raises:
            InputError: a scenario speaks of what is not there, or another solver would have to plan for it.
        """
        enforced = enforce(instance)
        if self.calm:
            return enforced
        try:
            foreseeing = foresee(enforced, self.draws)
        except ScenarioError as error:
            raise InputError(error.problems) from None
        if foreseeing.foreseen and self.solver != EMBEDDED:
            cure = "leave --solver out, or leave the scenarios out with --calm"
            raise InputError([f"--solver {self.solver}: plans for scenarios are made by {EMBEDDED} alone; {cure}"])
        return foreseeing


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A part of a plan that was stopped, of which it is not proven that it costs the least."""

    part: str
    """Its materials, as in ``lithium + cobalt``."""
    cost: float
    bound: float
    """No plan of the part costs less [currency]; minus infinity where that is not known."""
    quick: bool
    """Whether it has no more than a plan that took little effort, as the time was over."""

    def as_data(self) -> dict[str, Any]:
        """Return this as plain data."""
        return asdict(self)


@dataclass(frozen=True, eq=False)
class Solution:
    """An audited plan, and how good it is known to be."""

    instance: EnforcedInstance
    account: Account
    cost: float
    """What is least: what the plan costs, penalties included, by its own account; where it is planned for scenarios,
    the expected cost, with the measure of risk in its weight [currency]."""
    proven: bool
    """Whether the gap that was asked for was reached."""
    bound: float
    """No plan costs less than this [currency]."""
    seconds: float
    sizes: dict[str, int]
    solver: str
    versions: dict[str, str] = field(default_factory=dict)
    without_limits: Interval | None = None
    """What the cheapest plan without any limit costs, when that was asked for."""
    unfinished: tuple[Unfinished, ...] = ()
    """Of a plan that was stopped: its parts that are not proven."""
    prices: tuple[Price, ...] | None = None
    """What its limits cost, in the order of `Prices`; None where that was not asked for."""
    survival: Survival | None = None
    """What stays covered without what any one country controls; None where that was not asked for."""
    risk: RiskProfile | None = None
    """What it costs and leaves unmet in each scenario that it is planned for; None where there is none."""
    value: PlanningValue | None = None
    """What it is worth to plan for these; None where that was not asked for."""

    @property
    def gap(self) -> float:
        """Relative distance of cost and bound."""
        return relative_gap(self.cost, min(self.bound, self.cost))

    @property
    def limits_cost(self) -> Interval | None:
        """Between what [currency] the cost of all limits together lies, where that was asked for."""
        return limits_cost(self.cost, self.bound, self.without_limits)

    @cached_property
    def caveats(self) -> Caveats:
        """What the plan leaves out: unmet demand, assumed facts."""
        return caveats_of(self.instance.market, self.account)


def settings_of(  # noqa: PLR0913 (what a user may say)
    instance: Instance,
    *,
    gap: float | None = None,
    time_limit: float | None = None,
    solver: str = EMBEDDED,
    watch: Callable[[Progress], None] | None = None,
    calm: bool = False,
    draws: Draws | None = None,
) -> Settings:
    """Return the settings of an instance, with what is given here put in their place."""
    return Settings(
        gap=instance.solve.gap if gap is None else gap,
        time_limit=instance.solve.time_limit if time_limit is None else time_limit,
        solver=solver,
        watch=watch,
        calm=calm,
        draws=draws,
    )
