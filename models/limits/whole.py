"""What a share is a share of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, Protocol

from models.sums import added_up

if TYPE_CHECKING:
    from models.exposure import Ledger
    from models.limits.base import Key


class _Shared(Protocol):
    @property
    def of(self) -> Literal["supply", "demand"]: ...

    @property
    def sites(self) -> tuple[str, ...] | None: ...


def whole(limit: _Shared, book: Ledger, key: Key, periods: tuple[str, ...]) -> Any:
    """Return the supply (what passes the stage) or the demand that a limit's shares refer to, in units.

    Supply is a variable on a model and a number on a plan; demand is a number, that of the sites in
    scope, in the basis of the material and the same at every stage.
    """
    if limit.of == "demand":
        return book.exposure.market.demand_of(key.material, periods, limit.sites)
    if limit.sites is None:
        return added_up([book.supplied[key.material, key.stage, period] for period in periods])
    hanging = book.exposure.hanging(book, "offer", key.material, key.stage, periods, limit.sites)
    return added_up(hanging.amounts)
