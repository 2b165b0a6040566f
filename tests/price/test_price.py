"""What limits cost, against solves from nothing; and the levels one notch looser."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from models.limits import AnyLimit
from optimizer.errors import NoPlan
from optimizer.price import Prices, price_limits
from optimizer.results.price import one_notch_looser
from optimizer.solve import settings_of, solve
from tests.examples import examples
from tests.laws.markets import edited, instances, read

if TYPE_CHECKING:
    from models.instance import Instance

Tables = dict[str, Any]


def cost(asked: Instance) -> float:
    try:
        return solve(asked, settings_of(asked, gap=0.0)).cost
    except NoPlan:
        return math.inf


def prices_of(asked: Instance, gap: float = 0.0) -> Prices:
    return price_limits(asked, asked.limits, settings_of(asked, gap=gap))


def without(asked: Instance, name: str) -> Instance:
    return edited(asked, lambda record: record.update(limits=[x for x in record["limits"] if x["name"] != name]))


def with_level(asked: Instance, name: str, field: str, level: float) -> Instance:
    def move(record: Tables) -> None:
        next(limit for limit in record["limits"] if limit["name"] == name)[field] = level

    return edited(asked, move)


def softened(asked: Instance, penalty: float) -> Instance:
    def soften(record: Tables) -> None:
        for limit in record["limits"]:
            limit.update(hard=None, penalty=penalty)

    return edited(asked, soften)


def check_against_cold_solves(asked: Instance) -> None:
    base = cost(asked)
    assume(asked.limits and math.isfinite(base))
    slight = 2e-6 * abs(base) + 1e-6
    for price in prices_of(asked).prices:
        name = price.limit.name
        assert price.without is not None
        saved = base - cost(without(asked, name))
        assert (price.without.least, price.without.most) == pytest.approx((saved, saved), abs=slight)
        assert price.without.free == (saved <= slight)
        if price.looser is not None:
            assert price.notch is not None
            loosened = with_level(asked, name, price.limit.LEVEL, price.looser.level)
            saved = base - cost(loosened)
            assert (price.notch.least, price.notch.most) == pytest.approx((saved, saved), abs=slight)


@examples(60)
@given(instances())
def test_a_price_is_what_solves_from_nothing_differ_by(asked: Instance) -> None:
    check_against_cold_solves(asked)


@examples(30)
@given(instances(), st.sampled_from([1.0, 10.0]))
def test_the_penalty_of_a_soft_limit_is_part_of_its_price(asked: Instance, penalty: float) -> None:
    check_against_cold_solves(softened(asked, penalty))


@examples(30)
@given(instances())
def test_the_saving_lies_in_the_interval_that_a_gap_leaves(asked: Instance) -> None:
    base = cost(asked)
    assume(asked.limits and math.isfinite(base))
    slight = 2e-6 * abs(base) + 1e-6
    for price in prices_of(asked, gap=0.2).prices:
        assert price.without is not None
        saved = base - cost(without(asked, price.limit.name))
        assert price.without.least - slight <= saved <= price.without.most + slight
        assert price.notch is None or price.notch.most <= price.without.most


def two_materials() -> Instance:
    """Two materials of two offers each; the cheap one of each is Chinese and may cover 50 % of 100 t."""
    offers = [
        {"offer": f"{name}-{country}", "company": country, "material": name, "stage": "refined", "country": country}
        | {"capacity": 100, "price": price}
        for name in ("tin", "zinc")
        for country, price in (("CN", 10), ("DE", 14))
    ]
    cap = {"kind": "share_cap", "country": "CN", "basis": "place", "hard": True}
    market = {
        "periods": [{"name": "y1", "years": 1}],
        "as_of": "2027-01-01",
        "materials": [{"material": name, "stages": "refined", "basis": "t"} for name in ("tin", "zinc")],
        "sites": [{"site": "plant", "country": "US"}],
        "demand": [{"site": "plant", "material": n, "period": "y1", "quantity": 100} for n in ("tin", "zinc")],
        "offers": offers,
    }
    limits = [
        cap | {"name": "both", "max_share": 0.5},
        cap | {"name": "tin-again", "materials": ["tin"], "max_share": 0.5},
        cap | {"name": "loose", "max_share": 1},
        {"kind": "share_floor", "name": "wish", "country": "DE", "basis": "place", "materials": ["zinc"]}
        | {"min_share": 0.8, "penalty": 3.0},
    ]
    return read({"market": market, "limits": limits})


def test_prices_worked_out_by_hand_come_the_largest_first() -> None:
    prices = prices_of(two_materials())
    # tin 50 t at 10, 50 t at 14; zinc the same, and 30 t short of the wish at 3 each (a tonne more would cost 4)
    assert prices.base.cost == pytest.approx(1200 + 1200 + 90)
    found = {p.limit.name: (p.without, p.looser and p.looser.level, p.notch) for p in prices.prices}
    saved = {name: (w.least, w.most) for name, (w, _, _) in found.items() if w is not None}
    # without `wish` no penalty; without `both` zinc is bought for 1000 with 80 t short, and tin held by `tin-again`
    assert saved["wish"] == pytest.approx((90, 90))
    assert saved["both"] == pytest.approx((50, 50))
    assert saved["tin-again"] == saved["loose"] == (0, 0)
    assert list(found)[:2] == ["wish", "both"]
    levels = {name: level for name, (_, level, _) in found.items()}
    assert levels == {"wish": 0.79, "both": 0.51, "tin-again": 0.51, "loose": None}
    assert [found[name][2].most for name in ("wish", "both", "tin-again")] == pytest.approx([3, 1, 0])  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("fields", "level"),
    [
        ({"kind": "share_cap", "max_share": 0.35}, 0.36),
        ({"kind": "share_cap", "max_share": 0.995}, 1.0),
        ({"kind": "share_cap", "max_share": 1}, None),
        ({"kind": "share_floor", "min_share": 0.07}, 0.06),
        ({"kind": "share_floor", "min_share": 0.004}, 0.0),
        ({"kind": "share_floor", "min_share": 0}, None),
        ({"kind": "quantity_cap", "max_quantity": 200}, 202),
        ({"kind": "quantity_floor", "min_quantity": 200}, 198),
        ({"kind": "ban"}, None),
        ({"kind": "ban", "max_quantity": 100}, 101),
    ],
)
def test_a_notch_is_a_point_or_a_percent_towards_looser_and_stays_in_range(fields: Tables, level: float | None) -> None:
    limit = TypeAdapter(AnyLimit).validate_python(
        fields | {"name": "x", "country": "CN", "basis": "place", "hard": True}
    )
    looser = one_notch_looser(limit)
    assert (looser and looser.level) == (level and pytest.approx(level))


@pytest.mark.parametrize(
    ("fields", "level"),
    [
        ({"kind": "least_sources", "count": "company", "counts_from": 0.1, "min_sources": 2}, 1),
        ({"kind": "least_sources", "count": "company", "counts_from": 0.1, "min_sources": 0}, None),
        ({"kind": "most_sources", "count": "company", "max_sources": 2}, 3),
        ({"kind": "budget_cap", "max_cost": 1000}, 1010),
    ],
)
def test_a_notch_of_a_count_is_one_and_of_money_one_percent(fields: Tables, level: float | None) -> None:
    looser = one_notch_looser(TypeAdapter(AnyLimit).validate_python(fields | {"name": "x", "hard": True}))
    assert (looser and looser.level) == level
