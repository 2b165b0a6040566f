"""Which levels a text means, in which order, and what is said of a text that means none."""

from __future__ import annotations

import pytest

from optimizer.errors import InputError
from optimizer.load import load
from optimizer.sweep.axis import read_axis
from optimizer.sweep.points import points_of
from tests.cli.command import ROOT, lodeplan

TUTORIAL = ROOT / "instances/tutorial-lithium-cobalt"
BELOW = "--capacity kwinana={} is below zero; write 0 or more"
ALL = "a sweep takes cap, product, demand, price, capacity, minimum-take, lane, freight, rate, duty and set"
BLANK = ", or a blank after every comma between levels"
FORM = "write FROM..TO:COUNT, such as 20%..100%:9"


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("cap CN=20%..100%:5", ["100%", "80%", "60%", "40%", "20%"]),
        ("cap CN=100%..20%:3", ["100%", "60%", "20%"]),
        ("cap CN=0.2..0.5:4", ["0.5", "0.4", "0.3", "0.2"]),
        ("cap CN=20%, 50%,35%", ["50%", "35%", "20%"]),
        ("cap CN=-5pp..+5pp:3", ["+5pp", "+0pp", "-5pp"]),
        ("price kwinana=-10%..+20%:4", ["-10%", "+0%", "+10%", "+20%"]),
        ("price kwinana=x2,x1", ["x1", "x2"]),
        ("price kwinana=38, 0, 520, 500", ["0", "38", "500", "520"]),
        ("price kwinana=38 000,52 500", ["38 000", "52 500"]),
        ("price kwinana=1000,1100,900", ["900", "1000", "1100"]),
        ("price kwinana=1,2,4,8", ["1", "2", "4", "8"]),
        ("demand lithium=1 000..1 600:3", ["1000", "1300", "1600"]),
        ("capacity kwinana=100..300:3", ["300", "200", "100"]),
        ("set limits.drc-cobalt-mined.max_share=40%..60%:2", ["60%", "40%"]),
        ("set offers.kwinana.price=1,2", ["1", "2"]),
        ("cap CN=0%..100%:4", ["100%", "66.66666667%", "33.33333333%", "0%"]),
    ],
)
def test_levels_are_evenly_spaced_and_run_from_loose_to_tight(text: str, levels: list[str]) -> None:
    assert [level.text for level in read_axis(text, load(TUTORIAL)).levels] == levels


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["--cap", "CN=20%..100%"], f"--cap CN=20%..100%: does not say how many levels; {FORM}"),
        (["--cap", "CN=.."], f"--cap CN=..: lacks an end; {FORM}"),
        (["--cap", "CN=20%..:3"], f"--cap CN=20%..:3: lacks an end; {FORM}"),
        (["--cap", "CN=a..b:3"], f"--cap CN=a..b:3: 'a' is not an amount; {FORM}"),
        (["--cap", "CN=20%..1:3"], f"--cap CN=20%..1:3: 20% and 1 are not written alike; {FORM}"),
        (["--cap", "CN=2%..2%:3"], "--cap CN=2%..2%:3: begins and ends at 2%; write two different ends"),
        (
            ["--cap", "CN=20%..100%:0"],
            "--cap CN=20%..100%:0: '0' is not a count of levels; write a whole number from 2 to 1000",
        ),
        (
            ["--cap", "CN=20%,x"],
            "--cap CN=20%,x: 'x' is not an amount; write amounts with commas, such as 20%,35%,50%, or FROM..TO:COUNT",
        ),
        (
            ["--cap", "CN=20%,20%"],
            "--cap CN=20%,20%: 20%,20% holds a level twice; write different ones, such as 20%,35%,50%",
        ),
        (
            ["--price", "kwinana=38,000,52,500"],
            f"--price kwinana=38,000,52,500: '38,000' reads both ways; write 38000{BLANK}",
        ),
        (
            ["--price", "kwinana=9,52,500.5"],
            f"--price kwinana=9,52,500.5: '52,500.5' reads both ways; write 52500.5{BLANK}",
        ),
        (
            ["--price", "kwinana=+1,000%,+2%"],
            f"--price kwinana=+1,000%,+2%: '+1,000%' reads both ways; write +1000%{BLANK}",
        ),
        (
            ["--cap", "CN=60%", "--and", "price kwinana=1,25,2,75"],
            "no change has levels to run through; write one such as --cap CN=20%..100%:9",
        ),
        (
            ["--cap", "CN=60%,70%", "--and", "price kwinana=1,25,2,75"],
            f"--and price kwinana=1,25,2,75: '1,25' reads both ways; write 1.25{BLANK}",
        ),
        (
            ["--price", "kwinana=38,000..52,500:4"],
            f"--price kwinana=38,000..52,500:4: '38,000' reads both ways; {FORM}",
        ),
        (["--cap", "CN=20..60:3"], '--cap CN=20..60:3: 20 is not a share; write 0.2 or "20%"'),
        (
            ["--ban", "RU=1..2:3"],
            f"--ban RU=1..2:3: ban has no amount to run through; {ALL}",
        ),
        (
            ["--set", "solve.gap=0..1:2"],
            "--set solve.gap=0..1:2: solve.gap says how to solve, which holds for the whole sweep; give it one value",
        ),
        (["--ban", "RU"], "no change has levels to run through; write one such as --cap CN=20%..100%:9"),
        (
            ["--cap", "CN=1%,2%", "--price", "kwinana=1,2"],
            "--price kwinana=1,2: is a second change with levels; write it as --and 'price kwinana=1,2'",
        ),
        (["--cap", "CN=1%,2%", "--and", "CD"], f"--and CD: has no levels; {FORM}"),
        (
            ["--cap", "CN=1%,2%", "--and", "CD=30%"],
            "--and CD=30%: 30% is one level; write several, such as 20%,35%,50%",
        ),
        (
            ["--cap", "CN=0%..9%:100", "--and", "CD=0%..9%:100"],
            "the sweep would have 10000 points, and 1000 is the most; write fewer levels",
        ),
        (
            ["--capacity", "kwinana=-200%..-150%:2"],
            BELOW.format("-150%: -150") + "\n" + BELOW.format("-200%: -300"),
        ),
        (["--cap", "CN=1%,2%", "--json", "--csv"], "--json and --csv exclude each other; give one of them"),
    ],
)
def test_what_cannot_be_swept_is_said_in_one_line(words: list[str], line: str) -> None:
    assert lodeplan("sweep", TUTORIAL, *words) == (2, "", f"{line}\n")


def test_two_axes_give_every_pair_line_by_line() -> None:
    instance = load(TUTORIAL)
    axes = [read_axis(text, instance) for text in ("cap CN=20%,40%,60%", "price kwinana=+0%,+10%")]
    pairs = [tuple(level.text for level in point.levels) for point in points_of(instance, axes)]
    assert pairs == [
        *[(cap, "+0%") for cap in ("60%", "40%", "20%")],
        *[(cap, "+10%") for cap in ("60%", "40%", "20%")],
    ]


def test_an_instance_that_cannot_take_a_level_is_told_before_anything_is_solved() -> None:
    instance = load(TUTORIAL)
    axis = read_axis("cap CN=-50pp..+5pp:2", instance)
    with pytest.raises(InputError, match="a share lies between 0 and 1"):
        points_of(instance, [axis])
    with pytest.raises(InputError) as raised:
        points_of(instance, [read_axis("set risk.weight=0..0.8:5", instance)])
    (line,) = raised.value.problems  # the same is wrong with each of the five
    assert "the expected cost has no weight beside it" in line
