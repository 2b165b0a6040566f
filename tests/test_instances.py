"""Every bundled instance solves to its known answer; `pytest tests/test_instances.py --update` stores it anew."""

from __future__ import annotations

import json
import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import lodeplan
from models.market import TABLES
from optimizer.limits_cost import add_limits_cost
from optimizer.load import load
from optimizer.session import Session
from optimizer.solve import Solution, settings_of, solve
from optimizer.stress.survival import survival_of
from optimizer.tables.limits import binds

INSTANCES = Path(__file__).resolve().parents[1] / "instances"
NAMES = sorted(path.parent.name for path in INSTANCES.glob("*/instance.toml"))
STUDY = "us-battery-2027"
BY_QUARTER = "us-battery-quarterly"
STOCKPILE = "stockpile-2027"


@cache
def solved(name: str) -> Solution:
    """Return the plan of an instance at gap 0, as if nothing could happen, and what its market costs without limits."""
    instance = load(INSTANCES / name)
    session = Session(settings_of(instance, gap=0.0, calm=True))
    return add_limits_cost(solve(instance, session=session), session)


def binding(solution: Solution) -> list[str]:
    return sorted({limit.name for limit, reading in solution.account.readings if binds(limit, reading)})


def test_every_folder_is_an_instance_with_its_sources() -> None:
    folders = {path.name for path in INSTANCES.iterdir() if path.is_dir()}
    assert folders == set(NAMES)
    assert not [name for name in NAMES if not (INSTANCES / name / "SOURCES.md").is_file()]
    assert not [name for name in NAMES if load(INSTANCES / name).name != name]


def test_the_list_of_instances_names_every_folder() -> None:
    text = (INSTANCES / "README.md").read_text("utf-8")
    assert not [name for name in NAMES if f"[{name}]({name}/SOURCES.md)" not in text]


@pytest.mark.parametrize("name", NAMES)
def test_an_instance_solves_to_its_known_answer(name: str, update: bool) -> None:  # noqa: FBT001 (a fixture)
    solution = solved(name)
    assert solution.proven
    free = solution.without_limits
    assert free is not None
    assert free.bound == pytest.approx(free.cost, rel=1e-9)
    answer: dict[str, Any] = {
        "cost": round(solution.cost, 2),
        "cost_without_limits": round(free.cost, 2),
        "binding": binding(solution),
    }
    path = INSTANCES / name / "expected.json"
    if update:
        path.write_text(json.dumps(answer, indent=2) + "\n", "utf-8")
    expected = json.loads(path.read_text("utf-8"))
    assert expected.keys() == answer.keys()
    assert answer["binding"] == expected["binding"]
    for cost in ("cost", "cost_without_limits"):
        assert answer[cost] == pytest.approx(expected[cost], rel=1e-6), cost


@pytest.mark.parametrize("name", NAMES)
def test_every_row_has_a_source_and_its_year_or_says_that_it_is_assumed(name: str) -> None:
    market = load(INSTANCES / name).market
    bare = [
        f"{table}: {record.model_dump(exclude_defaults=True)}"
        for table in TABLES
        for record in getattr(market, table)
        if not (record.source and (record.year or record.source.startswith("assumed")))
    ]
    assert not bare


@pytest.mark.parametrize("name", sorted({*NAMES} - {"tutorial-lithium-cobalt"}))
def test_every_row_of_a_real_instance_says_how_well_it_is_known(name: str) -> None:
    instance = load(INSTANCES / name)
    silent = {table: [row.key for row in getattr(instance.market, table) if row.quality is None] for table in TABLES}
    assert not {table: keys for table, keys in silent.items() if keys}


def test_the_study_is_large_enough_to_say_something_and_its_limits_bite() -> None:
    solution = solved(STUDY)
    assert len(solution.account.market.offers) >= 60
    assert len(binding(solution)) >= 3


