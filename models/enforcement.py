"""Policies looked up: what of them holds in an instance in its days, and what keeps them from being used there."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, NewType, TypeVar

from models.instance import Instance
from models.limits.contract.fit import limit_problems
from models.market import TABLES, Control, Duty, Market
from models.market.products import with_products
from models.market.risks import list_missing_risks
from models.policies import count_once, names_of, standings
from models.references import problems_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from models.market import PreparedMarket
    from models.policies import CountedOnce, Names, Policy
    from models.references import Problem

AtBorder = TypeVar("AtBorder", Duty, Control)
EnforcedInstance = NewType("EnforcedInstance", Instance)
"""An instance of which every policy is looked up: what holds in its days stands among its limits, duties and controls.

Only `enforce` makes one. What asks for it in its signature cannot be handed an instance whose policies were forgotten.
"""


def enforce(instance: Instance) -> EnforcedInstance:
    """Return an instance in which every policy is looked up in the days of its periods, or on its one day.

    Limits, duties and controls of measures that hold on them stand behind the instance's own; the policies stay
    as a record, marked with the day. A policy that was looked up already is left as it is. Where a limit weighs by
    risk, countries of which the instance states none have that of the reference data, as rows behind its own. What
    limits cost in other currencies is put in that of the instance. What products need stands in the demand.
    """
    return EnforcedInstance(_with_risks(_with_policies(_in_currency(_with_products(instance)))))


def _with_products(instance: Instance) -> Instance:
    """Return an instance in whose demand stands what its products need, or itself where it stands there already."""
    market = with_products(instance.market)
    return instance if market is instance.market else instance.model_copy(update={"market": market})


def _with_risks(instance: Instance) -> Instance:
    """Return an instance with a risk for every country where a limit asks for it, or itself where none is missing."""
    if not any(getattr(limit, "weight", None) == "risk" for limit in instance.limits):
        return instance
    missing = tuple(list_missing_risks(instance.market))
    if not missing:
        return instance
    countries = (*instance.market.countries, *missing)
    return instance.model_copy(update={"market": instance.market.model_copy(update={"countries": countries})})


def _in_currency(instance: Instance) -> Instance:
    """Return an instance with what its limits cost in its own currency."""
    if all(limit.currency is None for limit in instance.limits):
        return instance
    first = instance.market.exchange.first
    limits = tuple(one if one.currency is None else one.at_rate(first(one.currency)) for one in instance.limits)
    return instance.model_copy(update={"limits": limits})


def _with_policies(instance: Instance) -> Instance:
    """Return an instance with what its policies are in its days."""
    if all(policy.looked_up is not None for policy in instance.policies):
        return instance
    market: Market = instance.market
    limits = list(instance.limits)
    policies = []
    laws: dict[str, Names] = {}
    for policy in instance.policies:
        if policy.looked_up is not None:
            policies.append(policy)
            continue
        found = list(standings(policy, market))
        limits += [limit for one in found for limit in one.limits]
        market = market.model_copy(
            update={
                "blocs": market.blocs | policy.blocs,
                "duties": (*market.duties, *count_once(market, found, laws)[0]),
                "controls": (*market.controls, *(control for one in found for control in one.controls)),
            }
        )
        policies.append(policy.model_copy(update={"looked_up": market.as_of}))
        laws |= {one.measure.name: names_of(one.measure) for one in found}
    update = {"market": market, "limits": tuple(limits), "policies": tuple(policies)}
    return instance.model_copy(update=update)


def list_own(rows: Iterable[AtBorder], policies: Iterable[Policy]) -> list[AtBorder]:
    """Return the duties or controls that an instance states itself, not those that measures of its policies became.

    One of its own may have the name of a measure, as it states the same law; its source is another.
    """
    made = {(measure.name, measure.source) for policy in policies for measure in policy.measures}
    return [row for row in rows if (getattr(row, row.KEY[0]), row.source) not in made]


def list_counted_once(instance: EnforcedInstance) -> Iterator[tuple[Policy, CountedOnce]]:
    """Yield the duties of each policy that are not charged, or not on all days, as another states the same law."""
    own = list_own(instance.market.duties, instance.policies)
    market: Market = instance.market.model_copy(update={"duties": tuple(own)})
    laws: dict[str, Names] = {}
    for policy in instance.policies:
        found = list(standings(policy, market, policy.looked_up))
        added, left = count_once(market, found, laws)
        yield from ((policy, one) for one in left)
        market = market.model_copy(update={"duties": (*market.duties, *added)})
        laws |= {one.measure.name: names_of(one.measure) for one in found}


def prepare(instance: EnforcedInstance) -> PreparedMarket:
    """Return the market of an instance as the program takes it: figures in the materials' own bases, rows in order."""
    return instance.market.prepared


def policy_problems(instance: Instance) -> Iterator[tuple[int, str]]:
    """Yield (number of the policy from 0, sentence) for everything that keeps a policy from being used."""
    if not instance.policies:
        return
    before = set(limit_problems(instance.limits, instance.market, instance.currency))
    rows = set(_border_problems(instance))
    state: Instance = instance.model_copy(update={"policies": ()})
    for number, policy in enumerate(instance.policies):
        faults = list(_unfit(policy, instance, number))
        if not faults:
            state = enforce(state.model_copy(update={"policies": (policy,)}))
            told = list(limit_problems(state.limits, state.market, state.currency))
            faults += [f"limit {name}: {message}" for name, message in told if (name, message) not in before]
            new = [problem for problem in _border_problems(state) if problem not in rows]
            faults += dict.fromkeys(_describe(problem, state.market) for problem in new)
            before |= set(told)
            rows |= set(new)
        yield from ((number, f"{policy.name}: {fault}") for fault in faults)


def _describe(problem: Problem, market: Market) -> str:
    """Return a problem of a row that a measure became, behind the name of the measure."""
    rows = getattr(market, problem.table, ())
    row = rows[problem.row] if problem.row is not None and problem.row < len(rows) else None
    return problem.message if row is None else f"{getattr(row, row.KEY[0])}: {problem.message}"


def _border_problems(instance: Instance) -> Iterator[Problem]:
    """Yield what is wrong with what a policy adds to and what that refers to: how other rows fit stays as it is."""
    kept = {"materials", "duties", "controls"}
    market = instance.market.model_copy(update=dict.fromkeys(set(TABLES) - kept, ()))
    return problems_of(market, instance.mass_unit, instance.currency)


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
