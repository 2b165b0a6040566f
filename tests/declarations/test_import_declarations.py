"""Declarations as suppliers send them: put together, told, refused, and drafted to be filled in."""

from __future__ import annotations

import csv
import json
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from optimizer.declarations.layout import find_template
from tests.cli.command import ROOT, contents, lodeplan
from tests.declarations.workbooks import TITLES, Uncached, declare, mine, smelter

if TYPE_CHECKING:
    from pathlib import Path


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read(*words: object) -> dict[str, Any]:
    said = lodeplan("import", "declarations", *words, "--dry-run", "--json")
    assert said.code == 0, said.err
    data: dict[str, Any] = json.loads(said.out)
    return data


@pytest.fixture
def two(tmp_path: Path) -> list[Path]:
    acme = declare(
        tmp_path / "acme.xlsx",
        "Acme Cells",
        [
            smelter("Cobalt", "Kokkola Works", "FINLAND", "CID003226", ore="DR Congo; Australia", mines="Deep Pit"),
            smelter("Cobalt", "=HYPERLINK(1)", "CHINA", "CID003255"),
            smelter("Cobalt", "Unknown", "Unknown", look_up="Smelter Not Yet Identified"),
        ],
        [mine("Cobalt", "Kokkola Works\nCID003255", "Katanga", "CONGO, DEMOCRATIC REPUBLIC OF THE")],
    )
    borealis = declare(
        tmp_path / "borealis.xlsx",
        "Borealis",
        [
            smelter("Tin", "Tin Town", "Indonesia", "CID001477"),
            smelter(
                "Tin", "Old Cans Ltd", "BELGIUM", recycled="Ja", look_up="Smelter Not Listed", ore="Recycled / Peru"
            ),
            smelter("Kobalt", "Kokkola Works Oy", "FI", "cid 003226"),
            smelter("Kobalt", "Kokkola Works OY", "FIN"),
        ],
        title=TITLES["CMRT"],
        version="Revision 6.5\n2025",
    )
    return [acme, borealis]


def test_declarations_of_several_templates_become_one_draft_that_solves_once_it_is_filled_in(
    two: list[Path], tmp_path: Path
) -> None:
    draft = tmp_path / "draft"
    said = lodeplan("import", "declarations", *two, "-o", draft)
    assert said.code == 0, said.err
    twice = "CID003226 is 'Kokkola Works Oy' here and 'Kokkola Works' in acme.xlsx:Smelter List!A5"
    assert twice in " ".join(said.out.split())
    assert "Not yet identified: 1 smelter, kept as offers of undisclosed place." in said.out
    offers = {row["offer"]: row for row in rows_of(draft / "offers.csv")}
    assert list(offers) == [
        "Kokkola Works CID003226",
        "'=HYPERLINK(1) CID003255",
        "cobalt not yet identified (Acme Cells)",
        "Tin Town CID001477",
        "Old Cans Ltd BE",
    ]
    assert offers["Kokkola Works CID003226"]["source"] == "EMRT 2.1 of Acme Cells; CMRT 6.5 of Borealis"
    assert offers["Kokkola Works CID003226"]["note"] == "mines without a country: Deep Pit"
    assert offers["cobalt not yet identified (Acme Cells)"]["country"] == "ZZ"
    assert offers["Old Cans Ltd BE"]["note"] == "recycled or scrap. not on the template's list of smelters"
    origins = {(row["offer"], row["country"]): row for row in rows_of(draft / "origins.csv")}
    assert {key: (row["share"], row["note"]) for key, row in origins.items()} == {
        ("Old Cans Ltd BE", "PE"): ("", ""),
        ("Kokkola Works CID003226", "AU"): ("", ""),
        ("Kokkola Works CID003226", "CD"): ("", "Katanga"),
        ("'=HYPERLINK(1) CID003255", "CD"): ("", "Katanga"),
    }
    refused = lodeplan("solve", draft, "-o", tmp_path / "plan")
    assert refused.code == 2
    for line in (
        "offers.csv:2 price: is still to be filled in",
        "offers.csv:2 capacity: is still to be filled in; write it, or empty the cell",
        "sites.csv:2 country: is still to be filled in",
        "owners.csv:5 share: is still to be filled in",
        "demand.csv:3 quantity: is still to be filled in",
    ):
        assert line in refused.err.splitlines()
    fill_in(draft)
    solved = lodeplan("solve", draft, "-o", tmp_path / "plan")
    assert solved.code == 0, solved.err


