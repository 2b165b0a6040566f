"""Sums of terms beside Pyomo's expressions."""

from __future__ import annotations

from typing import Any

import pytest
from pyomo.environ import ConcreteModel, Var

from models.rows import LinearRows
from models.sums import Collected, added_up, linear


@pytest.fixture
def x() -> Any:
    m = ConcreteModel()
    m.x = Var(range(4))
    m.alone = Var()
    return m.x


def read(part: Any) -> tuple[float, dict[str, float]]:
    found = Collected((1, part))
    names = [variable.local_name for variable in found.variables]
    assert len(set(names)) == len(names)
    return found.constant, dict(zip(names, found.coefficients, strict=True))


def test_sums_and_expressions_stand_on_either_side_of_each_other(x: Any) -> None:
    two = linear([(2.0, x[0]), (3.0, x[1])])
    assert read(x[0] + two) == read(two + x[0]) == (0, {"x[0]": 3.0, "x[1]": 3.0})
    assert read(x[1] + x[2] - two) == (0, {"x[0]": -2.0, "x[1]": -2.0, "x[2]": 1.0})
    assert read(1 - two) == (1, {"x[0]": -2.0, "x[1]": -3.0})
    assert read(0.5 * (two - 4)) == read((two - 4) * 0.5) == (-2, {"x[0]": 1.0, "x[1]": 1.5})
    assert read(-(two + two)) == (0, {"x[0]": -4.0, "x[1]": -6.0})
    assert read(sum([two, x[3], 5])) == (5, {"x[0]": 2.0, "x[1]": 3.0, "x[3]": 1.0})


def test_expressions_of_pyomo_are_read_whatever_their_form(x: Any) -> None:
    alone = x.model().alone
    assert read(-(x[0] - 2 * x[1]) + 3 * (x[1] + 1) + alone) == (3, {"x[0]": -1.0, "x[1]": 5.0, "alone": 1.0})
    assert read(x[0] + x[0] + x[0] / 2) == (0, {"x[0]": 2.5})


def test_what_is_added_up_may_be_numbers_or_variables(x: Any) -> None:
    assert added_up([]) == 0
    assert added_up([1.5, 2.5]) == 4
    assert added_up([x[0]]) is x[0]
    assert read(added_up([x[0], x[1]])) == (0, {"x[0]": 1.0, "x[1]": 1.0})


def test_what_is_not_linear_is_named(x: Any) -> None:
    with pytest.raises(TypeError, match="unsupported operand"):
        x[0] * linear([(1.0, x[1])])
    with pytest.raises(ValueError, match=r"x\[0\]\*x\[1\] is not linear"):
        LinearRows("less <= more").ordered(("key",), x[0] * x[1], 1.0)
