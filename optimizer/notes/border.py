"""What duties and controls have in common: a name, goods, and countries that they leave and enter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.enforcement import list_own
from models.market import Duty

if TYPE_CHECKING:
    from models.enforcement import EnforcedInstance
    from models.market import Control

    AtBorder = Duty | Control


def kind_of(fact: AtBorder) -> str:
    """Return ``duty`` or ``control``."""
    return "duty" if isinstance(fact, Duty) else "control"


def name_of(fact: AtBorder) -> str:
    """Return what a duty or a control is called."""
    return fact.duty if isinstance(fact, Duty) else fact.control


def words_of(fact: AtBorder) -> str:
    """Return what it is called, on what it falls and where: ``Section 301 on refined lithium from CN to US``."""
    ends = [f"{word} {where}" for word, where in (("from", fact.from_country), ("to", fact.to_country)) if where]
    return " ".join([name_of(fact), "on", fact.stage, fact.material, *ends])


def own_facts(instance: EnforcedInstance) -> list[AtBorder]:
    """Return the duties and controls that an instance states itself, not those that its policies became."""
    market = instance.market
    return [*list_own(market.duties, instance.policies), *list_own(market.controls, instance.policies)]
