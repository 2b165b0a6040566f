"""Changes that are made in some periods, or in some places at once: each part behind an ``@`` means what it names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from models.limits.ban import Ban
from models.limits.share_cap import ShareCap
from optimizer.dump import dump
from optimizer.load import load
from optimizer.notes import foresight
from tests.changes.test_bad_changes import told
from tests.changes.test_effects import after, moved
from tests.laws.test_laws import cost

if TYPE_CHECKING:
    from pathlib import Path

    from models.instance import Instance

Rows = dict[str, tuple[float | None, float | None, float | None]]


@pytest.fixture
def before(small: Path) -> Instance:
    """Return the small instance with four quarters from 2027 on in the place of its years."""
    lines = "\n".join(f'[[periods]]\nname = "2027-Q{quarter}"\nyears = 0.25' for quarter in (1, 2, 3, 4))
    header = (small / "instance.toml").read_text("utf-8")
    head, rest = header.split("[[periods]]", 1)[0], header[header.index("[blocs]") :]
    (small / "instance.toml").write_text(f"{head}start = 2027-01-01\n\n{lines}\n\n{rest}", "utf-8")
    for table in (
        "demand",
        "products",
        "commitments",
        "earlier",
        "terms",
        "lane_terms",
        "stock_terms",
        "under_way",
        "scenarios",
    ):
        file = small / f"{table}.csv"
        file.write_text(file.read_text("utf-8").replace("2027", "2027-Q1").replace("2028", "2027-Q2"), "utf-8")
    return load(small)


def terms(instance: Instance) -> Rows:
    return {
        f"{row.offer}/{row.period}": (row.price, row.capacity, row.minimum_take)
        for row in instance.market.terms
        if (row.offer, row.period) != ("Atacama", "2027-Q1")
    }


WRITTEN: dict[str, Rows] = {
    "capacity Pilbara@2027-Q2..2027-Q3=0": {"Pilbara/2027-Q2": (None, 0, None), "Pilbara/2027-Q3": (None, 0, None)},
    "capacity Pilbara@2027-Q4=x0.5": {"Pilbara/2027-Q4": (None, 1000, None)},
    "price Pilbara@2027-Q2=+500": {"Pilbara/2027-Q2": (9500, None, None)},
    "price Syrah@2027-Q2=+10%": {"Syrah/2027-Q2": (7700, None, None)},
    "minimum-take Ganfeng@2027-Q1=100": {"Ganfeng/2027-Q1": (None, None, 100)},
    "price refined/lithium@DE@2027-Q2=x2": {"Bitterfeld/2027-Q2": (12000, None, None)},
    "price lithium@2027-Q2@refined@China=x2": {"Ganfeng/2027-Q2": (8000, None, None)},
    "capacity lithium@CN@control@2027-Q3=0": {"Ganfeng/2027-Q3": (None, 0, None)},
    "capacity mined/lithium@Australia@control@2027-Q3=0": {"Pilbara/2027-Q3": (None, 0, None)},
    "capacity lithium@Northern@2027-Q3=0": {"Pilbara/2027-Q3": (None, 0, None)},
    "capacity *@company:Sal@2027-Q[12]=900": {
        "Atacama/2027-Q2": (None, 900, None)
    },
    "capacity Pilbara@2027-Q1..2027-Q3@2027-Q3..2027-Q4=0": {"Pilbara/2027-Q3": (None, 0, None)},
    'capacity Pilbara@"2027-Q3"=0': {"Pilbara/2027-Q3": (None, 0, None)},
    "capacity Pilbara@period:2027-Q2..2027-Q2=0": {"Pilbara/2027-Q2": (None, 0, None)},
}  # fmt: skip


@pytest.mark.parametrize("text", WRITTEN)
def test_what_differs_in_some_periods_stands_in_rows_of_terms(before: Instance, text: str) -> None:
    changed = after(before, text)
    assert terms(changed) == WRITTEN[text]
    assert changed.market.offers == before.market.offers


def test_a_term_of_all_periods_is_that_of_the_offer_and_of_what_differs(before: Instance) -> None:
    shut = after(before, "capacity Pilbara@2027-Q2=500", "price Pilbara@2027-Q2=9900")
    assert after(before, "capacity Pilbara@2027-Q1..2027-Q4=+10%") == after(before, "capacity Pilbara=+10%")
    more = after(shut, "capacity Pilbara=x2", "price Pilbara=+100")
    assert terms(more) == {"Pilbara/2027-Q2": (10000, 1000, None)}
    assert moved(before, more, "offers", "capacity") == {"Pilbara": 4000}
    assert terms(after(shut, "capacity Pilbara=1800")) == {"Pilbara/2027-Q2": (9900, None, None)}
    assert terms(after(shut, "capacity Pilbara=1800", "price Pilbara=1")) == {}
    assert terms(after(shut, "capacity Pilbara@2027-Q2=2000", "price *a*a@2027-Q2=9000")) == {
        "Atacama/2027-Q2": (9000, None, None)
    }


def test_a_row_that_a_change_writes_is_known_as_well_as_what_it_changes(before: Instance) -> None:
    guessed = after(before, "set offers.Pilbara.quality=reported", "set offers.Pilbara.assumed=price")
    said = after(guessed, "price Pilbara@2027-Q2=+10%", "capacity Pilbara@2027-Q3=1").market.terms
    assert [row.quality for row in said if row.offer == "Pilbara"] == ["assumed", "reported"]


def lanes(instance: Instance) -> dict[str, tuple[float | None, float | None]]:
    return {
        "/".join(str(part) for part in row.key if part is not None): (row.freight, row.capacity)
        for row in instance.market.lane_terms
        if row.period != "2027-Q1"
    }


def test_lanes_and_corridors_carry_and_cost_something_else_in_some_periods(before: Instance) -> None:
    assert lanes(after(before, "lane Pilbara/*@2027-Q2..2027-Q3=0", "freight */Gigafactory@2027-Q2=+10")) == {
        "Pilbara/Ganfeng/2027-Q2": (None, 0),
        "Pilbara/Ganfeng/2027-Q3": (None, 0),
        "Pilbara/Bitterfeld/2027-Q2": (None, 0),
        "Pilbara/Bitterfeld/2027-Q3": (None, 0),
        "Ganfeng/Gigafactory/2027-Q2": (130, None),
        "Bitterfeld/Gigafactory/2027-Q2": (20, None),
        "Syrah/Gigafactory/2027-Q2": (80, None),
    }
    shut = after(before, "lane corridor:cape@2027-Q2=x0.5", "lane Syrah/Gigafactory@2027-Q2=100")
    assert lanes(shut) == {"cape/2027-Q2": (None, 1500), "Syrah/Gigafactory/2027-Q2": (None, 100)}
    everywhere = after(shut, "lane corridor:cape=4000", "lane Syrah/Gigafactory=x2", "freight Syrah/*=1")
    assert lanes(everywhere) == {"Syrah/Gigafactory/2027-Q2": (None, 200)}
    assert moved(before, everywhere, "corridors", "capacity") == {"cape": 4000}
    assert moved(before, everywhere, "lanes", "freight") == {"Syrah/Gigafactory": 1}


def test_demand_of_a_run_of_periods_at_a_place(before: Instance) -> None:
    assert moved(before, after(before, "demand lithium@Germany@2027-Q1..2027-Q3=+10%"), "demand", "quantity") == {
        "Gigafactory/lithium/2027-Q1": 1100,
        "Gigafactory/lithium/2027-Q2": 2750,
    }
    changed = after(before, "demand *@2027-Q2..2027-Q4@Gigafactory=0")
    assert moved(before, changed, "demand", "quantity") == {"Gigafactory/lithium/2027-Q2": 0}


def test_a_ban_of_some_periods_is_a_limit_in_these_alone(before: Instance) -> None:
    (china,) = before.limits
    _, ban = after(before, "ban CN@place@2027-Q2..2027-Q3").limits
    named = {"name": "ban CN place (2027-Q2..2027-Q3)", "periods": ("2027-Q2", "2027-Q3")}
    common: dict[str, Any] = {"country": "CN", "basis": "place", "undisclosed": "apart", "hard": True}
    assert ban == Ban.model_validate(common | named)
    kept, new = after(before, "ban graphite:company:Syrah@refined@2027-Q2").limits
    assert (kept, new) == (
        china,
        Ban(
            name="ban Syrah (graphite, refined, 2027-Q2)",
            company="Syrah",
            materials=("graphite",),
            stages=("refined",),
            periods=("2027-Q2",),
            hard=True,
        ),
    )
    both = after(before, "ban RU@2027-Q4").limits[1:]
    assert [(one.basis, one.periods) for one in both if isinstance(one, Ban)] == [
        ("place", ("2027-Q4",)),
        ("control", ("2027-Q4",)),
    ]


def levels(instance: Instance) -> list[tuple[str, float, Any, Any]]:
    return [
        (limit.name, limit.level, limit.periods, limit.stages)
        for limit in instance.limits
        if isinstance(limit, ShareCap)
    ]


def test_a_cap_of_some_periods_splits_the_limit_that_is_there(before: Instance) -> None:
    assert levels(after(before, "cap CN@place@2027-Q2=40%")) == [
        ("china", 0.6, ("2027-Q1", "2027-Q3", "2027-Q4"), None),
        ("china (2027-Q2)", 0.4, ("2027-Q2",), None),
    ]
    assert levels(after(before, "cap refined:CN@place@2027-Q2..2027-Q4=-10pp")) == [
        ("china", 0.6, None, ("mined",)),
        ("china (outside refined, 2027-Q2..2027-Q4)", 0.6, ("2027-Q1",), ("refined",)),
        ("china (refined, 2027-Q2..2027-Q4)", 0.5, ("2027-Q2", "2027-Q3", "2027-Q4"), ("refined",)),
    ]
    horizon = after(before, "set limits.china.per=horizon")
    assert levels(after(horizon, "cap CN@place@2027-Q2=40%")) == [
        ("china", 0.6, None, None),
        ("cap CN place (2027-Q2)", 0.4, ("2027-Q2",), None),
    ]


def duties(instance: Instance) -> list[tuple[str, float, str, str]]:
    return [(row.duty, row.rate, str(row.valid_from), str(row.valid_to)) for row in instance.market.duties]


def test_a_duty_of_some_periods_holds_on_their_days(before: Instance) -> None:
    law = ("Anti-dumping", 0.25, "2025-01-01", "2029-12-31")
    assert duties(before) == [law]
    goods = "refined/graphite:CN>DE"
    assert duties(after(before, f"duty {goods}@2027-Q2..2027-Q3=+10%")) == [
        law,
        ("change", 0.1, "2027-04-01", "2027-06-30"),
        ("change", 0.1, "2027-07-01", "2027-09-30"),
    ]
    twice = after(before, f"duty {goods}@2027-Q2=+10%", f"duty {goods}@2027-Q2..2027-Q3=+5%")
    assert [rate for _, rate, *_ in duties(twice)] == [0.25, pytest.approx(0.15), 0.05]
    assert duties(after(before, f"duty {goods}@2027-Q2..2027-Q3=x2")) == [
        ("Anti-dumping", 0.25, "2025-01-01", "2027-03-31"),
        ("Anti-dumping", 0.5, "2027-04-01", "2027-09-30"),
        ("Anti-dumping", 0.25, "2027-10-01", "2029-12-31"),
    ]
    assert duties(after(before, f"duty {goods}@2027-Q1=0%")) == [
        ("Anti-dumping", 0.25, "2027-04-01", "2029-12-31"),
    ]
    assert duties(after(before, f"duty {goods}@2027-Q3..2027-Q4=40%")) == [
        ("Anti-dumping", 0.25, "2025-01-01", "2027-06-30"),
        ("change", 0.4, "2027-07-01", "2027-09-30"),
        ("change", 0.4, "2027-10-01", "2027-12-31"),
    ]
    assert after(before, f"duty {goods}@2027-Q1..2027-Q4=x2") == after(before, f"duty {goods}=x2")


def test_what_changes_in_a_later_period_is_told_to_be_foreseen(before: Instance) -> None:
    later = ("capacity Pilbara@2027-Q3=0", "lane corridor:cape@2027-Q3=0", "ban RU@2027-Q3", "cap CN@place@2027-Q3=1%")
    duty = "duty refined/lithium:CN>DE@2027-Q3=+10%"
    for text in (*later, duty, "cap refined:CN@place@2027-Q3..2027-Q4=1%", "price Pilbara@2027-Q3..2027-Q4=+10%"):
        (said,) = foresight(before, after(before, text))
        assert said.startswith("what changes in 2027-Q3 is known to the plan from 2027-Q1 on")
    for text in ("capacity Pilbara@2027-Q1..2027-Q2=0", "cap CN@place@2027-Q1=1%", "cap refined:CN@place=1%"):
        assert foresight(before, after(before, text)) == []


LINES = {
    "capacity Pilbara@2027-Q5=0": (
        "'2027-Q5' is no country, company, stage, period or basis (did you mean 2027-Q4?)"
    ),
    "capacity Pilbara@2027-Q2..2027-Q9=0": "'2027-Q9' is no period (did you mean 2027-Q4?)",
    "capacity Pilbara@..2027-Q2=0": "'' is no period; there are periods: 2027-Q1, 2027-Q2, 2027-Q3, 2027-Q4",
    "capacity Pilbara@2027-Q3..2027-Q2=0": "'2027-Q3..2027-Q2' runs backwards; write 2027-Q2..2027-Q3",
    "capacity Pilbara@2027-Q2@2027-Q3=0": (
        "no period is @2027-Q2 and @2027-Q3 at once; write one change for each"
    ),
    "capacity Pilbara@=0": (
        "nothing stands behind the last @ of 'Pilbara@'; name a place or a period there, or leave it out"
    ),
    "capacity Pilbara@control=0": (
        "@control says how a country counts, and none is named; write it beside one, such as @CN@control"
    ),
    "capacity lithium@Nordmetall@2027-Q2@CL=0": "no offer of lithium stands in CL; they stand in DE",
    "capacity Pilbara@Sal=0": "no offer of Pilbara is one of Sal as well; there are Pilbara",
    "price Syrah@2027-Q2=7200": "Syrah has tiers of its own prices; write a relative price such as +10% or x1.1",
    "price Syrah@2027-Q2=+20": (
        "Syrah has tiers, which move in proportion in a period; write a relative price such as +10% or x1.1"
    ),
    "minimum-take Pilbara@2027-Q2=3000": (
        "terms.Pilbara/2027-Q2.minimum_take: 3000 is above the capacity of Pilbara of 2000; lower it"
    ),
    "price Pilbara@2027-Q2=-10000": (
        "terms.Pilbara/2027-Q2.price: -1000 is below zero; write 0 or more, or resale = yes for the offer"
    ),
    "demand graphite@2027-Q3..2027-Q4=+5%": (
        "there is no demand for graphite at 2027-Q3..2027-Q4; there is graphite at Gigafactory in 2027-Q1"
    ),
    "lane Pilbara/Bitterfeld@2027-Q2=x0.5": (
        "Pilbara to Bitterfeld states no capacity that x0.5 could change; write an amount such as 1200"
    ),
    "lane Pilbara/Gigafactory=0": (
        "'Pilbara/Gigafactory' is no lane or corridor (did you mean Syrah/Gigafactory?)"
    ),
    "freight corridor:cape=+5": "'corridor:cape' is no lane; there are lanes: Pilbara/Ganfeng, Pilbara/Bitterfeld, "
    "Atacama/Bitterfeld, Ganfeng/Gigafactory, Bitterfeld/Gigafactory, ...",
    "lane corridor:cape@2027-Q2@2027-Q3=0": (
        "no period is @2027-Q2 and @2027-Q3 at once; write one change for each"
    ),
    "cap CN@2027-Q5=40%": "'2027-Q5' is no basis, stage or period (did you mean 2027-Q4?)",
    "cap CN@place@control=40%": "no basis is @place and @control at once; write one change for each",
    "cap US@2027-Q2=+5%": (
        "no share cap speaks of US in 2027-Q2; write a level such as 40% (caps that are there: china on CN by place)"
    ),
    "ban refined/graphite:CN@mined": "refined/graphite has no stage mined; leave one of the two out",
    "duty CN@2027-Q7=5%": "'2027-Q7' is no period (did you mean 2027-Q4?)",
}  # fmt: skip


@pytest.mark.parametrize("text", LINES)
def test_what_names_nothing_is_told(before: Instance, text: str) -> None:
    assert told(before, text) == [f"--{text}: {LINES[text]}"]


def test_what_names_two_things_is_refused_with_both_readings(before: Instance) -> None:
    odd = after(
        before,
        "set offers.Atacama.company=refined",
        "set offers.Ganfeng.company=control",
        "set owners.Ganfeng/CN.company=control",
    )
    assert told(odd, "capacity lithium@refined=0") == [
        "--capacity lithium@refined=0: 'refined' is a company and a stage; write company:refined or stage:refined"
    ]
    assert told(odd, "capacity lithium@CN@control=0") == [
        "--capacity lithium@CN@control=0: 'control' is a company and a basis; write company:control or basis:control"
    ]
    shut = {"Ganfeng/2027-Q2": (None, 0, None)}
    assert terms(after(odd, "capacity lithium@CN@basis:control@2027-Q2=0")) == shut
    assert terms(after(odd, "capacity lithium@company:control@2027-Q2=0")) == shut


def test_duties_of_periods_without_days_are_refused(small: Path) -> None:
    assert told(load(small), "duty CN@2027=+5%") == [
        (
            "--duty CN@2027=+5%: duties hold on days, and the periods have none: state start in the header, "
            "or leave @2027 out"
        )
    ]


def test_an_offer_is_changed_in_the_periods_in_which_it_is_sold(before: Instance) -> None:
    late = after(before, "set offers.Pilbara.from_period=2027-Q3")
    assert terms(after(late, "capacity Pilbara@2027-Q2..2027-Q3=0")) == {"Pilbara/2027-Q3": (None, 0, None)}
    assert told(late, "capacity Pilbara@2027-Q2=0") == [
        "--capacity Pilbara@2027-Q2=0: nothing of Pilbara is sold in 2027-Q2; name periods in which it is"
    ]


SCENARIO = (
    "capacity lithium@CN@control@2027-Q2..2027-Q3=0",
    "price Syrah@2027-Q2=+20%",
    "minimum-take Bitterfeld@2027-Q4=50",
    "demand lithium@2027-Q2=+20%",
    "lane corridor:cape@2027-Q2..2027-Q3=x0.5",
    "freight Atacama/Bitterfeld@2027-Q4=x3",
    "ban RU@2027-Q3",
    "cap CN@place@2027-Q4=50%",
    "duty refined/graphite:CN>DE@2027-Q2..2027-Q3=x2",
)


@pytest.mark.parametrize("form", ["scenario", "scenario.xlsx", "scenario.json"])
def test_what_comes_of_changes_is_an_instance_as_any_other(before: Instance, tmp_path: Path, form: str) -> None:
    changed = after(before, *SCENARIO)
    dump(changed, tmp_path / form)
    again = load(tmp_path / form)
    assert again.model_dump() == changed.model_dump()
    assert cost(again) == cost(changed)


def test_cases_and_flags_say_the_same(before: Instance) -> None:
    with_case = before.model_copy(update={"cases": {"stops": SCENARIO}})
    assert after(with_case, "case stops").market == after(before, *SCENARIO).market
