"""Instance -> Pyomo model: the core, then the blocks of the market, then the limits of the policy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pyomo.environ import Block, ConcreteModel, Constraint, Objective, Param, Reals, Var, minimize

from models.blocks import BLOCKS
from models.rows import linear, merged
from models.sourcing import close, sourcing

if TYPE_CHECKING:
    from models.instance import Instance
    from models.limits import Limit, Row


def build(instance: Instance) -> ConcreteModel:
    """Return the program of an instance.

    The model carries `market`, `exposure` and `network` (facts), `flow`, `quantity`, `signed`,
    `unmet`, `supplied` and what blocks add (decisions), `rows` (families as numbers), `costs` (terms by
    name) and `limit[name]` (each with its mutable `level`, its `excess` and its rows `holds`); a limit that
    is only watched has no part in it.
    """
    m = sourcing(instance.market.prepared())
    for block in BLOCKS:
        block.add(m)
    enforced = [limit for limit in instance.limits if not limit.watch]
    m.limit = Block([limit.name for limit in enforced])
    for limit in enforced:
        _attach(m, limit)
    close(m)
    return m


def written_out(m: ConcreteModel) -> ConcreteModel:
    """Add rows and objective as ordinary Pyomo components, for other solvers and for reading."""
    for name, rows in m.rows.items():
        m.add_component(f"{name}_rows", rows.to_pyomo())
    m.cost = Objective(expr=linear(merged(m.costs)), sense=minimize, doc="sum of all costs [currency]")
    return m


def _attach(m: ConcreteModel, limit: Limit) -> None:
    """Add a limit's rows, each with an excess that is fixed at 0 when the limit is hard.

    The constraint `holds` carries what the policy asks, `defines` the firm rows that only say what
    is counted.
    """
    here: Any = m.limit[limit.name]
    here.level = Param(initialize=limit.level, mutable=True, domain=Reals)
    rows = list(limit.rows(m, here))
    holds = {row.key: row for row in rows if not row.firm}
    defines = {row.key: row for row in rows if row.firm}
    most = 0.0 if limit.penalty is None else None
    here.excess = Var(list(holds), bounds=(0.0, most), doc="by how much the limit is broken")
    here.holds = Constraint(
        list(holds), rule=lambda block, *key: holds[key].less - block.excess[key] <= holds[key].more
    )
    here.defines = Constraint(list(defines), rule=lambda _, *key: _inequality(defines[key]))
    if limit.penalty is not None:
        m.costs["penalty"] += [(limit.penalty, excess) for excess in here.excess.values()]


def _inequality(row: Row) -> Any:
    """Return ``less <= more`` as Pyomo wants it, also where no variable is left in it."""
    relation = row.less <= row.more
    if isinstance(relation, bool):
        return Constraint.Feasible if relation else Constraint.Infeasible
    return relation
