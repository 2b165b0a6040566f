r"""What it is worth to plan for scenarios, and what it would be worth to know which of them comes.

    EVPI  =  RP - WS     expected value of perfect information: what a plan that knew would cost less, on average
    VSS   =  EEV - RP    value of the stochastic solution: what the plan for the calm alone costs more, on average

RP is the least expected cost, WS the mean of the least cost of each outcome, and EEV the expected cost of the plan that
is best if nothing happens, with its best responses (Birge and Louveaux, "Introduction to Stochastic Programming", 2011,
chapter 4). The regret of a plan in an outcome is what it costs more there than a plan that had known.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from models.records.tolerances import SAME_COST
from optimizer.results.interval import Interval, finite_or_none

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optimizer.results.risk_profile import RiskProfile, ScenarioOutcome


class Regret(NamedTuple):
    """What plans cost in an outcome, beside the least that any can cost there."""

    scenario: str
    """Empty = nothing happens."""
    probability: float
    least: Interval
    """What a plan costs that had known of it [currency]."""
    cost: float
    """Of the plan."""
    calm_cost: float | None
    """Of the plan for the calm alone; None where that leaves demand unmet which has no shortage cost."""
    mean_cost: float | None = None
    """Of the plan for the mean of what may happen; None as before, and where there is none."""
    caps_cost: float | None = None
    """Of the plan of the caps alone; None as before."""

    def of(self, cost: float) -> Interval:
        """Return between what the regret lies of a plan that costs so much here."""
        slight = SAME_COST * abs(cost)
        return Interval(
            *(more if (more := cost - end) > slight else 0.0 for end in (self.least.cost, self.least.bound))
        )


@dataclass(frozen=True)
class PlanningValue:
    """A plan for scenarios beside plans that know more, and less."""

    bound: float
    """No plan has a lower expected cost [currency]; minus infinity where something else was minimised."""
    risk: RiskProfile
    """Of the plan."""
    least: tuple[Interval, ...]
    """What a plan costs that knows which outcome comes [currency]: of the calm first, then of each scenario."""
    calm: RiskProfile
    """Of the plan that is best if nothing happens, which may lack what has no shortage cost."""
    mean: RiskProfile | None = None
    """Of the plan that is best for the mean of what may happen; None where there is none."""
    why_no_mean: str = ""
    """Why there is none."""
    caps: RiskProfile | None = None
    """Of the plan of the caps alone, which is best if nothing happens and made ready for no loss; None = of no use."""
    prepares: tuple[str, ...] = ()
    """Limits that the plan of the caps alone leaves out; where there are none, it is the plan for the calm."""

    @cached_property
    def regrets(self) -> tuple[Regret, ...]:
        """Every outcome, the calm first."""
        return tuple(self._list_regrets())

    @cached_property
    def perfect_information(self) -> Interval:
        """Between what EVPI lies [currency]."""
        most = sum(one.probability * one.least.cost for one in self.regrets)
        least = sum(one.probability * one.least.bound for one in self.regrets)
        return Interval(max(0.0, self.bound - most), max(0.0, self.risk.expected - least))

    @cached_property
    def stochastic_solution(self) -> Interval | None:
        """Between what VSS lies [currency]; None where the plan for the calm has no expected cost."""
        expected = _expected(self.calm)
        if expected is None:
            return None
        bound = min(self.bound, self.risk.expected)
        return Interval(max(0.0, expected - self.risk.expected), max(0.0, expected - bound))

    def _list_regrets(self) -> Iterator[Regret]:
        own, others = self.risk, (self.calm, self.mean, self.caps)
        if_calm = (None if one is None else one.calm_cost for one in others)
        yield Regret("", own.calm_probability, self.least[0], own.calm_cost, *if_calm)
        each = (
            [None] * len(own.outcomes) if one is None else [_cost(one, outcome) for outcome in one.outcomes]
            for one in others
        )
        for one, least, *theirs in zip(own.outcomes, self.least[1:], *each, strict=True):
            yield Regret(one.scenario, one.probability, least, own.cost_of(one), *theirs)

    def as_data(self) -> dict[str, Any]:
        """Return this as plain data [currency]."""
        worth = self.stochastic_solution
        return {
            "perfect_information": _ends(self.perfect_information),
            "stochastic_solution": None if worth is None else _ends(worth),
            "expected_cost_of_calm_plan": _expected(self.calm),
            "calm_plan_lacks_in": list(self.calm.lacking),
            "expected_cost_of_mean_plan": _expected(self.mean),
            "mean_plan_lacks_in": [] if self.mean is None else list(self.mean.lacking),
            "no_mean_plan": self.why_no_mean or None,
            "expected_cost_of_caps_plan": _expected(self.caps),
            "caps_plan_lacks_in": [] if self.caps is None else list(self.caps.lacking),
            "left_out_of_caps_plan": list(self.prepares),
        }


def _expected(risk: RiskProfile | None) -> float | None:
    """Return what another plan is expected to cost; None where there is none, or it lacks what has no price."""
    return None if risk is None or risk.lacking else risk.expected


def _cost(risk: RiskProfile, outcome: ScenarioOutcome) -> float | None:
    """Return what another plan costs in a scenario; None where it lacks there what has no price."""
    return None if outcome.lacking else risk.cost_of(outcome)


def _ends(interval: Interval) -> dict[str, float | None]:
    return {"least": finite_or_none(interval.bound), "most": finite_or_none(interval.cost)}
