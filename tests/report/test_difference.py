"""What counts as a change between two plans, and how it is told."""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.market.costs import COSTS
from optimizer.errors import InputError
from optimizer.folders.plans import write_plan
from optimizer.folders.read_side import read_side
from optimizer.report.difference import compare_sides
from optimizer.report.difference_data import as_csv, as_json
from optimizer.report.difference_text import as_text, format_answer
from optimizer.report.side import Side, build_frame, build_side
from optimizer.results.caveats import Caveats
from optimizer.solve import settings_of, solve
from optimizer.tables import COMPARED_TABLES
from tests.cli.command import bundled
from tests.examples import examples

if TYPE_CHECKING:
    from pathlib import Path

    from optimizer.report.difference import Difference

BOTH = ["before", "after", "change"]


def side(cost: float = 100.0, bound: float = 100.0, *, proven: bool = True, **tables: list[dict[str, Any]]) -> Side:
    """Return a side with these rows; texts that a row does not name are empty, and numbers 0."""
    frames = {
        table.name: build_frame(
            table,
            [
                {column.name: 0 if column.kind == "number" else "" for column in table.columns} | row
                for row in tables.get(table.name, [])
            ],
        )
        for table in COMPARED_TABLES
    }
    return Side("A market", "USD", "t", proven, cost, bound, Caveats(), frames)


def bought(offer: str, quantity: float, **texts: str) -> dict[str, Any]:
    return {"offer": offer, "material": "cobalt", "stage": "mined", "quantity": quantity} | texts


def limit(used: float, allowed: float = 0.4, *, binding: bool = False, **texts: Any) -> dict[str, Any]:
    figures = {"used": used, "allowed": allowed, "binding": "yes" if binding else "no", "excess": 0.0}
    return {"limit": "cap", "sense": "at most", "unit": "share"} | figures | texts


def cells(frame: Any, *columns: str) -> list[tuple[Any, ...]]:
    return list(frame[list(columns)].itertuples(index=False, name=None))


def is_empty(changed: Difference) -> bool:
    return all(frame.empty for frame in changed.tables.values())


# sides --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["tutorial-lithium-cobalt", "us-battery-2027"])
def test_a_solution_and_the_folder_it_was_written_to_are_the_same_side(name: str, tmp_path: Path) -> None:
    facts = bundled(name)
    solution = solve(facts, settings_of(facts))
    write_plan(solution, tmp_path / "plan")
    at_hand, on_disk = build_side(solution), read_side(tmp_path / "plan")
    assert is_empty(compare_sides(at_hand, on_disk))
    assert is_empty(compare_sides(at_hand, at_hand))
    assert {len(frame) for frame in on_disk.tables.values()} == {len(frame) for frame in at_hand.tables.values()}
    assert as_text(compare_sides(at_hand, on_disk)).endswith(" of the cost). Nothing else changed.\n")


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("currency", "EUR", "money: is in USD in the first plan and in EUR in the second; convert one of them"),
        ("mass_unit", "kt", "mass: is in t in the first plan and in kt in the second; convert one of them"),
    ],
)
def test_plans_in_different_units_are_not_compared(field: str, value: Any, said: str) -> None:
    with pytest.raises(InputError, match=f"^the plans cannot be compared: {said}$"):
        compare_sides(side(), dataclasses.replace(side(), **{field: value}))


def test_plans_that_count_a_material_in_different_bases_are_not_compared() -> None:
    contained, sulphate = (
        side(purchases=[bought("tenke", 1, basis=basis)]) for basis in ("t Co content", "t sulphate")
    )
    line = "cobalt: is in t Co content in the first plan and in t sulphate in the second; convert one of them"
    with pytest.raises(InputError, match=f"^the plans cannot be compared: {line}$"):
        compare_sides(contained, sulphate)


# what counts --------------------------------------------------------------------------------------


