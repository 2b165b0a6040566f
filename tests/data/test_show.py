"""What the reference data say of a material, a country and a bloc, as text, as data, and from Python."""

from __future__ import annotations

import csv
import io
import json

import pytest

import lodeplan as api
from models.data import governance_risks, list_supplies, read_rows, shares_by_control, supplies_of
from models.data.tables import Production
from tests.cli.command import lodeplan


def test_shares_sum_to_one_with_what_is_not_named() -> None:
    for supply in list_supplies():
        assert sum(supply.shares.values()) + supply.others == pytest.approx(1.0)
        assert list(supply.shares.values()) == sorted(supply.shares.values(), reverse=True)


def test_concentration_is_worked_out_from_the_shares() -> None:
    mined = supplies_of("cobalt", "mined")[0]
    # USGS 2026: 230 000 of 310 000 t in the DRC, 44 000 in Indonesia, and ten smaller ones
    assert mined.shares["CD"] == pytest.approx(230 / 310)
    assert mined.hhi == pytest.approx((230**2 + 44**2 + 7.7**2 + 3 * 3.9**2) / 310**2, abs=3e-4)
    assert mined.effective == pytest.approx(1 / mined.hhi)
    assert mined.risk_weighted == pytest.approx(sum(s**2 * governance_risks()[c] for c, s in mined.shares.items()))


def test_control_moves_what_is_known_from_the_host_to_the_owner() -> None:
    refined = supplies_of("nickel", "refined")[0]
    controlled = shares_by_control(refined)
    assert controlled is not None
    moved = 0.75 * refined.shares["ID"]
    assert controlled["CN"] == pytest.approx(refined.shares["CN"] + moved)
    assert controlled["ID"] == pytest.approx(refined.shares["ID"] - moved)
    assert sum(controlled.values()) == pytest.approx(sum(refined.shares.values()))
    assert shares_by_control(supplies_of("gallium", "refined")[0]) is None


def test_a_material_is_shown_with_its_shares_trend_and_sources() -> None:
    shown = lodeplan("data", "show", "natural graphite")
    assert (shown.code, shown.err) == (0, "")
    assert "Mined 2025: the world 1 800 000 t natural graphite" in shown.out
    assert "In 2024 it was more: 0.676." in shown.out
    assert "By control: who owns what is not known here." in shown.out
    assert "licence: public domain" in shown.out
    assert "By control: China 61.5%, Indonesia 10.4% and Russia 3.5%" in lodeplan("data", "show", "nickel").out


def test_countries_and_blocs_are_shown_by_any_spelling() -> None:
    assert lodeplan("data", "show", "Viet Nam").out.startswith("Vietnam (VN)\n")
    assert "United Kingdom  GB    1973-01-01  2020-01-31" in lodeplan("data", "show", "eu").out
    assert [lodeplan("data", "show", name).out.splitlines()[0] for name in ("Co", "CO")] == ["cobalt", "Colombia (CO)"]
    assert "Blocs: none that is known here." in lodeplan("data", "show", "Kosovo").out


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Congo", "'Congo' is one of two countries; write DR Congo or CD, or Republic of the Congo or CG"),
        ("LCE", "'LCE' is no material, country or bloc"),
        ("grafite", "'grafite' is no material, country or bloc (did you mean graphite?)"),
    ],
)
def test_what_is_not_there_is_told_in_one_sentence(name: str, said: str) -> None:
    shown = lodeplan("data", "show", name)
    assert (shown.code, shown.out) == (2, "")
    assert shown.err == f"{said}; lodeplan data list names what there is\n"


def test_json_holds_every_country_and_the_sources() -> None:
    shown = json.loads(lodeplan("data", "show", "lithium", "--json").out)
    mined = shown["supply"][0]
    assert [one["country"] for one in mined["countries"]][:3] == ["AU", "CN", "CL"]
    assert sum(one["share"] for one in mined["countries"]) + mined["others"] == pytest.approx(1.0)
    assert {mined["source"]} <= {one["source"] for one in shown["sources"]}
    listed = json.loads(lodeplan("data", "list", "--json").out)
    assert len({one["material"] for one in listed["supply"]}) >= 20


def test_a_table_is_printed_as_csv() -> None:
    rows = list(csv.DictReader(io.StringIO(lodeplan("data", "table", "production").out)))
    assert len(rows) == len(read_rows(Production))
    assert {"material": "cobalt", "country": "CD", "quantity": "230000"}.items() <= next(
        row for row in rows if row["material"] == "cobalt"
    ).items()
    assert lodeplan("data", "table", "nothing").code == 2


def test_python_gives_the_same_as_tables() -> None:
    graphite = api.data("graphite")
    assert graphite.answer.startswith("graphite: mined 2025: China 77.8%")
    assert graphite.text == lodeplan("data", "show", "graphite", width=80).out
    assert set(graphite.tables) >= {"supply", "concentration", "prices", "reserves", "lists", "sources"}
    assert len(api.data().tables["production"]) == len(read_rows(Production))
    assert "<table" in graphite._repr_html_()
