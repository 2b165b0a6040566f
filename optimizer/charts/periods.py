"""Period by period: for each stage that changes, a small column a period for its largest country, beside its cap.

The undisclosed part stands directly on the named one, as a cap counts it against everybody. The words beside the
columns say by whom they are led, from when to when, and where a cap is reached.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from models.records.countries import UNDISCLOSED, country_name
from optimizer.charts.markup import THIN, at, level, name, number, percent, text
from optimizer.charts.stages import BASES, WHOLE, stages_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from optimizer.charts.shown import ShownPlan
    from optimizer.charts.stages import Basis, Share, StageShares

_HEIGHT = 38
"""How high a share of 1 is, in pixels."""
_SLOT, _WIDTH = 40, 288
"""What a column with its gap is wide at most, and what all of them are together, in pixels."""
_COLUMN = 0.76
"""Part of its slot that a column fills."""
_ALIKE = 5e-4
"""Shares that differ by less are told alike, and nothing below is told."""
_TWO, _FEW = 2, 4
_SIGN = f"{THIN}%"


def draw_periods(plan: ShownPlan, colours: Mapping[str, str]) -> str:
    """Return a table on each basis, a sentence where nothing changes, and nothing of a plan of one period."""
    if len(plan.periods) < _TWO:
        return ""
    return "".join(f'<div class="by {basis}">{_view(plan, basis, colours)}</div>' for basis in BASES)


def _view(plan: ShownPlan, basis: Basis, colours: Mapping[str, str]) -> str:
    stages = [stage for stage in stages_of(plan) if any(_leads(stage, basis, plan.periods))]
    moved = [stage for stage in stages if _moves(stage, basis, plan.periods)]
    if not moved:
        return f"<p>By {basis}, the largest country, its share and its cap are the same in every period.</p>"
    rows = "".join(_row(stage, basis, plan.periods, colours) for stage in moved)
    still = ", ".join(f"{name(stage.material)} {name(stage.stage)}" for stage in stages if stage not in moved)
    few = " few" if len(plan.periods) <= _FEW else ""
    first, last = plan.periods[0], plan.periods[-1]
    return (
        f'<table class="periods{few}"><caption>Largest country by {basis}, period by period</caption><thead><tr>'
        f'<th scope="col">stage</th><th scope="col">{name(first)} to {name(last)}</th>'
        f'<th scope="col">largest country by {basis}</th></tr></thead><tbody>{rows}</tbody></table>'
        + (f"<p>The same in every period: {still}.</p>" if still else "")
    )


def _leads(stage: StageShares, basis: Basis, periods: Sequence[str]) -> list[str]:
    """Return the largest named country of each period; nothing where none has any."""
    return [stage.largest(basis, period) for period in periods]


def _moves(stage: StageShares, basis: Basis, periods: Sequence[str]) -> bool:
    """Whether the largest country, its share, its cap, or what is undisclosed differs between periods."""
    leads = _leads(stage, basis, periods)
    own = [stage.share(basis, period, who) for period, who in zip(periods, leads, strict=True)]
    hidden = [stage.undisclosed(basis, period) for period in periods]
    caps = {(one.cap, one.at_cap) for one in own}
    return len(set(leads)) > 1 or len(caps) > 1 or _differ([one.share for one in own]) or _differ(hidden)


def _differ(shares: Sequence[float]) -> bool:
    return max(shares) - min(shares) > _ALIKE


def _row(stage: StageShares, basis: Basis, periods: Sequence[str], colours: Mapping[str, str]) -> str:
    said = "; ".join(_say(stage, basis, periods, colours))
    return (
        f'<tr><th scope="row"><b>{name(stage.material)}</b> <span>{name(stage.stage)}</span></th>'
        f"<td>{_columns(stage, basis, periods, colours)}</td><td>{said}</td></tr>"
    )


def _columns(stage: StageShares, basis: Basis, periods: Sequence[str], colours: Mapping[str, str]) -> str:
    """Return a column for each period, as wide as its part of the drawing; its words come when it is pointed at."""
    slot = 1 / len(periods)
    drawn = []
    for place, period in enumerate(periods):
        who = stage.largest(basis, period)
        own, hidden = stage.share(basis, period, who), stage.undisclosed(basis, period)
        left, wide = at(place * slot), at(slot * _COLUMN)
        marks = [f'<rect class="track" x="{left}" width="{wide}" height="100%"/>']
        top = 1.0
        for part, colour in ((own.share, colours.get(who, "pale")), (hidden, "hatched")):
            high = min(part, top)
            top -= high
            if high > _ALIKE:
                marks.append(f'<rect class="{colour}" x="{left}" y="{at(top)}" width="{wide}" height="{at(high)}"/>')
        if own.cap is not None and who:
            kind, thick = ("reached", 3) if own.at_cap else ("room", 2)
            level_at, right = at(1 - own.cap), at(place * slot + slot * _COLUMN)
            line = f'x1="{left}" x2="{right}" y1="{level_at}" y2="{level_at}" stroke-width="{thick}"'
            marks.append(f'<line class="tick {kind}" {line}/>')
        drawn.append(f"<g><title>{_pointed(period, who, own, hidden)}</title>{''.join(marks)}</g>")
    width = min(_SLOT * len(periods), _WIDTH)
    return f'<svg class="bar" width="{width}" height="{_HEIGHT}" aria-hidden="true">{"".join(drawn)}</svg>'


def _pointed(period: str, who: str, own: Share, hidden: float) -> str:
    """Return the words of one column."""
    words = [f"{country_name(who)} {percent(own.share)}"] if who else []
    words += [f"undisclosed {percent(hidden)}"] if hidden > _ALIKE else []
    words += [f"cap {level(own.cap)}"] if who and own.cap is not None else []
    return text(f"{period}: {', '.join(words) or 'nothing'}")


def _say(stage: StageShares, basis: Basis, periods: Sequence[str], colours: Mapping[str, str]) -> Iterator[str]:
    """Yield who leads from when to when, with what shares; then the caps, and what is undisclosed."""
    leads = dict(zip(periods, _leads(stage, basis, periods), strict=True))
    hidden = {period: stage.undisclosed(basis, period) for period in periods}
    runs = [(who, list(run)) for who, run in groupby(periods, key=leads.__getitem__)]
    for who, when in runs:
        led = f" in {_span(when)}" if len(runs) > 1 else ""
        if who:
            yield _named(who, colours) + _figures({one: stage.share(basis, one, who).share for one in when}) + led
        else:
            yield ("nobody is named" if max(hidden[one] for one in when) > _ALIKE else "nothing is bought") + led
    yield from _caps(stage, basis, periods, [who for who in dict.fromkeys(leads.values()) if who])
    if max(hidden.values()) > _ALIKE:
        passes = {one: part for one, part in hidden.items() if leads[one] or part > _ALIKE}
        yield _named(UNDISCLOSED, {UNDISCLOSED: "hatched"}) + _figures(passes)


def _named(who: str, colours: Mapping[str, str]) -> str:
    return f'<bdi><i class="dot {colours.get(who, "pale")}"></i>{text(country_name(who))}</bdi> '


def _caps(stage: StageShares, basis: Basis, periods: Sequence[str], leads: Sequence[str]) -> Iterator[str]:
    """Yield how those who lead stand to their caps, in the periods that have one and over all of them."""
    free: dict[str, list[str]] = {}
    for who in leads:
        whose = f"{name(country_name(who))} " if len(leads) > 1 else ""
        own = {period: stage.share(basis, period, who) for period in periods}
        reached = [period for period, one in own.items() if one.at_cap and one.share > _ALIKE]
        caps = [one.cap for one in own.values() if one.cap is not None]
        if reached:
            when = "in every period" if len(reached) == len(periods) else f"in {_list(reached, periods)}"
            yield f"<b>{whose}at its cap, {_range(caps)},</b> {when}"
        elif caps:
            free.setdefault(f"cap {_range(caps)}", []).append(whose)
        whole = stage.share(basis, WHOLE, who)
        if whole.cap is not None and whole.at_cap:
            yield f"<b>{whose}at its cap, {level(whole.cap)} over all periods</b>"
        elif whole.cap is not None:
            free.setdefault(f"cap {level(whole.cap)} over all periods", []).append(whose)
    for cap, who_has in free.items():
        yield cap if len(who_has) == len(leads) else f"{', '.join(who_has)}{cap}"


def _range(caps: Sequence[float]) -> str:
    least, most = min(caps), max(caps)
    return level(most) if least == most else f"{level(least).removesuffix(_SIGN)} to {level(most)}"


def _figures(shares: Mapping[str, float]) -> str:
    """Return shares by period in words: one, two after each other, or of more their range with the period of most."""
    parts = list(shares.values())
    if not _differ(parts):
        return f"<b>{percent(parts[0])}</b>"
    if len(parts) == _TWO:
        return f"<b>{number(100 * parts[0], 1)} then {percent(parts[1])}</b>"
    most = max(shares, key=shares.__getitem__)
    return f"<b>{number(100 * min(parts), 1)} to {percent(shares[most])}</b> (most in {name(most)})"


def _list(some: Sequence[str], periods: Sequence[str]) -> str:
    """Return some of the periods, those that follow each other as from and to."""
    where = {period: place for place, period in enumerate(periods)}
    runs = [list(run) for _, run in groupby(enumerate(some), key=lambda one: where[one[1]] - one[0])]
    return " and ".join(_span([period for _, period in run]) for run in runs)


def _span(some: Sequence[str]) -> str:
    return name(some[0]) if len(some) == 1 else f"{name(some[0])} to {name(some[-1])}"
