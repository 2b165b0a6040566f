"""What an instance says that has no effect, or less than its author may think: not wrong, but worth a look."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from models.exposure import Exposure
from models.limits.subject import SubjectLimit
from models.network import Network
from models.policies import standings
from models.wording import amount

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.instance import Instance
    from models.limits import Limit
    from models.market import Duty, Market
    from optimizer.solution import Solution


def notes(instance: Instance) -> list[str]:
    """Return one sentence for everything that has no effect, in the order of the instance's tables."""
    market = instance.market.prepared
    network, exposure = Network(market), Exposure(market)
    return [
        *_dead_offers(market, network),
        *_unowned(instance, market),
        *_cheap_at_customs(market, network),
        *_twice_at_customs(instance),
        *(sentence for limit in instance.limits for sentence in _idle(limit, market, exposure)),
    ]


def licence_notes(solution: Solution) -> list[str]:
    """Return one sentence for every licence that a plan needs, in the order of the materials and their stages."""
    account, unit = solution.account, solution.instance.mass_unit
    if not account.network.licences:
        return []
    order = {key: place for place, key in enumerate(account.exposure.passing)}
    needed: dict[tuple[int, str, str], dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for (origin, destination, _), units in sorted(account.plan.flow.items()):
        offer = account.market.offer[origin]
        for name in account.network.licences.get((origin, destination), ()):
            needed[order[offer.material, offer.stage], name, offer.country][origin] += units
    stages = list(order)
    return [
        f"{name}: the plan needs a licence for {amount(sum(offers.values()))} {unit} of {stages[place][1]} "
        f"{stages[place][0]} out of {country}, bought of {', '.join(offers)}"
        for (place, name, country), offers in sorted(needed.items())
    ]


def _twice_at_customs(instance: Instance) -> Iterator[str]:
    """Duties of a policy that the instance states as well, or another policy: both are charged."""
    market = instance.market
    charged = [duty for duty in market.duties if duty.holds(market.as_of)]
    told: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for policy in instance.policies:
        for duty in (duty for one in standings(policy, market, policy.looked_up) for duty in one.duties):
            for other in charged:
                if _border(other) == _border(duty) and other.duty != duty.duty and other.rate == duty.rate:
                    told[policy.name, duty.duty, other.duty].append(f"{duty.stage} {duty.material}")
    for (name, mine, theirs), goods in told.items():
        yield (
            f"policy {name}: its duty {mine} and the duty {theirs} take the same of {', '.join(goods)}, and add up; "
            "leave one out if they are one"
        )


def _border(duty: Duty) -> tuple[str, str, str | None, str]:
    """What a duty is charged on, and where."""
    return (duty.material, duty.stage, duty.from_country, duty.to_country)


def _dead_offers(market: Market, network: Network) -> Iterator[str]:
    """Offers that no lane takes anywhere, so that no plan can buy them."""
    for offer in market.offers:
        if offer.capacity <= 0 or any(network.quantities[offer.offer, p] > 0 for p in market.window(offer)):
            continue
        said = f"offer {offer.offer} can never be bought"
        closed = [control.control for (origin, _), control in network.closed.items() if origin == offer.offer]
        open_lanes = any(origin == offer.offer for origin, _ in network.lanes)
        if closed and not open_lanes:
            yield f"{said}: {' and '.join(dict.fromkeys(closed))} closes its lanes"
        elif not open_lanes:
            yield f"{said}: no lane leads from it; add one to lanes"
        elif not any((offer.offer, p) in network.deliverable for p in market.window(offer)):
            yield f"{said}: it would arrive after the last period; lead times are in periods"
        elif not any(network.wanted[offer.offer, p] > 0 for p in market.window(offer)):
            yield f"{said}: where its lanes lead, nothing of it is needed"
        else:
            yield f"{said}: nothing that it could process reaches it"


def _unowned(instance: Instance, market: Market) -> Iterator[str]:
    """Companies without owners, where limits look at control."""
    if not any(getattr(limit, "basis", None) == "control" for limit in instance.limits):
        return
    owned = {o.company for o in market.owners} | {market.offer[o.offer].company for o in market.owners if o.offer}
    for company in sorted({offer.company for offer in market.offers} - owned):
        yield f"company {company} has no owners: what it sells counts as undisclosed (ZZ) under every cap by control"


def _cheap_at_customs(market: Market, network: Network) -> Iterator[str]:
    """Processors whose duty falls on their charge alone."""
    dutiable = {origin for (origin, _), way in network.lanes.items() if way.duty > 0}
    for offer in market.offers:
        if offer.offer in dutiable and offer.yield_ is not None and offer.customs_value is None:
            yield f"offer {offer.offer} pays duty on its processing charge only; state its customs_value"


def _idle(limit: Limit, market: Market, exposure: Exposure) -> Iterator[str]:
    """A limit on a company or an offer that sells nothing at the stages that it holds for."""
    if not isinstance(limit, SubjectLimit) or not (limit.company or limit.offer):
        return
    who = limit.company or limit.offer
    passing = [offer for key, _ in limit.cells(market) for offer in exposure.passing[key.material, key.stage]]
    if not any(who in {offer.company, offer.offer} for offer in passing):
        yield f"limit {limit.name} speaks of {who}, which sells nothing that it holds for"