def test_in_the_study_a_cap_by_control_binds_where_the_same_cap_by_place_is_slack() -> None:
    solution = solved(STUDY)
    limits = {limit.name: limit for limit in solution.account.limits}
    place, control = (limits[f"china-refined-{basis}"].model_dump() for basis in ("place", "control"))
    differing = {key for key in place if place[key] != control[key]}
    assert differing <= {"name", "basis", "note"}
    assert "china-refined-control" in binding(solution)
    assert "china-refined-place" not in binding(solution)


@pytest.mark.parametrize("name", [STUDY, BY_QUARTER, STOCKPILE])
def test_the_sources_of_the_study_tell_what_its_plan_costs(name: str) -> None:
    solution = solved(name)
    text = (INSTANCES / name / "SOURCES.md").read_text("utf-8")
    assert f"the plan costs **USD {solution.cost / 1e6:.2f} million** over two years" in text
    assert solution.without_limits is not None
    assert f"without them USD {solution.without_limits.cost / 1e6:.2f} million" in text


def test_what_survives_without_china_in_the_study_by_the_quarter_is_what_its_sources_count_by_hand() -> None:
    survival = survival_of(solved(BY_QUARTER))
    assert (survival.country, survival.material, survival.lasts) == ("CN", "manganese", 2)
    south_africa = 1 - 0.65
    assert survival.covered == pytest.approx((1 + south_africa + 1.1 * south_africa) / 3, rel=1e-6)
    assert "which is 58 % of the three" in (INSTANCES / BY_QUARTER / "SOURCES.md").read_text("utf-8")


@pytest.mark.slow(reason="one program of 65 scenarios", measured=False)
@pytest.mark.filterwarnings("ignore")
def test_what_the_study_by_the_quarter_is_expected_to_cost_is_what_its_sources_say() -> None:
    told = lodeplan.solve(INSTANCES / BY_QUARTER)
    text = (INSTANCES / BY_QUARTER / "SOURCES.md").read_text("utf-8")
    risk = told.risk
    assert risk is not None
    assert (
        f"expected to cost **USD {risk.expected / 1e6:.1f} million**, and USD {risk.calm_cost / 1e6:.1f} million if"
        in text
    )
    assert f"in any of {len(risk.outcomes)} scenarios" in text


def test_what_survives_without_japan_in_the_stockpile_is_what_its_sources_count_by_hand() -> None:
    survival = survival_of(solved(STOCKPILE))
    assert (survival.country, survival.material, survival.lasts) == ("JP", "titanium", 2)
    need, left, near = 8530, 1108.77, 880 + 0.65 * 1430
    assert survival.covered == pytest.approx((need + left + near + 1.1 * near) / (3 * need), rel=1e-5)
    assert "That leaves 13 438.7 of 25 590 t, 53 %" in (INSTANCES / STOCKPILE / "SOURCES.md").read_text("utf-8")


@pytest.mark.slow(reason="four stress tests of each country", measured=False)
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("case", ["neither", "days-alone"])
def test_what_days_of_cover_leave_covered_is_what_the_sources_of_the_stockpile_say(case: str) -> None:
    asked = lodeplan.change(lodeplan.load(INSTANCES / STOCKPILE), cases=[case])
    plan = lodeplan.solve(asked)
    text = (INSTANCES / STOCKPILE / "SOURCES.md").read_text("utf-8")
    told = re.findall(rf"^\| {case} \| [^|]*\| (.+?) \| (.+?) \|$", text, re.MULTILINE)[-1]
    countries = {"Switzerland": "CH", "Japan": "JP", "Canada": "CA"}
    for basis, words in zip(("control", "place"), told, strict=True):
        found = lodeplan.stress(plan, asked, lose=f"each-country@{basis}", from_period="2027-Q4").losses
        said = re.findall(r"(\w+): (\d+) % of (\w+)", words)
        for country, share, material in said:
            rows = found[(found["loss"] == f"{countries[country]}@{basis}") & (found["material"] == material)]
            assert round(100 * rows["covered [share]"].min()) == int(share), (country, material)
        assert round(100 * found["covered [share]"].min()) == min(int(share) for _, share, _ in said)


