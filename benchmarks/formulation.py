"""Measure what our rows cost HiGHS on problems with a known best form, against that form written by hand.

    python benchmarks/formulation.py [--seeds 5] [--json]

Facility location: every site of a hundred can serve every customer of a thousand, opening one costs a sum, and a
site can supply all demand. The form by hand is the strong one of the textbooks: x_ij <= d_j z_i for each way, and no
row for what these imply. Single sourcing: a customer who is there in a period takes all it needs from one site
(fifteen sites, forty-five customers, five periods); by hand a way is used or not, one binary each.

    python benchmarks/formulation.py measure PROBLEM SEED      one of these processes
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from phases import run_alone
from ratios import Figures, Ratio, child, lines_of

from optimizer.load import load
from optimizer.results.solution import settings_of
from optimizer.session import Session
from optimizer.solver.arrays import Matrix, Sparse, Squares

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

_GAP = 1e-4
_TIME_LIMIT = 300.0
_ROADS = 1.0
"""Currency for a unit over the whole square in which sites and customers lie."""

Term = tuple[float, int]


@dataclass(frozen=True)
class Served:
    """Sites that may open, customers by period, and what a unit costs on its way."""

    opening: list[float]
    """Currency, by site."""
    capacity: float
    """Units per period, of every site."""
    demand: list[list[float]]
    """Units, by period and customer."""
    freight: list[list[float]]
    """Currency per unit, by site and customer."""


def location(rng: random.Random) -> Served:
    """Return a facility location: 100 sites, 1 000 customers, one period, no capacity that binds."""
    demand = [[float(rng.randint(10, 100)) for _ in range(1000)]]
    opening = [float(rng.randint(1500, 3000)) for _ in range(100)]
    return Served(opening, sum(demand[0]), demand, _roads(rng, 100, 1000))


def single(rng: random.Random) -> Served:
    """Return a market of 15 sites and 45 customers, of whom half are there in each of 5 periods."""
    needs = [float(rng.randint(5, 35)) for _ in range(45)]
    demand = [[need * (rng.random() < 0.5) for need in needs] for _ in range(5)]  # noqa: PLR2004 (one in two)
    opening = [float(rng.randint(300, 600)) for _ in range(15)]
    return Served(opening, max(map(sum, demand)) / 2.5, demand, _roads(rng, 15, 45))


def _roads(rng: random.Random, sites: int, customers: int) -> list[list[float]]:
    ends = [[(rng.random(), rng.random()) for _ in range(count)] for count in (sites, customers)]
    return [[_ROADS * ((a - c) ** 2 + (b - d) ** 2) ** 0.5 for c, d in ends[1]] for a, b in ends[0]]


def document(served: Served, *, whole: bool) -> dict[str, Any]:
    """Return the instance in our tables; with `whole` a lane carries all that its customer needs, or nothing."""
    periods = [f"p{t}" for t in range(len(served.demand))]
    customers = [f"c{j}" for j in range(len(served.demand[0]))]
    needs = [max(column) for column in zip(*served.demand, strict=True)]
    facts = {
        "as_of": "2027-01-01",
        "periods": [{"name": period, "years": 1} for period in periods],
        "materials": [{"material": "goods", "stages": ["refined"], "basis": "t"}],
        "sites": [{"site": customer, "country": "US"} for customer in customers],
        "demand": [
            {"site": customer, "material": "goods", "period": period, "quantity": units}
            for period, row in zip(periods, served.demand, strict=True)
            for customer, units in zip(customers, row, strict=True)
        ],
        "offers": [
            {
                "offer": f"s{i}",
                "company": f"s{i}",
                "material": "goods",
                "stage": "refined",
                "country": "US",
                "capacity": served.capacity,
                "price": 0,
                "fixed_cost": opening,
            }
            for i, opening in enumerate(served.opening)
        ],
        "lanes": [
            {"origin": f"s{i}", "destination": customer, "freight": cost} | ({"minimum": need} if whole else {})
            for i, row in enumerate(served.freight)
            for customer, cost, need in zip(customers, row, needs, strict=True)
            if need > 0
        ],
    }
    return {"name": "served", "title": "Sites and customers", "currency": "USD", "mass_unit": "t", "market": facts}


class _Rows:
    """Rows of a program written by hand."""

    def __init__(self) -> None:
        self.entries: list[tuple[int, int, float]] = []
        self.lower: list[float] = []
        self.upper: list[float] = []

    def add(self, terms: Iterable[Term], lower: float, upper: float) -> None:
        self.entries += [(len(self.lower), column, coefficient) for coefficient, column in terms]
        self.lower.append(lower)
        self.upper.append(upper)

    def matrix(self, cost: NDArray[np.float64], upper: NDArray[np.float64], integer: NDArray[np.bool_]) -> Matrix:
        rows, columns, data = (np.array(part) for part in zip(*self.entries, strict=True))
        shape = (len(self.lower), len(cost))
        return Matrix(
            variables=[],
            cost=cost,
            A=Sparse.summed(shape, rows, columns, data.astype(float)),
            row_lower=np.array(self.lower),
            row_upper=np.array(self.upper),
            lower=np.zeros(len(cost)),
            upper=upper,
            integer=integer,
            squares=Squares.none(len(cost)),
        )


def strong(served: Served) -> Matrix:
    """Return facility location in its strong form: z_i, then what i sends to j, x_ij <= d_j z_i."""
    demand, sites, customers = served.demand[0], len(served.opening), len(served.demand[0])
    rows = _Rows()
    way = np.arange(sites * customers).reshape(sites, customers) + sites
    for j, need in enumerate(demand):
        rows.add([(1.0, int(k)) for k in way[:, j]], need, need)
    for i in range(sites):
        for j, need in enumerate(demand):
            rows.add([(1.0, int(way[i, j])), (-need, i)], -np.inf, 0.0)
    cost = np.concatenate([served.opening, np.array(served.freight).ravel()])
    upper = np.concatenate([np.ones(sites), np.tile(demand, sites)])
    return rows.matrix(cost, upper, np.arange(len(cost)) < sites)


def binary(served: Served) -> Matrix:
    """Return single sourcing in binaries: z_i, then whether i serves j in t, o_ijt <= z_i."""
    sites = len(served.opening)
    here = [(j, t) for t, row in enumerate(served.demand) for j, units in enumerate(row) if units > 0]
    way = np.arange(sites * len(here)).reshape(sites, len(here)) + sites
    rows = _Rows()
    for k in range(len(here)):
        rows.add([(1.0, int(column)) for column in way[:, k]], 1.0, 1.0)
    for i in range(sites):
        for k in range(len(here)):
            rows.add([(1.0, int(way[i, k])), (-1.0, i)], -np.inf, 0.0)
        for t in range(len(served.demand)):
            mine = [(served.demand[t][j], int(way[i, k])) for k, (j, when) in enumerate(here) if when == t]
            rows.add([*mine, (-served.capacity, i)], -np.inf, 0.0)
    cost = [served.freight[i][j] * served.demand[t][j] for i in range(sites) for j, t in here]
    return rows.matrix(
        np.array([*served.opening, *cost]), np.ones(sites + len(cost)), np.ones(sites + len(cost), dtype=bool)
    )


_PROBLEMS: dict[str, tuple[Callable[[random.Random], Served], Callable[[Served], Matrix], bool]] = {
    "location": (location, strong, False),
    "single": (single, binary, True),
}


def measure(problem: str, seed: str) -> Figures:
    """Solve one market both ways, and return the CPU seconds and the cost of each."""
    draw, by_hand, whole = _PROBLEMS[problem]
    served = draw(random.Random(int(seed)))  # noqa: S311 (a benchmark keeps no secrets)
    alone = run_alone(by_hand(served), _GAP, _TIME_LIMIT)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "instance.json"
        file.write_text(json.dumps(document(served, whole=whole)), encoding="utf-8")
        instance = load(file)
    start = time.process_time()
    solution = Session(settings_of(instance, gap=_GAP, time_limit=_TIME_LIMIT)).solve(instance)
    spent = time.process_time() - start
    return {"ours": spent, "hand": alone["solve"], "cost": solution.cost, "proven": solution.proven} | solution.sizes


def main() -> None:
    """Measure both problems over some seeds, and print the geometric means."""
    parser = argparse.ArgumentParser(description="Measure our rows against the best form written by hand.")
    parser.add_argument("--seeds", type=int, default=5, help="markets of each problem")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    options = parser.parse_args()
    runs = {
        problem: [child(Path(__file__).name, "measure", problem, str(seed)) for seed in range(options.seeds)]
        for problem in _PROBLEMS
    }

    def mean(problem: str) -> float:
        return statistics.geometric_mean(run["ours"] / run["hand"] for run in runs[problem])

    ratios = [
        Ratio("facility location / strong form by hand", mean("location"), 3),
        Ratio("single sourcing / binaries by hand", mean("single"), 2),
    ]
    if options.json:
        print(json.dumps({"runs": runs, "ratios": [asdict(ratio) for ratio in ratios]}, indent=2))
        return
    for problem, mine in runs.items():
        for seed, run in enumerate(mine):
            print(f"  {problem} {seed}: {run['ours']:.2f} s, by hand {run['hand']:.2f} s, proven: {run['proven']}")
    print("\n".join(lines_of(ratios)))


if __name__ == "__main__":
    if sys.argv[1:2] == ["measure"]:
        print(json.dumps(measure(*sys.argv[2:])))
    else:
        main()
