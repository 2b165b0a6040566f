"""What all records are: frozen, closed to unknown fields, and safe to copy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    from collections.abc import Mapping


_put = object.__setattr__


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
    def of_read(cls, values: dict[str, Any], said: set[str]) -> Self:
        """Return a record of the values of all its fields, in their order, each of which was read by itself.

        It takes both as they are; `said` are the fields that were stated. For a class without validators of its own.
        """
        record = cls.__new__(cls)
        _put(record, "__dict__", values)
        _put(record, "__pydantic_fields_set__", said)
        _put(record, "__pydantic_extra__", None)
        _put(record, "__pydantic_private__", None)
        return record

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
