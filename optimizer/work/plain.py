"""Answers as plain JSON and back, with every bit of every number.

A journal may have come from anybody, and reading a pickle runs what stands in it. So only these are written and made
again: None, truth values, numbers, texts, bytes, lists, tuples, dictionaries, arrays of numbers, and records of the
classes that are named beforehand.
"""

from __future__ import annotations

import base64
import dataclasses
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

_NUMBERS = {"float64", "int64", "int8", "bool"}


def to_plain(value: Any, records: Collection[str] = ()) -> Any:
    """Return a value as what JSON has words for; whatever is no list or scalar becomes an object with one key.

    A named tuple is written as a record where its class is among `records`, and else as a tuple, which it equals.
    """
    inside = partial(to_plain, records=records)
    match value:
        case None | bool() | int() | float() | str():
            return value
        case list():
            return [inside(one) for one in value]
        case tuple() if type(value).__name__ in records:
            return {type(value).__name__: {field: inside(getattr(value, field)) for field in value._fields}}  # type: ignore[attr-defined]
        case tuple():
            return {"tuple": [inside(one) for one in value]}
        case dict():
            return {"dict": [[inside(key), inside(one)] for key, one in value.items()]}
        case bytes():
            return {"bytes": base64.b64encode(value).decode()}
        case np.ndarray():
            whole = np.ascontiguousarray(value)
            return {"array": [whole.dtype.name, list(whole.shape), base64.b64encode(whole.tobytes()).decode()]}
        case _ if dataclasses.is_dataclass(value) and not isinstance(value, type):
            fields = [field.name for field in dataclasses.fields(value)]
            return {type(value).__name__: {field: inside(getattr(value, field)) for field in fields}}
        case _:
            msg = f"{type(value).__name__} is not plain data"
            raise TypeError(msg)


def from_plain(plain: Any, records: Mapping[str, type[Any]]) -> Any:
    """Return what `to_plain` was given; raises ValueError, TypeError or KeyError for anything else."""
    match plain:
        case None | bool() | int() | float() | str():
            return plain
        case list():
            return [from_plain(one, records) for one in plain]
        case {"tuple": list(inside)}:
            return tuple(from_plain(one, records) for one in inside)
        case {"dict": list(pairs)}:
            return {from_plain(key, records): from_plain(one, records) for key, one in pairs}
        case {"bytes": str(text)}:
            return base64.b64decode(text, validate=True)
        case {"array": [str(kind), list(shape), str(text)]} if kind in _NUMBERS:
            return np.frombuffer(base64.b64decode(text, validate=True), dtype=kind).reshape(shape).copy()
        case dict() if len(plain) == 1:
            ((name, named),) = plain.items()
            return records[name](**{field: from_plain(one, records) for field, one in named.items()})
        case _:
            msg = "is not plain data"
            raise ValueError(msg)
