r"""A response: what is done once something has stopped, by the same core and the same blocks as a plan.

A response is the program of a market from the period in which a loss begins, from the state that the plan is in then.
It has no decision that is yes or no: contracts, openings, periods of fixed cost, lanes in use and tiers are those of
the plan. `sourcing` and each block say in a line or two what differs where `m.response` is there; nothing is written
twice.

What ties a response to its plan is said once, as data: a column is at most a sum of figures of the plan (`Link`), and
the upper end of a row moves with figures of the plan (`Shift`). At a fixed plan the figures are numbers and the links
are bounds, which a stress test turns for each loss; in a two-stage program the same links are rows over the columns of
the plan.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from models.market import ShortNotice

Name = tuple[str, tuple[str, ...]]
"""A column of a response: its family and its key."""
Figure = tuple[str, tuple[str, ...]]
"""A figure of the plan: ``quantity`` by offer and period, ``flow`` by lane and period of leaving, or ``used``, which is
1 where the plan uses a lane in a period, and so of a ``("corridor", name, period)``."""
Sum = list[tuple[float, Figure]]
"""Figures of the plan, each times a factor."""


class UnitPrice(NamedTuple):
    """What units of an offer cost in a period of a plan [currency per unit]."""

    refund: float = 0.0
    """The lowest price of the tiers that it reaches."""
    last: float = 0.0
    """The price of the last of them."""


class Link(NamedTuple):
    """A column of a response is at most a sum of figures of the plan.

    A ``quantity`` counts in the share that a loss leaves of it, a ``flow`` only where it left before the loss began.
    """

    column: Name
    figures: Sum
    notice: int = 0
    """The column is 0 before so many periods have passed since the loss began."""
    owed: float = 0.0
    """Currency a unit that is owed in any case, so that it is not saved; unless a loss hits the column."""


class Shift(NamedTuple):
    """The upper end of a row of a response moves by a sum of figures of the plan; never below 0."""

    family: str
    key: tuple[str, ...]
    figures: Sum


@dataclass
class Response:
    """What makes a model that of a response; its links are noted while it is built."""

    terms: Mapping[str, ShortNotice]
    """What an offer gives at short notice, by offer."""
    prices: Mapping[tuple[str, str], UnitPrice]
    """What units cost in the plan, by offer and period."""
    unmet_price: float
    """Currency per unit of unmet demand where no shortage cost is stated: above all that covering it can cost."""
    replacement_costs: Mapping[str, float]
    """Currency per unit of closing stock that is missing, by material."""
    links: list[Link] = field(default_factory=list)
    shifts: list[Shift] = field(default_factory=list)

    def bound(self, column: Name, figures: Sum, *, notice: int = 0, owed: float = 0.0) -> None:
        """Note that a column is at most a sum of figures of the plan."""
        self.links.append(Link(column, figures, notice, owed))

    def move(self, family: str, key: tuple[str, ...], figures: Sum) -> None:
        """Note that the upper end of a row moves with figures of the plan."""
        self.shifts.append(Shift(family, key, figures))
