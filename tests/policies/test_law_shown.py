"""``lodeplan policies show --instance``: the law of an instance period by period, as text and as data."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

import lodeplan as api
from models.market import Control, Duty
from optimizer.law import ask_law
from optimizer.report.law_by_period import list_law_records
from optimizer.report.law_moves import describe_moves
from optimizer.report.law_text import format_law
from tests.blocks.markets import ORE
from tests.cli.command import copied, lodeplan
from tests.policies.test_lookup import HALF, market, policy

if TYPE_CHECKING:
    from pathlib import Path

    from models.instance import Instance

YEARS: dict[str, Any] = {
    "start": "2027-01-01",
    "as_of": "2026-11-29",
    "periods": [{"name": name, "years": 1} for name in ("2027", "2028", "2029")],
}
OURS = policy(
    half={
        "limit": HALF,
        "levels": {"2027-07-01": "60%", "2029-01-01": 0.4},
        "evidence": "seen",
        "looked_at": "2026-11-21",
        "partly": "large buyers",
        "pending": [{"words": "It ends.", "source": "a bill", "evidence": "reported", "from": "2028-07-01"}],
    },
    late={"limit": HALF, "valid_from": "2029-07-03", "looked_at": "2026-11-29"},
    tax={
        "duty": {"from_country": "CN", "to_country": "US", "rate": "30%"},
        "stages": ["refined"],
        "suspended": [{"from": "2026-01-01", "to": "2028-06-30", "by": "a truce"}],
        "looked_at": "2026-11-29",
    },
    closed={"control": {"from_country": "CN", "effect": "closed"}, "valid_to": "2026-11-28", "looked_at": "2026-11-29"},
    mute={"no_limit": "it speaks of users", "looked_at": "2026-11-29"},
    gold={"limit": HALF, "materials": ["gold"], "looked_at": "2026-11-29"},
    secret={"limit": HALF, "known_from": "2026-11-30", "looked_at": "2026-11-29"},
)
EDGE = {"material": ORE, "to_country": "US"}
OWN: dict[str, Any] = {
    "duties": (
        Duty(duty="MFN", stage="refined", from_country="CN", rate=0.02, **EDGE),
        Duty(duty="MFN", stage="refined", from_country="AU", rate=0.02, **EDGE),
        Duty(duty="MFN", stage="mined", rate=0.1, **EDGE),
    ),
    "controls": (
        Control(
            control="No. 1",
            material=ORE,
            stage="refined",
            from_country="CA",
            effect="licence",
            valid_from="2027-07-01",
            valid_to="2028-12-31",
        ),
    ),
}


def asked(**more: Any) -> Instance:
    return market(OURS, **(YEARS | OWN | more))


PERIOD_BY_PERIOD = """\
The law of A small market, as known on 2026-11-29

2027  2027-01-01 to 2027-12-31, 365 days
2028  2028-01-01 to 2028-12-31, 366 days
2029  2029-01-01 to 2029-12-31, 365 days

ours:half
  days       from 2027-07-01
  stands     holds on 915 of the 1096 days that are planned; on 2026-11-29 not
             yet in force (from 2027-07-01), nobody looked since 2026-11-21;
             seen
  2027       on 184 of 365 days (50.41%): at most 60%, asked of all of it
  2028       on all days: at most 60%
  2029       on all days: at most 40%
  on         mined ore and refined ore
  becomes    limit half (2027..2028): share_cap, each country by place
  becomes    limit half (2029): share_cap, each country by place
  binds      only large buyers; here it is asked of all
  pending    It ends. It would hold from 2028-07-01. (a bill; reported)

ours:late
  days          from 2029-07-03
  stands        holds on 182 of the 1096 days that are planned; on 2026-11-29
                not yet in force (from 2029-07-03); assumed
  2027 to 2028  on no day
  2029          on 182 of 365 days (49.86%): not asked, less than half
  on            mined ore and refined ore
  becomes       nothing: it holds on less than half of the days

ours:tax
  days       to 2025-12-31, from 2028-07-01
  stands     holds on 549 of the 1096 days that are planned; on 2026-11-29
             suspended until 2028-06-30; assumed
  2027       on no day
  2028       on 184 of 366 days (50.27%): 30%
  2029       on all days: 30%
  on         refined ore
  becomes    duty of 30% from CN to US

ours:mute
  days          no first or last day is stated
  stands        in force; assumed
  2027 to 2029  on all days
  on            mined ore and refined ore
  becomes       nothing: it speaks of users

duty MFN
  days          no first or last day is stated
  2027 to 2029  on all days
  becomes       duty of 2% from CN and AU to US on refined ore
  becomes       duty of 10% from any other country to US on mined ore

control No. 1
  days       from 2027-07-01 to 2028-12-31
  2027       on 184 of 365 days (50.41%): licence
  2028       on all days: licence
  2029       on no day
  becomes    licence from CA to any other country on refined ore

Holds on no day that is planned:
  ours:closed (expired on 2026-11-28)

Concerns nothing in the instance:
  ours: gold

Not known on 2026-11-29:
  ours:secret (known from 2026-11-30)

