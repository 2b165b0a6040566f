"""Who it hangs on: stages across, materials down, and in each cell the largest country beside its cap.

The undisclosed part follows the named share directly, as a cap counts it against everybody: both together touch the
tick exactly where a cap binds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.records.countries import UNDISCLOSED, country_name
from models.records.tolerances import RECOUNTED
from optimizer.charts.bars import Part, Tick, bar
from optimizer.charts.markup import level, name, number, percent
from optimizer.charts.stages import BASES, WHOLE, by_material, names_of_stages, stages_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from optimizer.charts.shown import ShownPlan
    from optimizer.charts.stages import Basis, Share, StageShares

_OTHER: dict[Basis, Basis] = {"place": "control", "control": "place"}
_MANY, _FEW_STAGES = 8, 2
"""Materials from which on the matrix is two tables beside each other, where it has no more than so many stages."""
_WHOLE = 0.01
"""Undisclosed shares from here on are told without decimals."""
_TOLD = 0.0005
"""Undisclosed shares below this are not told in words."""


def draw_matrix(plan: ShownPlan, colours: Mapping[str, str]) -> str:
    """Return the table, or two of them side by side where materials are many; each cell holds both bases.

    A page shows one of the two.
    """
    stages = stages_of(plan)
    names, rows = names_of_stages(stages), list(by_material(stages))
    if not is_halved(plan):
        return _table(plan, names, rows, colours)
    half = len(rows) // 2
    tables = "".join(_table(plan, names, some, colours) for some in (rows[:half], rows[half:]))
    return f'<div class="matrices">{tables}</div>'


def is_halved(plan: ShownPlan) -> bool:
    """Whether the matrix of a plan is two tables: materials are many, and their stages few."""
    stages = stages_of(plan)
    return len(names_of_stages(stages)) <= _FEW_STAGES and len(list(by_material(stages))) >= _MANY


def _table(
    plan: ShownPlan,
    names: Sequence[str],
    materials: Sequence[tuple[str, Mapping[str, StageShares]]],
    colours: Mapping[str, str],
) -> str:
    names = [stage for stage in names if any(stage in own for _, own in materials)]
    heads = "".join(f'<th scope="col">{name(stage)}</th>' for stage in names)
    rows = [
        f'<tr><th scope="row">{name(material)}<small>{name(plan.units.get(material, ""))}</small></th>'
        f"{''.join(_cell(own.get(stage), stage, colours) for stage in names)}</tr>"
        for material, own in materials
    ]
    part = f": {name(materials[0][0])} to {name(materials[-1][0])}" if is_halved(plan) else ""
    return (
        f'<table class="matrix"><caption>Largest country of each material at each stage, by control and by place{part}'
        f'</caption><thead><tr><th scope="col"><span class="unseen">material</span></th>{heads}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table>"
    )


def _cell(stage: StageShares | None, named: str, colours: Mapping[str, str]) -> str:
    if stage is None:
        return '<td class="none"></td>'
    views = "".join(_view(stage, basis, colours) for basis in BASES)
    return f'<td><span class="stage" aria-hidden="true">{name(named)}</span>{views}</td>'


def _view(stage: StageShares, basis: Basis, colours: Mapping[str, str]) -> str:
    """Return what a cell says on one basis: the largest country, its share, its bar, and what there is to know."""
    period = stage.worst(basis)
    country = stage.largest(basis, period)
    own, hidden = stage.share(basis, period, country), stage.undisclosed(basis, period)
    if not country and not hidden:
        return f'<div class="by {basis}"><div class="under"><span>nothing is bought</span></div></div>'
    drawn = bar([Part(own.share, colours.get(country, "pale")), Part(hidden, "hatched")], _ticks(stage, basis, country))
    unknown = f", {percent(hidden, 0 if hidden >= _WHOLE else 1)} unknown" if country and hidden > _TOLD else ""
    effective = f"<b>{number(stage.effective(basis), 1)}</b> effective{unknown}"
    who = name(country_name(country or UNDISCLOSED))
    share = percent(own.share if country else hidden)
    return (
        f'<div class="by {basis}"><div class="top"><span>{who}</span><b>{share}</b></div>{drawn}'
        f'<div class="under"><span>{effective}</span>{_say(stage, basis, country, colours)}</div></div>'
    )


def _caps(stage: StageShares, basis: Basis, country: str) -> Share:
    """Return the share of a country with its cap in the worst period, or over the whole horizon if that binds."""
    own, over_all = stage.share(basis, stage.worst(basis), country), stage.share(basis, WHOLE, country)
    return own if own.at_cap or (own.cap is not None and not over_all.at_cap) else over_all


def _when(stage: StageShares, basis: Basis, one: Share) -> str:
    """Say of a cap over the whole horizon that it is one: the share beside it is that of a period."""
    over_all = one not in stage.shares(basis, stage.worst(basis)).values()
    return " over all periods" if over_all and stage.worst(basis) != WHOLE else ""


def _counts(own: Share) -> str:
    """Say what counts where that is less than the share: a cap on what is needed, of which a part is unmet."""
    if own.counted is None or own.counted > own.share - _WHOLE / 2:
        return ""
    return f"counts {percent(own.counted, 0)}, "


def _ticks(stage: StageShares, basis: Basis, country: str) -> list[Tick]:
    own, other = _caps(stage, basis, country), _caps(stage, _OTHER[basis], country)
    if own.cap is not None:
        return [Tick(own.cap, "reached" if own.at_cap else "room")]
    return [Tick(other.cap, "other")] if other.cap is not None else []


def _say(stage: StageShares, basis: Basis, country: str, colours: Mapping[str, str]) -> str:
    """Say how the largest country stands to its cap, or who else is at a cap."""
    own, other = _caps(stage, basis, country), _caps(stage, _OTHER[basis], country)
    if own.at_cap and own.cap is not None:
        return f"<b>{_counts(own)}at its cap, {level(own.cap)}{_when(stage, basis, own)}</b>"
    others = sorted(
        {who for by, period in stage.by if by == basis for who in stage.shares(basis, period) if who != country}
    )
    at_cap = [(who, share) for who in others if (share := _at_cap(stage, basis, who)) is not None and share.share > 0]
    if at_cap:
        who, share = max(at_cap, key=lambda one: one[1].share)
        more = f" +{len(at_cap) - 1}" if len(at_cap) > 1 else ""
        dot = f'<i class="dot {colours.get(who, "pale")}"></i>'
        return f"<b>{dot}{name(country_name(who))} {percent(share.share, 0)}, at cap{more}</b>"
    if own.cap is not None:
        return f"<span>{_counts(own)}cap {level(own.cap)}{_when(stage, basis, own)}</span>"
    if other.cap is None:
        return "<span>no cap</span>"
    cap = level(other.cap)
    least = stage.share(basis, stage.worst(basis), country).share
    if least + stage.undisclosed(basis, stage.worst(basis)) > other.cap + RECOUNTED and least <= other.cap + RECOUNTED:
        return f'<b class="alarm">could be over {cap} ({_OTHER[basis]})</b>'
    return f"<span>{cap} cap is by {_OTHER[basis]}</span>"


def _at_cap(stage: StageShares, basis: Basis, country: str) -> Share | None:
    """Return the largest share that a country has where it is at its cap."""
    found = [one for (by, _), shares in stage.by.items() if by == basis and (one := shares.get(country)) and one.at_cap]
    return max(found, key=lambda one: one.share, default=None)
