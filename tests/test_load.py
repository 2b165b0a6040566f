"""What a good instance reads to, in each of its three forms."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from unittest.mock import patch

import pytest

from models import references
from models.instance import Instance
from models.market import TABLES
from models.references.ways import lane_problems
from optimizer.dump import dump
from optimizer.errors import InputError
from optimizer.files import rows
from optimizer.load import load


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_folder_reads_to_its_record(small: Path) -> None:
    instance = load(small)
    assert (instance.name, instance.title, instance.currency) == ("small", "A small market", "USD")
    assert instance.market.as_of == datetime.date(2026, 1, 15)
    assert instance.market.years == {"2027": 1, "2028": 2}
    assert instance.market.blocs == {"covered": ("CN", "RU")}
    assert instance.market.materials[0].stages == ("mined", "refined")
    assert instance.market.note == "made for tests"
    assert instance.solve.gap == 0.001
    (limit,) = instance.limits
    assert (limit.name, limit.level) == ("china", 0.6)


def test_every_table_of_the_small_instance_has_rows(small: Path) -> None:
    assert all(getattr(load(small).market, table) for table in TABLES)


def test_cells_read_as_what_their_columns_hold(small: Path) -> None:
    market = load(small).market
    atacama = market.offer["Atacama"]
    assert (atacama.country, atacama.capacity, atacama.price) == ("CL", 1500, 8500)
    assert (atacama.yield_, market.offer["Ganfeng"].yield_) == (None, 0.9)
    assert (atacama.note, atacama.source) == ("brine, dried", None)
    assert (atacama.attributes, market.offer["Syrah"].attributes) == ({"co2": 0.9}, {})
    assert [owner.share for owner in market.owners] == [1, 0.7, 0.3]
    assert market.duties[0].valid_to == datetime.date(2029, 12, 31)


@pytest.mark.parametrize("spoilt", [False, True])
def test_rows_that_are_read_column_by_column_are_those_read_one_by_one(small: Path, spoilt: bool) -> None:  # noqa: FBT001
    if spoilt:
        replace(small / "lanes.csv", "Pilbara,Bitterfeld,90", "Pilbara,Bitterfeld,ninety")
        replace(small / "offers.csv", "Ganfeng,Ganfeng,lithium,refined,CN", "Ganfeng,Ganfeng,lithium,refined,Chyna")
    found = _read(small)
    with patch.object(rows, "records_of", lambda grid, *_: [None] * len(grid.lines)):
        assert _read(small) == found


def _read(folder: Path) -> str | tuple[str, ...]:
    try:
        return load(folder).model_dump_json(by_alias=True)
    except InputError as error:
        return error.problems


def test_references_between_rows_are_checked_once(small: Path) -> None:
    with patch.object(references, "lane_problems", wraps=lane_problems) as checks:
        load(small)
    checks.assert_called_once()


def test_columns_may_come_in_any_order(small: Path) -> None:
    expected = load(small)
    rows = [line.split(",") for line in (small / "lanes.csv").read_text(encoding="utf-8").splitlines()]
    (small / "lanes.csv").write_text("".join(",".join(reversed(row)) + "\n" for row in rows), encoding="utf-8")
    assert load(small) == expected


@pytest.mark.parametrize("change", ["bom", "crlf", "old mac", "blank lines", "no last line end"])
def test_spreadsheet_habits_change_nothing(small: Path, change: str) -> None:
    expected = load(small)
    for path in [*small.glob("*.csv"), small / "instance.toml"]:
        text = path.read_bytes().decode("utf-8")
        toml = path.suffix == ".toml"
        spoilt = {
            "bom": "\ufeff" + text,
            "crlf": text.replace("\n", "\r\n"),
            "old mac": text if toml else text.replace("\n", "\r"),
            "blank lines": text if toml else text.replace("\n", "\n\n") + ",,\n",
            "no last line end": text.rstrip("\n"),
        }[change]
        path.write_bytes(spoilt.encode("utf-8"))
    assert load(small) == expected


def test_optional_tables_may_be_absent_or_hold_a_heading_only(small: Path) -> None:
    (small / "stock.csv").unlink()
    (small / "stock_terms.csv").unlink()
    (small / "tiers.csv").write_text("offer,from_quantity,price,kind\n", encoding="utf-8")
    market = load(small).market
    assert (market.stock, market.tiers) == ((), ())


def test_companions_hidden_files_and_folders_are_left_alone(small: Path) -> None:
    expected = load(small)
    for name in ("SOURCES.md", "README.md", "expected.json", ".hidden.csv", "~$offers.csv", "offers.csv~"):
        (small / name).write_text("anything", encoding="utf-8")
    (small / "plan").mkdir()
    (small / "plan" / "purchases.csv").write_text("anything", encoding="utf-8")
    assert load(small) == expected


def test_text_that_other_readers_take_for_nothing_or_false_stays_text(small: Path) -> None:
    replace(small / "sites.csv", "Gigafactory,Germany", "Gigafactory,NA\nNO,NO")
    replace(small / "demand.csv", "Gigafactory,graphite", "NO,graphite")
    sites = load(small).market.sites
    assert [(site.site, site.country) for site in sites] == [("Gigafactory", "NA"), ("NO", "NO")]


def test_a_link_inside_the_folder_and_a_link_to_the_folder_are_followed(small: Path, tmp_path: Path) -> None:
    expected = load(small)
    (small / "tables").mkdir()
    (small / "stock.csv").rename(small / "tables" / "stock.csv")
    (small / "stock.csv").symlink_to(small / "tables" / "stock.csv")
    (tmp_path / "link").symlink_to(small)
    assert load(tmp_path / "link") == expected


@pytest.mark.parametrize("name", ["copy", "copy.xlsx", "copy.json"])
def test_what_is_written_reads_back_equal(small: Path, tmp_path: Path, name: str) -> None:
    instance = load(small)
    dump(instance, tmp_path / name)
    assert load(tmp_path / name) == instance


def test_a_document_is_the_record_dumped_whole(small: Path, tmp_path: Path) -> None:
    instance = load(small)
    path = tmp_path / "small.json"
    path.write_text(instance.model_dump_json(by_alias=True), encoding="utf-8")
    assert load(path) == instance
    dump(instance, tmp_path / "again.json")
    assert Instance.model_validate(json.loads((tmp_path / "again.json").read_text(encoding="utf-8"))) == instance


def test_a_cell_that_would_run_as_a_formula_is_made_harmless_in_csv(small: Path, tmp_path: Path) -> None:
    replace(small / "offers.csv", "brine, dried", "=HYPERLINK(A1)")
    instance = load(small)
    dump(instance, tmp_path / "copy")
    assert ",'=HYPERLINK(A1)\n" in (tmp_path / "copy" / "offers.csv").read_text(encoding="utf-8")
    assert load(tmp_path / "copy").market.offer["Atacama"].note == "=HYPERLINK(A1)"


def test_numbers_below_zero_are_not_taken_for_formulas(small: Path, tmp_path: Path) -> None:
    replace(small / "instance.toml", '["co2"]', '["co2", "risk"]')
    replace(small / "offers.csv", "co2,note", "risk,note")
    replace(small / "offers.csv", ",3,", ",-3,")
    dump(load(small), tmp_path / "copy")
    assert ",-3,\n" in (tmp_path / "copy" / "offers.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["copy", "copy.xlsx", "copy.json"])
def test_what_is_there_is_not_overwritten_unless_asked(small: Path, tmp_path: Path, name: str) -> None:
    instance = load(small)
    path = tmp_path / name
    dump(instance, path)
    renamed = instance.model_copy(update={"name": "renamed"})
    with pytest.raises(InputError) as caught:
        dump(renamed, path)
    assert str(caught.value) == f"{path}: is there already; name another place, or add --force to replace it"
    assert load(path) == instance
    dump(renamed, path, force=True)
    assert load(path) == renamed


def test_replacing_a_folder_keeps_its_sources_and_drops_tables_that_are_gone(small: Path) -> None:
    (small / "SOURCES.md").write_text("where it comes from", encoding="utf-8")
    (small / "plan").mkdir()
    instance = load(small)
    bare = instance.model_copy(update={"market": instance.market.model_copy(update={"stock": (), "stock_terms": ()})})
    dump(bare, small, force=True)
    assert load(small) == bare
    assert (small / "SOURCES.md").read_text(encoding="utf-8") == "where it comes from"
    assert (small / "plan").is_dir()
    assert [path.name for path in small.parent.iterdir()] == ["small"]


def test_a_folder_of_something_else_is_never_replaced(small: Path, tmp_path: Path) -> None:
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.txt").write_text("years of work", encoding="utf-8")
    with pytest.raises(InputError, match="is a folder of something else and is not replaced"):
        dump(load(small), tmp_path / "thesis", force=True)


def test_a_bloc_without_countries_is_refused(small: Path) -> None:
    replace(small / "instance.toml", 'covered = ["China", "RU"]', "covered = []")
    with pytest.raises(InputError, match=r"blocs\.covered: holds 0 where 1 or more are needed"):
        load(small)


def test_a_write_that_fails_leaves_nothing_behind(small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    instance = load(small)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    for name in ("copy", "copy.xlsx", "copy.json"):
        with pytest.raises(InputError) as caught:
            dump(instance, tmp_path / name)
        assert (
            str(caught.value)
            == f"{tmp_path / name}: cannot be written: no space left on device; what stood there is as it was"
        )
    assert [path.name for path in tmp_path.iterdir()] == ["small"]


def test_ten_thousand_lanes_load(small: Path) -> None:
    heading = "offer,company,material,stage,country,capacity,price\n"
    offers = [f"mine {i},company {i % 50},lithium,mined,CL,100,{i}.5\n" for i in range(2500)]
    refiners = "".join(f"refiner {i},r {i},lithium,refined,CN,100,7,0.9\n" for i in range(4))
    (small / "offers.csv").write_text(
        heading.replace("price", "price,yield") + "".join(row.replace("\n", ",\n") for row in offers) + refiners,
        encoding="utf-8",
    )
    lanes = [f"mine {i},refiner {k},{i % 90}.25,1000\n" for i in range(2500) for k in range(4)]
    (small / "lanes.csv").write_text("origin,destination,freight,capacity\n" + "".join(lanes), encoding="utf-8")
    unused = (
        "terms",
        "lane_terms",
        "tiers",
        "commitments",
        "owners",
        "origins",
        "corridors",
        "duties",
        "stock",
        "stock_terms",
        "earlier",
    )
    for table in unused:
        (small / f"{table}.csv").unlink()
    instance = load(small)
    assert len(instance.market.lanes) == 10_000


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ('"Congo, DR"', "CD"),
        ("D.R. Congo", "CD"),
        ("Dem. Rep. Congo", "CD"),
        ('"Congo, Dem. Rep."', "CD"),
        ("Republic of the Congo", "CG"),
        ("PRC", "CN"),
        ("People's Republic of China", "CN"),
        ('"China, People\'s Republic of"', "CN"),
        ("China (mainland)", "CN"),
        ("Mainland  China", "CN"),
        ("U.S.", "US"),
        ("U.S.A.", "US"),
        ("America", "US"),
        ("S. Korea", "KR"),
        ("U.K.", "GB"),
        ("Chile\u00a0", "CL"),
    ],
)
def test_countries_read_as_analysts_write_them(small: Path, written: str, code: str) -> None:
    replace(small / "offers.csv", "Chile", written)
    assert load(small).market.offer["Atacama"].country == code


@pytest.mark.parametrize(
    ("written", "rate"), [("0.25", 0.25), ("25%", 0.25), ("25 %", 0.25), ("7.1%", 0.071), ("1", 1), ("250%", 2.5)]
)
@pytest.mark.parametrize("name", ["copy", "copy.xlsx", "copy.json"])
def test_a_rate_reads_in_percent_and_reads_back(
    small: Path, tmp_path: Path, written: str, rate: float, name: str
) -> None:
    replace(small / "duties.csv", "0.25", written)
    instance = load(small)
    assert instance.market.duties[0].rate == rate
    dump(instance, tmp_path / name)
    assert load(tmp_path / name) == instance


@pytest.mark.parametrize("written", ["50 000", "50\u00a0000", "50\u202f000", "50000\u00a0", " 50000", "50 000.0"])
def test_numbers_may_stand_in_groups_of_three(small: Path, written: str) -> None:
    replace(small / "offers.csv", "2000", written)
    assert load(small).market.offer["Pilbara"].capacity == 50_000


def test_spaces_that_do_not_break_are_no_part_of_a_word(small: Path) -> None:
    expected = load(small)
    replace(small / "tiers.csv", "incremental", "incremental\u00a0")
    replace(small / "offers.csv", "Atacama,Sal,", "Atacama\u00a0,Sal\u00a0,")
    replace(small / "duties.csv", "2029-12-31", "2029-12-31\u00a0")
    assert load(small) == expected


def test_a_limit_is_hard_however_a_text_says_yes(small: Path) -> None:
    expected = load(small)
    replace(small / "instance.toml", "hard = true", 'hard = "Yes"')
    assert load(small) == expected
