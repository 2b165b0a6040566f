"""Write docs/reference.md from the records: every table, column, header key and limit.

    make docs

A test keeps the page equal to what this prints, so that it never says what is not so.
"""

from __future__ import annotations

import inspect
import types
import typing
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin

from models.instance import Instance, SolveSettings
from models.limits import KINDS
from models.limits.base import Limit, ScopedLimit
from models.limits.sources import SourcesLimit
from models.limits.subject import SubjectLimit
from models.market import REQUIRED_TABLES, TABLES, Market, Period, Record
from models.policies import Policy
from models.values import (
    Count,
    Country,
    Day,
    Flag,
    Name,
    Names,
    Number,
    Positive,
    PositiveShare,
    Quantity,
    Rate,
    RisingShares,
    Share,
    Text,
    Yes,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pydantic import BaseModel
    from pydantic.fields import FieldInfo

PAGE = Path(__file__).with_name("reference.md")

_KINDS: tuple[tuple[Any, str], ...] = (
    (Name, "name"),
    (Names, "names; with semicolons in a cell"),
    (Text, "text"),
    (Country, "country: name or ISO 3166 code"),
    (Day, "date: 2027-01-31"),
    (Flag, "yes or no"),
    (Count, "whole number, 0 or more"),
    (Number, "number"),
    (Positive, "number above 0"),
    (Quantity, "number, 0 or more"),
    (PositiveShare, "share above 0: 0.4 or 40%"),
    (Share, "share: 0.4 or 40%"),
    (tuple[Policy, ...], "list of policies by name"),
    (Yes, "true"),
    (RisingShares, "shares that grow; with semicolons in a cell: 25%; 50%"),
    (Rate, "rate: 0.25 or 25%; above 1 only as 250%"),
)
_ORIGINS = ("note", "source", "year")


def page() -> str:
    """Return the whole page."""
    parts = [
        (
            "# Reference\n\nWritten from the records by `make docs`; do not edit it by hand. Where a "
            "column or key may be left out, its default is named; *empty* means that the term is not there. "
            "Every table row and every limit may also have `note`, `source` and `year`."
        ),
        "## The header, `instance.toml`",
        _table(_header(), "key"),
        "### `[[periods]]`",
        _table(_fields(Period, ()), "key"),
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
    ]
    return "\n\n".join(parts) + "\n"


def _unscoped() -> str:
    """Return the kinds without a scope of materials and stages, in code marks."""
    kinds = [kind for kind in KINDS.values() if not issubclass(kind, ScopedLimit)]
    *first, last = (f"`{kind.model_fields['kind'].default}`" for kind in kinds)
    return f"{', '.join(first)} and {last}" if first else last


def _star(table: str) -> str:
    return " \\*" if table in REQUIRED_TABLES else ""


def _header() -> Iterator[tuple[str, FieldInfo, Any]]:
    for record in (Instance, Market):
        skipped = {"market", "limits", "solve", "periods", *TABLES, *_ORIGINS}
        yield from _fields(record, skipped)


def _section(title: str, record: type[Record]) -> str:
    words = inspect.cleandoc(record.__doc__ or "")
    return f"### {title}\n\n{words}\n\n{_table(_fields(record, ()), 'column', record.KEY)}"


def _limit(kind: type[Limit]) -> str:
    base = next(b for b in (SubjectLimit, SourcesLimit, ScopedLimit, Limit) if issubclass(kind, b))
    known = ScopedLimit.model_fields if base is SourcesLimit else base.model_fields
    module = inspect.cleandoc(inspect.getmodule(kind).__doc__ or "")  # type: ignore[union-attr]
    first, _, rest = module.partition("\n\n")
    words = rest.partition("\n\n")[0].replace("\n", " ")
    has = " Has a subject." if base is SubjectLimit else ""
    name = kind.model_fields["kind"].default
    return f"### `{name}`\n\n{first} {words}{has}\n\n{_table(_fields(kind, known), 'key')}"


def _fields(record: type[BaseModel], skipped: Iterable[str]) -> Iterator[tuple[str, FieldInfo, Any]]:
    hints = typing.get_type_hints(record, include_extras=True)
    for name, field in record.model_fields.items():
        if name not in {*skipped, *_ORIGINS}:
            yield field.alias or name, field, hints[name]


def _table(fields: Iterable[tuple[str, FieldInfo, Any]], what: str, key: tuple[str, ...] = ()) -> str:
    rows = [
        f"| {f'**`{name}`**' if name in key else f'`{name}`'} | {_kind(hint)} | {_default(field)} | {_said(field)} |"
        for name, field, hint in fields
    ]
    return "\n".join([f"| {what} | is | left out | |", "|---|---|---|---|", *rows])


def _said(field: FieldInfo) -> str:
    return " ".join((field.description or "").split())


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
