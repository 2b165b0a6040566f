"""What an answer leaves out, in words: half a sentence for one line, whole lines for a report, columns for a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.market import TABLES
from models.records.wording import format_amount, format_count, format_percent

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from optimizer.results.caveats import Assumed, Caveats, Unmet

_FEW = 2
"""Names that are told before the others are only counted."""
_SHORTER = -1
"""Digits fewer than usual in a share of a cost."""
_MOST_CORRIDORS = 10
"""Corridors that are named with the answer; more are named behind the tables."""
_PERIODS = 3
"""Periods that are told one by one."""


def format_brief(caveats: Caveats, mass: str) -> str:
    """Return what is left out as parts of one line: ``120 t of lithium unmet (12% of demand); rests on ...``."""
    return "; ".join(_list_brief(caveats, mass))


def _list_brief(caveats: Caveats, mass: str) -> Iterator[str]:
    if caveats.unmet:
        yield format_unmet(caveats.unmet, mass)
    shut = {f"{one.stage} {one.material}": one.missing for one in caveats.shut}
    for stage, missing in shut.items():
        yield f"undisclosed {missing} shut out all {stage}"
    if caveats.assumed.rows:
        share = caveats.assumed.share
        of = "" if share is None else f" ({format_percent(share, _SHORTER)} of the cost)"
        yield f"rests on {_rows(caveats.assumed.rows)}{of}"


def format_change(before: Caveats, after: Caveats, mass: str) -> str:
    """Return the same of the second of two plans, and what was unmet in the first where that is not the same."""
    was, now = (format_unmet(one.unmet, mass, word="") for one in (before, after))
    parts = list(_list_brief(after, mass))
    if was and was == now:
        parts[0] += ", as before"
    elif now:
        parts[0] += f", before {was or 'none'}"
    elif was:
        parts.insert(0, f"nothing unmet, before {was}")
    return "; ".join(parts)


def format_several(plans: Sequence[tuple[str, Caveats]], mass: str) -> list[str]:
    """Return what several plans leave out, as parts of a line; each says where it is: ``in winter``, ``at 20%``."""
    parts = []
    if short := [(where, plan.unmet) for where, plan in plans if plan.unmet]:
        where, most = max(short, key=lambda one: one[1][0].share)
        told = format_unmet(most, mass, word="")
        parts.append(
            f"demand is left unmet in {len(short)} of {format_count(len(plans), 'plans')}, most {where}: {told}"
        )
    if resting := [plan.assumed for _, plan in plans if plan.assumed.rows > 0]:
        every = "all rest" if len(plans) > 1 else "it rests"
        said = every if len(resting) == len(plans) else f"{len(resting)} of {len(plans)} rest"
        parts.append(f"{said} on assumed rows{_format_shares([one.share for one in resting])}")
    return parts


def _format_shares(shares: Sequence[float | None]) -> str:
    """Return between which parts of their costs plans rest on assumed figures, where that is known of all of them."""
    known = [share for share in shares if share is not None]
    if not known or len(known) < len(shares):
        return ""
    ends = dict.fromkeys(format_percent(share, _SHORTER) for share in (min(known), max(known)))
    return f" ({' to '.join(ends)} of the cost)"


def format_unmet(unmet: Sequence[Unmet], mass: str, word: str = " unmet") -> str:
    """Say how much is unmet, folded where that is of many materials; nothing where none is."""
    told = [f"{_quantity(short, mass)}{word} ({format_share_of_demand(short.share)} of demand)" for short in unmet]
    if len(told) > _FEW:
        return f"{told[0]}, and of {len(told) - 1} more materials"
    return " and ".join(told)


def format_unmet_cell(caveats: Caveats) -> str:
    """Return the material of which most is unmet with its share of demand, and how many others, for a narrow column."""
    if not caveats.unmet:
        return "0"
    first, *others = caveats.unmet
    return f"{first.material} {format_share_of_demand(first.share)}{f' and {len(others)} more' if others else ''}"


def _quantity(short: Unmet, mass: str) -> str:
    return f"{format_amount(short.quantity)} {mass} of {short.material}"


def list_lines(caveats: Caveats, mass: str, shortage: str) -> list[str]:
    """Return a line for each kind of thing that is left out, for a report; `shortage` spells what is unmet costs."""
    return [*_unmet_line(caveats, mass, shortage), *list_shut_lines(caveats), *_assumed_line(caveats.assumed)]


def list_shut_lines(caveats: Caveats, material: str | None = None) -> list[str]:
    """Return a line for each stage that a limit shuts for what is undisclosed, of one material or of all."""
    return [
        f"Limit {shut.limit}: {shut.sentence}."
        for shut in caveats.shut
        if material is None or shut.material == material
    ]


def _unmet_line(caveats: Caveats, mass: str, shortage: str) -> Iterator[str]:
    if caveats.unmet:
        told = "; ".join(_describe_unmet(short, mass) for short in caveats.unmet)
        yield f"Demand left unmet, at {shortage}: {told}."


def _describe_unmet(short: Unmet, mass: str) -> str:
    """Say how much of a material is unmet, and in which periods where those are few."""
    said = f"{_quantity(short, mass)} ({format_share_of_demand(short.share)} of demand"
    if len(short.periods) > _PERIODS:
        worst, units = max(short.periods, key=lambda one: one[1])
        said += f"; in {len(short.periods)} periods, most in {worst}: {format_amount(units)} {mass}"
    elif len(short.periods) > 1:
        said += "; " + ", ".join(f"{format_amount(units)} {mass} in {period}" for period, units in short.periods)
    return f"{said})"


def _assumed_line(assumed: Assumed) -> Iterator[str]:
    """Say how many assumed rows a plan rests on, which offers are among them, and how many of other tables.

    Then which corridors let through only what is assumed, how much of the cost is at assumed figures, and how well the
    other rows are known.
    """
    if not assumed.rows:
        return
    tables = dict(assumed.tables)
    parts = []
    if count := tables.pop("offers", 0):
        named, rest = assumed.offers[:_FEW], count - len(assumed.offers[:_FEW])
        offers = f"offers {', '.join(named)} and {rest} more" if rest > 0 else f"offers {' and '.join(named)}"
        parts.append(offers if count > 1 else f"offer {named[0]}")
    parts += [_format_rows(table, count) for table, count in tables.items()]
    of = ", all that it uses" if assumed.rows == assumed.used else f" of the {assumed.used} that it uses"
    partly = f" ({assumed.partly} in part)" if assumed.partly else ""
    yield f"Rests on {_rows(assumed.rows)}{partly}{of}: {'; '.join(parts)}."
    if assumed.corridors:
        yield _describe_passing(assumed.corridors)
    yield from _describe_costs(assumed)
    if any(word for word, _ in assumed.known):
        told = [f"{count} {word or 'not said'}" for word, count in assumed.known]
        yield f"How well the other {assumed.used - assumed.rows} rows are known: {', '.join(told)}."


def _describe_passing(corridors: Sequence[str]) -> str:
    """Name the corridors of which the capacity is assumed, or say how many there are where they are named apart."""
    if len(corridors) > _MOST_CORRIDORS:
        return f"What may pass is assumed of {len(corridors)} corridors, named at the end."
    return f"What may pass is assumed of corridors {', '.join(corridors)}."


def describe_corridors(assumed: Assumed) -> str:
    """Name all corridors of which the capacity is assumed, where those are too many to stand with the answer."""
    if len(assumed.corridors) <= _MOST_CORRIDORS:
        return ""
    return f"Corridors of which it is assumed what may pass: {', '.join(assumed.corridors)}."


def _describe_costs(assumed: Assumed) -> Iterator[str]:
    """Say how much of the cost is at assumed figures, and of which costs."""
    if assumed.share is None:
        return
    parts = [
        f"{one.cost} {format_percent(one.assumed / one.amount, _SHORTER)}" for one in assumed.costs if one.assumed > 0
    ]
    said = f" ({', '.join(parts)})" if parts else ""
    yield f"Of the cost {format_percent(assumed.share, _SHORTER)} is at assumed prices, freights or rates{said}."


def _format_rows(table: str, count: int) -> str:
    """Return what some rows of a table are called: ``13 owners``, ``1 stock row``."""
    one = TABLES[table].ONE
    if not one:
        return format_count(count, f"{table} rows")
    return f"{count} {one if count == 1 else table}"


def _rows(count: int) -> str:
    return format_count(count, "assumed rows")


def format_share_of_demand(share: float) -> str:
    """Spell a share of demand with three digits that count: ``12%``, ``0.05%``."""
    return f"{100 * share:.3g}%"


def list_columns(caveats: Caveats | None) -> dict[str, float | str | None]:
    """Return what is left out as cells of a table by their columns; nothing is known of where there is no plan."""
    if caveats is None:
        return dict.fromkeys(list_headings("", ""), None)
    unmet = caveats.unmet
    return {
        "unmet": sum(short.quantity for short in unmet),
        "unmet_of": "; ".join(short.material for short in unmet),
        "unmet_share": max((short.share for short in unmet), default=0.0),
        "shortage_cost": caveats.shortage_cost,
        "assumed_rows": caveats.assumed.rows,
        "assumed_share": caveats.assumed.share,
    }


def list_headings(mass: str, currency: str) -> dict[str, str]:
    """Return the headings of these columns, with their units, by name."""
    return {
        "unmet": f"unmet [{mass}]",
        "unmet_of": "unmet of",
        "unmet_share": "unmet [share]",
        "shortage_cost": f"shortage cost [{currency}]",
        "assumed_rows": "assumed rows",
        "assumed_share": "assumed cost [share]",
    }
