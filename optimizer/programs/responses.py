"""The responses of a part to its scenarios: those that do the same to its market are one."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from models.formulation.components import limits_in_responses
from models.formulation.response import respond_in
from models.market.less_to_sell import list_less_to_sell
from optimizer.programs.extensive_form import Weighed
from optimizer.programs.response_block import ResponseBeginning
from optimizer.programs.response_program import ResponseProgram

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Hashable, Iterable, Mapping

    from models.enforcement import EnforcedInstance
    from models.limits import Limit
    from models.market import PreparedMarket
    from models.market.bounds import Sale
    from models.market.scenario import Scenario
    from optimizer.programs.response_block import PlanColumns, ResponseBlock


def merge_alike(scenarios: Iterable[Scenario]) -> list[list[Scenario]]:
    """Return scenarios grouped by what they do, and when."""
    groups: list[list[Scenario]] = []
    nearly: dict[Hashable, list[list[Scenario]]] = defaultdict(list)
    for scenario in scenarios:
        near = nearly[scenario.begins, frozenset(scenario.losses.items())]
        same = next((group for group in near if group[0].market == scenario.market), None)
        if same is None:
            same = []
            near.append(same)
            groups.append(same)
        same.append(scenario)
    return groups


class Responses:
    """Responses over the columns of a plan: what scenarios of the same market and beginning share is built once.

    Those where offers only have less to sell share what the calm has.
    """

    def __init__(
        self,
        limits: Collection[Limit],
        columns: PlanColumns,
        unmet_price: float | None = None,
        *,
        elastic: bool = False,
    ) -> None:
        """Take the limits of a plan, of which some hold in responses too, and its columns.

        Demand without a shortage cost has to be met, unless it has an `unmet_price` here [currency per unit]. With
        `elastic` hard limits have an excess, which is the plan's.
        """
        self._limits, self._columns = limits, columns
        self._unmet_price, self._elastic = unmet_price, elastic
        self._programs: dict[int, ResponseProgram] = {}
        self._beginnings: dict[tuple[int, int], ResponseBeginning] = {}

    def respond(self, scenario: Scenario) -> ResponseBlock:
        """Return the response to a scenario."""
        market, less = _take_apart(scenario.market, self._columns)
        return self._beginning(market, scenario.begins).block(scenario.losses, less)

    def respond_unhit(self, scenario: Scenario) -> ResponseBlock:
        """Return the response in the market of a scenario, whose matrix it has, where nothing is lost or less."""
        market, _ = _take_apart(scenario.market, self._columns)
        return self._beginning(market, scenario.begins).block()

    def _beginning(self, market: PreparedMarket, begins: int) -> ResponseBeginning:
        if id(market) not in self._programs:
            response = replace(respond_in(market, self._columns.most), unmet_price=self._unmet_price)
            limits = limits_in_responses(self._limits, market)
            self._programs[id(market)] = ResponseProgram(market, response, limits, elastic=self._elastic)
        key = id(market), begins
        if key not in self._beginnings:
            self._beginnings[key] = ResponseBeginning(self._programs[id(market)], self._columns, begins)
        return self._beginnings[key]


def list_responses(
    part: EnforcedInstance,
    columns: PlanColumns,
    look: Callable[[], None] = lambda: None,
    *,
    unmet_price: float | None = None,
    elastic: bool = False,
) -> list[Weighed]:
    """Return the responses to the scenarios that a part foresees, over the columns of its plan, as `Responses` does.

    `look` is called again and again; what it raises ends the work.
    """
    responses, weighed = Responses(part.limits, columns, unmet_price, elastic=elastic), []
    for group in merge_alike(part.foreseen):
        look()
        weighed.append(Weighed(group, responses.respond(group[0])))
    return weighed


def _take_apart(market: PreparedMarket, columns: PlanColumns) -> tuple[PreparedMarket, Mapping[Sale, float]]:
    """Return the market whose program a response has, and what offers have to sell where that is less than there.

    Where law closes lanes on some days what there is to sell says more than that.
    """
    less = None if columns.has_closed_days else list_less_to_sell(market, columns.market)
    return (market, {}) if less is None else (columns.market, less)
