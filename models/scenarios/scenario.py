"""Scenarios as a market knows them, and what keeps them from being worked out."""

from __future__ import annotations

from models.market.scenario import OfferPeriod, Scenario

__all__ = ["OfferPeriod", "Scenario", "ScenarioError"]


class ScenarioError(ValueError):
    """Scenarios or hazards that cannot be worked out; holds one line for each problem."""

    def __init__(self, problems: list[str]) -> None:
        """Keep every problem."""
        self.problems = tuple(problems)
        super().__init__("\n".join(problems))
