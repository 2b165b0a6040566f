"""What all records are: frozen, closed to unknown fields, and safe to copy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    from collections.abc import Mapping


class Frozen(BaseModel):
    """A frozen record that refuses unknown fields."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        validate_by_name=True,
        validate_by_alias=True,
        defer_build=True,
    )

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
