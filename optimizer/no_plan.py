"""What is said where there is no plan: of which instance, and why."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from optimizer.errors import LodeplanError, NoPlan
from optimizer.explain.conflict import find_infeasible_parts
from optimizer.explain.repairs import list_highest
from optimizer.reasons import list_reasons
from optimizer.report.explanation import describe_conflict, describe_highest
from optimizer.scenarios.shortfall import list_shortfalls
from optimizer.solver.deadline import Deadline

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.enforcement import EnforcedInstance
    from models.instance import Instance

_SECONDS_TO_EXPLAIN = 20.0

SEE_EXPLAIN = "; lodeplan explain says why"
"""Where the reasons are to be had, for commands that do not say them."""


def explain_no_plan(none: NoPlan, instance: EnforcedInstance) -> NoPlan:
    """Return a message with the plain reasons why there is no plan, and with limits that cannot hold together."""
    lines = [f"{instance.title}: {none}"]
    if none.proven:
        lines += [f"- {reason}" for reason in list_reasons(instance, no_plan=True)]
        with Deadline(_SECONDS_TO_EXPLAIN) as deadline, suppress(LodeplanError):
            stuck = find_infeasible_parts(instance, deadline)
            found = [sentence for part in stuck for sentence in describe_conflict(part)]
            found += [describe_highest(floor, instance) for part in stuck for floor in list_highest(part)]
            found += [f"{part}." for part in list_shortfalls(instance, deadline)]
            lines += [*found, "lodeplan explain says what would repair it."] if found else []
    return NoPlan("\n".join(lines), proven=none.proven)


@contextmanager
def name_the_instance(instance: Instance, *, pointer: str = "") -> Iterator[None]:
    """Say of which instance there is no plan, and behind it, where that is proven, which command says why."""
    try:
        yield
    except NoPlan as none:
        msg = f"{instance.title}: {none}{pointer if none.proven else ''}"
        raise NoPlan(msg, proven=none.proven) from None
