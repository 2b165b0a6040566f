r"""What a plan costs and leaves unmet in every scenario, and what follows from that.

expected   sum_k p_k cost_k,  the calm counted with what the scenarios leave of the probability
worst      the largest cost_k
cvar       the mean cost of the dearest outcomes, those that make 1 - level of the probability
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from models.records.tolerances import SAME_SUM
from optimizer.results.interval import finite_or_none

if TYPE_CHECKING:
    from collections.abc import Mapping


class MaterialOutcome(NamedTuple):
    """What a scenario does to a material; quantities are in its basis."""

    material: str
    unmet: tuple[tuple[str, float], ...]
    """Units by period in which any are, from the beginning of the scenario on."""
    covered: float
    """Share of the demand from then on that is met: by the scenario's own demand."""
    written_off: float = 0.0
    """Units that arrive and cannot be used."""
    missing: float = 0.0
    """Units of closing stock below its minimum."""


class ResponseAction(NamedTuple):
    """Something that a response does otherwise than the plan; quantities are in the basis of the material."""

    what: Literal["taken", "called", "called of reserved", "stock", "unmet", "written off", "missing"]
    offer: str
    site: str
    """Empty of what is taken or called of an offer, as the offer is of all else."""
    material: str
    period: str
    quantity: float
    planned: float


@dataclass(frozen=True)
class ScenarioOutcome:
    """A scenario with the best response of a plan to it."""

    scenario: str
    probability: float
    begins: str
    """The period in which it begins."""
    extra_cost: float
    """What it costs more than the plan does if nothing happens [currency]; below 0 where it costs less."""
    materials: tuple[MaterialOutcome, ...]
    """Those that it hits."""
    actions: tuple[ResponseAction, ...] = ()
    """What the response does otherwise than the plan."""
    lacking: float = 0.0
    """Units of demand without a shortage cost that stay unmet, of a plan that is none for the scenario."""

    @property
    def covered(self) -> float:
        """Share of demand that is met of the worst-off material that it hits."""
        return min((one.covered for one in self.materials), default=1.0)

    @property
    def worst(self) -> MaterialOutcome | None:
        """What it does to that material; None where it hits none."""
        return min(self.materials, key=lambda one: one.covered, default=None)


@dataclass(frozen=True)
class RiskProfile:
    """The calm and every scenario of a plan, with the measure by which it was planned."""

    measure: str
    """``expected``, ``cvar``, ``worst`` or ``regret``."""
    level: float
    """Of ``cvar``: the share of the probability that its tail leaves out."""
    weight: float
    """Of the measure, beside the expected cost."""
    calm_cost: float
    """What the plan costs if nothing happens [currency]."""
    outcomes: tuple[ScenarioOutcome, ...]
    """By the order in which scenarios are stated."""
    redrawn: float | None = None
    """The expected cost on a second set of draws; None where nothing was drawn, infinite where one of them leaves
    demand unmet that has no price [currency]."""

    @cached_property
    def calm_probability(self) -> float:
        """What the scenarios leave of the probability."""
        left = 1.0 - sum(one.probability for one in self.outcomes)
        return left if left > SAME_SUM else 0.0

    def cost_of(self, outcome: ScenarioOutcome) -> float:
        """Return what a scenario costs in all [currency]."""
        return self.calm_cost + outcome.extra_cost

    @cached_property
    def expected(self) -> float:
        """The expected cost [currency]."""
        return self.calm_cost + sum(one.probability * one.extra_cost for one in self.outcomes)

    @cached_property
    def lacking(self) -> tuple[str, ...]:
        """The scenarios in which demand stays unmet that has no shortage cost, so that there is no expected cost."""
        return tuple(one.scenario for one in self.outcomes if one.lacking > 0)

    @cached_property
    def worst(self) -> float:
        """The cost of the dearest outcome that may happen [currency]."""
        return max(cost for probability, cost in self._weighed if probability > 0)

    def tail_mean(self, level: float) -> float:
        """Return the mean cost of the dearest outcomes that make ``1 - level`` of the probability [currency]."""
        left, total = 1.0 - level, 0.0
        for probability, cost in sorted(self._weighed, key=lambda one: -one[1]):
            share = min(left, probability)
            total += share * cost
            left -= share
        return total / (1.0 - level)

    @property
    def measured(self) -> float | None:
        """The measure of risk, where it is one of costs: the mean of the dearest cases, or the dearest [currency]."""
        match self.measure:
            case "cvar":
                return self.tail_mean(self.level)
            case "worst":
                return self.worst
            case _:
                return None

    @property
    def weighed(self) -> float:
        """What was minimised [currency]; infinite of regret, which hangs on other plans as well."""
        if self.measure == "expected":
            return self.expected
        return math.inf if self.measured is None else (1 - self.weight) * self.expected + self.weight * self.measured

    def as_data(self) -> dict[str, Any]:
        """Return this as plain data: money in the currency, quantities in the mass unit, shares from 0 to 1."""
        return {
            "measure": self.measure,
            "level": self.level if self.measure == "cvar" else None,
            "weight": self.weight,
            "expected": self.expected,
            "worst": self.worst,
            "tail": self.tail_mean(self.level) if self.measure == "cvar" else None,
            "drawn": self.redrawn is not None,
            "redrawn": None if self.redrawn is None else finite_or_none(self.redrawn),
            "calm": {"probability": self.calm_probability, "cost": self.calm_cost},
            "scenarios": [self._describe(one) for one in self.outcomes],
        }

    def _describe(self, one: ScenarioOutcome) -> dict[str, Any]:
        return {
            "scenario": one.scenario,
            "probability": one.probability,
            "begins": one.begins,
            "cost": self.cost_of(one),
            "extra_cost": one.extra_cost,
            "covered": one.covered,
            "materials": [found._asdict() | {"unmet": dict(found.unmet)} for found in one.materials],
        }

    @property
    def _weighed(self) -> list[tuple[float, float]]:
        own = [(one.probability, self.cost_of(one)) for one in self.outcomes]
        return [(self.calm_probability, self.calm_cost), *own]


