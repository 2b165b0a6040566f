"""If it stopped, as it was tested: what the best response to each loss still covers of the material hit most."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from models.records.countries import country_name
from models.records.wording import format_count
from optimizer.charts.bars import Part, Tick, bar
from optimizer.charts.markup import name, number, percent, text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from optimizer.charts.shown_stress import ShownLoss, ShownStress

MOST_ROWS = 15
"""Losses that are drawn; the others are counted."""
_MILLION = 1e6
_ALL = 1.0 - 1e-6


class _Worst(NamedTuple):
    """Somebody who stops, from when that is worst."""

    lost: ShownLoss
    """The material of which least stays covered."""
    extra: float | None
    """What the response costs beyond the plan, over all materials [currency]."""


def draw_stressed(
    stress: ShownStress,
    colours: Mapping[str, str],
    *,
    base: ShownStress | None = None,
    most: int = MOST_ROWS,
    rest: str = "; all stand in losses.csv",
) -> str:
    """Return a row for each who stops and hits the plan, the worst first; a sentence where nothing does.

    Where there is a `base`, a tick marks what it was there. `most` rows are drawn, and it is said how many are left,
    and where the `rest` stands.
    """
    worst = _find_worst(stress.losses)
    before = {} if base is None else {one.lost.loss: one.lost for one in _find_worst(base.losses)}
    if not worst:
        return "<p>None of the losses that were tested hits anything of the plan.</p>"
    dearest = max((abs(one.extra) for one in worst if one.extra is not None), default=0.0)
    word = "million " if dearest >= _MILLION else ""
    body = "".join(_row(one, colours, dearest, before.get(one.lost.loss)) for one in worst[:most])
    left = len(worst) - most
    more = f"<p>{left} more hit the plan less{rest}.</p>" if left > 0 else ""
    return (
        '<table class="stressed"><caption>Part of demand that stays covered after each tested loss, answered at its '
        'best</caption><thead><tr><th scope="col">who stops</th><th scope="col"><span class="unseen">bar</span></th>'
        f'<th scope="col">stays covered</th><th scope="col">extra, {word}{name(stress.currency)}</th></tr></thead>'
        f"<tbody>{body}</tbody></table>{more}"
    )


def _find_worst(losses: Sequence[ShownLoss]) -> list[_Worst]:
    """Return each subject that hits the plan from when that is worst, in the order of the file: the worst first."""
    begins: dict[str, str] = {}
    for lost in losses:
        if lost.hits:
            begins.setdefault(lost.loss, lost.begins)
    found = []
    for loss, first in begins.items():
        own = [one for one in losses if (one.loss, one.begins) == (loss, first)]
        costs = [one.extra_cost for one in own if one.extra_cost is not None]
        least = min(own, key=lambda one: (-1.0 if one.covered is None else one.covered, one.material))
        found.append(_Worst(least, sum(costs) if len(costs) == len(own) else None))
    return found


def _row(one: _Worst, colours: Mapping[str, str], dearest: float, before: ShownLoss | None) -> str:
    lost = one.lost
    head = f'<th scope="row">{_who(lost.loss, colours)}<small>{_describe(lost)}</small></th>'
    if lost.covered is None:
        return f'<tr>{head}<td></td><td class="alarm">no answer found</td><td></td></tr>'
    ticks = [Tick(lost.planned, "room")] if lost.planned < _ALL and before is None else []
    ticks += [] if before is None or before.covered is None else [Tick(before.covered, "base")]
    drawn = bar([Part(lost.covered, "price")], ticks, height=13)
    cost = "" if one.extra is None else _spell(one.extra, dearest)
    return (
        f"<tr>{head}<td>{drawn}</td><td><b>{_share(lost.covered)}</b>"
        f"<small>of {name(lost.material)}{_was(lost, before)}</small></td><td>{cost}</td></tr>"
    )


def _spell(amount: float, dearest: float) -> str:
    """Return an amount in the size that the dearest asks for, and with as many decimals."""
    if dearest < _MILLION:
        return number(amount)
    return number(amount / _MILLION, 2 if dearest < 10 * _MILLION else 1)


def _was(lost: ShownLoss, before: ShownLoss | None) -> str:
    """Say what was covered of the material hit most in the base, where that was another share or material."""
    if before is None or before.covered is None or lost.covered is None:
        return ""
    material = "" if before.material == lost.material else f" of {name(before.material)}"
    same = not material and abs(before.covered - lost.covered) < _SAME
    return "" if same else f", was {_share(before.covered)}{material}"


def _share(share: float) -> str:
    return percent(share, 0 if share < _NEARLY else 1)


_SAME = 5e-4
"""Shares that differ by less read alike."""
_NEARLY = 0.985
"""Shares from here on are told with a decimal, so that not all of it never reads as all."""


def _who(said: str, colours: Mapping[str, str]) -> str:
    """Return who stops, a country by its name and with a dot of its colour: ``China by control, refined graphite``."""
    from models.changes.selection import split_scope  # which knows limits, and most pages need none

    scope, rest = split_scope(said)
    who, _, basis = rest.partition("@")
    dot = f'<i class="dot {colours.get(who, "pale")}"></i>' if colours and basis and country_name(who) != who else ""
    by = f" by {text(basis)}" if basis else ""
    of = f", {name(scope.replace('/', ' '))}" if scope else ""
    return f"{dot}{name(country_name(who).replace(':', ' '))}{by}{of}"


def _describe(lost: ShownLoss) -> str:
    """Say when a loss begins, how long all can be met, and when all is met again."""
    said = f"from {name(lost.begins)} for {format_count(round(lost.lasts), 'periods')}"
    if lost.covered is not None and lost.survives is not None and lost.survives >= 1:
        said += f"; all is met for {format_count(round(lost.survives), 'periods')}"
    if lost.covered is not None and lost.covered < lost.planned - (1.0 - _ALL):
        again = "" if lost.recovers is None else f"after {format_count(round(lost.recovers), 'periods')}"
        said += f"; made good {again}" if again else "; not made good within the horizon"
    return said
