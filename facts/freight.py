"""Freight, recomputed from the distances and rates that the notes of lanes state.

A note is a sum of ``10569 nm at 0.00895 USD/t``, ``50 USD/t`` and ``2162 USD per FEU of 25 t``, for a tonne that is
shipped, and may say how much of the material is in it: ``0.18785 t per t shipped``.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from facts.arithmetic import is_same
from facts.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.instance import Instance

_BY_SEA = re.compile(r"([\d.]+) nm [^;]*?at ([\d.]+) USD/t")
_FLAT = re.compile(r"\b(\d[\d.]*) USD/t\b")
_BOX = re.compile(r"([\d.]+) USD per FEU of ([\d.]+) t")
_CONTENT = re.compile(r"([\d.]+) t per t\b")
IN_TONNES = {"t": 1.0, "kg": 0.001, "kt": 1000.0}
"""Tonnes in one unit of mass of an instance."""


class Freight(NamedTuple):
    """What the note of a lane comes to."""

    amount: float
    """Currency per tonne of the material."""
    slack: float
    """By what part of itself it is not known, as rates and contents are rounded."""


def work_out_freight(note: str) -> Freight | None:
    """Return the freight of a tonne of the material that a note comes to, None where it states no sum.

    >>> freight = work_out_freight("10000 nm at 0.00500 USD/t + 210 USD/t inland; 0.25 t per t shipped; by road")
    >>> freight.amount, round(freight.slack, 3)
    (1040.0, 0.021)
    >>> work_out_freight("by land, 45 USD per t of concentrate")
    """
    by_sea = _BY_SEA.findall(note)
    terms = [float(miles) * float(rate) for miles, rate in by_sea]
    terms += [float(flat) for flat in _FLAT.findall(_BY_SEA.sub("", note))]
    terms += [float(quote) / float(tonnes) for quote, tonnes in _BOX.findall(note)]
    if not terms:
        return None
    content = _CONTENT.search(note)
    rounded = [rate for _, rate in by_sea] + ([content[1]] if content else [])
    return Freight(sum(terms) / (float(content[1]) if content else 1.0), sum(map(_slack, rounded)))


def _slack(number: str) -> float:
    """Return by what part of itself a number with decimals is not known; one without them is exact."""
    digits = len(number.partition(".")[2])
    return 0.5 * 10.0**-digits / float(number) if digits and float(number) else 0.0


def check_freight(instance: Instance) -> Iterator[Finding]:
    """Yield each lane whose freight is not what its note comes to, and how many notes state no sum.

    A freight by `sea` is worked out as the instance is read, so there is nothing to compare.
    """
    unit, unread = IN_TONNES[instance.mass_unit], Counter[str]()
    for lane in instance.market.lanes:
        if lane.from_port is not None and "estimate: " in (lane.note or ""):
            continue
        worked_out = work_out_freight(lane.note or "")
        if worked_out is None:
            unread[re.sub(r"[\d.]+", "#", lane.note or "no note")] += 1
        elif not is_same(lane.freight, worked_out.amount * unit, rel=worked_out.slack):
            said = f"{lane.freight:g} is stated, and {worked_out.amount * unit:.6g} follows from: {lane.note}"
            yield Finding("mismatch", "freight", f"{lane.origin} to {lane.destination}: {said}")
    for note, count in unread.most_common():
        yield Finding("not checked", "freight", f"{count} of {len(instance.market.lanes)} lanes: {note}")
