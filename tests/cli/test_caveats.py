"""What an answer leaves out is said with it, on every face: unmet demand, assumed facts, what is not proven."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import pytest

from tests.cli.command import edit, lodeplan
from tests.cli.plan_edits import set_cell

if TYPE_CHECKING:
    from pathlib import Path

HEADER = """\
name = "base"
title = "Base"
currency = "USD"
mass_unit = "t"
as_of = 2027-01-01

[[periods]]
name = "2027"
years = 1

[[periods]]
name = "2028"
years = 1

[limits.china]
kind = "share_cap"
of = "demand"
stages = ["refined"]
country = "CN"
basis = "place"
max_share = "10%"
hard = true
"""
TABLES = {
    "materials": "material,stages,basis,shortage_cost\nlithium,refined,t Li content,100000\n",
    "sites": "site,country,source\nplant,US,Assumed plant\n",
    "demand": "site,material,period,quantity\nplant,lithium,2027,1000\nplant,lithium,2028,1100\n",
    "offers": "offer,company,material,stage,country,capacity,price,source\n"
    "a,acme,lithium,refined,CL,300,50000,assumed price\n"
    "b,beta,lithium,refined,AU,500,60000,USGS MCS 2026\n"
    "c,gamma,lithium,refined,CN,1000,40000,assumed\n"
    "d,delta,lithium,refined,CA,1000,200000,assumed\n",
    "owners": "company,country,share,source\nacme,CL,100%,assumed\nbeta,AU,100%,annual report\ndelta,CA,100%,assumed\n",
}
SURVIVAL = (
    "Without what Australia controls, for one year from any period, 37% of lithium, the worst-off material, stays "
    "covered until goods ordered afterwards arrive, by stock and what was planned only; who controls 12% of lithium at "
    "one stage is not disclosed, and counts as kept."
)
LEFT = "290 t of lithium unmet (13.8% of demand); rests on 4 assumed rows (30.1% of the cost)"
UNMET = {
    "material": "lithium",
    "quantity": 290,
    "demand": 2100,
    "share": pytest.approx(290 / 2100),
    "cost": 29e6,
    "periods": {"2027": 100, "2028": 190},
}
COSTS = {  # of a 600 t at 50 000 and of c 210 t at 40 000, beside 1000 t of b at 60 000; what is unmet has no source
    "purchases": {"amount": 98.4e6, "assumed": 38.4e6},
    "shortage": {"amount": 29e6, "assumed": 0},
}
ASSUMED = {
    "rows": 4,
    "used": 9,
    "tables": {"sites": 1, "offers": 2, "owners": 1},
    "partly": 0,
    "known": {"not said": 5},
    "share": pytest.approx(38.4 / 127.4),
    "costs": COSTS,
}


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """Return an instance whose cap leaves 100 t unmet in one period and 190 t in the other, at 100 000 USD each."""
    folder = tmp_path / "base"
    folder.mkdir()
    (folder / "instance.toml").write_text(HEADER, "utf-8")
    for name, text in TABLES.items():
        (folder / f"{name}.csv").write_text(text, "utf-8")
    return folder


def test_solve_says_below_its_answer_what_is_unmet_and_what_it_rests_on(base: Path) -> None:
    assert lodeplan("solve", base).out.split("\n\n")[0].splitlines()[1:] == [
        "Demand left unmet, at 29.00 million USD: 290 t of lithium (13.8% of demand; 100 t in 2027, 190 t in 2028).",
        "Rests on 4 assumed rows of the 9 that it uses: offers a and c; 1 site; 1 owner.",
        "Of the cost 30.1% is at assumed prices, freights or rates (purchases 39%).",
        "Undisclosed: 12.1% of refined lithium (owners).",
        SURVIVAL,
    ]


def test_solve_says_so_in_one_line_quietly_and_where_the_plan_is(base: Path) -> None:
    said = lodeplan("solve", base, "-q", "-o", base.parent / "plan").out
    first, second = said.splitlines()
    assert first.startswith("Base: the plan costs 127.4 million USD, proven to be the least; of it the limits cost ")
    assert first.endswith(f"; {LEFT}. {SURVIVAL}")
    assert second == f"Plan written to {base.parent / 'plan'}: 127.4 million USD, proven to be the least; {LEFT}"


def test_data_about_a_plan_hold_what_is_left_out_and_every_table(base: Path) -> None:
    document = json.loads(lodeplan("solve", base, "--json").out)
    assert (document["proven"], document["unmet"], document["assumed"]) == (True, [UNMET], ASSUMED)
    assert document["assumed_rows"] == [
        {"table": "sites", "row": "plant", "source": "Assumed plant", "assumed": ""},
        {"table": "offers", "row": "a", "source": "assumed price", "assumed": ""},
        {"table": "offers", "row": "c", "source": "assumed", "assumed": ""},
        {"table": "owners", "row": "acme, CL", "source": "assumed", "assumed": ""},
    ]
    bought = {(row["offer"], row["period"]): row["quantity"] for row in document["purchases"]}
    assert bought == {("a", "2027"): 300, ("b", "2027"): 500, ("c", "2027"): 100} | {
        ("a", "2028"): 300,
        ("b", "2028"): 500,
        ("c", "2028"): 110,
    }
    assert [row["binding"] for row in document["limits"]] == ["yes", "yes"]
    assert {row["cap"] for row in document["exposure"] if row["country"] == "CL"} == {None}
    assert [row["unmet"] for row in document["stock"]] == [100, 190]
    assert [(row["offer"], row["capacity_used"]) for row in document["contracts"]] == [("a", 1), ("b", 1), ("c", 0.105)]
    assert {row["cost"]: row["amount"] for row in document["costs_by_material"]} == document["costs"]


TIGHT = ["--cap", "refined:CN=5%"]
BEFORE = "before 290 t of lithium (13.8% of demand)"
MORE = f"395 t of lithium unmet (18.8% of demand), {BEFORE}"
SAME = "290 t of lithium unmet (13.8% of demand), as before"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            TIGHT,
            f"133.7 million USD, 6.30 million USD more (+4.9%); {MORE}; rests on 4 assumed rows (25.6% of the cost)",
        ),
        (
            ["--price", "b=50000"],
            f"10.00 million USD less (-7.8%); {SAME}; rests on 4 assumed rows (32.7% of the cost)",
        ),
        (
            ["--drop", "china"],
            f"42.40 million USD less (-33.3%); nothing unmet, {BEFORE}; rests on 4 assumed rows (100% of the cost)",
        ),
    ],
)
def test_a_change_says_what_is_unmet_after_it_and_before(base: Path, change: list[str], said: str) -> None:
    assert lodeplan("whatif", base, *change, "-q").out.endswith(f"{said}.\n")


def test_data_about_a_change_say_of_both_plans_what_is_left_out(base: Path) -> None:
    document = json.loads(lodeplan("whatif", base, *TIGHT, "--json").out)
    assert (document["before"]["unmet"], document["before"]["assumed"]) == ([UNMET], ASSUMED)
    assert [row["periods"] for row in document["after"]["unmet"]] == [{"2027": 150, "2028": 245}]
    assert document["plan"]["unmet"] == document["after"]["unmet"]
    lines = lodeplan("whatif", base, *TIGHT, "--csv").out.splitlines()
    assert lines[-4:-2] == ["demand unmet,,,lithium,,,,290,395,105,t", "assumed rows,,,,,,,4,4,0,rows"]
    assert lines[-2].startswith("assumed cost,,,,,,,0.30")


def test_plans_compared_say_what_their_tables_leave_unmet(base: Path) -> None:
    first, second = base.parent / "first", base.parent / "second"
    assert lodeplan("solve", base, "-q", "-o", first).code == 0
    assert lodeplan("solve", base, *TIGHT, "-q", "-o", second).code == 0
    assert (
        lodeplan("compare", first, second)
        .out.partition("\n")[0]
        .endswith(f"; {MORE}; rests on 4 assumed rows (25.6% of the cost).")
    )
    set_cell(second / "stock.csv", "unmet", "145", unmet="150")
    told = f"390 t of lithium unmet (18.6% of demand), {BEFORE}"
    assert told in lodeplan("compare", first, second).out
    edit(second / "summary.json", '"assumed": {', '"guessed": {')
    line = f"{second}/summary.json: does not say what the plan leaves out; lodeplan solve -o writes it anew\n"
    assert lodeplan("compare", first, second) == (2, "", line)


def test_a_grid_says_in_how_many_plans_demand_is_unmet_and_in_which_most(base: Path) -> None:
    cases = base.parent / "cases.csv"
    cases.write_text("case,what\ntight,cap refined:CN=5%\nfree,drop china\n", "utf-8")
    words = ["whatif", base, "--changes", cases, "--grid", "*"]
    assert lodeplan(*words, "-q").out.endswith(
        "; demand is left unmet in 2 of 3 plans, most in tight: 395 t of lithium (18.8% of demand); "
        "all rest on assumed rows (25.6% to 100% of the cost).\n"
    )
    assert lodeplan(*words).out.splitlines()[-2:] == [
        "as it is: 290 t of lithium unmet (13.8% of demand)",
        "tight: 395 t of lithium unmet (18.8% of demand)",
    ]
    rows = list(csv.DictReader(lodeplan(*words, "--csv").out.splitlines()))
    columns = ["unmet [t]", "unmet of", "shortage cost [USD]", "assumed rows"]
    assert [[row[column] for column in columns] for row in rows] == [
        ["290", "lithium", "29000000", "4"],
        ["395", "lithium", "39500000", "4"],
        ["0", "", "0", "4"],
    ]
    assert [case["unmet"] for case in json.loads(lodeplan(*words, "--json").out)["cases"]][::2] == [[UNMET], []]


SWEEP = ["--cap", "refined:CN=5%,25%,60%"]
FRONTIER = (
    "Demand is left unmet in 2 of 3 plans, most at 5%: 395 t of lithium (18.8% of demand); all rest on "
    "assumed rows (25.6% to 84.8% of the cost). "
    "From the cheapest plan to the dearest the cost rises by 38.90 million USD, that of unmet demand by "
    "39.50 million USD: shortage drives the frontier."
)


def test_a_frontier_says_where_demand_is_unmet_and_that_shortage_drives_it(base: Path) -> None:
    answer, table, plot, *_ = lodeplan("sweep", base, *SWEEP).out.split("\n\n")
    assert answer.splitlines()[1] == FRONTIER
    assert [line.split("  ")[0] for line in table.splitlines()[2:]] == ["60%", "25%", "5%"]
    assert [line.count("lithium 1") for line in table.splitlines()[2:]] == [0, 1, 1]
    assert "lithium 18.8%" in table.splitlines()[-1]
    assert plot.splitlines()[-1].startswith("o plan, u plan that leaves demand unmet")
    quiet = lodeplan("sweep", base, *SWEEP, "-q").out
    assert quiet.count("\n") == 1
    assert FRONTIER in quiet


def test_data_about_a_frontier_say_of_each_point_what_is_left_out(base: Path) -> None:
    said = lodeplan("sweep", base, *SWEEP, "--csv", "-q")
    assert (said.code, said.err) == (0, "")
    rows = list(csv.DictReader(said.out.splitlines()))
    columns = ["unmet [t]", "unmet of", "unmet [share]", "shortage cost [USD]", "assumed rows"]
    assert [[row[column] for column in columns] for row in rows] == [
        ["0", "", "0", "0", "4"],
        ["25", "lithium", "0.0119047619048", "2500000", "4"],
        ["395", "lithium", "0.188095238095", "39500000", "4"],
    ]
    document = json.loads(lodeplan("sweep", base, *SWEEP, "--json").out)
    assert [point["proven"] for point in document["points"]] == [True, True, True]
    assert [sum(short["cost"] for short in point["unmet"]) for point in document["points"]] == [0, 2.5e6, 39.5e6]


def test_the_picture_of_a_frontier_marks_points_with_unmet_demand_and_says_so(base: Path) -> None:
    folder = base.parent / "sweep"
    assert lodeplan("sweep", base, *SWEEP, "-q", "-o", folder).code == 0
    drawn = (folder / "frontier.svg").read_text("utf-8")
    assert "hollow: demand left unmet" in drawn
    assert "not proven" not in drawn
    assert "Demand is left unmet in 2 of 3 plans, most at 5%" in drawn
    again = lodeplan("sweep", base, *SWEEP, "-q", "-o", folder).out
    assert FRONTIER in again, "what is read back from the record says the same"


def test_a_price_says_how_much_is_unmet_with_the_limit_and_without_it(base: Path) -> None:
    said = lodeplan("price", base).out
    assert said.startswith(f"Base: the plan costs 127.4 million USD, proven to be the least; {LEFT}.\n")
    line = "- china: 290 t of lithium (13.8% of demand), without it none, which costs 29.00 million USD less"
    assert said.split("\n\n")[2] == f"Demand left unmet, with a limit and without it:\n{line}"
    (row,) = csv.DictReader(lodeplan("price", base, "--csv").out.splitlines())
    columns = ["unmet [t]", "unmet without [t]", "shortage cost saved without [USD]"]
    assert [row[column] for column in columns] == ["290", "0", "29000000"]
    document = json.loads(lodeplan("price", base, "--json").out)
    assert (document["unmet"], document["proven"], document["gap"]) == ([UNMET], True, 0)
    assert [(price["unmet"], price["unmet_without"]) for price in document["prices"]] == [([UNMET], [])]


def test_an_explanation_says_what_is_unmet_with_an_offer_and_without_it(base: Path) -> None:
    assert f"127.4 million USD, proven to be the least; {LEFT}. These limits bind" in lodeplan("explain", base).out
    said = lodeplan("explain", base, "c").out.partition("\n")[0]
    assert (
        "Without it the plan costs 12.60 million USD more, and leaves 500 t of lithium (23.8% of demand) unmet "
        "instead of 290 t of lithium (13.8% of demand)."
    ) in said
    assert said.endswith(f"The plan costs 127.4 million USD, proven to be the least; {LEFT}.")
    document = json.loads(lodeplan("explain", base, "c", "--json").out)
    assert document["plan"]["unmet"] == [UNMET]
    assert [short["quantity"] for short in document["unmet_without_it"]] == [500]


def test_a_repair_says_what_its_plan_leaves_unmet(base: Path) -> None:
    """Cobalt may not go unmet, and a cap of a tenth leaves it no seller."""
    edit(base / "materials.csv", "100000\n", "100000\ncobalt,refined,t Co,\n")
    edit(base / "demand.csv", "2028,1100\n", "2028,1100\nplant,cobalt,2027,100\n")
    edit(base / "offers.csv", "d,delta", "e,epsilon,cobalt,refined,CN,1000,1000,price list\nd,delta")
    said = lodeplan("explain", base).out
    assert "allow CN by place 100% of refined cobalt instead of 10% in 2027 (limit china, for cobalt alone): " in said
    assert said.endswith("127.5 million USD, no more, with 290 t of lithium unmet (13.8% of demand)\n")
    assert "Without it the plan costs 127.5 million USD, with 290 t of lithium unmet (13.8% of demand).\n" in said


def test_other_plans_say_what_each_leaves_unmet(base: Path) -> None:
    answer, table, *_ = lodeplan("alternatives", base, "--count", "1").out.split("\n\n")
    cost = "127.4 million USD, proven to be the least"
    assert answer == f"Base: the best plan costs {cost}; {LEFT}. 1 other plan costs at most 2% more."
    assert [line[-13:] for line in table.splitlines()[2:]] == ["lithium 13.8%"] * 2
    document = json.loads(lodeplan("alternatives", base, "--count", "1", "--json").out)
    best, other = document["plans"]
    assert best["unmet"] == [UNMET]
    assert sum(short["quantity"] for short in other["unmet"]) == pytest.approx(290)
    assert sum(row["quantity"] for row in other["purchases"]) == pytest.approx(1810)
    folder = base.parent / "others"
    assert lodeplan("alternatives", base, "--count", "1", "-q", "-o", folder).code == 0
    rows = list(csv.DictReader((folder / "alternatives.csv").read_text("utf-8").splitlines()))
    assert [(round(float(row["unmet [t]"])), row["unmet of"], row["assumed rows"]) for row in rows] == [
        (290, "lithium", "4"),
        (290, "lithium", "6"),
    ]


def test_an_audit_says_what_the_plan_leaves_unmet(base: Path) -> None:
    folder = base.parent / "plan"
    assert lodeplan("solve", base, "-q", "-o", folder).code == 0
    assert lodeplan("audit", folder, base) == (0, f"{folder}: holds, at a cost of 127.4 million USD; {LEFT}\n", "")
