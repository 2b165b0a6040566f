"""Instance -> Pyomo model: the core, then the blocks of the market, then the limits of the policy."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from pyomo.core import Block, Constraint, NonNegativeReals, Objective, SetOf, Var, minimize

from models.algebra.batched import Expressions
from models.algebra.constraints import LinearRows
from models.algebra.expressions import Sum, expression, merge
from models.algebra.variables import OtherVariablesError, declare
from models.enforcement import prepare
from models.formulation.blocks import BLOCKS
from models.formulation.sourcing import close, count, sourcing
from models.formulation.surplus import thrifty
from models.limits import Key, RowBatch
from models.limits.contract.losing import LosingLimit
from models.limits.contract.scoped import ScopedLimit

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from pyomo.core import ConcreteModel

    from models.enforcement import EnforcedInstance
    from models.formulation.response import Response
    from models.limits import Limit, Row
    from models.market import PreparedMarket


def _go_on() -> None:
    """Let the work go on."""


def build(instance: EnforcedInstance, *, elastic: bool = False, look: Callable[[], None] = _go_on) -> ConcreteModel:
    """Return the program of an instance.

    The model carries `market`, `exposure` and `network` (facts), `flow`, `quantity`, `signed`, `unmet`, what blocks
    add, and what limits count, `arriving` and `supplied` (decisions), `rows` (families as numbers), `costs` (terms by
    name), `limit[name]` (each with its `level`, its own `rows`, its `squares` and its `answers`) and `excess` (of the
    soft ones); a limit that is only watched has no part in it. With `elastic`, hard limits have an excess too, fixed
    at 0: who asks which limit is to blame lets it rise. `look` is called again and again; what it raises ends the work.
    """
    market, limits = prepare(instance), [limit for limit in instance.limits if not limit.watch]
    m = sourcing(market, () if instance.foreseen else thrifty(market, limits))
    m.foresees = bool(instance.foreseen)
    m.reserves = m.foresees or any(isinstance(limit, LosingLimit) for limit in limits)
    look()
    m.said = []
    for block in BLOCKS:
        before = len(m.rows)
        block.add(m)
        m.said.append(list(m.rows)[before:])
        look()
    _count(m, instance.limits)
    add_limits(m, limits, elastic=elastic, look=look)
    close(m)
    m.exposure.forget()
    return m


def build_response(
    market: PreparedMarket, response: Response, limits: Collection[Limit] = (), *, elastic: bool = False
) -> ConcreteModel:
    """Return the program of a response in a market: the core and the blocks of `build`, and limits that hold in it.

    These count what the response buys, as they count what a plan does. Its links to the plan are noted in `response`.
    With `elastic` hard limits have an excess, as those of a plan.
    """
    m = sourcing(market, response=response)
    for block in BLOCKS:
        block.add(m)
    if limits:
        _count(m, limits)
    add_limits(m, limits, elastic=elastic)
    close(m)
    return m


def rebuild_rows(m: ConcreteModel, limit: Limit) -> dict[str, LinearRows]:
    """Return the rows of a limit of a model at the level that it has now.

    It adds no variables of its own, or keeps them.

    What the exposure remembers of the model then is kept: the next level asks the same.
    """
    excess = {Key(*key): variable for (name, *key), variable in m.excess.items() if name == limit.name}
    kept = {name: getattr(m.limit[limit.name], name) for name in limit.KEEPS}
    return _rows(limit.rows(m, SimpleNamespace(level=limit.level, **kept)), excess)


def decisions(m: ConcreteModel) -> list[Var]:
    """Return every family of variables, those of the market first, then those that limits add."""
    blocks = [m, *m.limit.values()]
    return [family for block in blocks for family in block.component_map(Var, active=True).values()]


def families(m: ConcreteModel, again: Mapping[str, dict[str, LinearRows]] | None = None) -> dict[str, LinearRows]:
    """Return every family of rows by its name, those of the market first: ``ship``, ``limit[china].holds``.

    What some limits said `again` stands in the place of their rows.
    """
    named: dict[str, LinearRows] = dict(m.rows)
    for limit, here in m.limit.items():
        built = (again or {}).get(limit, here.rows)
        named |= {f"limit[{limit}].{name}": rows for name, rows in built.items() if rows}
    return named


def written_out(m: ConcreteModel) -> ConcreteModel:
    """Add rows, squares and objective as ordinary Pyomo components, for other solvers and for reading."""
    import pyomo.environ  # noqa: F401, PLC0415 (it registers what writes a model, and what solves it; building needs neither)

    for name, rows in m.rows.items():
        m.add_component(f"{name}_rows", rows.to_pyomo())
    for here in m.limit.values():
        for name, rows in here.rows.items():
            here.add_component(name, rows.to_pyomo())
        if here.squares:
            _write_squares(here)
    m.cost = Objective(expr=expression(merge(m.costs)), sense=minimize, doc="sum of all costs [currency]")
    return m


def _write_squares(here: Any) -> None:
    """Add each square of a limit as a quadratic constraint of three variables, which solvers know as a cone."""
    squares = {square.square.local_name: square for square in here.squares}
    names = list(squares)
    here.part = Var(names, domain=NonNegativeReals, doc="what is squared [quantity]")
    here.whole = Var(names, domain=NonNegativeReals, doc="what it is a part of [quantity]")
    here.parts = Constraint(names, rule=lambda here, name: expression(squares[name].part) == here.part[name])
    here.wholes = Constraint(
        names, rule=lambda here, name: expression(squares[name].whole) - here.whole[name] == -squares[name].constant
    )
    here.squared = Constraint(
        names, rule=lambda here, name: here.part[name] ** 2 - squares[name].square * here.whole[name] <= 0
    )


def _count(m: ConcreteModel, limits: Iterable[Limit]) -> None:
    """Add what limits count of what arrives; of those that are only watched too, which others may ask for."""
    arriving: dict[tuple[str, str], None] = {}
    supplied: dict[tuple[str, str], None] = {}
    for limit in limits:
        if isinstance(limit, ScopedLimit) and limit.ARRIVING:
            stages = dict.fromkeys(limit.stages_of(m.market))
            arriving |= stages
            supplied |= stages if getattr(limit, "of", None) == "supply" else {}
    count(m, arriving, supplied)


def add_limits(
    m: ConcreteModel, limits: Collection[Limit], *, elastic: bool = False, look: Callable[[], None] = _go_on
) -> None:
    """Add limits to a model that has all that its market asks for, or say again what they say."""
    names = [limit.name for limit in limits]
    if m.component("limit") is None:
        m.limit = Block(names)
    elif list(m.limit.keys()) != names:
        raise OtherVariablesError
    built = {}
    for limit in limits:
        built[limit.name] = _build_rows(m, limit)
        look()
    excess = _add_excess(m, built, [limit for limit in limits if elastic or limit.penalty is not None])
    for limit in limits:
        _attach(m, limit, built[limit.name], excess.get(limit.name, {}))
        look()


def _build_rows(m: ConcreteModel, limit: Limit) -> list[Row | RowBatch]:
    """Return the rows of a limit, over decisions of the market and of its own block."""
    here: Any = m.limit[limit.name]
    here.level = limit.level
    return list(limit.rows(m, here))


def _add_excess(
    m: ConcreteModel, built: dict[str, list[Row | RowBatch]], elastic: Collection[Limit]
) -> dict[str, dict[Key, Any]]:
    """Declare by how much each reading of the limits that give is broken: at a penalty, or (a hard one) not at all."""
    readings = {
        limit.name: dict.fromkeys(key for row in built[limit.name] if not row.defining for key in row.readings)
        for limit in elastic
    }
    keys = [(name, *key) for name, mine in readings.items() for key in mine]
    variables = iter(declare(m, "excess", SetOf(keys), NonNegativeReals, "by how much a limit is broken").values())
    excess = {name: dict(zip(mine, variables, strict=False)) for name, mine in readings.items()}
    for limit in elastic:
        for variable in excess[limit.name].values():
            if limit.penalty is None:
                variable.setub(0.0)
            else:
                m.costs["penalty"].append((limit.penalty, variable))
    return excess


def _attach(m: ConcreteModel, limit: Limit, built: Iterable[Row | RowBatch], excess: dict[Key, Any]) -> None:
    """Add a limit's rows, squares and answers."""
    here: Any = m.limit[limit.name]
    here.rows = _rows(built, excess)
    here.squares = list(limit.squares(m, here))
    here.answers = list(limit.answers(m, here))


def _rows(built: Iterable[Row | RowBatch], excess: dict[Key, Any]) -> dict[str, LinearRows]:
    """Return the rows of a limit as numbers, those of each reading with its excess when the limit gives.

    The family `holds` carries what the policy asks, `defines` the defining rows that only say what is
    counted.
    """
    holds, defines = LinearRows("less <= more + excess"), LinearRows("less <= more")
    for row in built:
        given = [excess[key] for key in row.readings] if excess and not row.defining else None
        if isinstance(row, RowBatch):
            more = row.more if given is None else row.more + Expressions.of("excess", [[one] for one in given])
            holds.order_each(row.keys, row.less, more)
        elif row.defining:
            defines.order(row.key, row.less, row.more)
        elif given:
            holds.order(row.key, row.less, Sum((1, row.more), (1, given[0])))
        else:
            holds.order(row.key, row.less, row.more)
    return {"holds": holds, "defines": defines} if defines else {"holds": holds}