def fill_in(draft: Path) -> None:
    """Write a figure in place of every question mark; shares of origins stay empty."""
    figures = {"capacity": "100", "price": "7", "quantity": "50", "country": "DE", "share": "0.5"}
    for path in draft.glob("*.csv"):
        rows = rows_of(path)
        filled = [{key: figures.get(key, cell) if cell == "?" else cell for key, cell in row.items()} for row in rows]
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(filled)


def test_a_dry_run_writes_nothing_and_a_draft_replaces_nothing(two: list[Path], tmp_path: Path) -> None:
    before = contents(tmp_path)
    assert lodeplan("import", "declarations", *two, "-o", tmp_path / "draft", "--dry-run").code == 0
    said = lodeplan("import", "declarations", *two, "-o", tmp_path)
    assert (said.code, said.err) == (2, f"{tmp_path}: is there already and is not replaced; name another folder\n")
    assert contents(tmp_path) == before


def test_formulas_without_values_are_filled_from_what_was_typed_and_from_the_look_up(tmp_path: Path) -> None:
    empty = Uncached("=VLOOKUP(A5,'Smelter Look-up'!A:H,3)")
    known: list[list[object]] = [["Cobalt", "Kokkola", "Kokkola Works", "FINLAND", "CID003226"]]
    path = declare(
        tmp_path / "acme.xlsx",
        "Acme",
        [
            smelter(empty, empty, empty, empty, typed="CID003226"),
            smelter("Cobalt", empty, empty, empty, look_up="kokkola"),
            smelter("Cobalt", empty, empty, empty, look_up="Nameless Works"),
            smelter("Cobalt", empty, empty),
        ],
        look_up=known,
    )
    data = read(path)
    found = [(one["offer"], one["country"], len(one["declared"])) for one in data["smelters"]]
    assert found == [("Kokkola Works CID003226", "FI", 2), ("Nameless Works ZZ", "ZZ", 1)]
    assert data["told"] == ["acme.xlsx:Smelter List!A8: names no smelter; left out"]


def test_nearly_one_name_is_shown_and_made_one_on_request(tmp_path: Path) -> None:
    rows = [smelter("Nickel", "Sulawesi Nickel Works", "ID"), smelter("Nickel", "Sulawesi Nikel Works", "Indonesia")]
    path = declare(tmp_path / "acme.xlsx", "Acme", rows)
    said = lodeplan("import", "declarations", path, "--dry-run")
    assert "--same 'Sulawesi Nickel Works=Sulawesi Nikel Works'" in said.out
    data = read(path, "--same", "Sulawesi Nikel Works=Sulawesi Nickel Works")
    assert ([one["offer"] for one in data["smelters"]], data["near"]) == (["Sulawesi Nickel Works ID"], [])
    numbered = [smelter("Nickel", name, "ID", "CID7") for name in ("Sulawesi", "Sulawesi Nikel Works")]
    data = read(declare(tmp_path / "borealis.xlsx", "Borealis", [*numbered, rows[0]]))
    assert data["near"] == [["Sulawesi Nickel Works", "Sulawesi"]]


