"""Whether an instance that was built by hand holds together, as one that is loaded is known to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.changes import case_problems
from models.enforcement import policy_problems
from models.instance import instance_problems
from optimizer.errors import InputError

if TYPE_CHECKING:
    from models.instance import Instance


def check(instance: Instance) -> None:
    """Check that rows, limits, policies and cases of an instance fit each other.

    For instances made of records in Python: `load` and `apply_changes` have checked theirs. Records by themselves are
    checked as they are made, and so is whether rows and limits fit where `Instance` is called; policies and cases,
    and what `model_copy` puts in, are checked here alone.

    Raises:
        InputError: with one line for everything that is wrong; policies are looked at once the rest fits, then cases.
    """
    faults = list(instance_problems(instance))
    if not faults:
        faults = [f"policies.{number + 1}: {message}" for number, message in policy_problems(instance)]
    if not faults:
        faults = [f"cases.{name}.{number + 1}: {message}" for name, number, message in case_problems(instance)]
    if faults:
        raise InputError(faults)
