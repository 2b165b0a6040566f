"""What pydantic found wrong with a record or a value, in one sentence: what was got, and what to write instead."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin

from pydantic import BaseModel, ValidationError

from models.records.wording import find_nearest, quote, suggest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from pydantic_core import ErrorDetails


def list_fields(model: type[BaseModel]) -> dict[str, Any]:
    """Return the fields of a record by the names that files use."""
    return {field.alias or name: field for name, field in model.model_fields.items()}


def describe_faults(
    error: ValidationError,
    model: type[BaseModel],
    under: tuple[str | int, ...] = (),
    hidden: Collection[str] = (),
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield path and sentence of everything that is wrong with a record, or with its value `under` a path.

    A key that is missing because it is misspelt is told once, where it is misspelt. Keys that are
    `hidden` are offered to nobody.
    """
    found = list_own_faults(error)
    for one in found:
        one["loc"] = (*under, *one["loc"])
    meant = {
        (*one["loc"][:-1], find_nearest(str(one["loc"][-1]), _fields_at(model, one["loc"])))
        for one in found
        if one["type"] == "extra_forbidden"
    }
    for one in found:
        if one["type"] != "missing" or one["loc"] not in meant:
            yield tuple(part for part in one["loc"] if part != "[key]"), describe_fault(one, model, hidden)


def list_own_faults(error: ValidationError) -> list[ErrorDetails]:
    """Return what pydantic found, without a list that is called too short only because of what is in it."""
    found = error.errors(include_url=False)
    inside = {one["loc"][:depth] for one in found for depth in range(len(one["loc"]))}
    return [one for one in found if one["type"] != "too_short" or one["loc"] not in inside]


def describe_fault(error: ErrorDetails, model: type[BaseModel] | None = None, hidden: Collection[str] = ()) -> str:
    """Say what pydantic found in one sentence: what was got, and what to write instead.

    `model` is the record that was read; without one, unknown keys get no suggestion.
    """
    got, about = quote(error["input"]), error.get("ctx", {})
    kind = error["type"]
    if kind == "value_error" and error["loc"][-1:] == ("year",):
        return f"{got} is not a year; write one such as 2027"
    if kind == "value_error":
        return str(about["error"])
    if kind == "missing":
        words = _list_words(error["loc"], model)
        return f"is missing; write {' or '.join(words)}" if words else "is missing; every record needs it"
    if kind == "extra_forbidden":
        return _unknown_key(error["loc"], model, hidden)
    if kind == "literal_error":
        return _not_allowed(error["input"], str(about["expected"]))
    return _BOUNDS[kind].format(got=got, **about) if kind in _BOUNDS else _by_family(kind, got, error["msg"])


def _list_words(path: Sequence[str | int], model: type[BaseModel] | None) -> tuple[str, ...]:
    """Return the words of which a key of a record takes one; none where it takes others."""
    field = list_fields(model).get(str(path[-1])) if model is not None and len(path) == 1 else None
    is_listed = field is not None and get_origin(field.annotation) is Literal
    return tuple(f'"{word}"' for word in get_args(field.annotation)) if field is not None and is_listed else ()


_BOUNDS = {
    "greater_than": "{got} is too small; write more than {gt:g}",
    "greater_than_equal": "{got} is too small; write {ge:g} or more",
    "less_than": "{got} is too large; write less than {lt:g}",
    "less_than_equal": "{got} is too large; write {le:g} or less",
    "too_short": "holds {actual_length} where {min_length} or more are needed; add some or remove the key",
    "too_long": "holds {actual_length} where {max_length} at most are allowed; remove some",
    "string_type": "{got} is not text; put it in quotes",
    "string_unicode": "holds text that is not Unicode; write it again",
}

_FAMILIES = {
    "bool": "is neither true nor false; write true or false",
    "date": "is not a date; write one such as 2026-01-31",
    "dict": "is not a table of keys; write key = value pairs",
    "float": "is not a number; write one such as 1234.5",
    "int": "is not a whole number; write one such as 12",
    "list": 'is not a list; write one such as ["a", "b"]',
    "model": "is not a table of keys; write key = value pairs",
    "tuple": 'is not a list; write one such as ["a", "b"]',
}


def _by_family(kind: str, got: str, message: str) -> str:
    family = _FAMILIES.get(kind.split("_", maxsplit=1)[0])
    return f"{got} {family}" if family else f"{got} cannot be used: {message[:1].lower()}{message[1:]}"


def _not_allowed(value: object, expected: str) -> str:
    allowed = re.findall(r"'([^']*)'", expected)
    if not allowed:
        return f"{quote(value)} cannot stand here; write {expected.lower()}"
    hint = suggest(value, allowed) if isinstance(value, str) else ""
    return f"{quote(value)} is not one of {', '.join(allowed)}{hint}"


def _unknown_key(path: Sequence[str | int], model: type[BaseModel] | None, hidden: Collection[str]) -> str:
    known = [key for key in _fields_at(model, path) if key not in hidden] if model else ()
    return f"is not a key that is known here{suggest_or_list(str(path[-1]), known)}"


def _fields_at(model: type[BaseModel], path: Sequence[str | int]) -> Collection[str]:
    """Return the fields of the record in which the last key of a path stands."""
    inner: type[BaseModel] | None = model
    for part in path[:-1]:
        if inner is not None and isinstance(part, str) and part in list_fields(inner):
            inner = _record_in(list_fields(inner)[part].annotation)
    return list_fields(inner) if inner else ()


def _record_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _record_in(part))), None)


def suggest_or_list(word: str, known: Collection[str]) -> str:
    """Return the nearest known name as a question, or the known names to choose from."""
    hint = suggest(word, known)
    return hint or (f"; use one of {', '.join(sorted(known))}" if known else "; remove it")
