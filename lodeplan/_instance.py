"""Instances from Python: read, and changed as on the command line."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from models.changes.settings import PolicyChange
from models.enforcement import enforce
from models.instance import Instance
from models.scenarios import Draws
from optimizer import load as reading
from optimizer.check import check
from optimizer.errors import InputError
from optimizer.files.policies import is_file
from optimizer.notes import foresight
from optimizer.requests import Requests

if TYPE_CHECKING:
    from collections.abc import Sequence
    from os import PathLike

    from models.enforcement import EnforcedInstance


def draws_of(samples: int | None, seed: int) -> Draws | None:
    """Return how the hazards of an instance are drawn; None = as it has to be.

    Raises InputError where there are no samples, or the seed is below 0.
    """
    if (samples is not None and samples < 1) or seed < 0:
        msg = f"samples={samples}, seed={seed}: write 1 sample or more, and a seed of 0 or more"
        raise InputError([msg])
    if samples is None and seed:
        msg = f"seed={seed}: is of draws, and nothing says that there are any; give samples as well"
        raise InputError([msg])
    return None if samples is None else Draws(samples, seed)


def load(path: str | PathLike[str]) -> Instance:
    """Read an instance, and check all of it.

    Args:
        path: a folder with an ``instance.toml`` and its tables, an ``.xlsx``, or a ``.json``.

    Returns:
        The instance, a plain record: market, limits, policies, how to solve. The same file gives an equal record.

    Raises:
        InputError: something is wrong; `problems` holds one line for each thing, in file order.

    """
    return reading.load(Path(path))


def change(
    instance: Instance | str | PathLike[str],
    *changes: str,
    cases: Sequence[str] = (),
    changes_file: str | PathLike[str] | None = None,
) -> Instance:
    """Return an instance with changes made; the one that is given stays as it is.

    Args:
        instance: an instance, or where one is to be read.
        changes: changes in the words of the command line and of cases, made in this order after all cases:
            ``"cap refined/graphite:CN=40%"``, ``"ban RU"``, ``"demand lithium=+20%"``, ``"policy ours.toml"``.
        cases: names of cases of the instance or of `changes_file`, made first, in this order.
        changes_file: a CSV with the columns case, what and value. If it holds a single case, that need not be named.

    Returns:
        The changed instance, validated; its title says what was changed, and what of it changes nothing. Policies are
        looked up by then, so the day (``as-of``) and law (``law``) are changed first or together with all else.
        A warning tells where the plan would know of a change before anybody can.

    Raises:
        InputError: with one line for every change that says nothing, or cannot be made.

    """
    before = instance_of(instance)
    after = requests(changes, cases, changes_file).apply_to(before)
    for sentence in foresight(before, after):
        warnings.warn(sentence, stacklevel=2)
    return after


def instance_of(given: Instance | str | PathLike[str]) -> Instance:
    """Return an instance that is given as itself or by where it stands.

    Policies of one built by hand are not known to fit it, so one with policies that are not looked up yet is checked.
    """
    if not isinstance(given, Instance):
        return load(given)
    if any(policy.looked_up is None for policy in given.policies):
        check(given)
    return given


def enforced(given: Instance | str | PathLike[str]) -> EnforcedInstance:
    """Return the same with its policies looked up, as all questions ask it."""
    return enforce(instance_of(given))


def requests(
    changes: Sequence[str],
    cases: Sequence[str] = (),
    changes_file: str | PathLike[str] | None = None,
    grid: Sequence[str] = (),
) -> Requests:
    """Return what is asked for beside an instance; policies that are files stand apart, as on the command line."""
    verb = f"{PolicyChange.VERB} "
    named = {text: text.strip().removeprefix(verb).strip() for text in changes if text.strip().startswith(verb)}
    own = {text: policy for text, policy in named.items() if is_file(policy)}
    return Requests(
        cases=tuple(cases),
        texts=tuple(text for text in changes if text not in own),
        file=None if changes_file is None else Path(changes_file),
        grid=tuple(grid),
        policies=tuple(own.values()),
        sign="",
    )
