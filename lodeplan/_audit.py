"""A plan recounted, from Python."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from lodeplan._instance import instance_of
from lodeplan._result import Result
from lodeplan._solution import Solution
from models.records.wording import format_count
from optimizer.folders.audited import audit_folder, audit_plan
from optimizer.page.notebook import draw_audited
from optimizer.report.caveats import format_brief
from optimizer.report.risk import format_recounted
from optimizer.results.caveats import caveats_of
from optimizer.results.plan import Plan
from optimizer.tables import plan_rows
from optimizer.tables.frames import plan_tables

if TYPE_CHECKING:
    from os import PathLike

    from models.instance import Instance
    from optimizer.folders.audited import Audited


class Audit(Result):
    """Whether a plan holds when it is recounted from its numbers and the instance alone."""

    def __init__(self, audited: Audited) -> None:
        """Hold what was found; `lodeplan.audit` calls this."""
        self._audited = audited

    def __bool__(self) -> bool:
        """Whether the plan holds."""
        return not self.findings

    @property
    def findings(self) -> tuple[str, ...]:
        """What does not hold: a sentence each; none = the plan holds."""
        return self._audited.findings

    @property
    def cost(self) -> float:
        """What the plan costs, penalties included [currency]; NaN where it names what is not there."""
        return float("nan") if self.findings else self._audited.account.total

    @property
    def notes(self) -> tuple[str, ...]:
        """Where the files of the plan say something else than its numbers make, and whether the instance changed."""
        return self._audited.notes

    @property
    def answer(self) -> str:
        """Whether the plan holds, what it costs, and what it leaves out."""
        instance = self._audited.instance
        if self.findings:
            return f"{instance.title}: the plan does not hold: {format_count(len(self.findings), 'findings')}."
        said = format_brief(caveats_of(instance.market, self._audited.account), instance.mass_unit)
        cost = format_recounted(self._audited.account, instance.currency)
        return f"{instance.title}: the plan holds, at a cost of {cost}{said and '; '}{said}."

    @property
    def text(self) -> str:
        """The answer and every finding, one a line."""
        return "\n".join([self.answer, *self.findings]) + "\n"

    @cached_property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Every table of the plan worked out anew, by name; none where it does not hold, but the findings."""
        if self.findings:
            return {"findings": pd.DataFrame({"finding": list(self.findings)})}
        return plan_tables(self._audited)

    @property
    def _shown(self) -> dict[str, pd.DataFrame]:
        return {name: self.tables[name] for name in (("findings",) if self.findings else ("costs",))}

    @property
    def _drawn(self) -> str:
        return "" if self.findings else draw_audited(self._audited)

    def as_dict(self) -> dict[str, Any]:
        """Return whether the plan holds, the findings, the notes, and (where it holds) its cost and tables."""
        said = {"holds": bool(self), "findings": list(self.findings), "notes": list(self.notes)}
        if self.findings:
            return said
        return said | {"cost": self.cost} | plan_rows(self._audited)


def audit(plan: Plan | Solution | str | PathLike[str], instance: Instance | str | PathLike[str]) -> Audit:
    """Recount a plan, also one that was edited by hand, and say what does not hold.

    Args:
        plan: a plan record, what `lodeplan.solve` gave, or a plan folder. Of a folder the quantities, signatures,
            stock and unmet demand are read, and everything else is worked out anew.
        instance: the instance that it must hold in, or where one is to be read.

    Raises:
        InputError: the instance or the folder cannot be read.

    """
    return Audit(recount(plan, instance))


def recount(plan: Plan | Solution | str | PathLike[str], instance: Instance | str | PathLike[str]) -> Audited:
    """Return the audit of a plan; raises InputError as `audit` does."""
    facts = instance_of(instance)
    match plan:
        case Plan():
            return audit_plan(plan, facts)
        case Solution():
            return audit_plan(plan.plan, facts)
        case folder:
            return audit_folder(Path(folder), facts)
