r"""At most a number of changes against today: incumbents that are dropped and newcomers that are bought.

Words: change no more than three suppliers in a year; who keeps half of what he sells us today is kept.

Mathematics, for each period (or horizon) T, and for each material and stage or for all of them
together, over incumbents i and newcomers j:

    kept_from * I_i * years_T * k_i  <=  sum_{t in T} q_{it},    k_i in {0, 1}      (defining)
    sum_{t in T} q_{jt}  <=  M_j n_j,                            n_j in {0, 1}      (defining)
    sum_i (1 - k_i) + sum_j n_j  <=  level

| symbol  | meaning                                                                  | unit              |
|---------|--------------------------------------------------------------------------|-------------------|
| I_i     | incumbent quantity of offer i, what is bought of it today                | quantity per year |
| k_i     | the incumbent is kept                                                    | 0/1               |
| n_j     | anything is bought of the newcomer                                       | 0/1               |
| M_j     | the most that can be bought of offer j, from the bounds of the quantity  | quantity          |

An incumbent is an offer with an incumbent quantity above 0, every other offer is a newcomer. An
incumbent that cannot be bought in the periods counted is dropped: today's order does change then.

>>> ChangeCap(name="steady", max_changes=3, kept_from="50%", group="total", hard=True).level
3.0
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pyomo.core import Binary

from models.algebra.expressions import linear
from models.algebra.variables import declare
from models.limits.contract.incumbents import IncumbentsLimit
from models.limits.contract.limit import Key, Reading, Row, index_of, throughput
from models.limits.contract.sources import bound_units
from models.records.fields import Count, PositiveShare
from models.records.tolerances import RESIDUE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.limits.contract.incumbents import Standing
    from models.market import Market
    from models.market.exposure import Ledger


class ChangeCap(IncumbentsLimit):
    """At most `max_changes` incumbents are dropped and newcomers bought."""

    LEVEL: ClassVar[str] = "max_changes"
    UNIT: ClassVar[Literal["count"]] = "count"
    SENSE: ClassVar[Literal["at most"]] = "at most"
    REPAIR: ClassVar[str] = "allow {new} against today ({what}) instead of {old}"

    kind: Literal["change_cap"] = "change_cap"
    max_changes: Count
    kept_from: PositiveShare
    """Share of its incumbent quantity from which an incumbent counts as kept."""
    group: Literal["each", "total"]
    """Changes of each material and stage by itself, or of all in scope in total."""

    @property
    def about(self) -> str:
        """What is counted: ``offers dropped or new``."""
        return "offers dropped or new"

    def unit(self, mass: str, currency: str) -> str:  # noqa: ARG002 (changes are counted)
        """Return the unit of the level in words."""
        return "changes"

    def couples(self, market: Market) -> Iterator[tuple[str, ...]]:
        """Yield the materials in scope, when changes of several are counted in total."""
        materials = tuple(dict.fromkeys(key.material for key, _ in self.cells(market)))
        if self.group == "total" and len(materials) > 1:
            yield materials

    def rows(self, m: Any, here: Any) -> Iterator[Row]:
        """Yield ``dropped + new <= level``, and the defining rows that say who is kept and who is new."""
        groups = self._groups(m)
        known = [(s.offer.offer, key.period) for key, some in groups.items() for s in some if s.today]
        other = [(s.offer.offer, key.period) for key, some in groups.items() for s in some if not s.today]
        declare(here, "kept", index_of(known), Binary, "the incumbent is kept [0/1]")
        declare(here, "new", index_of(other), Binary, "anything is bought of the newcomer [0/1]")
        for key, some in groups.items():
            changes: Any = 0.0
            for offer, today, terms in some:
                place, who = (offer.offer, key.period), key.of(offer.offer)
                if today:
                    yield Row(who, self.kept_from * today * here.kept[place], linear(terms), defining=True)
                    changes += 1.0 - here.kept[place]
                else:
                    yield Row(who, linear(terms), bound_units(terms) * here.new[place], defining=True)
                    changes += here.new[place]
            yield Row(key, changes, here.level)

    def recount(self, plan: Ledger) -> Iterator[Reading]:
        """Yield the number of changes in a plan."""
        for key, some in self._groups(plan).items():
            used, within = 0.0, [key.period] if key.period else plan.exposure.market.years
            for offer, today, terms in some:
                units = sum(amount for _, amount in terms)
                if today > 0:
                    used += units < (self.kept_from - RESIDUE) * today
                else:
                    used += units > RESIDUE * throughput(plan, offer.material, offer.stage, within)
            yield Reading(key, used, float(self.max_changes), max(0.0, used - self.max_changes))

    def _groups(self, book: Ledger) -> dict[Key, list[Standing]]:
        """Return the offers that are counted together, by the key of their row; none where there are no offers."""
        groups: dict[Key, list[Standing]] = {}
        for key, periods in self.cells(book.exposure.market):
            group = key if self.group == "each" else Key(period=key.period)
            groups.setdefault(group, []).extend(self.standings(book, key, periods))
        return {key: some for key, some in groups.items() if some}
