"""Other law for a while: the duties and controls of one law on some days, and those of another on the rest."""

from __future__ import annotations

from collections import defaultdict
from itertools import chain
from typing import TYPE_CHECKING, Any

from models.changes.applying import apply_and_check
from models.changes.duties import cut_days
from models.enforcement import enforce, list_own

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from models.changes import AnyEdit
    from models.enforcement import EnforcedInstance
    from models.instance import Instance
    from models.market import Market
    from models.records.validity import Span

Rows = tuple[Any, ...]
"""Duties or controls, all of one of the two."""


def under_law(instance: EnforcedInstance, edits: Sequence[AnyEdit]) -> EnforcedInstance:
    """Return an instance as it would have been with other law, looked up anew.

    Raises:
        ValueError: with one sentence, when the law cannot be changed in this way.
    """
    after, told = apply_and_check(_before_looking_up(instance), edits)
    for faults in told:
        if faults:
            raise ValueError(faults[0])
    return enforce(after)


def _before_looking_up(instance: EnforcedInstance) -> Instance:
    """Return an instance with its own duties and controls alone, and no limits, which change nothing of the facts."""
    market = instance.market
    own = {table: tuple(list_own(getattr(market, table), instance.policies)) for table in ("duties", "controls")}
    policies = tuple(policy.model_copy(update={"looked_up": None}) for policy in instance.policies)
    return instance.model_copy(update={"market": market.model_copy(update=own), "limits": (), "policies": policies})


def turn_for_a_while(market: Market, laws: Mapping[Span, Market]) -> Market:
    """Return a market with the duties and controls of other ones on some days, and its own on all others."""
    days = tuple(laws)
    duties = _turn(market, market.duties, [laws[span].duties for span in days], days)
    controls = _turn(market, market.controls, [laws[span].controls for span in days], days)
    return market.model_copy(update={"duties": duties, "controls": controls})


def _turn(market: Market, own: Rows, others: Sequence[Rows], days: Sequence[Span]) -> Rows:
    """Return rows as they hold on all days: those on which a row holds under other law, or does not, are cut."""
    mine, differs = set(own), defaultdict[Any, list["Span"]](list)
    for rows, span in zip(others, days, strict=True):
        for row in mine ^ set(rows):
            differs[row].append(span)
    if not differs:
        return own
    new = [row for row in dict.fromkeys(chain(*others)) if row not in mine and market.shares_of(row)]
    return (*_cut(market, own, differs, inside=False), *_cut(market, new, differs, inside=True))


def _cut(market: Market, rows: Iterable[Any], days: Mapping[Any, list[Span]], *, inside: bool) -> Iterator[Any]:
    """Yield rows as they hold on some days of their own, or on all others."""
    for row in rows:
        pieces = cut_days(row, days[row], market.horizon) if row in days else [(row, inside)]
        yield from (piece for piece, is_inside in pieces if is_inside == inside)
