"""What every row of a table is, and what its class says of the table: names, references, part and order."""

from __future__ import annotations

from typing import ClassVar

from models.records.fields import Count, Text
from models.records.frozen import Frozen


class Record(Frozen):
    """A frozen record that may say where it comes from."""

    KEY: ClassVar[tuple[str, ...]] = ()

    note: Text | None = None
    source: Text | None = None
    year: Count | None = None

    @property
    def key(self) -> tuple[object, ...]:
        """The values of the key columns: what no two rows of a table share."""
        return tuple(getattr(self, column) for column in self.KEY)
