"""Each mutant tried: on the case of its kind, and where that cannot tell, on further instances made of it.

| verdict | what noticed the fault                                                                              |
|---------|-----------------------------------------------------------------------------------------------------|
| audit   | the plan of the wrong program was refused, as was the right plan by a wrong recount                 |
| optimum | the cost is another than that worked out by hand (or there is no plan): the program is too strict   |
| lp      | the rows are not those of the golden file                                                           |
| reading | what a wrong recount says is used or allowed is not the level at which the case binds, or of others |
| broken  | no program or no reading came of it, or not in any time                                             |
| passed  | the wrong program gave a cheaper plan and the audit let it pass: a fault of the recount             |
| unseen  | nothing noticed                                                                                     |

The cost of a further instance is compared with that of the right program, which the laws of limits
(`tests/limits/test_laws_of_limits.py`) hold to the case.
"""

from __future__ import annotations

import math
import signal
import tempfile
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NoReturn

from models.limits.contract.losing import LosingLimit
from optimizer.claims import check_claims
from optimizer.errors import AuditFailure, LodeplanError, NoPlan
from optimizer.results.account import Account
from tests.blocks.markets import ORE, solved
from tests.laws.markets import edited
from tests.laws.oracle_floors import OracleOfFloors
from tests.limits.cases.market import OWNERS, goods
from tests.limits.test_limits import CASES, GOLDEN, rows_of_limits
from tests.limits.variants import (
    IDLE,
    divided,
    each_limit,
    first_limit,
    for_one,
    for_twin,
    in_units,
    lengthened,
    soft,
    spread,
    starved,
    tighter,
    twinned,
    with_limits,
)
from tests.mutation.further import FURTHER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.enforcement import EnforcedInstance
    from models.instance import Instance
    from models.limits import Key, Limit, Reading
    from optimizer.solve import Solution
    from tests.mutation.mutants import Mutant, Side

Verdict = Literal["audit", "optimum", "lp", "reading", "broken", "passed", "unseen"]

NOTICED = {"audit", "optimum", "lp", "reading", "broken"}
"""Verdicts by which a mutant is noticed."""
CLOSE = 1e-7
"""Share of a cost within which two costs are the same."""
_ENDLESS = 3.0
"""CPU seconds that no trial takes: a fault may leave a loop without an end, and then nothing comes of it either."""
_PENALTIES = (0.02, 0.2)
"""Shares of the cost of a market that the penalties of a soft limit may come to."""


@dataclass(frozen=True)
class Trial:
    """An instance with its least cost, infinite when there is no plan, and the plan of the right program."""

    instance: Instance
    least: float
    solution: Solution | None
    binds: bool = False
    """Whether what is used of the limit is its level."""
    counted: dict[tuple[str, str], float] = field(default_factory=dict)
    """What an independent program says is used after each loss, by (offer, first period)."""


def trials(kind: str) -> Iterator[Trial]:
    """Yield the case of a kind, and then instances that show more of it; each is solved once, when it is asked for.

    The limit gives; units are small; there are more periods, one of them idle; shares are of owners of whom not
    all are known; there are two materials, each by itself or together.
    """
    made, more = _made(kind)
    yield from made
    for trial in more:
        made.append(trial)
        yield trial


@cache
def _made(kind: str) -> tuple[list[Trial], Iterator[Trial]]:
    case = CASES[kind].instance()
    right = solved(case)
    return [Trial(case, CASES[kind].optimum, right, binds=_binds(right))], map(_trial, _further(kind))


def _trial(asked: Instance) -> Trial:
    try:
        solution = solved(asked)
    except NoPlan:
        return Trial(asked, math.inf, None)
    return Trial(asked, solution.cost, solution, binds=_binds(solution), counted=_count_apart(solution))


def _count_apart(solution: Solution) -> dict[tuple[str, str], float]:
    """Return what an independent program says is used of a limit on losses of offers of one material at one site.

    It values what is left at the end by what it cost to land, so it needs that something did.
    """
    limit, market = solution.instance.limits[0], solution.instance.market
    is_known = isinstance(limit, LosingLimit) and limit.each == "offer" and limit.sites is None
    if not is_known or len(market.materials) > 1 or len(market.sites) > 1 or ORE not in solution.account.landed:
        return {}
    counted: dict[tuple[str, str], float] = getattr(OracleOfFloors(solution.account), f"_{limit.kind}")(limit)
    return counted


