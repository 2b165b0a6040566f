"""Where the files of a plan folder say something else than they should, in what a command does not read."""

from __future__ import annotations

import io
import math
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

from models.market.tables.scenario import CALM
from models.records.tolerances import RECOUNTED, WRITTEN
from models.records.wording import format_amount, format_count, quote
from optimizer.files.json_file import UnreadableJsonError, read_json
from optimizer.folders.place import SUMMARY
from optimizer.folders.plan_folder import PlanFolder
from optimizer.results.price import Price, one_notch_looser
from optimizer.tables import COSTS, PLAN_TABLES, PRICES, describe_missing, units_of
from optimizer.tables.scenarios import REGRET, RESPONSES, RISK
from optimizer.tables.table import SOLVED, Units

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from pathlib import Path

    from models.enforcement import EnforcedInstance
    from models.market import Market
    from optimizer.results.account import Account
    from optimizer.tables.reading import Cells
    from optimizer.tables.table import Table

_Rows = dict[tuple[str, ...], "Cells"]
_OF_THE_RUN = {"instance", "digest", "solver", "seconds", "sizes", "versions"}
"""Keys of a summary that tell how a plan was found, and of which records; plans may be the same in all else."""
_LATER = {"reserved"}
"""Columns that plans of an earlier version lack, which could have nothing in them."""
_OF_SCENARIOS = (RISK, RESPONSES, REGRET)
"""Tables whose figures are found by solving."""
_STATED = {"begins", "probability"}
"""What of a scenario stands in the instance."""
_OWN_COST = "risk.calm.cost"
"""Where the summary of a plan for scenarios says what the plan itself costs."""
_COMPARED = {
    "title",
    "currency",
    "mass_unit",
    "status",
    "cost",
    "bound",
    "unmet",
    "undisclosed",
    "survival",
    "assumed.rows",
}
"""What of a summary is compared: keys, and one path."""


@dataclass(frozen=True, eq=False)
class _Anew:
    """A plan of which nothing but its numbers is known, and the limits that may have been priced."""

    instance: EnforcedInstance
    account: Account
    prices: tuple[Price, ...]
    risk: None = None
    """What follows in scenarios is found by solving."""
    value: None = None


def stale_figures(folder: Path, instance: EnforcedInstance, account: Account, *, costs: bool) -> list[str]:
    """Return a sentence when the files of a plan say something else than follows from its numbers, one when some lack.

    Without `costs` it does not look at costs.csv.
    """
    from optimizer.tables.frames import csv_text, plan_tables

    units = units_of(instance)
    files = PlanFolder(folder, units=units)
    anew = "the plan worked out anew"
    places: list[str] = []
    priced = [Price(limit, None, one_notch_looser(limit), None) for limit in instance.limits if not limit.watch]
    frames = plan_tables(_Anew(instance, account, tuple(priced)))
    for table in PLAN_TABLES:
        if (costs or table is not COSTS) and table not in _OF_SCENARIOS and files.holds(table) and table.name in frames:
            made, found = files.rows(table, io.StringIO(csv_text(frames[table.name]))), files.table(table)
            if table is PRICES:  # perhaps not of all limits
                made = {limit: row for limit, row in made.items() if limit in found}
            places += _rows_that_differ(table, made, found, anew, but=table.names(SOLVED))
            places += _faults(table, found.values(), units) if table is PRICES else ()
    places += _scenarios_that_differ(files, instance.market)
    summary = _summary(folder)
    own = _OWN_COST if _OWN_COST in summary else "cost"  # what scenarios cost is found by solving
    costs_of = account.costs | ({"penalty": account.penalty} if account.penalty else {})
    figures = {own: account.total} | {f"costs.{name}": amount for name, amount in costs_of.items()}
    said = {path: value for path, value in summary.items() if path == own or path.startswith("costs.")}
    places += _values_that_differ(figures, said, anew)
    stale = _fold([*files.problems, *places], "an audit goes by the quantities, what is signed, and the instance")
    return stale + _describe_missing(files)


def _scenarios_that_differ(files: PlanFolder, market: Market) -> Iterator[str]:
    """Yield where tables of scenarios say something else than the instance: when one begins, and how probable it is.

    Those that are made of hazards are not made again: they must begin in a period of the instance.
    """
    named = {row.scenario: row for row in market.scenarios}
    theirs = "the instance"
    for (name,), cells in files.table(RISK).items() if files.holds(RISK) else ():
        begins, row = cells.texts["begins"].strip(), named.get(name)
        if row is not None:
            for column, text in cells.texts.items():
                should = str(getattr(row, field, "")) if (field := column.partition(" ")[0]) in _STATED else text
                if not _is_same(text, should, 0.0):
                    yield f"{cells.place} {column} says {_format_text(text)}, and {theirs} says {_format_text(should)}"
        elif begins not in market.years and (begins or name != CALM):
            yield f"{cells.place} begins says {quote(begins)}, which is no period of {theirs}"
    for cells in files.table(RESPONSES).values() if files.holds(RESPONSES) else ():
        period = cells.texts["period"]
        if period not in market.years:
            yield f"{cells.place} period says {quote(period)}, which is no period of {theirs}"


