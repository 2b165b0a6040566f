"""Rows of sums that stand below a table, as spreadsheets have them."""

from __future__ import annotations

import re

_TOTAL = re.compile(
    r"(?i)(grand |sub|total |zwischen|teil)?-?\s*"
    r"(totals?|sums?|summen?|gesamt\w*|somme|suma|average|mean|mittelwert|durchschnitt)\b.{0,40}"
)


def says_total(text: str) -> bool:
    """Whether a text is what stands before sums.

    >>> says_total("Grand total"), says_total("Zwischensumme:"), says_total("Totalcorp")
    (True, True, False)
    """
    return _TOTAL.fullmatch(text) is not None
