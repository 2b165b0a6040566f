"""Families of linear rows held as numbers, for the parts of the program that grow with the lanes.

A Pyomo constraint costs some ten microseconds to write and as many to read back, whatever its
length; a link or a balance for each lane and period would make that the longest step of a solve.
These families therefore hold their rows as sparse numbers over Pyomo's variables, and are handed to
the solver as they stand. `to_pyomo` turns them into ordinary constraints, for other solvers and for
reading. What a limit asks is said in sums of terms and Pyomo's expressions, which are read as numbers as
soon as they are said (docs/decisions/0002).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import accumulate, chain, islice, repeat
from typing import TYPE_CHECKING, Any

from pyomo.core import Constraint, Set

from models.algebra.batched import Expressions
from models.algebra.expressions import LinearSum, expression

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from pyomo.core import ConcreteModel

    from models.algebra.expressions import Terms

UNBOUNDED = float("inf")
_MINUS = (-1.0,)
_SAME = 1e-12
"""Relative difference of two bounds that are the same figure reached by two ways of adding it up."""


@dataclass(frozen=True, slots=True)
class Square:
    """``part ** 2 <= square * whole``, for a sum, a variable and a sum that are never below zero.

    The one relation that is not linear: a rotated second-order cone, so that solvers of convex programs take it
    as it stands and a linear one holds it by tangents (docs/decisions/0009).
    """

    part: Terms
    whole: Terms
    constant: float
    """What the whole holds beside its terms."""
    square: Any
    """The Pyomo variable that must be as large as ``part ** 2 / whole``; no two of them share it."""


class LinearRows:
    """Rows ``lower <= sum of coefficient * variable <= upper``, one after the other."""

    def __init__(self, doc: str) -> None:
        """Start an empty family; `doc` is its mathematics in one line."""
        self.doc = doc
        self._keys: list[tuple[str, ...]] = []
        self._waiting: list[tuple[int, Collection[tuple[str, ...]]]] = []
        """Keys that are not yet in `_keys`, and where they belong."""
        self.lower: list[float] = []
        self.upper: list[float] = []
        self.ends: list[int] = []
        """Where each row's entries end in `coefficients` and `variables`."""
        self.coefficients: list[float] = []
        self.variables: list[Any] = []

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.ends)

    @property
    def keys(self) -> list[tuple[str, ...]]:
        """What each row stands for."""
        for start, keys in self._waiting:
            self._keys[start : start + len(keys)] = keys
        self._waiting.clear()
        return self._keys

    def add(self, key: tuple[str, ...], terms: Terms, lower: float, upper: float) -> None:
        """Append a row; `key` says what it stands for."""
        coefficients, variables = zip(*terms, strict=True) if terms else ((), ())
        self._append(key, coefficients, variables, lower, upper)

    def at_most(self, key: tuple[str, ...], terms: Terms, upper: float) -> None:
        """Append ``terms <= upper``."""
        self.add(key, terms, -UNBOUNDED, upper)

    def at_least(self, key: tuple[str, ...], terms: Terms, lower: float) -> None:
        """Append ``terms >= lower``."""
        self.add(key, terms, lower, UNBOUNDED)

    def equal(self, key: tuple[str, ...], terms: Terms, value: float) -> None:
        """Append ``terms == value``."""
        self.add(key, terms, value, value)

    def define_total(
        self, key: tuple[str, ...], coefficients: Iterable[float], variables: Iterable[Any], total: Any
    ) -> None:
        """Append ``sum of coefficient * variable == total``, of one more variable."""
        self._append(key, (*coefficients, -1.0), (*variables, total), 0.0, 0.0)

    def define_totals(
        self,
        keys: Collection[tuple[str, ...]],
        coefficients: Sequence[Sequence[float]],
        variables: Sequence[Sequence[Any]],
        totals: Collection[Any],
    ) -> None:
        """Append ``sum of coefficient * variable == total`` for each key, of one more variable each."""
        size, zeros = len(keys), [0.0] * len(keys)
        self._waiting.append((len(self._keys), keys))
        self._keys.extend(repeat((), size))
        lengths = (length + 1 for length in map(len, variables))
        self.ends.extend(islice(accumulate(lengths, initial=len(self.coefficients)), 1, None))
        self.coefficients.extend(
            chain.from_iterable(chain.from_iterable(zip(coefficients, repeat(_MINUS), strict=False)))
        )
        self.variables.extend(chain.from_iterable(chain.from_iterable(zip(variables, zip(totals), strict=True))))
        self.lower.extend(zeros)
        self.upper.extend(zeros)

    def link_switch(  # noqa: PLR0913 (a row, its two ends and what switches it)
        self, key: tuple[str, ...], terms: Terms, least: float, most: float, switch: Any, *, implied: bool = False
    ) -> None:
        """Append ``least * switch <= terms <= most * switch`` of a binary, as few rows as say it.

        One equality where both ends meet; no lower row with `least` 0; no upper row where other rows imply it. The
        rows are called ("all", *key), ("least", *key) and ("most", *key).
        """
        if least > 0 and math.isclose(least, most, rel_tol=_SAME):
            self.equal(("all", *key), [*terms, (-most, switch)], 0.0)
            return
        if not implied or least > most:
            self.at_most(("most", *key), [*terms, (-most, switch)], 0.0)
        if least > 0:
            self.at_least(("least", *key), [*terms, (-least, switch)], 0.0)

    def order(self, key: tuple[str, ...], less: Any, more: Any) -> None:
        """Append ``less <= more``, of numbers, sums and Pyomo's expressions; ValueError when one is not linear."""
        read = LinearSum((1, less), (-1, more))
        self._append(key, read.coefficients, read.variables, -UNBOUNDED, 0 - read.constant)

    def order_each(
        self, keys: Collection[tuple[str, ...]], less: Expressions | float, more: Expressions | float
    ) -> None:
        """Append ``less <= more`` for each key, of sums and numbers; a number is the same in every row.

        Keys are not looked at before somebody asks for them.
        """
        size = len(keys)
        sums = Expressions(size, {}) + (less - more)
        self._waiting.append((len(self._keys), keys))
        self._keys.extend(repeat((), size))
        self.ends.extend(islice(accumulate(sums.lengths(), initial=len(self.coefficients)), 1, None))
        self.coefficients.extend(sums.coefficients())
        self.variables.extend(sums.variables())
        self.lower.extend(repeat(-UNBOUNDED, size))
        self.upper.extend(repeat(0.0, size) if sums.constants is None else [0 - number for number in sums.constants])

    def _append(
        self,
        key: tuple[str, ...],
        coefficients: Iterable[float],
        variables: Iterable[Any],
        lower: float,
        upper: float,
    ) -> None:
        self.coefficients.extend(coefficients)
        self.variables.extend(variables)
        self._keys.append(key)
        self.lower.append(lower)
        self.upper.append(upper)
        self.ends.append(len(self.coefficients))

    def to_pyomo(self) -> Constraint:
        """Return the family as one indexed Pyomo constraint."""
        starts = [0, *self.ends][:-1]
        spans = dict(zip(self.keys, zip(starts, self.ends, self.lower, self.upper, strict=True), strict=True))

        def rule(_: ConcreteModel, *key: str) -> Any:
            start, end, lower, upper = spans[key]
            if start == end:
                return Constraint.Feasible if lower <= 0 <= upper else Constraint.Infeasible
            body = expression(list(zip(self.coefficients[start:end], self.variables[start:end], strict=True)))
            if lower == upper:
                return body == upper
            return (None if lower == -UNBOUNDED else lower, body, None if upper == UNBOUNDED else upper)

        return Constraint(Set(initialize=self.keys, dimen=None), rule=rule, doc=self.doc)
