"""Two sheets on several plans: one with two pickers and what is different, one with the figures that it picks from.

The formulas are ours, and hold no text of anybody: a picked name is looked for in the headings of the other sheet,
sign by sign (a search by MATCH would take ``*`` in a name for anything).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.records.tolerances import ROUNDING
from optimizer.book.lines import BY_NAME, list_lines
from optimizer.book.sheets import A4, SHARE
from optimizer.book.summary import LARGE
from optimizer.book.tables import BAR
from optimizer.book.words import plain
from optimizer.charts.palette import LIGHT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from optimizer.book.lines import Line
    from optimizer.book.sheets import Book, Sheet
    from optimizer.charts.shown import ShownPlan

NAME, DATA = "Compare", "Plans"
NO_FIGURE = "\N{EN DASH}"
"""What stands where a plan has no such figure, as where it lacks a limit."""
_LONGEST_NAME, _NARROW = 60, 32
_FIRST = 2
"""The first column of the figures of plans."""
_BASE, _OTHER = 3, 4
"""Rows of the two pickers, from 0."""


def add_comparison(book: Book, plans: Mapping[str, ShownPlan], *, first_is_base: bool = False) -> None:
    """Add the sheet with the pickers: at first the second of the plans is the base of the first, or the other way."""
    names = list(plans)
    base, other = (0, 1) if first_is_base else (1, 0)
    lines = list(list_lines(list(plans.values())))
    sheet = book.sheet(
        NAME,
        "Compare two plans",
        ["Pick two of the plans in this workbook in the cells below; everything beneath them follows."],
    )
    top = _OTHER + 4
    widest = min(max([_NARROW, *(len(line.item) for line in lines)]), _LONGEST_NAME)
    _add_pickers(sheet, names, (names[base], names[other]))
    for column, (heading, width) in enumerate(
        (("", 18), ("", widest), ("base", 16), ("other", 16), ("difference", 16), ("in per cent", 11), ("", 10))
    ):
        sheet.text(top - 1, column, heading, bold=True, align="right" if column > 1 else "left", bottom=1)
        sheet.own.set_column(column, column, width)
    sheet.own.freeze_panes(top, _FIRST)
    sheet.own.repeat_rows(top - 1)
    for at, line in enumerate(lines):
        _add_line(sheet, top + at, at + 1, line, (base, other))
    _fade(sheet, top, top + len(lines) - 1)
    sheet.own.print_area(0, 0, top + len(lines) - 1, 6)
    _add_chart(sheet, top, lines)


def add_plans(book: Book, plans: Mapping[str, ShownPlan]) -> None:
    """Add the sheet that has the figures of every plan beside each other."""
    own = book.file.add_worksheet(DATA)
    head = book.style(bold=True, bottom=1)
    own.set_landscape()
    own.set_paper(A4)
    own.fit_to_pages(1, 0)
    own.repeat_rows(0)
    own.freeze_panes(1, _FIRST)
    own.set_footer("&L&8&A&R&8page &P of &N")
    own.set_column(0, 0, 22)
    own.set_column(1, 1, 34)
    own.set_column(_FIRST, _FIRST + len(plans) - 1, 22)
    for column, name in enumerate(("about", "of", *plans)):
        own.write_string(0, column, plain(name), head)
    for row, line in enumerate(list_lines(list(plans.values())), start=1):
        own.write_string(row, 0, plain(line.about), book.style())
        own.write_string(row, 1, plain(line.item), book.style())
        for column, amount in enumerate(line.figures, start=_FIRST):
            if amount is None:
                own.write_string(row, column, NO_FIGURE, book.style(align="right"))
            else:
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


def _add_pickers(sheet: Sheet, names: Sequence[str], picks: tuple[str, str]) -> None:
    last = _letters(_FIRST + len(names) - 1)
    heads = f"{DATA}!${_letters(_FIRST)}$1:${last}$1"
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


def _add_line(sheet: Sheet, row: int, source: int, line: Line, picks: tuple[int, int]) -> None:
    """Write a line of the comparison, with what its formulas come to as long as nobody picks others than `picks`."""
    sheet.text(row, 0, line.about)
    sheet.text(row, 1, line.item)
    cells = f"{DATA}!${_letters(_FIRST)}${source + 1}:${_letters(_FIRST + len(line.figures) - 1)}${source + 1}"
    was, now, at = line.figures[picks[0]], line.figures[picks[1]], row + 1
    own, style = sheet.own, sheet.book.style(num_format=line.form, align="right")
    for column, picker, one in ((2, _BASE, was), (3, _OTHER, now)):
        own.write_formula(row, column, f"=INDEX({cells},1,$C${picker + 1})", style, NO_FIGURE if one is None else one)
    change = None if was is None or now is None else now - was
    both, signed = f"COUNT(C{at}:D{at})=2", sheet.book.style(num_format=f"+{line.form};-{line.form};{line.form}")
    own.write_formula(row, 4, f'=IF({both},D{at}-C{at},"")', signed, "" if change is None else change)
    part = "" if line.form == SHARE or not was or change is None else change / abs(was)
    relative = '""' if line.form == SHARE else f'IF({both},IF(C{at}=0,"",E{at}/ABS(C{at})),"")'
    own.write_formula(row, 5, f"={relative}", sheet.book.style(num_format="+0.0%;-0.0%;0.0%", align="right"), part)
    same = f"ABS(E{at})<={ROUNDING:.0e}*MAX(ABS(C{at}),ABS(D{at}))"
    word = f'IF({same},"as before",IF(C{at}=0,"in",IF(D{at}=0,"out",IF(E{at}>0,"more","less"))))'
    lacks = f'IF(COUNT(C{at}:D{at})=0,"as before",IF(COUNT(C{at})=0,"in","out"))'
    own.write_formula(row, 6, f"=IF({both},{word},{lacks})", sheet.book.style(align="right"), _word(was, now))


def _word(was: float | None, now: float | None) -> str:
    if was == now or (was and now and abs(now - was) <= ROUNDING * max(abs(was), abs(now))):
        return "as before"
    if not was:
        return "in"
    return "out" if not now else "more" if now > was else "less"


def _fade(sheet: Sheet, first: int, last: int) -> None:
    """Write what is the same in grey, so that what moved stands out."""
    faint = sheet.book.file.add_format({"font_color": LIGHT["third"]})
    rule = {"type": "formula", "criteria": f'=$G{first + 1}="as before"', "format": faint}
    sheet.own.conditional_format(first, 0, last, 6, rule)


def _add_chart(sheet: Sheet, top: int, lines: Sequence[Line]) -> None:
    rows = [top + at for at, line in enumerate(lines) if line.about == BY_NAME]
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
    large = max(one or 0.0 for line in lines if line.about == BY_NAME for one in line.figures) >= LARGE
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


def _letters(column: int) -> str:
    from optimizer.files.archive import letters

    return letters(column + 1)
