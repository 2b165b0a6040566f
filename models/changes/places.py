"""What stands behind each ``@`` of a change: where, of whom, at which stage, on which basis, or when.

Several may follow each other, in any order, and each is read as what it names; what names two things is refused with
both readings. ``A..B`` is a run of periods, from A to B, both counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, TypeVar, cast

from models.changes.change import NotThenError, split_at, split_at_last, unquote
from models.changes.selection import choose, list_first

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence

    from models.market import Market

T = TypeVar("T", bound="Hashable")
Basis = Literal["place", "control"]
BASES: tuple[Basis, ...] = ("place", "control")
OWNED_FROM = 0.5
"""Share from which an offer is in the hands of a country; rules on sanctions count what is owned as banned from it."""


def split_places(text: str) -> tuple[str, tuple[str, ...]]:
    """Split what a change speaks of from what stands behind each ``@``.

    >>> split_places('refined/lithium@CL@2027-Q2..2027-Q3'), split_places('"a@b"')
    (('refined/lithium', ('CL', '2027-Q2..2027-Q3')), ('"a@b"', ()))

    Raises:
        ValueError: nothing stands behind one.
    """
    head, place = split_at_last(text, "@")
    if place is None:
        return head, ()
    if not place:
        msg = f"nothing stands behind the last @ of {text.strip()!r}; name a place or a period there, or leave it out"
        raise ValueError(msg)
    rest, before = split_places(head)
    return rest, (*before, place)


def choose_place(
    text: str, kinds: Mapping[str, Mapping[str, Collection[T]]], market: Market, *, wild: Collection[str] | None = None
) -> list[T]:
    """Return what a text means among several kinds of names, as `choose` does; of periods it may be a run.

    Raises:
        ValueError: it means nothing, or two different things.
    """
    run = _read_run(text, kinds, market)
    if run is None:
        return choose(text, kinds, wild=wild)
    return list(dict.fromkeys(hit for period in run for hit in kinds["period"].get(period, ())))


def _read_run(text: str, kinds: Mapping[str, Collection[str]], market: Market) -> list[str] | None:
    """Return the periods from one to another; None for what is no run."""
    head, rest = split_at(text, ":")
    said = rest if head == "period" and rest is not None else text
    start, end = split_at(said, "..")
    if end is None or any(unquote(said) in names for names in kinds.values()):
        return None
    periods = list(market.years)
    named = {"period": {period: [period] for period in periods}}
    first, last = (periods.index(choose(name, named, wild=())[0]) for name in (start, end))
    if last < first:
        msg = f"{said!r} runs backwards; write {end}..{start}"
        raise ValueError(msg)
    return periods[first : last + 1]


class Scope(NamedTuple):
    """What is said behind the name of somebody; None where nothing is."""

    basis: Basis | None
    stages: tuple[str, ...] | None
    periods: tuple[str, ...] | None
    """In their order; fewer than all of the horizon."""


def read_places(places: Sequence[str], market: Market) -> Scope:
    """Return the basis, the stages and the periods that are named.

    Raises:
        ValueError: one is none of them or two, or two of them leave nothing.
    """
    kinds = {
        "basis": _tagged("basis", BASES),
        "stage": _tagged("stage", dict.fromkeys(stage for material in market.materials for stage in material.stages)),
        "period": _tagged("period", market.years),
    }
    found: dict[str, list[str]] = {}
    for place in places:
        hits = choose_place(place, kinds, market, wild=("stage", "period"))
        kind, names = hits[0][0], [name for _, name in hits]
        found[kind] = [name for name in found.get(kind, names) if name in names]
        if not found[kind]:
            raise ValueError(describe_nothing(kind, places))
    basis, stages, periods = (found.get(kind) for kind in ("basis", "stage", "period"))
    return Scope(
        cast("Basis", basis[0]) if basis else None,
        tuple(stages) if stages else None,
        confine_periods(periods, market),
    )


def _tagged(kind: str, names: Iterable[str]) -> dict[str, list[tuple[str, str]]]:
    return {name: [(kind, name)] for name in names}


def confine_periods(periods: Collection[str] | None, market: Market) -> tuple[str, ...] | None:
    """Return periods in their order; None where none is named, or all of them are."""
    if periods is None or len(periods) == len(market.years):
        return None
    return tuple(period for period in market.years if period in periods)


def narrow_periods(
    periods: tuple[str, ...] | None, within: Collection[str] | None, market: Market
) -> tuple[str, ...] | None:
    """Return those of some periods (None for all) that are within others; None where both are all.

    Raises:
        NotThenError: there is none.
    """
    if within is None:
        return periods
    left = tuple(period for period in (market.years if periods is None else periods) if period in within)
    if not left:
        said, others = (list_first(list(names)) for names in (periods or (), within))
        msg = f"{said} is named, and it happens in {others} alone; name periods among these, or none"
        raise NotThenError(msg)
    return left


def describe_nothing(kind: str, places: Sequence[str]) -> str:
    """Say that no one of a kind is all that is said of it at once."""
    said = " and ".join(f"@{place}" for place in places)
    return f"no {kind} is {said} at once; write one change for each"
