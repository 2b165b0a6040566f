"""Which of some named offers are bought at all, over all periods in scope: what `requires` and `at_most_of` share."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from models.limits.contract.limit import Limit, throughput, unknown_names
from models.records.fields import Names
from models.records.tolerances import RESIDUE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.limits.contract.limit import Key
    from models.limits.contract.subject import Terms
    from models.market import Market
    from models.market.exposure import Ledger


class AwardsLimit(Limit):
    """A limit on which offers are bought, whatever their materials and stages."""

    READS_PRICES: ClassVar[bool] = False

    periods: Names | None = Field(default=None, min_length=1)
    """Periods that it counts, all together; absent = every period."""

    @property
    @abstractmethod
    def named(self) -> dict[str, tuple[str, ...]]:
        """The offers that the limit names, by the field that names them."""

    def offers_in(self, market: Market) -> tuple[str, ...]:
        """Return the offers that the limit names and a market, or a part of one, has."""
        return tuple(name for names in self.named.values() for name in names if name in market.offer)

    def bought(self, book: Ledger, offer: str) -> Terms:
        """Return what is bought of an offer in the periods in scope, as terms over the amounts of `book` (units)."""
        keys = [(offer, period) for period in book.exposure.market.years if self._counts(period)]
        return [(1.0, book.quantity[key]) for key in keys if key in book.quantity]

    def sellable(self, market: Market, offer: str) -> float:
        """Return what an offer's capacity would let it sell in the periods in scope, in units; infinite without one."""
        return sum(y * market.capacity(offer, period) for period, y in market.years.items() if self._counts(period))

    def is_bought(self, plan: Ledger, offer: str) -> bool:
        """Whether a plan buys anything of an offer in the periods in scope, but for a rounding."""
        units = float(sum(amount for _, amount in self.bought(plan, offer)))
        record, periods = plan.exposure.market.offer[offer], filter(self._counts, plan.exposure.market.years)
        return units > RESIDUE * throughput(plan, record.material, record.stage, periods)

    def demand_for(self, market: Market, offer: str) -> float:
        """Return the demand for the material of an offer in the periods in scope, in units."""
        return market.demand_of(market.offer[offer].material, filter(self._counts, market.years))

    def _counts(self, period: str) -> bool:
        return self.periods is None or period in self.periods

    def problems(self, market: Market) -> Iterator[str]:
        """Yield one sentence for every name that the market does not know, and for offers named twice."""
        yield from unknown_names("periods", self.periods, market.years)
        seen: dict[str, str] = {}
        for field, names in self.named.items():
            yield from unknown_names(field, names, market.offer)
            for name in names:
                if seen.get(name, field) != field:
                    yield f"{field}: {name!r} stands there under {seen[name]} as well; remove one"
                seen.setdefault(name, field)

    def couples(self, market: Market) -> Iterator[tuple[str, ...]]:
        """Yield the materials of the offers, when they are several."""
        materials = tuple(dict.fromkeys(market.offer[name].material for name in self.offers_in(market)))
        if len(materials) > 1:
            yield materials

    def speaks_of(self, material: str, market: Market) -> bool:
        """Whether an offer of a material is named."""
        return any(market.offer[name].material == material for name in self.offers_in(market))

    def unit(self, mass: str, currency: str) -> str:  # noqa: ARG002 (offers are counted)
        """Return the unit of the level in words: what is counted are offers."""
        return "offers"


def format_names(names: tuple[str, ...]) -> str:
    """Return names for the eye: ``north, island``, or ``7 offers`` when they are many."""
    return ", ".join(names) if len(names) <= _FEW else f"{len(names)} offers"


_FEW = 3


def what_of(market: Market, offers: tuple[str, ...], key: Key) -> Key:
    """Return a key that says the material and stage of some offers, as far as they have one in common."""
    materials = {market.offer[name].material for name in offers}
    stages = {market.offer[name].stage for name in offers} if len(materials) == 1 else set()
    return key._replace(
        material=materials.pop() if len(materials) == 1 else "", stage=stages.pop() if len(stages) == 1 else ""
    )
