"""What hangs on whom as bought today, from Python."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from lodeplan._instance import enforced
from lodeplan._result import Result
from optimizer.notes import list_notes
from optimizer.page.notebook import draw_sourcing
from optimizer.report import current_sourcing as report
from optimizer.results.current_sourcing import CurrentSourcing

if TYPE_CHECKING:
    from os import PathLike

    from models.instance import Instance


class Exposure(Result):
    """What hangs on whom as bought today, what of it is undisclosed, and which caps it breaks."""

    def __init__(self, sourcing: CurrentSourcing) -> None:
        """Hold what is bought today; `lodeplan.exposure` calls this."""
        self._sourcing = sourcing

    @property
    def answer(self) -> str:
        """What most hangs on whom, what is undisclosed, how many caps are broken, and what is not stated."""
        return report.answer_exposure(self._sourcing)

    @property
    def text(self) -> str:
        """What ``lodeplan exposure`` prints."""
        return report.format_exposure(self._sourcing)

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """What is worth a look in the instance: a sentence each."""
        return tuple(list_notes(self._sourcing.instance))

    @cached_property
    def tables(self) -> dict[str, pd.DataFrame]:
        """`exposure`: a row for each country or company at a stage; `broken`: a row for each cap that is broken."""
        found = {"exposure": report.list_dependencies(self._sourcing), "broken": report.list_broken(self._sourcing)}
        return {name: pd.DataFrame(rows) for name, rows in found.items() if rows}

    @property
    def exposure(self) -> pd.DataFrame:
        """One row a country or company at a stage: its share of what is bought today, and what it is at most."""
        return self.tables.get("exposure", pd.DataFrame())

    @property
    def broken(self) -> pd.DataFrame:
        """One row a limit that what is bought today breaks."""
        return self.tables.get("broken", pd.DataFrame())

    @property
    def _drawn(self) -> str:
        return draw_sourcing(report.list_dependencies(self._sourcing))

    def as_dict(self) -> dict[str, Any]:
        """Return what ``lodeplan exposure --json`` prints."""
        return report.exposure_as_data(self._sourcing) | {"notes": list(self.notes)}


def exposure(instance: Instance | str | PathLike[str]) -> Exposure:
    """Return what hangs on whom as bought today; no program is solved.

    Args:
        instance: an instance, or where one is to be read. Bought today is what its table `earlier` says, or else its
            table `commitments`, or else `incumbent_quantity` of its offers.

    Raises:
        InputError: the instance cannot be read, or does not say what is bought today.

    """
    return Exposure(CurrentSourcing(enforced(instance)))
