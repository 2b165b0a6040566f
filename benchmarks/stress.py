"""Measure what a loss takes beside a plain solve: by the held program, and built anew for each.

    python benchmarks/stress.py [--json]

The first instance is `us-battery-2027`, with every country by control, company and offer; the second
`us-battery-quarterly`, with every country by control and company, for one to four quarters; the third a network of
1 000 nodes of which every offer is bought, with 1 500 losses of one each. The losses of the last are also given to as
many processes as run at once here: efficiency is the CPU time of this process over workers x wall time, measured once
they are ready. docs/benchmarks.md says what is compared.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from ratios import Ratio, lines_of

from models.enforcement import enforce
from models.instance import Instance
from models.market import Demand, Lane, Market, Material, Offer, Period, ShortNotice, Site, Stock
from models.market.losses import Loss
from optimizer.base.open_runner import open_runner
from optimizer.load import load
from optimizer.results.solution import settings_of
from optimizer.session import Session
from optimizer.stress.run import StressTest, list_windows
from optimizer.stress.subjects import read_subjects
from optimizer.stress.survival import survival_of
from optimizer.work.workers import processors

if TYPE_CHECKING:
    from models.enforcement import EnforcedInstance
    from optimizer.results.solution import Solution

_TIERS = {"mined": 400, "refined": 300, "made": 200}
_SITES = 100
_WAYS = 3
"""Lanes out of every offer."""
_PERIODS = 2
_LOSSES = 1500
_ANEW = 20
"""Losses that are also answered by a program of their own."""
_INSTANCES = Path(__file__).resolve().parent.parent / "instances"


@dataclass(frozen=True, slots=True)
class Measured:
    """CPU seconds of one instance."""

    what: str
    losses: int
    hit: int
    solve: float
    held: float
    """All losses by the held programs."""
    anew: float
    """One loss by a program of its own."""
    survival: float
    """The sentence that stands in every answer."""

    @property
    def per_loss(self) -> float:
        """CPU milliseconds of a loss that hits something."""
        return 1000 * self.held / max(1, self.hit)


def main() -> None:
    """Measure the instances, and print the ratios."""
    parser = argparse.ArgumentParser(description="Measure what a loss takes beside a plain solve.")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    options = parser.parse_args()
    yearly, quarterly = (enforce(load(_INSTANCES / name)) for name in ("us-battery-2027", "us-battery-quarterly"))
    network = enforce(_network())
    measured = [
        _measure("us-battery-2027", yearly, ("each-country", "each-company", "each-offer")),
        _measure("us-battery-quarterly", quarterly, ("each-country", "each-company"), longest=4),
        _measure("1 000 nodes", network, ("each-offer",), most=_LOSSES),
    ]
    count, efficiency, taken = _efficiency(network, measured[-1].held)
    ratios = [
        Ratio(f"{one.what}: {what}", ratio)
        for one in measured
        for what, ratio in (
            ("a loss / a plain solve", one.per_loss / 1000 / one.solve),
            ("a loss built anew / by the held program", one.anew / (one.held / one.losses)),
            ("the sentence of every answer / a plain solve", one.survival / one.solve),
        )
    ]
    ratios.append(Ratio(f"1 000 nodes: CPU of this process / ({count} workers x wall)", efficiency))
    ratios.append(Ratio(f"1 000 nodes: CPU of {count} workers with their start / of this process", taken))
    if options.json:
        told = [asdict(one) for one in measured]
        print(json.dumps({"measured": told, "ratios": [asdict(ratio) for ratio in ratios]}, indent=2))
        return
    for one in measured:
        print(f"{one.what}: {one.losses} losses, {one.hit} hit, {one.held:.2f} CPU s, {one.per_loss:.2f} ms each")
    print("\n".join(lines_of(ratios)))


def _measure(
    what: str, instance: EnforcedInstance, who: tuple[str, ...], *, longest: int = 2, most: int | None = None
) -> Measured:
    start = time.process_time()
    solution = Session(settings_of(instance, calm=True)).solve(instance)
    solved = time.process_time()
    losses = _losses(solution, who, longest)[:most]
    began = time.process_time()
    stress = StressTest(instance, solution.account).test(losses)
    held = time.process_time() - began
    began = time.process_time()
    hit = [one.loss for one in stress.tested if one.hits][:_ANEW]
    for loss in hit:
        StressTest(instance, solution.account).test([loss])
    anew = (time.process_time() - began) / len(hit)
    began = time.process_time()
    survival_of(solution)
    survival = time.process_time() - began
    count = sum(one.hits for one in stress.tested)
    return Measured(what, len(losses), count, solved - start, held, anew, survival)


def _efficiency(instance: EnforcedInstance, alone: float) -> tuple[int, float, float]:
    """Return how many processes, their efficiency, and what all take beside one, which takes `alone` CPU seconds."""
    count = processors()
    solution = Session(settings_of(instance, calm=True)).solve(instance)
    losses = _losses(solution, ("each-offer",), 2)[:_LOSSES]
    before = _cpu_of_all()
    with open_runner(count) as runner:
        StressTest(instance, solution.account).test(losses[: 2 * count], runner)  # until then processes start
        began = time.perf_counter()
        StressTest(instance, solution.account).test(losses, runner)
        wall = time.perf_counter() - began
    return count, alone / (count * wall), (_cpu_of_all() - before) / alone


def _cpu_of_all() -> float:
    """Return the CPU seconds of this process and of those of its children that have ended."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def _losses(solution: Solution, who: tuple[str, ...], longest: int) -> list[Loss]:
    market = solution.account.market
    subjects = read_subjects(who, market, solution.account.network)
    spells = [spell for lasts in range(1, min(longest, len(market.years)) + 1) for spell in list_windows(market, lasts)]
    return [Loss(subject, *spell) for spell in spells for subject in subjects]


