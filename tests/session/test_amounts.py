"""A program in which demand, capacities, levels and prices were moved is that which would be built, to the last bit."""

from __future__ import annotations

import random
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from models.formulation.build import build
from models.formulation.components import parts
from models.market import Commitment, Control, Corridor, Lane, Site, Stock, Tier, UnderWay
from optimizer.errors import InputError, NoPlan
from optimizer.load import load
from optimizer.memory import Memory
from optimizer.programs.amount_update import update_amounts
from optimizer.programs.incumbent import WarmStart
from optimizer.programs.program import Program
from optimizer.requests import Requests
from optimizer.results.solution import settings_of
from optimizer.session import Session
from tests.blocks.markets import ORE, instance, mined, offer
from tests.cli.command import ROOT
from tests.limits.test_limits import CASES
from tests.limits.test_relevelled import assert_same

if TYPE_CHECKING:
    from models.enforcement import EnforcedInstance
    from models.instance import Instance

CHANGES = {
    "chips-2026": 10,
    "eu-strategic-2030": 5,
    "oem-electronics": 8,
    "stockpile-2027": 2,
    "tutorial-lithium-cobalt": 16,
    "us-battery-2027": 6,
    "us-battery-quarterly": 3,
    "us-defense-2027": 6,
}
"""How many changes follow each other in each instance."""


@cache
def instance_of(name: str) -> Instance:
    return load(ROOT / "instances" / name)


def asked_of(instance: Instance, *texts: str) -> EnforcedInstance:
    """Return an instance with some changes, without its scenarios."""
    return Requests(texts=texts).apply_to(instance)


def amounts_times(asked: EnforcedInstance, needed: float, sold: float) -> EnforcedInstance:
    """Return an instance in which demand, and what offers and their periods can sell, are times a factor."""
    market = asked.market
    tables: dict[str, list[Any]] = {
        "demand": [row.model_copy(update={"quantity": row.quantity * needed}) for row in market.demand],
        "offers": [row.model_copy(update={"capacity": row.capacity and row.capacity * sold}) for row in market.offers],
        "terms": [row.model_copy(update={"capacity": row.capacity and row.capacity * sold}) for row in market.terms],
    }
    return asked.model_copy(update={"market": market.model_copy(update={n: tuple(rows) for n, rows in tables.items()})})


@pytest.mark.parametrize("kind", CASES)
def test_amounts_are_moved_in_a_program_with_any_limit(kind: str) -> None:
    asked = CASES[kind].instance()
    program = Program(asked)
    for needed, sold in ((1.1, 1.0), (0.9, 1.0), (1.0, 1.2), (1.0, 1.0)):
        other = amounts_times(asked, needed, sold)
        moved = update_amounts(program, other, lambda: None)
        assert (moved is None) == (program.matrix.recourse is not None)
        if moved is None:
            return
        assert_same(moved, Program(other))
        assert moved.part == other
        program = moved


def with_all_blocks() -> EnforcedInstance:
    """Return a market in which every block of a plan for no scenario says something."""
    yielding: dict[str, Any] = {"yield": 0.8}
    lanes = [
        Lane(origin="near", destination="plant", fixed_cost=5, minimum=3),
        Lane(origin="near", destination="mill", corridor="cold"),
        Lane(origin="far", destination="plant", corridor="cape"),
        Lane(origin="far", destination="mill", corridor="cape"),
        Lane(origin="pit", destination="works"),
        Lane(origin="works", destination="plant", corridor="cold"),
    ]
    offers = [
        offer("near", 12, 900, minimum_take=2, fixed_cost=9, ramp=400, incumbent_quantity=50, switching_cost=4),
        offer("far", 9, 150, country="CN", fixed_cost_per_period=3),
        mined("pit", 2),
        offer("works", 4, 700, **yielding),
    ]
    closed = Control(control="No. 46", material=ORE, stage="refined", from_country="CN", effect="closed",
                     valid_from="2027-07-01")  # fmt: skip
    asked = instance(
        offers,
        {"1": 60, "2": 80},
        lanes=lanes,
        start="2027-01-01",
        sites=[Site(site="plant", country="US"), Site(site="mill", country="US")],
        corridors=[Corridor(corridor="cape", capacity=120), Corridor(corridor="cold", fixed_cost=6, minimum=2)],
        tiers=[Tier(offer="near", kind="incremental", from_quantity=30, price=8)],
        stock=[Stock(site="plant", material=ORE, capacity=500, opening=5)],
        under_way=[UnderWay(destination=end, material=ORE, period="1", quantity=7) for end in ("plant", "works")],
        commitments=[Commitment(offer="near", period="1", quantity=4)],
        controls=[closed],
    )
    demand = [row.model_copy(update={"site": site}) for row in asked.market.demand for site in ("plant", "mill")]
    return asked.model_copy(update={"market": asked.market.model_copy(update={"demand": tuple(demand)})})


