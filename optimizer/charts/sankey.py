"""Flows drawn: a panel a material, countries as nodes, what is undisclosed last and hatched, links and nodes."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.records.countries import UNDISCLOSED, country_name
from optimizer.charts.flows import SMALL, Node, list_flows
from optimizer.charts.markup import name, number, percent, text
from optimizer.charts.stages import BASES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from optimizer.charts.flows import Flows
    from optimizer.charts.shown import ShownPlan

_WIDE, _TALL, _NODE, _TOP = 400, 170, 7, 20
"""Width of a drawing, height of all that arrives, width of a node, and room for the names of stages."""
_APART, _LINE = 15, 13
"""Least distance of the labels of countries, and of the lines of a label."""
_ROOM = 88
"""Room at the right for the names of sites."""
_WHOLE = 0.01
"""Parts from here on are told without decimals."""
_SIGN = 7.8
"""Width of a sign of a label, in a wide font."""
_LONGEST = 12
"""Signs of a line of the name of a site, one less of a name in one line; the words of the drawing have all of it."""


_Links = dict[tuple[Node, Node], float]


@dataclass(frozen=True)
class _Box:
    """Where a node stands."""

    x: float
    y: float
    height: float


def draw_flows(plan: ShownPlan, colours: Mapping[str, str]) -> str:
    """Return a panel for each material, which holds both bases, of which a page shows one."""
    panels = []
    for both in zip(*(list_flows(plan, basis) for basis in BASES), strict=True):
        material, arrives = both[0].material, both[0].arrives
        drawn = "".join(f'<div class="by {flows.basis}">{_draw(flows, colours)}</div>' for flows in both)
        unit = plan.units.get(material, plan.mass_unit)
        panels.append(
            f'<div class="flows"><h3>{name(material)} <span>{number(arrives)} {name(unit)}</span></h3>{drawn}</div>'
        )
    return f'<div class="panels three">{"".join(panels)}</div>' if panels else ""


def _draw(flows: Flows, colours: Mapping[str, str]) -> str:
    links = {ends: part for ends, part in flows.links.items() if part >= SMALL}
    boxes = _place(flows, links)
    bottom = max((box.y + box.height for box in boxes.values()), default=_TALL) + 8
    ribbons = "".join(_ribbons(links, boxes, colours))
    nodes = "".join(_node(node, box, flows, colours) for node, box in boxes.items())
    heads = "".join(
        f'<text class="stage-name" x="{_x(flows, column)}" y="10">{text(stage)}</text>'
        for column, stage in enumerate([*flows.stages, "site"])
    )
    return (
        f'<svg class="sankey" viewBox="0 0 {_WIDE} {bottom:.0f}" overflow="visible" role="img" '
        f'aria-label="{_words(flows, boxes)}">{heads}{ribbons}{nodes}</svg>'
    )


def _x(flows: Flows, column: int) -> int:
    return round((_WIDE - _ROOM - _NODE) * column / len(flows.stages))


def _weights(links: _Links) -> dict[Node, float]:
    """Return what passes each node: the more of what goes in and what goes out."""
    enters: dict[Node, float] = defaultdict(float)
    leaves: dict[Node, float] = defaultdict(float)
    for (begin, end), part in links.items():
        leaves[begin] += part
        enters[end] += part
    return {node: max(enters[node], leaves[node]) for node in sorted({*enters, *leaves})}


def _place(flows: Flows, links: _Links) -> dict[Node, _Box]:
    """Return where the nodes stand: the largest first, the undisclosed last, their labels apart."""
    weights = _weights(links)
    boxes: dict[Node, _Box] = {}
    for column in range(len(flows.stages) + 1):
        own = [node for node in weights if node[0] == column]
        own.sort(key=lambda node: (node[1] == UNDISCLOSED, -weights[node], node[1]))
        lines = max((len(_lines(site)) for _, site in own), default=1) + 1
        apart = lines * _LINE + 1 if column == len(flows.stages) else _APART
        y, centre = float(_TOP), -100.0
        for node in own:
            height = _TALL * weights[node]
            y = max(y, centre + apart - height / 2)
            boxes[node] = _Box(_x(flows, column), y, height)
            centre = y + height / 2
            y += height + 4
    return boxes


def _ribbons(links: _Links, boxes: Mapping[Node, _Box], colours: Mapping[str, str]) -> list[str]:
    """Return the links, stacked at both ends in the order of the nodes at the other."""
    out, into = (dict.fromkeys(boxes, 0.0) for _ in range(2))
    tops: dict[tuple[Node, Node], list[float]] = {ends: [0.0, 0.0] for ends in links}
    for side, used, far in ((0, out, 1), (1, into, 0)):
        for ends in sorted(links, key=lambda ends: (boxes[ends[far]].y, ends)):
            tops[ends][side] = boxes[ends[side]].y + used[ends[side]]
            used[ends[side]] += _TALL * links[ends]
    drawn = []
    for (begin, end), part in sorted(links.items(), key=lambda one: (-one[1], one[0])):
        left, right, height = boxes[begin].x + _NODE, boxes[end].x, _TALL * part
        first, last = tops[begin, end]
        middle = (left + right) / 2
        drawn.append(
            f'<path class="link {colours.get(begin[1], "pale")}" d="M{left} {first:.1f}C{middle:.0f} {first:.1f} '
            f"{middle:.0f} {last:.1f} {right} {last:.1f}v{height:.1f}C{middle:.0f} {last + height:.1f} {middle:.0f} "
            f'{first + height:.1f} {left} {first + height:.1f}z"/>'
        )
    return drawn


def _node(node: Node, box: _Box, flows: Flows, colours: Mapping[str, str]) -> str:
    part = _part(box)
    middle = box.y + box.height / 2
    rect = f'x="{box.x:.0f}" y="{box.y:.1f}" width="{_NODE}" height="{box.height:.1f}"/>'
    if node[0] == len(flows.stages):
        lines = [*map(text, _lines(node[1])), part]
        return f'<rect class="ink" {rect}{_label(lines, box.x + _NODE + 5, middle)}'
    room = _x(flows, 1) - _NODE - 4
    lines = _named(node[1], part, int(room / _SIGN), tall=box.height >= 2 * _LINE)
    return f'<rect class="{colours.get(node[1], "pale")}" {rect}{_label(lines, box.x + _NODE + 4, middle)}'


def _part(box: _Box) -> str:
    """Return the part of all that arrives which passes a node."""
    whole = box.height / _TALL
    return percent(whole, 0 if whole >= _WHOLE else 1)


def _label(lines: list[str], x: float, middle: float) -> str:
    first = middle + 4 - _LINE * (len(lines) - 1) / 2
    return "".join(f'<text x="{x:.0f}" y="{first + _LINE * at:.1f}">{line}</text>' for at, line in enumerate(lines))


def _named(country: str, part: str, signs: int, *, tall: bool) -> list[str]:
    """Return the label of a country: its name and part in one line, in two where that fits, else its code and part."""
    name_of_it = country_name(country)
    if len(name_of_it) + 1 + len(part) <= signs:
        return [f"{text(name_of_it)} <tspan>{part}</tspan>"]
    if tall and len(name_of_it) <= signs:
        return [text(name_of_it), f"<tspan>{part}</tspan>"]
    return [f"{text(name_of_it if country == UNDISCLOSED else country)} <tspan>{part}</tspan>"]


def _lines(site: str) -> list[str]:
    """Return the name of a site in one line or two, broken at a hyphen or blank where there is one."""
    if len(site) < _LONGEST:
        return [site]
    at = max(site.rfind(sign, 0, _LONGEST + 1) for sign in "- ") + 1 or _LONGEST
    first, rest = site[:at].rstrip(), site[at:]
    return [first, rest if len(rest) <= _LONGEST else f"{rest[: _LONGEST - 1]}\u2026"]


def _words(flows: Flows, boxes: Mapping[Node, _Box]) -> str:
    """Say in words what a drawing shows."""
    told = []
    for column, stage in enumerate([*flows.stages, "sites"]):
        parts = [
            f"{who if column == len(flows.stages) else country_name(who)} {_part(box)}"
            for (place, who), box in boxes.items()
            if place == column
        ]
        told.append(f"{stage}: {', '.join(parts)}")
    return text(f"{flows.material} by {flows.basis}; {'; '.join(told)}")
