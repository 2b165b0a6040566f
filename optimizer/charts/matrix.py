"""Who it hangs on: stages across, materials down, and in each cell the largest country beside its cap.

The undisclosed part follows the named share directly, as a cap counts it against everybody: both together touch the
tick exactly where a cap binds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from optimizer.charts.bars import Part, bar
from optimizer.charts.cells import cell_of
from optimizer.charts.markup import name
from optimizer.charts.stages import BASES, by_material, names_of_stages, stages_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from optimizer.charts.cells import Note
    from optimizer.charts.shown import ShownPlan
    from optimizer.charts.stages import Basis, StageShares

_MANY, _FEW_STAGES = 8, 2
"""Materials from which on the matrix is two tables beside each other, where it has no more than so many stages."""


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
    cell = cell_of(stage, basis)
    if not cell.name:
        return f'<div class="by {basis}"><div class="under"><span>{cell.note.words}</span></div></div>'
    parts = [Part(cell.own, colours.get(cell.country, "pale")), Part(cell.hidden, "hatched")]
    drawn = bar(parts, [cell.tick] if cell.tick else [])
    return (
        f'<div class="by {basis}"><div class="top"><span>{name(cell.name)}</span><b>{cell.share}</b></div>{drawn}'
        f'<div class="under"><span><b>{cell.effective}</b> effective{cell.unknown}</span>'
        f"{_say(cell.note, colours)}</div></div>"
    )


def _say(note: Note, colours: Mapping[str, str]) -> str:
    words = note.words
    if note.country:
        words = f'<i class="dot {colours.get(note.country, "pale")}"></i>{name(note.name)}{words}'
    return {"plain": f"<span>{words}</span>", "bold": f"<b>{words}</b>"}.get(
        note.weight, f'<b class="alarm">{words}</b>'
    )
