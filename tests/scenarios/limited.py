"""Limits that hold in responses, on small markets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from models.limits.share_cap import ShareCap
from models.market import ShortNotice
from tests.blocks.markets import instance, offer

if TYPE_CHECKING:
    from models.enforcement import EnforcedInstance
    from models.limits import Limit

TERMS = ShortNotice(surge=1.0, surge_premium=0.25, notice=0, take_or_pay=0.3)
NEED = {"a": 100.0, "b": 100.0}


def china(**fields: Any) -> ShareCap:
    """Return the cap of half of what is refined, which holds in responses unless `fields` say otherwise."""
    said = {"name": "china", "country": "CN", "basis": "place", "stages": ("refined",), "max_share": 0.5}
    strict = {} if fields.get("penalty") else {"hard": True}
    return ShareCap(**(said | strict | {"in_responses": True} | fields))


def goods(*limits: Limit, **more: Any) -> EnforcedInstance:
    """Return 100 t a year of near (10), far (CN, 13) and dear (30), 60 t of each, and as much again when called."""
    offers = [offer("near", 10, 60), offer("far", 13, 60, "CN"), offer("dear", 30, 60, "CL")]
    return instance(offers, NEED, *limits, **({"response": TERMS, "shortage_cost": 200.0} | more))


def with_lot(asked: EnforcedInstance, kind: type[Limit], **fields: Any) -> EnforcedInstance:
    """Return a drawn market with a limit on what its first lot brings of what is refined."""
    said = {"name": "lot", "offer": "lot0", "stages": ("refined",), "in_responses": True}
    strict = {} if fields.get("penalty") else {"hard": True}
    limit: Any = kind(**(said | strict | fields))
    return asked.model_copy(update={"limits": (limit,)})
