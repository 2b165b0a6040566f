"""The scenarios of an instance: those that it names, and those that are made of its hazards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.scenarios.build import WorldBuilder
from models.scenarios.problems import scenario_problems
from models.scenarios.scenario import Scenario, ScenarioError
from models.scenarios.window import window_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.enforcement import EnforcedInstance


def list_scenarios(instance: EnforcedInstance) -> tuple[Scenario, ...]:
    """Return the scenarios of an instance by their beginning and name; none where it has none.

    Those that it names are all there, also where they change nothing.

    Raises:
        ScenarioError: with one line for everything that keeps them from being worked out.
    """
    problems = list(scenario_problems(instance))
    if problems:
        raise ScenarioError([problem.line for problem in problems])
    return tuple(sorted(_named(instance), key=lambda one: (one.begins, one.name)))


def _named(instance: EnforcedInstance) -> Iterator[Scenario]:
    """Yield the scenarios that stand in the tables."""
    market, builder = instance.market, WorldBuilder(instance)
    places = {period: place for place, period in enumerate(builder.periods)}
    for row in market.scenarios:
        begins = places[row.begins]
        shocks = [shock for shock in market.shocks if shock.scenario == row.scenario]
        world = builder.build([(shock, window_of(begins, shock.lasts, len(places))) for shock in shocks])
        yield Scenario(row.scenario, row.probability, begins, world.market, world.losses)