def calm_cost_in(data: Mapping[str, Any] | None, otherwise: float = 0.0) -> float:
    """Return what a plan costs if nothing happens, as `RiskProfile.as_data` wrote it.

    Raises KeyError, TypeError or ValueError for what it did not write.
    """
    return otherwise if data is None else float(data["calm"]["cost"])


def measure_in(data: Mapping[str, Any] | None) -> str:
    """Return by which measure a plan was planned for scenarios, as `RiskProfile.as_data` wrote it; empty = for none.

    Raises KeyError or ValueError for what it did not write.
    """
    if data is None:
        return ""
    if data["measure"] not in _MEASURES:
        msg = "is no measure of risk"
        raise ValueError(msg)
    return str(data["measure"])


_MEASURES = ("expected", "cvar", "worst", "regret")


def risk_in(data: Mapping[str, Any]) -> RiskProfile:
    """Return what `RiskProfile.as_data` wrote, without what responses do.

    Raises KeyError, TypeError, ValueError or AttributeError for what it did not write.
    """
    return RiskProfile(
        measure=str(data["measure"]),
        level=float(data["level"] or 0.0),
        weight=float(data["weight"]),
        calm_cost=calm_cost_in(data),
        outcomes=tuple(map(_outcome_in, data["scenarios"])),
        redrawn=_redrawn_in(data),
    )


def _redrawn_in(data: Mapping[str, Any]) -> float | None:
    """Return the expected cost on other draws; plans of earlier versions do not say where it is infinite."""
    said = data.get("redrawn")
    return float(said) if said is not None else math.inf if data.get("drawn") else None


def _outcome_in(data: Mapping[str, Any]) -> ScenarioOutcome:
    return ScenarioOutcome(
        scenario=str(data["scenario"]),
        probability=float(data["probability"]),
        begins=str(data["begins"]),
        extra_cost=float(data["extra_cost"]),
        materials=tuple(map(_material_in, data["materials"])),
    )


def _material_in(data: Mapping[str, Any]) -> MaterialOutcome:
    return MaterialOutcome(
        material=str(data["material"]),
        unmet=tuple((str(period), float(units)) for period, units in data["unmet"].items()),
        covered=float(data["covered"]),
        written_off=float(data["written_off"]),
        missing=float(data["missing"]),
    )
