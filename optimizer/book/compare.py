"""Two sheets on several plans: one with two pickers and what is different, one with the figures that it picks from.

The formulas are ours, and hold no text of anybody: a picked name is looked for in the headings of the other sheet,
sign by sign (a search by MATCH would take ``*`` in a name for anything).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from models.records.countries import country_name
from models.records.tolerances import ROUNDING
from optimizer.book.sheets import EXACT, SHARE, amount_form
from optimizer.book.summary import LARGE
from optimizer.book.tables import BAR
from optimizer.book.words import plain
from optimizer.charts.palette import LIGHT
from optimizer.charts.shown import figure, said
from optimizer.charts.stages import WHOLE, stages_of
from optimizer.report.answer import answer_in
from optimizer.results.caveats import caveats_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from optimizer.book.sheets import Book, Sheet
    from optimizer.charts.shown import ShownPlan

NAME, DATA = "Compare", "Plans"
MOST_ROWS = 1_000
"""Offers, and shares of countries, that are compared: the largest of any plan."""
_LONGEST_NAME = 60
_LARGEST = 1e300
"""The largest number that stands in a cell here, so that differences stay numbers."""
_FIRST = 2
"""The first column of the figures of plans."""
_BASE, _OTHER = 3, 4
"""Rows of the two pickers, from 0."""
_SMALL = 0.0005
"""Shares below this in every plan are not compared."""


@dataclass(frozen=True)
class _Line:
    """A figure of every plan."""

    about: str
    item: str
    form: str
    figures: Sequence[float]


def add_comparison(book: Book, plans: Mapping[str, ShownPlan]) -> None:
    """Add the sheet with the pickers: the second of the plans is the base at first, against which the first stands."""
    names = list(plans)
    lines = list(_lines(list(plans.values())))
    sheet = book.sheet(
        NAME,
        "Compare two plans",
        ["Pick two of the plans in this workbook in the cells below; everything beneath them follows."],
    )
    top = _OTHER + 4
    _add_pickers(sheet, names)
    for column, (heading, width) in enumerate(
        (("", 18), ("", 32), ("base", 16), ("other", 16), ("difference", 16), ("in per cent", 11), ("", 10))
    ):
        sheet.text(top - 1, column, heading, bold=True, align="right" if column > 1 else "left", bottom=1)
        sheet.own.set_column(column, column, width)
    sheet.own.freeze_panes(top, _FIRST)
    sheet.own.repeat_rows(top - 1)
    for at, line in enumerate(lines):
        _add_line(sheet, top + at, at + 1, line)
    _fade(sheet, top, top + len(lines) - 1)
    sheet.own.print_area(0, 0, top + len(lines) - 1, 6)
    _add_chart(sheet, top, lines)


def add_plans(book: Book, plans: Mapping[str, ShownPlan]) -> None:
    """Add the sheet that has the figures of every plan beside each other."""
    own = book.file.add_worksheet(DATA)
    head = book.style(bold=True, bottom=1)
    own.set_landscape()
    own.fit_to_pages(1, 0)
    own.repeat_rows(0)
    own.freeze_panes(1, _FIRST)
    own.set_footer("&L&8&A&R&8page &P of &N")
    own.set_column(0, 0, 22)
    own.set_column(1, 1, 34)
    own.set_column(_FIRST, _FIRST + len(plans) - 1, 22)
    for column, name in enumerate(("about", "of", *plans)):
        own.write_string(0, column, plain(name), head)
    for row, line in enumerate(_lines(list(plans.values())), start=1):
        own.write_string(row, 0, plain(line.about), book.style())
        own.write_string(row, 1, plain(line.item), book.style())
        for column, amount in enumerate(line.figures, start=_FIRST):
            own.write_number(row, column, amount, book.style(num_format=line.form))


def name_plans(named: Iterable[tuple[str, ShownPlan]]) -> dict[str, ShownPlan]:
    """Return plans by names that tell them apart, whatever case a reader takes them in."""
    found: dict[str, ShownPlan] = {}
    taken: set[str] = set()
    for wanted, plan in named:
        short = plain(wanted, _LONGEST_NAME) or "plan"
        name, count = short, 1
        while name.casefold() in taken:
            count += 1
            name = f"{short} ({count})"
        taken.add(name.casefold())
        found[name] = plan
    return found


def _add_pickers(sheet: Sheet, names: Sequence[str]) -> None:
    last = _letters(_FIRST + len(names) - 1)
    heads = f"{DATA}!${_letters(_FIRST)}$1:${last}$1"
    picks = names[1], names[0]
    picker = {"bold": True, "border": 1, "border_color": LIGHT["third"], "bg_color": "#FFF7E0"}
    for row, label, name in ((_BASE, "base plan", picks[0]), (_OTHER, "other plan", picks[1])):
        sheet.text(row, 0, label, bold=True)
        sheet.text(row, 1, name, **picker)
        sheet.own.data_validation(
            row, 1, row, 1,
            {
                "validate": "list",
                "source": f"={heads}",
                "error_title": "No such plan",
                "error_message": "Pick one of the plans of the list.",
            },
        )  # fmt: skip
        at = f"=SUMPRODUCT(EXACT({heads},$B${row + 1})*(COLUMN({heads})-{_FIRST}))"
        faint = sheet.book.style(font_color=LIGHT["third"], num_format='"plan "0', align="left")
        sheet.own.write_formula(row, 2, at, faint, names.index(name) + 1)


def _add_line(sheet: Sheet, row: int, source: int, line: _Line) -> None:
    """Write a line of the comparison, with what its formulas come to as long as nobody picks others."""
    sheet.text(row, 0, line.about)
    sheet.text(row, 1, line.item)
    cells = f"{DATA}!${_letters(_FIRST)}${source + 1}:${_letters(_FIRST + len(line.figures) - 1)}${source + 1}"
    was, now, at = line.figures[1], line.figures[0], row + 1
    own, style = sheet.own, sheet.book.style(num_format=line.form)
    own.write_formula(row, 2, f"=INDEX({cells},1,$C${_BASE + 1})", style, was)
    own.write_formula(row, 3, f"=INDEX({cells},1,$C${_OTHER + 1})", style, now)
    signed = sheet.book.style(num_format=f"+{line.form};-{line.form};{line.form}")
    own.write_formula(row, 4, f"=D{at}-C{at}", signed, now - was)
    part = "" if line.form == SHARE or not was else (now - was) / abs(was)
    relative = '""' if line.form == SHARE else f'IF(C{at}=0,"",E{at}/ABS(C{at}))'
    own.write_formula(row, 5, f"={relative}", sheet.book.style(num_format="+0.0%;-0.0%;0.0%", align="right"), part)
    same = f"ABS(E{at})<={ROUNDING:.0e}*MAX(ABS(C{at}),ABS(D{at}))"
    word = f'=IF({same},"as before",IF(C{at}=0,"in",IF(D{at}=0,"out",IF(E{at}>0,"more","less"))))'
    own.write_formula(row, 6, word, sheet.book.style(align="right"), _word(was, now))


def _word(was: float, now: float) -> str:
    if abs(now - was) <= ROUNDING * max(abs(was), abs(now)):
        return "as before"
    if not was:
        return "in"
    return "out" if not now else "more" if now > was else "less"


def _fade(sheet: Sheet, first: int, last: int) -> None:
    """Write what is the same in grey, so that what moved stands out."""
    faint = sheet.book.file.add_format({"font_color": LIGHT["third"]})
    rule = {"type": "formula", "criteria": f'=$G{first + 1}="as before"', "format": faint}
    sheet.own.conditional_format(first, 0, last, 6, rule)


def _add_chart(sheet: Sheet, top: int, lines: Sequence[_Line]) -> None:
    rows = [top + at for at, line in enumerate(lines) if line.about == _BY_NAME]
    if not rows:
        return
    chart = sheet.book.file.add_chart({"type": "bar"})
    for picker, column, colour in ((_BASE, 2, LIGHT["step2"]), (_OTHER, 3, BAR)):
        chart.add_series(
            {
                "name": [NAME, picker, 1],
                "categories": [NAME, rows[0], 1, rows[-1], 1],
                "values": [NAME, rows[0], column, rows[-1], column],
                "fill": {"color": colour},
                "gap": 60,
            }
        )
    small = {"size": 9, "color": LIGHT["second"]}
    chart.set_title({"name": "Costs of the two plans", "name_font": {"size": 12, "bold": True}})
    chart.set_y_axis({"reverse": True, "num_font": small, "crossing": "max"})
    large = max(max(line.figures) for line in lines if line.about == _BY_NAME) >= LARGE
    chart.set_x_axis(
        {
            "name": "million" if large else "",
            "name_font": small | {"bold": False},
            "num_font": small,
            "num_format": "#,##0,," if large else "#,##0",
            "major_gridlines": {"visible": True, "line": {"color": LIGHT["rule"]}},
        }
    )
    chart.set_legend({"position": "bottom", "font": small})
    chart.set_chartarea({"border": {"none": True}})
    chart.set_size({"width": 560, "height": 320})
    sheet.own.insert_chart(top, 8, chart, {"object_position": 3, "description": "Costs of the two plans, by name"})


_BY_NAME = "cost by name"


def _lines(plans: Sequence[ShownPlan]) -> Iterator[_Line]:
    """Yield the figures that are compared, each within what a cell holds."""
    for line in _all_lines(plans):
        yield replace(line, figures=[min(max(one, -_LARGEST), _LARGEST) for one in line.figures])


def _all_lines(plans: Sequence[ShownPlan]) -> Iterator[_Line]:
    """Yield the figures that are compared: sums, costs by name and material, what is bought of whom, and shares."""
    currency, mass = plans[0].currency, plans[0].mass_unit
    answers = [answer_in(plan.summary) for plan in plans]
    yield _Line("cost", f"of the plan [{currency}]", "#,##0", [answer.cost for answer in answers])
    unmet = [sum(short.quantity for short in caveats_in(plan.summary).unmet) for plan in plans]
    yield _Line("unmet demand", f"over all periods [{mass}]", amount_form(unmet), unmet)
    yield from _spread(_BY_NAME, [_sums(plan, "costs", "cost", "amount") for plan in plans])
    yield from _spread("cost of material", [plan.cost_of for plan in plans])
    yield from _spread("landed cost a unit", [_landed(plan) for plan in plans], EXACT)
    yield from _spread(
        f"bought of [{mass}]", [_sums(plan, "purchases", "offer", "quantity") for plan in plans], most=True
    )
    yield from _spread("share by control", [_shares(plan) for plan in plans], SHARE, most=True)


def _spread(about: str, found: Sequence[Mapping[str, float]], form: str = "", *, most: bool = False) -> Iterator[_Line]:
    """Yield a line for each thing that any plan has; with `most` the largest first, and no more than are read."""
    names = list(dict.fromkeys(name for one in found for name in one))
    if most:
        largest = {name: max(one.get(name, 0.0) for one in found) for name in names}
        names = sorted(names, key=lambda name: (-largest[name], name))[:MOST_ROWS]
    rows = [[one.get(name, 0.0) for one in found] for name in names]
    own = form or amount_form([cell for row in rows for cell in row])
    for name, row in zip(names, rows, strict=True):
        yield _Line(about, name or "none in particular", own, row)


def _sums(plan: ShownPlan, table: str, by: str, of: str) -> dict[str, float]:
    sums: dict[str, float] = {}
    for row in plan.rows(table):
        sums[said(row, by)] = sums.get(said(row, by), 0.0) + figure(row, of)
    return sums


def _landed(plan: ShownPlan) -> dict[str, float]:
    return {
        str(record["material"]): float(record["unit_cost"])
        for record in plan.summary.get("landed", [])
        if "material" in record and isinstance(record.get("unit_cost"), (int, float))
    }


def _shares(plan: ShownPlan) -> dict[str, float]:
    """Return the share of each country by control at each stage, over all periods."""
    found: dict[str, float] = {}
    for stage in stages_of(plan):
        period = WHOLE if ("control", WHOLE) in stage.by else stage.worst("control")
        for country, one in stage.shares("control", period).items():
            if one.share > _SMALL:
                found[f"{stage.stage} {stage.material}: {country_name(country)}"] = one.share
    return found


def _letters(column: int) -> str:
    from optimizer.files.archive import letters

    return letters(column + 1)
