r"""Holding the program to price lists where a limit would rather pay too much.

The block of tiers lets the cheap tiers of a rising price fill first by themselves, and at the step of
an all-units price leaves the choice of the price to the solver: whoever minimises cost pays no more
than must be. A floor on what is paid to somebody may have it otherwise, so for the offers that it
wants to pay more these rows say the same as the price list does:

    s_k >= S_k f_k,   s_{k+1} <= S_{k+1} f_k,   f_k in {0, 1}          incremental, rising: k is full
    s_k <= (1 - 1e-6) b_{k+1} y_k                                      all-units, falling at b_{k+1}
    s_{k+1} >= (1 + 1e-6) b_{k+1} y_{k+1}                              all-units, rising there

Symbols as in `models/formulation/blocks/tiers.py`. At a step the lower price holds, so the dearer tier ends a
millionth short of it; a set that leaves out its end is none that a solver knows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pyomo.core import Binary

from models.algebra.variables import declare
from models.limits.contract.limit import Key, Row, index_of
from models.market.price_schedule import schedules
from models.records.tolerances import STRICTLY

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from models.market.price_schedule import Schedule


def kept_price_lists(m: Any, here: Any, offers: Collection[str]) -> Iterator[Row]:
    """Yield defining rows that hold payments for some offers to their price lists; `here.full` says what is full."""
    schedule_of = {sale: schedule for sale, schedule in schedules(m.market).items() if sale[0] in offers}
    steps = list(_steps(m, schedule_of))
    free = [step for step in steps if _fills_by_itself(schedule_of[step[:2]])]
    is_full = declare(here, "full", index_of(free), Binary, "the tier is full [0/1]") if free else {}
    for offer, period, k in steps:
        below, above = (offer, period, str(k)), (offer, period, str(k + 1))
        at, schedule = (
            Key(m.market.offer[offer].material, m.market.offer[offer].stage, "", period),
            schedule_of[offer, period],
        )
        if (offer, period, k) in is_full:
            full = is_full[offer, period, k]
            yield Row(at.of(f"{offer} full {k}"), m.tier[below].ub * full, m.tier[below], defining=True)
            yield Row(at.of(f"{offer} after {k}"), m.tier[above], m.tier[above].ub * full, defining=True)
        elif schedule.kind == "all-units":
            step = schedule.steps[k + 1] * m.market.years[period]
            if schedule.prices[k] > schedule.prices[k + 1]:
                most = (1 - STRICTLY) * step * m.tier_chosen[below]
                yield Row(at.of(f"{offer} below {k + 1}"), m.tier[below], most, defining=True)
            else:
                least = (1 + STRICTLY) * step * m.tier_chosen[above]
                yield Row(at.of(f"{offer} above {k + 1}"), least, m.tier[above], defining=True)


def _steps(m: Any, schedule_of: dict[tuple[str, str], Schedule]) -> Iterator[tuple[str, str, int]]:
    """Yield (offer, period, k) for every step between two tiers, k and k + 1, that can be reached."""
    for offer in sorted({offer for offer, _ in schedule_of}):
        for period in m.market.years:
            for k in range(len(schedule_of[offer, period].steps) - 1):
                if (offer, period, str(k + 1)) in m.tier:
                    yield offer, period, k


def _fills_by_itself(schedule: Schedule) -> bool:
    return schedule.kind == "incremental" and not schedule.needs_binaries
