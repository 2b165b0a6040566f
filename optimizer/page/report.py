"""The report of a plan: the answer and what it leaves unsaid, drawings, tables, assumptions, and what it is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optimizer.charts.cases import draw_cases
from optimizer.charts.compared import draw_compared
from optimizer.charts.costs import draw_costs
from optimizer.charts.landed import draw_landed
from optimizer.charts.limits import draw_binding
from optimizer.charts.markup import name, text, typeset
from optimizer.charts.matrix import draw_matrix, is_halved
from optimizer.charts.palette import assign
from optimizer.charts.periods import draw_periods
from optimizer.charts.place_over_control import draw_place_over_control
from optimizer.charts.prices import draw_prices
from optimizer.charts.sankey import draw_flows
from optimizer.charts.shown import said
from optimizer.charts.stages import BASES, names_of_stages, stages_of
from optimizer.charts.stopped import draw_stopped
from optimizer.charts.stressed import draw_stressed
from optimizer.charts.world import draw_world, first_basis
from optimizer.page.beside import (
    describe_cases,
    describe_other,
    describe_sweep,
    draw_alternatives,
    draw_sweep,
    must_count_alike,
)
from optimizer.page.frame import frame
from optimizer.page.left_unsaid import draw_left_unsaid
from optimizer.page.outcomes import draw_may_happen
from optimizer.page.plan_tables import list_assumed, list_plan_tables, list_policies
from optimizer.page.table import draw_table
from optimizer.report.agreement import describe_edited
from optimizer.report.caveats import list_shut_lines
from optimizer.report.headline import write_headline
from optimizer.report.survival import describe_survival_in
from optimizer.results.caveats import caveats_in
from optimizer.tables import describe_missing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from optimizer.charts.alternatives import ShownAlternatives
    from optimizer.charts.shown import ShownPlan
    from optimizer.charts.shown_cases import ShownCases
    from optimizer.charts.shown_stress import ShownStress
    from optimizer.charts.shown_sweep import ShownSweep

_SHORT = 10
"""Signs of a digest that tell it from others at a glance."""
_NAMED = 50
"""Signs of the names of materials that stand above the answer; of longer ones only the number is told."""
_BESIDE = 3
"""Stages up to which the limits stand beside the matrix, and not below it."""


def draw_report(  # noqa: PLR0913 (one argument for each that may stand beside a plan)
    plan: ShownPlan,
    *,
    other: ShownPlan | None = None,
    sweep: ShownSweep | None = None,
    alternatives: ShownAlternatives | None = None,
    cases: ShownCases | None = None,
    stress: ShownStress | None = None,
) -> str:
    """Return the report of a plan as one page of HTML, beside other plans or within a sweep where they are given.

    Raises:
        InputError: when the other plan, or the sweep, does not count in the same money and mass.
    """
    must_count_alike(plan, other, sweep)
    colours = assign(plan) if other is None else assign(plan, other)
    first, *rest = _parts(plan, colours, stress)
    beside = "".join(_beside(plan, colours, other, sweep))
    beside += "" if alternatives is None else _alternatives(alternatives)
    beside += "" if cases is None else _section("cases", "Case by case", describe_cases(cases), draw_cases(cases))
    return frame(plan.title, f"<main>{first}{beside}{''.join(rest)}</main>{_footer(plan)}")


def _beside(
    plan: ShownPlan, colours: Mapping[str, str], other: ShownPlan | None, sweep: ShownSweep | None
) -> Iterator[str]:
    """Yield what a plan stands among."""
    if other is not None:
        words = describe_other(plan, other)
        yield _section("compared", "Beside another plan", words, draw_compared(plan, other, colours))
    if sweep is not None:
        yield _section("frontier", "Cost against a change", describe_sweep(plan, sweep), draw_sweep(plan, sweep))


def _alternatives(alternatives: ShownAlternatives) -> str:
    words = (
        "Each is a whole plan that differs in who supplies or is less concentrated: <code>lodeplan report</code> draws "
        "one by its folder, beside the best with <code>--compare</code>. This page shows the best."
    )
    return _section("alternatives", "Plans that cost little more", words, draw_alternatives(alternatives))


def _parts(plan: ShownPlan, colours: Mapping[str, str], stress: ShownStress | None) -> Iterator[str]:
    """Yield the first screen, then what follows it."""
    stacked = " stacked" if len(names_of_stages(stages_of(plan))) > _BESIDE or is_halved(plan) else ""
    first = f'<div class="first{stacked}">{_matrix(plan, colours)}{_limits(plan)}</div>'
    yield f"{_top(plan)}{draw_left_unsaid(plan)}{_survival(plan)}{first}"
    if drawn := draw_may_happen(plan):
        yield _section("may-happen", "What may happen", "", drawn)
    if drawn := draw_periods(plan, colours):
        yield _section("periods", "Period by period", _PERIODS, drawn)
    yield _section(
        "place-over-control",
        "Place over control",
        "Hollow bar: where it is made. Solid bar: who owns that. A country with a solid bar only owns what stands "
        "elsewhere. Each country in the period in which it is nearest to its cap; ticks are caps (* = at its cap). "
        "A cap over all periods stands beside the share of one.",
        draw_place_over_control(plan, colours),
    )
    if drawn := draw_flows(plan, colours):
        yield _section(
            "flows",
            "From mine to site",
            "Parts of what arrives over all periods, coloured by the country where the flow comes from. The switch "
            "above shows them by control or by place. Hatched: nobody declared it.",
            drawn,
        )
    yield _section(
        "stopped",
        "If it stopped",
        "What the rest of the plan covers, without any answer to the loss. A range where owners or places are "
        "undisclosed: that part may be lost as well.",
        draw_stopped(plan, colours) + (_UNTESTED if stress is None else _tested(stress, colours)),
    )
    yield _section(
        "costs",
        "What it costs",
        "By material, then delivered cost of each route from its last offer, with ore, freight and duty of what it is "
        "fed at the yield of the refinery. The dot is the country of the last offer.",
        f'<div class="whole">{draw_costs(plan)}</div>{draw_landed(plan, colours)}',
    )
    yield _section(
        "world",
        "Where the last stage is",
        "Share of each country in the last stage of all materials, by what each material costs over the horizon; the "
        "switch above shows who owns it or where it stands. Countries too small for the map are in the list.",
        draw_world(plan),
    )
    yield _section("tables", "Tables", "", "".join(_tables(plan)))
    yield from _rests_on(plan)


def _survival(plan: ShownPlan) -> str:
    """Return what stays covered when the worst country stops, where the plan says it."""
    told = describe_survival_in(plan.summary)
    return f'<p class="survival">{typeset(text(told))}</p>' if told else ""


def _tested(stress: ShownStress, colours: Mapping[str, str]) -> str:
    """Return what a stress test found, below what is left without any answer."""
    words = (
        "Each loss answered at its best, with stock, what was planned, and what suppliers give at short notice where "
        "the instance says so. The material that is hit most, from when that is worst. Extra: what is paid beyond the "
        "plan, below zero where less is bought. Drawn from losses.csv as it stands."
    )
    return f"<h3>As it was tested</h3><p>{words}</p>{draw_stressed(stress, colours)}"


def _top(plan: ShownPlan) -> str:
    headline, caveats = write_headline(plan.summary), caveats_in(plan.summary)
    alarm = f', <span class="alarm">and {typeset(text(headline.alarm))}</span>' if headline.alarm else ""
    lines = [line for line in (describe_edited(plan), *list_shut_lines(caveats)) if line]
    shut = "".join(f'<p class="alarm">{typeset(text(line))}</p>' for line in lines)
    version = plan.summary.get("versions", {}).get("lodeplan", "")
    made = f"plan <code>{text(_digest(plan)[:_SHORT])}</code>, lodeplan {text(version)}"
    return (
        f"<header><p><b>{name(plan.title)}</b> {_materials(plan)}</p><p>{made}</p></header>"
        f"<h1>{typeset(text(headline.said))}{alarm}.</h1>{shut}"
    )


def _materials(plan: ShownPlan) -> str:
    """Return the names of the materials, or how many there are where those would be long."""
    names = list(dict.fromkeys(said(row, "material") for row in plan.rows("exposure")))
    return ", ".join(map(name, names)) if len("".join(names)) <= _NAMED else f"{len(names)} materials"


def _digest(plan: ShownPlan) -> str:
    return str(plan.summary["digest"])


def _section(key: str, title: str, words: str, drawn: str) -> str:
    told = f"<p>{words}</p>" if words else ""
    return f'<section id="{key}" aria-labelledby="{key}-title"><h2 id="{key}-title">{title}</h2>{told}{drawn}</section>'


def _switch(plan: ShownPlan) -> str:
    """Return what chooses the basis of the page."""
    first = first_basis(plan)
    parts = (
        f'<input type="radio" name="basis" id="by-{basis}"{" checked" if basis == first else ""}>'
        f'<label for="by-{basis}">{basis}</label>'
        for basis in BASES
    )
    return f'<fieldset class="switch"><legend class="unseen">Count by</legend>{"".join(parts)}</fieldset>'


def _matrix(plan: ShownPlan, colours: Mapping[str, str]) -> str:
    words = (
        '<span class="by control">Largest country at each stage by <b>control</b>: who owns the site, in its worst '
        'period.</span><span class="by place">Largest country at each stage by <b>place</b>: where the site stands, '
        "in its worst period.</span> Effective: as many countries of equal size, at worst."
    )
    return (
        '<section id="matrix" aria-labelledby="matrix-title"><div class="head"><h2 id="matrix-title">Who it hangs on'
        f"</h2>{_switch(plan)}</div><p>{words}</p>{draw_matrix(plan, colours)}{_LEGEND}</section>"
    )


_UNTESTED = (
    "<p>What the best answer to each loss covers: <code>lodeplan stress PLAN INSTANCE -o stress</code>, then "
    "<code>lodeplan report PLAN --stress stress</code>.</p>"
)
_PERIODS = (
    "What changes: a column for each period, as high as the share of its largest country, the undisclosed part on it, "
    "a tick at its cap. A column passes its cap where that counts against what is needed, and more is bought."
)
_LEGEND = (
    '<ul class="legend" aria-label="Marks of the matrix"><li><i class="key rust"></i>largest country</li>'
    '<li><svg class="key" width="18" height="11" aria-hidden="true">'
    '<rect class="hatched" width="18" height="11"/></svg>undisclosed, counts against every cap</li>'
    '<li><i class="mark reached"></i>cap reached</li><li><i class="mark room"></i>cap with room</li>'
    '<li><i class="mark other"></i>cap on the other basis</li></ul>'
)


def _limits(plan: ShownPlan) -> str:
    """Return what each limit costs, or where nobody asked that, which of them bind."""
    if plan.rows("prices"):
        drawn = draw_prices(plan)
        words = '<p>Saved if that one limit fell. <span class="looser">Gold</span>: saved one notch looser.</p>'
        return (
            '<section id="prices" aria-labelledby="prices-title"><h2 id="prices-title">What each limit costs</h2>'
            f"{words if '<table' in drawn else ''}{drawn}</section>"
        )
    return (
        '<section id="limits-used" aria-labelledby="limits-title"><h2 id="limits-title">Which limits bind</h2>'
        f"<p>What each of them costs: <code>lodeplan solve --report</code>.</p>{draw_binding(plan)}</section>"
    )


def _tables(plan: ShownPlan) -> Iterator[str]:
    for table, note in list_plan_tables(plan):
        told = f"{note[0].upper()}{note[1:]}; with all digits in {table.file}." if note else ""
        yield draw_table(table, told, opened=table.key == "purchases")


def _rests_on(plan: ShownPlan) -> Iterator[str]:
    """Yield what a plan rests on: what was noted of the instance, its law, and what is assumed."""
    notes = "".join(f"<li>{typeset(text(note))}</li>" for note in plan.summary.get("notes", []))
    tables = "".join(draw_table(table) for table in (list_policies(plan), list_assumed(plan)) if table is not None)
    told = f'<ul class="notes" aria-label="Notes on the instance">{notes}</ul>' if notes else ""
    if told or tables:
        yield _section("rests-on", "What it rests on", "", f"{told}{tables}")


def _footer(plan: ShownPlan) -> str:
    versions = ", ".join(f"{text(key)} {text(version)}" for key, version in plan.summary.get("versions", {}).items())
    missing = describe_missing(plan.tables)
    lacking = f"<p>What the plan lacks is not shown: {text(missing)}.</p>" if missing else ""
    return (
        f"<footer>{lacking}<p>Made from the tables of the plan alone. Instance "
        f"{name(plan.summary.get('instance', ''))}, digest <code>{text(_digest(plan))}</code>. {versions}. "
        "Outlines: Natural Earth, public domain.</p></footer>"
    )
