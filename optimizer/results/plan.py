"""A plan: plain numbers by name, as the CSV files hold them, and no Pyomo object."""

from __future__ import annotations

from dataclasses import dataclass, field

FlowKey = tuple[str, str, str]
NodeKey = tuple[str, str, str]


@dataclass(frozen=True)
class Plan:
    """What to buy, sign, store and leave unmet, in units of each material's basis."""

    flow: dict[FlowKey, float]
    """Units moved, by (origin, destination, period of leaving); what is not named does not move."""
    signed: dict[str, bool] = field(default_factory=dict)
    """By offer, where the contract has terms that ask for a signature."""
    unmet: dict[NodeKey, float] = field(default_factory=dict)
    """Demand left unmet, by (site, material, period)."""
    stock: dict[NodeKey, float] = field(default_factory=dict)
    """Units in stock at the end of a period, by (site, material, period)."""
    reserved: dict[str, float] = field(default_factory=dict)
    """Capacity reserved for responses [units per year], by offer of which any is."""
