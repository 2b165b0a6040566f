"""What it saves to move a level, price, duty, demand or capacity in the held program of a part, beside building it.

Each change is made in every part that it touches, for the instance at hand and for one of 10 000 flows that is made up;
times are CPU milliseconds of one thread, the median over parts and repetitions. Of the instance at hand whole what-ifs
of demand follow, solved in a session that updates and in one that builds again.

    python benchmarks/updated.py [INSTANCE]
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

_ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(_ROOT))

from generate import generate  # noqa: E402 (it stands beside this script, the packages above it)

from models.formulation.components import parts  # noqa: E402
from models.limits.share_cap import ShareCap  # noqa: E402
from optimizer import memory  # noqa: E402
from optimizer.errors import NoPlan  # noqa: E402
from optimizer.load import load  # noqa: E402
from optimizer.programs.amount_update import update_amounts  # noqa: E402
from optimizer.programs.level_update import update_levels  # noqa: E402
from optimizer.programs.price_update import update_prices  # noqa: E402
from optimizer.programs.program import Program  # noqa: E402
from optimizer.requests import Requests  # noqa: E402
from optimizer.results.solution import settings_of  # noqa: E402
from optimizer.session import Session  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable

    from models.enforcement import EnforcedInstance
    from models.instance import Instance

    Update = Callable[[Program, EnforcedInstance], Program | None]

_TIMES = 9
_DRAG = tuple(f"{percent}%" for percent in ("-2", "-3", "-4", "-5", "-4.5", "-3.5", "-2.5", "-1.5", "-1"))
"""Where a slider of demand comes by."""


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("instance", nargs="?", type=Path, default=_ROOT / "instances/us-battery-2027")
    asked = parser.parse_args()
    instance = load(asked.instance)
    show(asked.instance.name, instance)
    show_drag(asked.instance.name, instance)
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
        ("demand", f"{_needed(instance)} *=-{{:.1f}}%", _update_amounts),
        ("capacity", "capacity *=+{:.1f}%", _update_amounts),
    )
    for kind, form, update in kinds:
        built, updated = measure(instance, form, update)
        of = statistics.median(updated) / statistics.median(built)
        medians = f"{statistics.median(updated):.2f} beside {statistics.median(built):.2f} ms"
        print(f"{name}, {kind}: {of:.2f} of building ({medians})")


def _needed(instance: Instance) -> str:
    """Return the verb that changes how much is needed."""
    return "product" if instance.market.products else "demand"


def _update_amounts(held: Program, part: EnforcedInstance) -> Program | None:
    return update_amounts(held, part, lambda: None)


def show_drag(name: str, instance: Instance) -> None:
    """Print what a what-if of demand takes in a session, and what it takes where its parts are built again."""
    updating, building = Session(settings_of(instance)), Session(settings_of(instance))
    updating.solve(instance)
    building.solve(instance)
    updated, built = [], []
    for amount in _DRAG:
        asked = Requests(texts=(f"{_needed(instance)} *={amount}",)).apply_to(instance)
        updated.append(time_of(updating, asked))
        memory.update_amounts = lambda *_: None  # type: ignore[assignment] (what a session did before)
        built.append(time_of(building, asked))
        memory.update_amounts = update_amounts
    of = statistics.median(one / other for one, other in zip(updated, built, strict=True))
    medians = f"{statistics.median(updated):.1f} beside {statistics.median(built):.1f} ms"
    print(f"{name}, whole what-ifs of demand: {of:.2f} of those that build ({medians})")


def time_of(session: Session, asked: EnforcedInstance) -> float:
    """Return what a what-if takes [CPU ms]."""
    start = time.process_time()
    with suppress(NoPlan):
        session.solve(asked)
    return 1000 * (time.process_time() - start)


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
