"""The line that tells which measures turn within the horizon, and how each is counted."""

from __future__ import annotations

from typing import Any

import pytest

from models.changes import apply_changes, parse
from models.enforcement import enforce
from optimizer.notes import list_notes
from optimizer.report.law_moves import describe_moves
from tests.policies.test_law_by_period import QUOTA, YEARS, planned, weighed
from tests.policies.test_lookup import HALF, policy

LAW = "as law is known on 2026-11-29 (as_of), "


def told(asked: Any) -> str:
    """Return what the line on law that turns says."""
    (line,) = [note for note in list_notes(enforce(asked)) if note.startswith(LAW)]
    return line.removeprefix(LAW)


@pytest.mark.parametrize(
    ("dates", "line"),
    [
        (
            {"valid_from": "2027-07-01"},
            (
                "measure ours:half begins on 2027-07-01: it holds on 184 of the 365 days of 2027, and is asked of all "
                "of it"
            ),
        ),
        (
            {"valid_from": "2028-07-03"},
            "measure ours:half begins on 2028-07-03: it holds on 182 of the 366 days of 2028, and is not asked of it",
        ),
        ({"valid_to": "2027-12-31"}, "measure ours:half ends on 2027-12-31"),
        (
            {"levels": {"2027-01-01": 0.6, "2028-01-01": 0.5, "2029-03-01": 0.4}},
            (
                "measure ours:half changes to 50% on 2028-01-01; "
                "measure ours:half changes to 40% on 2029-03-01: 40% is asked of all of 2029"
            ),
        ),
        (
            {"suspended": [{"from": "2027-02-01", "to": "2027-02-28", "by": "x"}]},
            (
                "measure ours:half is suspended from 2027-02-01: it holds on 337 of the 365 days of 2027, and is asked "
                "of all of it; measure ours:half holds again from 2027-03-01"
            ),
        ),
    ],
)
def test_a_limit_that_holds_on_a_part_of_a_period_is_told_to_be_asked_of_all_or_nothing(
    dates: dict[str, Any], line: str
) -> None:
    assert told(planned(policy(half={"limit": HALF} | dates))) == line


def test_a_limit_without_periods_is_told_by_the_days_of_the_horizon() -> None:
    budget = {"kind": "budget_cap", "costs": ["freight"], "max_cost": 5, "hard": True}
    assert told(planned(policy(budget={"limit": budget, "valid_to": "2028-03-31"}))) == (
        "measure ours:budget ends on 2028-03-31: it holds on 456 of the 1096 days that are planned, and is not asked "
        "of them"
    )


def test_a_quota_and_a_control_are_told_by_their_share() -> None:
    assert told(planned(weighed({"limit": QUOTA, "valid_to": "2027-03-14"}))) == (
        "measure ours:quota ends on 2027-03-14: it counts for 73 of the 365 days of 2027"
    )
    assert told(planned(weighed({"limit": QUOTA, "levels": {"2027-01-01": 20, "2027-05-27": 40}}))) == (
        "measure ours:quota changes to 40 t a year on 2027-05-27: 32 t a year on average is asked of 2027"
    )
    ban = {"control": {"from_country": "CN", "to_country": "US", "effect": "closed"}, "valid_from": "2027-07-01"}
    assert told(planned(policy(ban=ban, more=ban))) == (
        "measure ours:ban and measure ours:more begin on 2027-07-01: they count for 184 of the 365 days of 2027"
    )


def test_of_many_turns_those_that_are_rounded_and_partly_counted_say_how() -> None:
    years = YEARS | {"2030": 1.0, "2031": 1.0, "2032": 1.0}
    steps = {f"{year}-01-01": level / 100 for year, level in zip(range(2026, 2033), range(70, 35, -5), strict=True)}
    line = told(planned(policy(half={"limit": HALF, "levels": steps, "valid_to": "2032-09-30"}), years=years))
    assert line == (
        "measure ours:half changes to 60% on 2028-01-01; measure ours:half changes to 55% on 2029-01-01; "
        "measure ours:half changes to 50% on 2030-01-01; measure ours:half changes to 45% on 2031-01-01; "
        "measure ours:half changes to 40% on 2032-01-01; measure ours:half ends on 2032-09-30: it holds on 274 of the "
        "366 days of 2032, and is asked of all of it"
    )


def test_of_many_more_turns_the_first_are_told_by_their_days() -> None:
    bans = {
        f"ban{month}": {
            "control": {"from_country": "CN", "to_country": "US", "effect": "closed"},
            "valid_from": f"2027-{month:02d}-02",
            "valid_to": f"2028-{month:02d}-02",
        }
        for month in range(1, 8)
    }
    parts = told(planned(policy(**bans))).split("; ")
    assert parts[0] == "measure ours:ban1 begins on 2027-01-02: it counts for 364 of the 365 days of 2027"
    assert parts[4] == "measure ours:ban5 begins on 2027-05-02"
    assert parts[12:] == ["2 more changes are listed by policies show --instance"]


def test_law_that_a_change_fixes_turns_no_more() -> None:
    dated = planned(policy(half={"limit": HALF, "valid_from": "2027-07-01"}))
    for text in ("law half=off", "law half=on"):
        notes = list_notes(apply_changes(dated, [parse(text)]))
        assert not any(note.startswith(LAW) for note in notes)
    paused = apply_changes(dated, [parse("law half=suspended to 2027-11-10")])
    assert told(paused) == (
        "measure ours:half holds again from 2027-11-11: it holds on 51 of the 365 days of 2027, and is not asked of it"
    )


def test_a_what_if_tells_on_which_other_days_a_measure_holds() -> None:
    dated = enforce(planned(policy(half={"limit": HALF, "valid_from": "2027-07-01"})))
    plain = planned(policy(half={"limit": HALF, "valid_from": "2027-07-01"}))
    said = {
        text: describe_moves(dated, apply_changes(plain, [parse(f"law half={text}")]))
        for text in ("on", "off", "suspended to 2028-01-31", "suspended to 2027-03-31")
    }
    assert said == {
        "on": "In force on other days: half (365 of the 365 days of 2027 instead of 184)",
        "off": "No longer in force: half",
        "suspended to 2028-01-31": (
            "In force on other days: half (0 of the 365 days of 2027 instead of 184 and 335\n"
            "    of the 366 days of 2028 instead of 366)"
        ),
        "suspended to 2027-03-31": "",
    }
