"""Every kind of bad JSON document, and the exact lines that are told about it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from optimizer.dump import dump
from optimizer.errors import InputError
from optimizer.load import load

if TYPE_CHECKING:
    from pathlib import Path

NEEDED = "every instance needs"
GONE = object()

# Where a value is put (keys and positions), the value, and the line that follows.
VALUES: dict[str, tuple[tuple[str | int, ...], object, str]] = {
    "misspelt country": (
        ("market", "offers", 1, "country"), "Chlie",
        "market.offers[1].country: 'Chlie' is not a country (did you mean Chile?)",
    ),
    "misspelt key of a row": (
        ("market", "offers", 1, "capcity"), 1,
        "market.offers[1].capcity: is not a key that is known here (did you mean capacity?)",
    ),
    "misspelt key of a row that says nothing": (
        ("market", "offers", 1, "capcity"), None,
        "market.offers[1].capcity: is not a key that is known here (did you mean capacity?)",
    ),
    "attribute that is not declared": (
        ("market", "offers", 1, "attributes", "risk"), 1,
        "market.offers[1].risk: 'risk' is not declared; add it to `attributes` in the header",
    ),
    "not a number": (
        ("market", "offers", 1, "price"), float("nan"),
        "market.offers[1].price: nan is not a finite number; write a number, or leave the cell empty where it may be",
    ),
    "number of 401 digits": (
        ("market", "offers", 1, "price"), 10**400,
        (f"market.offers[1].price: 1{'0' * 59}... (401 characters) is not a finite number; "
        "write a number, or leave the cell empty where it may be"),
    ),
    "unknown name": (
        ("market", "lanes", 0, "origin"), "Pilbra",
        "market.lanes[0].origin: 'Pilbra' is not among the offers (did you mean Pilbara?)",
    ),
    "misspelt table": (
        ("market", "ofers"), [],
        "market.ofers: is not a key that is known here (did you mean offers?)",
    ),
    "key of the market at the top": (
        ("note",), "x",
        ("note: is not a key that is known here; "
        "use one of cases, currency, limits, market, mass_unit, name, policies, risk, solve, title"),
    ),
    "no market": (("market",), GONE, f"market: is missing; {NEEDED} a market"),
    "market that is a list": (("market",), [], f"market: [] is not an object of facts; {NEEDED} a market"),
    "no offers": (("market", "offers"), None, f"market.offers: is missing; {NEEDED} this table"),
    "offers that are no list": (("market", "offers"), {}, "market.offers: {} is not a list of rows; write [ ... ]"),
    "offers without rows": (("market", "offers"), [], f"market.offers: holds no rows; {NEEDED} some offers"),
    "row that is text": (("market", "sites", 0), "x", "market.sites[0]: 'x' is not a row; write an object"),
    "period of no length": (
        ("market", "periods", 0, "years"), 0,
        "market.periods[0].years: 0 is not above zero; write more than 0",
    ),
    "date as a number": (
        ("market", "as_of"), 20260115,
        "market.as_of: 20260115 is not a date; write one such as 2026-01-31",
    ),
    "start that is a year": (
        ("market", "start"), 2027,
        "market.start: 2027 is not a date; write one such as 2026-01-31",
    ),
    "start beyond the calendar": (
        ("market", "start"), "9999-06-01",
        (
            "market.start: the periods from 9999-06-01 on end after 9999-12-31, the last day of the calendar; "
            "write an earlier day, or shorter periods"
        ),
    ),
    "rate of 2.5": (
        ("market", "duties", 0, "rate"), 2.5,
        'market.duties[0].rate: 2.5 is not a rate; write 0.025 or "2.5%", or "250%" when it is that high',
    ),
    "stages in one text": (
        ("market", "materials", 0, "stages"), ["mined, refined"],
        (
            "market.materials[0].stages: 'mined, refined' reads as one stage; "
            "write each stage by itself: 'mined', 'refined'"
        ),
    ),
    "limit that is not hard": (
        ("limits", 0, "hard"), False,
        "limits[0].hard: false does not make a limit soft; write penalty = a cost instead",
    ),
    "limit of 40": (
        ("limits", 0, "max_share"), 40,
        'limits[0].max_share: 40 is not a share; write 0.4 or "40%"',
    ),
    "limit without a kind": (
        ("limits", 0, "kind"), "share_kap",
        "limits[0].kind: 'share_kap' is not a kind of limit (did you mean share_cap?)",
    ),
    "limit without a name": (("limits", 0, "name"), GONE, "limits[0]: None is not a name; write some text"),
    "limits by name": (("limits",), {}, "limits: {} is not a list of limits; write [ ... ]"),
}  # fmt: skip


@pytest.fixture
def record(small: Path) -> Any:
    """Return the record of a good instance as JSON values."""
    dump(load(small), small.parent / "good.json")
    return json.loads((small.parent / "good.json").read_text(encoding="utf-8"))


def line_of(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        load(path)
    (line,) = caught.value.problems
    return line


@pytest.mark.parametrize("case", VALUES)
def test_a_spoilt_value_is_told_with_its_place(record: Any, tmp_path: Path, case: str) -> None:
    keys, value, expected = VALUES[case]
    node = record
    for key in keys[:-1]:
        node = node[key]
    if value is GONE:
        del node[keys[-1]]
    else:
        node[keys[-1]] = value
    (tmp_path / "x.json").write_text(json.dumps(record), encoding="utf-8")
    assert line_of(tmp_path / "x.json") == f"x.json: {expected}"


def test_two_limits_of_one_name_are_told(record: Any, tmp_path: Path) -> None:
    record["limits"] *= 2
    (tmp_path / "x.json").write_text(json.dumps(record), encoding="utf-8")
    assert line_of(tmp_path / "x.json") == "x.json: limits[1].name: two limits have it; give each its own"


TEXTS: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "x.json: is empty (0 bytes); fill it or remove it"),
    "a list": (b"[1]", "x.json: [1] is not an instance; write its record as one JSON object"),
    "a missing quote": (
        b'{"a": 1,\n b: 2}',
        "x.json:2: is not JSON: expecting property name enclosed in double quotes (column 2)",
    ),
    "a deep nest": (b"[" * 1_000_000, "x.json: is nested too deeply; five levels are enough"),
    "Latin-1": (
        b'{\n"a": "\xe4"}',
        "x.json:2: is not UTF-8 text; save the file as UTF-8 (in a spreadsheet: CSV UTF-8)",
    ),
    "a key twice": (b'{"a": 1, "a": 2}', "x.json: the key 'a' stands twice in one object; keep one"),
    "a number of 5 000 digits": (
        b'{"a": ' + b"1" * 5_000 + b"}",
        "x.json: holds a number of more digits than can be read; write a smaller one",
    ),
}


@pytest.mark.parametrize("case", TEXTS)
def test_text_that_is_no_document_is_told(tmp_path: Path, case: str) -> None:
    text, expected = TEXTS[case]
    (tmp_path / "x.json").write_bytes(text)
    assert line_of(tmp_path / "x.json") == expected
