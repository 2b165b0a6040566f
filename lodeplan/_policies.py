"""Real policies and how they stand on a day, from Python."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from lodeplan._result import Result
from models.policies import list_shipped, read_shipped
from optimizer.files.policies import find_policy
from optimizer.page.notebook import draw_measures
from optimizer.report import policies as report

if TYPE_CHECKING:
    import datetime
    from collections.abc import Sequence

    from models.policies import Policy


class Policies(Result):
    """Policies measure by measure: what each asks of whom, its dates and sources, and what it becomes in a program."""

    def __init__(self, found: Sequence[Policy], day: datetime.date, material: str | None) -> None:
        """Hold some policies; `lodeplan.policies` calls this."""
        self._found = found
        self._day = day
        self._material = material

    @property
    def day(self) -> datetime.date:
        """The day on which they are looked up."""
        return self._day

    @property
    def answer(self) -> str:
        """How many measures are in force, and how many of them only as a suspension lapsed with nobody looking."""
        now = [record for record in self.as_dict()["measures"] if record["status"] == "in force"]
        lapsed = sum(record["lapsed"] is not None for record in now)
        unseen = f" ({lapsed} of them as a suspension lapsed, and nobody looked since)" if lapsed else ""
        return f"{len(now)} of {len(self.measures)} measures are in force on {self.day}{unseen}; {report.READ_IT}."

    @property
    def text(self) -> str:
        """What ``lodeplan policies list`` prints, or ``lodeplan policies show`` of a single policy."""
        if len(self._found) == 1 and self._material is None:
            return report.format_policy(self._found[0], self.day)
        return report.format_measures(self._found, self.day, self._material)

    @cached_property
    def tables(self) -> dict[str, pd.DataFrame]:
        """The table of measures, under its name."""
        return {"measures": pd.DataFrame(self.as_dict()["measures"])}

    @property
    def measures(self) -> pd.DataFrame:
        """One row a measure: policy, measure, day, status, what it becomes, and what its record says."""
        return self.tables["measures"]

    def as_dict(self) -> dict[str, Any]:
        """Return what ``lodeplan policies list --json`` prints, as the list `measures`."""
        return {"measures": report.list_records(self._found, self.day, self._material)}

    @property
    def _drawn(self) -> str:
        meant = [(record["policy"], record["measure"]) for record in self.as_dict()["measures"]]
        return draw_measures(self._found, self._day, meant)

    @property
    def _shown(self) -> dict[str, pd.DataFrame]:
        return {"measures": self.measures[["policy", "measure", "status", "standing", "becomes"]]}


def policies(
    name: str | None = None, *, as_of: str | datetime.date | None = None, material: str | None = None
) -> Policies:
    """Return real policies with their dates and sources, as they stand on a day.

    Args:
        name: ``"eu-crma"``, some measures as in ``"us-pfe:45x-*"``, or a file of your own; None = all that are shipped.
        as_of: the day, as a date or as ``"2027-01-31"``; None = today.
        material: part of the name of a material; only measures that speak of it.

    Raises:
        InputError: there is no such policy, or no measure names the material, or the day is none.

    """
    found = [read_shipped(one) for one in list_shipped()] if name is None else [find_policy(name, Path())]
    if material is not None:
        report.must_speak_of(found, material)
    return Policies(found, report.day_of(as_of), material)
