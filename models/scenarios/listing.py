"""The scenarios of an instance: those that it names, and those that are made of its hazards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.changes.change import NotThenError
from models.market import Hazard, Shock
from models.records.wording import list_some
from models.scenarios.build import ScenarioMarketBuilder
from models.scenarios.hazards import (
    MOST_ENUMERATED,
    SAMPLES,
    draw_hazard_events,
    list_hazard_events,
    name_events,
)
from models.scenarios.problems import scenario_problems
from models.scenarios.scenario import Scenario, ScenarioError
from models.scenarios.window import window_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from models.enforcement import EnforcedInstance
    from models.scenarios.hazards import HazardEvent


def list_scenarios(instance: EnforcedInstance) -> tuple[Scenario, ...]:
    """Return the scenarios of an instance by their beginning and name; none where it has none.

    Those that it names are all there, also where they change nothing. Of its hazards there is one for each thing that
    they hit first, in each period; where that is more than `MOST_ENUMERATED`, they are drawn (`draw_scenarios`).

    Raises:
        ScenarioError: with one line for everything that keeps them from being worked out.
    """
    strikes = list_hazard_events(instance.market)
    return _resolve(instance, strikes if len(strikes) <= MOST_ENUMERATED else draw_hazard_events(strikes, SAMPLES, 0))


def draw_scenarios(instance: EnforcedInstance, samples: int = SAMPLES, seed: int = 0) -> tuple[Scenario, ...]:
    """Return the scenarios of an instance with those of its hazards drawn, the same for the same seed.

    Hazards and beginnings keep their exact weights; of each about `samples` / (hazards x periods) ways are drawn.

    Raises:
        ScenarioError: with one line for everything that keeps them from being worked out.
    """
    return _resolve(instance, draw_hazard_events(list_hazard_events(instance.market), samples, seed))


def are_drawn(instance: EnforcedInstance) -> bool:
    """Whether hazards strike in so many ways that `list_scenarios` draws some of them."""
    return len(list_hazard_events(instance.market)) > MOST_ENUMERATED


def _resolve(instance: EnforcedInstance, strikes: Iterable[HazardEvent]) -> tuple[Scenario, ...]:
    problems = list(scenario_problems(instance))
    if problems:
        raise ScenarioError([problem.line for problem in problems])
    builder = ScenarioMarketBuilder(instance)
    found = [*_list_named(builder), *_merge_hazard_events(builder, strikes)]
    return tuple(sorted(found, key=lambda one: (one.begins, one.name)))


def list_idle(instance: EnforcedInstance) -> Iterator[Shock | Hazard]:
    """Yield the shocks and hazards that change nothing by themselves, in whichever period they begin."""
    market = instance.market
    if not (market.scenarios or market.hazards):
        return
    builder = ScenarioMarketBuilder(instance)
    first = {row.scenario: builder.periods.index(row.begins) for row in market.scenarios}
    events: list[Shock | Hazard] = [*market.shocks, *market.hazards]
    for event in events:
        begins = [first[event.scenario]] if isinstance(event, Shock) else range(len(builder.periods))
        if not any(_differs(builder, event, period) for period in begins):
            yield event


def _differs(builder: ScenarioMarketBuilder, event: Shock | Hazard, begins: int) -> bool:
    """Whether anything is other than in the calm where something begins in a period, and can be worked out then."""
    try:
        return bool(builder.build([(event, window_of(begins, event.lasts, len(builder.periods)))]).differs)
    except ValueError:
        return False


def _list_named(builder: ScenarioMarketBuilder) -> Iterator[Scenario]:
    """Yield the scenarios that stand in the tables."""
    market = builder.market
    places = {period: place for place, period in enumerate(builder.periods)}
    for row in market.scenarios:
        begins = places[row.begins]
        shocks = [shock for shock in market.shocks if shock.scenario == row.scenario]
        built = builder.build([(shock, window_of(begins, shock.lasts, len(places))) for shock in shocks])
        yield Scenario(row.scenario, row.probability, begins, built.market, built.losses)


def _merge_hazard_events(builder: ScenarioMarketBuilder, strikes: Iterable[HazardEvent]) -> Iterator[Scenario]:
    """Yield one scenario for all strikes that begin together and hit the same; what hits nothing is the calm."""
    merged: dict[object, tuple[Scenario, list[str]]] = {}
    for name, strike in name_events(builder.market, strikes):
        try:
            built = builder.build([(strike.hazard, strike.window)])
        except NotThenError:
            continue
        except ValueError as error:
            raise ScenarioError([f"hazards {strike.hazard.hazard}: {error}"]) from None
        if not built.differs:
            continue
        begins = strike.window.begins
        scenario = Scenario(name, 0.0, begins, built.market, built.losses)
        first, names = merged.setdefault((begins, built.differs), (scenario, []))
        names.append(name)
        merged[begins, built.differs] = first._replace(probability=first.probability + strike.weight), names
    for scenario, names in merged.values():
        yield scenario._replace(name=list_some(sorted(set(names))))
