"""If it stopped: the losses that a page may have its plan tested against, and what it is told of them."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any, NamedTuple

from optimizer.charts.stressed import draw_stressed
from optimizer.errors import InputError, Stopped
from optimizer.folders.shown_stress import show_stress
from optimizer.report.stress import describe_losses, list_unsaid
from optimizer.stress.asked import list_losses
from optimizer.stress.run import StressTest

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Mapping

    from models.market import Market
    from optimizer.charts.shown_stress import ShownStress
    from optimizer.results.losses import Stress
    from optimizer.results.solution import Solution

MOST_ROWS = 8
"""Losses that are drawn; the others are counted."""
MOST = 5000
"""Responses that are looked for at most."""
_WHO = {
    "each-country@control": "each country by control",
    "each-country@place": "each country by place",
    "each-company": "each company",
    "each-offer": "each offer",
    "each-lane": "each lane",
}
_CORRIDORS = {"each-corridor": "each corridor"}
_LONGEST = 24
"""Periods that a loss lasts at most."""
_AT_SHORT_NOTICE = (
    "Counted are stock, goods under way, what was planned, and what suppliers give at short notice, as [response] says."
)


class LossesAsked(NamedTuple):
    """What a page asks its plan to be tested against."""

    who: str
    """As ``--lose`` names them."""
    lasts: int | None
    """Periods; None = the fewest that make half a year."""

    def command(self, path: str) -> str:
        """Return the command line that tests a plan that was kept against the same."""
        duration = [] if self.lasts is None else ["--duration", str(self.lasts)]
        return f"lodeplan stress PLAN {shlex.join([path, '--lose', self.who, *duration])}"


def list_choices(market: Market) -> dict[str, Any]:
    """Return what a page may ask, by its name and in words: who stops, and for how many periods."""
    who = _WHO | (_CORRIDORS if market.corridors else {})
    return {"who": list(who.items()), "lasts": list(range(1, min(len(market.periods), _LONGEST) + 1))}


def read_asked(who: Any, lasts: Any, market: Market) -> LossesAsked:
    """Read what a page asks.

    Raises:
        InputError: it can choose nothing like that.
    """
    choices = list_choices(market)
    if not isinstance(who, str) or who not in dict(choices["who"]):
        raise InputError([f"losses: {str(who)[:100]!r} cannot be chosen; load the page again"])
    if lasts is not None and (isinstance(lasts, bool) or lasts not in choices["lasts"]):
        raise InputError([f"losses: {str(lasts)[:100]!r} periods cannot be chosen; load the page again"])
    return LossesAsked(who, lasts)


def stress_plan(
    solution: Solution, asked: LossesAsked, stop: threading.Event, count: Callable[[int, int], None]
) -> Stress:
    """Return a plan tested; `count` is told how many responses are found, and how many are asked for.

    Raises:
        InputError: too many would have to be found.
        Stopped: the stop was set.
    """

    def watch(found: int, every: int) -> None:
        if stop.is_set():
            raise Stopped
        count(found, every)

    losses = list_losses(solution.account, [asked.who], asked.lasts)
    stress_test = StressTest(solution.instance, solution.account)
    programs, _ = stress_test.weigh(losses)
    if programs > MOST:
        cure = f"no more than {MOST} are tested here; lodeplan stress tests them all"
        raise InputError([f"losses: {programs} responses would have to be found, and {cure}"])
    watch(0, programs)
    return stress_test.test(losses, watch=watch)


def describe_stress(stress: Stress, base: ShownStress | None, colours: Mapping[str, str]) -> dict[str, Any]:
    """Return a stress test as the page shows it: the drawing of the report, the answer, and what it leaves out."""
    said = describe_losses(stress)
    counted = [_AT_SHORT_NOTICE] if stress.at_short_notice else []
    return {
        "answer": said[:1].upper() + said[1:],
        "drawing": draw_stressed(show_stress(stress), colours, base=base, most=MOST_ROWS, rest=""),
        "unsaid": [*counted, *list_unsaid(stress)],
    }
