"""What may say where it comes from."""

from __future__ import annotations

from models.records.fields import Count, Text
from models.records.frozen import Frozen


class Sourced(Frozen):
    """A frozen record that may say where it comes from."""

    note: Text | None = None
    source: Text | None = None
    year: Count | None = None
