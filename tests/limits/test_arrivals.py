"""Shares before the last stage count what arrives, behind the yields; quantities count what is bought."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from models.market import Lane, Material, Origin
from optimizer.audit import audit
from optimizer.notes import list_notes
from optimizer.programs.program import Program
from optimizer.tables.exposure import list_shares
from optimizer.tables.table import Units
from tests.blocks.markets import ORE, instance, mined, offer, solved
from tests.limits.cases.market import limit

if TYPE_CHECKING:
    from models.enforcement import EnforcedInstance
    from models.limits import Limit

PIT = mined("pit", 1, 9000)
FROM_CHILE = {"origins": [Origin(offer="lot", stage="mined", country="CL", share=1)]}


def shares(asked: EnforcedInstance) -> dict[tuple[str, str], float]:
    """Return what each limit of a plan reads, by its name and who it speaks of."""
    account = solved(asked).account
    assert audit(account) == []
    return {(limit.name, reading.key.who): reading.used for limit, reading in account.readings}


def watched(of: str, stage: str = "mined") -> Limit:
    fields = {"each": "country", "basis": "place", "max_share": 1, "stages": [stage], "of": of}
    return limit("share_cap", name=of, watch=True, **fields)


def fed_and_bought(fed: float, yield_: float, *limits: Limit) -> EnforcedInstance:
    """Return a market that needs 1 000 t: so much at most of Australian ore, the rest refined out of Chilean ore."""
    plant = offer("plant1", 1, fed, yield_=yield_)
    return instance([PIT, plant, offer("lot", 99, 1000)], {"2027": 1000}, *limits, **FROM_CHILE)


def test_ore_that_covers_a_third_of_demand_has_a_third_of_it() -> None:
    # 750 t of ore make 300 t
    assert shares(fed_and_bought(300, 0.4, watched("demand"))) == {("demand", "AU"): 0.3, ("demand", "CL"): 0.7}


def test_what_is_fed_and_what_is_bought_in_add_up() -> None:
    asked = fed_and_bought(500, 0.1, watched("supply"))
    assert shares(asked) == {("supply", "AU"): 0.5, ("supply", "CL"): 0.5}
    rows = list_shares(solved(asked).account, Units("t", "USD"))
    mined_there = [row for row in rows if (row.stage, row.basis) == ("mined", "place")]
    told = [(row.country, row.quantity, row.arriving, row.share) for row in mined_there]
    assert told == [("AU", 5000, 500, 0.5), ("CL", 500, 500, 0.5)]


TWO_YIELDS = [
    mined("au", 1, country="AU"),
    mined("cl", 2, country="CL"),
    offer("half", 1, 50, yield_=0.5),
    offer("most", 1, 50, yield_=0.8),
]
"""100 t are needed: 100 t of ore make 50 t at one plant, 62.5 t make 50 t at the other."""


@pytest.mark.parametrize("whole", ["supply", "demand"])
def test_a_share_counts_each_flow_by_the_yield_where_it_goes(whole: str) -> None:
    cap = limit("share_cap", country="AU", basis="place", max_share=0.4, stages=["mined"], of=whole)
    solution = solved(instance(TWO_YIELDS, {"2027": 100}, cap))
    # Chilean ore makes all of one plant's 50 t and 10 t of the other's, as it is dearer by 1 a tonne of ore
    assert solution.cost == pytest.approx(262.5 + 62.5 + 20)
    assert [reading.used for _, reading in solution.account.readings] == pytest.approx([0.4])


def test_a_quantity_counts_what_is_bought() -> None:
    cap = limit("quantity_cap", country="AU", basis="place", max_quantity=65, stages=["mined"])
    assert solved(instance(TWO_YIELDS, {"2027": 100}, cap)).cost == pytest.approx(262.5 + 97.5)


@pytest.mark.parametrize(
    ("kind", "fields", "optimum"),
    [
        # the second source makes 30 t: 37.5 t of ore at the better plant
        ("least_sources", {"count": "company", "min_sources": 2, "counts_from": 0.3}, 37.5),
        ("dual_source", {"count": "company", "counts_from": 0.1, "max_share": 0.7}, 37.5),
        ("share_floor", {"company": "cl", "min_share": 0.3}, 37.5),
        # 0.7^2 + 0.3^2
        ("hhi_cap", {"count": "company", "max_hhi": 0.58}, 37.5),
        ("split_award", {"count": "company", "min_share": 0.3}, 0),
    ],
)
def test_every_kind_of_share_counts_what_arrives(kind: str, fields: dict[str, Any], optimum: float) -> None:
    asked = instance(TWO_YIELDS, {"2027": 100}, limit(kind, **fields, stages=["mined"]))
    assert solved(asked).cost == pytest.approx(262.5 + optimum, rel=1e-6)


def long_chain(last: float, *limits: Limit) -> EnforcedInstance:
    """Return three stages: a smelter whose matte goes to two refiners, and 30 t that are bought refined."""
    stages = ("mined", "smelted", "refined")
    offers = [
        PIT,
        offer("smelter", 1, 9000, stage="smelted", yield_=0.5),
        offer("one", 1, 40, yield_=0.8),
        offer("other", 2, 900, yield_=last),
        offer("lot", 1, 30),
    ]
    origins = [Origin(offer="lot", stage=stage, country="CL", share=1) for stage in stages[:-1]]
    material = Material(material=ORE, stages=stages, basis="t")
    return instance(offers, {"2027": 100}, *limits, materials=[material], origins=origins)


def test_in_a_long_chain_a_mean_is_counted_where_yields_further_on_differ_and_that_is_told() -> None:
    asked = long_chain(
        0.4, watched("supply"), watched("demand"), watched("demand", "smelted").model_copy(update={"name": "matte"})
    )
    # 50 t of matte make 40 t, 75 t make 30 t: of 250 t of ore 0.5 x (0.8 + 0.4) / 2 each are counted, 75 t
    assert shares(asked) == pytest.approx({
        ("supply", "AU"): 75 / 105, ("supply", "CL"): 30 / 105,
        ("demand", "AU"): 0.75, ("demand", "CL"): 0.3,
        ("matte", "AU"): 0.7, ("matte", "CL"): 0.3,
    })  # fmt: skip
    told = (
        "sells what makes 0.4 to 0.8 of a unit, depending on where it goes; shares at stage mined count the mean, 0.6"
    )
    assert list_notes(asked) == [f"offer smelter {told}"]


def test_in_a_long_chain_of_equal_yields_shares_are_exact() -> None:
    asked = long_chain(0.8, watched("supply"), watched("demand"))
    assert shares(asked) == pytest.approx(
        {(of, who): s for of in ("supply", "demand") for who, s in (("AU", 0.7), ("CL", 0.3))}
    )
    assert list_notes(asked) == []


# What passes a stage, where that is known ---------------------------------------------------------


def arrays(asked: EnforcedInstance) -> list[Any]:
    """Return the program of an instance as plain numbers."""
    matrix = Program(asked).matrix
    parts = (matrix.cost, matrix.A.indptr, matrix.A.indices, matrix.A.data, matrix.row_lower, matrix.row_upper)
    return [part.tolist() for part in parts]


def capped(of: str, scope: dict[str, Any], **more: Any) -> EnforcedInstance:
    """Return a cap on each country, of supply or of demand, in two periods."""
    cap = limit("share_cap", **({"each": "country", "basis": "place", "max_share": 0.6, "stages": None} | scope), of=of)
    return instance(TWO_YIELDS, {"1": 100, "2": 80}, cap, **more)


@pytest.mark.parametrize("scope", [{}, {"per": "horizon"}, {"sites": ["plant"], "stages": ["refined"]}])
def test_a_share_of_supply_is_written_as_one_of_demand_where_both_must_be_the_same(scope: dict[str, Any]) -> None:
    assert arrays(capped("supply", scope)) == arrays(capped("demand", scope))


@pytest.mark.parametrize(
    "more",
    [
        {"shortage_cost": 90},
        {
            "lanes": [
                Lane(origin=o, destination=d, lead_time=1)
                for o, d in (("au", "half"), ("cl", "most"), ("half", "plant"))
            ]
        },
        {"stock": [{"site": "plant", "material": ORE, "capacity": 50}]},
    ],
)
def test_a_share_of_supply_is_none_of_demand_where_supply_is_to_be_decided(more: dict[str, Any]) -> None:
    assert arrays(capped("supply", {}, **more)) != arrays(capped("demand", {}, **more))
    assert any(name == "supplied" for name, _ in Program(capped("supply", {}, **more)).row_names)
