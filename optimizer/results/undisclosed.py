"""What rests on nobody's word: stages that limits shut for it, and whose owners or origins are not declared."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from models.limits.ban import Ban
from models.limits.contract.limit import in_period, least_bought
from models.limits.quantity_cap import QuantityCap
from models.limits.share_cap import ShareCap
from models.records.countries import UNDISCLOSED
from models.records.tolerances import ROUNDING
from models.records.wording import format_amount
from optimizer.results.shut_out import ShutOut, describe_cure

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from models.limits import Key, Limit
    from models.market import Offer
    from models.market.exposure import Exposure, Ledger

_Cap = ShareCap | QuantityCap | Ban
"""Limits that lay what nobody declared at the door of every subject, and can shut offers out for it."""


class Gap(NamedTuple):
    """Whose owners or origins are not declared in full."""

    what: str
    """``company`` or ``offer``."""
    name: str
    stage: str
    """The earlier stage of which origins are missing; empty for owners."""
    wholly: bool
    """Whether nothing at all is declared."""


def gap_of(offer: Offer, stage: str, share: float, exposure: Exposure) -> Gap:
    """Return what is missing where a share of an offer is undisclosed at a stage."""
    if offer.stage != stage:
        return Gap("offer", offer.offer, stage, share >= 1 - ROUNDING)
    by_offer = exposure.has_owners(offer)
    return Gap(
        "offer" if by_offer else "company", offer.offer if by_offer else offer.company, "", share >= 1 - ROUNDING
    )


def list_shut_out(
    limits: Iterable[Limit], exposure: Exposure, most: Mapping[tuple[str, str], float], materials: Collection[str]
) -> Iterator[ShutOut]:
    """Yield the stages of some materials that limits shut for what is undisclosed.

    `most` are the most units that can be bought, by offer and period.
    """
    for limit in limits:
        if not isinstance(limit, _Cap) or limit.watch or limit.undisclosed != "counts":
            continue
        found: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
        there: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
        for key, periods in limit.cells(exposure.market):
            if key.material not in materials:
                continue
            cell = key.material, key.stage
            names = [offer.offer for offer in exposure.passing[cell]]
            sold = [name for name in names if any(most.get((name, period), 0.0) > 0 for period in periods)]
            for who in _shut_to(limit, key, sold, exposure):
                found[cell][who] = None
                there[cell] |= dict.fromkeys(sold)
        for (material, stage), whom in found.items():
            unknown = exposure.shares_at(material, stage, limit.dimension)[UNDISCLOSED]
            hidden = {name: unknown.get(name, 0.0) for name in there[material, stage]}
            gaps = list_gaps(limit, stage, hidden, exposure)
            yield ShutOut(limit.name, material, stage, tuple(whom), min(hidden.values()), *gaps)


def _shut_to(limit: _Cap, key: Key, sold: list[str], exposure: Exposure) -> Iterator[str]:
    """Yield the subjects for whose sake none of some offers may be bought, though some could if all were declared."""
    shares = exposure.shares_at(key.material, key.stage, limit.dimension)
    unknown = shares.get(UNDISCLOSED, {})
    if not sold or not unknown:
        return
    clear = next((name for name in sold if name not in unknown), None)
    for who, members in list(limit.members(exposure.market, shares)) or [(UNDISCLOSED, ())]:
        mine = [shares[member] for member in members if member in shares]
        if clear is not None and not limit.shuts_out(sum(part.get(clear, 0.0) for part in mine)):
            continue
        known = {name: sum(part.get(name, 0.0) for part in mine) for name in sold}
        shut = all(limit.shuts_out(known[name] + unknown.get(name, 0.0)) for name in sold)
        if shut and not all(map(limit.shuts_out, known.values())):
            yield who


def list_gaps(
    limit: _Cap, stage: str, unknown: Mapping[str, float], exposure: Exposure
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return of whom owners are missing, and of which offers origins, from what of each offer is undisclosed."""
    if limit.basis is None:
        return (), ()
    market = exposure.market
    found = {gap_of(market.offer[name], stage, share, exposure): None for name, share in unknown.items() if share > 0}
    return tuple(gap.name for gap in found if not gap.stage), tuple(gap.name for gap in found if gap.stage)


def explain_undisclosed(limit: Limit, most: Ledger, mass: str) -> Iterator[str]:
    """Yield why no plan can hold a limit for what is undisclosed: too much of it must be bought.

    `most` is a ledger of upper bounds, as of `Limit.impossible`.
    """
    if not isinstance(limit, _Cap) or limit.undisclosed != "counts" or limit.basis is None:
        return
    exposure = most.exposure
    for key, periods in limit.cells(exposure.market):
        need = least_bought(most, key, periods, limit.sites)
        shares = exposure.shares_at(key.material, key.stage, limit.dimension)
        unknown = shares.get(UNDISCLOSED, {})
        bought = exposure.bought(most, key.material, key.stage, periods, limit.sites) if need and unknown else {}
        units = {name: sum(amounts) for name, amounts in bought.items()}
        clear = {name: much for name, much in units.items() if name not in unknown}
        enough = sum(clear.values())
        for who, members in limit.members(exposure.market, shares) if units else ():
            mine = [shares[member] for member in members if member in shares]
            if enough - sum(clear.get(name, 0.0) for part in mine for name in part) >= need:
                continue  # so much is declared to be attributed to others
            known = {name: sum(part.get(name, 0.0) for part in mine) for name in units}
            counted = {name: known[name] + unknown.get(name, 0.0) for name in units}
            allowed = limit.level * need if limit.UNIT == "share" else limit.level
            least, declared = (_least(limit, part, units, need) for part in (counted, known))
            if least > allowed + ROUNDING * need >= declared:
                hidden = {name: part for name, part in unknown.items() if name in units}
                what = f"{format_amount(need)} {mass} of {key.stage} {key.material} that are needed{in_period(key)}"
                yield (
                    f"of the {what} at least {format_amount(least)} count against {who} by {limit.basis}, for what "
                    f"is undisclosed, and {format_amount(allowed)} may; "
                    f"{describe_cure(*list_gaps(limit, key.stage, hidden, exposure))}"
                )


def _least(limit: _Cap, weights: Mapping[str, float], units: Mapping[str, float], need: float) -> float:
    """Return the least that counts against a subject when so much must be bought of some offers."""
    if isinstance(limit, Ban):
        weights = {name: float(limit.bans(weight)) for name, weight in weights.items()}
    least, left = 0.0, need
    for name in sorted(weights, key=weights.__getitem__):
        taken = min(left, units[name])
        least, left = least + weights[name] * taken, left - taken
    return least


def is_all_undisclosed(limit: Limit, keys: Iterable[Key], exposure: Exposure) -> bool:
    """Whether some rows of a limit speak of those on whom nothing is known to hang: all that counts is undisclosed."""
    if not isinstance(limit, _Cap) or limit.undisclosed != "counts" or limit.basis is None:
        return False
    return all(_is_unknown(limit, key, exposure) for key in keys)


def _is_unknown(limit: _Cap, key: Key, exposure: Exposure) -> bool:
    shares = exposure.shares_at(key.material, key.stage, limit.dimension)
    members = dict(limit.members(exposure.market, shares)).get(key.who, ())
    return UNDISCLOSED in shares and not any(member in shares for member in members)
