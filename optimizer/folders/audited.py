"""A plan folder audited: what does not hold, and where its files say something else than its numbers make."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from models.enforcement import enforce, prepare
from optimizer.audit import audit, stale_costs
from optimizer.folders.differing import stale_figures
from optimizer.folders.read_plan import read_plan
from optimizer.results.account import Account

if TYPE_CHECKING:
    from pathlib import Path

    from models.enforcement import EnforcedInstance
    from models.instance import Instance
    from optimizer.results.plan import Plan
    from optimizer.results.price import Price


@dataclass(frozen=True, eq=False)
class Audited:
    """What an audit found."""

    instance: EnforcedInstance
    account: Account
    findings: tuple[str, ...]
    """What does not hold."""
    stale: tuple[str, ...] = ()
    """Where the files say something else than the plan makes; not looked for where it does not hold."""
    same_instance: bool = True
    """Whether the instance is the one that the plan was made for."""
    prices: tuple[Price, ...] | None = None
    """What limits cost is found by solving, so an audit does not know it; nor what follows in scenarios."""
    risk: None = None
    value: None = None

    @property
    def notes(self) -> tuple[str, ...]:
        """Whether the instance changed since the plan was made, and what its files say otherwise: a sentence each."""
        moved = () if self.same_instance else ("the instance has changed since the plan was made",)
        return (*moved, *self.stale)


def audit_folder(folder: Path, instance: Instance) -> Audited:
    """Return the audit of the plan in a folder.

    Raises:
        InputError: with one line for everything that cannot be read.
    """
    instance = enforce(instance)
    read = read_plan(folder, instance)
    account = Account(prepare(instance), instance.limits, read.plan)
    audited = Audited(instance, account, tuple(audit(account)), same_instance=read.same_instance)
    if audited.findings:
        return audited
    stale = stale_costs(account, read.claimed)
    stale += stale_figures(folder, instance, account, costs=not stale)
    return replace(audited, stale=tuple(stale))


def audit_plan(plan: Plan, instance: Instance) -> Audited:
    """Return the audit of a plan that is at hand."""
    instance = enforce(instance)
    account = Account(prepare(instance), instance.limits, plan)
    return Audited(instance, account, tuple(audit(account)))
