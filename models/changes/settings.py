"""``set``, ``drop``, ``as-of`` and ``case``: a field by its path, limits by name, the day, a list of changes."""

from __future__ import annotations

import types
import typing
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self, TypeVar, get_args, get_origin

from pydantic import TypeAdapter

from models.changes.amounts import Amount, read_relative
from models.changes.change import Change, Edit, read_as, split_at, split_at_last, unquote
from models.changes.selection import list_first, match_names
from models.instance import Risk
from models.market import TABLES, Record
from models.policies import read_named
from models.records.fields import FROM_FILE, Day, Flag, Number
from models.records.messages import list_fields, suggest_or_list
from models.records.renamed import OldWord, Renamed, find_renamed
from models.records.wording import format_exactly, suggest

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Collection

    from models.instance import Instance
    from models.market import Market
    from models.policies import Policy
    from models.records.frozen import Frozen

F = TypeVar("F", bound="Frozen")

_SETTINGS = ("solve", "risk", "response")
"""Keys of the header that are one record each."""
_DAY: TypeAdapter[datetime.date] = TypeAdapter(Day)
_FLAG: TypeAdapter[bool] = TypeAdapter(Flag)


@dataclass(frozen=True, kw_only=True)
class SetChange(Edit):
    """One field of one record, or of those that a wildcard means."""

    VERB: ClassVar[str] = "set"
    FORM: ClassVar[str] = "PATH=VALUE"
    EXAMPLE: ClassVar[str] = "set limits.china.max_share=30%"

    path: str
    value: str
    renamed: Renamed | None = field(default=None, compare=False)
    """How the value was called before, where it was written as that."""

    @classmethod
    def read(cls, said: str, text: str, origin: str) -> Self:
        """Read ``PATH=VALUE``."""
        path, value = cls.target_and_value(said, may_be_empty=True)
        head, rest = split_at(path, ".")
        known = ["limits", *_SETTINGS, *TABLES]
        if head not in known:
            msg = f"{head!r} is none of limits, {', '.join(_SETTINGS)} and the tables{suggest_or_list(head, known)}"
            raise ValueError(msg)
        if head == "rates":
            msg = "rates must be known before limits are; write rate CURRENCY=AMOUNT, such as rate CNY=+10%"
            raise ValueError(msg)
        if rest is None or (head not in _SETTINGS and split_at(rest, ".")[1] is None):
            msg = f"{path!r} is no path; write limits.NAME.FIELD, solve.FIELD or TABLE.KEY.COLUMN"
            raise ValueError(msg)
        word = find_renamed(head, unquote(split_at_last(rest, ".")[1] or ""), value)
        if word is not None:
            value, text = word.new, text.removesuffix(word.old) + word.new
        return cls(path=path, value=value, renamed=word, text=text, origin=origin)

    @property
    def old_words(self) -> tuple[OldWord, ...]:
        """The value, where it was renamed."""
        return () if self.renamed is None else (OldWord(self.origin, self.renamed),)

    def apply(self, instance: Instance) -> Instance:
        """Put the value in its place."""
        head, rest = split_at(self.path, ".")
        if head in _SETTINGS:
            return self._change_setting(instance, head, unquote(rest or ""))
        key, column = split_at_last(rest or "", ".")
        column = unquote(column or "")
        if head == "limits":
            names = _match(unquote(key), [limit.name for limit in instance.limits], "limit")
            limits = [limit for limit in instance.limits if limit.name in names]
            put = _make_putter(limits, self._change(limits, column, "a limit of this kind"))
            return instance.model_copy(update={"limits": tuple(map(put, instance.limits))})
        records = getattr(instance.market, head)
        keys = {format_key(record): record for record in records}
        meant = [keys[name] for name in _match(unquote(key), list(keys), f"row of {head}")]
        declared = head == "offers" and column in instance.market.attributes
        changed = self._change_attribute(meant, column) if declared else self._change(meant, column, head)
        update = {head: tuple(map(_make_putter(meant, changed), records))}
        return instance.model_copy(update={"market": instance.market.model_copy(update=update)})

    def _change_setting(self, instance: Instance, head: str, column: str) -> Instance:
        """Return an instance with a key changed of a record of its header."""
        of_market = head in type(instance.market).model_fields
        whose = instance.market if of_market else instance
        record = getattr(whose, head)
        if record is None and head == "risk":
            record = Risk(measure="expected")  # which is what counts without any
        if record is None:
            msg = f"the instance has no [{head}] of which one key could be changed; add it to the header first"
            raise ValueError(msg)
        update = {head: self._change([record], column, head)[0]}
        return instance.model_copy(
            update={"market": instance.market.model_copy(update=update)} if of_market else update
        )

    def _change(self, records: list[F], column: str, what: str) -> list[F]:
        """Return the records with the field changed; those of a wildcard that have no such field stay as they are."""
        with_field = [record for record in records if column in list_fields(type(record))]
        if not with_field:
            known = list_fields(type(records[0]))
            msg = f"{column!r} is no field of {what}{suggest_or_list(column, known)}"
            raise ValueError(msg)
        return [self._put(record, column) if record in with_field else record for record in records]

    def _put(self, record: F, column: str) -> F:
        model = type(record)
        name = next(name for name, info in model.model_fields.items() if (info.alias or name) == column)
        field = model.model_fields[name]
        if not self.value:
            if field.is_required():
                msg = f"has no value, and {column} is needed; write one"
                raise ValueError(msg)
            rest = [other for other in getattr(record, "assumed", ()) if other != column]
            cleared = {"assumed": tuple(rest)} if isinstance(record, Record) else {}
            return record.model_copy(update=cleared | {name: field.get_default()})
        return record.model_copy(update={name: self._read(_reader(model, name), getattr(record, name))})

    def _change_attribute(self, offers: list[Any], column: str) -> list[Any]:
        """Return offers with one of the further numbers changed that the header declares."""
        found = []
        for offer in offers:
            rest = {name: number for name, number in offer.attributes.items() if name != column}
            new = {column: self._read(_number, offer.attributes.get(column))} if self.value else {}
            found.append(offer.model_copy(update={"attributes": rest | new}))
        return found

    def _read(self, reader: Callable[[object], Any], present: object) -> Any:
        moved = self._read_relative(reader)
        if moved is None:
            return reader(self.value)
        if present is None:
            msg = f"there is no value yet that {self.value} could change; write one"
            raise ValueError(msg)
        number = moved.of(float(typing.cast("float", present)))
        try:
            return reader(number)
        except ValueError as error:
            why = str(error).partition(";")[0]
            msg = f"{present:.15g} {self.value} makes {format_exactly(number)}, and {why}; write a smaller change"
            raise ValueError(msg) from None

    def _read_relative(self, reader: Callable[[object], Any]) -> Amount | None:
        """Return the relative amount that the value says, where the field holds a number."""
        try:
            moved = read_relative(self.value, ("%", "pp", ""))
        except ValueError:
            return None
        return moved if moved is not None and getattr(reader, "numeric", False) else None


