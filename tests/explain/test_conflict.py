"""Which limits cannot hold together, against trying every set of them."""

from __future__ import annotations

from itertools import combinations
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, given

from models.limits.quantity_cap import QuantityCap
from optimizer.explain.conflict import InfeasiblePart, find_infeasible_parts
from optimizer.explain.feasibility_probe import FeasibilityProbe
from optimizer.report.explanation import describe_conflict
from optimizer.solver.deadline import Deadline
from tests.blocks.markets import instance, offer
from tests.examples import examples
from tests.explain.crowded import cost, crowded, solved, with_only

if TYPE_CHECKING:
    from collections.abc import Collection

    from models.enforcement import EnforcedInstance


def smallest_conflicts(asked: EnforcedInstance) -> list[set[str]]:
    """Return every set of limits that leaves no plan though each of its subsets does, by solving for every set."""
    found: list[set[str]] = []
    for size in range(len(asked.limits) + 1):
        for limits in combinations(asked.limits, size):
            names = {limit.name for limit in limits}
            if not any(smaller <= names for smaller in found) and solved(with_only(asked, limits)) is None:
                found.append(names)
    return found


@examples(60)
@given(crowded())
def test_conflicts_are_among_the_smallest_of_all_sets_and_leave_a_plan_behind(asked: EnforcedInstance) -> None:
    assume(solved(asked) is None)
    smallest = smallest_conflicts(asked)
    (part,) = find_infeasible_parts(asked, Deadline())
    assert part.market_has_plan is (set() not in smallest)
    told = [{limit.name for limit in conflict.limits} for conflict in part.conflicts]
    assert all(conflict.minimal for conflict in part.conflicts)
    assert all(names in smallest for names in told)
    assert len(set().union(*told)) == sum(map(len, told))
    if part.market_has_plan:
        assert told
        left = [limit for limit in asked.limits if limit not in part.limits]
        assert solved(with_only(asked, left)) is not None


def whole_contracts() -> EnforcedInstance:
    """Return a market in which caps leave no plan only because a contract is signed whole or not at all."""
    offers = [offer("a", 1, minimum_take=80), offer("b", 2)]
    caps = [
        QuantityCap(name=name, offer=name, stages=("refined",), max_quantity=most, hard=True)
        for name, most in (("a", 70), ("b", 40))
    ]
    return instance(offers, {"2027": 100}, *caps)


def test_a_conflict_may_rest_on_whole_contracts_alone() -> None:
    asked = whole_contracts()
    (part,) = find_infeasible_parts(asked, Deadline())
    assert [[limit.name for limit in conflict.limits] for conflict in part.conflicts] == [["a", "b"]]
    assert part.conflicts[0].minimal
    assert cost(with_only(asked, asked.limits[:1])) == pytest.approx(200)


def test_no_limit_is_cleared_of_blame_by_running_out_of_time(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = whole_contracts()
    has_plan = FeasibilityProbe.has_plan
    known: tuple[frozenset[str], ...] = (frozenset(), frozenset({"a", "b"}))

    def hurried(self: FeasibilityProbe, held: Collection[str]) -> bool | None:
        return has_plan(self, held) if frozenset(held) in known else None

    monkeypatch.setattr(FeasibilityProbe, "has_plan", hurried)
    (conflict,) = find_infeasible_parts(asked, Deadline())[0].conflicts
    assert [limit.name for limit in conflict.limits] == ["a", "b"]
    assert not conflict.minimal


def test_a_part_of_many_materials_is_called_by_some_of_them() -> None:
    probe: Any = SimpleNamespace(part=SimpleNamespace(market=SimpleNamespace(material=dict.fromkeys("abcdefgh"))))
    (said,) = describe_conflict(InfeasiblePart(probe, market_has_plan=False, conflicts=()))
    assert said == (
        "a, b, c and 5 more: no plan covers the demand even without any limit; look at offers, lanes and demand."
    )
