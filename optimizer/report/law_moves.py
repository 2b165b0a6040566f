"""What a change of the day, of policies or of law brings in force, what it ends, and what it moves to other days."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.policies import standings
from models.records.wording import list_some
from optimizer.report.layout import wrap

if TYPE_CHECKING:
    from models.instance import Instance
    from models.policies import Standing


def describe_moves(before: Instance, after: Instance) -> str:
    """Return one line each on measures that hold now, hold no longer, and hold on other days; nothing where none.

    That is told of measures that do something in the program, and of the first of many.
    """
    old, new = _find_held(before), _find_held(after)
    moved = {name: _describe_days(old[name], one) for name, one in new.items() if name in old}
    told = {
        "In force now": [name for name in new if name not in old],
        "No longer in force": [name for name in old if name not in new],
        "In force on other days": [f"{name} ({days})" for name, days in moved.items() if days],
    }
    return "\n".join(wrap(f"{what}: {list_some(names)}", later=4) for what, names in told.items() if names)


def _find_held(instance: Instance) -> dict[str, Standing]:
    """Return the measures that hold on a day that is planned, concern something and become something."""
    found = [one for policy in instance.policies for one in standings(policy, instance.market, policy.looked_up)]
    return {one.measure.name: one for one in found if one.holds and one.cells and one.measure.no_limit is None}


def _describe_days(old: Standing, new: Standing) -> str:
    """Say on how many days of a period a measure holds, where that is no longer what it was."""
    moved = [
        f"{after.days} of the {after.of} days of {after.period} instead of {before.days}"
        for before, after in zip(old.periods, new.periods, strict=True)
        if before.days != after.days
    ]
    return " and ".join(moved[:2]) + (f" and in {len(moved) - 2} more periods" if len(moved) > 2 else "")  # noqa: PLR2004 (two are told)