class _Reader:
    """Reads the text of a value as a field of a record does in a file."""

    def __init__(self, annotation: Any) -> None:
        self._annotation = _drop_none(annotation)
        self._adapter: TypeAdapter[Any] = TypeAdapter(annotation)
        parts = {self._annotation, *get_args(self._annotation)}
        self.numeric = bool(parts & {int, float})

    def __call__(self, value: object) -> Any:
        if get_origin(self._annotation) is tuple and isinstance(value, str):
            value = [part.strip() for part in value.split(";")]
        elif self._annotation == Literal[True] and isinstance(value, str):
            value = read_as(_FLAG, value)
        return read_as(self._adapter, value, FROM_FILE)


def _drop_none(annotation: Any) -> Any:
    if get_origin(annotation) in {typing.Union, types.UnionType}:
        return next(part for part in get_args(annotation) if part is not type(None))
    return annotation


@cache
def _reader(model: type[Frozen], name: str) -> _Reader:
    return _Reader(typing.get_type_hints(model, include_extras=True)[name])


_number = _Reader(Number)


def _make_putter(before: list[Any], after: list[Any]) -> Callable[[Any], Any]:
    """Return what puts a changed record in the place of the one that it was, and leaves others alone."""
    new = {id(old): changed for old, changed in zip(before, after, strict=True)}
    return lambda record: new.get(id(record), record)


