"""Reference data from Python: who mines and refines what, at which price and risk."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from lodeplan._result import Result
from optimizer.page.notebook import draw_supply
from optimizer.report import data as report
from optimizer.report import data_text

if TYPE_CHECKING:
    from collections.abc import Mapping


class Data(Result):
    """What the reference data hold, or know of a material, a country or a bloc; each figure with its source."""

    def __init__(self, name: str | None, known: dict[str, Any]) -> None:
        """Hold what is known; `lodeplan.data` calls this."""
        self._name = name
        self._known = known

    @property
    def answer(self) -> str:
        """What is known, in a sentence or two."""
        return data_text.describe_in_short(self._known)

    @property
    def text(self) -> str:
        """What ``lodeplan data list`` prints, or ``lodeplan data show`` where a name was given."""
        return data_text.format_list() if self._name is None else data_text.format_data(self._name)

    @cached_property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Every table by name: `production`, `prices`, ... whole, or where a name was given what is of it."""
        if self._name is None:
            return {one["table"]: pd.DataFrame(report.list_rows(one["table"])) for one in self._known["tables"]}
        return {name: pd.DataFrame(rows) for name, rows in report.list_tables(self._known).items() if rows}

    def as_dict(self) -> dict[str, Any]:
        """Return what ``lodeplan data list --json`` or ``lodeplan data show --json`` prints."""
        return self._known

    @property
    def _drawn(self) -> str:
        known = () if self._name is None else report.list_tables(self._known).get("supply", ())
        return draw_supply([row for row in known if row.get("share") is not None])

    @property
    def _shown(self) -> Mapping[str, pd.DataFrame]:
        if self._name is None:
            return {"supply": pd.DataFrame(self._known["supply"])}
        return self.tables


def data(name: str | None = None) -> Data:
    """Return the reference data that come with Lodeplan, or what they know under a name.

    Args:
        name: a material (``"graphite"``), a country (``"CN"``, ``"Viet Nam"``) or a bloc (``"EU"``); None = what there
            is, with every table whole.

    Raises:
        InputError: nothing has this name.

    """
    return Data(name, report.list_data() if name is None else report.describe_data(name))