def _binds(solution: Solution) -> bool:
    """Whether a row uses the level itself; not where it takes a choice for the limit to hold."""
    limit = solution.instance.limits[0]
    return bool(limit.hard) and any(_at_level(one, read) for one, read in solution.account.readings if one == limit)


def _further(kind: str) -> Iterator[EnforcedInstance]:
    case = CASES[kind].instance()
    yield from (in_units(case, mass=1e-3), in_units(case, mass=1e3))
    other_units = in_units(case, mass=1e-3), in_units(case, mass=1e-3, money=1e-5)
    yield from other_units
    for made in (case, *other_units, *_longer(case)):
        yield made
        yield from softened(made)
    yield starved(case)
    yield from _of_form(divided(case), sites=["plant"])
    for made in FURTHER.get(kind, ()):
        yield made
        yield from softened(made)
    markets = [_owned(case), *_in_goods(case.limits[0])]
    for made in (made for market in markets for form in ({}, *FORMS) for made in _of_form(market, **form)):
        yield made
        with suppress(ValueError):
            yield from softened(tighter(spread(made)))
    partly = _owned(case, unknown="ID")
    yield from (
        made for one in (partly, in_units(partly, mass=1e-3)) for form in FORMS for made in _of_form(one, **form)
    )
    both, asked = twinned(case, dearer=1), case.limits[0]
    with suppress(ValueError):  # a floor on who sells one of them only is refused
        yield with_limits(both, asked.model_dump(mode="json"), for_twin(asked, case))
        for group in ("each", "total"):
            yield from _of_form(with_limits(both, asked.model_dump(mode="json")), group=group)
    yield with_limits(both, for_one(asked), for_twin(asked, case))


def _longer(asked: Instance) -> Iterator[EnforcedInstance]:
    longer = lengthened(asked)
    yield longer
    yield from _of_form(longer, per="horizon")


def _in_goods(limit: Limit) -> Iterator[EnforcedInstance]:
    """Yield the limit in the market of `GOODS`, if it fits there."""
    with suppress(ValueError):
        yield goods(limit)


def _owned(asked: Instance, unknown: str = "") -> EnforcedInstance:
    """Return an instance some of whose companies have owners, one of them two, and one of them unknown.

    Shares of owners in an `unknown` country are not declared.
    """
    sellers = {offer.company for offer in asked.market.offers}
    known = [owner for owner in OWNERS if owner.company in sellers and owner.country != unknown]
    owners = [owner.model_dump(mode="json") for owner in known]
    return edited(asked, lambda record: record["market"].update(owners=owners))


def softened(asked: Instance) -> Iterator[EnforcedInstance]:
    """Yield an instance whose limits give, at a low price and at a high one."""
    try:
        watched = solved(first_limit(asked, hard=None, penalty=None, watch=True))
    except NoPlan:
        return
    excess = sum(reading.excess for limit, reading in watched.account.readings if limit.watch)
    if excess:
        yield from (soft(asked, part * abs(watched.cost) / excess) for part in _PENALTIES)


_NOBODY: dict[str, Any] = dict.fromkeys(("each", "country", "bloc", "group", "company", "offer"))
FORMS: tuple[dict[str, Any], ...] = (
    {"undisclosed": "apart"},
    _NOBODY | {"country": "CN", "basis": "control"},
    _NOBODY | {"country": "ID", "basis": "control"},
    _NOBODY | {"each": "country", "basis": "control", "undisclosed": "apart"},
    {"count": "country", "basis": "control"},
    {"sites": ["plant"]},
    {"of": "demand"},
)
"""Other forms of a limit, tried with every kind that has such fields."""