def _faults(table: Table[Any], rows: Iterable[Cells], units: Units) -> Iterator[str]:
    """Yield the places in rows that contradict each other."""
    for cells in rows:
        yield from (f"{cells.place} {column}: {fault}" for column, fault in table.faults(cells.texts, units))


def _describe_missing(files: PlanFolder) -> list[str]:
    """Return one sentence when tables lack that every plan has today, or nothing."""
    said = describe_missing({table.name for table in PLAN_TABLES if files.holds(table)})
    return [said] if said else []


def describe_difference(before: Path, after: Path) -> list[str]:
    """Return one sentence when two plan folders differ that are the same in all that is compared, or nothing."""
    summaries = _summary(before), _summary(after)
    first, second = (
        PlanFolder(folder, units=Units(str(said.get("mass_unit")), str(said.get("currency"))), units_of=SUMMARY)
        for folder, said in zip((before, after), summaries, strict=True)
    )
    places: list[str] = []
    for table in PLAN_TABLES:
        if first.holds(table) and second.holds(table):
            places += _rows_that_differ(table, first.table(table), second.table(table), str(before))
    one, other = (
        {path: value for path, value in said.items() if not {path, path.partition(".")[0]} & (_OF_THE_RUN | _COMPARED)}
        for said in summaries
    )
    places = [*first.problems, *second.problems, *places, *_values_that_differ(one, other, str(before))]
    told = [f"{after}/{said}" for said in _fold(places, "this is not compared, see both files")]
    return told + [f"{files.folder}/{said}" for files in (first, second) for said in _describe_missing(files)]


def _rows_that_differ(
    table: Table[Any], made: _Rows, found: _Rows, whose: str, but: Collection[str] = ()
) -> Iterator[str]:
    """Yield the places in a table that are other in that of somebody else, `but` for some columns."""
    for key, cells in found.items():
        if key not in made:
            yield f"{cells.place} stands there and is no row of {whose}"
            continue
        theirs = made[key].texts
        scale = max((abs(number) for number in map(_number, theirs.values()) if math.isfinite(number)), default=0.0)
        for column, text in (dict.fromkeys(theirs, "") | cells.texts).items():
            place = f"{cells.place} {column}"
            is_new = column in _LATER and column not in cells.texts and theirs[column] == "0"
            if column in but or is_new:
                continue
            if column in theirs and not _is_same(text, theirs[column], scale):
                yield f"{place} says {_format_text(text)}, and {whose} says {_format_text(theirs[column])}"
            elif column not in theirs and text.strip():
                yield f"{place} says {_format_text(text)}, and {whose} has no such column"
    for key in made.keys() - found.keys():
        yield f"{table.name}.csv lacks the row {', '.join(filter(None, key))} of {whose}"


def _values_that_differ(made: Mapping[str, object], found: Mapping[str, object], whose: str) -> Iterator[str]:
    for path in dict.fromkeys([*found, *made]):
        said, should = str(found.get(path, "")), str(made.get(path, ""))
        if not _is_same(said, should, 0.0):
            yield f"{SUMMARY} {path} says {_format_text(said)}, and {whose} says {_format_text(should)}"


def _fold(places: list[str], why: str) -> list[str]:
    more = f" (and so in {format_count(len(places) - 1, 'further places')})" if len(places) > 1 else ""
    return [f"{places[0]}{more}; {why}"] if places else []


def _summary(folder: Path) -> dict[str, object]:
    """Return the values of a summary by their paths."""
    try:
        return dict(_leaves(read_json(folder / SUMMARY, folder)))
    except UnreadableJsonError:  # which whoever needs it says
        return {}


def _leaves(tree: Any, path: str = "") -> Iterator[tuple[str, object]]:
    match tree:
        case dict():
            yield from chain.from_iterable(_leaves(inner, f"{path}.{key}") for key, inner in tree.items())
        case list():
            yield from chain.from_iterable(_leaves(inner, f"{path}.{number}") for number, inner in enumerate(tree))
        case _:
            yield path.removeprefix("."), tree


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def _is_same(one: str, other: str, scale: float) -> bool:
    """Whether two cells say the same, but for spelling and rounding; `scale` is the largest figure beside them."""
    first, second = _number(one), _number(other)
    return one.strip() == other.strip() or math.isclose(first, second, rel_tol=RECOUNTED, abs_tol=WRITTEN * scale)


def _format_text(text: str) -> str:
    return format_amount(_number(text)) if math.isfinite(_number(text)) else quote(text) if text else "nothing"
