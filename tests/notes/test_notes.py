"""What has no effect is noted, one sentence for all that is alike."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from models.changes import apply_changes, parse
from models.enforcement import enforce
from models.limits.ban import Ban
from models.limits.hhi_cap import HhiCap
from models.limits.quantity_cap import QuantityCap
from models.limits.quota import Quota
from models.limits.share_cap import ShareCap
from models.limits.share_floor import ShareFloor
from models.limits.survival_floor import SurvivalFloor
from models.market import (
    Control,
    Conversion,
    Corridor,
    CountryRisk,
    Duty,
    Earlier,
    Lane,
    Material,
    Offer,
    Owner,
    ShortNotice,
    Site,
    Stock,
    Tier,
)
from optimizer.dump import dump
from optimizer.notes import foresight, list_notes
from optimizer.notes.remark import Remark, fold, plural
from tests.blocks.markets import ORE, instance, mined, offer
from tests.cli.command import bundled, copied, lodeplan

if TYPE_CHECKING:
    from pathlib import Path

    from models.enforcement import EnforcedInstance
    from models.limits import Limit

OFFERS = [offer("near", 10, country="US"), offer("far", 8, 30, country="CN")]
NEED = {"2027": 100.0, "2028": 100.0}
OWNED = [Owner(company="near", country="US", share=1), Owner(company="far", country="CN", share=1)]


def asked(*limits: Limit, offers: list[Offer] = OFFERS, need: dict[str, float] = NEED, **more: Any) -> EnforcedInstance:
    """Return a market in which everything has an effect, and what is put into it."""
    return instance(offers, need, *limits, **({"owners": OWNED} | more))


def on_ore(what: str, **more: Any) -> dict[str, Any]:
    """Return a duty or control on refined ore from China to the United States."""
    row = {what: "No. 7", "material": ORE, "stage": "refined", "from_country": "CN", "to_country": "US"}
    return row | more


def cap(kind: type[ShareCap | QuantityCap | Ban], **more: Any) -> Limit:
    """Return a hard limit called `cap` on Russia by place."""
    return kind(**({"name": "cap", "country": "RU", "basis": "place", "stages": ["refined"], "hard": True} | more))


ROOM = [Stock(site="plant", material=ORE, capacity=9)]
ENDLESS = [Stock(site="plant", material=ORE, capacity=1e12)]

SILENT: list[tuple[EnforcedInstance, list[str]]] = [
    (asked(), []),
    (asked(need={"2027": 100.0, "2028": 0.0}), ["period 2028 has no demand"]),
    (
        asked(sites=(Site(site="plant", country="US"), Site(site="depot", country="US"))),
        ["site depot has no demand and no stock"],
    ),
    (
        asked(
            stock=[Stock(site="depot", material=ORE, capacity=9)],
            sites=(*asked().market.sites, Site(site="depot", country="US")),
        ),
        ["stock of ore at depot can never be used: the site has no demand for it"],
    ),
    (
        asked(need={"2027": 100.0}, stock=[Stock(site="plant", material=ORE, capacity=9)]),
        ["stock of ore at plant can never be used: it begins empty, and no later period has demand"],
    ),
    (
        asked(conversions=[Conversion(material=ORE, basis="lb", factor=0.00045359237)]),
        ["conversion of ore from lb is used by no row"],
    ),
    (
        asked(countries=[CountryRisk(country="CN", risk=3)], earlier=[Earlier(offer="far", period="2027", quantity=9)]),
        [
            'table countries has no effect: no limit of kind "hhi_cap" weighs by risk',
            'table earlier has no effect: there is no limit of kind "lock"',
        ],
    ),
    (
        asked(blocs={"allies": ("US", "CA")}, attributes=("co2",)),
        ["bloc allies is named by no limit and no case", "attribute co2 is looked at by no limit"],
    ),
    (
        asked(
            materials=(*asked().market.materials, Material(material="salt", stages="refined", basis="t")),
            offers=[*OFFERS, offer("pan", 1, material="salt")],
        ),
        ["material salt is needed and stored nowhere, so none of its offers (1) can be bought"],
    ),
    (
        asked(need={"2027": 100.0}, stock=[Stock(site="plant", material=ORE, capacity=9, closing_minimum=5)]),
        [],
    ),
    (
        asked(offers=[OFFERS[0], offer("far", 8, 30, country="CN", minimum_take=20)], stock=ROOM),
        [],
    ),
    (
        asked(offers=[OFFERS[0], offer("far", 8, 30, country="CN", minimum_take=20)], stock=ENDLESS),
        [
            (
                "stock of ore at plant has room for 1 000 000 000 000 and 200 flow; state the room that there is, as a "
                "surplus may fill it and no figure is exact beside it"
            )
        ],
    ),
    (
        asked(offers=[OFFERS[0], *(offer(name, 8, None, country="CN", company="far") for name in ("one", "two"))]),
        ["offers one and two state no capacity: as much can be bought as is needed"],
    ),
    (asked(offers=[*OFFERS, offer("shut", 1, 0)]), ["offer shut can never be bought: its capacity is 0"]),
    (
        asked(offers=[*OFFERS, mined("pit", 1), mined("mine", 1)]),
        ["offers mine and pit can never be bought: no offer of refined ore has a yield, so none takes a feed"],
    ),
    (
        asked(
            tiers=[
                Tier(offer="far", from_quantity=30, price=7, kind="incremental"),
                Tier(offer="far", from_quantity=20, price=7.5, kind="incremental"),
            ]
        ),
        ["tier of far from 30 is never reached: no plan can buy so much in a year"],
    ),
    (
        asked(offers=[OFFERS[0], offer("far", 8, 30, country="CN", incumbent_quantity=20, resale=True)]),
        [
            (
                "offer far has an incumbent_quantity without effect on a plan: no switching_cost, no ramp, and no "
                "limit on incumbents; lodeplan exposure reads it"
            ),
            "offer far says resale without effect: no price is below 0",
        ],
    ),
    (
        asked(corridors=[Corridor(corridor="strait"), Corridor(corridor="canal")]),
        ["corridors canal and strait have no open lane"],
    ),
    (
        asked(lanes=[Lane(origin="near", destination="plant"), Lane(origin="far", destination="plant", capacity=0)]),
        ["offer far can never be bought: where its lanes lead, nothing of it is needed"],
    ),
    (
        asked(duties=[Duty(**on_ore("duty", rate=0.1, to_country="JP")), Duty(**on_ore("duty", rate=0))]),
        [
            "duty No. 7 on refined ore from CN to JP meets no lane",
            "duty No. 7 on refined ore from CN to US takes nothing: its rate is 0",
        ],
    ),
    (
        asked(controls=[Control(**on_ore("control", effect="licence", from_country="RU"))]),
        ["control No. 7 on refined ore from RU to US meets no lane"],
    ),
    (
        asked(duties=[Duty(**on_ore("duty", rate=0.1, valid_to="2026-06-30"))]),
        ["duty No. 7 on refined ore from CN to US does not hold on 2027-01-01 (as_of)"],
    ),
    (
        asked(cap(ShareCap, max_share=0.4)),
        ["limit cap can never bind: nothing that can be bought hangs on RU by place"],
    ),
    (asked(cap(ShareCap, country="CN", max_share=1)), ["limit cap can never bind: its level allows everything"]),
    (asked(cap(Ban)), ["limit cap can never bind: nothing that can be bought hangs on RU by place"]),
    (
        asked(
            SurvivalFloor(name="n1", each="corridor", lasts=1, min_covered=0.5, hard=True),
            SurvivalFloor(
                name="n2", country="RU", basis="place", stages=("refined",), lasts=1, min_covered=0.5, hard=True
            ),
            SurvivalFloor(name="n3", company="far", lasts=1, min_covered=0.5, hard=True),
            response=ShortNotice(surge=0, take_or_pay=0.1),
        ),
        [
            "limit n1 can never bind: losing each corridor takes nothing that it holds for",
            "limit n2 can never bind: losing RU by place takes nothing that it holds for",
        ],
    ),
    (
        asked(
            cap(Ban, country="CN", basis="control", from_share=0.5),
            owners=[
                OWNED[0],
                Owner(company="far", country="CN", share=0.4),
                Owner(company="far", country="CL", share=0.6),
            ],
        ),
        ["limit cap can never bind: nothing that can be bought hangs on CN by control to 0.5 or more"],
    ),
    (
        asked(cap(QuantityCap, country="CN", max_quantity=40)),
        ["limit cap can never bind: at most 30 t can hang on CN by place"],
    ),
    (
        asked(Quota(name="cap", country="RU", max_quantity=40, hard=True)),
        ["limit cap can never bind: nothing that it holds for can leave RU"],
    ),
    (
        asked(HhiCap(name="cap", count="country", basis="place", stages=["refined"], max_hhi=1, hard=True)),
        ["limit cap can never bind: its level allows everything"],
    ),
    (
        asked(ShareFloor(name="floor", country="CN", basis="place", min_share=0, hard=True)),
        ["limit floor can never bind: a level of 0 asks for nothing"],
    ),
    (
        asked(cap(ShareCap, country="CN", basis="control", stages=None, max_share=0.4), owners=OWNED[:1]),
        [
            (
                "offers far and near do not declare all their origins at stage mined: the rest counts "
                "as undisclosed (ZZ) under every cap at that stage"
            ),
            "company far has no owners: what it sells counts as undisclosed (ZZ) under every cap by control",
        ],
    ),
]


@pytest.mark.parametrize(("some", "told"), SILENT)
def test_what_has_no_effect_is_noted(some: EnforcedInstance, told: list[str]) -> None:
    assert list_notes(some) == told


def test_names_that_are_nearly_one_are_noted() -> None:
    names = ["Glencore", "GLENCORE plc", "Albemarle", "Albemarle Corp.", "train A", "train B", "works 12", "works 13"]
    offers = [offer(name, 10, country="US") for name in [*names, "Greenbushes", "Greenbuhses"]]
    told = [note for note in list_notes(asked(offers=offers, owners=[])) if "nearly" in note]
    assert told == [
        "offers 'Greenbushes' and 'Greenbuhses' are nearly one name and count as two; write both alike if they are one",
        (
            "companies 'Glencore' and 'GLENCORE plc' (and 2 more like them) are nearly one name and count as two; "
            "write both alike if they are one"
        ),
    ]


LAW: list[tuple[dict[str, Any], str]] = [
    ({"valid_from": "2027-07-01"}, "duty No. 7 begins on 2027-07-01"),
    ({"valid_to": "2028-06-30"}, "duty No. 7 ends on 2028-06-30"),
    ({"suspended_from": "2028-01-01"}, "duty No. 7 is suspended from 2028-01-01"),
    ({"suspended_to": "2027-11-27"}, "duty No. 7 holds again from 2027-11-28"),
    (
        {"valid_from": "2027-07-01", "valid_to": "2028-06-30"},
        "duty No. 7 begins on 2027-07-01; duty No. 7 ends on 2028-06-30",
    ),
]


@pytest.mark.parametrize(("dates", "told"), LAW)
def test_law_that_turns_within_the_horizon_is_noted_as_one_day_stands_for_all(dates: dict[str, str], told: str) -> None:
    said = list_notes(asked(duties=[Duty(**on_ore("duty", rate=0.1, **dates))]))
    assert said[0] == (
        "every period is solved under the law of 2027-01-01 (as_of), as no start says when they begin; "
        f"within the 2 years from that day {told}"
    )


def test_law_that_turns_before_or_after_the_horizon_is_not_noted() -> None:
    held = {"valid_from": "2020-01-01", "valid_to": "2031-12-31"}
    assert list_notes(asked(duties=[Duty(**on_ore("duty", rate=0.1, **held))])) == []


def test_measures_of_a_policy_that_turn_are_noted_when_they_concern_the_instance() -> None:
    chips = bundled("chips-2026")
    before = chips.market.model_copy(update={"start": None, "as_of": date(2026, 11, 22)})
    turn = "within the year from that day measure china-export-controls:gallium-germanium-antimony-us-ban holds again "
    assert any(
        note.endswith(turn + "from 2026-11-28")
        for note in list_notes(enforce(chips.model_copy(update={"market": before})))
    )


START: list[tuple[dict[str, Any], str]] = [
    ({"valid_from": "2027-07-01"}, "duty No. 7 begins on 2027-07-01: it counts for 184 of the 365 days of 2027"),
    ({"valid_to": "2027-12-31"}, "duty No. 7 ends on 2027-12-31"),
    (
        {"suspended_from": "2027-07-01", "suspended_to": "2028-06-30"},
        (
            "duty No. 7 is suspended from 2027-07-01: it counts for 181 of the 365 days of 2027; "
            "duty No. 7 holds again from 2028-07-01: it counts for 184 of the 366 days of 2028"
        ),
    ),
    (
        {"valid_from": "2027-07-01", "valid_to": "2027-07-31"},
        ("duty No. 7 begins on 2027-07-01: it counts for 31 of the 365 days of 2027; duty No. 7 ends on 2027-07-31"),
    ),
]


@pytest.mark.parametrize(("dates", "told"), START)
def test_law_that_turns_within_dated_periods_is_noted_with_how_it_counts(dates: dict[str, str], told: str) -> None:
    dated = asked(start="2027-01-01", as_of="2026-11-29", duties=[Duty(**on_ore("duty", rate=0.1, **dates))])
    assert list_notes(dated) == [f"as law is known on 2026-11-29 (as_of), {told}"]


def test_law_that_is_not_known_yet_or_turns_outside_dated_periods_is_not_noted() -> None:
    rows = [
        Duty(**on_ore("duty", rate=0.1, valid_from="2027-01-01", valid_to="2028-12-31")),
        Duty(**on_ore("duty", rate=0.1, valid_from="2027-07-01", known_from="2026-11-30")),
    ]
    assert list_notes(asked(start="2027-01-01", as_of="2026-11-29", duties=rows)) == []


@pytest.mark.parametrize(
    ("dates", "told"),
    [
        ({"suspended_to": "2026-12-31"}, "2026-12-31, not known when it was last looked at"),
        ({"suspended_to": "2026-12-31", "looked_at": "2026-12-31"}, "2026-12-31, last looked at 2026-12-31"),
        ({"suspended_to": "2026-12-31", "looked_at": "2027-01-01"}, ""),
        ({"suspended_to": "2027-01-01"}, ""),
        ({}, ""),
    ],
)
def test_a_duty_whose_suspension_lapsed_with_nobody_looking_is_noted(dates: dict[str, str], told: str) -> None:
    notes = list_notes(asked(duties=[Duty(**on_ore("duty", rate=0.1, **dates))]))
    where = "duty No. 7 on refined ore from CN to US holds as its suspension lapsed"
    sentence = f"{where} {told}; see whether it was prolonged"
    assert [note for note in notes if "lapsed" in note] == [sentence] * bool(told)


COMMANDS = ["solve", "whatif", "price", "explain", "alternatives", "sweep --cap CN=90%,100%", "whatif -q --json"]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_that_solves_tells_the_notes(command: str, tmp_path: Path) -> None:
    tutorial = copied("tutorial-lithium-cobalt", tmp_path)
    row = "Section 301,lithium,refined,CN,US,25%\n"
    (tutorial / "duties.csv").write_text(f"duty,material,stage,from_country,to_country,rate\n{row}", "utf-8")
    verb, *flags = command.split()
    said = lodeplan(verb, tutorial, "--policy", "us-section-301", *flags)
    told = (
        "policy us-section-301: the instance states the law of s301-lithium-chemicals as Section 301 (25%); it is "
        "charged once on refined lithium"
    )
    assert said.code == 0
    if "-q" in flags:
        assert said.err == ""
        assert json.loads(said.out)["after"]["notes"][0] == told
    else:
        assert f"note: {told}" in said.err.splitlines()[:2]  # behind that the plan was not written


LATER = [
    "demand ore@2028=x1.5",
    "set offers.far.to_period=2027",
    "set limits.cap.max_share=10%",
]
STOCK = [Stock(site="plant", material=ORE, capacity=50, opening=10)]
KNOWN = (
    "note: what changes in 2028 is known to the plan from 2027 on: stock of ore at plant may be filled ahead of it; "
    "where nobody knows it in advance, less can be done, and it costs more"
)


@pytest.mark.parametrize("change", LATER)
@pytest.mark.parametrize("verb", ["whatif", "solve"])
def test_a_change_that_begins_later_is_noted_as_foreseen_where_there_is_stock(
    verb: str, change: str, tmp_path: Path
) -> None:
    late = cap(ShareCap, country="CN", max_share=0.2, periods=["2028"])
    dump(asked(late, offers=[offer("near", 10, 200, "US"), OFFERS[1]], stock=STOCK), tmp_path / "small")
    flag, _, value = change.partition(" ")
    assert KNOWN in lodeplan(verb, tmp_path / "small", f"--{flag}", value).err.splitlines()


@pytest.mark.parametrize("change", ["demand ore=x0.9", "set offers.far.price=9", "capacity far=x0.9"])
def test_a_change_that_holds_from_the_first_period_on_is_foreseen_by_nobody(change: str) -> None:
    stated = asked(offers=[offer("near", 10, 200, "US"), OFFERS[1]], stock=STOCK)
    assert foresight(stated, apply_changes(stated, [parse(change, "")])) == []
    empty = asked(offers=[offer("near", 10, 200, "US"), OFFERS[1]])
    assert foresight(empty, apply_changes(empty, [parse(LATER[0], "")])) == []


def test_what_is_alike_is_told_in_one_sentence_with_a_count() -> None:
    some = [Remark("company", name, "has no owners", "have no owners") for name in "abcdefg"]
    assert fold([*some, Remark("offer", "x", "is shut")]) == [
        "companies a, b, c and 4 more have no owners",
        "offer x is shut",
    ]
    assert fold(some[:4]) == ["companies a, b, c and d have no owners"]
    assert fold([some[0], some[0]]) == ["company a has no owners"]


def test_many_rows_of_a_table_are_rows_of_it() -> None:
    assert [plural(what) for what in ("row of terms", "duty", "company", "")] == [
        "rows of terms",
        "duties",
        "companies",
        "",
    ]
