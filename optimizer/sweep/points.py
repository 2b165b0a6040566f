"""The points of a sweep: the instance at every level of one axis, or at every pair of levels of two."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING

from models.changes import VERBS
from optimizer.errors import InputError
from optimizer.requests import change_instance
from optimizer.sweep.axis import MOST, is_axis, read_axis

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.enforcement import EnforcedInstance
    from models.instance import Instance
    from optimizer.requests import Requests
    from optimizer.sweep.axis import Axis, Level


@dataclass(frozen=True, slots=True, eq=False)
class Point:
    """One instance to be solved."""

    number: int
    """Its place in the sweep, from 0: line by line, each from loose to tight."""
    levels: tuple[Level, ...]
    """A level of each axis."""
    instance: EnforcedInstance

    @property
    def line(self) -> tuple[Level, ...]:
        """What it has in common with the other points of its line: the level of the second axis, if there is one."""
        return self.levels[1:]


def read_axes(instance: Instance, changes: Requests, second: str | None) -> tuple[EnforcedInstance, list[Axis]]:
    """Return the instance with all changes that have one value, and the axes of the others.

    Raises:
        InputError: with one line for everything that is wrong, or no change has levels.
    """
    ranged = [text for text in changes.texts if is_axis(text)]
    facts = replace(changes, texts=tuple(text for text in changes.texts if text not in ranged)).apply_to(instance)
    if not ranged:
        msg = "no change has levels to run through; write one such as --cap CN=20%..100%:9"
        raise InputError([msg])
    if len(ranged) > 1:
        msg = f"--{ranged[1]}: is a second change with levels; write it as --and {ranged[1]!r}"
        raise InputError([msg])
    axes = [read_axis(ranged[0], facts)]
    if second is not None:
        verb = second.strip().partition(" ")[0]
        text = second.strip() if verb in VERBS else f"cap {second.strip()}"
        axes.append(read_axis(text, facts, origin=f"--and {second}"))
    return facts, axes


def points_of(instance: Instance, axes: Sequence[Axis]) -> list[Point]:
    """Return every point of a sweep: for each level of the second axis the levels of the first.

    Raises:
        InputError: with one line for everything that keeps the instance from taking a level; or there are too many.
    """
    count = 1
    for axis in axes:
        count *= len(axis.levels)
    if count > MOST:
        raise InputError([f"the sweep would have {count} points, and {MOST} is the most; write fewer levels"])
    points: list[Point] = []
    faults: dict[str, str] = {}
    """By what is wrong: it is told of the first level at which it is."""
    for number, reversed_levels in enumerate(product(*(axis.levels for axis in reversed(axes)))):
        levels = reversed_levels[::-1]
        changes = [axis.at(level) for axis, level in zip(axes, levels, strict=True)]
        try:
            there = change_instance(instance, changes)
        except InputError as error:
            for problem in error.problems:
                faults.setdefault(problem.partition(": ")[2] or problem, problem)
            continue
        said = "; ".join(change.text for change in changes)
        points.append(Point(number, levels, there.model_copy(update={"title": f"{instance.title} at {said}"})))
    if faults:
        raise InputError(faults.values())
    return points
