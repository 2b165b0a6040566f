"""The responses of a part to its scenarios: those that do the same to its market are one."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from models.formulation.response import respond_in
from models.market.less_to_sell import list_less_to_sell
from optimizer.programs.extensive_form import Weighed
from optimizer.programs.response_block import ResponseBeginning
from optimizer.programs.response_program import ResponseProgram

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping

    from models.market import PreparedMarket
    from models.market.bounds import Sale
    from models.market.scenario import Scenario
    from optimizer.programs.response_block import PlanColumns


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


def list_responses(
    scenarios: Iterable[Scenario],
    columns: PlanColumns,
    look: Callable[[], None] = lambda: None,
    *,
    unmet_price: float | None = None,
) -> list[Weighed]:
    """Return the responses to scenarios, over the columns of a plan.

    What scenarios of the same market and beginning share is built once, and those where offers only have less to sell
    share what the calm has. Demand without a shortage cost has to be met, unless it has an `unmet_price` here [currency
    per unit]. `look` is called again and again; what it raises ends the work.
    """
    programs: dict[int, ResponseProgram] = {}
    beginnings: dict[tuple[int, int], ResponseBeginning] = {}
    weighed = []
    for group in merge_alike(scenarios):
        look()
        _, _, begins, stated, losses = group[0]
        market, less = _take_apart(stated, columns)
        if id(market) not in programs:
            programs[id(market)] = ResponseProgram(
                market, replace(respond_in(market, columns.most), unmet_price=unmet_price)
            )
        key = id(market), begins
        if key not in beginnings:
            beginnings[key] = ResponseBeginning(programs[id(market)], columns, begins)
        weighed.append(Weighed(group, beginnings[key].block(losses, less)))
    return weighed


def _take_apart(market: PreparedMarket, columns: PlanColumns) -> tuple[PreparedMarket, Mapping[Sale, float]]:
    """Return the market whose program a response has, and what offers have to sell where that is less than there.

    Where law closes lanes on some days what there is to sell says more than that.
    """
    less = None if columns.has_closed_days else list_less_to_sell(market, columns.market)
    return (market, {}) if less is None else (columns.market, less)
