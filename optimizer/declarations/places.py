"""Countries as declarations write them: one in a cell, several, or none that is disclosed."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING

from models.records.countries import UNDISCLOSED, read_country
from models.records.wording import quote
from models.references.spellings import canonical
from optimizer.declarations.words import says_recycled, says_unidentified, split_names

if TYPE_CHECKING:
    from optimizer.declarations.reading import Cell

_NOBODY = f"write {UNDISCLOSED} where it is undisclosed"


class Countries:
    """Reads countries with the decisions of the user, and notes what cannot be read, all of it."""

    def __init__(self, decisions: dict[str, str]) -> None:
        """Take decisions: the code by what is written, or by the number of a smelter."""
        self._decided = {canonical(what): code for what, code in decisions.items()}
        self._used: set[str] = set()
        self._names = decisions
        self.faults: list[str] = []

    def decided(self, what: str | None) -> str | None:
        """Return what was decided for a spelling or a number, if anything was."""
        key = canonical(what or "")
        if key in self._decided:
            self._used.add(key)
            return self._decided[key]
        return None

    def unused(self) -> list[str]:
        """Return the decisions that were about nothing in these files."""
        return [what for what in self._names if canonical(what) not in self._used]

    def read(self, cell: Cell) -> str:
        """Return the code of the country in a cell; `UNDISCLOSED` where it names none, or is noted as a fault."""
        try:
            return self._code(" ".join(cell.text.split()))
        except ValueError as error:
            self._refuse(cell, error)
            return UNDISCLOSED

    def read_several(self, cell: Cell) -> list[str]:
        """Return the codes of all countries in a cell, each once; `UNDISCLOSED` for each that is not disclosed."""
        text = " ".join(cell.text.split())
        if not text:
            return []
        with suppress(ValueError):
            return [self._code(text)]
        codes: dict[str, None] = {}
        for part in split_names(cell.text):
            codes |= dict.fromkeys(self._codes_in(part, cell))
        return list(codes)

    def _codes_in(self, part: str, cell: Cell) -> list[str]:
        """Return the codes of what stands between two signs: one name with its commas, or several after all."""
        try:
            return [] if says_recycled(part) else [self._code(part)]
        except ValueError as error:
            pieces = [one.strip() for one in re.split(r"[,\uff0c&]|\band\b", part) if one.strip()]
            try:
                codes = [self._code(one) for one in pieces]
            except ValueError as of_piece:
                self._refuse(cell, of_piece if len(pieces) > 1 else error)
                return []
            return codes

    def _code(self, text: str) -> str:
        decided = self.decided(text)
        if decided is not None:
            return decided
        if not text or says_unidentified(text):
            return UNDISCLOSED
        try:
            return read_country(text)
        except ValueError as error:
            if _NOBODY in str(error):
                return UNDISCLOSED
            raise

    def _refuse(self, cell: Cell, error: ValueError) -> None:
        said = re.match(r"'(.*?)' is", str(error))
        what = said[1] if said else cell.text
        self.faults.append(f"{cell.place}: {error}; or decide with --country {quote(f'{what}=CODE')}")