def test_all_that_is_wrong_is_told_at_once_and_nothing_is_written(tmp_path: Path) -> None:
    first = declare(
        tmp_path / "a.xlsx",
        "A",
        [smelter("Tin", "Tin Town", "Bolivia", "CID1"), smelter("Tin", "Pit", "Congo", ore="Peru, Atlantis")],
    )
    second = declare(tmp_path / "b.xlsx", "B", [smelter("Tin", "Tin Town", "PERU", "CID1")])
    other = declare(tmp_path / "c.xlsx", "C", [], version="Revision 9.9")
    foreign = declare(tmp_path / "d.xlsx", "D", [], title="Invoice", version="42")
    (tmp_path / "e.xlsx").write_bytes(first.read_bytes()[:900])
    (tmp_path / "f.xlsx").write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600))
    (tmp_path / "g.xlsx").write_text("metal;smelter")
    with zipfile.ZipFile(tmp_path / "h.xlsx", "w") as archive:
        archive.writestr("nothing.txt", "")
    files = [first, second, other, foreign, *(tmp_path / f"{name}.xlsx" for name in "efghi")]
    said = lodeplan("import", "declarations", *files, "-o", tmp_path / "draft", "--same", "Tim Town=Pit")
    read_are = "EMRT 1.1 to 2.1, CMRT 6.01 to 6.5, AMRT 1.2 to 1.3, CRT 2.2"
    at = "Smelter List!"
    congo = "'Congo' is one of two countries; write DR Congo or CD, or Republic of the Congo or CG"
    atlantis = "'Atlantis' is not a country; write a name or an ISO 3166 code such as CL"
    town = f"CID1 'Tin Town' stands in PE here and in BO in a.xlsx:{at}E5"
    assert said.code == 2
    lines = said.err.splitlines()
    assert lines[:2] == [
        f"c.xlsx: is EMRT 9.9, whose layout is not known; ask for one of {read_are}",
        f"d.xlsx: is no declaration that is known: Declaration!D2 says 'Invoice' and J3 '42'; read are {read_are}",
    ]
    assert lines[2].startswith("e.xlsx: is not a workbook that can be read: it breaks off before its end")
    assert lines[3].startswith("f.xlsx: is locked with a password, or of an old kind (.xls)")
    assert lines[4].startswith("g.xlsx: is not a workbook that can be read")
    assert lines[5].startswith("h.xlsx: is not a workbook that can be read")
    assert lines[6:] == [
        "i.xlsx: there is no such file",
        f"b.xlsx:{at}E5: {town}; say which with --country CID1=BO",
        "--same: 'Tim Town' is neither a name nor a number in these files (did you mean Tin Town?)",
        f"a.xlsx:{at}E6: {congo}; or decide with --country 'Congo=CODE'",
        f"a.xlsx:{at}O6: {atlantis}; or decide with --country 'Atlantis=CODE'",
    ]
    assert not (tmp_path / "draft").exists()
    decided = ("--country", "CID1=Bolivia", "--country", "Congo=CD", "--country", "Atlantis=ZZ")
    found = read(first, second, *decided)["smelters"]
    assert [(one["offer"], one["country"], [*one["origins"]]) for one in found] == [
        ("Tin Town CID1", "BO", []),
        ("Pit CD", "CD", ["PE", "ZZ"]),
    ]


@pytest.mark.parametrize(
    ("title", "version", "sheets", "name"),
    [
        (TITLES["EMRT"], "Revision 1.1", ["Smelter List"], "EMRT"),
        ("冲突矿产报告模板 (CMRT)", "Revision 6.01", ["Smelter List"], "CMRT"),
        ("", "Revision 6.22", ["Smelter List"], "CMRT"),
        ("", "版本 1.3", ["Smelter List", "Mine List", "Minerals Scope"], "AMRT"),
        ("", "2.2", ["Smelter List"], "CRT"),
        ("", "2.0", ["Smelter List", "Mine List"], "EMRT"),
    ],
)
def test_a_template_is_told_by_its_title_or_else_by_version_and_sheets(
    title: str, version: str, sheets: list[str], name: str
) -> None:
    assert find_template("Pilot Reporting Template", version, "English", sheets) is None
    template = find_template(title, version, "", sheets)
    assert template is not None
    assert (template.name, template.is_read) == (name, True)


def test_the_oldest_additional_minerals_are_read_without_look_up_columns(tmp_path: Path) -> None:
    row: list[object] = ["Rare earths", "Magnet Works", "CN", "CID9", *[""] * 7, "", "Myanmar", ""]
    path = declare(tmp_path / "a.xlsx", "A", [row], title="AMRT", version="Revision 1.2", sheets=["Minerals Scope"])
    (found,) = read(path)["smelters"]
    assert (found["offer"], found["material"], found["origins"]) == ("Magnet Works CID9", "rare earths", {"MM": []})


def test_mines_that_feed_no_smelter_of_the_list_are_told(tmp_path: Path) -> None:
    rows = [smelter("Cobalt", "Works, Ltd.", "FI"), smelter("Cobalt", "Other", "FI")]
    mines = [
        mine("Cobalt", "Works, Ltd., Nobody", "Pit", "Zambia"),
        mine("Cobalt", "", "Hole", "Peru"),
        mine("Cobalt", "Works, Ltd.; Other", "Shaft", "not disclosed"),
    ]
    data = read(declare(tmp_path / "z.xlsx", "Z", rows, mines))
    assert [one["origins"] for one in data["smelters"]] == [{"ZM": ["Pit"], "ZZ": ["Shaft"]}, {"ZZ": ["Shaft"]}]
    assert data["told"] == [
        "z.xlsx:Mine List!B5: 'Nobody' is no smelter of the list; left out as one fed by Pit (ZM)",
        "z.xlsx:Mine List!B6: Hole (PE) names no smelter; left out",
    ]


def test_the_page_shows_what_the_command_says(two: list[Path]) -> None:
    page = (ROOT / "docs/declarations.md").read_text("utf-8")
    shown = page.partition("```text\n")[2].partition("```")[0]
    said = lodeplan("import", "declarations", *two, "--dry-run", width=80)
    assert shown == said.out
