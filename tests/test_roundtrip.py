"""Whatever an instance holds, the three forms read back to equal records."""

from __future__ import annotations

import datetime
import math
import string
import tempfile
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.instance import Instance
from models.references.spellings import canonical
from optimizer.dump import dump
from optimizer.files.cells import protect, unprotect
from optimizer.files.columns import ORIGINS
from optimizer.files.keys import NestedTables, flatten, parse
from optimizer.files.toml_text import toml_text
from optimizer.load import load
from tests.examples import examples

HOSTILE = [
    "NA", "NO", "true", "null", "nan", "=cmd|' /C calc'!A0", "+1", "-x", "@y", "'quoted", "'=x", "''+x", "007",
    "1e5",
    "1,5", 'say "hi"', "a,b", "ünïcode 銅 😀", "_x0041_", "http://a.b", "a.b", "1", "[x]", "#N/A", "2027-01-01",
    "<b>&amp;", "]]>", "\\n", "limits", "%41",
]  # fmt: skip
COUNTRIES = ["CN", "CL", "DE", "NA", "NO", "ZZ", "XK", "CD"]

SIZE = st.one_of(st.just(0.0), st.floats(1e-9, 1e12))
FLOAT = st.one_of(SIZE, SIZE.map(lambda size: -size))
SIGNS = st.characters(exclude_categories=("C", "Z"), include_characters=" ")
NAME = (
    st.one_of(st.sampled_from(HOSTILE), st.text(SIGNS, min_size=1, max_size=8)).map(str.strip).filter(str.isprintable)
)
NAME = NAME.filter(bool)
PART = NAME.map(lambda name: name.replace(";", ":"))
NOTE = st.one_of(NAME, st.text(st.one_of(SIGNS, st.sampled_from("\n\t")), min_size=1)).map(str.strip).filter(bool)
COUNTRY = st.sampled_from(COUNTRIES)
QUANTITY = st.one_of(SIZE, st.integers(0, 10**6).map(float))
YEARS = st.floats(0.005, 1000)  # at least a day
POSITIVE = st.one_of(st.floats(1e-9, 1e12), st.integers(1, 10**6).map(float))
SHARE = st.one_of(st.just(0.0), st.floats(1e-9, 1))
POSITIVE_SHARE = st.floats(1e-9, 1)
RATE = st.one_of(SHARE, st.floats(1, 1000))


ORIGIN = {"note": NOTE, "source": NOTE, "year": st.integers(0, 3000)}
KNOWN = ["seen", "reported", "derived", "assumed"]


def names(draw: st.DrawFn, least: int, most: int, strategy: st.SearchStrategy[str] = PART) -> list[str]:
    return draw(st.lists(strategy, min_size=least, max_size=most, unique_by=canonical))


def row(draw: st.DrawFn, must: dict[str, Any], may: dict[str, st.SearchStrategy[Any]]) -> dict[str, Any]:
    """Draw a row with some of the columns that it may have, and with where it comes from."""
    said = must | draw(st.fixed_dictionaries({}, optional=may | ORIGIN | {"quality": st.sampled_from(KNOWN)}))
    figures = [name for name in must if name != "capacity" and said.get("quality") != "assumed"]
    return said | {"assumed": draw(st.lists(st.sampled_from(figures), unique=True)) if figures else []}


