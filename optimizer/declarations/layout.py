"""Where the templates of declarations hold what they say: by position, as their headings come in several languages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

DECLARATION, SMELTERS, MINES, LOOK_UP = "Declaration", "Smelter List", "Mine List", "Smelter Look-up"
SHEETS = (DECLARATION, SMELTERS, MINES, LOOK_UP)
FIRST_ROW = 5
"""The first row of data on each list."""
TITLE, LANGUAGE, VERSION, SUPPLIER = (2, 4), (3, 4), (3, 10), (8, 4)
"""Row and column, both from 1, of cells of the sheet `Declaration`: D2, D3, J3 and D8."""

_SMELTERS = {
    "typed_number": 1, "metal": 2, "look_up": 3, "name": 4, "country": 5, "number": 6,
    "mines": 14, "mine_countries": 15, "recycled": 16, "comments": 17,
}  # fmt: skip
_SMELTERS_WITHOUT_LOOK_UP = {
    "metal": 1, "name": 2, "country": 3, "number": 4, "mines": 12, "mine_countries": 13, "recycled": 14, "comments": 15,
}  # fmt: skip
MINE_COLUMNS = {"metal": 1, "smelters": 2, "name": 3, "number": 4, "country": 6}
LOOK_UP_COLUMNS = {"metal": 1, "alias": 2, "name": 3, "country": 4, "number": 5}

_TITLES = {
    "EMRT": "extended minerals",
    "AMRT": "additional minerals",
    "CMRT": "conflict minerals",
    "CRT": "cobalt reporting",
}
_VERSIONS = {"EMRT": (1.1, 2.1), "CMRT": (6.01, 6.5), "AMRT": (1.2, 1.3), "CRT": (2.2, 2.2)}
"""The first and the last version of each template that is read."""


class Template(NamedTuple):
    """Which template a file is, and in which version."""

    name: str
    version: str
    is_named: bool = True
    """Whether its title names it; else its version and its sheets do."""

    @property
    def smelter_columns(self) -> Mapping[str, int]:
        """The columns of `Smelter List` by what they hold, counted from 1."""
        return _SMELTERS_WITHOUT_LOOK_UP if (self.name, self.version) == ("AMRT", "1.2") else _SMELTERS

    @property
    def is_read(self) -> bool:
        """Whether the layout of this version is known."""
        first, last = _VERSIONS[self.name]
        return first <= float(self.version) <= last


def find_template(title: str, version: str, language: str, sheets: Collection[str]) -> Template | None:
    """Return the template that a file is made from; None when it is none of them.

    The title says it by its letters or in English. In other languages, or where a formula was never calculated, the
    version and the sheets do. A title in English that names none of them is that of another template.
    """
    number = re.search(r"\d+\.\d+", version)
    if number is None or SMELTERS not in sheets:
        return None
    named = _name_in(title)
    is_english = language.casefold() == "english" or (not language and title.isascii())
    if named is None and title and is_english:
        return None
    name = named or _name_by(number[0], sheets)
    return Template(name, number[0], named is not None) if name else None


def _name_in(title: str) -> str | None:
    letters = re.search(r"(?<![A-Za-z])(EMRT|AMRT|CMRT|CRT)(?![A-Za-z])", title)
    if letters:
        return letters[1]
    return next((name for name, words in _TITLES.items() if words in title.casefold()), None)


def _name_by(version: str, sheets: Collection[str]) -> str | None:
    if "Minerals Scope" in sheets:
        return "AMRT"
    exact = {"6": "CMRT", "1": "EMRT", "2": "EMRT"}
    return "CRT" if version == "2.2" else exact.get(version.split(".", maxsplit=1)[0])


def list_versions() -> str:
    """Return what is read, for a message: ``EMRT 1.1 to 2.1, ...``."""
    ranges = ((name, *versions) for name, versions in _VERSIONS.items())
    return ", ".join(
        f"{name} {first}" if first == last else f"{name} {first} to {last}" for name, first, last in ranges
    )
