"""A model turned to other amounts: what hangs on them is said again, by what says it when a model is built."""

from __future__ import annotations

from collections import defaultdict
from functools import partial
from typing import TYPE_CHECKING

from models.algebra.variables import OtherVariablesError
from models.enforcement import prepare
from models.formulation.blocks import BLOCKS
from models.formulation.build import add_limits
from models.formulation.sourcing import bound_arriving, close, decide
from models.formulation.surplus import thrifty
from models.market.exposure import Exposure
from models.market.network import Network

if TYPE_CHECKING:
    from collections.abc import Callable

    from pyomo.core import ConcreteModel

    from models.algebra.constraints import LinearRows
    from models.enforcement import EnforcedInstance


def restate_amounts(m: ConcreteModel, instance: EnforcedInstance, look: Callable[[], None]) -> None:
    """Turn a model that `build` made, not elastic, to an instance that differs in how much is needed or can be sold.

    Levels of limits may be others too. All that hangs on one of these is said again, by what says it when a model is
    built and of the variables that are there: bounds, the rows of blocks and limits, balances. What anything costs,
    what arrives where and what is counted hang on none of them and stay.

    Raises:
        OtherVariablesError: variables or families of rows come or go, or something is to be lost. The model is good for
            nothing then, as after anything that `look` raises.

    """
    market, limits = prepare(instance), [limit for limit in instance.limits if not limit.watch]
    few = thrifty(market, limits)
    if market.offers == m.market.offers and market.terms == m.market.terms:
        m.exposure, m.network = m.exposure.beside(market), m.network.beside(market, few)
    else:
        m.exposure, m.network = Exposure(market), Network(market, few)
    m.market = market
    if m.reserves or list(m.network.nodes) != list(m.supply):
        raise OtherVariablesError
    m.need = dict(m.network.nodes)
    look()
    decide(m)
    look()
    _restate_blocks(m, look)
    bound_arriving(m)
    look()
    costs = m.costs
    m.costs = {name: [*terms] for name, terms in costs.items()}
    add_limits(m, limits, look=look)
    m.costs = costs
    close(m)
    m.exposure.forget()


def _restate_blocks(m: ConcreteModel, look: Callable[[], None]) -> None:
    """Let the blocks that read amounts say their rows and bounds again, and put the rows where they stood."""
    stay = {name: getattr(m, name) for name in ("rows", "costs", "spent", "supply", "bounded_by_rows")}
    m.costs, m.spent, m.supply = (
        defaultdict(list),
        defaultdict(partial(defaultdict, list)),
        {node: [] for node in m.supply},
    )
    again: dict[str, LinearRows] = {}
    for block, said in zip(BLOCKS, m.said, strict=True):
        if not block.reads_amounts:
            continue
        m.rows, m.bounded_by_rows = {}, []
        block.add(m)
        if list(m.rows) != said:
            raise OtherVariablesError
        again |= m.rows
        look()
    for name, value in stay.items():
        setattr(m, name, value)
    m.rows |= again
