"""A difference in the form that a command is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optimizer.files.json_text import json_text

if TYPE_CHECKING:
    from optimizer.report.difference import Difference


def format_difference(changed: Difference, *, as_json: bool, as_csv: bool) -> str:
    """Return a difference as text for people, as JSON or as CSV."""
    from optimizer.report import difference_data
    from optimizer.report.difference_text import as_text

    if as_json:
        return json_text(difference_data.as_json(changed))
    return difference_data.as_csv(changed) if as_csv else as_text(changed)
