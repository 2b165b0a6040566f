"""Measure what fifty limits at once add to building and handing over: the same market without a limit, and with them.

    python benchmarks/limits.py [--flows 10000] [--repeats 15] [--json]

The market is that of `generate.py` with twelve materials, and the limits are those of `fifty.toml`. Both are built in
turn, each in a process of its own, as a command has one; what must be reached is the median of the ratios of two that
follow each other.
docs/benchmarks.md says what is compared with what.
"""

# ruff: noqa: PLC0415 (the engine is imported when the path to it is known)
from __future__ import annotations

import argparse
import csv
import gc
import json
import random
import re
import shutil
import statistics
import sys
import tempfile
import time
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generate import generate
from ratios import Figures, Ratio, forked, lines_of

if TYPE_CHECKING:
    from models.instance import Instance

_HERE = Path(__file__).resolve().parent
_MATERIALS = 12
_TYING = "# All materials in one row"
"""The line of `fifty.toml` from which on limits tie all materials."""
_ATTRIBUTES = {"co2": 10.0, "recycled": 0.5}
"""What every offer states besides, and the most of it."""
_FIFTY = 50
_EVERYWHERE = "50 caps, everywhere"
"""A set for which there is no target: its limits make two and a half times as many rows as the market."""
_EARLIER = 100.0
"""Tonnes of every tenth offer that an earlier plan bought in the first quarter."""

Row = dict[str, Any]


def main() -> None:
    """Measure, and print a table or JSON."""
    sys.path.insert(0, str(_HERE.parent))
    options = _options()
    with tempfile.TemporaryDirectory() as scratch:
        instances = _instances(Path(scratch), options.flows)
    spent: dict[str, list[float]] = {name: [] for name in instances}
    rows: dict[str, int] = {}
    for _ in range(options.repeats):
        for name, instance in instances.items():
            figures = forked(partial(_prepared, instance))
            spent[name].append(figures["cpu"])
            rows[name] = figures["rows"]
    base, *others = instances
    ratios = [
        Ratio(
            f"build and hand over: {name} / {base}",
            statistics.median(after / before for before, after in zip(spent[base], spent[name], strict=True)),
            None if name == _EVERYWHERE else 1.5,
        )
        for name in others
    ]
    told = {name: {"cpu": statistics.median(spent[name]), "rows": rows[name]} for name in instances}
    if options.json:
        print(json.dumps({"instances": told, "ratios": [asdict(ratio) for ratio in ratios]}, indent=2))
        return
    print("Fifty limits")
    for name, figures in told.items():
        print(f"  {name:<36}{figures['rows']:>8} rows{figures['cpu']:>9.3f} s")
    print("\n".join(lines_of(ratios)))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure what fifty limits add to building and handing over.")
    parser.add_argument("--flows", type=int, default=10_000, help="flow variables")
    parser.add_argument("--repeats", type=int, default=15, help="how often each is built")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    return parser.parse_args()


def _prepared(instance: Instance) -> Figures:
    """Build every part and hand it to HiGHS, twice; return the CPU seconds of the second time, and the number of rows.

    The first time loads and compiles what is loaded and compiled once. What was there before is kept from the garbage
    collector, whose one pass over it would be most of what is measured.
    """
    from models.enforcement import enforce
    from models.formulation.components import parts
    from optimizer.programs.program import Program
    from optimizer.solver.highs import hand_over
    from optimizer.solver.scaling import scale_matrix, scale_of

    spent, rows = 0.0, 0
    for _ in range(2):
        gc.collect()
        gc.freeze()
        start = time.process_time()
        programs = [Program(part) for part in parts(enforce(instance))]
        held = [hand_over(scale_matrix(program.matrix, scale_of(program.matrix))) for program in programs]
        spent, rows = time.process_time() - start, sum(solver.getNumRow() for solver in held)
        gc.unfreeze()
        del programs, held
    return {"cpu": spent, "rows": rows}


def _instances(scratch: Path, flows: int) -> dict[str, Instance]:
    """Return the market without limits, with fifty narrow ones, those that leave it in parts, all, and fifty caps."""
    from optimizer.load import load

    bare = scratch / "bare"
    bare.mkdir()
    generate(bare, flows, _MATERIALS)
    offers = _read(bare / "offers.csv")
    rng = random.Random(0)  # noqa: S311 (a benchmark keeps no secrets)
    for offer in offers:
        offer |= {name: round(rng.uniform(0, most), 3) for name, most in _ATTRIBUTES.items()}
    _write(bare / "offers.csv", offers)
    first = {"period": _read(bare / "demand.csv")[0]["period"], "quantity": _EARLIER}
    _write(bare / "earlier.csv", [{"offer": offer["offer"]} | first for offer in offers[::10]])
    header = re.split(r"^\[limits\.", (bare / "instance.toml").read_text("utf-8"), maxsplit=1, flags=re.MULTILINE)[0]
    header = f"attributes = {json.dumps(list(_ATTRIBUTES))}\n{header}"
    fifty = (_HERE / "fifty.toml").read_text("utf-8")
    refined = [offer["offer"] for offer in offers if (offer["material"], offer["stage"]) == ("cobalt", "refined")]
    for word, name in zip(("ONE", "TWO", "THREE"), refined, strict=False):
        fifty = fifty.replace(f'"{word}"', f'"{name}"')
    limits = {
        "no limits": "",
        "45 limits that leave it in parts": fifty.split(_TYING)[0],
        "50 limits": fifty,
    }
    made = {}
    for number, (name, text) in enumerate(limits.items()):
        folder = scratch / str(number)
        shutil.copytree(bare, folder)
        (folder / "instance.toml").write_text(f"{header}\n{text}", "utf-8")
        made[name] = load(folder)
    bare_one, all_of_them = made["no limits"], made["50 limits"]
    narrow = {"50 limits for one material each": _narrow(all_of_them)}
    return {"no limits": bare_one} | narrow | made | {_EVERYWHERE: _capped(bare_one)}


def _capped(bare: Instance) -> Instance:
    """Return a cap on each country by place, and on some by control, for every material, stage and period."""
    from models.limits.share_cap import ShareCap

    countries = sorted({offer.country for offer in bare.market.offers})
    who = [(basis, country) for basis in ("place", "control") for country in countries]
    caps = [
        ShareCap(name=f"{country} by {basis}", country=country, basis=basis, max_share=0.8, hard=True)
        for basis, country in who
    ]
    return bare.model_copy(update={"limits": tuple(caps[:_FIFTY])})


def _narrow(wide: Instance) -> Instance:
    """Return fifty limits that speak of one material each: those that could speak of all, of one in turn."""
    from itertools import cycle

    from models.limits.contract.scoped import ScopedLimit

    names = cycle(wide.market.material)
    scoped = [limit for limit in wide.limits if isinstance(limit, ScopedLimit)]
    more = [limit.model_copy(update={"name": f"{limit.name}, again"}) for limit in scoped]
    own = [limit for limit in wide.limits if not isinstance(limit, ScopedLimit) and limit.kind != "budget_cap"]
    narrow = [
        limit.model_copy(update={"materials": limit.materials[:1] if limit.materials else (next(names),)})
        for limit in (*scoped, *more)
    ]
    return wide.model_copy(update={"limits": tuple([*own, *narrow][:_FIFTY])})


def _read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _write(path: Path, rows: list[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
