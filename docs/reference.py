"""Write docs/reference.md from the records: every table, column, header key and limit, and the tables of a plan.

    make docs

A test keeps the page equal to what this prints, so that it never says what is not so.
"""

from __future__ import annotations

import inspect
import sys
import types
import typing
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args, get_origin

from models.instance import Instance, Risk, SolveSettings
from models.limits import KINDS, AnyLimit
from models.limits.contract.limit import Limit
from models.limits.contract.scoped import ScopedLimit
from models.limits.contract.sources import SourcesLimit
from models.limits.contract.subject import SubjectLimit
from models.market import REQUIRED_TABLES, TABLES, Market, Period, Record, ShortNotice
from models.policies import Measure, Pending, Policy, Suspension
from models.policies.policy import ControlRule, DutyRule, PolicyName
from models.records.fields import (
    Count,
    Country,
    Day,
    Finite,
    Flag,
    Name,
    Names,
    Number,
    Positive,
    PositiveShare,
    Quality,
    Quantity,
    Rate,
    RisingShares,
    Room,
    Share,
    Stages,
    Text,
    Tolerance,
    Years,
    Yes,
)
from optimizer.files.field_words import field_words
from optimizer.tables import PLAN_TABLES
from optimizer.tables.table import Role, Unit, UnitOf, Units

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pydantic.fields import FieldInfo

    from models.records.frozen import Frozen
    from optimizer.tables.table import Column, Table

PAGE = Path(__file__).with_name("reference.md")

_KINDS: tuple[tuple[Any, str], ...] = (
    (Name, "name"),
    (PolicyName, "name: small letters, digits and hyphens"),
    (Names, "names; with semicolons in a cell"),
    (Stages, "names; with semicolons in a cell"),
    (Text, "text"),
    (Country, "country: name or ISO 3166 code"),
    (Day, "date: 2027-01-31"),
    (Flag, "yes or no"),
    (Count, "whole number, 0 or more"),
    (Finite, "number"),
    (Number, "number up to 1e15"),
    (Positive, "number above 0, up to 1e15"),
    (Quantity, "number, 0 or more, up to 1e15"),
    (Room, "number, 0 or more; 1e30 is no bound"),
    (Tolerance, "number, 0 or more"),
    (Years, "number from 0.001 to 1000"),
    (PositiveShare, "share above 0: 0.4 or 40%"),
    (Share, "share: 0.4 or 40%"),
    (tuple[Policy, ...], "list of policies by name"),
    (Yes, "true"),
    (tuple[Measure, ...], "tables of measures"),
    (tuple[Suspension, ...], "list of suspensions, as below"),
    (tuple[Pending, ...], "list of what is pending, as below"),
    (AnyLimit, "[limit](#limits-limitsname)"),
    (DutyRule, "duty, as below"),
    (ControlRule, "control, as below"),
    (RisingShares, "shares that grow; with semicolons in a cell: 25%; 50%"),
    (Rate, "rate: 0.25 or 25%; above 1 only as 250%"),
)
_POLICY_PARTS: dict[str, type[Frozen]] = {
    "[measures.NAME]": Measure,
    "suspended": Suspension,
    "pending": Pending,
    "duty": DutyRule,
    "control": ControlRule,
}
_ORIGINS = ("note", "source", "year", "quality", "assumed")
_USES = {Role.READ: "audit", Role.COMPARED: "compare"}


class _Line(NamedTuple):
    """A line of a table: a field of a record."""

    name: str
    field: FieldInfo
    hint: Any
    words: str


def page() -> str:
    """Return the whole page."""
    parts = [
        (
            "# Reference: header, tables, limits, and the tables of a plan\n\n"
            "Written from the records by `make docs`; do not edit it by hand. Where a "
            "column or key may be left out, its default is named; *empty* means that the term is not there. "
            "Every table row, period and limit may also have `note`, `source` and `year`, `quality` (how well its "
            f"figures are known: {_words()}) and `assumed` (names of its own columns that are assumed when the others "
            "are not; with semicolons in a cell)."
        ),
        "## The header, `instance.toml`",
        _table(_header(), "key"),
        "### `[[periods]]`",
        _table(_fields(Period, ()), "key"),
        "### `[response]`",
        (
            "What suppliers give at short notice when something stops; a column of `offers` of the same name says it "
            "for one. Only the [stress test](stress.md) reads it, and without it counts on stock and on what was "
            "planned alone."
        ),
        _table(_fields(ShortNotice, ()), "key"),
        "### `[risk]`",
        "How a plan weighs what may happen, where there are `scenarios` or `hazards`.",
        _table(_fields(Risk, ()), "key"),
        "### `[solve]`",
        _table(_fields(SolveSettings, ()), "key"),
        "## Tables",
        *(_section(f"`{name}`{_star(name)}", record) for name, record in TABLES.items()),
        "\\* needed. No two rows of a table have the same values in the columns in bold.",
        "## Limits, `[limits.NAME]`",
        "Every limit has",
        _table(_fields(Limit, ("name", "kind")), "key"),
        f"All but {_unscoped()} may be scoped:",
        _table(_fields(ScopedLimit, Limit.model_fields), "key"),
        "A *subject* is exactly one of `each`, `country`, `bloc`, `company`, `offer`:",
        _table(_fields(SubjectLimit, ScopedLimit.model_fields), "key"),
        *(_limit(kind) for kind in KINDS.values()),
        "## A policy, a TOML file",
        (
            "`materials`, `bound`, `evidence`, `looked_at` and `known_as` may also stand once at the top, for every "
            "measure that says nothing else. [Policies](policies.md) shows one."
        ),
        _table(_fields(Policy, ("chosen", "looked_up"), ()), "key"),
        *(_part_of_policy(title, record) for title, record in _POLICY_PARTS.items()),
        "## Tables of a plan",
        (
            "What `solve -o` writes. The unit of a column stands in its heading, as in `quantity [t]`, but for shares "
            "of `exposure.csv`. The columns in bold name a row. *audit*: `lodeplan audit` reads a plan from it, and "
            "works all else out anew. *compare*: `lodeplan compare` looks at it."
        ),
        *(_section_of_plan(table) for table in PLAN_TABLES),
    ]
    return "\n\n".join(parts) + "\n"


