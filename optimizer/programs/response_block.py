r"""The response to one scenario as a block of rows: over columns of its own, and over the columns of the plan.

Words: what is done in a scenario from the period in which it begins, tied to what the plan has signed, bought, stored
and sent on its way by then.

Mathematics, for scenario s that begins in period tau, with y the columns of the plan and x those of the response:

    cost of s  =  C y + d y + c x            what the plan costs, and what is saved and spent from tau on
    lower  <=  T y + W x  <=  upper          the core and the blocks of the market of s, from tau on
    0      <=  x          <=  ...

- What belongs to a period before tau **is** the plan's: its column stands in T. So before tau every scenario does what
  the plan does, and nobody knows the future. Rows of such columns alone are let go, as the plan keeps them itself.
- A link `x <= sum of figures of the plan` and a shift of a row are rows over both (`models.formulation.response`); of
  what was ordered a link counts the share that the scenario leaves or takes.
- d takes what the plan would have cost from tau on out again, but for its integers and fees, which are paid in any
  case; and puts in what is owed for all that was planned, of which c takes back what is taken. What left before tau and
  arrives later pays the duty of the scenario in the place of the calm's, as duties are charged on arrival.

So a scenario needs nothing of a plan but y. With y as columns the block is one of the extensive form; with y fixed it
is the linear program of the response, whose duals are a cut.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from models.market.network import Network
from optimizer.solver.arrays import Matrix, Sparse, program_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from models.formulation.response import Charge, Link, Name, Share, Sum
    from models.limits import Limit
    from models.market import PreparedMarket
    from models.market.bounds import Sale
    from optimizer.programs.response_program import ResponseProgram

    Numbers = NDArray[np.float64]
    Places = NDArray[np.int64]

_PERIOD_IN_KEY = {"flow": 2, "quantity": 1, "tier": 1, "unmet": 2, "stock": 2, "excess": 4}
"""Where the period stands in the key of what a plan does anew in a scenario; all else is signed or paid once."""
_OF_MATERIALS = frozenset({"unmet", "stock", "excess"})
"""Families of which the second part of a key is a material; of all others that follow periods the first is an offer."""


class PlanColumns:
    """The columns of a plan as scenarios see them: by name, with what they cost and when."""

    def __init__(
        self, names: Sequence[tuple[str, Any]], cost: Numbers, market: PreparedMarket, limits: Iterable[Limit] = ()
    ) -> None:
        """Take the names and the costs of the columns of the program of a plan, its market and its limits."""
        self.market = market
        keyed = [(family, key if isinstance(key, tuple) else (key,)) for family, key in names]
        self.place = {name: place for place, name in enumerate(keyed)}
        self.cost = cost
        position = {period: place for place, period in enumerate(market.years)}
        broken_anew = {limit.name for limit in limits if limit.in_responses}
        self.period = np.array(
            [
                position[key[_PERIOD_IN_KEY[family]]]
                if family in _PERIOD_IN_KEY and (family != "excess" or key[0] in broken_anew)
                else -1
                for family, key in self.place
            ],
            dtype=np.int64,
        )
        """The period in which a response takes the place of a column; -1 of what is signed or paid in any case."""

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.cost)

    @cached_property
    def most(self) -> Mapping[Sale, float]:
        """What can be bought at the most, by offer and period [units]."""
        return self._network.quantities

    @property
    def arrival(self) -> Mapping[tuple[str, str, str], str]:
        """When flows arrive."""
        return self._network.arrival

    @cached_property
    def has_closed_days(self) -> bool:
        """Whether law closes any lane on some days of a period alone."""
        return bool(self._network.borders.open_shares)

    @cached_property
    def _network(self) -> Network:
        return Network(self.market)

    def duty_on_arrival(self, begins: int, market: PreparedMarket) -> Numbers:
        """Return what a unit pays more at a border in a market than if nothing happens, by column.

        Of flows that leave before a period and arrive from it on; 0 of all else.
        """
        more = np.zeros(len(self))
        if market.duties is self.market.duties:
            return more
        there, periods = Network(market), list(self.market.years)
        for (family, key), place in self.place.items():
            arrives = self.arrival.get(key) if family == "flow" else None
            if arrives and self.period[place] < begins <= periods.index(arrives) and _belongs((family, key), market):
                origin, destination, leaves = key
                way = origin, destination, leaves, arrives
                more[place] = there.duty(*way) - self._network.duty(*way)
        return more

    def cost_from(self, begins: int, market: PreparedMarket) -> Numbers:
        """Return the cost of each column of which a response in a market takes the place, from a period on; else 0."""
        mine = np.array([_belongs(name, market) for name in self.place], dtype=bool)
        return np.where((self.period >= begins) & mine, self.cost, 0.0)


def _belongs(name: Name, market: PreparedMarket) -> bool:
    """Whether a column that follows periods is one of a market."""
    family, key = name
    return key[1] in market.material if family in _OF_MATERIALS else key[0] in market.offer


@dataclass(frozen=True, eq=False)
class ResponseBlock:
    """A response as a block: `lower <= T y + W x <= upper`, at `d y + c x` beside what the plan costs."""

    names: Sequence[Name]
    """Its own columns."""
    rows: Sequence[Name]
    cost: Numbers
    """c, currency per unit."""
    plan_cost: Numbers
    """d, currency per unit of a column of the plan."""
    lower: Numbers
    upper: Numbers
    """Of its own columns."""
    own: Sparse
    """W."""
    plan: Sparse
    """T."""
    row_lower: Numbers
    row_upper: Numbers
    arriving: frozenset[Name]
    """Flows of the plan that left before and that it has a use for, if only to write them off."""

    @cached_property
    def place(self) -> dict[Name, int]:
        """Where each of its own columns stands."""
        return {name: place for place, name in enumerate(self.names)}

    def at(self, plan: Numbers) -> Matrix:
        """Return the linear program of the response to a fixed plan; its optimum lacks `cost_at`."""
        fixed = self.plan @ plan
        return replace(program_of(self), row_lower=self.row_lower - fixed, row_upper=self.row_upper - fixed)

    def cost_at(self, plan: Numbers, values: Numbers) -> float:
        """Return what the scenario costs more than the plan, with some values of the response [currency]."""
        return float(self.plan_cost @ plan + self.cost @ values)


class ResponseBeginning:
    """The responses in a market that begin in a period: rows and columns that all of its scenarios share."""

    def __init__(self, program: ResponseProgram, columns: PlanColumns, begins: int) -> None:
        """Take a response apart.

        Args:
            program: the response in the market of the scenarios.
            columns: those of the plan.
            begins: the period in which they begin, counted from 0.
        """
        self._program, self._columns, self._begins = program, columns, begins
        now = program.period >= begins
        self._now, self._kept = np.flatnonzero(now), np.flatnonzero(program.last_period >= begins)
        self._own, self._row = _renumber(self._now, len(now)), _renumber(self._kept, len(program.rows))
        self._links = [link for link in program.links if now[program.place[link.column]]]
        self._linked = np.array([self._own[program.place[link.column]] for link in self._links], dtype=np.int64)
        early = [program.period[program.place[link.column]] < begins + link.notice for link in self._links]
        self._unheard = self._linked[np.array(early, dtype=bool)]
        self._terms = _LinkTerms(self._links, [self._list_figures(link.figures) for link in self._links])
        self._charges = _Charges(program.charges, columns, begins)
        self._size = len(self._kept) + len(self._links)
        self._of_own, self._of_plan = self._own_rows(), self._plan_rows()
        self._saved = columns.cost_from(begins, program.market) - columns.duty_on_arrival(begins, program.market)
        linked = [(f"link {link.column[0]}", link.column[1]) for link in self._links]
        self._names = [program.names[place] for place in self._now]
        self._arriving = frozenset(
            name for name, late in zip(program.names, now, strict=True) if not late and name[0] == "flow"
        )
        self._rows = [program.rows[place] for place in self._kept] + linked
        self._row_lower = np.concatenate([program.matrix.row_lower[self._kept], np.full(len(linked), -np.inf)])
        self._row_upper = program.matrix.row_upper[self._kept]

    def block(
        self, losses: Mapping[Sale, float] | None = None, less_to_sell: Mapping[Sale, float] | None = None
    ) -> ResponseBlock:
        """Return the block of a scenario.

        Args:
            losses: the share that is lost of orders, by offer and period it hits.
            less_to_sell: what offers have to sell where that is less than in the market of the program [units].
        """
        program, matrix = self._program, self._program.matrix
        losses = losses or {}
        cost, upper = matrix.cost[self._now], matrix.upper[self._now]
        for sale, most in (less_to_sell or {}).items():
            place = program.place.get(("quantity", sale), -1)
            if place >= 0 and self._own[place] >= 0:
                upper[self._own[place]] = min(upper[self._own[place]], most)
        upper[self._unheard] = 0.0
        hit = self._terms.shares.list_hit(losses)
        np.add.at(cost, self._linked[hit], self._terms.owed[hit])
        shares = self._terms.shares.at(losses)
        return ResponseBlock(
            names=self._names,
            rows=self._rows,
            cost=cost,
            plan_cost=self._charges.at(losses, len(self._columns)) - self._saved,
            lower=matrix.lower[self._now],
            upper=upper,
            own=self._of_own,
            plan=self._of_plan.over(self._terms.rows(shares, len(self._columns))),
            row_lower=self._row_lower,
            row_upper=np.concatenate([self._row_upper, shares * self._terms.constant]),
            arriving=self._arriving,
        )

    def _own_rows(self) -> Sparse:
        """Return what rows have of the response's own columns, and each link of the one that it bounds."""
        sparse = self._program.matrix.A
        mine = (self._own[sparse.indices] >= 0) & (self._row[sparse.row_of_entry] >= 0)
        links = np.arange(len(self._kept), self._size)
        rows = np.concatenate([self._row[sparse.row_of_entry[mine]], links])
        columns = np.concatenate([self._own[sparse.indices[mine]], self._linked])
        return Sparse.summed(
            (self._size, len(self._now)), rows, columns, np.append(sparse.data[mine], np.ones(len(links)))
        )

    def _plan_rows(self) -> Sparse:
        """Return what rows have of columns that are past, which are the plan's, and by what figures of it they move.

        Of a column that only a response has, nothing is past.
        """
        program, sparse, place = self._program, self._program.matrix.A, self._columns.place
        theirs = np.array([place.get(name, -1) for name in program.names], dtype=np.int64)
        past = (self._own[sparse.indices] < 0) & (theirs[sparse.indices] >= 0)
        past &= self._row[sparse.row_of_entry] >= 0
        moved = [
            (row, column, -factor)
            for shift in program.shifts
            if (row := int(self._row[program.place_of_row[shift.family, shift.key]])) >= 0
            for column, factor in self._list_figures(shift.figures)
        ]
        rows = np.concatenate([self._row[sparse.row_of_entry[past]], [row for row, _, _ in moved]])
        columns = np.concatenate([theirs[sparse.indices[past]], [column for _, column, _ in moved]])
        data = np.concatenate([sparse.data[past], [number for _, _, number in moved]])
        shape = (len(self._kept), len(self._columns))
        return Sparse.summed(shape, rows.astype(np.int64), columns.astype(np.int64), data)

    def _list_figures(self, figures: Sum) -> list[tuple[int, float]]:
        """Return where figures stand in the plan, and how often they count: of flows those that left by then."""
        found: dict[int, float] = defaultdict(float)
        for factor, (family, key) in figures:
            place = self._columns.place.get((family, key))
            if place is not None and (family != "flow" or self._program.position[key[2]] < self._begins):
                found[place] += factor
        return list(found.items())


