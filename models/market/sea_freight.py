"""Freight by sea as an estimate: the distance between two ports of the reference data, times a stated rate."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from models.data import Distance, Source, read_rows
from models.records.bases import read_basis
from models.records.wording import format_amount, suggest

if TYPE_CHECKING:
    from models.market.bases import Bases
    from models.market.tables.lane import Lane
    from models.market.tables.offer import Offer


class Voyage(NamedTuple):
    """The shortest way by sea between two ports."""

    origin: str
    """UN/LOCODE."""
    destination: str
    nautical_miles: float
    source: str


def find_voyage(origin: str, destination: str) -> Voyage:
    """Return the way between two ports, by UN/LOCODE or by name, in either direction.

    Raises:
        ValueError: with the end of a sentence, where a port or the pair is not known.
    """
    ends = _find_port(origin), _find_port(destination)
    found = _distances().get(ends) or _distances().get((ends[1], ends[0]))
    if found is None:
        names = " and ".join(f"{_ports()[end]} ({end})" for end in ends)
        msg = f"the reference data have no distance between {names}; write the freight as a number"
        raise ValueError(msg)
    title = next(row.title for row in read_rows(Source) if row.source == found.source)
    return Voyage(*ends, found.nautical_miles, title)


def estimate_freight(lane: Lane, offer: Offer, rate: float, currency: str, bases: Bases) -> Lane:
    """Return a lane with the freight of a unit of its material, marked as assumed, and with how it was worked out.

    What is shipped of the offer is its basis: the ore, if its figures are in tonnes of ore.

    Args:
        lane: with its two ports.
        offer: from which it leads.
        rate: currency per tonne and 1000 nautical miles.
        currency: that of the instance.
        bases: what a unit of the offer's basis holds of its material's.

    Raises:
        ValueError: with the end of a sentence, where the distance or the weight is not known.
    """
    voyage = find_voyage(lane.from_port or "", lane.to_port or "")
    basis = offer.basis or bases.own[offer.material]
    shipped = read_basis(basis).kilograms / 1000 / bases.factor(offer.material, basis)
    way = f"{voyage.nautical_miles:g} nm from {voyage.origin} to {voyage.destination}"
    note = f"estimate: {way} at {format_amount(rate)} {currency} per t and 1000 nm, {basis} shipped"
    return lane.model_copy(
        update={
            "freight": rate * voyage.nautical_miles / 1000 * shipped,
            "note": f"{lane.note}; {note}" if lane.note else note,
            "source": lane.source or f"distance: {voyage.source}, as it comes with Lodeplan",
            "assumed": lane.assumed if lane.assumes("freight") else (*lane.assumed, "freight"),
        }
    )


def _find_port(said: str) -> str:
    """Return the UN/LOCODE of a port."""
    spelt = said.strip().casefold()
    codes = [code for code, name in _ports().items() if spelt in {code.casefold(), name.casefold()}]
    if codes:
        return codes[0]
    near = suggest(said, [*_ports(), *_ports().values()])
    cure = near or "; lodeplan data table distances lists those that it knows"
    msg = f"{said!r} is no port of the reference data{cure}"
    raise ValueError(msg)


@cache
def _distances() -> dict[tuple[str, str], Distance]:
    """Ways by sea, by the UN/LOCODEs of their ends."""
    return {(row.origin_port, row.destination_port): row for row in read_rows(Distance)}


@cache
def _ports() -> dict[str, str]:
    """Names of ports by UN/LOCODE."""
    rows = read_rows(Distance)
    return {row.origin_port: row.origin for row in rows} | {row.destination_port: row.destination for row in rows}
