"""Other plans that cost little more, as a table of them tells it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optimizer.charts.shown import Cell


@dataclass(frozen=True)
class ShownAlternatives:
    """The best plan and those beside it, one a row."""

    headings: Sequence[str]
    """What the columns are called, with their units in brackets."""
    rows: Sequence[Sequence[Cell]]
