"""Published models, rewritten in our tables; `note` and `source` of each header say where the optimum is printed."""

from __future__ import annotations

from pathlib import Path

import pytest

from optimizer.load import load
from optimizer.solve import Solution, settings_of, solve

HERE = Path(__file__).resolve().parent

OPTIMA = {
    "dantzig-transport": 153.675,
    "ampl-multi": 199_500.0,
    "ampl-multmip1": 229_850.0,
    "ampl-multmip2": 233_150.0,
    "wagner-whitin": 1_380.0,
    "bid-evaluation": 15_210_109.512,
}


def solved(name: str) -> Solution:
    instance = load(HERE / name)
    return solve(instance, settings_of(instance, gap=0.0))


@pytest.mark.parametrize(("name", "optimum"), OPTIMA.items())
def test_a_published_model_has_its_printed_optimum(name: str, optimum: float) -> None:
    solution = solved(name)
    assert solution.proven
    assert solution.cost == pytest.approx(optimum, rel=1e-6)
    assert solution.bound == pytest.approx(optimum, rel=1e-6)


def test_every_published_model_is_solved_and_names_its_source() -> None:
    folders = {path.parent.name for path in HERE.glob("*/instance.toml")}
    assert folders == set(OPTIMA)
    assert all(load(HERE / name).market.source for name in folders)


def test_wagner_whitin_orders_in_the_printed_periods() -> None:
    quantity = solved("wagner-whitin").account.quantity
    assert [quantity["supplier", period] for period in "1234"] == pytest.approx([210, 0, 150, 0])


def test_every_way_of_multmip2_carries_nothing_or_its_minimum() -> None:
    account = solved("ampl-multmip2").account
    carried: dict[tuple[str, str], float] = {}
    for (origin, site, _), tonnes in account.plan.flow.items():
        way = (account.market.offer[origin].company, site)
        carried[way] = carried.get(way, 0.0) + tonnes
    assert len(carried) == 14, "the solution printed leaves seven of the 21 ways unused"
    assert all(375 - 1e-6 <= tonnes <= 625 + 1e-6 for tonnes in carried.values())


def test_the_bids_taken_are_those_of_the_optimum_by_hand() -> None:
    quantity = solved("bid-evaluation").account.quantity
    assert {offer: quantity[offer, "1"] for offer in "abcde"} == pytest.approx(
        {"a": 33_000, "b": 0, "c": 165_600, "d": 0, "e": 41_000.48}
    )