def test_suppliers_are_in_out_and_shifted_over_all_periods_and_destinations_the_largest_change_first() -> None:
    before = [bought("steady", 5), bought("leaving", 3), bought("falling", 9), bought("rising", 1, period="2027")]
    after = [
        bought("steady", 5),
        bought("falling", 8),
        bought("coming", 2),
        bought("rising", 1, period="2027"),
        bought("rising", 4, period="2028", destination="plant"),
    ]
    changed = compare_sides(side(purchases=before), side(purchases=after)).suppliers
    assert cells(changed, "offer", "what", *BOTH) == [
        ("rising", "more", 1, 5, 4),
        ("leaving", "out", 3, 0, -3),
        ("coming", "in", 0, 2, 2),
        ("falling", "less", 9, 8, -1),
    ]


def test_a_rounding_of_what_passes_a_stage_is_no_supplier() -> None:
    before = side(purchases=[bought("tenke", 1000)])
    after = side(purchases=[bought("tenke", 1000 - 4e-4), bought("kamoto", 4e-4)])
    assert is_empty(compare_sides(before, after))


def test_an_offer_that_another_company_sells_is_another_supplier() -> None:
    before, after = (side(purchases=[bought("tenke", 5, company=company)]) for company in ("freeport", "cmoc"))
    assert cells(compare_sides(before, after).suppliers, "company", "what") == [("cmoc", "in"), ("freeport", "out")]


def test_shares_are_those_of_the_whole_horizon_and_move_by_a_twentieth_of_a_point_or_more() -> None:
    def exposure(**shares: float) -> list[dict[str, Any]]:
        key = {"material": "cobalt", "stage": "mined", "basis": "place"}
        return [
            *(key | {"country": country, "period": "", "share": share} for country, share in shares.items()),
            *(key | {"country": country, "period": "2027", "share": 0.9} for country in shares),
            *(key | {"country": country, "period": "2028", "share": 0.1} for country in shares),
        ]

    before, after = exposure(CD=0.5, NA=0.3, ZM=0.2), exposure(CD=0.5004, NA=0.2995, AU=0.2001)
    changed = compare_sides(side(exposure=before), side(exposure=after))
    assert cells(changed.shares, "country", "before", "after") == [
        ("AU", 0, 0.2001),
        ("ZM", 0.2, 0),
        ("NA", 0.3, 0.2995),
    ]
    assert "NA       30.0% -> 29.9%\n" in as_text(changed)


def test_one_period_is_the_whole_horizon() -> None:
    before, after = (
        side(
            exposure=[
                {"material": "m", "stage": "s", "basis": "control", "country": "CN", "period": period, "share": share}
            ]
        )
        for period, share in (("2027", 0.5), ("2028", 0.25))
    )
    assert cells(compare_sides(before, after).shares, *BOTH) == [(0.5, 0.25, -0.25)]


@pytest.mark.parametrize(
    ("before", "after", "what"),
    [
        ([], [limit(0.4, binding=True)], "new"),
        ([limit(0.1)], [], "gone"),
        ([limit(0.3)], [limit(0.4, binding=True)], "binds now"),
        ([limit(0.4, binding=True)], [limit(0.4, 0.5)], "binds no longer"),
        ([limit(0.4, binding=True)], [limit(0.3, 0.3, binding=True)], "tighter"),
        ([limit(0.1)], [limit(0.1, 0.5)], "looser"),
        ([limit(0.5, sense="at least")], [limit(0.5, 0.45, sense="at least")], "tighter"),
        ([limit(0.5, binding=True, excess=5.0)], [limit(0.6, binding=True, excess=9.0)], "broken more"),
        ([limit(0.5, binding=True, excess=5.0)], [limit(0.5, binding=True, excess=9.0)], None),
        ([limit(0.5, binding=True, excess=5.0)], [limit(0.4, binding=True)], "broken less"),
        ([limit(0.4, binding=True)], [limit(0.4 - 1e-9, 0.4 + 1e-9, binding=True)], None),
        ([limit(0.1)], [limit(0.3)], None),
        ([limit(0.1)], [limit(0.1), limit(0.2, who="CN")], None),
        ([limit(0.1)], [limit(0.1), limit(0.4, who="CN", binding=True)], "new"),
    ],
)
def test_what_became_of_a_limit(before: list[dict[str, Any]], after: list[dict[str, Any]], what: str | None) -> None:
    changed = compare_sides(side(limits=before), side(limits=after)).limits
    assert list(changed["what"]) == ([what] if what else [])


