"""How much a solver has worked, in counts that are the same on every machine."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Effort:
    """What was done so far, or may be done at most."""

    iterations: int = 0
    """Steps of the simplex method; those inside a branch and bound count once it has ended."""
    looks: int = 0
    """Times that a branch and bound has looked whether to go on: at each node, and from time to time at the root."""
