"""A row of a table of cases, as an analyst writes them in a spreadsheet."""

from __future__ import annotations

from models.records.fields import Name, Text
from models.records.sourced import Sourced


class CaseRow(Sourced):
    """One change of one case; rows of a case are made in their order."""

    case: Name
    what: Text
    """``cap CN``; or the whole change, with an empty value."""
    value: Text | None = None
    """``40%``"""

    @property
    def text(self) -> str:
        """The change as a flag would say it.

        >>> CaseRow(case="a", what="cap CN", value="40%").text, CaseRow(case="a", what="ban", value="RU").text
        ('cap CN=40%', 'ban RU')
        """
        if self.value is None:
            return self.what
        return f"{self.what}={self.value}" if len(self.what.split(maxsplit=1)) > 1 else f"{self.what} {self.value}"
