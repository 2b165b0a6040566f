"""The mapping by which a sheet was read, as it is saved: what was guessed is in it too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optimizer.bids.header import heading_text

if TYPE_CHECKING:
    from optimizer.bids.mapping import Mapping
    from optimizer.bids.read import Bids


def mapping_used(bids: Bids) -> Mapping:
    """Return the mapping with every column that was taken, by its heading or its letter, and what was granted."""
    names = [heading_text(name) for name in bids.header.cells]
    columns = {one.field: one.heading if names.count(one.heading) == 1 else f"#{one.at}" for one in bids.header.taken}
    return bids.mapping.model_copy(update={"columns": columns, "guess": True})