@st.composite
def markets(draw: st.DrawFn) -> dict[str, Any]:
    materials, periods = names(draw, 1, 2), names(draw, 1, 3)
    everything = names(draw, 6, 6)
    offers, sites = everything[:4], everything[4:]
    lengths = [row(draw, {"name": name, "years": draw(YEARS)}, {}) for name in periods]
    first, last = stages = names(draw, 2, 2)
    attributes = draw(st.lists(PART.filter(lambda name: name not in CLASHES), max_size=2, unique=True))
    material = materials[0]
    offer = _offers(draw, offers, material, stages, periods, attributes)
    return {
        "periods": lengths,
        "as_of": draw(DAY),
        "blocs": draw(st.dictionaries(NAME, st.lists(COUNTRY, min_size=1, max_size=3), max_size=2)),
        "attributes": attributes,
        "materials": [
            row(
                draw,
                {"material": name, "stages": stages, "basis": "t"},
                {"shortage_cost": QUANTITY, "known_as": st.lists(PART.filter(name.__ne__), max_size=2, unique=True)},
            )
            for name in materials
        ],
        "sites": [row(draw, {"site": name, "country": draw(COUNTRY)}, {}) for name in sites],
        "demand": [
            row(draw, {"site": sites[0], "material": material, "period": name, "quantity": draw(QUANTITY)}, {})
            for name in periods
        ],
        "offers": offer,
        **_terms(draw, offers, offer[3], lengths),
        "origins": [row(draw, {"offer": offers[2], "stage": first, "country": "CD", "share": draw(SHARE)}, {})],
        **_law(draw, material, last),
        "stock": [row(draw, {"site": sites[1], "material": material, "capacity": draw(QUANTITY)}, {})],
    }


def _offers(  # noqa: PLR0913 (names of what offers speak of)
    draw: st.DrawFn, names_of: list[str], material: str, stages: list[str], periods: list[str], attributes: list[str]
) -> list[dict[str, Any]]:
    """Return a miner, and three that sell at the last stage, of which the first is fed."""
    first, last = stages
    inner = st.fixed_dictionaries({}, optional=dict.fromkeys(attributes, FLOAT))
    terms = {
        "customs_value": QUANTITY,
        "fixed_cost": QUANTITY,
        "resale": st.booleans(),
        "ramp": QUANTITY,
        "basis": st.just("t"),
        "from_period": st.just(periods[0]),
        "to_period": st.just(periods[-1]),
        "opening_cost": QUANTITY,
        "qualification": st.integers(0, len(periods) - 1),
        "ramp_up": st.lists(POSITIVE_SHARE, max_size=3).map(sorted),
        "attributes": inner,
    }
    companies = st.sampled_from(names(draw, 4, 4, NAME))
    offer = [
        row(
            draw,
            {
                "offer": name,
                "company": draw(companies),
                "material": material,
                "stage": last if number else first,
                "country": draw(COUNTRY),
                "capacity": draw(QUANTITY),
                "price": draw(QUANTITY),
            }
            | ({"yield": draw(POSITIVE_SHARE)} if number == 1 else {}),
            terms,
        )
        for number, name in enumerate(names_of)
    ]
    if "ramp_up" not in offer[2]:
        offer[2]["capacity"] = draw(st.one_of(st.none(), QUANTITY))
    return offer


def _terms(draw: st.DrawFn, offers: list[str], agreed: dict[str, Any], lengths: list[dict[str, Any]]) -> dict[str, Any]:
    """Return tiers, commitments, owners and lanes of offers; `agreed` is the one that commitments are made with."""
    return {
        "tiers": [
            row(draw, {"offer": offers[1], "from_quantity": draw(POSITIVE), "price": 1.5, "kind": "all-units"}, {})
            for _ in range(draw(st.integers(0, 1)))
        ],
        "commitments": [
            row(draw, {"offer": offers[3], "period": lengths[-1]["name"], "quantity": units}, {"basis": st.just("t")})
            for units in [draw(SHARE) * agreed["capacity"] * lengths[-1]["years"]]
            if 1e-9 <= units < math.inf and "ramp_up" not in agreed
        ],
        "owners": [
            row(draw, {"offer": name, "country": draw(COUNTRY), "share": draw(SHARE)}, {}) for name in offers[1:]
        ],
        "lanes": [
            row(
                draw,
                {"origin": offers[0], "destination": offers[1]},
                {"freight": QUANTITY, "capacity": st.just(5e299), "lead_time": st.integers(0, 9)},
            )
        ],
    }