def test_a_limit_of_another_kind_under_the_same_name_is_another_limit() -> None:
    before, after = limit(0.4, binding=True), limit(300, 500, unit="t", kind="quantity_cap")
    changed = compare_sides(side(limits=[before]), side(limits=[after]))
    assert cells(changed.limits, "kind", "unit", "what") == [("", "share", "gone"), ("quantity_cap", "t", "new")]


def test_rows_of_a_limit_that_bind_on_neither_side_are_told_in_one_line() -> None:
    before = [limit(0.1, who=f"C{i}") for i in range(30)] + [limit(0.4, who="CN", binding=True)]
    after = [row | {"allowed": 0.5, "binding": "no"} for row in before]
    rows = as_text(compare_sides(side(limits=before), side(limits=after))).splitlines()[-3:]
    assert [" ".join(row.split()) for row in rows] == [
        "cap: at most 40% -> 50%",
        "CN binds no longer 40.0%* -> 40.0%",
        "30 rows looser",
    ]


def test_unmet_demand_and_stock_are_told_where_they_differ() -> None:
    node = {"site": "plant", "material": "cobalt"}
    before = [node | {"period": "2027", "unmet": 0, "closing": 7}, node | {"period": "2028", "unmet": 1, "closing": 7}]
    after = [node | {"period": "2027", "unmet": 2, "closing": 7}, node | {"period": "2028", "unmet": 1, "closing": 0}]
    changed = compare_sides(side(stock=before), side(stock=after)).stock
    assert cells(changed, "period", "what", *BOTH) == [("2027", "unmet", 0, 2, 2), ("2028", "closing", 7, 0, -7)]


def test_a_rounding_of_the_demand_is_no_stock() -> None:
    node = {"site": "plant", "material": "cobalt", "demand": 1000}
    before, after = (side(stock=[node | {"closing": closing}]) for closing in (0, 9e-4))
    assert is_empty(compare_sides(before, after))


def test_costs_that_changed_are_told_in_their_order_with_the_total_last() -> None:
    before = [{"cost": "freight", "amount": 10}, {"cost": "purchases", "amount": 90}]
    after = [
        {"cost": "duty", "amount": 6},
        {"cost": "purchases", "material": "a", "amount": 50},
        {"cost": "purchases", "material": "b", "amount": 54},
        {"cost": "freight", "amount": 10 + 1e-6},
    ]
    changed = compare_sides(side(100, costs=before), side(120, costs=after)).costs
    assert cells(changed, "cost", *BOTH) == [("purchases", 90, 104, 14), ("duty", 0, 6, 6), ("total", 100, 120, 20)]


# the answer ---------------------------------------------------------------------------------------

BOTH_GAPS = "As both plans are proven to a gap only, the change of the least cost"
NEITHER = "As neither plan is proven to be the least, the change of the least cost"
SECOND = "As the second plan is not proven to be the least, the change of the least cost"


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (side(100), side(100), "100 USD as before."),
        (side(100), side(100 + 1e-5), "100 USD as before."),
        (side(200, 200), side(150, 150), "200 USD -> 150 USD, 50.00 USD less (-25.0%)."),
        (side(0, 0), side(150, 150), "0.00 USD -> 150 USD, 150 USD more."),
        (side(100, 99.9999), side(150, 149.9), "100 USD -> 150 USD, 50.00 USD more (+50.0%)."),
        (
            side(100, 99),
            side(104, 103),
            f"100 USD -> 104 USD, 4.00 USD more (+4.0%). {BOTH_GAPS} lies between +3.00 USD and +5.00 USD.",
        ),
        (
            side(100),
            side(104, 97, proven=False),
            f"100 USD -> 104 USD, 4.00 USD more (+4.0%). {SECOND} lies between -3.00 USD and +4.00 USD.",
        ),
        (
            side(100),
            side(104, -math.inf, proven=False),
            f"100 USD -> 104 USD, 4.00 USD more (+4.0%). {SECOND} is +4.00 USD or less.",
        ),
        (
            side(100, -math.inf, proven=False),
            side(100, 80, proven=False),
            f"100 USD as before. {NEITHER} is -20.00 USD or more.",
        ),
        (
            side(100, -math.inf, proven=False),
            side(104, -math.inf, proven=False),
            f"100 USD -> 104 USD, 4.00 USD more (+4.0%). {NEITHER} is not known.",
        ),
    ],
)
def test_the_answer_says_both_costs_the_change_and_how_sure_it_is(before: Side, after: Side, said: str) -> None:
    assert format_answer(compare_sides(before, after)) == f"A market: {said}"


