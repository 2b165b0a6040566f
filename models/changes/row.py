"""A row of a table of cases, as an analyst writes them in a spreadsheet."""

from __future__ import annotations

from models.records.fields import Name, Text
from models.records.sourced import Sourced
from models.records.wording import join_change


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
