"""What an analyst can move of an instance is data; so is what stands in the way of a plan."""

from __future__ import annotations

import json

from models.enforcement import enforce
from optimizer.explain.conflict import find_infeasible_parts
from optimizer.levels import list_levels
from optimizer.requests import Requests
from optimizer.solver.deadline import Deadline
from tests.cli.command import bundled

INSTANCE = bundled("us-battery-2027")


def test_every_level_says_its_field_unit_range_and_direction() -> None:
    levels = {level.limit: level for level in list_levels(INSTANCE)}
    assert list(levels) == [limit.name for limit in INSTANCE.limits]
    share = levels["china-cobalt"].as_data()
    assert {key: share[key] for key in ("field", "measure", "sense", "level", "least", "greatest", "whole")} == {
        "field": "max_share",
        "measure": "share",
        "sense": "at most",
        "level": 0.35,
        "least": 0.0,
        "greatest": 1.0,
        "whole": False,
    }
    ban = levels["no-russian-owner"].as_data()
    assert (ban["measure"], ban["unit"], ban["level"], ban["greatest"]) == ("quantity", "t", 0.0, None)
    json.dumps([level.as_data() for level in levels.values()], allow_nan=False)


def test_a_level_is_moved_by_the_field_that_it_names() -> None:
    level = next(level for level in list_levels(INSTANCE) if level.limit == "china-cobalt")
    moved = Requests(texts=(f"set limits.{level.limit}.{level.field}=0.25",)).apply_to(INSTANCE)
    assert [after.level for after in list_levels(moved) if after.limit == level.limit] == [0.25]


def test_the_conflicts_of_a_missing_plan_are_data() -> None:
    tight = Requests(texts=("set limits.one-country-refined.max_share=20%",)).apply_to(INSTANCE)
    with Deadline() as deadline:
        found = [part.as_data() for part in find_infeasible_parts(enforce(tight), deadline)]
    assert [part["materials"] for part in found]
    named = {name for part in found for conflict in part["conflicts"] for name in conflict["limits"]}
    assert "one-country-refined" in named
    json.dumps(found, allow_nan=False)
