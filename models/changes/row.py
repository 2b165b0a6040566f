"""A row of a table of cases, as an analyst writes them in a spreadsheet."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from models.changes.demand import DemandChange
from models.changes.lanes import FreightChange, LaneChange
from models.changes.products import ProductChange
from models.changes.rates import RateChange
from models.changes.terms import CapacityChange, MinimumTakeChange, PriceChange
from models.records.fields import Name, Text
from models.records.sourced import Sourced
from models.records.wording import join_change

if TYPE_CHECKING:
    from models.changes.change import Edit

_OF_FIGURES = (
    ProductChange,
    DemandChange,
    PriceChange,
    CapacityChange,
    MinimumTakeChange,
    LaneChange,
    FreightChange,
    RateChange,
)
_BARE_PERCENT = re.compile(r"[\d., ]+%")


def doubt_percent(edit: Edit, value: str | None) -> str:
    """Return why the value of a change that stands in a cell cannot be trusted; nothing where it can.

    Spreadsheets save +20% as 20%: what was meant as a fifth more would become a fifth.
    """
    if value is None or not isinstance(edit, _OF_FIGURES) or not _BARE_PERCENT.fullmatch(value):
        return ""
    number = value.rstrip("% ")
    what = f"reads both ways, as a spreadsheet drops the + of +{value}; write a multiple (x1.2 is a fifth more)"
    return f"{number}% {what}"


class CaseRow(Sourced):
    """One change of one case; rows of a case are made in their order."""

    case: Name
    what: Text
    """``cap CN``; or the whole change, with an empty value."""
    value: Text | None = None
    """``40%``"""

    @property
    def text(self) -> str:
        """The change as a flag would say it."""
        return join_change(self.what, self.value)
