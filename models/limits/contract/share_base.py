"""What a share is a share of."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Literal, Protocol

from models.algebra.expressions import add_up

if TYPE_CHECKING:
    from models.algebra.batched import Expressions
    from models.limits.contract.batched_rows import RowBatchBuilder
    from models.limits.contract.limit import Key
    from models.market.exposure import Ledger


class _Shared(Protocol):
    @property
    def of(self) -> Literal["supply", "demand"]: ...

    @property
    def sites(self) -> tuple[str, ...] | None: ...


def share_base(limit: _Shared, book: Ledger, key: Key, periods: tuple[str, ...]) -> Any:
    """Return the supply (what passes the stage) or the demand that a limit's shares refer to, as units that arrive.

    Supply is a number on a plan, and on a model a variable unless it must be the demand; demand is a number,
    that of the sites in scope, in the basis of the material and the same at every stage.
    """
    if limit.of == "demand":
        return book.exposure.market.demand_of(key.material, periods, limit.sites)
    return add_up(book.exposure.passed(book, key.material, key.stage, periods, limit.sites))


def share_bases(limit: _Shared, m: Any, rows: RowBatchBuilder) -> Expressions:
    """Return the same for rows of a model."""
    if limit.of == "demand":
        demand_of = cache(lambda material, periods: m.market.demand_of(material, periods, limit.sites))
        return rows.each(lambda material, _stage, periods, _who: demand_of(material, periods))
    return rows.passed
