"""The law of an instance asked for: on which day it is known, and which policy is meant."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from models.enforcement import policy_problems
from models.policies import select_measures, split
from optimizer.errors import InputError
from optimizer.files.policies import find_policy
from optimizer.requests import Requests

if TYPE_CHECKING:
    from models.enforcement import EnforcedInstance
    from models.instance import Instance


def ask_law(instance: Instance, said: str | None, as_of: str | None) -> tuple[EnforcedInstance, str | None]:
    """Return an instance whose policies are looked up, and the name of the policy that is meant, if one is.

    `said` names a policy as an instance does, or some of its measures. Where the instance has it, that is meant, and
    else it is added. `as_of` is the day whose knowledge counts; None = that of the instance.

    Raises:
        InputError: there is no such policy, or it does not fit the instance, or the day is none.
    """
    name = None
    if said is not None:
        called, measures = split(said)
        own = next((policy for policy in instance.policies if policy.name == called), None)
        policy = find_policy(said, Path()) if own is None else select_measures(own, measures)
        name, others = policy.name, tuple(one for one in instance.policies if one.name != policy.name)
        instance = instance.model_copy(update={"policies": (*others, policy)})
        faults = [message for number, message in policy_problems(instance) if number == len(others)]
        if faults:
            raise InputError(faults)
    return Requests(texts=() if as_of is None else (f"as-of {as_of}",)).apply_to(instance), name
