"""Every kind of bad change, and the exact line that is told about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.changes import VERBS, ChangeError, apply_changes, parse
from optimizer.check import check
from optimizer.load import load

if TYPE_CHECKING:
    from pathlib import Path

    from models.instance import Instance

LINES: dict[str, list[str]] = {
    "cpa CN=40%": [
        "'cpa' is no change (did you mean cap?)",
    ],
    "cap": [
        ("says no more; write cap [SCOPE:]WHO[@place|@control][@PERIODS]=LEVEL, such as cap refined/graphite:CN=40%"),
    ],
    "cap CN": [
        "has no value; write cap [SCOPE:]WHO[@place|@control][@PERIODS]=LEVEL, such as cap refined/graphite:CN=40%",
    ],
    "cap =40%": [
        (
            "names nothing to change; write cap [SCOPE:]WHO[@place|@control][@PERIODS]=LEVEL, "
            "such as cap refined/graphite:CN=40%"
        ),
    ],
    "cap CN=": [
        "has no value; write cap [SCOPE:]WHO[@place|@control][@PERIODS]=LEVEL, such as cap refined/graphite:CN=40%",
    ],
    "cap CN=40": [
        '40 is not a share; write 0.4 or "40%"',
    ],
    "cap CN=1.5": [
        "1.5 is not a share; write one from 0 to 1, or from 0% to 100%",
    ],
    "cap CN=+0.1": [
        ("'+0.1' cannot stand here; write a multiple such as x0.9, or +20% (a fifth more) or +5pp (5 points more)"),
    ],
    "cap CN=x2": [
        "0.6 x2 makes 1.2, and a share lies between 0 and 1; write a smaller change",
    ],
    "cap CN=-70pp": [
        "0.6 -70pp makes -0.1, and a share lies between 0 and 1; write a smaller change",
    ],
    "cap CN=lots": [
        "'lots' is not a number; write one such as 40%, +5pp or x0.5",
    ],
    "cap US=+5%": [
        "no share cap speaks of US; write a level such as 40% (caps that are there: china on CN by place)",
    ],
    "cap Chlie=40%": [
        "'Chlie' is no country, bloc, company or offer (did you mean Chile?)",
    ],
    "cap Europe=40%": [
        "'Europe' is a bloc, not a country; declare it under blocs",
    ],
    "cap Gangfeng=40%": [
        "'Gangfeng' is no country, bloc, company or offer (did you mean Ganfeng?)",
    ],
    "cap CN@plce=40%": [
        "'plce' is no basis, stage or period (did you mean place?)",
    ],
    "cap Ganfeng@place=40%": [
        "'Ganfeng' is a company and an offer; write company:Ganfeng or offer:Ganfeng",
    ],
    "cap Ganfeng=40%": [
        "'Ganfeng' is a company and an offer; write company:Ganfeng or offer:Ganfeng",
    ],
    "cap graphit:CN=40%": [
        "'graphit' is no stage or material (did you mean graphite?)",
    ],
    "cap graphite/refined:CN=40%": [
        "'graphite/refined' has the material first; write refined/graphite",
    ],
    "cap smelted/graphite:CN=40%": [
        "'smelted' is no stage; there are stages: mined, refined",
    ],
    "cap company:Nobody=40%": [
        "'Nobody' is no company; there are companies: Northern, Sal, Ganfeng, Nordmetall, Syrah",
    ],
    "ban each": [
        "each would leave nobody to buy from; name a country, a bloc, a company or an offer",
    ],
    "ban covred": [
        "'covred' is no country, bloc, company or offer (did you mean covered?)",
    ],
    "demand cobalt=+5%": [
        "'cobalt' is no material; there are materials: lithium, graphite",
    ],
    "demand lithium@2030=+5%": [
        ("'2030' is no site, country or period; there are sites: Gigafactory; countries: DE; periods: 2027, 2028"),
    ],
    "demand graphite@2028=+5%": [
        "there is no demand for graphite at 2028; there is graphite at Gigafactory in 2027",
    ],
    "demand lithium=many": [
        "'many' is not a number; write one such as +20%, x2 or -500",
    ],
    "demand lithium=1,5": [
        "'1,5' has a decimal comma; write 1.5",
    ],
    "demand lithium=-5000": [
        "demand.Gigafactory/lithium/2027.quantity: -4000 is below zero; write 0 or more",
        "demand.Gigafactory/lithium/2028.quantity: -2500 is below zero; write 0 or more",
    ],
    "demand lithium@China=+5%": [
        ("'China' is no site, country or period; there are sites: Gigafactory; countries: DE; periods: 2027, 2028"),
    ],
    "price cobalot=+5%": [
        (
            "'cobalot' is no offer, company or material; there are offers: Pilbara, Atacama, Ganfeng, "
            "Bitterfeld, Syrah; companies: Northern, Sal, Ganfeng, Nordmetall, Syrah; materials: lithium, "
            "graphite"
        ),
    ],
    "price Pilbra=+5%": [
        "'Pilbra' is no offer, company or material (did you mean Pilbara?)",
    ],
    "price Pilbara=-99999": [
        "-90999 is below zero; write 0 or more, or resale = yes when the buyer is paid",
    ],
    "price Syrah=100": [
        "Syrah has tiers of its own prices; write a relative price such as +10% or x1.1",
    ],
    "price refined/litium=x2": [
        "'litium' is no material (did you mean lithium?)",
    ],
    "price Northern@Chile=x2": [
        "no offer of Northern stands in Chile; they stand in AU",
    ],
    "price Pilbara=+5pp": [
        "'+5pp' cannot stand here; write a multiple such as x0.9, or +20% (a fifth more) or +500 (500 more)",
    ],
    "capacity Pilbara=-5000": [
        "-3000 is below zero; write 0 or more",
    ],
    "capacity Syrah=nan": [
        "'nan' is not a finite number; write a number, or leave the cell empty where it may be",
    ],
    "duty CN=25": [
        '25 is not a rate; write 0.25 or "25%"',
    ],
    "duty CN=-5%": [
        "'-5%' cannot be taken off, as duties add up; write a multiple such as x0.5, or the rate that holds",
    ],
    "duty Chna=5%": [
        "'Chna' is not a country (did you mean China?)",
    ],
    "duty US=x2": [
        "no such duty is in force on 2026-01-15; write a rate such as 25% (duties: graphite from CN)",
    ],
    "duty refined/graphite:CN>US=5%": [
        "nothing of refined/graphite goes to US; it goes to DE",
    ],
    "set limits.china.max_share=30": [
        '30 is not a share; write 0.3 or "30%"',
    ],
    "set limits.china.max_shar=30%": [
        "'max_shar' is no field of a limit of this kind (did you mean max_share?)",
    ],
    "set limits.chna.max_share=30%": [
        "'chna' is no limit (did you mean china?)",
    ],
    "set limits.china.basis=plce": [
        "'plce' is not one of place, control (did you mean place?)",
    ],
    "set limits.china.hard=no": [
        "false cannot stand here; write true",
    ],
    "set limits.china.hard=": [
        "does not say how firmly it holds: write one of hard = true, penalty = a cost, watch = true",
    ],
    "set limits.china.max_share=x3": [
        "0.6 x3 makes 1.8, and 1.8 is not a share; write a smaller change",
    ],
    "set limits.china.periods=2030": [
        "periods: '2030' is not in the instance; use one of: 2027, 2028",
    ],
    "set solve.gap=-1": [
        "0.001 -1 makes -0.999, and -0.999 is below zero; write a smaller change",
    ],
    "set solve.gpa=1": [
        "'gpa' is no field of solve (did you mean gap?)",
    ],
    "set solve.gap.x=1": [
        "'gap.x' is no field of solve (did you mean gap?)",
    ],
    "set solve..gap=1": [
        "'.gap' is no field of solve (did you mean gap?)",
    ],
    "set solve.time_limit=+5": [
        "there is no value yet that +5 could change; write one",
    ],
    "set offers.Pilbara.country=Chlie": [
        "'Chlie' is not a country (did you mean Chile?)",
    ],
    "set offers.Pilbara.company=": [
        "has no value, and company is needed; write one",
    ],
    "set offers.Pilbara.from_period=2030": [
        "'2030' is not among the periods; add it there or use one of them: 2027, 2028",
    ],
    "set ofers.Pilbara.price=5": [
        "'ofers' is none of limits, solve, risk, response and the tables (did you mean offers?)",
    ],
    "set offers.Pilbara=5": [
        "'offers.Pilbara' is no path; write limits.NAME.FIELD, solve.FIELD or TABLE.KEY.COLUMN",
    ],
    "set offers.Pilbara.stage=smelted": [
        "'smelted' is not a stage of lithium; use one of mined, refined",
    ],
    "set offers.Pilbara.minimum_take=3000": [
        "3000 is above the capacity of 2000; lower it",
    ],
    "drop chna": [
        "'chna' is no limit (did you mean china?)",
    ],
    "drop x*": [
        "'x*' is no limit; write one of china",
    ],
    "as-of 2027-02-30": [
        "'2027-02-30' is not a day of the calendar; write one such as 2026-01-31",
    ],
    "as-of soon": [
        "'soon' is not a date; write one such as 2026-01-31",
    ],
    "law Antidumping=off": [
        "'Antidumping' is no measure, duty or control (did you mean Anti-dumping?)",
    ],
    "law x*=off": [
        "'x*' is no measure, duty or control; there are Anti-dumping, No. 39",
    ],
    "law us-pfe:45x-*=off": [
        "'us-pfe:45x-*' is no measure, duty or control; the instance has no policy us-pfe: add it with policy us-pfe",
    ],
    "law No. 39": [
        "has no value; write law MEASURE=off|on|suspended to DATE, such as law us-section-301:*=off",
    ],
    "law No. 39=maybe": [
        "'maybe' says nothing of a law; write off, on or suspended to 2027-01-31",
    ],
    "law No. 39=suspended": [
        "'suspended' says nothing of a law; write off, on or suspended to 2027-01-31",
    ],
    "law No. 39=suspended to soon": [
        "'soon' is not a date; write one such as 2026-01-31",
    ],
    "law No. 39=suspended to 2026-01-14": [
        "2026-01-14 lies before 2026-01-15 (as_of); write a later day, or on",
    ],
    "case winter": [
        "'winter' is no case; the instance names none",
    ],
}
"""What is asked for, and what is told after it."""


@pytest.fixture
def before(small: Path) -> Instance:
    return load(small)


def told(before: Instance, *texts: str) -> list[str]:
    with pytest.raises(ChangeError) as found:
        apply_changes(before, [parse(text, f"--{text}") for text in texts])
    return list(found.value.problems)


@pytest.mark.parametrize("text", LINES)
def test_a_bad_change_is_told_as_it_was_written(before: Instance, text: str) -> None:
    assert told(before, text) == [f"--{text}: {line}" for line in LINES[text]]


def test_everything_is_told_at_once_each_with_the_change_that_brought_it(before: Instance) -> None:
    lines = told(
        before,
        "set offers.Pilbara.minimum_take=1900",
        "drop chna",
        "capacity mined/lithium=x0.9",
        "price Pilbra=x2",
        "set limits.china.hard=",
    )
    assert lines == [
        "--drop chna: 'chna' is no limit (did you mean china?)",
        "--price Pilbra=x2: 'Pilbra' is no offer, company or material (did you mean Pilbara?)",
        (
            "--set limits.china.hard=: does not say how firmly it holds: "
            "write one of hard = true, penalty = a cost, watch = true"
        ),
    ]
    lines = told(before, "set offers.Pilbara.minimum_take=1900", "capacity mined/lithium=x0.9", "ban RU")
    assert lines == [
        ("--capacity mined/lithium=x0.9: offers.Pilbara.minimum_take: 1900 is above the capacity of 1800; lower it")
    ]


def test_a_capacity_that_is_not_stated_can_be_stated_and_not_multiplied(before: Instance) -> None:
    before = apply_changes(before, [parse("set offers.Pilbara.capacity=")])
    assert told(before, "capacity mined/lithium=+20%") == [
        "--capacity mined/lithium=+20%: Pilbara states no capacity that +20% could change; write an amount such as 1200"
    ]
    assert apply_changes(before, [parse("capacity Pilbara=900")]).market.offer["Pilbara"].capacity == 900


def test_what_is_wrong_on_the_way_and_right_at_the_end_is_right(before: Instance) -> None:
    new = apply_changes(before, [parse("set offers.Pilbara.minimum_take=3000"), parse("capacity Pilbara=x2")])
    assert (new.market.offer["Pilbara"].minimum_take, new.market.offer["Pilbara"].capacity) == (3000, 4000)


def test_a_wildcard_that_breaks_many_rows_does_not_flood(before: Instance) -> None:
    offers = tuple(before.market.offers[0].model_copy(update={"offer": f"o{n}", "company": "x"}) for n in range(50))
    market = before.market.model_copy(update={"offers": (*before.market.offers, *offers)})
    lines = told(before.model_copy(update={"market": market}), "price x=-10000")
    assert len(lines) == 11
    assert lines[-1] == "--price x=-10000: breaks 40 more rows in this way"


WORDS = st.sampled_from(
    [
        "CN", "China", "each", "covered", "Ganfeng", "lithium", "refined", "mined", "*", "?", "[", "]", "Pilbara", "/",
        ":", "@", ">", "=", ".", '"', "limits", "offers", "solve", "china", "max_share", "gap", "price", "40%", "+5pp",
        "-5", "x2", "x", "+", "1e999", "nan", " ", "\\", "2027", "place", "site", "demand", "Gigafactory", "duties",
    ]
)  # fmt: skip


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=st.lists(st.tuples(st.sampled_from(list(VERBS)), st.lists(WORDS, max_size=8).map("".join)), max_size=3))
def test_whatever_is_said_gives_a_valid_instance_or_sentences(before: Instance, said: list[tuple[str, str]]) -> None:
    try:
        after = apply_changes(before, [parse(f"{verb} {words}") for verb, words in said])
    except ChangeError:
        return
    check(after)
