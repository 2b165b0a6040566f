"""The share of each country at each stage of a plan, as text: by place and by control, beside its cap."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from models.records.tolerances import RECOUNTED
from models.records.wording import format_percent
from optimizer.report.layout import blank_repeats, format_table
from optimizer.tables import units_of
from optimizer.tables.exposure import list_shares

if TYPE_CHECKING:
    from optimizer.results.solution import Solution
    from optimizer.tables.exposure import CountryShare

_SHOWN = 0.005
"""Shares below this, by place and by control, are not shown."""
_TITLE = (
    "Share of each country, in the period in which it is nearest to its cap\n"
    "(* = at the cap; ZZ = undisclosed, which a cap counts against every country unless it says otherwise)"
)


def format_shares(solution: Solution) -> str:
    """Return each country's share of each stage, by place and by control, beside its cap; the largest first."""
    nearest: dict[tuple[str, str], dict[str, dict[str, CountryShare]]] = defaultdict(lambda: defaultdict(dict))
    for row in list_shares(solution.account, units_of(solution.instance)):
        by_basis = nearest[row.material, row.stage][row.country]
        if row.basis not in by_basis or _measure_nearness(row) < _measure_nearness(by_basis[row.basis]):
            by_basis[row.basis] = row
    if not nearest:
        return ""
    rows = []
    for (material, stage), by_country in nearest.items():
        largest = {country: max(row.share for row in by_basis.values()) for country, by_basis in by_country.items()}
        for country in sorted(largest, key=lambda country: (-largest[country], country)):
            if largest[country] >= _SHOWN:
                by_basis = by_country[country]
                cells = (_format_cells(by_basis.get(basis)) for basis in ("place", "control"))
                rows.append([material, stage, country, *(cell for pair in cells for cell in pair)])
    heading = ["material", "stage", "country", "place", "cap", "control", "cap"]
    return f"{_TITLE}\n{format_table(heading, blank_repeats(rows), left=3)}"


def _measure_nearness(row: CountryShare) -> tuple[float, float]:
    """Return what sorts first the row with the least room below its cap, or else the highest share."""
    room = float("inf") if row.cap is None or row.counted is None else row.cap - row.counted
    return room, -row.share


def _format_cells(row: CountryShare | None) -> list[str]:
    """Return a share and its cap, marked where it is reached."""
    share = row.share if row else 0.0
    if row is None or row.cap is None or row.counted is None:
        return [f"{share:.1%}", ""]
    return [f"{share:.1%}", f"{format_percent(row.cap)}{'*' if row.counted >= row.cap - RECOUNTED else ' '}"]
