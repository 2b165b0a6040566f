"""What lodeplan explain prints (docs/explain.md shows the usual case, and is tried by tests/test_readme.py)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.cli.command import copied, lodeplan

if TYPE_CHECKING:
    from pathlib import Path

TITLE = "Tutorial: lithium and cobalt for one cell plant"
PROVEN = "proven to be the least; rests on 30 assumed rows (100% of the cost)"
CHILE = ("--cap", "refined/lithium:CL@place=20%")


@pytest.fixture
def tutorial(tmp_path: Path) -> Path:
    return copied("tutorial-lithium-cobalt", tmp_path)


def test_materials_are_explained_apart_and_repaired_together(tutorial: Path) -> None:
    said = lodeplan("explain", tutorial, *CHILE, "--set", "limits.drc-cobalt-mined.max_share=10%")
    assert (said.code, said.err) == (0, "")
    lines = said.out.splitlines()
    assert "Without them lithium alone costs 49.20 million USD." in lines
    assert "cobalt: no plan holds the limit drc-cobalt-mined, even by itself." in lines
    assert [line for line in lines if line.startswith("1.")] == [
        f"1. allow {who} instead of {old}: {cost}"
        for who, old, cost in (
            (
                "CN by control 45% of refined lithium",
                "40% (limit china-refined-control, for lithium alone)",
                "51.60 million USD, 2.40 million USD more",
            ),
            (
                "CD by place 50% of mined cobalt",
                "10% (limit drc-cobalt-mined)",
                "14.55 million USD, 1.45 million USD more",
            ),
        )
    ]
    assert "With the cheapest repair of each there is a plan of the whole, at 66.15 million USD:" in lines
    after = ("--set", "limits.china-refined-control.max_share=45%", "--set", "limits.drc-cobalt-mined.max_share=50%")
    assert "66.15 million USD" in lodeplan("solve", tutorial, *CHILE, *after, "-q").out


def test_where_no_single_limit_is_enough_several_are_moved_together(tutorial: Path) -> None:
    said = lodeplan("explain", tutorial, "--demand", "cobalt=x3")
    told = said.out.partition("Without them")[2].splitlines()
    assert told == [
        " the plan costs 88.90 million USD.",
        "No single limit is enough. Moved together, none further than it must, these are:",
        "- allow CN by place 73.34% of refined cobalt instead of 40% (limit china-refined-place, for cobalt alone)",
        "- allow CN by control 73.34% of refined cobalt instead of 40% (limit china-refined-control, for cobalt alone)",
        "- allow CD by place 83.34% of mined cobalt instead of 60% (limit drc-cobalt-mined)",
        "Then the cost is 90.35 million USD, 1.45 million USD more.",
    ]


def test_a_limit_that_is_not_enough_alone_is_moved_together_with_what_else_stands_in_the_way(tmp_path: Path) -> None:
    said = lodeplan("explain", copied("us-battery-2027", tmp_path), "--ban", "CN")
    assert "no plan holds the limits one-country-refined and ban CN control together" in said.out
    ban = "allow 1 757 t of refined manganese from CN by {0} instead of 0 t (limit ban CN {0}, for manganese alone)"
    cap = "allow ZA by place 100% of refined manganese instead of 65% (limit one-country-refined, for manganese alone)"
    assert said.out.partition("cheapest plan first:\n")[2].splitlines() == [
        f"1. {ban.format('place')}, and {ban.format('control')}: 4 435.5 million USD, 2.30 million USD less",
        f"2. {cap}: 4 437.8 million USD, no more",
        "Moving ban CN control by itself, however far, gives no plan: other limits stand in the way as well.",
    ]


def test_limits_are_not_to_blame_where_the_market_has_no_plan(tutorial: Path) -> None:
    head = (
        f"{TITLE} (with demand cobalt=x4): there is no plan that covers the demand and holds every limit.\n\n"
        "Plain reasons:\n- cobalt in 2027: demand is 2 000 t and at most 1 650 can be supplied\n\n"
        "cobalt: no plan covers the demand even without any limit; look at offers, lanes and demand.\n\n"
    )
    asked = "--relax demand asks how much less demand would do, --relax capacity how much more of one offer.\n"
    assert lodeplan("explain", tutorial, "--demand", "cobalt=x4") == (0, head + asked, "")
    told = (
        "More of one offer would do as well:\n"
        "1. buy 800 t a year more from canada-cobalt (canada-cobalt-works, CA) than it offers: 109.0 million USD\n\n"
        "So would less demand (what is missing costs nothing here):\n"
        "- accept 1 375 t of cobalt unmet: 67.92 million USD\n"
    )
    relaxed = ("--relax", "demand", "--relax", "capacity")
    assert lodeplan("explain", tutorial, "--demand", "cobalt=x4", *relaxed) == (0, head + told, "")


def test_a_plan_and_no_offer_points_to_what_binds(tutorial: Path) -> None:
    said = lodeplan("explain", tutorial)
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith(f"{TITLE}: there is a plan, at 64.30 million USD, {PROVEN}. These limits")
    loose = [word for name in ("china-refined-place", "china-refined-control") for word in ("--drop", name)]
    free = lodeplan("explain", tutorial, *loose, "--drop", "drc-cobalt-mined")
    assert free.out.endswith(
        "there is a plan, at 60.90 million USD, proven to be the least; rests on 21 assumed rows "
        "(100% of the cost). No limit binds.\n"
    )


def test_an_offer_that_is_in_by_a_limit_says_so(tutorial: Path) -> None:
    assert lodeplan("explain", tutorial, "kwinana").out == (
        f"{TITLE}: the plan buys 150 t of refined lithium from kwinana (kwinana-refining, AU) at a fee of 14 000.00 "
        "USD a t. Without it there is no plan, so it is needed at any price. The plan costs 64.30 million USD, "
        f"{PROVEN}.\n\n"
        "Without one of these limits, by itself, it would be out:\n"
        "limit            of\n"
        "---------------  -------\n"
        "china-refined-control: at most 40%\n"
        "  CN by control  refined\n"
    )
    quiet = lodeplan("explain", tutorial, "kwinana", "-q").out
    assert quiet.startswith(f"{TITLE}: the plan buys 150 t of refined lithium from kwinana")
    assert quiet.endswith(f"{PROVEN}.\n")
    assert quiet.count("\n") == 1


def test_quietly_a_plan_is_told_without_announcing_its_limits(tutorial: Path) -> None:
    quiet = lodeplan("explain", tutorial, "-q").out
    assert quiet == f"{TITLE}: there is a plan, at 64.30 million USD, {PROVEN}.\n"


def test_an_unknown_offer_is_told_with_the_one_that_was_meant(tutorial: Path) -> None:
    line = "'kamotto' is no offer of tutorial-lithium-cobalt (did you mean kamoto?)\n"
    assert lodeplan("explain", tutorial, "kamotto") == (2, "", line)


def test_what_may_give_way_is_one_of_two(tutorial: Path) -> None:
    said = lodeplan("explain", tutorial, "--relax", "physics")
    assert said.code == 2
    assert "'physics' is not one of 'demand', 'capacity'" in said.err


def test_a_time_limit_before_anything_is_known_is_no_explanation(tutorial: Path) -> None:
    said = lodeplan("explain", tutorial, *CHILE, "--time-limit", "1e-9")
    assert said.code == 3
    assert said.out == ""


def test_the_json_says_what_the_text_says(tutorial: Path) -> None:
    said = json.loads(lodeplan("explain", tutorial, *CHILE, "--json").out)
    (part,) = said["parts"]
    assert (said["answer"], part["materials"], said["together"]) == ("no plan", ["lithium"], None)
    names = ["china-refined-control", "cap CL place (refined/lithium)"]
    assert part["conflicts"] == [{"limits": names, "minimal": True}]
    assert [repair["cost"]["cost"] for repair in part["repairs"]] == pytest.approx([65_800_000, 65_933_050])
    (step,) = part["repairs"][0]["steps"]
    assert (step["limit"], step["field"], step["from"], step["to"]) == (names[0], "max_share", 0.4, 0.45)
    offer = json.loads(lodeplan("explain", tutorial, "silver-peak", "--json").out)
    assert (offer["answer"], offer["bought"]) == ("offer", 0)
    assert offer["threshold"] == {"price": pytest.approx(54_000), "within": 0}
    assert json.loads(lodeplan("explain", tutorial, "--json").out)["answer"] == "plan"
