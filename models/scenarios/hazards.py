r"""Scenarios made of hazards: what strikes first within the horizon, in which way and in which period.

A way r in which a hazard strikes with a chance of c_r a year has a rate of lambda_r = -log(1 - c_r), whatever has
happened. With all rates in sum Lambda, T_t the years before period t and y_t its length, r strikes first, in t, with

    exp(-Lambda T_t) (1 - exp(-Lambda y_t)) lambda_r / Lambda

which is exact: these and the chance that nothing strikes, exp(-Lambda T), make 1. What strikes later is no part of a
scenario, so how likely it is that two or more do is told: 1 - exp(-Lambda T) (1 + Lambda T). Scenarios that are named
exclude each other and do not depend on hazards: one that comes true leaves nothing to them, so their weights are
multiplied by the probability that none does.

| symbol | meaning | unit |
|---|---|---|
| c_r, lambda_r | chance and rate at which hazards strike in a way | a year |
| T_t, y_t, T | years before a period, in it and in the horizon | years |
"""

from __future__ import annotations

from collections import Counter
from itertools import accumulate
from math import exp, expm1, log1p
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from models.records.wording import format_count, name_length
from models.scenarios.window import Window, window_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from models.market import Hazard, Market

MOST_ENUMERATED = 5_000
"""Strikes that are all looked at; of more some are drawn."""
SAMPLES = 1_000
"""Strikes that are drawn, unless more beginnings of hazards than that are there."""


class HazardEvent(NamedTuple):
    """One way in which a hazard strikes first, in a period."""

    hazard: Hazard
    window: Window
    weight: float
    """Its probability."""

    def name(self, years: Mapping[str, float], *, told_apart: bool) -> str:
        """Return what it is called, by how many years each period lasts.

        Its value stands in it where the hazard strikes in several ways.
        """
        periods = list(years)[self.window.begins : self.window.ends]
        lasts = format_count(len(periods), f"{name_length(map(years.__getitem__, periods))}s")
        of = f" of {self.hazard.of}" if self.hazard.of else ""
        how = f" ({self.hazard.text}{of})" if told_apart else ""
        return f"{self.hazard.hazard}{how} in {periods[0]} for {lasts}"


def list_hazard_events(market: Market) -> list[HazardEvent]:
    """Return every way in which a hazard may strike first, in each period, with its exact weight.

    One that would last beyond the horizon is cut there; those of a hazard that are then the same are one.
    """
    years = list(market.years.values())
    rates = [(hazard, -log1p(-hazard.chance)) for hazard in market.hazards if hazard.chance]
    whole = sum(rate for _, rate in rates)
    unnamed = max(0.0, 1.0 - sum(row.probability for row in market.scenarios))
    found: dict[tuple[object, ...], HazardEvent] = {}
    for begins, (before, length) in enumerate(zip(accumulate(years, initial=0.0), years, strict=False)):
        first = unnamed * exp(-whole * before) * -expm1(-whole * length)
        for hazard, rate in rates:
            window = window_of(begins, hazard.lasts, len(years))
            key = hazard.hazard, hazard.text, hazard.of, window
            known = found.get(key)
            weight = first * rate / whole + (known.weight if known else 0.0)
            found[key] = HazardEvent(hazard, window, weight)
    possible = (strike for strike in found.values() if strike.weight > 0)
    return sorted(possible, key=lambda one: (one.window, one.hazard.hazard, one.hazard.text, one.hazard.of or ""))


def name_events(market: Market, events: Iterable[HazardEvent]) -> Iterator[tuple[str, HazardEvent]]:
    """Yield strikes with what each is called."""
    ways = Counter(hazard for hazard, _, _ in {(row.hazard, row.text, row.of) for row in market.hazards})
    for event in events:
        yield event.name(market.years, told_apart=ways[event.hazard.hazard] > 1), event


def chance_of_several(market: Market) -> float:
    """Return the probability that two or more hazards strike within the horizon, or one beside a named scenario."""
    expected = sum(-log1p(-hazard.chance) for hazard in market.hazards) * sum(market.years.values())
    named = min(1.0, sum(row.probability for row in market.scenarios))
    none = exp(-expected)
    return (1.0 - named) * (1.0 - none * (1.0 + expected)) + named * (1.0 - none)


def draw_hazard_events(strikes: Iterable[HazardEvent], samples: int, seed: int) -> Iterator[HazardEvent]:
    """Yield some of many strikes, whose weights are those of all: as many of each hazard in each period as of another.

    A hazard in a period has the weight that it has, and so many of its ways are drawn in proportion to theirs; where it
    has no more than that, each is there with its own weight.
    """
    strata: dict[tuple[int, str], list[HazardEvent]] = {}
    for strike in strikes:
        strata.setdefault((strike.window.begins, strike.hazard.hazard), []).append(strike)
    each = max(1, samples // max(1, len(strata)))
    for (begins, hazard), ways in strata.items():
        if len(ways) <= each:
            yield from ways
            continue
        random = Random(f"{seed} {begins} {hazard}")  # noqa: S311 (draws of a study, the same for the same seed)
        weights = [way.weight for way in ways]
        drawn = random.choices(range(len(ways)), weights, k=each)
        weight = sum(weights) / each
        for number in sorted(set(drawn)):
            yield ways[number]._replace(weight=weight * drawn.count(number))
