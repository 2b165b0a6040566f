"""The five fields below an answer: what each says when there is something, and when there is nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from optimizer.charts.shown import ShownPlan
from optimizer.folders.shown import read_shown
from optimizer.page.left_unsaid import draw_left_unsaid
from optimizer.report.unsaid import list_unsaid
from optimizer.results.caveats import Assumed, Caveats, Unmet
from optimizer.results.shut_out import ShutOut
from tests.cli.command import lodeplan

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from optimizer.charts.shown import Row

PROVEN = {"title": "Ore", "currency": "USD", "cost": 10.0, "bound": 10.0, "status": "proven", "sizes": {"parts": 1}}
FIELDS = ["Unmet demand", "Undisclosed", "Assumed", "Lapsed law", "Proof"]


def plan_with(
    caveats: Caveats | None = None, hidden: Sequence[tuple[str, str, float]] = (), **summary: Any
) -> ShownPlan:
    """Return a plan that leaves this unsaid; `hidden` are (stage, basis, share) that nobody declared."""
    left_out = (caveats or Caveats()).as_data()
    rows: list[Row] = [
        {"material": "ore", "stage": stage, "basis": basis, "period": "2027", "country": "ZZ", "share": share}
        for stage, basis, share in hidden
    ]
    said = PROVEN | {"without_limits": None, "unfinished": []} | left_out | summary
    return ShownPlan("Ore", "USD", "t", said, {"exposure": rows})


def said_of(plan: ShownPlan) -> dict[str, str]:
    return {field.term: field.said for field in list_unsaid(plan)}


def alarms(plan: ShownPlan) -> dict[str, list[str]]:
    return {field.term: [text for text, weight in field.words if weight == "alarm"] for field in list_unsaid(plan)}


def measure(name: str, status: str, lapsed: str | None = None) -> dict[str, str | None]:
    return {"policy": "ours", "measure": name, "status": status, "lapsed": lapsed}


def test_where_there_is_nothing_to_say_each_field_says_so() -> None:
    plan = plan_with(Caveats(assumed=Assumed(used=12)))
    assert said_of(plan) == {
        "Unmet demand": "none in any period",
        "Undisclosed": "none of owners or places",
        "Assumed": "none of 12 rows used",
        "Lapsed law": "none; the instance names no policy",
        "Proof": "proven to be the least",
    }
    assert not any(alarms(plan).values())


def test_what_is_unmet_is_an_alarm_and_says_which_limit_shuts_out_what_is_undisclosed() -> None:
    shut = ShutOut("no-russia", "ore", "mined", ("RU",), 0.2, ("acme",), ())
    short = Unmet("ore", 30.0, 120.0, 5.0, (("2027", 30.0),))
    field = list_unsaid(plan_with(Caveats(unmet=(short,), shut=(shut,))))[0]
    assert (field.said, field.words[0].weight) == ("30 t of ore (25% of demand)", "alarm")
    assert [line.startswith("Limit no-russia: ") for line in field.because] == [True]


def test_the_most_undisclosed_stages_are_named_by_their_worse_basis_and_the_rest_counted() -> None:
    plan = plan_with(
        hidden=[
            ("mined", "control", 0.25), ("mined", "place", 0.625), ("refined", "control", 0.3),
            ("refined", "place", 0.3), ("cathode", "control", 0.0004), ("cell", "control", 0.01),
        ]
    )  # fmt: skip
    assert said_of(plan)["Undisclosed"] == "62.5% of mined ore (places), 30% of refined ore (owners) and 1 more"
    assert alarms(plan)["Undisclosed"] == ["62.5%"]


@pytest.mark.parametrize(("rows", "alarm"), [(5, []), (6, ["6 of 12"])])
def test_assumed_rows_are_an_alarm_from_half_of_those_used(rows: int, alarm: list[str]) -> None:
    plan = plan_with(Caveats(assumed=Assumed(rows=rows, used=12)))
    assert said_of(plan)["Assumed"] == f"{rows} of 12 rows used"
    assert alarms(plan)["Assumed"] == alarm


def test_measures_that_ended_or_hold_with_nobody_looking_are_lapsed_and_others_are_not() -> None:
    held = measure("held", "in force")
    assert said_of(plan_with(policies=[held, held]))["Lapsed law"] == "none of 2 measures"
    lapsed = [measure("over", "expired"), measure("paused", "suspended"), measure("back", "in force", "2026-11-27")]
    plan = plan_with(policies=[held, *lapsed])
    assert said_of(plan)["Lapsed law"] == "3 of 4 measures: over, paused and 1 more"
    assert alarms(plan)["Lapsed law"] == ["3"]


def test_the_terminal_and_the_summary_say_what_is_undisclosed_and_which_law_lapsed(tmp_path: Path) -> None:
    said = lodeplan("solve", "instances/chips-2026", "--as-of", "2026-11-29", "-o", tmp_path / "plan")
    assert said.code == 0, said.err
    plan = read_shown(tmp_path / "plan")
    fields, answer = said_of(plan), " ".join(said.out.partition("\n\n")[0].split())
    assert "gallium-germanium-antimony-us-ban" in fields["Lapsed law"]
    assert f"Lapsed law: {fields['Lapsed law']}." in answer
    assert f"Undisclosed: {fields['Undisclosed']}." in answer
    first = plan.summary["undisclosed_shares"][0]
    assert (first["material"], first["basis"], round(first["share"], 3)) == ("indium", "control", 0.524)


def test_a_plan_that_is_not_proven_is_an_alarm() -> None:
    plan = plan_with(status="stopped", bound=9.0)
    assert said_of(plan)["Proof"] == "stopped before the proof: the least is at most 10% lower"
    assert alarms(plan)["Proof"] == [said_of(plan)["Proof"]]


def test_the_page_keeps_what_users_named_as_text_and_begins_each_field_with_a_capital() -> None:
    drawn = draw_left_unsaid(plan_with(policies=[measure("<b>x", "expired")]))
    assert '<b class="alarm">1</b> of 1 measure: <bdi>&lt;b&gt;x</bdi>' in drawn
    assert "<dt>Proof</dt><dd><b>Proven to be the least</b></dd>" in drawn
    assert re.findall("<dt>(.*?)</dt>", drawn) == FIELDS
