"""An instance: the facts of a market, the limits that a policy asks for, and how to solve it."""

from __future__ import annotations

import hashlib
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field, PrivateAttr, ValidationInfo, model_validator

from models.limits import AnyLimit
from models.limits.contract.fit import limit_problems
from models.market import Market
from models.market.scenario import Scenario
from models.policies import Policy
from models.records.fields import Name, Positive, Share, Text, Tolerance
from models.records.frozen import Frozen
from models.records.renamed import Remembering, write_in_old_words
from models.references import Tables, problems_of, spelling_problems

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

CHECKED = {"checked": True}
"""The context in which an instance is made of records of which is known already that they fit each other."""


class SolveSettings(Frozen):
    """How hard to try, unless the command line says otherwise."""

    gap: Tolerance = 1e-4
    """Relative gap at which a plan counts as proven."""
    time_limit: Positive | None = None
    """Seconds; absent = until proven."""


class Risk(Frozen):
    """What is minimised where there are scenarios: (1 - weight) x expected cost + weight x a measure of risk."""

    measure: Literal["expected", "cvar", "worst", "regret"]
    """``expected``: the expected cost alone. ``cvar``: the mean cost of the dearest outcomes, those that make
    1 - `level` of the probability. ``worst``: the cost of the dearest. ``regret``: the most by which an outcome costs
    more than a plan that had known of it."""
    level: Share | None = None
    """Of ``cvar`` alone; empty = 0.95, the mean of the dearest 5 %."""
    weight: Share | None = None
    """Of all but ``expected``: 0 or more and below 1, so that the plan also saves where the measure does not look."""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.measure == "expected" and self.weight is not None:
            msg = "the expected cost has no weight beside it; leave weight out, or write another measure"
            raise ValueError(msg)
        if self.measure != "expected" and (self.weight is None or not 0 <= self.weight < 1):
            msg = f"{self.measure} needs a weight from 0 to below 1 (1 saves nowhere else); write weight = 0.5"
            raise ValueError(msg)
        if self.measure != "cvar" and self.level is not None:
            msg = f"{self.measure} has no level; leave it out, or write measure = cvar"
            raise ValueError(msg)
        if self.level is not None and not 0 < self.level < 1:
            msg = "a level lies between 0 and 1; write level = 0.95"
            raise ValueError(msg)
        return self

    @property
    def tail_from(self) -> float:
        """The share of the probability that the dearest outcomes leave out, of which ``cvar`` is the mean."""
        return 0.95 if self.level is None else self.level


class Instance(Remembering):
    """Market, limits and settings under one name."""

    name: Name
    title: Text
    currency: Name
    mass_unit: Name
    market: Market
    limits: tuple[AnyLimit, ...] = ()
    policies: tuple[Policy, ...] = ()
    """Policies that hold as well, by name (``eu-crma``), some of their measures (``us-pfe:45x-*``) or a file of
    your own (``ours.toml``); see [policies](policies.md)."""
    solve: SolveSettings = SolveSettings()
    risk: Risk | None = None
    """How what may happen is weighed; absent = by the expected cost."""
    cases: dict[Name, Annotated[tuple[Text, ...], Field(min_length=1)]] = {}  # noqa: RUF012 (pydantic copies defaults)
    """Named lists of [changes](changes.md), to be asked for by name: ``winter = ["cap CN=40%", "ban RU"]``."""

    _foreseen: tuple[Market, tuple[Scenario, ...]] | None = PrivateAttr(default=None)
    """What may happen, and the facts for which that was worked out."""

    @model_validator(mode="after")
    def _fits(self, info: ValidationInfo) -> Self:
        faults = [] if info.context is CHECKED else list(instance_problems(self))
        if faults:
            raise ValueError("\n".join(faults))
        return self

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of all records: the same whatever file they were read from.

        Cases are left out, unless one may happen: they do not say what a plan must hold.
        """
        return _sha256(self._document)

    @cached_property
    def digests(self) -> tuple[str, str]:
        """Its digest, and the one that it had before words of files were renamed (see `models.records.renamed`)."""
        return self.digest, _sha256(write_in_old_words(self._document))

    @property
    def identity(self) -> dict[str, str]:
        """What every answer in plain data says of its instance: which one it is, and what it counts in."""
        return {
            "instance": self.name,
            "title": self.title,
            "digest": self.digest,
            "currency": self.currency,
            "mass_unit": self.mass_unit,
        }

    @property
    def _document(self) -> str:
        happens = any(row.what.split()[0] == "case" for row in (*self.market.shocks, *self.market.hazards))
        return self.model_dump_json(by_alias=True, exclude=set() if happens else {"cases"})

    @property
    def foreseen(self) -> tuple[Scenario, ...]:
        """What is planned for beside the calm: scenarios worked out for these very facts; none until they are."""
        return () if self._foreseen is None or self._foreseen[0] is not self.market else self._foreseen[1]

    def foreseeing(self, scenarios: Iterable[Scenario]) -> Self:
        """Return the same instance, to be planned for some scenarios of its facts."""
        copy = self.model_copy()
        copy._foreseen = (copy.market, tuple(scenarios))  # noqa: SLF001 (a copy of this very record)
        return copy

    def _repr_html_(self) -> str:
        """Return what a notebook shows: how much there is of everything, the policies, and what each limit asks."""
        rows = "".join(
            f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in _describe_limit(limit, self))}</tr>"
            for limit in self.limits
        )
        policies = ", ".join(policy.name for policy in self.policies)
        named = f" Policies: {escape(policies)}." if policies else ""
        heads = "<tr><th>limit</th><th>kind</th><th>who</th><th>level</th></tr>"
        limits = f"<table><thead>{heads}</thead><tbody>{rows}</tbody></table>" if rows else "<p>No limits.</p>"
        return f"<p><strong>{escape(self.title)}</strong></p><p>{escape(self.market.counted)}.{named}</p>{limits}"

    def without_limits(self) -> Self:
        """Return the same instance with no limits: what the market alone would give, under the same duties."""
        return self.model_copy(update={"limits": ()})


def _describe_limit(limit: AnyLimit, instance: Instance) -> tuple[str, str, str, str]:
    level = f"{limit.SENSE} {limit.format_level(limit.level, instance.mass_unit, limit.currency or instance.currency)}"
    firm = "" if limit.hard else f", {limit.strictness}"
    firm += ", in responses too" if limit.in_responses else ""
    return limit.name, limit.kind, limit.about, f"{level}{firm}"


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def instance_problems(instance: Instance) -> Iterator[str]:
    """Yield a sentence for everything that keeps the rows and limits of an instance from fitting each other.

    Whether its policies and cases can be used is asked where they are (`policy_problems`, `case_problems`).
    """
    found = problems_of(instance.market, instance.mass_unit, instance.currency)
    yield from (problem.line for problem in found)
    named = {"limits": tuple(dict.fromkeys(limit.name for limit in instance.limits)), "cases": tuple(instance.cases)}
    yield from (problem.line for problem in spelling_problems(Tables({}, (), named=named)))
    told = limit_problems(instance.limits, instance.market, instance.currency)
    yield from (f"limits.{name}.{message}" for name, message in told)