TURNS = re.compile(r"^\| (\S+) \| [^|]+ \| ([^|]+) \| ([\d ]*) ?\| ([^|]+) \| ([\d ]*) ?\|$", re.MULTILINE)
"""A row of the table of alternatives: offer, what it is, case that buys it, price, case that does not, price."""


def alternatives(name: str) -> dict[str, re.Match[str]]:
    return {row[1]: row for row in TURNS.finditer((INSTANCES / name / "SOURCES.md").read_text("utf-8"))}


def turning(name: str, offer: str, case: str) -> tuple[bool, str]:
    """Return whether the plan buys of an offer, and the price at which that turns, as SOURCES.md writes it."""
    asked = lodeplan.load(INSTANCES / name)
    told = lodeplan.explain(asked if case == "as it is" else lodeplan.change(asked, cases=[case]), offer).as_dict()
    return told["bought"] > 0, f"{told['threshold']['price']:,.0f}".replace(",", " ")


@pytest.mark.slow(reason="each alternative of two studies explained twice", measured=False)
@pytest.mark.filterwarnings("ignore:what changes in 2028 is known")
@pytest.mark.parametrize(
    ("name", "offer"), [(name, offer) for name in (STUDY, "us-defense-2027") for offer in alternatives(name)]
)
def test_an_alternative_is_in_one_plan_and_out_of_another_and_turns_at_the_price_told(
    name: str,
    offer: str,
    update: bool,  # noqa: FBT001 (a fixture)
) -> None:
    row = alternatives(name)[offer]
    within, out = turning(name, offer, row[2]), turning(name, offer, row[4])
    assert (within[0], out[0]) == (True, False)
    if update:
        path = INSTANCES / name / "SOURCES.md"
        what = row[0].split(" | ")[1]
        fresh = f"| {offer} | {what} | {row[2]} | {within[1]} | {row[4]} | {out[1]} |"
        path.write_text(path.read_text("utf-8").replace(row[0], fresh), "utf-8")
    row = alternatives(name)[offer]
    assert (row[3].strip(), row[5].strip()) == (within[1], out[1])


TOLD = re.compile(r"^\| ([a-z0-9, -]+) \| ([\d ]+\.\d+) \| ([^|]*?) ?\|$", re.MULTILINE)
"""A row of the table of cases: cases, each by itself (,) or together (and), cost in millions, what is unmet."""
SHORT = re.compile(r"([a-z-]+) ([\d ]+(?:\.\d+)?) (?:t|kg)")


def told_cases() -> list[tuple[str, list[str], str, str]]:
    """Return each row of the tables of cases in the pages of sources: instance, its cases, cost, unmet."""
    rows = []
    for name in NAMES:
        cases = tomllib.loads((INSTANCES / name / "instance.toml").read_text("utf-8")).get("cases", {})
        for row in TOLD.finditer((INSTANCES / name / "SOURCES.md").read_text("utf-8")):
            asked = [each.split(" and ") for each in row[1].split(", ")]
            rows += [(name, each, row[2], row[3]) for each in asked if set(each) <= set(cases)]
    return rows


@pytest.mark.slow(reason="a solve for each case of three instances", measured=False)
@pytest.mark.filterwarnings("ignore:what changes")
@pytest.mark.parametrize(("name", "cases", "cost", "unmet"), told_cases())
def test_a_case_costs_and_leaves_unmet_what_the_sources_say(name: str, cases: list[str], cost: str, unmet: str) -> None:
    found = lodeplan.solve(lodeplan.change(lodeplan.load(INSTANCES / name), cases=cases), calm=True).as_dict()
    digits = len(cost.split(".")[1])
    assert f"{found['cost'] / 1e6:,.{digits}f}".replace(",", " ") == cost.strip()
    short = {row["material"]: row["quantity"] for row in found["unmet"]}
    told = {material: amount.replace(" ", "") for material, amount in SHORT.findall(unmet)}
    assert told.keys() == short.keys()
    for material, amount in told.items():
        step = 10 ** -len(amount.partition(".")[2])
        assert short[material] == pytest.approx(float(amount), abs=0.51 * step), material
