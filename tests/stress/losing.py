"""Plans that lose something: what is asked of the engine in a line, on small markets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.market.losses import Loss
from optimizer.stress.run import StressTest, list_windows
from optimizer.stress.subjects import read_subjects

if TYPE_CHECKING:
    from optimizer.results.losses import Stress, TestedLoss
    from optimizer.results.solution import Solution


def stressed(
    solution: Solution, *who: str, lasts: int | None = None, begins: int | None = None, from_share: float = 1.0
) -> Stress:
    """Return a plan tested against subjects in every beginning, or in one."""
    market = solution.account.market
    spells = list_windows(market, lasts)
    subjects = read_subjects(who, market, solution.account.network)
    losses = [Loss(subject, *spell) for subject in subjects for spell in spells if begins in {None, spell.begins}]
    return StressTest(solution.instance, solution.account, from_share).test(losses)


def lost(solution: Solution, who: str, begins: int = 0, lasts: int = 1, from_share: float = 1.0) -> TestedLoss:
    """Return one loss with the best response to it."""
    (found,) = stressed(solution, who, lasts=lasts, begins=begins, from_share=from_share).tested
    return found
