"""The law of an instance period by period, from Python."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from lodeplan._instance import instance_of
from lodeplan._result import Result
from optimizer.law import ask_law
from optimizer.page.notebook import draw_law
from optimizer.report.law_by_period import list_law_records
from optimizer.report.law_text import format_law
from optimizer.report.policies import READ_IT

if TYPE_CHECKING:
    import datetime
    from os import PathLike

    from models.enforcement import EnforcedInstance
    from models.instance import Instance


class Law(Result):
    """What each measure, duty and control is in the days of each period of an instance, and what it becomes there."""

    def __init__(self, instance: EnforcedInstance, policy: str | None) -> None:
        """Hold an instance; `lodeplan.law` calls this."""
        self._instance = instance
        self._policy = policy

    @property
    def answer(self) -> str:
        """How many laws hold on a day that is planned, and how many of them not on all days."""
        found = [law for law in self.as_dict()["law"] if law["holds"] and law["goods"]]
        partly = sum(any(period["days"] < period["of"] for period in law["periods"]) for law in found)
        return f"{len(found)} laws hold on days that are planned, {partly} of them not on all; {READ_IT}."

    @property
    def text(self) -> str:
        """What ``lodeplan policies show --instance`` prints."""
        return format_law(self._instance, self._policy)

    @cached_property
    def tables(self) -> dict[str, pd.DataFrame]:
        """One row for each law and period, as the table `law`."""
        rows = [
            {
                "kind": law["kind"],
                "law": law["name"],
                **{key: period[key] for key in ("period", "days", "of", "share", "asks", "asked")},
                "becomes": "; ".join(law["becomes"]),
            }
            for law in self.as_dict()["law"]
            for period in law["periods"]
        ]
        return {"law": pd.DataFrame(rows)}

    @property
    def _drawn(self) -> str:
        return draw_law(self._instance, self._policy)

    def as_dict(self) -> dict[str, Any]:
        """Return what ``lodeplan policies show --instance --json`` prints."""
        return list_law_records(self._instance, self._policy)


def law(
    instance: Instance | str | PathLike[str], policy: str | None = None, *, as_of: str | datetime.date | None = None
) -> Law:
    """Return the law of an instance period by period: of its policies, and its own duties and controls.

    Args:
        instance: an instance, or where one is to be read.
        policy: a policy, or some of its measures, alone; where the instance does not name it, it is added.
        as_of: the day whose knowledge counts, as a date or as ``"2027-01-31"``; None = that of the instance.

    Raises:
        InputError: something is wrong with the instance, the policy or the day.

    """
    return Law(*ask_law(instance_of(instance), policy, None if as_of is None else str(as_of)))
