"""The names of costs: every one under which a model adds money up, and a plan reports it."""

from __future__ import annotations

COSTS = (
    "purchases",
    "processing",
    "freight",
    "duty",
    "fixed",
    "opening",
    "reservation",
    "switching",
    "holding",
    "shortage",
    "penalty",
)
"""In the order in which they are told."""
