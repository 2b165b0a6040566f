"""Measure what it takes to plan for scenarios: as one program and in parts, beside a plain solve.

    python benchmarks/scenarios.py [--scenarios 30,200] [--large | --hazards | --workers 2] [--gap 0.001] [--json]

The market has 82 offers of three materials, mined and refined, over eight quarters; contracts with a fixed cost, stock,
and lead times. In a scenario an offer stops for one to four quarters. With `--hazards` ten offers of one material
may each stop for as long, from any quarter on, which is measured beside a command that solves `us-battery-2027`. With
`--large` the market has 102 offers of five materials over twelve quarters, and is held in parts alone. With `--workers`
one material is planned for by so many processes, beside one.
docs/benchmarks.md says what is compared.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from unittest import mock

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from ratios import Ratio, cpu_of, lines_of

from models.enforcement import EnforcedInstance, enforce, prepare
from models.instance import Instance
from models.market import Demand, Hazard, Market, Material, Offer, Period, ShortNotice, Site, Stock
from models.market.scenario import Scenario
from optimizer.base.open_runner import open_runner
from optimizer.base.solve import solve_base
from optimizer.programs import two_stage
from optimizer.results.solution import settings_of
from optimizer.session import Session

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optimizer.results.solution import Solution
    from optimizer.work.runner import TaskRunner


class _Size(NamedTuple):
    """How large a market is."""

    materials: tuple[str, ...]
    offers: dict[str, int]
    """Of each material, by stage."""
    more: int
    """Mined offers that the first material has beside these."""
    periods: int


_COMMON = _Size(("lithium", "nickel", "graphite"), {"mined": 14, "refined": 13}, 1, 8)
"""82 offers."""
_LARGE = _Size((*_COMMON.materials, "cobalt", "manganese"), {"mined": 10, "refined": 10}, 2, 12)
"""102 offers."""
_LIKELY = 0.3
"""That any scenario happens."""
_HAZARDS_MAY_TAKE = 15 / 1.4
"""As a multiple of a whole command that solves `us-battery-2027`."""
_IN_ONE, _IN_PARTS = 10**9, 0
"""Rows from which a program is held in parts."""


@dataclass(frozen=True, slots=True)
class Measured:
    """CPU seconds of one number of scenarios."""

    scenarios: int
    calm: float
    in_one: float
    in_parts: float
    costs: tuple[float, float]
    """Expected, of both."""
    gap: float


def main() -> None:
    """Measure some numbers of scenarios, and print the ratios."""
    parser = argparse.ArgumentParser(description="Measure what it takes to plan for scenarios.")
    parser.add_argument("--scenarios", default="30,200", help="how many, with commas")
    parser.add_argument("--gap", type=float, default=1e-3)
    parser.add_argument("--hazards", action="store_true", help="measure hazards, and no scenarios")
    parser.add_argument("--large", action="store_true", help="measure the larger market, in parts alone")
    parser.add_argument("--workers", type=int, help="measure so many processes, of one material")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    options = parser.parse_args()
    if options.hazards:
        _tell_hazards(options.gap)
        return
    counts = [int(count) for count in options.scenarios.split(",")]
    if options.large:
        _tell_large(counts, options.gap)
        return
    if options.workers:
        _tell_workers(options.workers, counts, options.gap)
        return
    market = enforce(_market())
    measured = [_measure(market, count, options.gap) for count in counts]
    ratios = []
    for one in measured:
        name, apart = f"{one.scenarios} scenarios", abs(one.costs[0] - one.costs[1]) / abs(one.costs[0])
        ratios.append(Ratio(f"{name}: one program / a plain solve", one.in_one / one.calm))
        ratios.append(Ratio(f"{name}: in parts / one program", one.in_parts / one.in_one))
        ratios.append(Ratio(f"{name}: costs apart / twice the gap", apart / (2 * one.gap), 1.0))
    if options.json:
        told = [asdict(one) for one in measured]
        print(json.dumps({"measured": told, "ratios": [asdict(ratio) for ratio in ratios]}, indent=2))
        return
    for one in measured:
        both = f"one program {one.in_one:.1f}, in parts {one.in_parts:.1f}"
        print(f"{one.scenarios} scenarios to {one.gap:.1%}: calm {one.calm:.2f}, {both} CPU s")
    print("\n".join(lines_of(ratios)))


def _tell_large(counts: Sequence[int], gap: float) -> None:
    """Measure the larger market, and print what it takes in parts beside a plan of the calm."""
    market, ratios = enforce(_market(_LARGE)), []
    calm, _ = _solve(market, gap, _IN_ONE)
    for count in counts:
        foreseeing = EnforcedInstance(market.foreseeing(_scenarios(market, count)))
        taken, solution = _solve(foreseeing, gap, _IN_PARTS)
        proven = "" if solution.proven else ", not proven"
        print(
            f"{count} scenarios of the larger market to {gap:.1%}: calm {calm:.2f}, in parts {taken:.1f} CPU s{proven}"
        )
        ratios.append(Ratio(f"{count} scenarios: in parts / a plain solve", taken / calm))
    print("\n".join(lines_of(ratios)))


def _tell_workers(workers: int, counts: Sequence[int], gap: float) -> None:
    """Measure scenarios of one material, solved by one process and by some, and print the efficiency."""
    market, ratios = enforce(_market(_COMMON._replace(materials=_COMMON.materials[:1]))), []
    for count in counts:
        foreseeing = EnforcedInstance(market.foreseeing(_scenarios(market, count)))
        few = EnforcedInstance(market.foreseeing(_scenarios(market, 2 * workers)))
        with open_runner(1) as runner:
            cpu, _, alone = _share(foreseeing, gap, runner)
        with open_runner(workers) as runner:
            _share(few, gap, runner)  # until then processes start
            own, wall, together = _share(foreseeing, gap, runner)
        same = "the same plan" if together.account.plan == alone.account.plan else "ANOTHER PLAN"
        told = f"{workers} processes {wall:.1f} s on the clock, of which this one {own:.1f} CPU s, {same}"
        print(f"{count} scenarios of one material to {gap:.1%}: one process {cpu:.1f} CPU s, {told}")
        ratios.append(Ratio(f"{count} scenarios: CPU of one process / ({workers} x wall)", cpu / (workers * wall)))
    print("\n".join(lines_of(ratios)))


def _share(instance: EnforcedInstance, gap: float, runner: TaskRunner) -> tuple[float, float, Solution]:
    """Return the CPU seconds of this process, those on the clock, and the plan that a runner finds in parts."""
    cpu, clock = time.process_time(), time.perf_counter()
    with mock.patch.object(two_stage, "MOST_ROWS", _IN_PARTS):
        session = solve_base(instance, settings_of(instance, gap=gap), runner).session
        session.runner = runner
        solution = session.solve(instance)
    return time.process_time() - cpu, time.perf_counter() - clock, solution


def _tell_hazards(gap: float) -> None:
    """Measure ten hazards of one material, and print what they take beside a command."""
    command = cpu_of(3, "-m", "lodeplan", "solve", "instances/us-battery-2027", "-q")
    taken, solution = _solve(
        enforce(_with_hazards(_market(_COMMON._replace(materials=_COMMON.materials[:1])))), gap, two_stage.MOST_ROWS
    )
    count = len(solution.risk.outcomes) if solution.risk else 0
    told = f"{count} scenarios to {gap:.1%}: {taken:.1f} CPU s"
    print(f"{told}; lodeplan solve us-battery-2027: {command:.2f} CPU s")
    print("\n".join(lines_of([Ratio("hazards / lodeplan solve us-battery-2027", taken / command, _HAZARDS_MAY_TAKE)])))


def _with_hazards(instance: Instance) -> Instance:
    """Return an instance in which each of ten offers may stop, for as many quarters as four or fewer."""
    offers = [offer.offer for offer in instance.market.offers][:10]
    hazards = tuple(
        Hazard(hazard=offer, what=f"capacity {offer}", value="0", chance=0.05 / 4, lasts=lasts)
        for offer in offers
        for lasts in (1, 2, 3, 4)
    )
    return instance.model_copy(update={"market": instance.market.model_copy(update={"hazards": hazards})})


def _measure(market: EnforcedInstance, count: int, gap: float) -> Measured:
    foreseeing = EnforcedInstance(market.foreseeing(_scenarios(market, count)))
    calm, _ = _solve(market, gap, _IN_ONE)
    (in_one, first), (in_parts, second) = (_solve(foreseeing, gap, most) for most in (_IN_ONE, _IN_PARTS))
    return Measured(count, calm, in_one, in_parts, (first.cost, second.cost), gap)


def _solve(instance: EnforcedInstance, gap: float, most: int) -> tuple[float, Solution]:
    start = time.process_time()
    with mock.patch.object(two_stage, "MOST_ROWS", most):
        solution = Session(settings_of(instance, gap=gap)).solve(instance)
    return time.process_time() - start, solution


def _scenarios(market: EnforcedInstance, count: int) -> list[Scenario]:
    """Return scenarios in which an offer stops for a while, all alike likely."""
    drawn, calm = random.Random(22), prepare(market)  # noqa: S311 (no secret)
    periods, found = list(calm.years), []
    for number in range(count):
        offer, begins = drawn.choice(calm.offers), drawn.randrange(1, len(periods))
        lost = periods[begins : begins + drawn.randint(1, 4)]
        losses = dict.fromkeys([(offer.offer, period) for period in lost], 1.0)
        found.append(Scenario(f"{number}", _LIKELY / count, begins, calm, losses))
    return found


def _market(size: _Size = _COMMON) -> Instance:
    """Return a market."""
    drawn = random.Random(16)  # noqa: S311 (no secret)
    periods = tuple(Period(name=f"q{number}", years=0.25) for number in range(1, size.periods + 1))
    offers: list[Offer] = []
    names = size.materials
    for material in names:
        for stage, count in size.offers.items():
            more = size.more if material == names[0] and stage == "mined" else 0
            offers += [_offer(drawn, material, stage, number, count) for number in range(count + more)]
    need = [
        Demand(site="plant", material=material, period=period.name, quantity=drawn.randint(900, 1100))
        for material in names
        for period in periods
    ]
    rooms = [Stock(site="plant", material=m, opening=200, capacity=2000, holding_cost=20) for m in names]
    facts = Market(
        periods=periods,
        as_of="2027-01-01",  # type: ignore[arg-type]
        response=ShortNotice(surge=0.1, surge_premium=0.25, notice=1, take_or_pay=0.3),
        materials=tuple(
            Material(material=m, stages="mined; refined", basis="t", shortage_cost=2000)  # type: ignore[arg-type]
            for m in names
        ),
        sites=(Site(site="plant", country="US"),),
        demand=tuple(need),
        offers=tuple(offers),
        stock=tuple(rooms),
    )
    return Instance(name="scenarios", title=f"{len(offers)} offers", currency="USD", mass_unit="t", market=facts)


def _offer(drawn: random.Random, material: str, stage: str, number: int, count: int) -> Offer:
    terms: dict[str, Any] = {"yield": 0.9} if stage == "refined" else {}
    return Offer(
        offer=f"{material}-{stage}-{number}",
        company=f"{material}-{number}",
        material=material,
        stage=stage,
        country=drawn.choice(["AU", "CL", "CN", "ID", "CA"]),
        capacity=drawn.randint(2, 5) * 4400 / count,
        price=drawn.randint(50, 150),
        fixed_cost=drawn.choice([0, 0, 5000, 20000]),
        **terms,
    )


if __name__ == "__main__":
    main()
