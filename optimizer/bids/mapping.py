"""What is said of a bid sheet before it is read: which columns are what, and what every row says alike.

```toml
sheet = "Bids"
header_row = 4
decimal = ","
tiers = "all-units"

[columns]
company = "Supplier"
price = "Unit price"
"price@500 t" = "Price from 500 t"

[set]
stage = "refined"

[units]
price = "EUR/kg"

[values.material]
"Cobalt sulphate" = "cobalt"

[substances]
cobalt = "Co"
```
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, PositiveInt, ValidationError

from models.records.wording import quote, suggest
from optimizer.bids.names import FIELDS
from optimizer.bids.units import read_unit
from optimizer.errors import InputError
from optimizer.files.columns import columns_of
from optimizer.files.toml_file import UnreadableTomlError, read_toml
from optimizer.files.toml_text import toml_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

PRICE_FROM = re.compile(r"price@\s*(\S.*)")
"""The field of a price that holds from a quantity on: ``price@500 t``."""
FIGURES = tuple(name for name, column in columns_of("offers").items() if column.kind == "number")


class Mapping(BaseModel):
    """How a sheet is read; what stands in no key is guessed, or must be said."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    sheet: str | None = None
    """The name of the sheet, where a workbook has several."""
    header_row: PositiveInt | None = None
    """The number of the row that names the columns; without it, the row that names most of them."""
    decimal: Literal[",", "."] | None = None
    """The decimal sign of figures that are text."""
    tiers: Literal["incremental", "all-units"] | None = None
    """Whether a price from a quantity on is that of further units or of every unit."""
    columns: dict[str, str] = {}
    """The heading by field: its text, with or without its unit, or ``#E`` for the column E; empty for none."""
    set: dict[str, str] = {}
    """What every row says of a field that no column holds."""
    units: dict[str, str] = {}
    """The unit of a field whose heading names none: ``EUR/kg``, ``kt``."""
    values: dict[str, dict[str, str]] = {}
    """Other words for what cells of a field say."""
    substances: dict[str, str] = {}
    """What a bare unit of mass is a unit of, by material: ``LCE``, ``Co``."""
    guess: bool = True
    """Whether columns that are mapped to nothing are guessed by their names."""

    def joined(self, other: Mapping) -> Mapping:
        """Return this mapping with what another says besides; that one goes before."""
        said = self.model_dump(exclude_unset=True)
        for key, value in other.model_dump(exclude_unset=True).items():
            old = said.get(key)
            said[key] = old | value if isinstance(old, dict) else value
        return Mapping.model_validate(said)

    def joined_with(self, said: dict[str, Any]) -> Mapping:
        """Return this mapping with what else is said, but for what is None."""
        return self.joined(Mapping.model_validate({key: value for key, value in said.items() if value is not None}))

    def as_toml(self) -> str:
        """Return the mapping as a file holds it; it guesses nothing."""
        return toml_text({k: v for k, v in self.model_dump(exclude_defaults=True).items() if v not in ({}, None)})

    def faults(self) -> Iterator[str]:
        """Yield what is wrong with what it says, each with its key."""
        known = [*FIELDS, "price@QUANTITY"]
        for name in self.columns:
            if name not in FIELDS and not PRICE_FROM.fullmatch(name):
                cure = suggest(name, FIELDS) or f"; use one of {', '.join(known)}"
                yield f"columns.{name} (--map {name}): is no field of a bid{cure}"
        for key in ("set", "values"):
            for name in getattr(self, key):
                if name not in FIELDS and not (key == "set" and name == "source"):
                    flag = key.removesuffix("s")
                    yield f"{key}.{name} (--{flag} {name}): is no field of a bid{suggest(name, FIELDS)}"
        for name in self.set.keys() & {n for n, column in self.columns.items() if column}:
            what = f"a column is mapped to it as well ({quote(self.columns[name])}); keep one of the two"
            yield f"set.{name} (--set {name}): {what}"
        for name, text in self.units.items():
            if name not in FIGURES and not PRICE_FROM.fullmatch(name):
                yield f"units.{name} (--unit {name}): has no unit{suggest(name, FIGURES)}"
            elif read_unit(text) is None:
                yield f"units.{name} (--unit {name}): {quote(text)} is no unit; write EUR/kg, USD/lb Co or kt"


def read_mapping(path: Path) -> Mapping:
    """Return a saved mapping, which guesses nothing.

    Raises:
        InputError: it cannot be read, or holds what no mapping holds.
    """
    try:
        return Mapping.model_validate({"guess": False} | read_toml(path))
    except UnreadableTomlError as error:
        raise InputError([f"{path}{f':{error.line}' if error.line else ''}: {error.sentence}"]) from None
    except ValidationError as error:
        raise InputError(f"{path}: {_say(one)}" for one in error.errors(include_url=False)) from None


def _say(fault: Any) -> str:
    key = ".".join(map(str, fault["loc"]))
    if fault["type"] == "extra_forbidden":
        return f"{key}: is not a key of a mapping{suggest(key, Mapping.model_fields)}"
    return f"{key}: {quote(fault['input'])} cannot stand here ({fault['msg'].lower()})"


def mapping_of_flags(
    columns: Sequence[str], sets: Sequence[str], units: Sequence[str], values: Sequence[str], substances: Sequence[str]
) -> Mapping:
    """Return what options of the command line say: ``FIELD=TEXT`` each, of values ``FIELD:OTHER=WORD``.

    Raises:
        InputError: with one line for each that cannot be taken apart, or that is said twice.
    """
    faults: list[str] = []
    said: dict[str, Any] = {}
    given = {"columns": columns, "set": sets, "units": units, "substances": substances, "values": values}
    flags = {"columns": "--map", "set": "--set", "units": "--unit", "substances": "--substance", "values": "--value"}
    shapes = dict.fromkeys(given, "FIELD=TEXT") | {"substances": "MATERIAL=TEXT", "values": "FIELD:TEXT=WORD"}
    for key, texts in given.items():
        for text in texts:
            name, is_there, what = (part.strip() for part in text.partition("="))
            field, colon, cell = (part.strip() for part in name.partition(":"))
            if not is_there or not name or (key == "values" and not (field and colon and cell)):
                faults.append(f"{flags[key]} {text}: is not of the form {shapes[key]}")
                continue
            into = said.setdefault(key, {}) if key != "values" else said.setdefault(key, {}).setdefault(field, {})
            name = name if key != "values" else cell
            if name in into:
                faults.append(f"{flags[key]} {text}: {name} is given twice; keep one")
            into[name] = what
    if faults:
        raise InputError(faults)
    return Mapping.model_validate(said)
