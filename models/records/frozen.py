"""What all records are: frozen, closed to unknown fields, and safe to copy."""

from __future__ import annotations

from collections import deque
from itertools import repeat
from typing import TYPE_CHECKING, Any, Self

from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence


_PARTS = {name: vars(BaseModel)[name].__set__ for name in BaseModel.__slots__}
"""What puts each part of a record into its place: the record is frozen, and there may be many of them."""


def _for_each(done: Callable[..., None], *arguments: Iterable[Any]) -> None:
    """Call a function with the arguments of each row, without a step of Python between them."""
    deque(map(done, *arguments), maxlen=0)


class Frozen(BaseModel):
    """A frozen record that refuses unknown fields."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        validate_by_name=True,
        validate_by_alias=True,
        defer_build=True,
    )

    @classmethod
    def of_columns(cls, values: dict[str, Any], columns: Mapping[str, Sequence[Any]], rows: int) -> list[Self]:
        """Return the records of some rows, given the value of every field, and those that differ from row to row.

        It takes values as they are, each was read by itself; the columns are the fields that were stated. For a class
        without validators of its own.
        """
        fields = list(map(dict.copy, repeat(values, rows)))
        _for_each(dict.update, fields, map(zip, repeat(tuple(columns)), zip(*columns.values(), strict=True)))
        records = list(map(cls.__new__, repeat(cls, rows)))
        _for_each(_PARTS["__dict__"], records, fields)
        _for_each(_PARTS["__pydantic_fields_set__"], records, repeat(set(columns)))
        _for_each(_PARTS["__pydantic_extra__"], records, repeat(None))
        _for_each(_PARTS["__pydantic_private__"], records, repeat(None))
        return records

    def __getstate__(self) -> dict[Any, Any]:
        """Return what another process needs: the fields, and not what was worked out from them."""
        state = super().__getstate__()
        fields = {name: value for name, value in state["__dict__"].items() if name in type(self).model_fields}
        return state | {"__dict__": fields}

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Return a copy with some fields replaced (not validated).

        Cached properties are not taken along: pydantic would keep those of the original, though they
        were worked out from the fields that are replaced.
        """
        copy = super().model_copy(update=update, deep=deep)
        for name in set(copy.__dict__) - set(type(self).model_fields):
            del copy.__dict__[name]
        return copy
