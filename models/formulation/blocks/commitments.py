r"""Commitments: what is bought whatever else is, because it is agreed already.

    q_{it} >= committed_{it},   z_i = 1,   a_{it} = 1

z_i is `signed` and a_{it} `running`, where the terms of the offer have them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.algebra.constraints import LinearRows

if TYPE_CHECKING:
    from pyomo.environ import ConcreteModel


def add(m: ConcreteModel) -> None:
    """Buy what is committed, and sign the contracts behind it."""
    if not m.market.commitments:
        return
    rows = m.rows["commitment"] = LinearRows("quantity >= committed")
    running = m.running if hasattr(m, "running") else ()
    for key, units in m.network.committed.items():
        rows.at_least(key, [(1.0, m.quantities[key])], units)
        if key[0] in m.signed:
            m.signed[key[0]].setlb(1.0)
        if key in running:
            m.running[key].setlb(1.0)
