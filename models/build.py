"""Instance -> Pyomo model: the core, then the blocks of the market, then the limits of the policy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pyomo.environ import Block, ConcreteModel, Constraint, NonNegativeReals, Objective, Var, minimize

from models.blocks import BLOCKS
from models.rows import LinearRows, expression, merged
from models.sourcing import close, sourcing

if TYPE_CHECKING:
    from models.instance import Instance
    from models.limits import Key, Limit


def build(instance: Instance, *, giving: bool = False) -> ConcreteModel:
    """Return the program of an instance.

    The model carries `market`, `exposure` and `network` (facts), `flow`, `quantity`, `signed`,
    `unmet`, `supplied` and what blocks add (decisions), `rows` (families as numbers), `costs` (terms by
    name) and `limit[name]` (each with its `level`, its own `rows`, its `squares` and, when it is soft, its `excess`); a
    limit that is only watched has no part in it. With `giving`, hard limits have an excess too, fixed at 0: who asks
    which limit is to blame lets it rise.
    """
    m = sourcing(instance.market.prepared())
    for block in BLOCKS:
        block.add(m)
    enforced = [limit for limit in instance.limits if not limit.watch]
    m.limit = Block([limit.name for limit in enforced])
    for limit in enforced:
        _attach(m, limit, gives=giving)
    close(m)
    m.exposure.forget()
    return m


def families(m: ConcreteModel) -> dict[str, LinearRows]:
    """Return every family of rows by its name, those of the market first: ``ship``, ``limit[china].holds``."""
    named: dict[str, LinearRows] = dict(m.rows)
    for limit, here in m.limit.items():
        named |= {f"limit[{limit}].{name}": rows for name, rows in here.rows.items() if rows.keys}
    return named


def written_out(m: ConcreteModel) -> ConcreteModel:
    """Add rows, squares and objective as ordinary Pyomo components, for other solvers and for reading."""
    for name, rows in m.rows.items():
        m.add_component(f"{name}_rows", rows.to_pyomo())
    for here in m.limit.values():
        for name, rows in here.rows.items():
            here.add_component(name, rows.to_pyomo())
        if here.squares:
            _write_squares(here)
    m.cost = Objective(expr=expression(merged(m.costs)), sense=minimize, doc="sum of all costs [currency]")
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


def _attach(m: ConcreteModel, limit: Limit, *, gives: bool) -> None:
    """Add a limit's rows, those of each reading with an excess when the limit gives.

    The family `holds` carries what the policy asks, `defines` the firm rows that only say what is
    counted.
    """
    here: Any = m.limit[limit.name]
    here.level = limit.level
    rows = list(limit.rows(m, here))
    excess: dict[Key, Any] = {}
    if gives or limit.penalty is not None:
        readings = list(dict.fromkeys(row.reading or row.key for row in rows if not row.firm))
        most = 0.0 if limit.penalty is None else None
        here.excess = Var(readings, bounds=(0.0, most), doc="by how much the limit is broken")
        excess = dict(zip(readings, here.excess.values(), strict=True))
    here.rows = {"holds": LinearRows("less <= more + excess")}
    if any(row.firm for row in rows):
        here.rows["defines"] = LinearRows("less <= more")
    for row in rows:
        more = row.more + excess[row.reading or row.key] if excess and not row.firm else row.more
        here.rows["defines" if row.firm else "holds"].ordered(row.key, row.less, more)
    here.squares = list(limit.squares(m, here))
    if limit.penalty is not None:
        m.costs["penalty"] += [(limit.penalty, variable) for variable in excess.values()]
