"""What an axis moves, as drawings name it: in words, with basis and unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from optimizer.load import load
from optimizer.sweep.axis import read_axis
from optimizer.sweep.axis_words import describe_axis
from tests.cli.command import bundled
from tests.test_bases import restate

if TYPE_CHECKING:
    from pathlib import Path

    from models.instance import Instance


@pytest.fixture(scope="module")
def battery() -> Instance:
    return bundled("us-battery-2027")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("cap refined/graphite:CN=20%..60%:3", "cap on China in refined graphite, by place and by control, %"),
        ("cap CN@place=20%,30%", "cap on China in each good, by place, %"),
        ("cap mined:each=x0.9,x1", "cap on each country in each mined good, by place and by control, times what it is"),
        ("cap each-company=20%,40%", "cap on each company in each good, %"),
        (
            "cap graphite:free-trade=+5pp,+9pp",
            "cap on free-trade in graphite, by place and by control, change in percentage points",
        ),
        ("demand lithium=-10%,-20%", "demand for lithium, change in %"),
        ("demand *@2028=1000,2000", "demand for all materials in 2028, t"),
        ("demand lithium@texas-cells=+500,+600", "demand for lithium at texas-cells, change in t"),
        ("price refined/lithium@CL=+5%,+10%", "price of refined lithium in Chile, change in %"),
        ("price kokkola=5000,6000", "price of kokkola, USD a unit"),
        ("capacity mined/cobalt@CD=50%,90%", "capacity of mined cobalt in DR Congo, % of what it is"),
        (
            "capacity graphite@CN@control@2027..2028=x0.5,x0.9",
            "capacity of graphite in China by control in 2027 to 2028, times what it is",
        ),
        ("minimum-take kokkola@2028=0,500", "minimum take of kokkola in 2028, t a year"),
        ("lane corridor:cape@2028=0,500", "capacity of corridor:cape in 2028, t a year"),
        ("freight balama/vidalia=+5%,+10%", "freight of balama to vidalia, change in %"),
        ("cap CN@place@2028=20%,30%", "cap on China in each good in 2028, by place, %"),
        ("duty CN=25%,50%", "duty on each good from China, %"),
        (
            "duty refined/graphite:CN>US=+25%,+50%",
            "duty on refined graphite from China to United States, percentage points on top",
        ),
        ("set limits.china-cobalt.max_share=30%,40%", "max share of limit china-cobalt, %"),
        ("set offers.kokkola.minimum_take=0,500", "minimum take of offers kokkola"),
    ],
)
def test_an_axis_says_what_it_moves_on_which_basis_and_in_which_unit(battery: Instance, said: str, words: str) -> None:
    assert describe_axis(read_axis(said, battery), battery) == words


def test_a_price_and_a_capacity_are_in_the_units_of_their_offers(small: Path) -> None:
    restate(small, "offers", "Pilbara", basis="kg LCE", price_basis="lb Li", currency="EUR")
    (small / "rates.csv").write_text("currency,rate\nEUR,1.1\n", encoding="utf-8")
    instance = load(small)
    said = {
        "price Pilbara=3,4": "price of Pilbara, EUR a lb Li",
        "capacity Pilbara=3,4": "capacity of Pilbara, kg LCE a year",
    }
    said["price mined/lithium=x2,x3"] = "price of mined lithium, times what it is"
    assert {one: describe_axis(read_axis(one, instance), instance) for one in said} == said
