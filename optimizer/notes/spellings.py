"""Names of one kind that are nearly the same, and count as two."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.references.spellings import nearly_one
from optimizer.notes.remark import plural

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from models.market import Market


def find_similar_names(market: Market) -> Iterator[str]:
    """Yield one sentence for each kind of name of which some are nearly the same."""
    stated: dict[str, Iterable[str]] = {
        "material": market.material,
        "site": market.site,
        "offer": market.offer,
        "company": dict.fromkeys(offer.company for offer in market.offers),
        "corridor": [row.corridor for row in market.corridors],
        "duty": [row.duty for row in market.duties],
        "control": [row.control for row in market.controls],
    }
    for what, names in stated.items():
        pairs = nearly_one(tuple(names), legal_forms=what == "company")
        if pairs:
            told = " and ".join(map(repr, pairs[0]))
            more = f" (and {len(pairs) - 1} more like them)" if len(pairs) > 1 else ""
            yield f"{plural(what)} {told}{more} are nearly one name and count as two; write both alike if they are one"