def _words() -> str:
    """Return the words for how well figures are known, in code marks."""
    *first, last = (f"`{word}`" for word in get_args(Quality))
    return f"{', '.join(first)} or {last}"


def _unscoped() -> str:
    """Return the kinds without a scope of materials and stages, in code marks."""
    kinds = [kind for kind in KINDS.values() if not issubclass(kind, ScopedLimit)]
    *first, last = (f"`{kind.model_fields['kind'].default}`" for kind in kinds)
    return f"{', '.join(first)} and {last}" if first else last


def _star(table: str) -> str:
    return " \\*" if table in REQUIRED_TABLES else ""


def _header() -> Iterator[_Line]:
    for record in (Instance, Market):
        skipped = {"market", "limits", "response", "risk", "solve", "periods", *TABLES, *_ORIGINS}
        yield from _fields(record, skipped)


def _section(title: str, record: type[Record]) -> str:
    words = inspect.cleandoc(record.__doc__ or "")
    return f"### {title}\n\n{words}\n\n{_table(_fields(record, ()), 'column', record.KEY)}"


def _section_of_plan(table: Table) -> str:
    words, said = " ".join((table.row.__doc__ or "").split()), field_words(table.row)
    lines = [
        f"| {f'**`{column.name}`**' if Role.KEY in column.roles else f'`{column.name}`'} | {_cell(column)} "
        f"| {_unit(column)} | {', '.join(_USES[role] for role in Role if role in column.roles & _USES.keys())} "
        f"| {said[column.field]} |"
        for column in table.columns
    ]
    heading = ["| column | is | unit | used by | |", "|---|---|---|---|---|"]
    only = f" Only with `solve {table.comes_with}`." if table.comes_with else f" {table.only}".rstrip()
    return "\n".join([f"### `{table.name}.csv`\n\n{words}{only}\n", *heading, *lines])


def _cell(column: Column) -> str:
    if column.words is not None:
        *first, last = (f"`{word}`" if word else "empty" for word in column.words)
        return f"{', '.join(first)} or {last}"
    return {"text": "text", "flag": "yes or no", "number": "number"}[column.kind] + ", or empty" * column.may_be_empty


def _unit(column: Column) -> str:
    match column.unit:
        case Unit():
            return column.unit.of(Units("mass unit", "currency"))
        case UnitOf():
            return f"as in `{column.unit.column}`"
        case None:
            return ""


def _part_of_policy(title: str, record: type[Frozen]) -> str:
    words = " ".join(inspect.cleandoc(record.__doc__ or "").split())
    return f"### `{title}`\n\n{words}\n\n{_table(_fields(record, ('name',), ()), 'key')}"


def _limit(kind: type[Limit]) -> str:
    base = next(b for b in (SubjectLimit, SourcesLimit, ScopedLimit, Limit) if issubclass(kind, b))
    known = ScopedLimit.model_fields if base is SourcesLimit else base.model_fields
    module = inspect.cleandoc(sys.modules[kind.__module__].__doc__ or "")
    first, _, rest = module.partition("\n\n")
    words = rest.partition("\n\n")[0].replace("\n", " ")
    has = " Has a subject." if base is SubjectLimit else ""
    name = kind.model_fields["kind"].default
    return f"### `{name}`\n\n{first} {words}{has}\n\n{_table(_fields(kind, known), 'key')}"


def _fields(record: type[Frozen], skipped: Iterable[str], origins: tuple[str, ...] = _ORIGINS) -> Iterator[_Line]:
    hints = typing.get_type_hints(record, include_extras=True)
    said = field_words(record)
    for name, field in record.model_fields.items():
        if name not in {*skipped, *origins}:
            yield _Line(field.alias or name, field, hints[name], said.get(name, ""))


def _table(lines: Iterable[_Line], what: str, key: tuple[str, ...] = ()) -> str:
    rows = [
        f"| {f'**`{line.name}`**' if line.name in key else f'`{line.name}`'} "
        f"| {_kind(line.hint)} | {_default(line.field)} | {line.words} |"
        for line in lines
    ]
    return "\n".join([f"| {what} | is | left out | |", "|---|---|---|---|", *rows])


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "must be there"
    if field.default is None or field.default in ((), {}):
        return "empty"
    if isinstance(field.default, bool):
        return "yes" if field.default else "no"
    return f"{field.default:g}" if isinstance(field.default, (int, float)) else f"`{field.default}`"


def _kind(hint: Any) -> str:
    for known, words in _KINDS:
        if hint == known:
            return words
    origin, inner = get_origin(hint), get_args(hint)
    if origin in {typing.Union, types.UnionType}:
        return _kind(next(part for part in inner if part is not type(None)))
    if origin is Literal:
        return " or ".join("true" if value is True else f'`"{value}"`' for value in inner)
    if origin is tuple:
        return f"list of {_kind(inner[0])}"
    if origin is dict:
        return f"table of {_kind(inner[1])}"
    return _kind(inner[0]) if inner else str(getattr(hint, "__name__", hint))


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
