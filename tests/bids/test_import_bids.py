"""Bid sheets as they come: what is taken of them, what is left, and what is told of both."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any

import pytest
import xlsxwriter

from tests.cli.command import contents, copied, edit, lodeplan

if TYPE_CHECKING:
    from pathlib import Path

GERMAN = """\
Anfrage 2027;;;;;;
;;;;;;
Lieferant;Rohstoff;Ursprungsland;Preis [EUR/kg];Menge [t/Jahr];Lieferzeit (Tage);Bemerkung
Umicore;Kobalt;Finland;31,50;1.200,5;60;ok
Huayou;Kobalt;China;27,10;4.000,0;90;
Freeport;Kobalt;USA;auf Anfrage;100,0;;
Summe;;;;5.300,5;;
* ohne Zoll;;;;;;
"""
SAID = ("--set", "stage=refined", "--substance", "cobalt=Co", "--value", "material:Kobalt=cobalt")


@pytest.fixture
def german(tmp_path: Path) -> Path:
    path = tmp_path / "bids.csv"
    path.write_text(GERMAN, "utf-8")
    return path


def rows_of(path: Path, delimiter: str = ",") -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def workbook(path: Path, sheets: dict[str, list[list[Any]]], merged: tuple[tuple[str, str], ...] = ()) -> Path:
    with xlsxwriter.Workbook(path) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
            if name == "Old":
                sheet.hide()
            for cells, text in merged if name == "Bids" else ():
                sheet.merge_range(cells, text)
    return path


def test_a_sheet_with_semicolons_decimal_commas_totals_and_notes_becomes_a_draft_that_tells_what_is_missing(
    german: Path, tmp_path: Path
) -> None:
    said = lodeplan("import", "bids", german, *SAID, "-o", tmp_path / "draft")
    assert said.code == 0, said.err
    for told in (
        "capacity: 1 t Co is written as 1 000 kg Co.",
        "Taken for granted: each kg of cobalt is kg Co.",
        "Columns not taken: 6 Lieferzeit (Tage).",
        "row 6 has no price ('auf Anfrage')",
        "row 7 is a total ('Summe')",
        "row 8 is a note ('* ohne Zoll')",
    ):
        assert told in said.out
    umicore, huayou = rows_of(tmp_path / "draft/offers.csv")
    assert umicore | {"offer": ""} == {
        "offer": "",
        "company": "Umicore",
        "material": "cobalt",
        "stage": "refined",
        "country": "FI",
        "capacity": "1200500",
        "price": "31.5",
        "basis": "kg Co",
        "currency": "EUR",
        "note": "ok",
        "source": "bids.csv, row 4",
    }
    assert huayou["country"] == "CN"
    missing = lodeplan("validate", tmp_path / "draft").err.splitlines()
    assert [line.split(":")[:2] for line in missing] == [["sites.csv", "2 country"], ["demand.csv", "2 quantity"]]


def test_merged_cells_units_below_the_heading_and_breaks_of_the_price_are_read_from_a_workbook(tmp_path: Path) -> None:
    heading = ["Supplier", "Commodity", "Country of origin", "Unit price", "Price from 500 t", "Volume", "Incoterm"]
    rows: list[list[Any]] = [
        ["Request for bids"],
        [],
        heading,
        ["", "", "", "(USD/lb Co)", "(USD/lb Co)", "(kt)", ""],
        ["", "cobalt", "Finland", 14.5, 14.1, 1.2, "FCA"],
        ["", "cobalt", "Belgium", 15, "n/a", 0.3, "FCA"],
        ["Huayou", "cobalt", "China", 12, 11.8, 4, "CIF"],
    ]
    sheets: dict[str, list[list[Any]]] = {"Terms": [["read", "this", "first"]], "Bids": rows, "Old": rows}
    book = workbook(tmp_path / "b.xlsx", sheets, (("A5:A6", "Umicore"),))
    said = lodeplan("import", "bids", book, "--set", "stage=refined", "--dry-run", "--json", "--tiers", "all-units")
    assert said.code == 0, said.err
    found = json.loads(said.out)
    offers, tiers = found["tables"]["offers"], found["tables"]["tiers"]
    assert [(row["company"], row["country"]) for row in offers] == [
        ("Umicore", "FI"),
        ("Umicore", "BE"),
        ("Huayou", "CN"),
    ]
    assert offers[0]["capacity"] == pytest.approx(1200 * 2204.622622)
    assert (offers[0]["basis"], offers[0]["currency"]) == ("lb Co", "USD")
    assert [(row["offer"], row["price"], row["kind"]) for row in tiers] == [
        (offers[0]["offer"], 14.1, "all-units"),
        (offers[2]["offer"], 11.8, "all-units"),
    ]
    assert tiers[0]["from_quantity"] == pytest.approx(500 * 2204.622622)
    assert found["sheets_left"] == ["Terms", "Old (hidden)"]
    assert found["columns_left"] == [{"column": "G", "heading": "Incoterm"}]
    assert not (tmp_path / "draft").exists()


def test_a_saved_mapping_reads_the_next_sheet_to_the_same_rows_and_guesses_nothing(
    german: Path, tmp_path: Path
) -> None:
    saved = tmp_path / "map.toml"
    lodeplan("import", "bids", german, *SAID, "--dry-run", "--save-map", saved)
    guessed = lodeplan("import", "bids", german, *SAID, "--dry-run", "--json")
    mapped = lodeplan("import", "bids", german, "--mapping", saved, "--dry-run", "--json")
    assert mapped.code == 0, mapped.err
    assert json.loads(mapped.out)["tables"] == json.loads(guessed.out)["tables"]
    assert not any(column["guessed"] for column in json.loads(mapped.out)["columns"])
    edit(german, "Preis [EUR/kg]", "Kosten [EUR/kg]")
    gone = lodeplan("import", "bids", german, "--mapping", saved, "--dry-run")
    missing = "there is no column 'Preis [EUR/kg]' (did you mean Kosten [EUR/kg]?)"
    assert (gone.code, gone.err) == (2, f"bids.csv: --map price: {missing}\n")


FAULTY_NAMES = ("Supplier", "Material", "Country", "Price", "Net price", "Capacity")
FAULTY = f"""\
{",".join(FAULTY_NAMES)}
Umicore,cobalt,Finlandd,"1,234",3,100
"""


def test_everything_that_is_wrong_with_columns_is_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "bids.csv"
    path.write_text(FAULTY, "utf-8")
    said = lodeplan("import", "bids", path, "--dry-run", "--map", "resale=Reselling")
    assert said.code == 2
    assert said.err.splitlines() == [
        f"bids.csv: --map resale: there is no column 'Reselling'; there are {', '.join(FAULTY_NAMES)}",
        "bids.csv:1 cell 5: 'Price' and 'Net price' are both taken as price; say which by --map price=#E",
        "bids.csv: stage: no column is taken for it; add --map stage='HEADING', or --set stage=VALUE for every row",
        "bids.csv: price: neither a heading nor a column says per which unit; add --unit price=EUR/kg",
        "bids.csv:2 cell 4: '1,234' reads both ways, as 1.234 or 1234; say which by --decimal , or --decimal .",
        (
            "bids.csv:2 cell 3 country: 'Finlandd' is not a country (did you mean Finland?), "
            "or add --value country:Finlandd=CODE"
        ),
    ]


def test_everything_that_is_wrong_with_cells_is_told_at_once_at_its_cell(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["Supplier", "Material", "Country", "Price [USD/kg Co]", "Capacity [t]", "Currency"],
        ["Umicore", "cobalt", "Finlandd", 3, 100, "USD"],
        ["Huayou", "cobalt", "China", "three", 100, "CNY"],
        ["Gecko", "cobalt", "", 4, -1, ""],
    ]
    book = workbook(tmp_path / "bids.xlsx", {"Bids": rows})
    wrong = "'Finlandd' is not a country"
    said = lodeplan("import", "bids", book, "--set", "stage=refined", "--dry-run")
    assert said.code == 2
    assert said.err.splitlines() == [
        f"bids.xlsx:Bids!C2 country: {wrong} (did you mean Finland?), or add --value country:Finlandd=CODE",
        "bids.xlsx:Bids!F3 currency: is CNY here, and the heading of the price says USD; leave one of them out",
        "bids.xlsx:Bids!D3 price: 'three' is not a number; write one such as 1234.5",
        "bids.xlsx:Bids!C4 country: is empty; every row of offers needs it",
        "bids.xlsx:Bids!E4 capacity: -1000 is below zero; write 0 or more",
    ]


@pytest.mark.parametrize(
    ("heading", "told"),
    [
        ("Price,Capacity [t]", "price: neither a heading nor a column says per which unit; add --unit price=EUR/kg"),
        (
            "Price (delivered) [/kg],Capacity [t]",
            "price: no heading or column says in which currency; add --unit price=EUR/kg, or --set currency=EUR",
        ),
        (
            "Price [EUR/kg],Capacity",
            "capacity: neither its heading nor a column says in which unit; add --unit capacity=t",
        ),
        (
            "Price [EUR/kg],Capacity [t]",
            "price: 'kg' does not say of what; add --substance cobalt=WORDS (Co, LCE, LiOH.H2O)",
        ),
    ],
)
def test_a_unit_that_nobody_states_is_asked_for(heading: str, told: str, tmp_path: Path) -> None:
    path = tmp_path / "bids.csv"
    path.write_text(f"Supplier,Material,Country,{heading}\nUmicore,cobalt,FI,3,100\nGecko,cobalt,CD,3,100\n", "utf-8")
    substance = ("--substance", "cobalt=Co") if "--substance" not in told else ()
    said = lodeplan("import", "bids", path, "--set", "stage=refined", "--dry-run", *substance)
    assert (said.code, said.err.splitlines()) == (2, [f"bids.csv: {told}"])


def test_files_that_cannot_be_read_and_sheets_without_a_heading_give_one_line_each(tmp_path: Path) -> None:
    latin, locked = tmp_path / "latin.csv", tmp_path / "locked.xlsx"
    latin.write_bytes(GERMAN.replace("ohne Zoll", "\u00fcber Zoll").encode("latin-1"))
    locked.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600)
    notes = workbook(tmp_path / "notes.xlsx", {"Bids": [["only", "words"], ["and", "more"]]})
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(notes.read_bytes()[:-100])
    two = workbook(tmp_path / "two.xlsx", {name: [["Supplier", "Price"], ["Umicore", 3]] for name in "AB"})
    for path, told in {
        latin: "latin.csv:8: is not UTF-8 text; save the file as UTF-8 (in a spreadsheet: CSV UTF-8)",
        locked: "locked.xlsx: is locked with a password, or of an old kind (.xls); "
        "save it as .xlsx, without a password",
        broken: "broken.xlsx: is not a workbook that can be read: it breaks off before its end; copy or save it again",
        notes: "notes.xlsx:Bids: no row names columns that are known (row 1 says 'only | words'); "
        "name it by --header-row N, and its columns by --map price='HEADING'",
        two: "two.xlsx: several sheets may hold the bids (A, B); name one with --sheet",
        tmp_path / "gone.csv": "gone.csv: there is no such file",
    }.items():
        said = lodeplan("import", "bids", path, "--dry-run")
        assert (said.code, said.err.replace(f"{tmp_path}/", "")) == (2, f"{told}\n")


def test_a_formula_without_a_value_is_told_at_its_cell(tmp_path: Path) -> None:
    path = tmp_path / "f.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Bids")
        sheet.write_row(0, 0, ["Supplier", "Material", "Country", "Price [EUR/kg Co]"])
        sheet.write_row(1, 0, ["Umicore", "cobalt", "FI"])
        sheet.write_formula(1, 3, "=3*4", value="")
    said = lodeplan("import", "bids", path, "--set", "stage=refined", "--dry-run")
    what = "holds a formula that was never calculated; save it from a spreadsheet program"
    assert said.err.splitlines() == [f"f.xlsx:Bids!D2: {what}"]


def test_rows_are_added_to_an_instance_and_nothing_else_of_it_changes(german: Path, tmp_path: Path) -> None:
    instance = copied("tutorial-lithium-cobalt", tmp_path)
    before = contents(instance)
    added = ("import", "bids", german, *SAID[:2], *SAID[4:], "--value", "company:Umicore=umicore", "--into", instance)
    refused = lodeplan(*added)
    assert refused.code == 2
    assert "bids.csv:4 currency: " in refused.err
    assert contents(instance) == before
    (instance / "rates.csv").write_text("currency,rate,source\nEUR,1.1,house\n", "utf-8")
    said = lodeplan(*added)
    assert said.code == 0, said.err
    assert "2 rows added to offers.csv." in said.out
    after = contents(instance)
    assert {name for name in after if after[name] != before.get(name)} == {"offers.csv", "rates.csv"}
    old, new = before["offers.csv"].decode().splitlines(), after["offers.csv"].decode().splitlines()
    assert [line.split(",")[:4] for line in new[1 : len(old)]] == [line.split(",")[:4] for line in old[1:]]
    assert len(new) == len(old) + 2
    assert lodeplan("validate", instance).code == 0

    edit(german, "60;ok", "60;ok\nNikkelverk;Kobalt;Norway;-9,5;90,5;;")
    again = lodeplan(*added)
    assert again.code == 2
    assert again.err.count("is an offer of the instance already; rename it, or --replace it") == 2
    assert "bids.csv:5 price: -9.5 is below zero" in again.err
    assert contents(instance) == after
    edit(german, "Nikkelverk;Kobalt;Norway;-9,5;90,5;;\n", "")
    edit(german, "31,50", "30,50")
    replaced = lodeplan(*added, "--replace")
    assert "2 rows added to offers.csv, in the place of 2 rows." in replaced.out
    assert {row["price"] for row in rows_of(instance / "offers.csv")} >= {"30.5", "27.1"}
    assert len(rows_of(instance / "offers.csv")) == len(old) + 1


def test_rows_are_added_in_the_separator_and_the_decimal_sign_of_the_table(german: Path, tmp_path: Path) -> None:
    lodeplan("import", "bids", german, *SAID, "-o", tmp_path / "draft")
    table = tmp_path / "draft/offers.csv"
    table.write_text(table.read_text("utf-8").replace(",", ";").replace("31.5", "31,125"), "utf-8")
    edit(german, "31,50", "31,1234")
    german.write_text(german.read_text("utf-8").replace("Umicore", "Nikkelverk"), "utf-8")
    said = lodeplan("import", "bids", german, *SAID, "--leave", 5, "--into", tmp_path / "draft")
    assert said.code == 0, said.err
    rows = rows_of(table, ";")
    assert [row["price"] for row in rows] == ["31,125", "27.1", "31.1234"]


def test_an_offer_that_is_replaced_takes_its_tiers_along_and_leaves_its_terms_to_be_looked_at(
    german: Path, tmp_path: Path
) -> None:
    draft = tmp_path / "draft"
    lodeplan("import", "bids", german, *SAID, "-o", draft)
    (draft / "tiers.csv").write_text("offer,from_quantity,price,kind\nUmicore cobalt,500,30,all-units\n", "utf-8")
    (draft / "terms.csv").write_text("offer,period,price\nUmicore cobalt,year-1,29\n", "utf-8")
    said = lodeplan("import", "bids", german, *SAID, "--into", draft, "--replace")
    assert "0 rows added to tiers.csv, in the place of 1 row." in said.out
    assert "terms.csv has 1 row of offers that were replaced; look whether they still hold." in said.out
    assert rows_of(draft / "tiers.csv") == []


def test_a_company_that_is_called_total_is_no_total(german: Path) -> None:
    edit(german, "Huayou", "Total Metals")
    said = json.loads(lodeplan("import", "bids", german, *SAID, "--dry-run", "--json").out)
    assert [row["company"] for row in said["tables"]["offers"]] == ["Umicore", "Total Metals"]
    assert [left["row"] for left in said["rows_left"]] == [6, 7, 8]


def test_a_row_without_its_unit_or_currency_is_told_by_its_cell_where_a_column_has_them(tmp_path: Path) -> None:
    rows = ["A,cobalt,US,31,Euro,kg,9", "B,cobalt,US,31,,kg,9", "C,cobalt,US,31,EUR,,9", "D,,US,31,EUR,kg,9"]
    path = tmp_path / "bids.csv"
    path.write_text("\n".join(["Supplier,Material,Origin,Price,Currency,Unit,Volume p.a.", *rows]), "utf-8")
    said = lodeplan("import", "bids", path, "--set", "stage=refined", "--substance", "cobalt=Co", "--dry-run")
    assert said.err.splitlines() == [
        "bids.csv:3 cell 5 currency: is empty; write in which currency the price is",
        "bids.csv:4 cell 6 basis: is empty; write in which unit the price is",
        "bids.csv:5 cell 2 material: is empty; every row of offers needs it",
    ]


def test_a_heading_of_two_rows_puts_what_stands_above_several_columns_before_each(tmp_path: Path) -> None:
    above = ["Supplier", "Material", "Country", "Price", "", "Capacity"]
    below: list[Any] = ["", "", "", "EUR/kg", "USD/kg", "t"]
    rows = [above, below, ["Umicore", "cobalt", "FI", 31, 34, 90, "call us"], ["Huayou", "cobalt", "CN", None, 27, 40]]
    path = workbook(tmp_path / "bids.xlsx", {"Bids": rows}, (("A1:A2", "Supplier"), ("D1:E1", "Price")))
    said = ("import", "bids", path, "--set", "stage=refined", "--substance", "cobalt=Co", "--dry-run", "--json")
    both = lodeplan(*said)
    assert both.code == 2
    assert both.err == (
        "bids.xlsx:Bids!E2: 'Price EUR/kg' and 'Price USD/kg' are both taken as price; say which by --map price=#E\n"
    )
    data = json.loads(lodeplan(*said, "--map", "price=Price USD/kg").out)
    assert [row["price"] for row in data["tables"]["offers"]] == [34, 27]
    assert [row["heading"] for row in data["columns_left"]] == ["Price EUR/kg", "(without a heading)"]
    assert data["header_row"] == 2
