"""A program that differs from a built one in demand or capacities: what hangs on them is said again in its model.

Demand is in the balances, in the bounds that follow from it from the last stage to the first, in the rows that have
such a bound as a factor, and in shares of what is needed. All of that is worked out by what works it out when a model
is built (`models.formulation.restate`), and no number is stated a second time. What hangs on no amount is
taken over: variables, ways, costs, weights. Levels may have moved as well, and prices are put in afterwards, as in any
program that is held.

The model is handed on: it is that of the new program then, and the old one would build its own again if it were asked.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from models.algebra.variables import OtherVariablesError
from models.formulation.build import families
from models.formulation.restate import restate_amounts
from models.market import TABLES, Market
from optimizer.collector import pause_collector
from optimizer.programs.level_update import find_moved
from optimizer.programs.matrix import update_matrix
from optimizer.programs.program import Program

if TYPE_CHECKING:
    from collections.abc import Callable

    from models.enforcement import EnforcedInstance
    from models.market import Record

_AMOUNTS = {
    "demand": ("quantity", "of_products"),
    "products": ("quantity",),
    "offers": ("capacity",),
    "terms": ("capacity",),
}
"""Tables that say how much is needed or can be sold, and the columns that do."""


def update_amounts(holder: Program, part: EnforcedInstance, look: Callable[[], None]) -> Program | None:
    """Return the program of a part that differs in amounts and levels from one that holds its model, and gives it up.

    None where anything else differs, with scenarios or losses to answer, and where a variable or a family of rows comes
    or goes. `look` is called again and again; what it raises ends the work.
    """
    before = holder.part
    if not holder.holds_model or holder.elastic or holder.matrix.recourse is not None:
        return None
    if part.foreseen or before.foreseen or find_moved(before.limits, part.limits) is None:
        return None
    alike = _list_alike(before.market, part.market)
    if alike is None:
        return None
    market = part.market.sharing(before.market, alike)
    program = Program.like(holder, part.model_copy(update={"market": market}), holder.matrix)
    with pause_collector():
        matrix, m = holder.matrix, holder.release_model()
        stood = families(m)
        try:
            restate_amounts(m, program.part, look)
        except OtherVariablesError:
            return None
        look()
        program.take_model(m, update_matrix(m, matrix, stood))
        look()
    return program


def _list_alike(before: Market, after: Market) -> list[str] | None:
    """Return the tables that are equal in two markets; None where these differ in more than amounts."""
    alike = []
    for name in Market.model_fields:
        old, new = getattr(before, name), getattr(after, name)
        if old == new:
            alike += [name] if name in TABLES else []
        elif not _differ_in_columns(old, new, _AMOUNTS.get(name, ())):
            return None
    return alike


def _differ_in_columns(before: Any, after: Any, columns: tuple[str, ...]) -> bool:
    """Whether two tables have the same rows but for some columns; what is not stated in these stays so."""
    return bool(columns) and len(before) == len(after) and all(map(partial(_is_alike, columns), before, after))


def _is_alike(columns: tuple[str, ...], old: Record, new: Record) -> bool:
    if old is new:
        return True
    amounts = {column: getattr(new, column) for column in columns}
    stays = all((getattr(old, column) is None) == (now is None) for column, now in amounts.items())
    return stays and old.model_copy(update=amounts) == new
