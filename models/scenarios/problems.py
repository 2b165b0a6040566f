"""What keeps scenarios from being worked out: changes that mean nothing, and terms that are missing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from models.changes.applying import find_broken
from models.changes.change import NotThenError
from models.changes.row import doubt_percent
from models.references import Problem, Tables
from models.references.offers import term_problems
from models.scenarios.build import ScenarioMarketBuilder
from models.scenarios.edits import read_edits
from models.scenarios.hazards import list_hazard_events, name_events
from models.scenarios.window import window_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.enforcement import EnforcedInstance
    from models.market import Event, Market
    from models.scenarios.build import Begun, ScenarioMarket

_FIRST_OF_SEVERAL = re.compile(", | and ")
_NO_RESPONSE = (
    "is missing, and scenarios ask what suppliers give at short notice; write surge, surge_premium, notice and "
    "take_or_pay under [response], such as 0.1, 0.25, 1 and 0.3, or leave scenarios out with --calm"
)


def scenario_problems(
    instance: EnforcedInstance, *, as_stated: bool = False, foreseeing: bool = True
) -> Iterator[Problem]:
    """Yield everything that keeps scenarios from being worked out, in an instance of which all else is right.

    Of an instance `as_stated`, and not changed since, law that is other law in name alone is such a thing too. That
    nothing says what suppliers give at short notice is one only where scenarios are to be planned for: `foreseeing`.
    """
    market = instance.market
    if not market.scenarios and not market.hazards:
        return
    counts = any(row.probability for row in market.scenarios) or any(row.chance for row in market.hazards)
    if foreseeing and counts and market.response is None and any(offer.surge is None for offer in market.offers):
        yield Problem("response", None, None, _NO_RESPONSE)
    builder = ScenarioMarketBuilder(instance, as_stated=as_stated)
    begins = {row.scenario: builder.periods.index(row.begins) for row in market.scenarios}
    sound = set(begins)
    yield from _doubtful(instance)
    yield from _find_namesakes(market)
    for number, shock in enumerate(market.shocks):
        faults = list(_faults_of(builder, [_begin(builder, shock, begins[shock.scenario])]))
        yield from (Problem("shocks", number, "what", fault) for fault in faults)
        sound -= {shock.scenario} if faults else set()
    for number, row in enumerate(market.scenarios):
        shocks = [shock for shock in market.shocks if shock.scenario == row.scenario]
        if row.scenario in sound and len(shocks) > 1:
            together = [_begin(builder, shock, begins[row.scenario]) for shock in shocks]
            for fault in _faults_of(builder, together):
                yield Problem("scenarios", number, "scenario", f"its shocks together: {fault}")
    yield from _hazard_problems(builder)


def _find_namesakes(market: Market) -> Iterator[Problem]:
    """Yield scenarios that are called as strikes of a hazard are, alone or with others that hit the same."""
    strikes = {name: event.hazard.hazard for name, event in name_events(market, list_hazard_events(market))}
    for number, row in enumerate(market.scenarios):
        hazard = strikes.get(row.scenario) or strikes.get(_FIRST_OF_SEVERAL.split(row.scenario)[0])
        if hazard is not None:
            said = f"{row.scenario!r} is what the hazard {hazard} is called where it strikes then; take another name"
            yield Problem("scenarios", number, "scenario", said)


def _doubtful(instance: EnforcedInstance) -> Iterator[Problem]:
    """Yield values that a spreadsheet may have made another of."""
    for table in ("shocks", "hazards"):
        for number, row in enumerate(getattr(instance.market, table)):
            try:
                edits = read_edits(row, instance)
            except ValueError:
                continue  # told of what it says
            doubt = doubt_percent(edits[0], row.value)
            if doubt:
                yield Problem(table, number, "value", doubt)


def _hazard_problems(builder: ScenarioMarketBuilder) -> Iterator[Problem]:
    """Yield what keeps a hazard from striking; in some periods what it would hit may not be there, but not in all.

    The first period in which it is there is tried, and the last of the horizon.
    """
    last = len(builder.periods) - 1
    for number, hazard in enumerate(builder.market.hazards):
        told: list[NotThenError] = []
        for begins in dict.fromkeys((last, *range(last))):
            try:
                built = builder.build([_begin(builder, hazard, begins)])
            except NotThenError as error:
                told.append(error)
                continue
            except ValueError as error:
                yield Problem("hazards", number, "what", str(error))
                break
            faults = list(_misfits(builder, built))
            yield from (Problem("hazards", number, "what", fault) for fault in faults)
            if faults or begins < last:
                break
        if len(told) > last:
            yield Problem("hazards", number, "what", str(told[0]))


def _begin(builder: ScenarioMarketBuilder, event: Event, begins: int) -> Begun:
    return event, window_of(begins, event.lasts, len(builder.periods))


def _faults_of(builder: ScenarioMarketBuilder, begun: list[Begun]) -> Iterator[str]:
    """Yield what keeps some things from happening together."""
    try:
        built = builder.build(begun)
    except ValueError as error:
        yield str(error)
        return
    yield from _misfits(builder, built)


def _misfits(builder: ScenarioMarketBuilder, built: ScenarioMarket) -> Iterator[str]:
    """Yield what is wrong with figures that have come of it; a supplier who stops may owe what was agreed."""
    after = builder.instance.model_copy(update={"market": built.stated})
    for (table, *key), what in find_broken(after, builder.instance):
        yield f"{'.'.join([table, *key])}: {what}"
    rows = {table: getattr(built.stated, table) for table in ("offers", "terms", "tiers")}
    for problem in term_problems(Tables(rows, built.stated.periods)):
        if problem.column == "price" and problem.row is not None:
            terms = built.stated.terms[problem.row]
            yield f"the price of {terms.offer} in {terms.period}: {problem.message}"