def _of_form(asked: Instance, **form: Any) -> Iterator[EnforcedInstance]:
    """Yield an instance with another form of its limits, unless they are of a kind that has none such."""
    fields = {field for limit in asked.limits for field in type(limit).model_fields}
    if not form.keys() - {"undisclosed"} <= fields and not form.keys() <= fields:
        return
    mine = {field: said for field, said in form.items() if field in fields}
    with suppress(ValueError):
        yield each_limit(asked, lambda limit: limit | mine)


def verdict(mutant: Mutant, kind: str, side: Side) -> Verdict:
    """Return who notices a mutant first: the audit or the optimum, or else the golden rows."""
    look = _of_rows if side == "rows" else _of_recount
    for trial in trials(kind):
        with mutant.planted(), _broken_off():
            seen = look(trial)
        if seen != "unseen":
            return seen
    with mutant.planted():
        return "lp" if side == "rows" and _other_rows(kind) else "unseen"


@contextmanager
def _broken_off() -> Iterator[None]:
    """Raise RuntimeError in what comes to no end."""

    def stop(*_: object) -> NoReturn:
        msg = "comes to no end"
        raise RuntimeError(msg)

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, _ENDLESS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _of_rows(trial: Trial) -> Verdict:
    try:
        solution = solved(trial.instance)
    except NoPlan:
        return "optimum" if trial.solution is not None else "unseen"
    except AuditFailure:
        return "audit"
    except _BREAKS:
        return "broken"
    if solution.cost < trial.least - CLOSE * abs(trial.least):
        return "passed"
    return "optimum" if solution.cost > trial.least + CLOSE * abs(trial.least) else "unseen"


def _of_recount(trial: Trial) -> Verdict:
    """Audit the plan of the right program; the program does not know of the recount."""
    right = trial.solution
    if right is None:
        return "unseen"
    account = Account(right.account.market, right.account.limits, right.account.plan)
    try:
        check_claims(account, right.cost, right.bound)
        readings = [(limit, reading) for limit, reading in account.readings if limit == trial.instance.limits[0]]
    except AuditFailure:
        return "audit"
    except _BREAKS:
        return "broken"
    told = [one for limit, one in right.account.readings if limit == trial.instance.limits[0]]
    if [_said(one) for _, one in readings] != [_said(one) for one in told]:
        return "reading"
    fits = all(_is_sound(limit, reading) and _is_as_counted(reading, trial.counted) for limit, reading in readings)
    at_level = not trial.binds or any(_at_level(limit, reading) for limit, reading in readings)
    return "unseen" if fits and at_level else "reading"


def _said(reading: Reading) -> tuple[Key, bool, float]:
    """Return what a reading says beside what is used and allowed; no limit depends on that."""
    return reading.key, reading.idle, reading.undisclosed


_BREAKS = (LodeplanError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError, RuntimeError)


def _at_level(limit: Limit, reading: Reading) -> bool:
    """Whether all that is allowed is used, and that is the level."""
    return all(math.isclose(figure, limit.level, rel_tol=CLOSE) for figure in (reading.used, reading.allowed))


def _is_as_counted(reading: Reading, counted: dict[tuple[str, str], float]) -> bool:
    """Whether as much is used as an independent program says, where there is one."""
    used = counted.get((reading.key.who, reading.key.period), reading.used)
    return math.isclose(reading.used, used, rel_tol=1e-6, abs_tol=1e-6)


def _is_sound(limit: Limit, reading: Reading) -> bool:
    """Whether a row is told to be broken just where more (or less) is used than allowed, and never for nothing."""
    beyond = reading.used - reading.allowed if limit.SENSE == "at most" else reading.allowed - reading.used
    size = max(abs(reading.allowed), abs(reading.used), CLOSE)
    met = {0.0, 1.0, reading.allowed} if limit.UNIT == "share" else {0.0, reading.allowed}
    if reading.key.period == IDLE and not reading.excess and reading.used not in met:
        return False
    if reading.excess < 0:
        return False
    return beyond > 0 if reading.excess > CLOSE * size else beyond < CLOSE * size


def _other_rows(kind: str) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        rows = rows_of_limits(CASES[kind].instance(), Path(folder) / "model.lp")
    return rows != (GOLDEN / f"{kind}.lp").read_text(encoding="utf-8")
