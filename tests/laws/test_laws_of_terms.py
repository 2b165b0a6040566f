"""Terms that differ by period, in random markets: against every choice tried, and against the same said otherwise."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from models.changes import apply_changes, parse
from models.formulation.build import build, written_out
from optimizer.audit import audit
from tests.examples import examples
from tests.laws.markets import CHOICES, KINDS, edited, instances
from tests.laws.oracle import Oracle
from tests.laws.test_laws import MOST_COMBINATIONS, SAME, cost, solved

if TYPE_CHECKING:
    from pathlib import Path

    from models.enforcement import EnforcedInstance

Tables = dict[str, Any]

TERMS = ("stock", "ramp", "lead", "duty", "lanes", "second", "window", "corridor", "years", "ramp_up")
_PLAIN = ("fixed", "minimum", "running", "switching", "lane", "opening")
"""Choices but for tiers, which follow the price of the offer itself."""
_COLUMNS = ("price", "capacity", "minimum_take")


def _draw_terms(draw: Any, record: Tables) -> None:
    """Put in the place of all terms some that differ, of any offers in any periods."""
    market = record["market"]
    sales = [(offer["offer"], period["name"]) for offer in market["offers"] for period in market["periods"]]
    most = {offer["offer"]: offer["capacity"] for offer in market["offers"]}
    market["terms"] = []
    for offer, period in draw(st.lists(st.sampled_from(sales), min_size=1, max_size=4, unique=True)):
        capacity = draw(st.sampled_from([None, 0, 20, 60, 150]))
        take = draw(st.sampled_from([None, 0, 20]))
        differs = {"price": draw(st.sampled_from([None, 1, 7, 40])), "capacity": capacity}
        differs["minimum_take"] = None if take is None else min(take, most[offer] if capacity is None else capacity)
        if any(value is not None for value in differs.values()):
            market["terms"].append({"offer": offer, "period": period} | differs)


def _draw_lane_terms(draw: Any, record: Tables) -> None:
    """Let some lanes and corridors cost or carry something else in some periods."""
    market = record["market"]
    lanes = [(lane["origin"], lane["destination"], None) for lane in market["lanes"]]
    shared = [(None, None, corridor["corridor"]) for corridor in market["corridors"]]
    ways = [(way, period["name"]) for way in [*lanes, *shared, *shared] for period in market["periods"]]
    market["lane_terms"] = []
    for way, period in draw(st.lists(st.sampled_from(ways), max_size=4, unique=True)) if ways else []:
        differs = {"capacity": draw(st.sampled_from([0, 20, 60])), "freight": draw(st.sampled_from([None, 3]))}
        if way[2] is not None:
            differs["freight"] = None
        names = dict(zip(("origin", "destination", "corridor"), way, strict=True))
        market["lane_terms"].append(names | {"period": period} | differs)


def _draw_costs(draw: Any, record: Tables) -> None:
    """Let stock and unmet demand cost something else in some periods."""
    market = record["market"]
    rooms = [(row["site"], row["material"], period["name"]) for row in market["stock"] for period in market["periods"]]
    some = draw(st.lists(st.sampled_from(rooms), max_size=2, unique=True)) if rooms else []
    keys = ("site", "material", "period", "holding_cost")
    market["stock_terms"] = [dict(zip(keys, (*room, draw(st.sampled_from([0, 9]))), strict=True)) for room in some]
    for row in market["demand"]:
        row["shortage_cost"] = draw(st.sampled_from([None, None, 4, 35]))


@st.composite
def differing(draw: Any, choices: tuple[str, ...] = CHOICES, kinds: tuple[str, ...] = KINDS) -> EnforcedInstance:
    asked = draw(instances(choices, (*TERMS, "lanes", "corridor"), kinds))
    drawn = [_draw_terms, _draw_lane_terms, _draw_costs]
    return edited(asked, *(lambda record, tables=tables: tables(draw, record) for tables in drawn))


def text(asked: EnforcedInstance, folder: Path) -> str:
    """Return the whole program of an instance."""
    path = folder / "model.lp"
    written_out(build(asked)).write(str(path), io_options={"symbolic_solver_labels": True})
    return path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("programs")


@examples(200)
@given(differing())
def test_the_optimum_is_the_least_over_all_choices(asked: EnforcedInstance) -> None:
    oracle = Oracle(asked)
    assume(oracle.combinations <= MOST_COMBINATIONS)
    assert cost(asked) == pytest.approx(oracle.least_cost(), **SAME)
    solution = solved(asked)
    assert solution is None or audit(solution.account) == []


def _terms_everywhere(record: Tables) -> None:
    """Say for every offer in every period what it says itself, where no row does."""
    market = record["market"]
    stated = {(row["offer"], row["period"]): row for row in market["terms"]}
    known = {(row["origin"], row["destination"], row["period"]): row for row in market["lane_terms"]}
    for lane, period in product(market["lanes"], market["periods"]):
        key = lane["origin"], lane["destination"], period["name"]
        if key not in known:
            known[key] = dict(zip(("origin", "destination", "period"), key, strict=True))
            market["lane_terms"].append(known[key])
        for column in ("freight", "capacity"):
            if known[key].get(column) is None:
                known[key][column] = lane[column]
    market["terms"] = [
        {"offer": offer["offer"], "period": period["name"]}
        | {
            column: offer[column]
            if (said := stated.get((offer["offer"], period["name"]), {}).get(column)) is None
            else said
            for column in _COLUMNS
        }
        for offer in market["offers"]
        for period in market["periods"]
    ]
    for row in market["terms"]:
        row["minimum_take"] = min(row["minimum_take"], row["capacity"])


@examples(60)
@given(instances(CHOICES, TERMS, KINDS), st.randoms(use_true_random=False))
def test_terms_that_repeat_an_offer_change_nothing(folder: Path, asked: EnforcedInstance, random: Any) -> None:
    said = edited(asked, _terms_everywhere, lambda record: random.shuffle(record["market"]["terms"]))
    assert len(said.market.terms) == len(said.market.offers) * len(said.market.periods)
    assert text(said, folder) == text(asked, folder)


@examples(60)
@given(differing(choices=_PLAIN))
def test_what_an_offer_says_for_every_period_counts_in_none_that_differs(folder: Path, asked: EnforcedInstance) -> None:
    def hide(record: Tables) -> None:
        for offer in record["market"]["offers"]:
            offer |= {"price": offer["price"] + 11, "capacity": 5000, "minimum_take": 3}
        for lane in record["market"]["lanes"]:
            lane |= {"freight": lane["freight"] + 7, "capacity": None if lane["capacity"] is None else 5000}

    said = edited(asked, _terms_everywhere)
    hidden = edited(said, hide)
    assert text(hidden, folder) == text(said, folder) == text(asked, folder)
    found, others = solved(asked), solved(hidden)
    assert (found is None) == (others is None)
    if found is not None and others is not None:
        assert others.account.costs == pytest.approx(found.account.costs)
        assert audit(others.account) == []


@examples(80)
@given(instances(CHOICES, (*TERMS, "duty"), KINDS), st.data())
def test_a_capacity_of_nothing_is_a_lane_closed_in_its_period(asked: EnforcedInstance, data: Any) -> None:
    offer = data.draw(st.sampled_from(asked.market.offers))
    period = data.draw(st.sampled_from(asked.market.periods)).name

    def apart(record: Tables) -> None:
        market = record["market"]
        market |= {"start": "2027-01-01", "terms": []}
        next(row for row in market["offers"] if row["offer"] == offer.offer)["country"] = "NZ"

    here = edited(asked, apart)
    assert here.market.calendar is not None
    first, last = here.market.calendar[period]
    ban = {"control": "x", "material": "ore", "stage": offer.stage, "from_country": "NZ", "effect": "closed"}
    days = {"valid_from": str(first), "valid_to": str(last)}
    closed = edited(here, lambda record: record["market"]["controls"].append(ban | days))
    none = {"offer": offer.offer, "period": period, "capacity": 0}
    nothing = edited(here, lambda record: record["market"]["terms"].append(none))
    assert cost(nothing) == pytest.approx(cost(closed), **SAME)


@examples(60)
@given(instances(("fixed", "running", "incremental", "lane"), TERMS, KINDS), st.data())
def test_a_ban_of_an_offer_in_a_period_is_a_capacity_of_nothing_there(asked: EnforcedInstance, data: Any) -> None:
    # whose ore is in what is bought refined may be undisclosed, which a ban counts
    offer = data.draw(st.sampled_from([o for o in asked.market.offers if o.stage == "refined"])).offer
    last = asked.market.periods[-1].name
    assume(offer in {name for name, period in asked.market.available if period == last})
    stopped, banned = (
        apply_changes(asked, [parse(text)]) for text in (f"capacity {offer}@{last}=0", f"ban offer:{offer}@{last}")
    )
    assert cost(stopped) == pytest.approx(cost(banned), **SAME)
