"""Law by period in random markets: against every day counted by itself, and with periods cut in two."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from models.formulation.components import parts
from optimizer.audit import audit
from optimizer.programs.data_update import update_data
from optimizer.programs.program import Program
from tests.examples import examples
from tests.laws.markets import COUNTRIES, KINDS, edited, instances
from tests.laws.oracle import Oracle
from tests.laws.test_laws import MOST_COMBINATIONS, SAME, cost, solved
from tests.laws.test_parts import pairs

if TYPE_CHECKING:
    from models.enforcement import EnforcedInstance

Tables = dict[str, Any]

TERMS = ("lead", "lanes", "second", "years", "ramp_up", "stock", "corridor", "window")
CHOICES = ("minimum", "minimum", "lane", "fixed", "incremental")
Days = tuple[tuple[str, ...], tuple[str, ...]]
"""Of the days on which something may begin, and of those on which it may end."""
_DAYS = ("2026-12-31", "2027-01-01", "2027-03-15", "2027-07-01", "2027-12-31", "2028-01-01", "2028-02-29", "2028-09-01")
WITHIN = (_DAYS, _DAYS)
"""Around and within the first two years."""
EDGES = (("2027-01-01", "2028-01-01"), ("2026-12-31", "2027-12-31"))
"""First and last days of years."""


def _dates(draw: Any, days: Days) -> Tables:
    """Draw days of validity."""
    shape = draw(st.sampled_from(["from", "to", "between", "suspended", "suspended on", "always"]))
    first, last = draw(st.sampled_from(days[0])), draw(st.sampled_from(days[1]))
    assume(first <= last or shape not in {"between", "suspended"})
    match shape:
        case "from":
            return {"valid_from": first}
        case "to":
            return {"valid_to": last}
        case "between":
            return {"valid_from": first, "valid_to": last}
        case "suspended":
            return {"suspended_from": first, "suspended_to": last}
        case "suspended on":
            return {"suspended_from": first}
        case _:
            known: Tables = draw(st.sampled_from([{}, {"known_from": "2027-01-01"}, {"known_from": "2027-01-02"}]))
            return known


def _add_site(market: Tables, site: str, country: str) -> None:
    """Add a site that needs 20 a period, with a lane from each offer that sells to sites."""
    market["sites"].append({"site": site, "country": country})
    for period in market["periods"]:
        market["demand"].append({"site": site, "material": "ore", "period": period["name"], "quantity": 20})
    if market["lanes"]:
        sold = [offer["offer"] for offer in market["offers"] if offer["stage"] == "refined"]
        market["lanes"] += [{"origin": offer, "destination": site} for offer in sold]


@st.composite
def dated(
    draw: Any,
    /,
    *,
    days: Days,
    choices: tuple[str, ...],
    terms: tuple[str, ...],
    kinds: tuple[str, ...],
) -> EnforcedInstance:
    """Return a market from 2027-01-01 on, known on that day, with duties and controls that turn on some days."""
    asked = draw(instances(choices, terms, kinds))

    def add(record: Tables) -> None:
        market = record["market"]
        market["start"] = "2027-01-01"
        for site in draw(st.sampled_from([(), ("shop",), ("shop", "depot")])):
            _add_site(market, site, "US" if site == "shop" else draw(st.sampled_from(COUNTRIES)))
        ends = {"mined": [o["country"] for o in market["offers"] if o["yield"] is not None]}
        ends["refined"] = [site["country"] for site in market["sites"]]
        for number in range(draw(st.integers(1, 4))):
            offer = draw(st.sampled_from(market["offers"]))
            goods = {"material": "ore", "stage": offer["stage"], "from_country": offer["country"]}
            to = draw(st.sampled_from(ends[offer["stage"]]))
            if draw(st.booleans()):
                rate = draw(st.sampled_from([0.25, 1.5]))
                market["duties"] += [
                    goods | {"duty": f"d{number}", "to_country": to, "rate": rate} | _dates(draw, days)
                ]
            else:
                to = draw(st.sampled_from([None, *({to} - {offer["country"]})]))
                market["controls"] += [
                    goods | {"control": f"c{number}", "to_country": to, "effect": "closed"} | _dates(draw, days)
                ]

    return edited(asked, add)


@examples(200)
@given(dated(days=WITHIN, choices=CHOICES, terms=TERMS, kinds=KINDS))
def test_the_optimum_counts_law_day_by_day(asked: EnforcedInstance) -> None:
    oracle = Oracle(asked)
    assume(oracle.combinations <= MOST_COMBINATIONS)
    assert cost(asked) == pytest.approx(oracle.least_cost(), **SAME)
    solution = solved(asked)
    assert solution is None or audit(solution.account) == []


@examples(120)
@given(dated(days=WITHIN, choices=("fixed", "incremental"), terms=TERMS, kinds=()))
def test_a_ban_is_the_quota_of_nothing_on_its_days(asked: EnforcedInstance) -> None:
    assume(asked.market.controls)
    shares = [
        {name: asked.market.shares_of(row).get(name, 0.0) for name in asked.market.years}
        for row in asked.market.controls
    ]

    def as_quotas(record: Tables) -> None:
        for number, row in enumerate(record["market"]["controls"]):
            scope = {"country": row["from_country"], "stages": [row["stage"]], "to_country": row["to_country"]}
            quota = {"kind": "quota", "name": f"q{number}", "max_quantity": 0, "hard": True}
            record["limits"].append(quota | scope | {"share_of_days": shares[number]})
        record["market"]["controls"] = []

    # two quotas of one country may hold on different days, which a share of days does not say
    assume(len({(row.stage, row.from_country) for row in asked.market.controls}) == len(asked.market.controls))
    assert cost(edited(asked, as_quotas)) == pytest.approx(cost(asked), **SAME)


def cut(asked: EnforcedInstance, part: float) -> EnforcedInstance:
    """Return an instance with each period cut in two, the first of a part of its years, and all amounts with them."""

    def split(record: Tables) -> None:
        market = record["market"]
        parts = (("a", part), ("b", 1 - part))
        market["periods"] = [
            row | {"name": f"{row['name']}{half}", "years": row["years"] * share}
            for row in market["periods"]
            for half, share in parts
        ]
        for table in ("demand", "commitments"):
            market[table] = [
                row | {"period": f"{row['period']}{half}", "quantity": row["quantity"] * share}
                for row in market[table]
                for half, share in parts
            ]
        for offer in market["offers"]:
            for column, half in (("from_period", "a"), ("to_period", "b")):
                offer[column] = offer[column] and f"{offer[column]}{half}"

    return edited(asked, split)


def for_the_horizon(record: Tables) -> None:
    for limit in record["limits"]:
        if "per" in limit:
            limit["per"] = "horizon"


@examples(160)
@given(
    dated(
        days=EDGES,
        choices=("fixed", "minimum", "switching", "opening"),
        terms=("lanes", "second", "window", "corridor", "commitment"),
        kinds=("share_cap", "quantity_cap", "share_floor", "budget_cap"),
    ),
    st.sampled_from([1 / 2, 1 / 3, 0.3]),
)
def test_periods_cut_in_two_cost_the_same_where_no_law_changes_within_them(
    asked: EnforcedInstance, part: float
) -> None:
    whole = edited(asked, for_the_horizon)
    assert cost(cut(whole, part)) == pytest.approx(cost(whole), rel=1e-9, abs=1e-9)


@examples(120)
@given(pairs(), st.sampled_from(["2027-04-01", "2027-10-01", "2028-02-01"]), st.data())
def test_a_duty_that_turns_on_another_day_is_put_into_a_program_as_into_one_that_is_built(
    asked: EnforcedInstance, day: str, data: Any
) -> None:
    offer = data.draw(st.sampled_from([o for o in asked.market.offers if o.stage == "refined"]))
    goods = {"material": offer.material, "stage": "refined", "from_country": offer.country, "to_country": "US"}

    def charged_from(first: str) -> EnforcedInstance:
        def add(record: Tables) -> None:
            record["market"]["start"] = "2027-01-01"
            record["market"]["duties"].append(goods | {"duty": "late", "rate": 0.5, "valid_from": first})
            budget = {"kind": "budget_cap", "name": "budget", "costs": ["purchases", "duty"], "hard": True}
            record["limits"].append(budget | {"max_cost": 900})

        return edited(asked, add)

    (before,), (after,) = parts(charged_from("2027-07-01")), parts(charged_from(day))
    built, put = Program(after), update_data(Program(before), after)
    assume(put is not None)
    assert put is not None
    assert before != after
    for name in ("cost", "lower", "upper", "row_lower", "row_upper"):
        assert getattr(put.matrix, name).tolist() == getattr(built.matrix, name).tolist(), name
    assert put.matrix.A.data == pytest.approx(built.matrix.A.data, rel=1e-12)
