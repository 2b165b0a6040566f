"""What stays covered without any one country: the test behind the sentence that stands in every answer.

Nobody asked for it, so it must not take long, and whatever goes wrong in it, the answer at hand is not lost.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from models.market.impacts import find_impact
from models.market.losses import Loss
from models.records.countries import UNDISCLOSED
from optimizer.results.survival import Survival
from optimizer.stress.run import StressTest, list_windows
from optimizer.stress.subjects import DEFAULT, read_subjects
from optimizer.work.runner import TaskRunner

if TYPE_CHECKING:
    from optimizer.results.account import Account
    from optimizer.results.losses import Stress, TestedLoss
    from optimizer.results.solution import Solution
    from optimizer.work.journal import Journal

MOST = 500
"""Programs of one part and one loss that are solved at most."""
MOST_FLOWS = 100_000
"""Flows of the plan that these have in all at most: some five microseconds each."""
SEE_STRESS = "lodeplan stress"
NO_OWNERS = "no owner is disclosed"


def add_survival(solution: Solution, journal: Journal | None = None) -> Solution:
    """Return a solution that also says what stays covered without what any one country controls.

    It takes little, so this process finds it, as far as a journal does not hold it.
    """
    try:
        found = survival_of(solution, TaskRunner(journal=journal))
    except (Exception, KeyboardInterrupt):  # noqa: BLE001 (nobody asked for it: no fault of it may cost the answer)
        found = Survival(not_tested=SEE_STRESS)
    return replace(solution, survival=found)


def survival_of(solution: Solution, runner: TaskRunner | None = None) -> Survival:
    """Return what stays covered of the worst-off material without what any one country controls, found by a runner.

    Each country by control, for the fewest periods that make half a year, from any period.
    """
    account = solution.account
    subjects = read_subjects([DEFAULT], account.market, account.network)
    if not any(
        find_impact(one, account.exposure, account.network, account.market.offer, 1.0).offers for one in subjects
    ):
        return Survival(not_tested=NO_OWNERS)
    spells = list_windows(account.market)
    losses = [Loss(subject, *spell) for subject in subjects for spell in spells]
    stress_test = StressTest(solution.instance, account)
    programs, flows = stress_test.weigh(losses)
    if programs > MOST or flows > MOST_FLOWS:
        return Survival(not_tested=SEE_STRESS)
    stress = stress_test.test(losses, runner, how_long=False)
    if not all(one.sure for one in stress.tested):
        return Survival(not_tested=SEE_STRESS)
    hits = [one for one in stress.tested if one.hits]
    return _worst_of(stress, hits[0], hits) if hits else _none_of(stress, spells[0].lasts)


def _none_of(stress: Stress, lasts: int) -> Survival:
    hidden = max((one.share for one in stress.undisclosed), default=0.0)
    return Survival(at_short_notice=stress.at_short_notice, lasts=lasts, undisclosed=hidden)


def _worst_of(stress: Stress, worst: TestedLoss, hits: list[TestedLoss]) -> Survival:
    account, loss = stress.account, worst.loss
    material = worst.worst.material
    largest = _largest(account, material)
    covered = [
        lost.covered
        for one in hits
        if one.loss.subject.name == largest
        for lost in one.materials
        if lost.material == material
    ]
    other = bool(covered) and largest != loss.subject.name
    lengths = list(account.market.years.values())
    return Survival(
        country=loss.subject.name,
        material=material,
        covered=worst.worst.covered,
        begins=list(account.market.years)[loss.begins],
        lasts=loss.lasts,
        years=sum(lengths[loss.begins : loss.begins + loss.lasts]),
        largest=largest if other else "",
        largest_covered=min(covered) if other else 1.0,
        at_short_notice=stress.at_short_notice,
        undisclosed=max((one.share for one in stress.undisclosed if one.material == material), default=0.0),
    )


def _largest(account: Account, material: str) -> str:
    """Return the country that controls most of a material at its last stage; nothing where none is known to."""
    stage = account.market.material[material].stages[-1]
    periods = tuple(account.market.years)
    units = account.exposure.attribution(account, "control", material, stage, periods).total_units()
    known = {country: amount for country, amount in units.items() if country != UNDISCLOSED and amount > 0}
    return max(known, key=lambda country: (known[country], country), default="")
