"""Measure a cap on shares of supply against the same cap on shares of demand, where both must be the same.

    python benchmarks/shares.py [--seeds 5] [--json]

Nothing is stored, on its way or left unmet in these markets, so that what passes a stage is the demand.
docs/benchmarks.md says what is compared with what.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import statistics
import sys
import time
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from ratios import Figures, Ratio, forked, lines_of

from models.instance import Instance
from models.limits.share_cap import ShareCap
from models.market import Demand, Lane, Market, Material, Offer, Period, Site
from optimizer.results.solution import settings_of
from optimizer.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterator

Whole = Literal["supply", "demand"]

_OFFERS, _SITES = 40, 100
_COUNTRIES = ("AU", "BR", "CA", "CL", "CN", "ID", "US", "ZA")
_CAP = 0.2
_MOST = 1.2
_GAP = 1e-4
_WHERE = {"material": "lithium", "stage": "refined"}


def main() -> None:
    """Measure some markets, and print the geometric mean of the ratios."""
    parser = argparse.ArgumentParser(description="Measure shares of supply against shares of demand.")
    parser.add_argument("--seeds", type=int, default=5, help="how many markets, each from a seed of its own")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    options = parser.parse_args()
    measured = [forked(partial(measure, seed)) for seed in range(1, options.seeds + 1)]
    mean = statistics.geometric_mean(one["supply"] / one["demand"] for one in measured)
    ratios = [Ratio("a cap of supply / the same cap of demand, geometric mean", mean, _MOST)]
    if options.json:
        print(json.dumps({"measured": measured, "ratios": [asdict(ratio) for ratio in ratios]}, indent=2))
        return
    print(f"A cap on each country: {_OFFERS} sellers with a fixed cost, {_SITES} sites")
    for one in measured:
        print(f"  of supply {one['supply']:.2f} s, of demand {one['demand']:.2f} s")
    print("\n".join(lines_of(ratios)))


def measure(seed: int) -> Figures:
    """Return the mean CPU seconds of two solves with a cap of supply, and of two with the same cap of demand."""
    market, costs = _market(seed), []
    turns: tuple[Whole, ...] = ("supply", "demand", "demand", "supply")
    spent = dict.fromkeys(turns, 0.0)
    for of in turns:
        cap = ShareCap(name="cap", each="country", basis="place", max_share=_CAP, of=of, hard=True)
        facts = {"name": "drawn", "title": "drawn", "currency": "USD", "mass_unit": "t"}
        asked = Instance.model_validate({**facts, "market": market, "limits": (cap,)})
        start = time.process_time()
        costs.append(Session(settings_of(asked, gap=_GAP)).solve(asked).cost)
        spent[of] += (time.process_time() - start) / 2
    if max(costs) > min(costs) * (1 + 2 * _GAP):
        msg = f"a cap of supply costs {costs[0]}, and one of demand {costs[1]}"
        raise RuntimeError(msg)
    return dict(spent)


def _market(seed: int) -> Market:
    """Return a market of sellers with fixed costs and sites on a unit square."""
    rng = random.Random(seed)  # noqa: S311 (a benchmark keeps no secrets)
    need = [round(rng.uniform(5, 30), 1) for _ in range(_SITES)]
    offers = tuple(
        Offer(
            offer=f"offer{number}",
            company=f"company{number}",
            country=_COUNTRIES[number % len(_COUNTRIES)],
            price=round(rng.uniform(10, 14), 2),
            capacity=round(sum(need) * rng.uniform(0.1, 0.25), 1),
            fixed_cost=round(rng.uniform(100, 300), 1),
            **_WHERE,
        )
        for number in range(_OFFERS)
    )
    return Market(
        periods=(Period(name="2027", years=1),),
        as_of="2027-01-01",
        materials=(Material(material="lithium", stages=("refined",), basis="t"),),
        sites=tuple(Site(site=f"site{number}", country="DE") for number in range(_SITES)),
        demand=tuple(
            Demand(site=f"site{number}", material="lithium", period="2027", quantity=units)
            for number, units in enumerate(need)
        ),
        offers=offers,
        lanes=tuple(_lanes(rng)),
    )


def _lanes(rng: random.Random) -> Iterator[Lane]:
    """Yield a lane from every seller to every site; freight grows with the distance."""
    homes, ends = ([(rng.random(), rng.random()) for _ in range(many)] for many in (_OFFERS, _SITES))
    for origin, home in enumerate(homes):
        for site, end in enumerate(ends):
            yield Lane(origin=f"offer{origin}", destination=f"site{site}", freight=round(10 * math.dist(home, end), 2))


if __name__ == "__main__":
    main()
