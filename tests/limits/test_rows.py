"""Sums of terms beside Pyomo's expressions, and sums of many rows at once."""

from __future__ import annotations

import math
from typing import Any

import pytest
from pyomo.environ import ConcreteModel, Var

from models.algebra.batched import Expressions
from models.algebra.constraints import LinearRows
from models.algebra.expressions import LinearSum, add_up, linear
from tests.limits.reading import each


@pytest.fixture
def model() -> Any:
    m = ConcreteModel()
    m.x = Var(range(4))
    m.alone = Var()
    return m


@pytest.fixture
def x(model: Any) -> Any:
    return model.x  # which does not keep its model alive


def read(part: Any) -> tuple[float, dict[str, float]]:
    found = LinearSum((1, part))
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


def test_expressions_of_pyomo_are_read_whatever_their_form(model: Any, x: Any) -> None:
    alone = model.alone
    assert read(-(x[0] - 2 * x[1]) + 3 * (x[1] + 1) + alone) == (3, {"x[0]": -1.0, "x[1]": 5.0, "alone": 1.0})
    assert read(x[0] + x[0] + x[0] / 2) == (0, {"x[0]": 2.5})


def test_what_is_added_up_may_be_numbers_or_variables(x: Any) -> None:
    assert add_up([]) == 0
    assert add_up([1.5, 2.5]) == 4
    assert add_up([x[0]]) is x[0]
    assert read(add_up([x[0], x[1]])) == (0, {"x[0]": 1.0, "x[1]": 1.0})


def test_what_is_not_linear_is_named(x: Any) -> None:
    with pytest.raises(TypeError, match="unsupported operand"):
        x[0] * linear([(1.0, x[1])])
    with pytest.raises(ValueError, match=r"x\[0\]\*x\[1\] is not linear"):
        LinearRows("less <= more").order(("key",), x[0] * x[1], 1.0)


def read_each(part: Expressions) -> list[tuple[float, dict[str, float]]]:
    return [read(row) for row in each(part)]


def test_sums_of_many_rows_are_what_the_sums_of_each_row_are(model: Any, x: Any) -> None:
    alone = model.alone
    shares = [0.5, 0.25]
    held = Expressions.of("x", [(x[0], x[1]), (x[2], x[3])], [shares, shares])
    whole = Expressions.of("alone", [[alone], [alone]])
    assert read_each(held - 0.3 * whole) == [
        (0, {"x[0]": 0.5, "x[1]": 0.25, "alone": -0.3}),
        (0, {"x[2]": 0.5, "x[3]": 0.25, "alone": -0.3}),
    ]
    assert read_each(2 - held) == [(2, {"x[0]": -0.5, "x[1]": -0.25}), (2, {"x[2]": -0.5, "x[3]": -0.25})]
    assert read_each(held + Expressions.of_numbers([1, 2])) == [
        (1, {"x[0]": 0.5, "x[1]": 0.25}),
        (2, {"x[2]": 0.5, "x[3]": 0.25}),
    ]
    assert shares == [0.5, 0.25], "what rows share is left as it is"


def test_a_variable_stands_once_in_a_row_of_sums_of_one_family(x: Any) -> None:
    bought = [(x[0], x[1]), (x[2],)]
    figures, units = Expressions.of("x", bought, [[3.0, 1.0], [2.0]]), Expressions.of("x", bought)
    assert read_each(figures - 2 * units) == [(0, {"x[0]": 1.0, "x[1]": -1.0}), (0, {"x[2]": 0.0})]
    others = Expressions.of("x", [(x[1], x[3]), (x[3],)])
    assert read_each(units + others) == [(0, {"x[0]": 1.0, "x[1]": 2.0, "x[3]": 1.0}), (0, {"x[2]": 1.0, "x[3]": 1.0})]


def test_sums_of_other_lengths_do_not_add_up(x: Any) -> None:
    with pytest.raises(ValueError, match="1 rows and 2 do not add up"):
        Expressions.of("x", [[x[0]]]) + Expressions.of_numbers([1, 2])


def test_rows_that_are_said_at_once_stand_between_those_that_are_said_alone(x: Any) -> None:
    rows = LinearRows("less <= more")
    rows.order(("first",), x[0], 1.0)
    rows.order_each([("second",), ("third",)], Expressions.of("x", [(x[1], x[2]), ()]), 2.0)
    rows.order_each([("fourth",)], 3.0, 4.0)
    rows.order(("last",), 1.0, x[3])
    assert rows.keys == [("first",), ("second",), ("third",), ("fourth",), ("last",)]
    assert rows.ends == [1, 3, 3, 3, 4]
    assert [variable.local_name for variable in rows.variables] == ["x[0]", "x[1]", "x[2]", "x[3]"]
    assert rows.coefficients == [1.0, 1.0, 1.0, -1.0]
    assert rows.upper == [1.0, 2.0, 2.0, 1.0, -1.0]
    assert rows.lower == [-math.inf] * 5
