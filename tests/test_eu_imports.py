"""The European Union's plan stays within what it was seen to import, and says where nobody saw."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

from models.policies.reading import read_shipped
from optimizer.load import load
from optimizer.report.caveats import list_lines
from optimizer.report.terminal import format_report
from optimizer.results.caveats import assumed_rows
from optimizer.session import Session
from optimizer.solve import Solution, settings_of, solve

FOLDER = Path(__file__).resolve().parents[1] / "instances" / "eu-strategic-2030"
NOT_FOUND = "(import not found)"


@cache
def solved() -> Solution:
    instance = load(FOLDER)
    return solve(instance, session=Session(settings_of(instance, gap=0.0)))


def through_corridors(solution: Solution) -> dict[str, float]:
    """Return what the plan sends through each corridor [t a year]."""
    corridor = {(lane.origin, lane.destination): lane.corridor for lane in solution.instance.market.lanes}
    units: dict[str, float] = defaultdict(float)
    for (origin, destination, _), sent in solution.account.plan.flow.items():
        if (name := corridor[origin, destination]) and sent > 0:
            units[name] += sent
    return units


def test_every_way_into_the_union_from_outside_is_bounded_by_a_corridor() -> None:
    market, union = load(FOLDER).market, read_shipped("eu-crma").blocs["EU"]
    stands = {offer.offer: offer.country for offer in market.offers} | {
        site.site: site.country for site in market.sites
    }
    entries = [lane for lane in market.lanes if stands[lane.origin] not in union and stands[lane.destination] in union]
    assert entries
    assert not [lane.key for lane in entries if lane.corridor is None]
    assert not [lane.key for lane in market.lanes if lane.corridor and lane not in entries]


def test_a_corridor_says_by_its_name_whether_imports_were_found() -> None:
    for corridor in load(FOLDER).market.corridors:
        found = NOT_FOUND not in corridor.corridor
        assert re.search(r" \((below )?(import|export) 20\d\d(, x18)?\)$", corridor.corridor) if found else True
        assert (corridor.quality != "assumed") == found
        assert corridor.note
        assert corridor.source
        assert corridor.year


def test_the_plan_stays_within_what_the_union_was_seen_to_import() -> None:
    told = re.findall(
        r"^\| (\S+ \([^)|]*(?:import|export) 20[^)|]*\)) \|.*\| ([\d .]+) \| [\d .]+ \|$", sources(), re.MULTILINE
    )
    most = {name: float(figure.replace(" ", "")) for name, figure in told}
    capacity = {
        one.corridor: one.capacity for one in solved().instance.market.corridors if NOT_FOUND not in one.corridor
    }
    assert most.keys() == capacity.keys()
    for name, units in through_corridors(solved()).items():
        if NOT_FOUND not in name:
            assert units <= most[name] * (1 + 1e-9)
            assert capacity[name] == pytest.approx(most[name], abs=0.5)


def test_the_answer_names_what_it_takes_of_countries_whose_imports_were_not_found() -> None:
    solution = solved()
    taken = {name for name in through_corridors(solution) if NOT_FOUND in name}
    rows = assumed_rows(solution.instance.market, solution.account)
    assert taken
    corridors = {row["row"]: row["assumed"] for row in rows if row["table"] == "corridors"}
    assert taken == {name for name, columns in corridors.items() if not columns}
    worked_up = {name: columns for name, columns in corridors.items() if name not in taken}
    assert set(worked_up.values()) == {"capacity"}
    read_off = {"cu-refined-cl (import 2024)", "cu-refined-cd (import 2024)"}  # tonnes, as customs counted them
    assert set(through_corridors(solution)) - taken - worked_up.keys() == read_off
    [told] = [line for line in list_lines(solution.caveats, "t", "") if line.startswith("What may pass is assumed of")]
    assert told == f"What may pass is assumed of {len(corridors)} corridors, named at the end."
    last = " ".join(format_report(solution).rpartition("\n\n")[2].split())
    assert not [name for name in taken if name not in last]


def sources() -> str:
    return (FOLDER / "SOURCES.md").read_text("utf-8")
