"""Why an offer is in the plan or out of it, as text for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.records.tolerances import RECOUNTED
from models.records.wording import format_amount, format_apart, format_units, format_whole
from optimizer.explain.costs import UNKNOWN, interval, more
from optimizer.report.answer import format_money, format_moneys
from optimizer.report.caveats import format_unmet, list_shut_lines
from optimizer.report.explanation import format_limits, format_row
from optimizer.report.terminal import format_short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optimizer.explain.offer import OfferExplained


def format_offer(explained: OfferExplained) -> str:
    """Return the whole explanation of an offer."""
    shut = list_shut_lines(explained.solution.caveats, explained.offer.material)
    return "\n\n".join([" ".join(_answer(explained)), *_limits(explained), *shut]) + "\n"


def _answer(explained: OfferExplained) -> Iterator[str]:
    """Yield the sentences that answer: what is bought, what that saves, at which price it turns."""
    offer, instance = explained.offer, explained.solution.instance
    who = f"{offer.offer} ({offer.company}, {offer.country})"
    bought = f"{format_amount(explained.units)} {instance.mass_unit}" if explained.units else "nothing"
    yield (
        f"{instance.title}: the plan buys {bought} of {offer.stage} {offer.material} from {who} at "
        f"{'' if offer.yield_ is None else 'a fee of '}{_prices(explained)[0]}{_in_own_units(explained)}."
    )
    if explained.reserved:
        reserved = f"{format_amount(explained.reserved)} {instance.mass_unit}"
        yield f"Of its capacity {reserved} a year are reserved for what may happen."
    if explained.units or explained.reserved:
        yield from _describe_saving(explained)
    yield from _turning(explained)
    yield f"The plan costs {format_short(explained.solution)}."
    if not explained.complete:
        yield "Not everything was asked in time."


def _describe_saving(explained: OfferExplained) -> Iterator[str]:
    """Yield what the plan would cost without an offer that it buys."""
    network = explained.solution.account.network
    committed = sum(units for (name, _), units in network.committed.items() if name == explained.offer.offer)
    if committed:
        yield f"Of it {format_amount(committed)} {explained.solution.instance.mass_unit} are committed, at any price."
    elif explained.without is None:
        yield "Without it there is no plan, so it is needed at any price."
    elif explained.without != UNKNOWN:
        currency = explained.solution.instance.currency
        rise = more(explained.without, interval(explained.solution))
        least, most = format_moneys(currency, max(0.0, rise.bound), max(0.0, rise.cost), alike=RECOUNTED)
        cost = most if least == most else f"between {least} and {most}"
        yield f"Without it the plan costs {cost} more{_unmet_then(explained)}."


def _unmet_then(explained: OfferExplained) -> str:
    """Say what is unmet without the offer, where that is not what is unmet with it: the saving may be shortage."""
    mass = explained.solution.instance.mass_unit
    pair = (explained.solution.caveats.unmet, explained.unmet_without)
    now, then = (format_unmet(unmet, mass, word="") for unmet in pair)
    return "" if now == then else f", and leaves {then or 'nothing'} unmet instead of {now or 'none'}"


def _turning(explained: OfferExplained) -> Iterator[str]:
    """Yield at which price it comes in or leaves."""
    offer, turn = explained.offer, explained.threshold
    if explained.never is not None:
        yield f"It {explained.never}."
    elif explained.taken_without_minimum is not None:
        market = explained.solution.instance.market
        take = format_amount(max(market.minimum_take(offer.offer, period) for period in market.years))
        least = f"{take} {offer.basis or explained.solution.instance.mass_unit} a year"
        bought = (
            f"{format_amount(explained.taken_without_minimum)} {explained.solution.instance.mass_unit} of it "
            "would be bought"
        )
        then = bought if explained.taken_without_minimum else "it would come in at a lower price"
        yield f"Its minimum take of {least} shuts it out at any price; without that {then}."
    elif explained.free:
        yield "Even at no price it would not be bought."
    if turn is None:
        return
    moved = _moved_along(explained)
    at = _prices(explained)[-1]
    if abs(turn.price - offer.price) <= RECOUNTED * abs(offer.price):
        yield "At its present price, plans with and without it cost the same."
    elif explained.units or explained.reserved:
        yield f"It stays in up to {at}{moved}."
    else:
        yield f"It comes in below {at}{moved}."
    if turn.within:
        apart = format_money(turn.within, explained.solution.instance.currency)
        yield f"There, plans with and without it are known to cost the same but for {apart}; --gap 0 finds it exactly."


def _moved_along(explained: OfferExplained) -> str:
    """Say what else moves with the price of the offer."""
    market, name = explained.solution.instance.market, explained.offer.offer
    tiers = ["tiers"] if any(tier.offer == name for tier in market.tiers) else []
    by_period = any(terms.offer == name and terms.price is not None for terms in market.terms)
    along = " and ".join([*tiers, *(["prices in single periods"] if by_period else [])])
    how = "in proportion" if tiers and by_period else "by as much"
    return f", its {along} moved {how}" if along else ""


def _prices(explained: OfferExplained) -> list[str]:
    """Return the price of the offer, and that at which it turns, where there is one."""
    prices = [explained.offer.price, *([] if explained.threshold is None else [explained.threshold.price])]
    return format_apart(*prices, spell=lambda price, finer: _price(price, explained, finer), alike=RECOUNTED)


def _price(price: float, explained: OfferExplained, finer: int = 0) -> str:
    instance, offer = explained.solution.instance, explained.offer
    number = format_whole(price, 2 + finer) if abs(price) >= 1 else format_amount(price, finer)
    return f"{number} {offer.currency or instance.currency} a {offer.priced_per or instance.mass_unit}"


def _in_own_units(explained: OfferExplained) -> str:
    """Say what its price is as the plan counts it, where the offer states it otherwise and it is one in all periods."""
    offer, solution = explained.offer, explained.solution
    own = solution.instance.market.material[offer.material].basis
    prices = {*solution.account.market.prices(offer.offer)}
    if len(prices) > 1 or (offer.currency is None and offer.priced_per in {None, own}):
        return ""
    return f" ({format_whole(prices.pop(), 2)} {solution.instance.currency} a {own})"


def _limits(explained: OfferExplained) -> Iterator[str]:
    """Yield the limits behind it: those that alone keep it in or out, and those that its units count in."""
    instance, inside = explained.solution.instance, bool(explained.units)
    if explained.turns:
        figures = [] if inside else [f"bought [{instance.mass_unit}]"]
        bought = [[] if inside else [format_units(turn.units)] for turn in explained.turns]
        rows = [format_row(turn.limit, instance) + cells for turn, cells in zip(explained.turns, bought, strict=True)]
        said = f"Without one of these limits, by itself, it would be {'out' if inside else 'in'}:"
        yield f"{said}\n{format_limits(rows, figures)}"
    elif explained.complete and instance.limits:
        yield f"No single limit keeps it {'in' if inside else 'out'}."
    if explained.binding:
        binding = {limit.name: limit for limit, _ in explained.binding}
        rows = [format_row(limit, instance) for limit in binding.values()]
        yield f"Limits at their level in which it counts:\n{format_limits(rows)}"
