"""Prices, capacities and minimum takes that differ by period, and what of them is refused or noted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from models.market import Commitment, Duty, Terms, Tier
from models.market.price_schedule import schedules
from optimizer.audit import audit
from optimizer.errors import NoPlan
from optimizer.explain.answer import explain
from optimizer.explain.no_plan import NoPlanExplained
from optimizer.explain.repairs import ExtraCapacity
from optimizer.notes import list_notes
from optimizer.results.account import Account
from optimizer.results.solution import settings_of
from optimizer.tables.contracts import list_contracts
from tests.blocks.markets import instance, mined, offer, solved

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.enforcement import EnforcedInstance
    from models.market import Offer


def terms(name: str = "cheap", period: str = "2", **differs: float) -> Terms:
    return Terms(offer=name, period=period, **differs)


def asked(*rows: Terms, cheap: dict[str, Any] | None = None, **more: Any) -> EnforcedInstance:
    """Return two periods of 100 t at 10, or at 15 of another offer."""
    own = {"price": 10, "capacity": 100} | (cheap or {})
    offers: list[Offer] = [offer("cheap", **own), offer("dear", 15, 200)]
    return instance(offers, {"1": 100, "2": 100}, **({"terms": list(rows)} | more))


def bought(instance: EnforcedInstance, name: str = "cheap") -> list[float]:
    solution = solved(instance)
    assert audit(solution.account) == []
    return [round(solution.account.quantity[name, period], 6) for period in ("1", "2")]


def test_a_price_holds_in_its_period_alone() -> None:
    assert solved(asked(terms(price=12))).cost == pytest.approx(1000 + 1200)
    assert solved(asked(terms(price=20))).cost == pytest.approx(1000 + 1500)
    assert bought(asked(terms(price=20))) == [100, 0]


def test_a_capacity_is_so_much_a_year_and_ramps_up_as_ever() -> None:
    assert bought(asked(terms(capacity=30))) == [100, 30]
    assert bought(asked(terms(capacity=30), years={"2": 2})) == [100, 60]
    assert bought(asked(terms(capacity=150))) == [100, 100]
    assert bought(asked(terms("cheap", "1", capacity=60), cheap={"ramp_up": "50%"})) == [30, 100]


def test_an_offer_without_a_capacity_has_one_in_a_period() -> None:
    short = asked(terms(capacity=30), cheap={"capacity": None})
    assert bought(short) == [100, 30]
    assert any("cheap states no capacity" in note for note in list_notes(short))
    both = asked(terms(capacity=30), terms("cheap", "1", capacity=40), cheap={"capacity": None})
    assert bought(both) == [40, 30]
    assert not any("states no capacity" in note for note in list_notes(both))


def test_a_minimum_take_of_one_period_is_signed_for() -> None:
    taken = asked(terms("dear", "2", minimum_take=40), terms(price=14))
    assert bought(taken, "dear") == [0, 0]  # never signed
    short = asked(terms("dear", "2", minimum_take=40), cheap={"capacity": 90})
    assert bought(short, "dear") == [10, 40]
    assert bought(short) == [90, 60]
    freed = asked(terms("dear", "2", minimum_take=0), cheap={"capacity": 90})
    freed = freed.model_copy(
        update={"market": freed.market.model_copy(update={"offers": (freed.market.offers[0], dear_with_take())})}
    )
    assert bought(freed, "dear") == [40, 10]


def dear_with_take() -> Offer:
    return offer("dear", 15, 200, minimum_take=40)


def test_what_is_not_there_must_not_be_taken() -> None:
    take = {"minimum_take": 80}
    assert bought(asked(cheap=take)) == [100, 100]
    assert bought(asked(terms(capacity=0), cheap=take)) == [100, 0]
    assert bought(asked(terms(capacity=50, price=20), cheap=take)) == [100, 50]


def test_duty_is_charged_on_the_price_of_the_period_in_which_units_leave() -> None:
    duty = Duty(duty="x", material="ore", stage="refined", from_country="AU", to_country="US", rate=0.5)
    rows = (terms("cheap", "2", price=8), terms("dear", "2", price=30))
    taxed = solved(asked(*rows, duties=[duty]))
    assert taxed.account.costs == pytest.approx({"purchases": 1800, "duty": 900})
    valued = solved(asked(*rows, duties=[duty], cheap={"customs_value": 6}))
    assert valued.account.costs == pytest.approx({"purchases": 1800, "duty": 600})


@pytest.mark.parametrize("kind", ["incremental", "all-units"])
def test_tiers_move_in_proportion(kind: Any) -> None:
    tier = Tier(offer="cheap", from_quantity=50, price=8, kind=kind)
    moved = asked(terms(price=11), tiers=[tier])
    assert schedules(moved.market)["cheap", "2"].prices == pytest.approx((11, 8.8))
    first = 50 * 10 + 50 * 8 if kind == "incremental" else 100 * 8
    assert solved(moved).cost == pytest.approx(first * 2.1)


def test_a_feed_is_processed_at_the_price_of_its_period() -> None:
    offers = [mined("mine", 5), offer("works", 3, 150, "AU", **{"yield": 0.5})]
    found = solved(instance(offers, {"1": 50, "2": 50}, terms=[terms("works", price=4), terms("mine", price=6)]))
    assert found.account.costs == pytest.approx({"purchases": 500 + 600, "processing": 150 + 200})


def test_the_most_that_a_contract_gives_is_added_up_over_periods() -> None:
    solution = solved(asked(terms(capacity=30), cheap={"minimum_take": 20}))
    row = next(iter(list_contracts(solution.account, None)))  # type: ignore[arg-type]
    assert (row.capacity, row.minimum_take, row.capacity_used) == (130, 40, 1)


def test_a_plan_beyond_the_capacity_of_a_period_is_refused() -> None:
    free, tight = solved(asked()), asked(terms(capacity=30))
    account = Account(tight.market.prepared, (), free.account.plan)
    assert audit(account) == ["cheap: 100 bought in 2 is above the capacity of 30"]
    dear = Account(asked(terms(price=12)).market.prepared, (), free.account.plan)
    assert dear.total == pytest.approx(2200)


def test_an_explanation_gives_more_in_every_period() -> None:
    short = instance([offer("only", 10, 80)], {"1": 50, "2": 50}, terms=[terms("only", capacity=30)])
    with pytest.raises(NoPlan):
        solved(short)
    no_plan = explain(short, settings_of(short, gap=0.0), relaxed=["capacity"])
    assert isinstance(no_plan, NoPlanExplained)
    (extra,) = (repair.steps[0] for part in no_plan.infeasibilities for repair in part.repairs)
    assert extra == ExtraCapacity("only", 20.0)


def faults(*rows: Terms, **more: Any) -> list[str]:
    """Return what is told of a market that cannot be."""
    try:
        asked(*rows, **more)
    except ValidationError as error:
        return [str(one["msg"]).removeprefix("Value error, ") for one in error.errors()]
    return []


AGREED = [Tier(offer="cheap", from_quantity=50, price=8, kind="incremental")]


@pytest.mark.parametrize(
    ("rows", "more", "line"),
    [
        ([terms("cheep", price=1)], {}, "terms[0] offer: 'cheep' is not among the offers (did you mean cheap?)"),
        (
            [terms(period="3", price=1)],
            {},
            "terms[0] period: '3' is not among the periods; add it there or use one of them: 1, 2",
        ),
        (
            [terms(price=1), terms(price=2)],
            {},
            "terms[1] offer + period: cheap, 2 stands there twice; keep one of the two rows",
        ),
        (
            [terms()],
            {},
            "terms[0] price: nothing differs in the period; fill price, capacity or minimum_take, or remove the row",
        ),
        ([terms(minimum_take=120)], {}, "terms[0] minimum_take: 120 is above the capacity of cheap of 100; lower it"),
        ([terms(minimum_take=30, capacity=20)], {}, "terms[0] minimum_take: 30 is above the capacity of 20; lower it"),
        (
            [terms(price=-1)],
            {},
            "terms[0] price: -1 is below zero; write 0 or more, or resale = yes for the offer",
        ),
        (
            [terms(price=5)],
            {"tiers": AGREED, "cheap": {"price": 0}},
            (
                "terms[0] price: tiers move in proportion, and the price of cheap is not above zero; "
                "leave it empty, or remove the tiers"
            ),
        ),
        (
            [terms(price=-5)],
            {"tiers": AGREED, "cheap": {"resale": True}},
            (
                "terms[0] price: tiers move in proportion, and the price in the period is not above zero; "
                "leave it empty, or remove the tiers"
            ),
        ),
    ],
)
def test_what_cannot_be_is_refused(rows: Sequence[Terms], more: dict[str, Any], line: str) -> None:
    assert faults(*rows, **more) == [line]


def test_a_commitment_fits_into_the_capacity_of_its_period() -> None:
    agreed = [Commitment(offer="cheap", period=period, quantity=60) for period in ("1", "2")]
    assert faults(terms(capacity=50), commitments=agreed) == [
        "commitments[1] quantity: 60 is above the 50 that cheap has in 2; lower it"
    ]
    assert faults(terms(capacity=50), terms(capacity=60, period="1"), commitments=agreed[:1]) == []


@pytest.mark.parametrize(
    ("row", "more", "note"),
    [
        (terms(price=10, capacity=100), {}, "row of terms of cheap in 2 is as the offer says for every period"),
        (
            terms(price=12),
            {"to_period": "1"},
            "row of terms of cheap in 2 is without effect: the offer cannot be bought in that period",
        ),
    ],
)
def test_a_row_without_effect_is_noted(row: Terms, more: dict[str, Any], note: str) -> None:
    assert [line for line in list_notes(asked(row, cheap=more)) if "terms" in line] == [note]
    assert not any("terms" in line for line in list_notes(asked(terms(capacity=50))))
