"""What a check says: mismatches, which are faults, flags, which somebody should look at, and what it cannot tell."""

from __future__ import annotations

from typing import Literal, NamedTuple


class Finding(NamedTuple):
    """One thing that a check found in an instance."""

    kind: Literal["mismatch", "flag", "not checked"]
    """A mismatch is a figure that is not what its own row says; a flag may be right."""
    about: str
    """What was checked: freight, capacity, owners."""
    what: str
    """The row and what is found of it, in one line."""
