"""The battery study by the quarter is what `make quarterly` makes of the yearly one, and says the same where it can."""

from __future__ import annotations

import datetime
from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING

import pytest

from facts.check import find_all
from facts.quarterly import BY_HAND, QUARTERLY, YEARLY, days_on_the_way, write
from optimizer.load import load
from optimizer.session import Session
from optimizer.solve import settings_of, solve

if TYPE_CHECKING:
    from pathlib import Path

    from models.instance import Instance


@cache
def studies() -> tuple[Instance, Instance]:
    return load(YEARLY), load(QUARTERLY)


def test_it_is_what_the_script_makes_of_the_yearly_study(tmp_path: Path) -> None:
    write(tmp_path)
    made = {path.name: path.read_text("utf-8") for path in tmp_path.iterdir()}
    there = {path.name: path.read_text("utf-8") for path in QUARTERLY.iterdir() if path.name not in BY_HAND}
    assert made == there, "say make quarterly"


def test_the_quarters_of_a_year_need_what_the_year_needs() -> None:
    needs = []
    for study in studies():
        total: dict[tuple[str, str, str], float] = defaultdict(float)
        for row in study.market.demand:
            total[row.site, row.material, row.period[:4]] += row.quantity
        needs.append(total)
    assert needs[0] == needs[1]


def test_rates_a_year_stay_and_what_is_paid_or_named_by_period_is_cut_into_quarters() -> None:
    yearly, quarterly = ({offer.offer: offer for offer in study.market.offers} for study in studies())
    assert yearly.keys() == quarterly.keys()
    for name, offer in yearly.items():
        apart = {column for column, value in offer if value != getattr(quarterly[name], column)}
        assert apart <= {"from_period", "ramp_up", "fixed_cost_per_period"}, name
        assert quarterly[name].fixed_cost_per_period * 4 == offer.fixed_cost_per_period
    years, quarters = (list(study.market.years) for study in studies())
    for name, offer in yearly.items():
        shares = quarterly[name].shares(quarters)
        assert offer.shares(years) == {quarter[:4]: share for quarter, share in shares.items()}, name
        assert len(shares) == 4 * len(offer.shares(years)), name


def test_a_lane_takes_its_days_rounded_to_quarters() -> None:
    lanes = {(lane.origin, lane.destination): lane for lane in studies()[1].market.lanes}
    assert {lane.lead_time for lane in lanes.values()} == {0, 1}
    assert days_on_the_way("10271 nm at 0.01357 USD/t") == pytest.approx(10271 / (14 * 24) + 30)
    assert lanes["china-emm", "georgia-cells"].lead_time == 1
    assert lanes["kokkola", "georgia-cells"].lead_time == 0  # 44 days, below half of a quarter
    assert lanes["vidalia", "texas-cells"].lead_time == 0
    assert all(lane.assumes("lead_time") for lane in lanes.values())


def test_its_figures_are_what_their_notes_come_to() -> None:
    found = find_all(studies()[1], datetime.date(2026, 11, 29))
    assert not [one for one in found if one.kind == "mismatch"]


def at_once(study: Instance, *, evenly: bool) -> float:
    """Return what a study costs where goods arrive at once and nothing is stored, by its caps in every period.

    Where all is bought `evenly`, as it costs no less otherwise, no tier and no fixed cost per period is left.
    """
    market = study.market
    lanes = tuple(lane.model_copy(update={"lead_time": 0}) for lane in market.lanes)
    update: dict[str, object] = {"lanes": lanes, "stock": ()}
    if evenly:
        offers = tuple(offer.model_copy(update={"fixed_cost_per_period": 0.0}) for offer in market.offers)
        update |= {"offers": offers, "tiers": ()}
    limits = tuple(limit.model_copy(update={"periods": None}) for limit in study.limits)
    asked = study.model_copy(update={"market": market.model_copy(update=update), "limits": limits})
    solution = solve(asked, session=Session(settings_of(asked, gap=0.0, calm=True)))
    assert solution.proven
    return solution.cost


def test_without_time_and_stores_four_quarters_cost_what_the_year_costs() -> None:
    """Four equal quarters are a plan of the year and the other way round: caps, rates and signing say the same."""
    yearly, quarterly = (at_once(study, evenly=True) for study in studies())
    assert quarterly == pytest.approx(yearly, rel=1e-9)


def test_where_a_tier_or_a_fixed_cost_per_period_asks_for_it_quarters_may_differ_and_cost_less() -> None:
    yearly, quarterly = (at_once(study, evenly=False) for study in studies())
    assert quarterly <= yearly * (1 + 1e-9)
    assert quarterly > yearly * (1 - 1e-3)
