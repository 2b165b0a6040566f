"""What is wrong with new capacity, commitments and controls, and the exact lines that are told about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

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


def test_an_incumbent_is_open_and_qualified(small: Path) -> None:
    edit(small / "offers.csv", *((old, new.format(column="incumbent_quantity", cell="")) for old, new in NEW))
    edit(small / "offers.csv", ("100000,5,", "100000,5,40"))
    why = "an offer that is bought today is open and qualified; leave it empty, or incumbent_quantity"
    assert told(small) == [f"offers.csv:4 opening_cost: {why}"]
