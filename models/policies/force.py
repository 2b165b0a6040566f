"""What a policy becomes on a day: limits, duties and controls of an instance."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from models.limits.contract.fit import limit_problems
from models.market import TABLES, Control, Duty
from models.references import problems_of

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator

    from models.instance import Instance
    from models.limits import AnyLimit
    from models.market import Market
    from models.policies.policy import Measure, Policy, Status


@dataclass(frozen=True)
class Standing:
    """How one measure stands on a day, and what it becomes in an instance."""

    policy: Policy
    measure: Measure
    status: Status
    cells: tuple[tuple[str, str], ...] = ()
    """(material, stage) of the instance that it speaks of."""
    limit: AnyLimit | None = None
    duties: tuple[Duty, ...] = ()
    controls: tuple[Control, ...] = ()

    @property
    def idle(self) -> bool:
        """Whether it is in force and speaks of nothing in the instance."""
        return self.status == "in force" and not self.cells


def chosen(policy: Policy) -> list[Measure]:
    """Return the measures of a policy that are meant."""
    patterns = policy.chosen or ("*",)
    return [m for m in policy.measures if any(fnmatchcase(m.name, pattern) for pattern in patterns)]


def standings(policy: Policy, market: Market, day: datetime.date | None = None) -> Iterator[Standing]:
    """Yield how every measure that is meant stands on a day, by default the market's own."""
    day = market.as_of if day is None else day
    for measure in chosen(policy):
        status = measure.status(day)
        cells = tuple((m.material, stage) for m in market.materials for stage in measure.concerns(m))
        made: dict[str, Any] = _made(measure, day, cells, market) if status == "in force" and cells else {}
        yield Standing(policy, measure, status, cells, **made)


def in_force(instance: Instance) -> Instance:
    """Return an instance in which every policy is looked up on the instance's day.

    Limits, duties and controls of measures in force stand behind the instance's own; the policies stay
    as a record, marked with the day. A policy that was looked up already is left as it is.
    """
    market: Market = instance.market
    limits = list(instance.limits)
    policies = []
    for policy in instance.policies:
        if policy.looked_up is not None:
            policies.append(policy)
            continue
        found = list(standings(policy, market))
        limits += [one.limit for one in found if one.limit is not None]
        market = market.model_copy(
            update={
                "blocs": market.blocs | policy.blocs,
                "duties": (*market.duties, *(duty for one in found for duty in one.duties)),
                "controls": (*market.controls, *(control for one in found for control in one.controls)),
            }
        )
        policies.append(policy.model_copy(update={"looked_up": market.as_of}))
    if all(new is old for new, old in zip(policies, instance.policies, strict=True)):
        return instance
    return instance.model_copy(update={"market": market, "limits": tuple(limits), "policies": tuple(policies)})


def policy_problems(instance: Instance) -> Iterator[tuple[int, str]]:
    """Yield (number of the policy from 0, sentence) for everything that keeps a policy from being used."""
    if not instance.policies:
        return
    before = set(limit_problems(instance.limits, instance.market))
    rows = {problem.message for problem in problems_of(_of_borders(instance.market))}
    state = instance.model_copy(update={"policies": ()})
    for number, policy in enumerate(instance.policies):
        faults = list(_unfit(policy, instance, number))
        if not faults:
            state = in_force(state.model_copy(update={"policies": (policy,)}))
            told = list(limit_problems(state.limits, state.market))
            faults += [f"limit {name}: {message}" for name, message in told if (name, message) not in before]
            faults += [p.message for p in problems_of(_of_borders(state.market)) if p.message not in rows]
            before |= set(told)
        yield from ((number, f"{policy.name}: {fault}") for fault in faults)


def _of_borders(market: Market) -> Market:
    """Return of a market what a policy adds to, and what that refers to: how other rows fit stays as it is."""
    kept = {"materials", "duties", "controls"}
    return market.model_copy(update=dict.fromkeys(set(TABLES) - kept, ()))


def _unfit(policy: Policy, instance: Instance, number: int) -> Iterator[str]:
    if any(other.name == policy.name for other in instance.policies[:number]):
        yield "is there already; name it once, and several of its measures with commas"
    names = [measure.name for measure in policy.measures]
    for pattern in policy.chosen or ():
        if not any(fnmatchcase(name, pattern) for name in names):
            yield f"has no measure {pattern!r}; there are {', '.join(names)}"
    if policy.choose and not policy.chosen:
        yield f"its measures stand for different cases; name those meant, such as {policy.name}:{names[0]}"
    if policy.mass_unit not in {None, instance.mass_unit}:
        yield (
            f"its quantities are in {policy.mass_unit} and those of the instance in {instance.mass_unit}; write the "
            f"instance in {policy.mass_unit}, or the policy in {instance.mass_unit} in a file of your own"
        )
    for bloc, countries in policy.blocs.items():
        own = instance.market.blocs.get(bloc)
        if own is not None and set(own) != set(countries):
            yield f"the bloc {bloc} has other countries in the instance; give that one another name"


def _made(measure: Measure, day: datetime.date, cells: tuple[tuple[str, str], ...], market: Market) -> dict[str, Any]:
    """Return what a measure in force becomes."""
    said = {"source": measure.source, "valid_from": measure.valid_from, "valid_to": measure.valid_to}
    if measure.duty is not None:
        duty = measure.duty.model_dump() | said | {"duty": measure.name}
        return {"duties": tuple(Duty(**duty, material=material, stage=stage) for material, stage in cells)}
    if measure.control is not None:
        control = measure.control.model_dump() | said | {"control": measure.name}
        return {"controls": tuple(Control(**control, material=material, stage=stage) for material, stage in cells)}
    limit = measure.limit_on(day)
    if limit is None:
        return {}
    scope = {"source": measure.source, **_scope(measure, cells, market)}
    return {"limit": limit.model_copy(update={key: v for key, v in scope.items() if key in type(limit).model_fields})}


def _scope(measure: Measure, cells: tuple[tuple[str, str], ...], market: Market) -> dict[str, Any]:
    """Return the materials and stages of a limit; absent where it holds for all."""
    materials = tuple(dict.fromkeys(material for material, _ in cells))
    stages = tuple(dict.fromkeys(stage for _, stage in cells))
    return {
        "materials": None if len(materials) == len(market.materials) else materials,
        "stages": None if measure.stages is None else stages,
    }