def _network() -> Instance:
    """Return a market of three tiers, most of whose capacity is needed."""
    drawn = random.Random(16)  # noqa: S311 (no secret)
    periods = tuple(Period(name=f"h{number}", years=0.5) for number in range(1, _PERIODS + 1))
    stages = list(_TIERS)
    names = {stage: [f"{stage}-{number}" for number in range(count)] for stage, count in _TIERS.items()}
    sites = [f"site-{number}" for number in range(_SITES)]
    offers, lanes = [], []
    for place, stage in enumerate(stages):
        ends = names[stages[place + 1]] if place + 1 < len(stages) else sites
        for number, name in enumerate(names[stage]):
            terms: dict[str, Any] = {} if place == 0 else {"yield": 1.0}
            offers.append(
                Offer(
                    offer=name,
                    company=f"company-{number % 97}",
                    material="ore",
                    stage=stage,
                    country=drawn.choice(["AU", "CL", "CN", "ID", "CA"]),
                    capacity=120_000 / _TIERS[stage],
                    price=drawn.randint(50, 200),
                    **terms,
                )
            )
            near = [number * len(ends) // len(names[stage]), *drawn.sample(range(len(ends)), _WAYS - 1)]
            lanes += [
                Lane(origin=name, destination=ends[end], freight=drawn.randint(1, 20), lead_time=0)
                for end in dict.fromkeys(near)
            ]
    needs = [(site, p.name, 500.0 if number else 250.0) for site in sites for number, p in enumerate(periods)]
    market = Market(
        periods=periods,
        as_of="2027-01-01",
        response=ShortNotice(surge=0.1, surge_premium=0.25, notice=1, take_or_pay=0.3),
        materials=(Material(material="ore", stages=tuple(stages), basis="t", shortage_cost=5000),),
        sites=tuple(Site(site=site, country="US") for site in sites),
        demand=tuple(Demand(site=s, material="ore", period=p, quantity=units) for s, p, units in needs if units),
        offers=tuple(offers),
        lanes=tuple(lanes),
        stock=tuple(Stock(site=site, material="ore", capacity=500, holding_cost=10) for site in sites),
    )
    return Instance(name="network", title="1 000 nodes", currency="USD", mass_unit="t", market=market)


if __name__ == "__main__":
    main()