def _law(draw: st.DrawFn, material: str, stage: str) -> dict[str, Any]:
    """Return a duty and at most one control, with dates."""
    return {
        "duties": [
            row(
                draw,
                {"duty": draw(NAME), "material": material, "stage": stage, "to_country": "DE", "rate": draw(RATE)},
                {
                    "valid_from": DAY,
                    "valid_to": END,
                    "suspended_from": DAY,
                    "suspended_to": END,
                    "known_from": DAY,
                    "looked_at": DAY,
                    "from_country": COUNTRY,
                },
            )
        ],
        "controls": [
            row(
                draw,
                {"control": draw(NAME), "material": material, "stage": stage, "from_country": "CL", "effect": effect},
                {"to_country": st.just("DE"), "valid_from": DAY, "suspended_from": DAY, "known_from": DAY},
            )
            for effect in draw(st.lists(st.sampled_from(["closed", "licence"]), max_size=1))
        ],
    }


DAY = st.dates(datetime.date(2000, 1, 1), datetime.date(2030, 1, 1))
END = st.just(datetime.date(2031, 12, 31))

CLASHES = {*ORIGINS, "offer", "company", "material", "stage", "country", "capacity", "price", "yield"}


@st.composite
def instances(draw: st.DrawFn) -> Instance:
    market = draw(markets())
    share_caps = [
        row(
            draw,
            {"kind": "share_cap", "name": name, "each": "country", "basis": "control", "max_share": draw(SHARE)},
            {
                "exempt": st.lists(COUNTRY, min_size=1, max_size=2),
                "stages": st.just([market["materials"][0]["stages"][0]]),
            },
        )
        | draw(st.sampled_from([{"hard": True}, {"penalty": 0.1 + 0.2}]))
        for name in names(draw, 0, 2, NAME)
    ]
    header = draw(st.fixed_dictionaries({}, optional=ORIGIN))
    own = {"name": draw(NAME), "title": draw(NOTE), "currency": "USD", "mass_unit": "t"}
    solve = draw(st.fixed_dictionaries({}, optional={"gap": QUANTITY, "time_limit": POSITIVE}))
    texts = st.lists(st.sampled_from(["as-of 2027-01-15", "demand *=+20%", "cap each=40%"]), min_size=1, max_size=2)
    cases = draw(st.dictionaries(NAME, texts, max_size=2))
    start = draw(st.fixed_dictionaries({}, optional={"start": DAY}))
    facts = {"market": market | header | start, "limits": share_caps, "solve": solve, "cases": cases}
    return Instance.model_validate(own | facts)


@pytest.mark.parametrize("suffix", ["", ".xlsx", ".json"])
@examples(60)
@given(instance=instances())
def test_an_instance_reads_back_equal(suffix: str, instance: Instance) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"copy{suffix}"
        dump(instance, path)
        assert load(path) == instance


@given(text=st.one_of(st.sampled_from(HOSTILE), st.text("'=+-@\t\rab")))
def test_protected_text_reads_back_and_starts_no_formula(text: str) -> None:
    assert unprotect(protect(text)) == text
    assert protect(text)[:1] not in tuple("=+-@\t\r")


KEY = st.text(string.printable, min_size=1)
TREES = st.recursive(
    st.one_of(KEY, st.booleans(), st.integers(-5, 5), FLOAT),
    lambda inner: st.one_of(st.lists(inner, min_size=1, max_size=3), st.dictionaries(KEY, inner, min_size=1)),
    max_leaves=12,
)
# Keys right under these three are names that people choose, never places in a list.
TABLES = st.dictionaries(KEY, TREES, min_size=1, max_size=4).filter(
    lambda table: not any(isinstance(table.get(name), list) for name in ("limits", "blocs", "cases"))
)


@given(table=TABLES)
def test_nested_tables_survive_dotted_keys(table: dict[str, Any]) -> None:
    nest = NestedTables()
    for key, value in flatten(table):
        path = parse(key)
        assert path is not None
        assert nest.put(path, value) is None
    assert nest.built() == table


@given(
    table=st.dictionaries(
        st.text(min_size=1), st.one_of(st.text(), st.dates(), st.lists(st.text()), st.floats(0, 1e300))
    )
)
def test_toml_reads_back_equal(table: dict[str, Any]) -> None:
    assert tomllib.loads(toml_text({"a": {"b.c": table}, "d": [table]})) == {"a": {"b.c": table}, "d": [table]}