def test_two_titles_are_both_told() -> None:
    after = dataclasses.replace(side(), title="A market without CN")
    assert format_answer(compare_sides(side(), after)) == "A market -> A market without CN: 100 USD as before."


def test_what_is_not_known_is_null_in_json_and_empty_in_csv() -> None:
    changed = compare_sides(side(), side(bound=-math.inf, proven=False, limits=[limit(0.4, binding=True)]))
    document = as_json(changed)
    assert (document["after"]["bound"], document["change_of_least"]) == (None, [None, 0])
    assert document["limits"][0]["level_before"] is None
    assert document["limits"][0]["level_after"] == 0.4
    assert as_csv(changed).splitlines()[1] == "limit level,cap,new,,,,,,0.4,,share"


# laws ---------------------------------------------------------------------------------------------

NAMES = st.sampled_from(["=cmd", "a,b", 'say "so"', "NA", "nan", "x [t]", "plain"])
AMOUNTS = st.sampled_from([0.0, 1e-9, 1.0, 1.0 + 1e-9, 2.5, 1e6])
LIMITS = st.builds(
    limit,
    used=st.sampled_from([0.1, 0.4]),
    allowed=st.sampled_from([0.3, 0.4]),
    binding=st.booleans(),
    limit=NAMES,
    who=st.sampled_from(["NA", "CN"]),
    excess=AMOUNTS,
)
SIDES = st.builds(
    side,
    cost=AMOUNTS,
    bound=st.just(0.0),
    purchases=st.lists(st.builds(bought, NAMES, AMOUNTS, stage=st.sampled_from(["mined", "refined"])), max_size=5),
    costs=st.lists(st.fixed_dictionaries({"cost": st.sampled_from(COSTS), "amount": AMOUNTS}), max_size=4),
    limits=st.lists(LIMITS, max_size=4, unique_by=lambda row: (row["limit"], row["who"])),
    stock=st.lists(
        st.fixed_dictionaries({"site": NAMES, "unmet": AMOUNTS, "closing": AMOUNTS}),
        max_size=3,
        unique_by=lambda row: row["site"],
    ),
)
OPPOSITE = {
    pair: other
    for one, two in [
        ("in", "out"),
        ("more", "less"),
        ("new", "gone"),
        ("binds now", "binds no longer"),
        ("tighter", "looser"),
        ("broken more", "broken less"),
        ("unmet", "unmet"),
        ("closing", "closing"),
    ]
    for pair, other in ((one, two), (two, one))
}


def turned(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row of a difference as it is to be seen from the other side."""
    told = {
        name.replace("before", "!").replace("after", "before").replace("!", "after"): cell for name, cell in row.items()
    }
    told |= {"change": 0.0 - row["change"]} if "change" in row else {}
    return told | ({"what": OPPOSITE[row["what"]]} if "what" in row else {})


def rows_of(changed: Difference) -> dict[str, list[dict[str, Any]]]:
    document = as_json(changed)
    return {name: document[name] for name in changed.tables}


def in_order(rows: list[dict[str, Any]]) -> list[str]:
    return sorted(str(sorted(row.items())) for row in rows)


@examples(60)
@given(SIDES, SIDES)
def test_seen_from_the_other_side_every_change_is_its_opposite(one: Side, other: Side) -> None:
    there, back = compare_sides(one, other), compare_sides(other, one)
    assert back.change == -there.change
    assert back.change_of_least == (-there.change_of_least[1], -there.change_of_least[0])
    for name, rows in rows_of(there).items():
        assert in_order(rows_of(back)[name]) == in_order([turned(row) for row in rows])
    as_text(there)


@examples(30)
@given(SIDES)
def test_nothing_changes_between_a_plan_and_itself(one: Side) -> None:
    assert is_empty(compare_sides(one, one))
    assert as_text(compare_sides(one, one)).endswith("Nothing else changed.\n")
