"""Feed that is on its way to a processor when the horizon begins: it runs the processor, as a feed bought before."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from models.limits.share_cap import ShareCap
from models.market import Lane, Shock, ShortNotice, StatedScenario, Stock, UnderWay
from optimizer.audit import audit
from optimizer.charts.flows import list_flows
from optimizer.charts.landed import draw_landed
from optimizer.errors import NoPlan
from optimizer.folders.shown_solved import show_solved
from optimizer.notes import list_notes
from optimizer.reasons import list_reasons
from optimizer.report.suppliers import chain_in, format_landed
from optimizer.results.account import Account
from optimizer.results.plan import Plan
from optimizer.solve import solve
from optimizer.stress.asked import list_losses
from optimizer.stress.run import StressTest
from optimizer.tables import plan_rows
from optimizer.tables.landed import PAID_BEFORE
from tests.blocks.markets import ORE, instance, mined, offer, solved

if TYPE_CHECKING:
    from models.enforcement import EnforcedInstance

NEED = {"1": 100.0, "2": 100.0}
TERMS: dict[str, Any] = {"response": ShortNotice(surge=0, take_or_pay=0.1), "shortage_cost": 500}
WORKS = offer("works", 2, 200, "CN", yield_=0.5)


def feed(quantity: float, period: str = "1", destination: str = "works") -> UnderWay:
    return UnderWay(destination=destination, material=ORE, period=period, quantity=quantity)


def asked(*rows: UnderWay, limits: tuple[ShareCap, ...] = (), **more: Any) -> EnforcedInstance:
    """Return a pit, works that make half of what they are fed, and a lot that is dearer than both: 5 / 0.5 + 2 < 20."""
    offers = [mined("pit", 5, 1000), more.pop("works", WORKS), offer("lot", 20, 500)]
    return instance(offers, more.pop("need", NEED), *limits, under_way=rows, **more)


def test_it_runs_the_processor_for_its_charge_alone() -> None:
    account = solved(asked(feed(80))).account
    assert audit(account) == []
    assert account.quantity["works", "1"] == pytest.approx(100)
    assert [account.quantity["pit", period] for period in NEED] == pytest.approx([120, 200])
    assert account.costs == {"purchases": pytest.approx(5 * 320), "processing": pytest.approx(2 * 200)}


def test_it_is_used_though_the_processor_is_dear() -> None:
    dear = asked(feed(80), works=WORKS.model_copy(update={"price": 90}))
    account = solved(dear).account
    assert [account.quantity[name, "1"] for name in ("works", "lot", "pit")] == pytest.approx([40, 60, 0])


def test_it_needs_no_lane_that_leads_to_the_processor() -> None:
    only_out = [Lane(origin="works", destination="plant"), Lane(origin="lot", destination="plant")]
    account = solved(asked(feed(80), lanes=only_out)).account
    assert [account.quantity["works", period] for period in NEED] == pytest.approx([40, 0])


def test_a_share_counts_what_is_made_of_it_and_not_where_it_came_from() -> None:
    refined = ShareCap(name="cn", country="CN", basis="place", stages=("refined",), max_share=0.4, hard=True)
    capped = asked(feed(60), limits=(refined,))
    assert [solved(capped).account.quantity["works", period] for period in NEED] == pytest.approx([40, 40])
    with pytest.raises(NoPlan):
        solve(asked(feed(120), limits=(refined,)))
    own = refined.model_copy(update={"country": "AU", "stages": ("mined",), "max_share": 0.2, "of": "demand"})
    own = own.model_copy(update={"undisclosed": "apart"})
    account = solved(asked(feed(80), limits=(own,))).account
    assert [account.quantity["pit", period] for period in NEED] == pytest.approx([40, 40])
    assert account.quantity["works", "1"] == pytest.approx(60)


def test_the_plan_lists_it_and_a_note_says_that_no_share_counts_it() -> None:
    solution = solved(asked(feed(80), feed(10, "2", "plant")))
    site, works = plan_rows(solution)["under_way"] or ({}, {})
    assert (site["destination"], site["stage"], site["quantity"], site["made"]) == ("plant", "refined", 10, None)
    assert (works["destination"], works["stage"], works["quantity"], works["made"]) == ("works", "mined", 80, 40)
    assert (
        "ore under way to plant in 2 and ore under way to works in 1 count in no share of the stage at which they were "
        "bought: shares are of what the plan buys"
    ) in list_notes(solution.instance)


def test_the_faces_draw_it_as_feed_and_say_that_it_adds_no_cost() -> None:
    solution = solved(asked(feed(80)))
    drawn = show_solved(solution)
    (flows,) = list_flows(drawn, "place")
    assert flows.links[(0, "AU"), (1, "CN")] == pytest.approx(160 / 200)  # of 200 t, 40 are made of what was under way
    assert flows.links[(1, "CN"), (2, "plant")] == pytest.approx(1)
    assert PAID_BEFORE in draw_landed(drawn, {})
    assert PAID_BEFORE in format_landed(solution, chain_in(solution))
    assert PAID_BEFORE not in draw_landed(show_solved(solved(asked(feed(80, "1", "plant")))), {})


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        (
            {"need": {"1": 30.0, "2": 90.0}},
            "works in 1: 80 t of feed are under way and at most 60 can be processed and",
        ),
        (
            {"works": WORKS.model_copy(update={"capacity": 10})},
            "works in 1: 80 t of feed are under way and at most 20 ",
        ),
        (
            {"works": WORKS.model_copy(update={"from_period": "2"})},
            "works in 1: 80 t of feed are under way and at most 0",
        ),
    ],
)
def test_more_than_can_be_processed_and_used_leaves_no_plan(more: dict[str, Any], reason: str) -> None:
    with pytest.raises(NoPlan):
        solve(asked(feed(80), **more))
    assert any(found.startswith(reason) for found in list_reasons(asked(feed(80), **more)))


def test_a_plan_that_forgets_it_does_not_hold() -> None:
    account = solved(asked(feed(80))).account
    idle = replace(account.plan, flow={("lot", "plant", period): 100.0 for period in NEED})
    assert audit(Account(account.market, account.limits, idle)) == [
        "works: sells 0 in 1 but its feed yields 40",
    ]


def test_a_lost_pit_leaves_it_and_lost_works_write_it_off() -> None:
    solution = solved(asked(feed(80), works=WORKS.model_copy(update={"price": 1}), **TERMS))
    test = StressTest(solution.instance, solution.account)
    tested = test.test(list_losses(solution.account, ["offer:pit", "offer:works"], 1)).tested
    lost = {(one.loss.subject.name, one.loss.begins): one.materials[0] for one in tested}
    assert dict(lost["pit", 0].unmet) == pytest.approx({"1": 60})
    assert lost["pit", 0].written_off == 0
    assert dict(lost["works", 0].unmet) == pytest.approx({"1": 100})
    assert lost["works", 0].written_off == pytest.approx(80)


def test_a_scenario_that_stops_the_processor_writes_it_off() -> None:
    facts: dict[str, Any] = {
        "scenarios": [StatedScenario(scenario="stop", probability=0.2, begins="1")],
        "shocks": [Shock(scenario="stop", what="capacity works", value="0", lasts=1)],
    }
    solution = solve(asked(feed(80), **TERMS, **facts))
    assert solution.risk is not None
    (stop,) = solution.risk.outcomes
    assert solution.account.quantity["works", "1"] == pytest.approx(40)  # for all else the lot stands by
    assert stop.materials[0].written_off == pytest.approx(80)
    assert stop.materials[0].covered == pytest.approx(0.8)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (feed(1, destination="lot"), "under_way[0] destination: 'lot' has no yield, so it takes no feed"),
        (UnderWay(destination="works", material="tin", period="1", quantity=1), "under_way[0] material: 'tin' is not"),
    ],
)
def test_what_takes_no_feed_is_refused(row: UnderWay, expected: str) -> None:
    with pytest.raises(ValidationError) as raised:
        asked(row)
    assert expected in str(raised.value)


# A longer instance ------------------------------------------------------------------------------

PERIODS = ("0", "1", "2", "3")
LATER = PERIODS[1:]


def longer(seed: int) -> tuple[list[Any], dict[str, float], tuple[ShareCap, ...], dict[str, Any]]:
    """Return offers, needs and limits by period of a market in which ore takes a period or two to the works."""
    random = Random(seed)  # noqa: S311
    offers = [
        mined("pit", random.randint(2, 6), 300),
        mined("shaft", random.randint(2, 6), 90, "CN"),
        offer("works", random.randint(1, 5), random.choice([60, 120]), yield_=random.choice([0.5, 0.8])),
        offer("mill", random.randint(1, 5), 80, "CN", yield_=1.0),
        offer("lot", random.randint(15, 30), 400, "ID"),
    ]
    lanes = [
        Lane(origin=start, destination=end, freight=random.randint(0, 3), lead_time=random.choice([1, 2]))
        for start in ("pit", "shaft")
        for end in ("works", "mill")
    ]
    lanes += [Lane(origin=start, destination="plant") for start in ("works", "mill", "lot")]
    limits = tuple(
        ShareCap(
            name=f"{stage}-cn", country="CN", basis="place", stages=(stage,), max_share=0.5, periods=LATER, hard=True
        )
        for stage in ("mined", "refined")
    )
    need = {period: float(random.choice([40, 70, 100])) for period in PERIODS}
    return offers, need, limits, {"lanes": lanes}


@pytest.mark.parametrize("seed", range(6))
def test_it_is_as_a_feed_that_was_bought_in_a_period_before(seed: int) -> None:
    offers, need, limits, facts = longer(seed)
    room = {"site": "plant", "material": ORE, "capacity": 60, "holding_cost": 1}
    before = solved(instance(offers, need, *limits, stock=[Stock(**room)], **facts)).account
    arriving: dict[tuple[str, str], float] = {}
    for flow, units in before.plan.flow.items():
        arrives = before.network.arrives(*flow)
        if flow[2] == "0" and arrives in LATER:
            arriving[flow[1], arrives] = arriving.get((flow[1], arrives), 0.0) + units
    rows = [feed(units, period, end) for (end, period), units in arriving.items()]
    opening = before.plan.stock.get(("plant", ORE, "0"), 0.0)
    rest = {period: need[period] for period in LATER}
    within = [limit.model_copy(update={"periods": None}) for limit in limits]
    after = solved(instance(offers, rest, *within, stock=[Stock(opening=opening, **room)], under_way=rows, **facts))
    tail = Plan(
        flow={flow: units for flow, units in before.plan.flow.items() if flow[2] in LATER},
        signed={},
        unmet={},
        stock={node: units for node, units in before.plan.stock.items() if node[2] in LATER},
    )
    books = Account(after.account.market, after.account.limits, tail)
    assert audit(books) == []
    assert books.total == pytest.approx(after.account.total)
    for stage in ("mined", "refined"):
        shares = (book.exposure.attribution(book, "place", ORE, stage, LATER).total_units() for book in (before, books))
        assert next(shares) == pytest.approx(next(shares))
    assert sum(arriving.values()) > 0