class _Shares:
    """In which share something counts in a scenario, by the losses of the offer and period that it belongs to."""

    def __init__(self, sales: Sequence[Sale], where_hit: Sequence[Share]) -> None:
        self._where_hit = where_hit
        self._unhit = np.array([_count(share, None) for share in where_hit], dtype=float)
        self._of_sale: dict[Sale, list[int]] = defaultdict(list)
        for number, sale in enumerate(sales):
            self._of_sale[sale].append(number)

    def list_hit(self, losses: Iterable[Sale]) -> Places:
        """Return the numbers of those whose supplier is hit."""
        return np.array(sorted(number for sale in losses for number in self._of_sale.get(sale, ())), dtype=np.int64)

    def at(self, losses: Mapping[Sale, float]) -> Numbers:
        """Return the share of each."""
        shares = self._unhit.copy()
        for sale, lost in losses.items():
            for number in self._of_sale.get(sale, ()):
                shares[number] = _count(self._where_hit[number], lost)
        return shares


def _count(share: Share, lost: float | None) -> float:
    """Return how much of something counts where so much of it is lost; None = no loss hits its supplier."""
    if lost is None:
        return 0.0 if share == "lost" else 1.0
    return {"nothing": 0.0, "left": 1.0 - lost, "lost": lost, "all": 1.0}[share]


