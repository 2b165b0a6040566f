"""Duties and controls of an instance's own that hold on no day, or only as nobody saw their suspension prolonged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.records.validity import ALWAYS
from optimizer.notes.border import kind_of, own_facts, words_of
from optimizer.notes.remark import Remark

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.enforcement import EnforcedInstance
    from optimizer.notes.border import AtBorder


def find_expired(instance: EnforcedInstance) -> Iterator[Remark]:
    """Yield duties and controls of an instance's own of which no row holds on any day that is looked at."""
    market, facts = instance.market, own_facts(instance)
    holding = {words_of(fact) for fact in facts if market.shares_of(fact)}
    first, last = market.horizon
    days = f"any day from {first} to {last}, as known on {market.as_of}" if market.start else f"{first} (as_of)"
    for fact in facts:
        if words_of(fact) not in holding and not _is_off(fact):
            yield Remark(kind_of(fact), words_of(fact), f"does not hold on {days}", f"do not hold on {days}")


def find_lapsed(instance: EnforcedInstance) -> Iterator[Remark]:
    """Yield those that hold because a suspension ended before `as_of`, with nobody known to have looked since."""
    market = instance.market
    for fact in own_facts(instance):
        ended = fact.suspended_to
        if ended is None or ended >= market.as_of or not market.shares_of(fact):
            continue
        if fact.looked_at is None or fact.looked_at <= ended:
            look = f"last looked at {fact.looked_at}" if fact.looked_at else "not known when it was last looked at"
            said = f"as {{}} suspension lapsed {ended}, {look}; see whether it was prolonged"
            yield Remark(kind_of(fact), words_of(fact), f"holds {said.format('its')}", f"hold {said.format('their')}")


def _is_off(fact: AtBorder) -> bool:
    """Whether a change switched it off."""
    return fact.suspended_from == ALWAYS.first and fact.suspended_to is None
