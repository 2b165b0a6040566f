"""limits.csv: what each limit allows, what the plan uses, what is left, and whether it binds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

from models.records.messages import suggest_or_list
from models.records.tolerances import RECOUNTED
from models.records.wording import quote
from optimizer.tables.table import COMPARED, KEY, Row, Table, UnitOf, Units, of_account

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from models.limits import Limit, Reading
    from optimizer.results.account import Account

_OWN = UnitOf("unit")


@dataclass(frozen=True, slots=True)
class LimitUse(Row):
    """One thing that a limit asks."""

    limit: Annotated[str, KEY]
    """Name of the limit."""
    kind: Annotated[str, COMPARED]
    """Kind of the limit."""
    material: Annotated[str, KEY]
    """Of which material; empty where it speaks of all."""
    stage: Annotated[str, KEY]
    """At which stage; empty where it speaks of all."""
    who: Annotated[str, KEY]
    """Of which country, bloc, company or offer; empty where it speaks of none."""
    period: Annotated[str, KEY]
    """In which period; empty over the whole horizon."""
    sense: Annotated[Literal["at most", "at least"], COMPARED]
    """Whether it is a cap or a floor."""
    unit: Annotated[str, COMPARED]
    """What its level is measured in."""
    used: Annotated[float, _OWN, COMPARED]
    """What the plan makes of it."""
    undisclosed: Annotated[float, _OWN]
    """By how much a cap would be used less, or a floor more, if what nobody declared did not count."""
    allowed: Annotated[float, _OWN, COMPARED]
    """Its level."""
    slack: Annotated[float, _OWN]
    """What is left up to the level; below 0 where a soft limit is broken."""
    binding: Annotated[bool, COMPARED]
    """Whether the plan uses all that is allowed."""
    firm: Literal["hard", "soft", "watched"]
    """How strictly it holds."""
    excess: Annotated[float, UnitOf("excess unit"), COMPARED]
    """By how much a soft limit is broken: a share by an amount."""
    excess_unit: str
    """What the excess is measured in."""


def list_uses(account: Account, units: Units) -> Iterator[LimitUse]:
    """Yield the rows of each limit, in the order of the limits."""
    for limit, reading in account.readings:
        yield LimitUse(
            limit=limit.name,
            kind=limit.kind,
            **reading.key._asdict(),
            sense=limit.SENSE,
            unit=limit.unit(*units),
            used=0.0 if reading.idle else reading.used,
            undisclosed=reading.undisclosed,
            allowed=reading.allowed,
            slack=slack(limit, reading),
            binding=binds(limit, reading),
            firm=limit.strictness,
            excess=0.0 if limit.hard or slack(limit, reading) >= 0 else reading.excess,
            excess_unit=limit.excess_unit(*units),
        )


def slack(limit: Limit, reading: Reading) -> float:
    """Return what is left of a limit, in the unit of its level; below zero where a soft one gives."""
    left = reading.allowed - reading.used if limit.SENSE == "at most" else reading.used - reading.allowed
    return 0.0 if abs(left) <= _rounding(limit, reading) else left


def binds(limit: Limit, reading: Reading) -> bool:
    """Whether a plan uses all that a limit allows, but for rounding.

    A limit that allows nothing, and of which nothing is used, is not said to bind here: only a solve
    without it can tell.
    """
    says_something = not limit.watch and not reading.idle and (reading.allowed > 0 or reading.used > 0)
    return says_something and slack(limit, reading) <= 0


def _rounding(limit: Limit, reading: Reading) -> float:
    return RECOUNTED * max(abs(reading.allowed), abs(reading.used), 1.0 if limit.UNIT == "share" else 0.0)


def _faults(texts: Mapping[str, str], units: Units) -> Iterator[tuple[str, str]]:
    """Yield (column, what is wrong): a kind that is none, or a unit that no level of this kind is in."""
    from models.limits import KINDS  # a table that is only shown needs no limits

    kind, unit = KINDS.get(texts["kind"]), texts["unit"]
    if kind is None:
        yield "kind", f"{quote(texts['kind'])} is no kind of limit{suggest_or_list(texts['kind'], KINDS)}"
        return
    counted = {"share": "share", "quantity": units.mass, "money": units.currency}.get(kind.UNIT)
    if counted is not None and unit != counted and (kind.UNIT == "share" or not unit.startswith(f"{counted} ")):
        yield "unit", f"{quote(unit)} is not one of {counted}"


LIMITS = Table("limits", LimitUse, of_account(list_uses), _faults)
