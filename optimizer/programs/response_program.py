"""The program of a response in a market: its arrays, what its columns and rows are called, and when they are.

It holds the whole horizon. A stress test fixes what lies before the beginning of a loss at what a plan did
(`optimizer.stress.held_response`); a program with scenarios puts the columns of the plan in its place
(`optimizer.programs.response_block`).
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from models.formulation.build import build_response, decisions, families
from optimizer.collector import pause_collector
from optimizer.programs.matrix import to_matrix

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from models.formulation.response import Charge, Link, Name, Response, Shift
    from models.limits import Limit
    from models.market import PreparedMarket


BY_TIER = frozenset({"refused", "undelivered_at", "called_at"})
"""Families of columns by offer, period and tier; all others have their period at the end of their key."""


class ResponseProgram:
    """The arrays of a response, named; what ties them to a plan stands in its `links`, `shifts` and `charges`."""

    def __init__(
        self, market: PreparedMarket, response: Response, limits: Collection[Limit] = (), *, elastic: bool = False
    ) -> None:
        """Build the program of a response in a market, within limits that hold in it; `elastic` as of a plan.

        A hard limit gives in a response by what the plan lets it give: by one column of the plan in all.
        """
        self._hard = {limit.name for limit in limits if limit.hard}
        self.market = market
        with pause_collector():
            m = build_response(market, response, limits, elastic=elastic)
            self.matrix = to_matrix(m)
        self.names: list[Name] = [(family.name, key) for family in decisions(m) for key in family]
        self.rows: list[Name] = [(family, key) for family, rows in families(m).items() for key in rows.keys]
        self.links: list[Link] = response.links
        self.shifts: list[Shift] = response.shifts
        self.charges: list[Charge] = response.charges

    @cached_property
    def place(self) -> dict[Name, int]:
        """Where each column stands."""
        return {name: place for place, name in enumerate(self.names)}

    @cached_property
    def place_of_row(self) -> dict[Name, int]:
        """Where each row stands."""
        return {name: place for place, name in enumerate(self.rows)}

    @cached_property
    def position(self) -> dict[str, int]:
        """Where each period stands in the horizon."""
        return {period: place for place, period in enumerate(self.market.years)}

    @cached_property
    def period(self) -> NDArray[np.int64]:
        """The period that each column belongs to: of a flow that in which it leaves; -1 of what is the plan's."""
        return np.array([self._period_of(*name) for name in self.names], dtype=np.int64)

    def _period_of(self, family: str, key: tuple[str, ...]) -> int:
        if family == "excess" and key[0] in self._hard:
            return -1
        return self.position[key[1] if family in BY_TIER else key[-1]]

    @cached_property
    def last_period(self) -> NDArray[np.int64]:
        """The last period of the columns of each row: once that is past, nothing in the row can move."""
        sparse = self.matrix.A
        last = np.full(sparse.shape[0], -1, dtype=np.int64)
        np.maximum.at(last, sparse.row_of_entry, self.period[sparse.indices])
        return last
