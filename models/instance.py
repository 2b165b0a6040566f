"""An instance: the facts of a market, the limits that a policy asks for, and how to solve it."""

from __future__ import annotations

import hashlib
from functools import cached_property
from typing import Self

from pydantic import model_validator

from models.frozen import Frozen
from models.limits import AnyLimit
from models.limits.fit import limit_problems
from models.market import Market
from models.references import problems_of
from models.values import Name, Positive, Quantity, Text


class SolveSettings(Frozen):
    """How hard to try, unless the command line says otherwise."""

    gap: Quantity = 1e-4
    """Relative gap at which a plan counts as proven."""
    time_limit: Positive | None = None
    """Seconds; absent = until proven."""


class Instance(Frozen):
    """Market, limits and settings under one name."""

    name: Name
    title: Text
    currency: Name
    mass_unit: Name
    market: Market
    limits: tuple[AnyLimit, ...] = ()
    solve: SolveSettings = SolveSettings()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        faults = [f"{p.table}[{p.row}] {p.column}: {p.message}" for p in problems_of(self.market)]
        faults += [f"limits.{name}.{message}" for name, message in limit_problems(self.limits, self.market)]
        if faults:
            raise ValueError("\n".join(faults))
        return self

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of all records: the same whatever file they were read from."""
        return hashlib.sha256(self.model_dump_json(by_alias=True).encode()).hexdigest()

    def without_limits(self) -> Instance:
        """Return the same instance with no limits: what the market alone would give."""
        return self.model_copy(update={"limits": ()})
