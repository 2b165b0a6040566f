"""Why there is no plan, or why an offer is in or out, from Python."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from lodeplan._instance import draws_of, enforced
from lodeplan._result import Result
from lodeplan._solution import Solution
from optimizer.explain import answer as engine
from optimizer.explain.no_plan import NoPlanExplained
from optimizer.explain.offer import OfferExplained
from optimizer.no_plan import name_the_instance
from optimizer.notes import list_notes
from optimizer.page.notebook import draw_explained
from optimizer.report import explanation_data
from optimizer.report.explanation_text import explanation_as_text
from optimizer.results.solution import settings_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from os import PathLike

    import pandas as pd

    from models.enforcement import EnforcedInstance
    from models.instance import Instance


class Explanation(Result):
    """Why an instance has no plan and what would repair it; or why an offer is in its plan or out of it."""

    def __init__(self, explained: engine.Explained) -> None:
        """Hold what was found; `lodeplan.explain` calls this."""
        self._explained = explained

    @property
    def about(self) -> Literal["no plan", "offer", "plan"]:
        """What is explained: that there is no plan, an offer, or (there is a plan, and no offer was named) the plan."""
        match self._explained:
            case NoPlanExplained():
                return "no plan"
            case OfferExplained():
                return "offer"
            case _:
                return "plan"

    @property
    def plan(self) -> Solution | None:
        """The plan, when there is one."""
        match self._explained:
            case NoPlanExplained():
                return None
            case OfferExplained(solution=solution):
                return Solution(solution)
            case solution:
                return Solution(solution)

    @property
    def instance(self) -> EnforcedInstance:
        """The instance that was asked about."""
        match self._explained:
            case OfferExplained(solution=solution):
                return solution.instance
            case other:
                return other.instance

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """What in the instance has less effect than it seems to: a sentence each."""
        return tuple(list_notes(self.instance))

    @property
    def answer(self) -> str:
        """The first paragraph of the explanation."""
        return " ".join(self.text.partition("\n\n")[0].split())

    @cached_property
    def text(self) -> str:
        """What ``lodeplan explain`` prints."""
        return explanation_as_text(self._explained)

    @cached_property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Without a plan `repairs`; of an offer `turned_by`, the limits without which it turns; else `binding`."""
        return explanation_data.explanation_tables(self._explained)

    @property
    def _drawn(self) -> str:
        return draw_explained(self._explained)

    def as_dict(self) -> dict[str, Any]:
        """Return what ``lodeplan explain --json`` prints."""
        return explanation_data.as_json(self._explained)


def explain(  # noqa: PLR0913 (one argument an option)
    instance: Instance | str | PathLike[str],
    offer: str | None = None,
    *,
    relax: Sequence[Literal["demand", "capacity"]] = (),
    gap: float | None = None,
    time_limit: float | None = None,
    calm: bool = False,
    samples: int | None = None,
    seed: int = 0,
) -> Explanation:
    """Say why an instance has no plan and what would repair it; or why an offer is in its plan or out of it.

    Args:
        instance: an instance, or where one is to be read.
        offer: the name of an offer, explained where there is a plan.
        relax: facts that may give way as well where there is no plan.
        gap: relative gap to which costs are proven, 0 or more; None = that of the instance, and 0 to explain an offer.
        time_limit: seconds for the whole explanation, above 0; None = that of the instance, or no limit.
        calm: whether to plan as if nothing could happen, scenarios and hazards left out.
        samples: about how many ways in which hazards strike are drawn, 1 or more; None = all count, or some 1 000 of
            more than 5 000.
        seed: of the draws, 0 or more.

    Raises:
        InputError: the instance cannot be read, or has no such offer.
        NoPlan: whether there is a plan is not known, or no limit is to blame for there being none.
        SolverFailure, AuditFailure: as `lodeplan.solve`.

    """
    asked = enforced(instance)
    exact = 0.0 if offer is not None and gap is None else gap
    settings = settings_of(asked, gap=exact, time_limit=time_limit, calm=calm, draws=draws_of(samples, seed))
    with name_the_instance(asked):
        return Explanation(engine.explain(asked, settings, offer, relax))
