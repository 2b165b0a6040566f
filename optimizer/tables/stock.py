"""stock.csv: what stands at each site, what comes, what is needed, and what is left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from optimizer.tables.table import COMPARED, KEY, MASS, READ, Row, Table, Units, of_account

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optimizer.results.account import Account


@dataclass(frozen=True, slots=True)
class Balance(Row):
    """A material at a site in a period."""

    site: Annotated[str, KEY]
    """At which site."""
    material: Annotated[str, KEY]
    """Of which material."""
    period: Annotated[str, KEY]
    """In which period."""
    opening: Annotated[float, MASS]
    """What stands there at the beginning."""
    arrived: Annotated[float, MASS]
    """What arrives: bought, or under way when the horizon began."""
    demand: Annotated[float, MASS, COMPARED]
    """What is needed."""
    unmet: Annotated[float, MASS, READ, COMPARED]
    """What is needed and not there."""
    closing: Annotated[float, MASS, READ, COMPARED]
    """What stands there at the end."""


def list_balances(account: Account, _: Units) -> Iterator[Balance]:
    """Yield what a site has of a material, period by period."""
    standing = {(record.site, record.material): record.opening for record in account.market.stock}
    for node, need in account.network.nodes.items():
        site, material, period = node
        closing = account.plan.stock.get(node, 0.0)
        yield Balance(
            site=site,
            material=material,
            period=period,
            opening=standing.get((site, material), 0.0),
            arrived=account.arrived.get(node, 0.0),
            demand=need,
            unmet=account.plan.unmet.get(node, 0.0),
            closing=closing,
        )
        standing[site, material] = closing


STOCK = Table("stock", Balance, of_account(list_balances))
