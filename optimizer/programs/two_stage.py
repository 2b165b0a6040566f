"""The program of a plan and what follows it: as one, or in parts where it would be large."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optimizer.programs.decomposed_form import decomposed_form
from optimizer.programs.extensive_form import extensive_form

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from models.instance import Risk
    from optimizer.programs.extensive_form import TwoStageForm, Weighed
    from optimizer.solver.arrays import Matrix

MOST_ROWS = 40_000
"""Rows from which a program is held in parts: there both take about as long."""


def two_stage_form(
    plan: Matrix, weighed: Sequence[Weighed], risk: Risk | None, look: Callable[[], None], *, in_one: bool
) -> TwoStageForm:
    """Return the program of a plan and its responses to scenarios.

    What is held by cuts of another kind as well stays `in_one` piece whatever its size.
    """
    rows = sum(len(one.block.rows) for one in weighed)
    form = decomposed_form if rows > MOST_ROWS and plan.is_linear and not in_one else extensive_form
    return form(plan, weighed, risk, look)
