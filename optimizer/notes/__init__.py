"""What an instance says that has no effect, or less than its author may think: not wrong, but worth a look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.enforcement import prepare
from optimizer.notes.facts import idle_facts
from optimizer.notes.foresight import foresight
from optimizer.notes.law import charged_twice, out_of_force, turning_law, unseen_law
from optimizer.notes.licences import licence_notes
from optimizer.notes.limits import idle_limits
from optimizer.notes.means import counted_by_a_mean
from optimizer.notes.offers import dead_offers, idle_terms, idle_tiers, unlimited, unneeded
from optimizer.notes.remark import folded
from optimizer.notes.renamed import renamed_words
from optimizer.notes.spellings import nearly_alike
from optimizer.notes.undisclosed import undisclosed
from optimizer.notes.ways import charged_on_processing, idle_ways
from optimizer.reasons import Most

if TYPE_CHECKING:
    from models.enforcement import EnforcedInstance

__all__ = ["foresight", "licence_notes", "notes"]


def notes(instance: EnforcedInstance, most: Most | None = None) -> list[str]:
    """Return one sentence for all that has less effect than it seems to, or none; what is alike is told together.

    `most` is that of the instance, where somebody has it already.
    """
    most = Most(prepare(instance), instance.mass_unit) if most is None else most
    market, network, exposure = most.market, most.network, most.exposure
    return [
        *renamed_words(instance, *instance.policies),
        *turning_law(instance),
        *unseen_law(instance),
        *charged_twice(instance),
        *nearly_alike(instance.market),
        *folded(idle_facts(instance)),
        *folded(unneeded(market, network)),
        *folded(unlimited(market)),
        *folded(dead_offers(market, network)),
        *folded(idle_tiers(instance, market, network)),
        *folded(idle_terms(instance, market)),
        *folded(undisclosed(instance, exposure)),
        *folded(counted_by_a_mean(instance, exposure)),
        *folded(idle_ways(instance, market, network)),
        *folded(out_of_force(instance)),
        *folded(charged_on_processing(market, network)),
        *folded(idle_limits(instance, network, exposure)),
    ]
