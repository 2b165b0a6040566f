"""A sweep as charts see it: what was moved, and what each level of it costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence


class LargestShare(NamedTuple):
    """The greatest share of one country over the horizon."""

    share: float
    of: str
    """Whose share of what that is."""


@dataclass(frozen=True)
class ShownPoint:
    """A level of a sweep, and what its plan costs."""

    level: str
    number: float
    """The level as a number, in the unit in which it is written: a share in per cent."""
    line: str
    """The level of the second change; empty where there is one change only."""
    status: str
    knee: bool
    cost: float | None
    """What the plan costs [currency]; None where there is none."""
    unmet: float
    """The largest share of demand that is unmet of any material, from 0 to 1."""
    plan: str = ""
    """Where its plan stands in the folder of the sweep; empty where it has none."""
    place: LargestShare | None = None
    control: LargestShare | None = None


@dataclass(frozen=True)
class ShownSweep:
    """A sweep that is to be shown."""

    axes: Sequence[str]
    """What was moved, as it was asked for."""
    words: Sequence[str]
    """What was moved, in words with basis and unit."""
    currency: str
    digest: str
    """That of the instance."""
    complete: bool
    points: Sequence[ShownPoint]
    own: bool = False
    """Whether the plan of the page is known to be one of its points."""
