"""A frontier drawn with signs, for a terminal or a file: cost upwards, level to the right."""

from __future__ import annotations

from itertools import groupby
from string import ascii_lowercase
from typing import TYPE_CHECKING

from models.records.tolerances import SAME_COST
from optimizer.report.answer import format_money
from optimizer.report.layout import PIPED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optimizer.report.frontier_data import Frontier

_WIDEST, _HEIGHT = 60, 12
_PLAN, _KNEE, _UNMET, _NONE, _SEVERAL = "o", "K", "u", "x", "#"

Spot = tuple[int, int]
"""Column from the left and row from the top."""


def plot(frontier: Frontier) -> str:
    """Return the plot; nothing where all plans cost the same, or there are more lines than letters."""
    costs = [there.cost for there in frontier.found.values() if there.has_plan]
    lines = {point.line for point in frontier.points}
    if not costs or max(costs) - min(costs) <= SAME_COST * abs(max(costs)) or len(lines) > len(ascii_lowercase):
        return ""
    currency = frontier.instance.currency
    labels = {0: format_money(max(costs), currency), _HEIGHT - 1: format_money(min(costs), currency)}
    margin = max(map(len, labels.values()))
    width = min(_WIDEST, PIPED - margin - len(" +"))
    signs: dict[Spot, str] = {}
    for spot, sign in _signs(frontier, min(costs), max(costs), width):
        signs[spot] = sign if signs.get(spot, sign) == sign else _SEVERAL
    drawn = []
    for row in range(_HEIGHT + 1):
        inside = "".join(signs.get((column, row), " ") for column in range(width))
        drawn.append(f"{labels.get(row, '').rjust(margin)} |{inside}".rstrip())
    low, high = _ends(frontier)
    drawn.append(f"{' ' * margin} +{'-' * width}")
    drawn.append(f"{' ' * margin}  {low}{frontier.axes[0].change.center(width - len(low) - len(high))}{high}".rstrip())
    return "\n".join([*drawn, *_key(frontier, signs)])


def _signs(frontier: Frontier, least: float, most: float, width: int) -> Iterator[tuple[Spot, str]]:
    """Yield what stands where: plans in the field, points without one on the row below it."""
    numbers = [level.number for level in frontier.axes[0].levels]
    left, span = min(numbers), max(numbers) - min(numbers)
    for letter, (line, points) in zip(ascii_lowercase, groupby(frontier.points, key=lambda p: p.line), strict=False):
        for point in points:
            there = frontier.found.get(point.number)
            if there is None:
                continue
            column = round((point.levels[0].number - left) / span * (width - 1))
            if not there.has_plan:
                yield (column, _HEIGHT), _NONE
                continue
            height = (there.cost - least) / (most - least)
            plan = _UNMET if there.caveats.unmet else _PLAN
            sign = letter if line else plan
            knee = letter.upper() if line else _KNEE
            yield (column, round((1 - height) * (_HEIGHT - 1))), knee if point.number in frontier.knees else sign


def _ends(frontier: Frontier) -> tuple[str, str]:
    levels = sorted(frontier.axes[0].levels, key=lambda level: level.number)
    return levels[0].text, levels[-1].text


def _key(frontier: Frontier, signs: dict[Spot, str]) -> Iterator[str]:
    """Yield what the signs mean, of those that are there."""
    there = set(signs.values())
    words = {
        _PLAN: "plan",
        _UNMET: "plan that leaves demand unmet",
        _KNEE: "knee",
        _NONE: "no plan",
        _SEVERAL: "several",
    }
    if len(frontier.axes) > 1:
        second = frontier.axes[1]
        named = zip(ascii_lowercase, second.levels, strict=False)
        yield f"{second.change}: {', '.join(f'{letter} {level.text}' for letter, level in named)}; a capital is a knee"
        words = {_NONE: "no plan", _SEVERAL: "several"}
    told = ", ".join(f"{sign} {word}" for sign, word in words.items() if sign in there)
    if told:
        yield told
