"""The market as it is once something has begun: changes of facts, each in the periods in which it lasts."""

from __future__ import annotations

from collections import Counter, defaultdict
from math import inf
from typing import TYPE_CHECKING, Any, NamedTuple

from models.changes.change import FactChange
from models.changes.places import narrow_periods
from models.changes.terms import CapacityChange, list_sold
from models.enforcement import prepare
from models.market import TABLES
from models.scenarios.borders import turn_for_a_while, under_law
from models.scenarios.edits import read_edits

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from models.changes import AnyEdit
    from models.changes.terms import SomeOffers
    from models.enforcement import EnforcedInstance
    from models.market import Event, Market, PreparedMarket
    from models.scenarios.scenario import OfferPeriod
    from models.scenarios.window import Window

Begun = tuple["Event", "Window"]
"""What happens, and in which periods."""


class ScenarioMarket(NamedTuple):
    """What becomes of a market, and what is lost of what was ordered."""

    stated: Market
    """In the bases in which its figures are stated."""
    market: PreparedMarket
    losses: Mapping[OfferPeriod, float]
    differs: frozenset[object]
    """What differs from the calm: the same for all that hit the same; empty where nothing does."""


class ScenarioMarketBuilder:
    """Makes the markets of many scenarios of one instance; what a change means is found once for all of them."""

    def __init__(self, instance: EnforcedInstance, *, as_stated: bool = False) -> None:
        """Keep the market without any scenario.

        Of an instance `as_stated` other law must change something; after a change of law it may be what holds already.
        """
        self.instance, self.market, self._as_stated = instance, instance.market, as_stated
        self.calm = prepare(instance)
        self.periods = tuple(self.market.years)
        self._read: dict[str, list[tuple[AnyEdit, Any]]] = {}
        self._laws: dict[tuple[str, ...], Market] = {}

    def build(self, begun: Sequence[Begun]) -> ScenarioMarket:
        """Return the market in which all of some things happen, law before all else and the rest in order.

        Raises:
            NotThenError: with one sentence, when what one speaks of is not there in its periods.
            ValueError: with one sentence, when one cannot be made.
        """
        market = self._turn(begun)
        left: dict[OfferPeriod, float] = defaultdict(lambda: 1.0)
        hit: set[OfferPeriod] = set()
        for event, window in begun:
            within = self.periods[window.begins : window.ends]
            for edit, found in self._edits(event):
                if isinstance(edit, CapacityChange) and event.of is None:
                    market = self._cut(market, edit, found, within, left)
                elif isinstance(edit, FactChange):
                    before, market = market, edit.change(market, found, within)
                    if isinstance(edit, CapacityChange):
                        for key in self._list_hit(before, market, found, within):
                            left[key] *= 1.0 if market.capacity(*key) else 0.0
                            hit.add(key)
        losses = {key: 1.0 - share for key, share in sorted(left.items()) if share < 1 or key in hit}
        prepared, differs = self._compare(market)
        return ScenarioMarket(
            market, prepared, losses, differs | ({frozenset(losses.items())} if losses else frozenset())
        )

    def _edits(self, event: Event) -> list[tuple[AnyEdit, Any]]:
        """Return the changes that are said, each of facts with what it means in the market."""
        key = f"{event.text} {event.of}"
        if key not in self._read:
            edits = read_edits(event, self.instance)
            self._read[key] = [(e, e.find(self.market) if isinstance(e, FactChange) else None) for e in edits]
        return self._read[key]

    def _turn(self, begun: Sequence[Begun]) -> Market:
        """Return the market under the law that holds in each period."""
        edits: dict[int, list[AnyEdit]] = {}
        for event, window in begun:
            said = [edit for edit, _ in self._edits(event) if edit.FIRST]
            for period in range(window.begins, window.ends) if said else ():
                edits.setdefault(period, []).extend(said)
        if not edits:
            return self.market
        if self.market.calendar is None:
            if len({tuple(said) for said in edits.values()}) > 1 or len(edits) < len(self.periods):
                msg = "law holds on days, and the periods have none: state start in the header"
                raise ValueError(msg)
            return self._under(tuple(edits[0]))
        days = list(self.market.calendar.values())
        laws = {days[period]: self._under(tuple(said)) for period, said in edits.items()}
        return turn_for_a_while(self.market, laws)

    def _under(self, edits: tuple[AnyEdit, ...]) -> Market:
        """Return the market with the duties and controls of other law."""
        said = tuple(edit.text for edit in edits)
        if said not in self._laws:
            after = under_law(self.instance, edits).market
            rows = {"duties": after.duties, "controls": after.controls}
            same = all(set(getattr(self.market, table)) == set(new) for table, new in rows.items())
            if same and self._as_stated:
                what = "changes no duty and no control; name a measure that is one and does not hold already"
                msg = f"{'; '.join(said)} {what}"
                raise ValueError(msg)
            self._laws[said] = self.market if same else self.market.model_copy(update=rows)
        return self._laws[said]

    def _cut(
        self,
        market: Market,
        edit: CapacityChange,
        found: SomeOffers,
        within: Sequence[str],
        left: dict[OfferPeriod, float],
    ) -> Market:
        """Change capacities, and note the share that is left of what was ordered: as much as of the capacity.

        Where no capacity is stated, a multiple says what is left of orders alone.
        """
        periods = narrow_periods(found.periods, within, market) or self.periods
        bound = [name for name in found.offers if edit.amount.how != "times" or market.is_limited(name)]
        sold = list_sold(market, found.offers, periods)
        after = market
        if bound or not sold:
            after = edit.change(market, found._replace(offers=bound or found.offers), within)
        for offer, period in sold:
            key = offer.offer, period
            before, now = market.capacity(*key), after.capacity(*key)
            kept = edit.amount.of(1.0) if before == now == inf else 0.0 if now == 0 else now / before if before else 1.0
            left[key] *= min(1.0, max(0.0, kept))
        return after

    def _list_hit(self, before: Market, after: Market, found: SomeOffers, within: Sequence[str]) -> list[OfferPeriod]:
        """Return where a supplier is hit whose orders stand: none is owed but a firm one, where it has anything."""
        periods = narrow_periods(found.periods, within, before) or self.periods
        sold = [(offer, (offer.offer, period)) for offer, period in list_sold(before, found.offers, periods)]
        less = [(offer, key) for offer, key in sold if after.capacity(*key) < before.capacity(*key)]
        return [key for offer, key in less if not offer.firm or not after.capacity(*key)]

    def _compare(self, market: Market) -> tuple[PreparedMarket, frozenset[object]]:
        """Return a market as a program takes it, with the calm's tables where they are equal, and what differs."""
        if market is self.market:
            return self.calm, frozenset()
        prepared = market.prepared_beside(self.market)
        differs: set[object] = set()
        same = {}
        for table in TABLES:
            own, calm = getattr(prepared, table), getattr(self.calm, table)
            if own is not calm:
                before, after = (set(map(id, rows)) for rows in (calm, own))
                new = Counter(row for row in own if id(row) not in before)
                gone = Counter(row for row in calm if id(row) not in after)
                if new == gone:
                    same[table] = calm
                else:
                    differs.add((table, frozenset(new - gone), frozenset(gone - new)))
        if not differs:
            return self.calm, frozenset()
        return (type(self.calm).model_copy(prepared, update=same) if same else prepared), frozenset(differs)
