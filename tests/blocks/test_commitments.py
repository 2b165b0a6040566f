"""What is committed is bought, signed and counted, whatever else would be cheaper."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from models.changes import ChangeError, apply_changes, parse
from models.limits.share_cap import ShareCap
from models.market import Commitment, Conversion, Stock
from optimizer.audit import audit
from optimizer.errors import NoPlan
from optimizer.reasons import list_reasons
from optimizer.results.account import Account
from tests.blocks.golden import is_golden, text_of
from tests.blocks.markets import ORE, instance, offer, solved

if TYPE_CHECKING:
    from pathlib import Path

    from models.enforcement import EnforcedInstance
    from models.limits import Limit


def committed(period: str = "1", quantity: float = 30, **more: Any) -> Commitment:
    return Commitment(offer="dear", period=period, quantity=quantity, **more)


def asked(*limits: Limit, dear: dict[str, Any] | None = None, **more: Any) -> EnforcedInstance:
    offers = [offer("cheap", 10, 200), offer("dear", 15, country="CN", **(dear or {}))]
    return instance(offers, {"1": 100, "2": 100}, *limits, **({"commitments": [committed()]} | more))


def test_what_is_committed_is_bought_and_no_more() -> None:
    solution = solved(asked())
    assert solution.cost == pytest.approx(2000 + 30 * 5)
    assert solution.account.quantity["dear", "1"] == pytest.approx(30)


def test_a_committed_offer_is_signed_and_bears_all_its_terms() -> None:
    terms = {"fixed_cost": 70, "opening_cost": 200, "fixed_cost_per_period": 40, "minimum_take": 20}
    # 30 in the first period, its minimum take of 20 in the second
    costs = solved(asked(dear=terms)).account.costs
    assert costs == pytest.approx({"purchases": 150 * 10 + 50 * 15, "fixed": 70 + 80, "opening": 200})


def test_a_committed_incumbent_is_kept() -> None:
    terms = {"incumbent_quantity": 40, "switching_cost": 900, "minimum_take": 10}
    assert solved(asked(dear=terms)).account.costs == pytest.approx({"purchases": 160 * 10 + 40 * 15})


def test_a_commitment_counts_in_shares() -> None:
    cap = ShareCap(name="china", country="CN", basis="place", stages=("refined",), max_share=0.3, hard=True)
    assert solved(asked(cap)).cost == pytest.approx(2150)
    with pytest.raises(NoPlan):
        solved(asked(cap.model_copy(update={"max_share": 0.29})))


def test_a_commitment_in_the_basis_of_its_offer_or_another_is_converted() -> None:
    conversions = [Conversion(material=ORE, basis="t LCE", factor=0.2)]
    salt: dict[str, Any] = {"basis": "t LCE", "price": 3, "capacity": 500}
    offers = [offer("cheap", 10, 200), offer("dear", **salt)]
    both = [committed(quantity=100), committed("2", 30, basis="t")]
    solution = solved(instance(offers, {"1": 100, "2": 100}, conversions=conversions, commitments=both))
    assert solution.account.quantity["dear", "1"] == pytest.approx(20)
    assert solution.account.quantity["dear", "2"] == pytest.approx(30)


def test_the_audit_finds_a_plan_that_buys_less() -> None:
    account = solved(asked()).account
    flow = account.plan.flow | {("dear", "plant", "1"): 20.0, ("cheap", "plant", "1"): 80.0}
    assert audit(Account(account.market, (), replace(account.plan, flow=flow))) == [
        "dear: 20 bought in 1 is below the 30 committed"
    ]


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        (
            {"commitments": [committed(quantity=100), Commitment(offer="cheap", period="1", quantity=50)]},
            "ore in 1: 150 t are committed and at most 100 can be used or stored",
        ),
        (
            {
                "commitments": [committed(quantity=100), Commitment(offer="cheap", period="1", quantity=50)],
                "stock": [Stock(site="plant", material=ORE, capacity=40)],
            },
            "ore in 1: 150 t are committed and at most 140 can be used or stored",
        ),
        (
            {"lanes": [{"origin": "cheap", "destination": "plant"},
                       {"origin": "dear", "destination": "plant", "capacity": 20}]},
            "dear in 1: 30 t are committed and at most 20 can be bought",
        ),
    ],
)  # fmt: skip
def test_commitments_that_cannot_be_kept_are_the_reason(facts: dict[str, Any], why: str) -> None:
    impossible = asked(**facts)
    with pytest.raises(NoPlan):
        solved(impossible)
    assert list_reasons(impossible) == [why]


def test_a_change_moves_a_commitment_and_may_not_take_its_capacity() -> None:
    more = apply_changes(asked(), [parse("set commitments.dear/1.quantity=+20")])
    assert solved(more).cost == pytest.approx(2000 + 50 * 5)
    with pytest.raises(ChangeError) as caught:
        apply_changes(asked(), [parse("capacity dear=x0.2")])
    why = "30 is above the 20 that dear has in 1; lower it"
    assert caught.value.problems == (f"capacity dear=x0.2: commitments.dear/1.quantity: {why}",)


def test_commitments_write_the_rows_of_their_golden_file(tmp_path: Path, update: bool) -> None:  # noqa: FBT001 (a fixture)
    text = text_of(asked(dear={"fixed_cost": 70}), tmp_path, "commitment", "link")
    assert is_golden("commitments", text, update=update)
