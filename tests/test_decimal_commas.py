"""Tables with semicolons and decimal commas: read where there is no doubt, and else refused with both readings."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

import pytest

from optimizer.errors import InputError
from optimizer.files.bundle import home
from optimizer.load import load
from optimizer.requests import Requests

if TYPE_CHECKING:
    from pathlib import Path


def lines_of(path: Path) -> list[str]:
    with pytest.raises(InputError) as caught:
        load(path)
    return list(caught.value.problems)


def german(cell: str) -> str:
    """Return a cell as a spreadsheet in Germany saves it."""
    day = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", cell)
    return f"{day[3]}.{day[2]}.{day[1]}" if day else re.sub(r"(?<=\d)\.(?=\d)", ",", cell) if is_figure(cell) else cell


def is_figure(cell: str) -> bool:
    return all(re.fullmatch(r"[+-]?\d*\.?\d+%?", part.strip()) for part in cell.split(";"))


def save(rows: list[list[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows(rows)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def rows_of(table: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(table.read_text("utf-8"))))


@pytest.mark.parametrize("name", ["us-battery-quarterly", "eu-strategic-2030", "us-defense-2027"])
def test_an_instance_saved_in_germany_is_the_same(name: str, tmp_path: Path) -> None:
    for path in (home() / name).iterdir():
        if path.suffix == ".csv":
            rows = [[german(cell) for cell in row] for row in rows_of(path)]
            (tmp_path / path.name).write_bytes(save(rows))
        elif path.suffix == ".toml":
            (tmp_path / path.name).write_bytes(path.read_bytes())
    assert load(tmp_path) == load(home() / name)


@pytest.mark.parametrize(("sign", "price", "other"), [(",", "9.000,0", "7.000"), (".", "9,000.0", "7,000")])
def test_a_stated_sign_holds_for_every_table_and_allows_groups_of_three(
    small: Path, sign: str, price: str, other: str
) -> None:
    expected = load(small)
    for table in small.glob("*.csv"):
        rows = [[german(cell) if sign == "," else cell for cell in row] for row in rows_of(table)]
        written = [[{"9000": price, "7000": other}.get(cell, cell) for cell in row] for row in rows]
        text = io.StringIO()
        csv.writer(text).writerows(written)
        table.write_text(text.getvalue(), "utf-8")
    state(small, sign)
    assert load(small) == expected


def state(small: Path, sign: str) -> None:
    header = (small / "instance.toml").read_text("utf-8")
    (small / "instance.toml").write_text(f'decimal_sign = "{sign}"\n{header}', "utf-8")


def test_the_first_line_may_name_the_separator(small: Path) -> None:
    expected = load(small)
    rows = save(rows_of(small / "offers.csv")).removeprefix(b"\xef\xbb\xbf")
    (small / "offers.csv").write_bytes(b"sep=;\r\n" + rows)
    assert load(small) == expected
    (small / "offers.csv").write_bytes(b"sep=,\r\n" + rows)
    assert lines_of(small) == ["offers.csv:1: sep=, is no row of a table; remove this line"]


CURE = 'state decimal_sign = "," or "." in instance.toml'
WHOLE = "write the whole table with one of them"
OFFERS = """\
offer;company;material;stage;country;capacity;price;yield;fixed_cost
Pilbara;Northern;lithium;mined;AU;{};{};;{}
Atacama;Sal;lithium;mined;CL;1500;8500;;
Ganfeng;Ganfeng;lithium;refined;CN;2500;4000;90%;
Bitterfeld;Nordmetall;lithium;refined;DE;800;6000;90%;
Syrah;Syrah;graphite;refined;US;600;7000;;
"""
SURE = {
    "apostrophes between thousands": ("2'000", "9\u2019000.25", "0.5", 9000.25),
    "whole numbers only": ("2000", "9000", "1000", 9000.0),
    "a comma": ("2000", "9000,25", "0,5", 9000.25),
    "a point": ("2000", "9000.25", "0.5", 9000.25),
    "groups and a comma": ("2000", "9.000,25", "1 000,5", 9000.25),
    "a comma that another figure settles": ("1,5", "9,000", "", 9.0),
    "groups without end": ("2.000.000", "9,5", "", 9.5),
}
DOUBTS = {
    "one both ways": (("2000", "9,000", ""), f"price: '9,000' reads both ways, as 9.000 or 9000; {CURE}"),
    "several both ways": (
        ("2.000", "9.000", "1.000"),
        f"capacity: '2.000' reads both ways, as 2000 or 2.000 (and so do 2 others); {CURE}",
    ),
    "groups beside a comma": (("2,5", "9.000", ""), f"price: '9.000' reads both ways, as 9000 or 9.000; {CURE}"),
    "both signs": (
        ("2.5", "9000,25", "1,234"),
        "capacity: '2.5' has a decimal point and '9000,25' (offers.csv:2 price) a decimal comma; " + WHOLE,
    ),
    "no figure": (
        ("2000", "9,0,0", "0,5"),
        "price: '9,0,0' is not a number; write one such as 1234.5",
    ),
}


@pytest.mark.parametrize("case", SURE)
def test_what_has_one_reading_is_read(small: Path, case: str) -> None:
    *cells, price = SURE[case]
    (small / "offers.csv").write_text(OFFERS.format(*cells), "utf-8")
    assert load(small).market.offer["Pilbara"].price == price


@pytest.mark.parametrize("case", DOUBTS)
def test_what_reads_both_ways_is_refused_with_both(small: Path, case: str) -> None:
    cells, told = DOUBTS[case]
    (small / "offers.csv").write_text(OFFERS.format(*cells), "utf-8")
    assert lines_of(small) == [f"offers.csv:2 {told}"]


@pytest.mark.parametrize(("before", "behind"), [('"', '"'), ('"', '";;'), ("", ";;;")])
def test_rows_that_were_saved_in_one_cell_each_are_told_once(small: Path, before: str, behind: str) -> None:
    lines = (small / "offers.csv").read_text("utf-8").replace('"', "").splitlines()
    (small / "offers.csv").write_text("".join(f"{before}{line}{behind}\n" for line in lines), "utf-8")
    told = "offers.csv:1: holds each row in one cell, as a spreadsheet saves it that expects semicolons; "
    assert lines_of(small) == [f"{told}open the first file there by importing text, with commas between the cells"]


def test_a_cell_too_many_is_told_in_the_words_of_the_file(small: Path) -> None:
    (small / "offers.csv").write_text(OFFERS.format(2000, 9000, "0;5"), "utf-8")
    advice = "put text that holds a semicolon in quotes"
    assert lines_of(small) == [f"offers.csv:2: has 10 cells where the heading has 9; {advice}"]


def test_a_figure_of_the_other_sign_than_the_stated_is_told(small: Path) -> None:
    state(small, ",")
    what = "'1.5' has a decimal point, and decimal_sign in instance.toml is the comma; write 1,5, or change that key"
    assert f"offers.csv:2 co2: {what}" in lines_of(small)


def test_a_sign_that_is_none_and_a_key_that_is_near_are_told(small: Path) -> None:
    state(small, ";")
    assert lines_of(small) == ['instance.toml: decimal_sign: \';\' is not a decimal sign; write "," or "."']
    header = (small / "instance.toml").read_text("utf-8")
    (small / "instance.toml").write_text(header.replace("decimal_sign", "decimal_sing"), "utf-8")
    line = "instance.toml: decimal_sing: is not a key that is known here (did you mean decimal_sign?)"
    assert lines_of(small) == [line]


def test_cases_may_be_separated_by_semicolons(small: Path, tmp_path: Path) -> None:
    with_commas, with_semicolons = tmp_path / "a.csv", tmp_path / "b.csv"
    with_commas.write_text("case,what,value\nw,cap CN,40%\n", "utf-8")
    with_semicolons.write_text("case;what;value\nw;cap CN;40%\n", "utf-8")
    one, other = (Requests(file=path).apply_to(load(small)) for path in (with_commas, with_semicolons))
    assert one == other
