"""``lodeplan instances new NAME --xlsx``: a workbook to fill in that loads as it is, with notes and drop-downs."""

from __future__ import annotations

import re
import zipfile
from typing import TYPE_CHECKING

import iso3166
import pytest

from models.market import REQUIRED_TABLES, TABLES
from models.records.countries import read_country
from optimizer.errors import InputError
from optimizer.files.bundle import home
from optimizer.files.columns import columns_of
from optimizer.load import load
from optimizer.template import write_template
from tests.cli.command import lodeplan
from tests.test_bad_workbook import sheets_of, write

if TYPE_CHECKING:
    from pathlib import Path


def parts_of(book: Path, begin: str) -> dict[str, str]:
    with zipfile.ZipFile(book) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist() if name.startswith(begin)}


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """Return a template as it is written."""
    target = tmp_path / "study.xlsx"
    assert not write_template("study", target)
    return target


def test_a_template_is_an_instance_that_says_it_is_an_example(book: Path, tmp_path: Path) -> None:
    instance = load(book)
    assert instance.name == "study"
    for table in REQUIRED_TABLES:
        (row,) = getattr(instance.market, table)
        assert row.quality == "assumed"
        assert "example" in row.note
    assert not any(getattr(instance.market, table) for table in TABLES if table not in REQUIRED_TABLES)
    said = lodeplan("solve", book, "-o", tmp_path / "plan")
    assert said.code == 0
    assert "assumed" in said.out


def test_every_column_has_a_note_and_a_sheet_of_its_own(book: Path) -> None:
    sheets = sheets_of(book)
    notes = parts_of(book, "xl/comments")
    assert sum(text.count("<comment ") for text in notes.values()) == 2 + sum(
        len(columns_of(table)) for table in TABLES
    )
    assert all("<t></t>" not in text for text in notes.values())
    for table in TABLES:
        assert sheets[table][0] == list(columns_of(table))


def test_drop_downs_offer_words_that_are_read(book: Path) -> None:
    offered = "".join(parts_of(book, "xl/worksheets/sheet").values())
    lists = re.findall(r"<formula1>(.*?)</formula1>", offered)
    assert '"yes,no"' in lists
    assert '"seen,reported,derived,assumed"' in lists
    assert "OFFSET(materials!$A$2,0,0,MAX(1,COUNTA(materials!$A$2:$A$10000)),1)" in lists
    assert all(len(formula) <= 255 for formula in lists)
    countries = [row[0] for row in sheets_of(book)["_lists"] if row[0]]
    assert len(countries) == len(list(iso3166.countries))
    assert {read_country(name) for name in countries} == {country.alpha2 for country in iso3166.countries}
    assert {"DR Congo", "South Korea", "Namibia"} <= set(countries)


def test_a_filled_template_loads_and_each_fault_names_its_cell(book: Path) -> None:
    sheets = sheets_of(book)
    offers = sheets["offers"]
    offers.append([*offers[1]])
    offers[2][:7] = ["rock", "north", "lithium", "mined", "Australia", 50.0, 70.0]
    owners = ["north", "", "China", "40%"]
    sheets["owners"].append([*owners, *[""] * (len(sheets["owners"][0]) - len(owners))])
    write(book, sheets)
    instance = load(book)
    assert {offer.offer for offer in instance.market.offers} == {"brine", "rock"}
    offers[2][4], offers[2][6] = "Chlie", "1.234,5"
    sheets["owners"][1][3] = "40"
    sheets["instance"][3][1] = ""
    write(book, sheets)
    with pytest.raises(InputError) as caught:
        load(book)
    assert list(caught.value.problems) == [
        "study.xlsx:instance!B4 currency: is missing; every instance needs it",
        "study.xlsx:offers!E3 country: 'Chlie' is not a country (did you mean Chile?)",
        "study.xlsx:offers!G3 price: '1.234,5' has a decimal comma; write 1234.5",
        'study.xlsx:owners!D2 share: 40 is not a share; write 0.4 or "40%"',
    ]


@pytest.mark.parametrize("name", ["us-battery-quarterly", "eu-strategic-2030"])
def test_a_bundled_instance_is_written_whole(name: str, tmp_path: Path) -> None:
    target = tmp_path / "copy.xlsx"
    assert write_template(name, target)
    assert load(target) == load(home() / name)


def test_a_template_has_the_same_bytes_each_time(book: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.xlsx"
    write_template("study", again)
    assert again.read_bytes() == book.read_bytes()


def test_what_is_written_where_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    said = lodeplan("instances", "new", "my-study", "--xlsx")
    assert said.out == (
        "my-study.xlsx is a new instance with example rows, as no bundled one is called my-study.\n"
        "Write your own over them, and check it with: lodeplan validate my-study.xlsx\n"
    )
    line = "my-study.xlsx: is there already; name another file with --to\n"
    assert lodeplan("instances", "new", "my-study", "--xlsx") == (2, "", line)
    line = "plan.csv: is not the name of a workbook; name a file that ends in .xlsx\n"
    assert lodeplan("instances", "new", "my-study", "--xlsx", "--to", "plan.csv") == (2, "", line)
    line = "'a/b' is not a name of an instance; give one such as my-study, and the place with --to\n"
    assert lodeplan("instances", "new", "a/b", "--xlsx") == (2, "", line)
