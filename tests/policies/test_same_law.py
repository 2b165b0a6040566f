"""Duties of one law: charged once on each day, however often they are stated; those of two laws add up and are told."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from models.changes import apply_changes, parse
from models.enforcement import enforce
from models.market import Duty
from optimizer.notes import list_notes
from optimizer.report.law import format_in_force
from tests.blocks.markets import ORE, solved
from tests.cli.command import ROOT, bundled, lodeplan
from tests.policies.test_lookup import market, policy

if TYPE_CHECKING:
    from models.instance import Instance

SECTION_9 = ["Section 9"]
EDGE = {"from_country": "CN", "to_country": "US"}
"""The border between the cheapest offer, of 10 a tonne, and the site."""


def states(name: str = "Section 9", rate: float = 0.1, **fields: Any) -> dict[str, Any]:
    """Return the table of duties of an instance that states one."""
    return {"duties": (Duty(**({"duty": name, "material": ORE, "stage": "refined", "rate": rate} | EDGE | fields)),)}


def measure(rate: float = 0.1, known_as: list[str] | None = None, **fields: Any) -> dict[str, Any]:
    """Return a measure that is a duty at the same border."""
    named = {} if known_as is None else {"known_as": known_as}
    return {"duty": EDGE | {"rate": rate} | fields.pop("edge", {}), "stages": ["refined"]} | named | fields


def duties(asked: Instance) -> dict[str, float]:
    """Return the rates that are charged, by name and where they have one by first day."""
    rows = enforce(asked).market.duties
    return {f"{one.duty} {one.valid_from or ''}".strip(): one.rate for one in rows}


def test_a_law_is_switched_off_by_its_name_wherever_it_is_stated() -> None:
    asked = market(policy(nine=measure(0.15, SECTION_9)), **states())
    without = apply_changes(asked, [parse("law Section 9=off")])
    assert solved(without).cost == pytest.approx(1000)
    assert not [note for note in list_notes(without) if "charged" in note]


def test_what_the_instance_states_itself_is_charged_once_as_it_says() -> None:
    asked = market(policy(nine=measure(0.15, SECTION_9)), **states("section 9", 0.1))
    assert duties(asked) == {"section 9": 0.1}
    assert solved(asked).cost == pytest.approx(1100)
    assert list_notes(enforce(asked))[0] == (
        "policy ours: the instance states the law of nine as section 9 (10%) instead of 15%; it is charged once on "
        "refined ore"
    )
    assert "ours: nine; nine is charged once with section 9" in format_in_force(enforce(asked))


def test_a_row_called_as_the_measure_is_the_same_law() -> None:
    assert duties(market(policy(nine=measure()), **states("nine"))) == {"nine": 0.1}


def test_measures_of_one_law_are_charged_once_at_the_highest_rate() -> None:
    asked = market(policy(low=measure(0.05, SECTION_9), high=measure(0.1, SECTION_9)))
    assert duties(asked) == {"high": 0.1}
    assert list_notes(enforce(asked))[0] == (
        "policy ours: another measure states the law of low as high (10%) instead of 5%; it is charged once on "
        "refined ore"
    )


def test_policies_of_one_law_are_charged_once_as_the_first_says() -> None:
    first, second = policy(nine=measure(0.05, SECTION_9)), policy(other=measure(0.1, SECTION_9))
    assert duties(market(first, second.model_copy(update={"name": "theirs"}))) == {"nine": 0.05}


def test_days_that_the_instance_does_not_speak_of_are_left_to_the_policy() -> None:
    halves = states(valid_to="2027-06-30") | {"start": "2027-01-01"}
    asked = market(policy(nine=measure(0.15, SECTION_9)), **halves)
    assert duties(asked) == {"Section 9": 0.1, "nine 2027-07-01": 0.15}
    whole = 10 + 10 * (0.1 * 181 + 0.15 * 184) / 365
    assert solved(asked).cost == pytest.approx(100 * min(whole, 12))


@pytest.mark.parametrize(
    ("own", "edge", "charged"),
    [
        ({"from_country": None}, {}, {"Section 9": 0.1}),
        ({}, {"from_country": None}, {"Section 9": 0.1, "nine": 0.1}),
        ({"to_country": "JP"}, {}, {"Section 9": 0.1, "nine": 0.1}),
        ({"stage": "mined"}, {}, {"Section 9": 0.1, "nine": 0.1}),
        ({"valid_to": "2026-12-31"}, {}, {"Section 9": 0.1, "nine": 0.1}),
    ],
    ids=["from anywhere", "from one country of many", "elsewhere", "other goods", "over by then"],
)
def test_another_border_other_goods_or_other_days_are_not_the_same_law(
    own: dict[str, Any], edge: dict[str, Any], charged: dict[str, float]
) -> None:
    asked = market(policy(nine=measure(0.1, SECTION_9, edge=edge)), **states(**own))
    assert duties(asked) == charged


@pytest.mark.parametrize(
    ("own", "told"),
    [
        (
            {},
            (
                "policy ours: its duty nine (10%) and the duty Tax (10%) take the same of refined ore, and add up; "
                "leave one out if they are one"
            ),
        ),
        ({"rate": 0.02}, "policy ours: its duty nine (10%) comes on top of the duty Tax (2%) on refined ore"),
        (
            {"rate": 0.02, "valid_from": "2028-12-31", "from_country": None},
            "policy ours: its duty nine (10%) comes on top of the duty Tax (2%) on refined ore",
        ),
        ({"valid_from": "2029-01-01"}, ""),
        ({"from_country": "AU"}, ""),
    ],
    ids=["same rate", "another rate", "on one day of two years", "after the horizon", "from elsewhere"],
)
def test_duties_of_two_names_add_up_and_that_is_told(own: dict[str, Any], told: str) -> None:
    years = {"start": "2027-01-01", "periods": [{"name": "2027", "years": 2}]}
    asked = market(policy(nine=measure()), **(states("Tax", **own) | years))
    assert [note for note in list_notes(enforce(asked)) if "policy ours" in note] == [told] * bool(told)


def test_duties_that_come_on_top_of_others_are_told_in_one_line() -> None:
    two = {"nine": measure(0.1), "ten": measure(0.2)}
    (note,) = [n for n in list_notes(enforce(market(policy(**two), **states("Tax", rate=0.02)))) if "on top" in n]
    assert note == (
        "duties of policies come on top of others on the same goods: ours:nine (10%) on Tax (2%) and ten (20%); "
        "ours:ten (20%) on Tax (2%)"
    )


def test_many_duties_at_one_rate_are_told_in_one_line() -> None:
    three = {name: measure(0.1) for name in ("nine", "ten", "eleven")}
    notes = [note for note in list_notes(enforce(market(policy(**three)))) if "add up" in note]
    assert notes == [
        (
            "duties of policies take as much as others of the same goods, and add up; leave out what is one: "
            "ours:nine (10%) and ten (10%) and eleven (10%); ours:ten (10%) and eleven (10%)"
        )
    ]


def test_a_duty_of_the_instance_with_the_name_of_a_measure_is_charged_and_told_as_its_own() -> None:
    asked = enforce(market(policy(nine=measure(0.2)), **states("nine", rate=0.05)))
    told = "the instance states the law of nine as nine (5%) instead of 20%; it is charged once on refined ore"
    assert f"policy ours: {told}" in list_notes(asked)
    assert [duty.rate for duty in asked.market.duties] == [0.05]


def test_section_301_beside_an_instance_that_states_it_costs_nothing_more() -> None:
    alone = bundled("us-battery-2027")
    assert "Section 301" in {duty.duty for duty in alone.market.duties}
    said = [lodeplan("solve", ROOT / "instances/us-battery-2027", "--json", *flags) for flags in ((), POLICY)]
    costs = [json.loads(one.out)["costs"]["duty"] for one in said]
    assert costs[1] == pytest.approx(costs[0], rel=1e-9)
    assert any("it is charged once on" in note for note in json.loads(said[1].out)["notes"])


POLICY = ("--policy", "us-section-301:s301-lithium-chemicals,s301-natural-graphite,s301-synthetic-graphite")
