"""``rate``: what other currencies are worth, and so what all that is priced in them costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self

from models.changes.amounts import Amount, read_amount
from models.changes.change import Edit
from models.changes.selection import choose

if TYPE_CHECKING:
    from models.instance import Instance


@dataclass(frozen=True, kw_only=True)
class RateChange(Edit):
    """What one of a currency is worth, on all days."""

    FIRST = 3
    VERB: ClassVar[str] = "rate"
    FORM: ClassVar[str] = "CURRENCY=AMOUNT"
    EXAMPLE: ClassVar[str] = "rate CNY=+10%"

    currency: str
    amount: Amount

    @classmethod
    def read(cls, said: str, text: str, origin: str) -> Self:
        """Read ``CURRENCY=AMOUNT``."""
        currency, value = cls.target_and_value(said)
        return cls(currency=currency, amount=read_amount(value), text=text, origin=origin)

    def apply(self, instance: Instance) -> Instance:
        """Change every rate of the currencies that are meant."""
        market = instance.market
        if not market.rates:
            msg = f"the instance states all money in {instance.currency}, so no rate says anything in it"
            raise ValueError(msg)
        known = {rate.currency: [rate.currency] for rate in market.rates}
        meant = set(choose(self.currency, {"currency": known}))
        rates = tuple(
            row.model_copy(update={"rate": self.amount.of(row.rate)}) if row.currency in meant else row
            for row in market.rates
        )
        return instance.model_copy(update={"market": market.model_copy(update={"rates": rates})})
