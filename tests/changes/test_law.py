"""``law``: what never holds, always holds or is suspended, among measures of policies, duties and controls."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

import pytest

from models.changes import ChangeError, apply_changes, parse
from models.changes.law import LawChange
from models.enforcement import enforce
from models.market import Duty
from models.records.validity import spans_of
from optimizer.notes import list_notes
from tests.policies.test_lookup import HALF, market, policy

if TYPE_CHECKING:
    from models.instance import Instance
    from models.policies import Policy

PAUSED = {"from": "2026-06-01", "to": "2027-03-31", "by": "a truce"}


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def half(**dates: Any) -> Policy:
    return policy(half={"limit": HALF} | dates)


def levels(before: Instance, *texts: str) -> list[float]:
    return [limit.level for limit in apply_changes(before, [parse(text) for text in texts]).limits]


def changed(before: Instance, text: str) -> Instance:
    """Return an instance with a change of law made, and policies not looked up."""
    return LawChange.read(text.removeprefix("law "), text, text).apply(before)


def statuses(before: Instance, text: str, *days: str) -> list[str]:
    measure = changed(before, text).policies[0].measures[0]
    return [measure.status(day(on), before.market.as_of) for on in days]


def test_off_is_never_in_force_and_on_always() -> None:
    assert levels(market(half()), "law half=off") == []
    assert levels(market(half(valid_from="2028-01-01")), "law ours:half=on") == [0.5]
    assert levels(market(half(valid_to="2026-12-31", known_from="2028-01-01")), "law h*=on") == [0.5]
    assert levels(market(half()), "law half=off", "law half=on") == [0.5]


def test_on_keeps_levels_that_change_and_lets_the_first_hold_before() -> None:
    steps = half(levels={"2028-01-01": "60%", "2029-01-01": 0.4})
    assert [levels(market(steps, as_of=on), "law half=on") for on in ("2026-01-01", "2028-12-31", "2029-01-01")] == [
        [0.6], [0.6], [0.4],
    ]  # fmt: skip


def test_a_suspension_begins_on_the_day_of_knowledge_or_lets_one_that_runs_last_to_another_day() -> None:
    before = ("2026-05-31", "2026-06-01", "2026-12-31", "2027-01-01", "2027-03-31", "2027-06-30", "2027-07-01")
    free = market(half(), as_of="2027-01-01")
    assert statuses(free, "law half=suspended to 2027-06-30", *before) == [
        "in force", "in force", "in force", "suspended", "suspended", "suspended", "in force",
    ]  # fmt: skip
    running = market(half(suspended=[PAUSED]), as_of="2027-01-01")
    assert statuses(running, "law half=suspended to 2027-06-30", *before) == [
        "in force",
        *5 * ["suspended"],
        "in force",
    ]
    assert statuses(running, "law half=suspended to 2027-01-31", *before)[3:5] == ["suspended", "in force"]


@pytest.mark.parametrize("state", ["off", "on", "suspended to 2027-06-30"])
def test_other_law_does_not_forget_when_somebody_looked_at_its_suspension(state: str) -> None:
    looked = half(suspended=[PAUSED | {"looked_at": "2027-01-01"}], looked_at="2026-05-01")
    measure = changed(market(looked, as_of="2027-01-01"), f"law half={state}").policies[0].measures[0]
    assert str(measure.last_look) == "2027-01-01"


def duty(**dates: Any) -> Duty:
    return Duty(duty="levy", material="ore", stage="refined", from_country="CN", to_country="US", rate=0.3, **dates)


def rows(text: str, *duties: Duty) -> list[str]:
    """Return the days of duties after a change of law on 2027-01-01, and of their suspensions."""
    after = changed(market(duties=duties), text).market.duties
    return [
        " ".join(str(d or "-") for d in (r.valid_from, r.valid_to, r.suspended_from, r.suspended_to)) for r in after
    ]


def test_duties_of_the_instance_are_law_too() -> None:
    assert rows("law levy=off", duty()) == ["- - 0001-01-01 -"]
    off = changed(market(duties=(duty(),)), "law levy=off").market.duties
    assert [list(spans_of(row, day("2027-01-01"))) for row in off] == [[]]
    assert rows("law levy=on", duty(valid_from="2028-01-01", suspended_from="2029-01-01")) == ["- - - -"]
    assert rows("law levy=suspended to 2027-06-30", duty()) == ["- - 2027-01-01 2027-06-30"]


def test_what_is_on_lasts_until_what_follows() -> None:
    first, second = duty(valid_from="2026-01-01", valid_to="2026-12-31"), duty(valid_from="2028-01-01")
    assert rows("law levy=on", second, first) == ["2028-01-01 - - -", "- 2027-12-31 - -"]
    both = duty(), duty(valid_from="2026-01-01", valid_to="2026-12-31")
    assert rows("law levy=on", *both) == ["- - - -", "2026-01-01 2026-12-31 - -"]


@pytest.mark.parametrize(
    ("suspended", "becomes"),
    [
        (("2026-06-01", "2027-03-31"), ["- - 2026-06-01 2027-06-30"]),
        ((None, "2027-03-31"), ["- - - 2027-06-30"]),
        (("2026-06-01", "2026-08-31"), ["- 2026-12-31 2026-06-01 2026-08-31", "2027-01-01 - 2027-01-01 2027-06-30"]),
        (("2027-05-01", "2027-12-31"), ["- - 2027-01-01 2027-12-31"]),
        (("2027-07-01", None), ["- - 2027-01-01 -"]),
        (("2027-07-02", "2027-07-02"), ["- 2027-07-01 2027-01-01 2027-06-30", "2027-07-02 - 2027-07-02 2027-07-02"]),
        (("2028-01-01", None), ["- 2027-12-31 2027-01-01 2027-06-30", "2028-01-01 - 2028-01-01 -"]),
    ],
)
def test_a_duty_suspended_on_other_days_too_is(suspended: tuple[str | None, ...], becomes: list[str]) -> None:
    given = duty(suspended_from=suspended[0], suspended_to=suspended[1])
    assert rows("law levy=suspended to 2027-06-30", given) == becomes


def test_a_name_means_every_duty_and_measure_that_is_called_so() -> None:
    measure = {"duty": {"from_country": "CN", "to_country": "US", "rate": 0.3}, "known_as": ["levy"]}
    both = market(policy(tariff=measure), duties=(duty(),))
    assert {row.duty for row in enforce(both).market.duties} == {"levy", "tariff"}
    off = apply_changes(both, [parse("law levy=off")]).market
    assert [row.duty for row in off.duties if off.shares_of(row)] == []
    assert not any("does not hold" in note for note in list_notes(enforce(market(duties=off.duties))))


@pytest.mark.parametrize("as_of", ["0001-01-01", "9999-12-31"])
@pytest.mark.parametrize("text", ["law levy=suspended to 9999-12-31", "law levy=off", "law levy=on"])
def test_the_ends_of_the_calendar_are_days_as_well(as_of: str, text: str) -> None:
    dated = (duty(suspended_from="2027-07-01"), duty(valid_from="9999-12-31", suspended_from="9999-12-31"))
    after = apply_changes(market(duties=dated, as_of=as_of), [parse(text), parse(text)])
    assert after.market.duties


def test_law_comes_after_the_day_and_the_policies_and_before_all_else() -> None:
    for texts in (
        ("law half=suspended to 2028-03-31", "as-of 2028-01-01", "set limits.*.max_share=40%"),
        ("as-of 2028-01-01", "law half=suspended to 2028-03-31", "set limits.*.max_share=40%"),
    ):
        with pytest.raises(ChangeError, match="there is none"):
            levels(market(half()), *texts)
    assert levels(market(half(valid_from="2029-01-01")), "set limits.half.max_share=40%", "law half=on") == [0.4]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("law ours=off", "'ours' is no measure, duty or control; write ours:* for all measures of that policy"),
        ("law hlf=off", "'hlf' is no measure, duty or control (did you mean half?)"),
        ("law third=off", "'third' is no measure, duty or control; there are half, ours:half"),
    ],
)
def test_what_law_names_must_be_there(text: str, line: str) -> None:
    with pytest.raises(ChangeError) as told:
        apply_changes(market(half()), [parse(text)])
    assert told.value.problems == (f"{text}: {line}",)


def test_law_is_refused_once_policies_are_looked_up() -> None:
    with pytest.raises(ChangeError) as told:
        apply_changes(enforce(market(half())), [parse("law half=off")])
    assert told.value.problems == ("law half=off: policies were looked up already; say which law holds before that",)
