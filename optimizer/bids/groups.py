"""Headings of two rows: what stands above several columns, and below it what each of them holds.

Supplier  Country    Price            Capacity
                     EUR/kg   USD/kg  t a year
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from optimizer.bids.names import guess_field
from optimizer.bids.units import read_heading, read_unit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_BRACKETS = "()[]"


def join_rows(upper: Sequence[str], lower: Sequence[str]) -> list[str] | None:
    """Return what two rows call each column together; None where the lower one is no part of a heading.

    A text of the upper row stands for the columns behind it too, as far as that row is blank there. It is put before
    what stands below it where that is no name that is known by itself.

    >>> join_rows(["Supplier", "Price", ""], ["", "EUR/kg", "USD/kg"])
    ['Supplier', 'Price EUR/kg', 'Price USD/kg']
    >>> join_rows(["Supplier", "Price"], ["Umicore", "31.5"])
    """
    width = max(len(upper), len(lower))
    above, below = ([*row, *[""] * (width - len(row))] for row in (upper, lower))
    said = [at for at in range(width) if below[at]]
    is_title = sum(map(bool, above)) == 1 and bool(said) and bool(above[said[0]])
    goes_on = any(above[at] in {"", below[at]} for at in said)  # else it is a row of units, or of a bid
    if not any(above) or is_title or not goes_on or not all(_may_stand_below(above, below, at) for at in said):
        return None
    return list(_join(above, below))


def _may_stand_below(above: list[str], below: list[str], at: int) -> bool:
    """Whether a text may say more of what stands above it: of several columns, or as a unit of one."""
    if above[at] in {"", below[at]} or read_unit(below[at].strip(_BRACKETS)) is not None:
        return True
    return at + 1 < len(above) and not above[at + 1] and bool(below[at + 1])


def _join(above: list[str], below: list[str]) -> Iterator[str]:
    group = ""
    for over, name in zip(above, below, strict=True):
        group = over or (group if name else "")
        if not name or name == over:
            yield over
        elif guess_field(name) is not None or guess_field(group) is None:
            yield name
        else:
            yield _with_unit(group, name)


def _with_unit(group: str, name: str) -> str:
    """Return a name behind that of its group; one unit where one of them says the money and the other of what."""
    head, unit = read_heading(group), read_unit(name.strip(_BRACKETS))
    if unit is not None:
        currency, basis = unit.currency or head.unit.currency, unit.basis or head.unit.basis
        if currency and basis and not (unit.currency and unit.basis):
            return f"{head.words} [{currency}/{basis}]"
    return f"{group} {name}"