class _LinkTerms:
    """What links make of the figures of a plan, one number a link."""

    def __init__(self, links: Sequence[Link], figures: Sequence[Sequence[tuple[int, float]]]) -> None:
        self.owed = np.array([link.owed for link in links], dtype=float)
        self.constant = np.array([link.constant for link in links], dtype=float)
        self.shares = _Shares([_sale(link.column) for link in links], [link.where_hit for link in links])
        entries = [(row, *one) for row, some in enumerate(figures) for one in some]
        self._row = np.array([row for row, _, _ in entries], dtype=np.int64)
        self._column = np.array([column for _, column, _ in entries], dtype=np.int64)
        self._factor = np.array([factor for _, _, factor in entries], dtype=float)

    def rows(self, shares: Numbers, columns: int) -> Sparse:
        """Return the figures of the plan that linked columns are at most, each in the share of its link."""
        return Sparse.summed((len(shares), columns), self._row, self._column, -self._factor * shares[self._row])


class _Charges:
    """What figures of a plan cost in scenarios that begin in a period."""

    def __init__(self, charges: Sequence[Charge], columns: PlanColumns, begins: int) -> None:
        placed = [(columns.place.get(charge.figure), charge) for charge in charges]
        mine = [(place, charge) for place, charge in placed if place is not None and columns.period[place] >= begins]
        self._place = np.array([place for place, _ in mine], dtype=np.int64)
        self._price = np.array([charge.price for _, charge in mine], dtype=float)
        self._shares = _Shares([_sale(charge.figure) for _, charge in mine], [charge.where_hit for _, charge in mine])

    def at(self, losses: Mapping[Sale, float], size: int) -> Numbers:
        """Return what each of so many figures of the plan costs, with some losses [currency per unit]."""
        cost = np.zeros(size)
        np.add.at(cost, self._place, self._shares.at(losses) * self._price)
        return cost


def _sale(name: Name) -> Sale:
    """Return the offer and the period of what is ordered, taken and called."""
    _, key = name
    return key[0], key[1]


def _renumber(places: Places, size: int) -> Places:
    """Return the number among `places` of each of so many, -1 of what is not among them."""
    numbers = np.full(size, -1, dtype=np.int64)
    numbers[places] = np.arange(len(places))
    return numbers