def format_key(record: Record) -> str:
    """Return the key of a row as a path names it: the parts that are there, joined by ``/``."""
    parts = [f"{part:.12g}" if isinstance(part, float) else str(part) for part in record.key if part is not None]
    return "/".join(parts)


def _match(pattern: str, names: Collection[str], what: str) -> list[str]:
    found = match_names(pattern, names)
    if not found:
        cure = suggest(pattern, names) or (f"; write one of {list_first(names)}" if names else "; there is none")
        msg = f"{pattern!r} is no {what}{cure}"
        raise ValueError(msg)
    return found


@dataclass(frozen=True, kw_only=True)
class DropChange(Edit):
    """A limit that no longer holds."""

    VERB: ClassVar[str] = "drop"
    FORM: ClassVar[str] = "LIMIT"
    EXAMPLE: ClassVar[str] = "drop china*"

    limit: str

    @classmethod
    def read(cls, said: str, text: str, origin: str) -> Self:
        """Read ``LIMIT``."""
        return cls(limit=unquote(said), text=text, origin=origin)

    def apply(self, instance: Instance) -> Instance:
        """Take the limits away."""
        gone = set(_match(self.limit, [limit.name for limit in instance.limits], "limit"))
        kept = tuple(limit for limit in instance.limits if limit.name not in gone)
        return instance.model_copy(update={"limits": kept})


@dataclass(frozen=True, kw_only=True)
class PolicyChange(Edit):
    """A policy that comes with Lodeplan, and holds as well."""

    FIRST = 1
    VERB: ClassVar[str] = "policy"
    FORM: ClassVar[str] = "NAME[:MEASURE,...]"
    EXAMPLE: ClassVar[str] = "policy eu-crma"

    policy: Policy

    @classmethod
    def read(cls, said: str, text: str, origin: str) -> Self:
        """Read ``NAME`` or ``NAME:MEASURE,...``."""
        return cls(policy=read_named(said), text=text, origin=origin)

    def apply(self, instance: Instance) -> Instance:
        """Add the policy."""
        return instance.model_copy(update={"policies": (*instance.policies, self.policy)})


@dataclass(frozen=True, kw_only=True)
class AsOfChange(Edit):
    """The day on which duties, controls and policies are looked up."""

    FIRST = 1
    VERB: ClassVar[str] = "as-of"
    FORM: ClassVar[str] = "DATE"
    EXAMPLE: ClassVar[str] = "as-of 2027-01-15"

    day: datetime.date

    @classmethod
    def read(cls, said: str, text: str, origin: str) -> Self:
        """Read ``DATE``."""
        return cls(day=read_as(_DAY, said), text=text, origin=origin)

    def apply(self, instance: Instance) -> Instance:
        """Set the day."""
        market: Market = instance.market
        if any(policy.looked_up is not None for policy in instance.policies):
            msg = "policies were looked up already; set the day before that"
            raise ValueError(msg)
        return instance.model_copy(update={"market": market.model_copy(update={"as_of": self.day})})


@dataclass(frozen=True, kw_only=True)
class CaseChange(Change):
    """The changes of a case that the instance names; they are made in its place."""

    VERB: ClassVar[str] = "case"
    FORM: ClassVar[str] = "NAME"
    EXAMPLE: ClassVar[str] = "case winter"

    name: str

    @classmethod
    def read(cls, said: str, text: str, origin: str) -> Self:
        """Read ``NAME``."""
        return cls(name=unquote(said), text=text, origin=origin)
