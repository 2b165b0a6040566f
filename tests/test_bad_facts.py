"""What is wrong with new capacity, commitments, controls and qualities, and the exact lines that are told about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from models.changes import apply_changes, parse
from optimizer.errors import InputError
from optimizer.load import load

if TYPE_CHECKING:
    from pathlib import Path

NEW = (("fixed_cost", "opening_cost"), (",co2,note", ",co2,{column}"), ('"brine, dried"', "{cell}"))
"""A column of offers beside the opening cost of Ganfeng, with a cell in the row of Atacama."""

OFFERS: dict[str, tuple[str, str, list[str]]] = {
    "a qualification that leaves no period": (
        "qualification", "2",
        [
            ("offers.csv:3 qualification: 2 from 2027 on leaves no period until 2028 in which it can be sold; "
            "write 1 or less, or remove the offer"),
        ],
    ),
    "half a period": (
        "qualification", "0.5",
        ["offers.csv:3 qualification: 0.5 is not a whole number of 0 or more"],
    ),
    "shares that fall": (
        "ramp_up", "50%; 25%",
        ["offers.csv:3 ramp_up: 0.25 comes after 0.5, and a ramp-up does not fall; write shares that grow"],
    ),
    "no share": (
        "ramp_up", "0; 50%",
        ["offers.csv:3 ramp_up: 0 is not above zero; write more than 0"],
    ),
    "more than all of it": (
        "ramp_up", "50%; 150%",
        ["offers.csv:3 ramp_up: 150% is not a share; write one from 0 to 1, or from 0% to 100%"],
    ),
    "shares with commas": (
        "ramp_up", '"25%, 50%"',
        [
            ("offers.csv:3 ramp_up: '25%, 50%' reads both ways; write shares with points, and semicolons between them: "
            "0.25; 0.5"),
        ],
    ),
}  # fmt: skip


COMMITMENTS: dict[str, tuple[str, str, list[str]]] = {
    "an offer that is not there": (
        "Bitterfeld", "Biterfeld",
        ["commitments.csv:2 offer: 'Biterfeld' is not among the offers (did you mean Bitterfeld?)"],
    ),
    "a period that is not there": (
        "2027", "2037",
        ["commitments.csv:2 period: '2037' is not among the periods (did you mean 2027?)"],
    ),
    "more than there is": (
        "100,", "801,",
        ["commitments.csv:2 quantity: 801 is above the 800 that Bitterfeld has in 2027; lower it"],
    ),
    "more than there is, in another basis": (  # 800 t Li content a year, for two years
        "2027,100,", "2028,8518,t LCE",
        ["commitments.csv:2 quantity: 8 518 t LCE is above the 8 517.43 that Bitterfeld has in 2028; lower it"],
    ),
    "another basis": (
        "100,", "100,t ore",
        [
            ("commitments.csv:2 basis: 't ore' is no basis of lithium (t Li content): what ore holds is not known; "
            "write t Li content, another formula or a grade, such as t MHP 39% Ni, or add the factor to conversions"),
        ],
    ),
    "nothing": (
        "100", "0",
        ["commitments.csv:2 quantity: 0 is not above zero; write more than 0"],
    ),
    "the same twice": (
        "100,\n", "100,\nBitterfeld,2027,50,\n",
        ["commitments.csv:3 offer + period: Bitterfeld, 2027 stands there twice; keep one of the two rows"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", COMMITMENTS)
def test_a_wrong_commitment_is_told(small: Path, case: str) -> None:
    before, after, lines = COMMITMENTS[case]
    edit(small / "commitments.csv", (before, after))
    assert told(small) == lines


@pytest.mark.parametrize(("column", "cell", "when"), [("from_period", "2028", "2028"), ("to_period", "2027", "2027")])
def test_a_commitment_outside_of_the_periods_of_its_offer_is_told(
    small: Path, column: str, cell: str, when: str
) -> None:
    edit(small / "offers.csv", *((old, new.format(column=column, cell=cell)) for old, new in NEW))
    other = "2027" if when == "2028" else "2028"
    edit(small / "commitments.csv", ("Bitterfeld,2027", f"Atacama,{other}"))
    line = f"commitments.csv:2 period: Atacama cannot be bought in {other}; it can in {when}"
    assert told(small) == [line]


ROW = "No. 39,graphite,refined,China,,licence,2023-12-01,,,"
CONTROLS: dict[str, tuple[str, list[str]]] = {
    "a quota": (
        "No. 39,graphite,refined,China,,quota,2023-12-01,,,",
        [
            ("controls.csv:2 effect: 'quota' is a limit and no control; "
            'write a limit of kind "quota" instead of this row'),
        ],
    ),
    "an effect of another spelling": (
        "No. 39,graphite,refined,China,,license,2023-12-01,,,",
        ["controls.csv:2 effect: 'license' is not one of closed, licence (did you mean licence?)"],
    ),
    "no country": (
        "No. 39,graphite,refined,,,licence,2023-12-01,,,",
        ["controls.csv:2 from_country: is empty; every row of controls needs it"],
    ),
    "the country itself": (
        "No. 39,graphite,refined,China,CN,closed,2023-12-01,,,",
        ["controls.csv:2 to_country: CN is the country itself, in which lanes stay open; write another or none"],
    ),
    "a material that is not there": (
        "No. 39,grafite,refined,China,,closed,2023-12-01,,,",
        ["controls.csv:2 material: 'grafite' is not among the materials (did you mean graphite?)"],
    ),
    "a stage that is not there": (
        "No. 39,graphite,smelted,China,,closed,2023-12-01,,,",
        ["controls.csv:2 stage: 'smelted' is not a stage of graphite; use one of mined, refined"],
    ),
    "dates exchanged": (
        "No. 39,graphite,refined,China,,closed,2023-12-01,2023-11-30,2026-11-10,2025-11-10",
        [
            "controls.csv:2 valid_to: 2023-11-30 lies before valid_from 2023-12-01; exchange them",
            "controls.csv:2 suspended_to: 2025-11-10 lies before suspended_from 2026-11-10; exchange them",
        ],
    ),
    "the same twice": (
        f"{ROW}\n{ROW}",
        [
            ("controls.csv:3 control + material + stage + from_country + to_country + valid_from: No. 39, graphite, "
            "refined, CN, 2023-12-01 stands there twice; keep one of the two rows"),
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CONTROLS)
def test_a_wrong_control_is_told(small: Path, case: str) -> None:
    row, lines = CONTROLS[case]
    edit(small / "controls.csv", (ROW, row))
    assert told(small) == lines


def test_a_suspension_of_a_duty_that_ends_before_it_begins_is_told(small: Path) -> None:
    edit(small / "duties.csv", ("valid_from,valid_to", "suspended_from,suspended_to"), ("2029-12-31", "2024-12-31"))
    line = "duties.csv:2 suspended_to: 2024-12-31 lies before suspended_from 2025-01-01; exchange them"
    assert told(small) == [line]


QUALITIES: dict[str, tuple[str, list[str]]] = {
    "no word for it": (
        "guessed,",
        ["commitments.csv:2 quality: 'guessed' is not one of seen, reported, derived, assumed"],
    ),
    "no column": (
        "seen,quantty",
        ["commitments.csv:2 assumed: 'quantty' is no column of figures (did you mean quantity?)"],
    ),
    "what speaks of the row": (
        "seen,source",
        ["commitments.csv:2 assumed: 'source' is no column of figures"],
    ),
    "an empty cell": (
        "seen,quantity; basis",
        ["commitments.csv:2 assumed: 'basis' is empty in this row; fill it, or remove the name"],
    ),
    "a name twice": (
        "seen,quantity; quantity",
        ["commitments.csv:2 assumed: 'quantity' stands there twice; remove one"],
    ),
    "all, and some of it": (
        "assumed,quantity",
        ["commitments.csv:2 assumed: quality says that all of the row is assumed; leave one of the two empty"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", QUALITIES)
def test_a_wrong_quality_is_told(small: Path, case: str) -> None:
    cells, lines = QUALITIES[case]
    edit(small / "commitments.csv", ("basis", "basis,quality,assumed"), ("100,", f"100,,{cells}"))
    assert told(small) == lines


def test_periods_limits_and_further_numbers_of_offers_have_a_quality_too(small: Path) -> None:
    edit(small / "instance.toml", ("years = 2", 'years = 2\nassumed = ["year"]'))
    edit(small / "instance.toml", ("hard = true", 'hard = true\nquality = "reported"\nassumed = ["max_share", "bloc"]'))
    edit(small / "offers.csv", ("co2,note", "co2,assumed"), ('0.9,"brine, dried"', "0.9,co2; price"))
    assert told(small) == [
        "instance.toml: periods.2.assumed: 'year' is no column of figures (did you mean years?)",
        "instance.toml: limits.china.assumed: 'bloc' is empty in this row; fill it, or remove the name",
    ]


def test_a_figure_that_is_taken_away_is_assumed_no_longer(small: Path) -> None:
    edit(small / "commitments.csv", ("basis", "basis,assumed"), ("100,", "532,t LCE,basis; quantity"))
    changed = apply_changes(load(small), [parse("set commitments.Bitterfeld/2027.basis=")])
    assert changed.market.commitments[0].assumed == ("quantity",)


def edit(path: Path, *replaced: tuple[str, str]) -> None:
    text = path.read_text("utf-8")
    for before, after in replaced:
        assert before in text
        text = text.replace(before, after, 1)
    path.write_text(text, "utf-8")


def told(folder: Path) -> list[str]:
    with pytest.raises(InputError) as caught:
        load(folder)
    return list(caught.value.problems)


@pytest.mark.parametrize("case", OFFERS)
def test_a_wrong_term_of_new_capacity_is_told(small: Path, case: str) -> None:
    column, cell, lines = OFFERS[case]
    edit(small / "offers.csv", *((old, new.format(column=column, cell=cell)) for old, new in NEW))
    assert told(small) == lines


def test_a_ramp_up_of_no_capacity_is_told(small: Path) -> None:
    edit(small / "offers.csv", *((old, new.format(column="ramp_up", cell="50%")) for old, new in NEW))
    edit(small / "offers.csv", ("Chile,1500", "Chile,"))
    assert told(small) == [
        (
            "offers.csv:3 ramp_up: these are shares of a capacity, and the offer states none; "
            "state it, or leave ramp_up empty"
        )
    ]


def test_materials_may_share_the_name_by_which_a_policy_calls_them(small: Path) -> None:
    edit(small / "materials.csv", ("shortage_cost", "known_as"), (",90000", ",battery metal"))
    edit(small / "materials.csv", (",t,", ",t,battery metal; C"))
    assert [material.known_as for material in load(small).market.materials] == [
        ("battery metal",), ("battery metal", "C")
    ]  # fmt: skip


def test_a_name_of_a_material_that_stands_there_twice_is_told(small: Path) -> None:
    edit(small / "materials.csv", ("shortage_cost", "known_as"), (",90000", ",Li; lithium; Li"))
    assert told(small) == [
        "materials.csv:2 known_as: 'Li' names it already; write each name once",
        "materials.csv:2 known_as: 'lithium' names it already; write each name once",
    ]


def test_an_incumbent_is_open_and_qualified(small: Path) -> None:
    edit(small / "offers.csv", *((old, new.format(column="incumbent_quantity", cell="")) for old, new in NEW))
    edit(small / "offers.csv", ("100000,5,", "100000,5,40"))
    why = "an offer that is bought today is open and qualified; leave it empty, or incumbent_quantity"
    assert told(small) == [f"offers.csv:4 opening_cost: {why}"]
