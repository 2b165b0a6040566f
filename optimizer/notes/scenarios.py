"""Scenarios: what a plan does not know of them, and terms that make responses too cheap."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.market import Shock
from models.records.wording import format_percent, format_whole, list_some
from models.scenarios import chance_of_several, list_idle
from models.scenarios.hazards import MOST_ENUMERATED, SAMPLES, list_hazard_events
from optimizer.notes.remark import Remark

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.enforcement import EnforcedInstance
    from models.instance import Instance
    from models.market import Market

_MUCH = 0.1
"""Probability of two or more strikes from which a plan that looks at the first alone knows too little of the risk."""


def find_unplanned(instance: Instance) -> Iterator[str]:
    """Yield that how what may happen is weighed says nothing where nothing may."""
    if instance.risk is not None and not _may_happen(instance.market):
        yield "[risk] is without effect: nothing happens in any scenario or hazard that has a probability above 0"


def find_unforeseen(market: Market) -> Iterator[str]:
    """Yield how likely it is that more happens than a scenario holds, and that of many strikes some are drawn."""
    if not _may_happen(market):
        return
    several = chance_of_several(market)
    if several:
        said = (
            f"two or more of what may happen do within the horizon with a probability of {format_percent(several, -2)}"
        )
        less = "; the risk is understated: plan for a shorter horizon" if several > _MUCH else ""
        yield f"{said}, and a scenario holds the first alone{less}"
    strikes = len(list_hazard_events(market))
    if strikes > MOST_ENUMERATED:
        drawn = f"{format_whole(SAMPLES)} are drawn unless --samples says otherwise"
        exact = "each hazard has its exact weight in each period"
        yield f"hazards strike in {format_whole(strikes)} ways, of which some {drawn}; {exact}"


def find_cut_shocks(market: Market) -> Iterator[Remark]:
    """Yield shocks that would last beyond the horizon."""
    places = {period: number for number, period in enumerate(market.years)}
    begins = {row.scenario: places[row.begins] for row in market.scenarios}
    for shock in market.shocks:
        if shock.lasts is not None and begins[shock.scenario] + shock.lasts > len(places):
            name, far = f"{shock.text} of {shock.scenario}", "beyond the horizon, and"
            yield Remark("shock", name, f"lasts {far} is cut there", f"last {far} are cut there")


def find_never(market: Market) -> Iterator[Remark]:
    """Yield scenarios and hazards that cannot happen, by what is said of them."""
    for what, rows, column in (("scenario", market.scenarios, "probability"), ("hazard", market.hazards, "chance")):
        for row in rows:
            if not getattr(row, column):
                beside = "; lodeplan stress --scenario tests a plan against it" if what == "scenario" else ""
                plans, so = f"a {column} of 0, so no plan is made for", f"{beside}"
                name = getattr(row, what)
                yield Remark(what, name, f"has {plans} it{so}", f"have {plans} them{so.replace('it', 'them')}")


def find_idle_events(instance: EnforcedInstance) -> Iterator[Remark]:
    """Yield shocks and hazards after which everything is as it is without them."""
    for event in list_idle(instance):
        what, whose = ("shock", event.scenario) if isinstance(event, Shock) else ("hazard", event.hazard)
        yield Remark(what, f"{event.text} of {whose}", "changes nothing", "change nothing")


def find_unstated_terms(market: Market) -> Iterator[Remark]:
    """Yield offers that say what they give at short notice, but not on which terms."""
    for_all = market.response.model_fields_set if market.response is not None else set[str]()
    for offer in market.offers:
        if market.response is None and offer.surge is None:
            continue
        terms = ["surge_premium", "notice"] if market.short_notice(offer.offer).surge else []
        terms += ["take_or_pay"] if terms or _may_happen(market) else []
        unstated = [term for term in terms if term not in for_all and getattr(offer, term) is None]
        if unstated:
            states = list_some([f"no {term}" for term in unstated])
            counts = f"{states}, which {'counts' if len(unstated) == 1 else 'count'} as 0; write 0 where that is meant"
            yield Remark("offer", offer.offer, f"states {counts}", f"state {counts}")


def find_free_responses(market: Market) -> Iterator[str]:
    """Yield that what is done at short notice costs no more than what was planned, and nothing is owed for the rest."""
    said = [offer.offer for offer in market.offers if market.response is not None or offer.surge is not None]
    free = [name for name in said if not (terms := market.short_notice(name)).surge_premium and not terms.take_or_pay]
    if free:
        whose = "all offers" if len(free) == len(market.offers) else list_some(free)
        why = "what is done once something has happened may then be cheaper than the plan"
        yield f"surge_premium and take_or_pay of {whose} are both 0: {why}; write one of them"


def _may_happen(market: Market) -> bool:
    return any(row.probability for row in market.scenarios) or any(row.chance for row in market.hazards)
