"""Law that does not hold on any day that is looked at, and duties that are charged twice."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from models.policies import standings
from models.records.validity import ALWAYS
from models.records.wording import list_some
from optimizer.notes.border import kind_of, own_facts, words_of
from optimizer.notes.remark import Remark

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.enforcement import EnforcedInstance
    from models.market import Duty
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


def _is_off(fact: AtBorder) -> bool:
    """Whether a change switched it off."""
    return fact.suspended_from == ALWAYS.first and fact.suspended_to is None


def find_double_charges(instance: EnforcedInstance) -> Iterator[str]:
    """Yield duties of a policy that the instance states as well, or another policy: both are charged."""
    market = instance.market
    charged: dict[tuple[object, ...], list[Duty]] = defaultdict(list)
    for duty in market.duties:
        if duty.holds(market.as_of):
            charged[_charge(duty)].append(duty)
    told: dict[tuple[str, str, str], dict[str, None]] = defaultdict(dict)
    for policy in instance.policies:
        for duty in (duty for one in standings(policy, market, policy.looked_up) for duty in one.duties):
            for other in charged[_charge(duty)]:
                if other != duty:
                    told[policy.name, duty.duty, other.duty][f"{duty.stage} {duty.material}"] = None
    for (name, mine, theirs), goods in told.items():
        yield (
            f"policy {name}: its duty {mine} and the duty {theirs} take the same of "
            f"{list_some(list(goods))}, and add up; "
            "leave one out if they are one"
        )


def _charge(duty: Duty) -> tuple[object, ...]:
    """What a duty is charged on, where, and how much it is."""
    return (duty.material, duty.stage, duty.from_country, duty.to_country, duty.rate)
