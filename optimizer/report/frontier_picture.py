"""A frontier as a picture, PNG and SVG: the same bytes for the same frontier."""

from __future__ import annotations

import math
import textwrap
from itertools import groupby
from typing import TYPE_CHECKING

from models.records.wording import format_amount
from optimizer.report.frontier import list_left_out
from optimizer.sweep.axis_words import describe_axis

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from optimizer.report.frontier_data import Frontier
    from optimizer.sweep.points import Point

_INCHES, _DOTS = (8.0, 5.0), 150
_WORDS = ((1e11, 1e9, " billion"), (1e6, 1e6, " million"), (0.0, 1.0, ""))
_SIGNS = 120
"""Width of the caption."""
_MARKS = "osD^vP*X<>"
_COLOURS = ("#1b5e7a", "#c1622d", "#4c7a34", "#7b4b94", "#8c6d1f", "#3f4a56")


def draw(frontier: Frontier, path: Path) -> None:
    """Write the picture to a path that ends in ``.png`` or ``.svg``."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    nameless: dict[str, None] = {"Date": None, "Creator": None} if path.suffix == ".svg" else {"Software": None}
    with mpl.rc_context({"svg.hashsalt": "lodeplan", "svg.fonttype": "none", "font.family": "DejaVu Sans"}):
        figure = Figure(figsize=_INCHES, layout="constrained")
        _fill(figure, frontier)
        figure.savefig(path, dpi=_DOTS, metadata=nameless)


def _fill(figure: Figure, frontier: Frontier) -> None:
    axes = figure.subplots()
    costs = [there.cost for there in frontier.found.values() if there.has_plan]
    size, word = next((size, word) for least, size, word in _WORDS if max(map(abs, costs), default=0.0) >= least)
    for position, (_, line) in enumerate(groupby(frontier.points, key=lambda point: point.line)):
        _line(axes, frontier, list(line), position, size)
    axes.set_title(frontier.instance.title, fontsize="medium")
    axes.set_xlabel(describe_axis(frontier.axes[0], frontier.instance))
    axes.set_ylabel(f"cost [{(word + ' ').lstrip()}{frontier.instance.currency}]")
    percent = "%" in frontier.axes[0].levels[0].text or frontier.axes[0].levels[0].text.endswith("pp")
    axes.xaxis.set_major_formatter(lambda x, _: f"{100 * x:g}%" if percent else format_amount(x))
    axes.ticklabel_format(axis="y", useOffset=False, style="plain")
    axes.grid(visible=True, alpha=0.3)
    axes.spines[["top", "right"]].set_visible(False)
    _legend(figure, axes, frontier)


def _legend(figure: Figure, axes: Axes, frontier: Frontier) -> None:
    """Say what the signs mean: those of lines and of points without a plan, and what the plans leave out."""
    from matplotlib.lines import Line2D

    handles, labels = axes.get_legend_handles_labels()
    plans = [there for there in frontier.found.values() if there.has_plan]
    if any(there.caveats.unmet for there in plans):
        handles.append(Line2D([], [], linestyle="none", marker="o", color="black", markerfacecolor="white"))
        labels.append("hollow: demand left unmet")
    if any(there.status == "stopped" for there in plans):
        handles.append(Line2D([], [], linestyle="none", marker="$?$", color="black"))
        labels.append("?: not proven; the least cost may be lower")
    if handles:
        axes.legend(handles, labels, frameon=False)
    for caption in list_left_out(frontier):
        figure.supxlabel(textwrap.fill(caption, _SIGNS), fontsize="x-small")


def _line(axes: Axes, frontier: Frontier, line: list[Point], position: int, size: float) -> None:
    """Draw the plans of a line, how far down the least cost may lie, its knee, and where it has no plan."""
    known = [point for point in line if point.number in frontier.found]
    plans = [point for point in known if frontier.found[point.number].has_plan]
    x = [point.levels[0].number for point in plans]
    y = [frontier.found[point.number].cost / size for point in plans]
    low = [frontier.found[point.number].bound / size for point in plans]
    colour, mark = _COLOURS[position % len(_COLOURS)], _MARKS[position % len(_MARKS)]
    label = f"{frontier.axes[1].change}={line[0].line[0].text}" if line[0].line else None
    axes.plot(x, y, marker=mark, color=colour, label=label, zorder=3)
    short = [frontier.found[point.number].caveats.unmet != () for point in plans]
    hollow = ([cells[i] for i in range(len(plans)) if short[i]] for cells in (x, y))
    axes.plot(*hollow, linestyle="none", marker=mark, color=colour, markerfacecolor="white", zorder=3.5)
    least = [bound if math.isfinite(bound) else cost for bound, cost in zip(low, y, strict=True)]
    axes.vlines(x, least, y, colors=colour, alpha=0.4, linewidth=3)
    for point, across, up in zip(plans, x, y, strict=True):
        if frontier.found[point.number].status == "stopped":
            axes.annotate("?", (across, up), (-8, -14), textcoords="offset points", color=colour)
    for point, across, up in zip(plans, x, y, strict=True):
        if point.number in frontier.knees:
            axes.plot([across], [up], marker="o", markersize=14, fillstyle="none", color=colour, zorder=4)
            axes.annotate(f"knee, {point.levels[0].text}", (across, up), (8, 12), textcoords="offset points")
    without = [point.levels[0].number for point in known if not frontier.found[point.number].has_plan]
    if without:
        down = [0.02] * len(without)
        transform = axes.get_xaxis_transform()
        axes.plot(without, down, "x", color=colour, transform=transform, label=None if label else "no plan")
