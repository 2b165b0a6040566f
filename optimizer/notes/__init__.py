"""What an instance says that has no effect, or less than its author may think: not wrong, but worth a look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.enforcement import prepare
from optimizer.notes.double_duties import find_double_charges
from optimizer.notes.facts import find_idle_facts
from optimizer.notes.foresight import foresight
from optimizer.notes.law import find_expired, find_lapsed
from optimizer.notes.licences import list_licence_notes
from optimizer.notes.limits import find_idle_limits
from optimizer.notes.means import find_means
from optimizer.notes.offers import (
    find_dead_offers,
    find_idle_terms,
    find_idle_tiers,
    find_repeated_terms,
    find_unlimited,
    find_unneeded,
)
from optimizer.notes.policies import find_doubtful_law
from optimizer.notes.quotas import find_loose_quotas
from optimizer.notes.remark import fold
from optimizer.notes.renamed import list_old_words
from optimizer.notes.scenarios import (
    find_cut_shocks,
    find_free_responses,
    find_idle_events,
    find_never,
    find_unforeseen,
    find_unplanned,
    find_unstated_terms,
)
from optimizer.notes.spellings import find_similar_names
from optimizer.notes.turning import find_turning_law
from optimizer.notes.undisclosed import find_kept, find_undisclosed
from optimizer.notes.units import find_doubtful_prices
from optimizer.notes.ways import find_idle_ways, find_processing_duties, find_uncounted
from optimizer.reasons import CapacityBounds

if TYPE_CHECKING:
    from models.enforcement import EnforcedInstance

__all__ = ["foresight", "list_licence_notes", "list_notes"]


def list_notes(instance: EnforcedInstance, most: CapacityBounds | None = None) -> list[str]:
    """Return one sentence for all that has less effect than it seems to, or none; what is alike is told together.

    `most` is that of the instance, where somebody has it already.
    """
    most = CapacityBounds(prepare(instance), instance.mass_unit) if most is None else most
    market, network, exposure = most.market, most.network, most.exposure
    return [
        *list_old_words(instance, *instance.policies),
        *find_unplanned(instance),
        *find_unforeseen(instance.market),
        *fold(find_cut_shocks(instance.market)),
        *fold(find_never(instance.market)),
        *fold(find_idle_events(instance)),
        *fold(find_unstated_terms(instance.market)),
        *find_free_responses(instance.market),
        *find_turning_law(instance),
        *find_double_charges(instance),
        *find_doubtful_law(instance),
        *find_similar_names(instance.market),
        *fold(find_idle_facts(instance)),
        *fold(find_unneeded(market, network)),
        *fold(find_unlimited(market)),
        *fold(find_doubtful_prices(instance, market)),
        *fold(find_dead_offers(market, network)),
        *fold(find_idle_tiers(instance, market, network)),
        *fold(find_repeated_terms(instance.market)),
        *fold(find_idle_terms(instance, market)),
        *fold(find_undisclosed(instance, exposure)),
        *fold(find_kept(instance, exposure)),
        *fold(find_means(instance, exposure)),
        *fold(find_idle_ways(instance, market, network)),
        *fold(find_uncounted(market)),
        *fold(find_expired(instance)),
        *fold(find_lapsed(instance)),
        *fold(find_processing_duties(market, network)),
        *fold(find_idle_limits(instance, network, exposure)),
        *fold(find_loose_quotas(instance, network)),
    ]
