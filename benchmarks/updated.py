"""What it saves to move a level, a price or a duty in the held program of a part, beside building that part again.

Each change is made in every part that it touches, for the instance at hand and for one of 10 000 flows that is made up;
times are CPU milliseconds of one thread, the median over parts and repetitions. Demand and capacities are built again:
nearly every bound, link and right side follows from them.

    python benchmarks/updated.py [INSTANCE]
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

_ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(_ROOT))

from generate import generate  # noqa: E402 (it stands beside this script, the packages above it)

from models.formulation.components import parts  # noqa: E402
from models.limits.share_cap import ShareCap  # noqa: E402
from optimizer.load import load  # noqa: E402
from optimizer.programs.level_update import update_levels  # noqa: E402
from optimizer.programs.price_update import update_prices  # noqa: E402
from optimizer.programs.program import Program  # noqa: E402
from optimizer.requests import Requests  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable

    from models.enforcement import EnforcedInstance
    from models.instance import Instance

    Update = Callable[[Program, EnforcedInstance], Program | None]

_TIMES = 9


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("instance", nargs="?", type=Path, default=_ROOT / "instances/us-battery-2027")
    asked = parser.parse_args()
    show(asked.instance.name, load(asked.instance))
    with tempfile.TemporaryDirectory() as folder:
        generate(Path(folder), 10_000)
        show("10 000 flows", load(Path(folder)))


def show(name: str, instance: Instance) -> None:
    """Print what each kind of change takes in an instance."""
    cap = next(limit.name for limit in instance.limits if isinstance(limit, ShareCap) and limit.level > 0)
    kinds: tuple[tuple[str, str, Update], ...] = (
        ("level", f"set limits.{cap}.max_share={{:.1f}}%", update_levels),
        ("price", "price *=x{:.3f}", update_prices),
        ("duty", "duty CN=+{:.1f}%", update_prices),
    )
    for kind, form, update in kinds:
        built, updated = measure(instance, form, update)
        of = statistics.median(updated) / statistics.median(built)
        medians = f"{statistics.median(updated):.2f} beside {statistics.median(built):.2f} ms"
        print(f"{name}, {kind}: {of:.2f} of building ({medians})")


def measure(instance: Instance, form: str, update: Update) -> tuple[list[float], list[float]]:
    """Return what building, and what updating took, of each part that a change touches; as of the second change on."""
    held = {part.name: Program(part) for part in parts(Requests().apply_to(instance))}
    built, updated = [], []
    for number in range(_TIMES + 1):
        for part in parts(Requests(texts=(form.format(40 + number / 10),)).apply_to(instance)):
            if part == held[part.name].part:
                continue
            start = time.thread_time()
            program = update(held[part.name], part)
            middle = time.thread_time()
            if program is None:
                continue
            Program(part.model_copy(update={"market": part.market.model_copy()}))
            built.append(1000 * (time.thread_time() - middle))
            updated.append(1000 * (middle - start))
            held[part.name] = program
    first = len(built) // (_TIMES + 1)
    return built[first:], updated[first:]


if __name__ == "__main__":
    main()
