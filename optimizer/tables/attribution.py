"""attribution.csv: who is behind a unit of each offer that is bought, at its own stage and at those before it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

from models.records.tolerances import RECOUNTED
from optimizer.tables.table import KEY, Row, Table, Unit, Units, of_account

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optimizer.results.account import Account

Basis = Literal["place", "control"]
BASES: tuple[Basis, ...] = ("place", "control")


@dataclass(frozen=True, slots=True)
class Origin(Row):
    """A country behind an offer that is bought; `ZZ` is what nobody declared.

    The shares of an offer at a stage add up to 1 by place, and to 1 by control. What the plan buys for an offer to
    process is a purchase with rows of its own, and none of that offer's earlier stages.
    """

    offer: Annotated[str, KEY]
    """What is bought."""
    material: str
    """Of which material it is."""
    stage: Annotated[str, KEY]
    """The stage at which it is sold, or an earlier one that it went through before it was bought."""
    basis: Annotated[Basis, KEY]
    """Whether the country is where it is made, or where those sit who control it."""
    country: Annotated[str, KEY]
    """Which country."""
    share: Annotated[float, Unit("share", in_heading=False)]
    """Part of each unit that is its."""


def list_origins(account: Account, _: Units) -> Iterator[Origin]:
    """Yield who is behind the offers that are bought, by material and stage that they pass, then by offer."""
    bought = {name for (name, _), units in account.quantity.items() if units > 0}
    for (material, stage), offers in account.exposure.passing.items():
        for offer in offers:
            for basis in BASES if offer.offer in bought else ():
                for country, share in sorted(account.exposure.weights(offer, stage, basis).items()):
                    if share > RECOUNTED:
                        yield Origin(offer.offer, material, stage, basis, country, share)


ATTRIBUTION = Table("attribution", Origin, of_account(list_origins))
