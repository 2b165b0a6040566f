"""What suppliers give at short notice: what a plan can count on when something stops."""

from __future__ import annotations

from models.records.fields import Count, Rate, Share
from models.records.frozen import Frozen


class ShortNotice(Frozen):
    """What a supplier gives beyond what was planned, and what is owed for what is not taken."""

    surge: Share
    """Share of what was planned in a period that it gives on top of it."""
    surge_premium: Rate = 0.0
    """What that costs more, as a share of the price."""
    notice: Count = 0
    """Whole periods after something stopped before it comes."""
    take_or_pay: Share = 0.0
    """Share of the price of what was planned that is owed though it is not taken."""
