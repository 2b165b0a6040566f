"""Scenarios: what may happen, worked out for a program.

Explicit ones are named in the tables `scenarios` and `shocks`; others are made of `hazards`. What is left of the
probability is the calm, in which none of them happens.
"""

from __future__ import annotations

from models.scenarios.foresight import Draws, draws_of, foresee
from models.scenarios.hazards import chance_of_several
from models.scenarios.listing import are_drawn, draw_scenarios, list_idle, list_scenarios
from models.scenarios.mean import NoMeanError, mean_of
from models.scenarios.problems import scenario_problems
from models.scenarios.scenario import OfferPeriod, Scenario, ScenarioError

__all__ = [
    "Draws",
    "NoMeanError",
    "OfferPeriod",
    "Scenario",
    "ScenarioError",
    "are_drawn",
    "chance_of_several",
    "draw_scenarios",
    "draws_of",
    "foresee",
    "list_idle",
    "list_scenarios",
    "mean_of",
    "scenario_problems",
]