This is no legal advice: read the source before you rely on it.
"""


def test_the_law_of_an_instance_is_printed_period_by_period() -> None:
    assert format_law(*ask_law(asked(), None, None)) == PERIOD_BY_PERIOD


def test_without_a_start_one_day_stands_for_all_periods() -> None:
    said = format_law(*ask_law(asked(start=None, as_of="2029-01-01"), "ours:half", None))
    assert (
        said
        == """\
The law of A small market, of policy ours, as known on 2029-01-01

No start says when the periods begin: the law of 2029-01-01 stands for 2027,
2028 and 2029.

ours:half
  days          from 2027-07-01
  stands        in force since 2027-07-01, nobody looked since 2026-11-21; seen
  2027 to 2029  holds: at most 40%
  on            mined ore and refined ore
  becomes       limit half: share_cap, each country by place
  binds         only large buyers; here it is asked of all
  pending       It ends. It would hold from 2028-07-01. (a bill; reported)

This is no legal advice: read the source before you rely on it.
"""
    )


def test_data_says_the_same_and_what_is_not_known() -> None:
    found = list_law_records(*ask_law(asked(), None, None))
    law = {one["name"]: one for one in found["law"]}
    assert found["periods"][1] == {"period": "2028", "first": "2028-01-01", "last": "2028-12-31", "days": 366}
    assert law["ours:tax"]["days"] == [{"from": None, "to": "2025-12-31"}, {"from": "2028-07-01", "to": None}]
    assert law["ours:tax"]["periods"][1] == {
        "period": "2028", "days": 184, "of": 366, "level": None, "asked": True, "share": 184 / 366, "asks": "30%",
    }  # fmt: skip
    assert [period["asks"] for period in law["ours:half"]["periods"]] == ["at most 60%", "at most 60%", "at most 40%"]
    assert [entry["words"] for entry in law["ours:half"]["pending"]] == ["It ends."]
    assert law["ours:secret"]["known"] is False
    assert law["ours:gold"]["goods"] == []
    assert [period["days"] for period in law["No. 1"]["periods"]] == [184, 366, 0]
    assert {one["kind"] for one in found["law"]} == {"measure", "duty", "control"}


def test_a_policy_that_is_named_is_shown_alone_and_added_where_the_instance_has_it_not(tmp_path: Path) -> None:
    chips = copied("chips-2026", tmp_path)
    said = lodeplan("policies", "show", "us-section-301:s301-gallium", "--instance", chips)
    assert (said.code, said.err) == (0, "")
    assert "us-section-301:s301-gallium\n" in said.out
    assert "china-export-controls" not in said.out
    of_it = lodeplan("policies", "show", "china-export-controls:gallium-*", "--instance", chips, "--json").out
    names = [one["name"] for one in json.loads(of_it)["law"]]
    assert "china-export-controls:gallium-germanium-licence" in names
    assert api.law(chips, "china-export-controls:gallium-*").as_dict() == json.loads(of_it)


def test_another_day_of_knowledge_is_another_law() -> None:
    later, _ = ask_law(asked(), None, "2026-11-30")
    assert "Not known on" not in format_law(later)
    assert "ours:secret\n  days" in format_law(later)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "name a policy, such as eu-crma, or an instance with --instance"),
        (
            ("eu-crm", "--instance", "CHIPS"),
            "'eu-crm' is no policy (did you mean eu-crma?), or name a file of your own",
        ),
        (("us-pfe", "--instance", "CHIPS"), "us-pfe: its measures stand for different cases; name those meant"),
        (("--instance", "CHIPS", "--as-of", "soon"), "--as-of soon: 'soon' is not a date; write one such as"),
        (("--instance", "nowhere"), "nowhere: "),
    ],
)
def test_what_cannot_be_shown_is_told(words: tuple[str, ...], told: str, tmp_path: Path) -> None:
    chips = str(copied("chips-2026", tmp_path))
    said = lodeplan("policies", "show", *(chips if word == "CHIPS" else word for word in words))
    assert said.code == 2
    assert said.err.startswith(told)


def test_python_gives_one_row_for_each_law_and_period() -> None:
    found = api.law(asked())
    table = found.tables["law"]
    assert list(table.columns) == ["kind", "law", "period", "days", "of", "share", "asks", "asked", "becomes"]
    assert table[table["law"] == "ours:tax"]["days"].tolist() == [0, 184, 365]
    assert found.answer == (
        "6 laws hold on days that are planned, 4 of them not on all; read the source before you rely on it."
    )
    assert found.text == format_law(*ask_law(asked(), None, None))


def test_a_what_if_names_the_first_measures_that_begin_or_cease_to_hold() -> None:
    named = {f"n{place}": {"limit": HALF | {"max_share": 0.9}} for place in range(6)}
    before, after = market(), market(policy(**named, mute={"no_limit": "it speaks of users"}))
    assert describe_moves(before, after) == "In force now: n0, n1, n2 and 3 more"
    assert describe_moves(after, before) == "No longer in force: n0, n1, n2 and 3 more"
