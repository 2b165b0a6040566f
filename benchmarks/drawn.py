"""Changes as an analyst makes them, each of one material: drawn from a seed, as texts of `models.changes`."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from models.instance import Instance

_SEED = 20_270_102
_CAPS = range(30, 66, 5)
"""Levels that a cap on China may get [%]."""


class Drawn(NamedTuple):
    """A change, and what it changes: levels, bounds, prices or demand."""

    kind: str
    text: str


def drawn_changes(instance: Instance, each: int) -> list[Drawn]:
    """Return `each` changes of levels, of bounds, of prices and of demand, all different, in random order."""
    rng = random.Random(_SEED)  # noqa: S311 (a benchmark keeps no secrets)
    found: dict[Drawn, None] = {}
    for kind in ("levels", "bounds", "prices", "demand"):
        there = len(found)
        while len(found) < there + each:
            found[Drawn(kind, _text(kind, instance, rng))] = None
    shuffled = list(found)
    rng.shuffle(shuffled)
    return shuffled


def _text(kind: str, instance: Instance, rng: random.Random) -> str:
    material = rng.choice(instance.market.materials)
    stage = rng.choice((material.stages[0], material.stages[-1]))
    country = rng.choice([offer.country for offer in instance.market.offers if offer.material == material.material])
    name = material.material
    match kind:
        case "levels":
            return f"cap {stage}/{name}:CN@control={rng.choice(_CAPS)}%"
        case "bounds":
            return f"capacity {name}@{country}=x{rng.choice((0.7, 0.8, 0.9, 1.1, 1.25))}"
        case "prices":
            return f"price {name}@{country}={rng.choice((-10, -5, 5, 10, 15)):+d}%"
        case _:
            return f"demand {name}={rng.choice((-10, -5, -2, 2, 5, 10)):+d}%"