def test_amounts_are_moved_in_a_program_with_all_blocks() -> None:
    asked = with_all_blocks()
    program = Program(asked)
    said = {*program.m.rows}
    assert said >= {"link", "commitment", "tier_order", "lane", "corridor", "open", "ramp", "dropped", "refine"}
    for needed, sold in ((1.1, 1.0), (0.9, 1.0), (1.0, 1.2), (1.0, 1.0)):
        other = amounts_times(asked, needed, sold)
        moved = update_amounts(program, other, lambda: None)
        assert moved is not None
        assert_same(moved, Program(other))
        program = moved


def draw(chance: random.Random, asked: EnforcedInstance) -> str:
    """Return a change of what is needed or can be sold, or (one of four) of a price, a duty, a level or a ban."""
    market = asked.market
    demand, offer = chance.choice(market.demand), chance.choice(market.offers)
    factor = chance.choice([f"x{chance.uniform(0.6, 1.4):.3f}", "x0", "x1.0001"])
    whole = [f"product {row.product}={factor}" for row in market.products] or [f"demand {demand.material}={factor}"]
    shares = [limit for limit in asked.limits if limit.UNIT == "share"]
    levels = [f"set limits.{limit.name}.{limit.LEVEL}={chance.uniform(0.3, 0.9):.2f}" for limit in shares]
    rare = [f"price {offer.offer}=x{chance.uniform(0.8, 1.3):.3f}", f"duty {offer.country}=+{chance.randint(1, 30)}%"]
    often = [
        chance.choice(whole),
        f"demand {demand.material}@{demand.site}@{demand.period}={factor}",
        f"demand {demand.material}@{demand.period}={factor}",
        f"capacity {offer.offer}={factor}",
    ]
    return chance.choice([*often * 3, *rare, f"ban {offer.offer}", *levels[:1]])


@pytest.mark.parametrize("name", CHANGES)
def test_any_sequence_of_changes_gives_what_would_be_built(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    instance, chance, memory, built = instance_of(name), random.Random(name), Memory(), [0]  # noqa: S311 (no secret)

    def count(*given: Any, **named: Any) -> Any:
        built[0] += 1
        return build(*given, **named)

    monkeypatch.setattr("optimizer.programs.program.build", count)
    texts: list[str] = []
    found = again = 0
    little = f"{'product' if instance.market.products else 'demand'} *=x1.01"
    for number in range(CHANGES[name]):
        change = draw(chance, asked_of(instance)) if number > 1 else little
        texts = [] if number % 7 == 0 else [*texts[-2:], change]
        try:
            asked = asked_of(instance, *texts)
        except InputError:  # two changes of one thing, or less to sell than has to be taken
            continue
        for part in parts(asked):
            last = memory.last_of(part)
            if last is not None and last.program.part == part:
                continue
            before = built[0]
            program = memory.program_of(part, lambda: None)
            found, again = found + 1, again + (built[0] == before)
            assert_same(program, Program(part.model_copy(update={"market": part.market.model_copy()})))
            memory.keep_program(WarmStart(program, np.zeros(len(program.matrix.cost)), 0.0))
    assert found > again >= (name != "stockpile-2027")  # of which all parts but one have losses to answer


def test_a_row_or_variable_that_comes_or_goes_is_built() -> None:
    asked = CASES["share_cap"].instance()
    assert update_amounts(Program(asked), amounts_times(asked, 0.0, 1.0), lambda: None) is None
    assert update_amounts(Program(asked), asked.model_copy(update={"limits": ()}), lambda: None) is None


class Enough(Exception):  # noqa: N818 (it is raised to stop)
    """Somebody asked for something else."""


def test_an_update_that_is_stopped_leaves_nothing_half_done() -> None:
    asked = CASES["share_cap"].instance()
    memory, calls = Memory(), [0]
    memory.keep_program(WarmStart(memory.program_of(asked, lambda: None), np.zeros(0), 0.0))

    def stop() -> None:
        calls[0] += 1
        raise Enough

    with pytest.raises(Enough):
        memory.program_of(amounts_times(asked, 1.2, 1.0), stop)
    assert calls == [1]
    other = amounts_times(asked, 1.3, 1.0)
    assert_same(memory.program_of(other, lambda: None), Program(other))
    assert_same(memory.program_of(asked, lambda: None), Program(asked))


def test_a_drag_costs_what_it_costs_from_nothing_and_builds_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    instance = instance_of("tutorial-lithium-cobalt")
    exact = settings_of(instance, gap=0.0, calm=True)
    session = Session(exact)
    session.solve(instance)
    moves: list[tuple[str, ...]] = [(f"demand *=x{factor}",) for factor in (0.95, 0.9, 0.97)]
    moves += [
        ("demand *=x0.96", "price *=x1.1"),
        ("demand *=x0.94", "price *=x1.1", "duty CN=+5%"),
        ("demand *=x0.94",),
    ]

    def cost(within: Session, texts: tuple[str, ...]) -> float | str:
        try:
            return within.solve(asked_of(instance, *texts)).cost
        except NoPlan as none:
            return str(none)

    cold = [cost(Session(exact), texts) for texts in moves]
    monkeypatch.setattr("optimizer.programs.program.build", lambda *_, **__: pytest.fail("built again"))
    assert [cost(session, texts) for texts in moves] == [pytest.approx(one, rel=1e-9) for one in cold]
    assert all(isinstance(one, float) for one in cold)
