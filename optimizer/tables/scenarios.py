"""risk.csv, responses.csv and regret.csv: what a plan costs, does and might have saved in its scenarios."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

from models.market.tables.scenario import CALM
from optimizer.results.interval import finite_or_none
from optimizer.tables.table import CURRENCY, KEY, MASS, SHARE, SOLVED, Row, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optimizer.results.planning_value import Regret
    from optimizer.tables.table import PlannedInstance, Units


@dataclass(frozen=True, slots=True)
class ScenarioRisk(Row):
    """What a plan costs in a scenario and leaves unmet, with its best response; first the calm: nothing happens."""

    scenario: Annotated[str, KEY]
    """Its name; `calm` where nothing happens."""
    probability: Annotated[float, SHARE]
    """That it happens within the horizon."""
    begins: str
    """The period in which it begins; empty of the calm."""
    cost: Annotated[float, CURRENCY, SOLVED]
    """What the plan costs in all if it happens."""
    extra_cost: Annotated[float, CURRENCY, SOLVED]
    """What that is more than in the calm; below 0 where it is less."""
    material: Annotated[str, SOLVED]
    """The worst-off material of those that it hits; empty where it hits none."""
    covered: Annotated[float, SHARE, SOLVED]
    """Share of the demand for that material that is met, from the beginning of the scenario on."""
    unmet: Annotated[float, MASS, SOLVED]
    """Units of it that are unmet from then on."""
    written_off: Annotated[float, MASS, SOLVED]
    """Units of it that were under way, arrive and cannot be used."""
    missing: Annotated[float, MASS, SOLVED]
    """Units of it by which closing stock is below its minimum."""


@dataclass(frozen=True, slots=True)
class ResponseRow(Row):
    """Something that the best response to a scenario does otherwise than the plan; the rest is left out."""

    scenario: Annotated[str, KEY]
    """The scenario."""
    what: Annotated[Literal["taken", "called", "called of reserved", "stock", "unmet", "written off", "missing"], KEY]
    """`taken` is what was planned of an offer and is still bought, `called` what is bought at short notice beyond that,
    `called of reserved` what is bought of capacity that was reserved;
    `stock` stands at the end of the period, `missing` is below its minimum, `written off` came and cannot be used."""
    offer: Annotated[str, KEY]
    """Whose units are taken or called; empty of all else."""
    site: Annotated[str, KEY]
    """Where it is; empty of what is taken or called."""
    material: Annotated[str, KEY]
    """Of which material."""
    period: Annotated[str, KEY]
    """In which period."""
    quantity: Annotated[float, MASS, SOLVED]
    """Units."""
    planned: Annotated[float, MASS]
    """The same in the plan."""


@dataclass(frozen=True, slots=True)
class ScenarioRegret(Row):
    """What plans cost in a scenario, beside the least that any plan costs there that had known of it."""

    scenario: Annotated[str, KEY]
    """Its name; `calm` where nothing happens."""
    probability: Annotated[float, SHARE]
    """That it happens within the horizon."""
    least_cost_least: Annotated[float | None, CURRENCY, SOLVED]
    """What a plan costs that had known of it, at least; empty where that is not known."""
    least_cost_most: Annotated[float | None, CURRENCY, SOLVED]
    """The same at most."""
    cost: Annotated[float, CURRENCY, SOLVED]
    """What this plan costs in it."""
    regret: Annotated[float | None, CURRENCY, SOLVED]
    """What that is more at most."""
    caps_plan_cost: Annotated[float | None, CURRENCY, SOLVED]
    """What the plan of the caps alone costs in it: best if nothing happens, and held to no limit on stock or on what
    stays covered after a loss. Empty where it leaves demand unmet that has no shortage cost."""
    caps_plan_regret: Annotated[float | None, CURRENCY, SOLVED]
    """What that is more at most."""
    calm_plan_cost: Annotated[float | None, CURRENCY, SOLVED]
    """What the plan that is best if nothing happens costs in it; empty as before."""
    calm_plan_regret: Annotated[float | None, CURRENCY, SOLVED]
    """What that is more at most."""
    mean_plan_cost: Annotated[float | None, CURRENCY, SOLVED]
    """What the plan that is best for expected demand, prices and capacities costs in it; empty as before, or where
    there is none."""
    mean_plan_regret: Annotated[float | None, CURRENCY, SOLVED]
    """What that is more at most."""


def _list_risk(planned: PlannedInstance, _: Units) -> Iterator[ScenarioRisk]:
    risk = planned.risk
    if risk is None:
        return
    yield ScenarioRisk(CALM, risk.calm_probability, "", risk.calm_cost, 0.0, "", 1.0, 0.0, 0.0, 0.0)
    for one in risk.outcomes:
        worst = one.worst
        yield ScenarioRisk(
            scenario=one.scenario,
            probability=one.probability,
            begins=one.begins,
            cost=risk.cost_of(one),
            extra_cost=one.extra_cost,
            material="" if worst is None else worst.material,
            covered=one.covered,
            unmet=0.0 if worst is None else sum(units for _, units in worst.unmet),
            written_off=0.0 if worst is None else worst.written_off,
            missing=0.0 if worst is None else worst.missing,
        )


def _list_actions(planned: PlannedInstance, _: Units) -> Iterator[ResponseRow]:
    for one in planned.risk.outcomes if planned.risk is not None else ():
        for action in one.actions:
            yield ResponseRow(one.scenario, *action)


def _list_regrets(planned: PlannedInstance, _: Units) -> Iterator[ScenarioRegret]:
    for one in planned.value.regrets if planned.value is not None else ():
        yield ScenarioRegret(
            scenario=one.scenario or CALM,
            probability=one.probability,
            least_cost_least=finite_or_none(one.least.bound),
            least_cost_most=finite_or_none(one.least.cost),
            cost=one.cost,
            regret=finite_or_none(one.of(one.cost).cost),
            caps_plan_cost=one.caps_cost,
            caps_plan_regret=_regret_of(one, one.caps_cost),
            calm_plan_cost=one.calm_cost,
            calm_plan_regret=_regret_of(one, one.calm_cost),
            mean_plan_cost=one.mean_cost,
            mean_plan_regret=_regret_of(one, one.mean_cost),
        )


def _regret_of(outcome: Regret, cost: float | None) -> float | None:
    """Return what another plan costs more at most; None where it has no cost."""
    return None if cost is None else finite_or_none(outcome.of(cost).cost)


def _is_at_risk(planned: PlannedInstance) -> bool:
    return planned.risk is not None


_ONLY = "Only of an instance with scenarios."
RISK = Table("risk", ScenarioRisk, _list_risk, key="outcomes", only=_ONLY, is_there=_is_at_risk)
RESPONSES = Table("responses", ResponseRow, _list_actions, only=_ONLY, is_there=_is_at_risk)
REGRET = Table(
    "regret",
    ScenarioRegret,
    _list_regrets,
    comes_with="--value",
    is_there=lambda planned: planned.value is not None,
)
