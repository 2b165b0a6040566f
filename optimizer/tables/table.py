"""What a table of a plan is: rows that are plain records, each field a column.

A table is one file beside this one: a record whose fields are the columns, each with its words below it, and a
function that works the rows out of an account. How a column is written, read back, compared and documented follows
from its annotation:

    quantity: Annotated[float, MASS, READ, COMPARED]

is a number in the mass unit of the instance, which an audit reads a plan from and a comparison looks at. The type says
what a cell is: `str` a text, `Literal` one of some words, `float` a number, ``float | None`` a number or nothing, and
`bool` yes or no. A unit is any text: ``Unit("kg CO2 per {mass}")``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from types import NoneType
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    Generic,
    Literal,
    NamedTuple,
    Protocol,
    TypeVar,
    get_args,
    get_origin,
    get_type_hints,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from models.enforcement import EnforcedInstance
    from optimizer.results.account import Account
    from optimizer.results.planning_value import PlanningValue
    from optimizer.results.price import Price
    from optimizer.results.risk_profile import RiskProfile

DIGITS = 12
"""Significant digits of every number that is written."""


class Units(NamedTuple):
    """What an instance counts in."""

    mass: str
    currency: str


@dataclass(frozen=True, slots=True)
class Unit:
    """What a column counts, in words; ``{mass}`` and ``{currency}`` are the units of the instance."""

    words: str
    in_heading: bool = True
    """Whether the column's heading names it."""

    def of(self, units: Units) -> str:
        """Return the unit in an instance that counts in `units`.

        >>> Unit("kg CO2 per {mass}").of(Units("t", "USD"))
        'kg CO2 per t'
        """
        return self.words.format(mass=units.mass, currency=units.currency)


MASS, CURRENCY, SHARE = Unit("{mass}"), Unit("{currency}"), Unit("share")


@dataclass(frozen=True, slots=True)
class UnitOf:
    """What a column counts stands in another one, row by row."""

    column: str


@dataclass(frozen=True, slots=True)
class Words:
    """The words that a column may hold."""

    words: tuple[str, ...]


class Role(Enum):
    """What a column is for; those without a role follow from the others, and are only written."""

    KEY = "names a row, together with the other keys"
    READ = "an audit reads a plan from it"
    COMPARED = "a comparison of plans looks at it"
    SOLVED = "is found by solving again, so that an audit does not work it out anew"


KEY, READ, COMPARED, SOLVED = Role.KEY, Role.READ, Role.COMPARED, Role.SOLVED
Kind = Literal["text", "number", "flag"]
_KINDS: dict[Any, Kind] = {str: "text", float: "number", bool: "flag"}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table."""

    field: str
    """The field of the row."""
    kind: Kind
    may_be_empty: bool
    """Whether a number may be missing."""
    unit: Unit | UnitOf | None
    roles: frozenset[Role]
    words: tuple[str, ...] | None
    """All that a text may be; None where it may be anything."""

    @property
    def name(self) -> str:
        """What the column is called, without its unit."""
        return self.field.replace("_", " ")

    def unit_in(self, units: Units) -> str:
        """Return what the column counts, or nothing where that is not the same in all rows."""
        return self.unit.of(units) if isinstance(self.unit, Unit) else ""

    def heading(self, units: Units) -> str:
        """Return the heading in a file of an instance that counts in `units`."""
        shown = isinstance(self.unit, Unit) and self.unit.in_heading
        return f"{self.name} [{self.unit_in(units)}]" if shown else self.name

    def cell(self, row: object) -> str | float | None:
        """Return the cell of a row: a text, a number, or nothing; yes or no is a text."""
        value = getattr(row, self.field)
        match self.kind:
            case "text":
                return str(value)
            case "flag":
                return "yes" if value else "no"
            case "number":
                return None if value is None else float(value)


def _column(field: str, hint: Any) -> Column:
    """Return the column that an annotated field of a row declares."""
    kind, *said = get_args(hint) if get_origin(hint) is Annotated else (hint,)
    options = [option for option in get_args(kind) if option is not NoneType]
    words = tuple(options) if get_origin(kind) is Literal else None
    plain = str if words else options[0] if options else kind
    return Column(
        field=field,
        kind=_KINDS[plain],
        may_be_empty=NoneType in get_args(kind),
        unit=next((one for one in said if isinstance(one, Unit | UnitOf)), None),
        roles=frozenset(one for one in said if isinstance(one, Role)),
        words=next((one.words for one in said if isinstance(one, Words)), words),
    )


class Row:
    """A row of a table; what derives from it is a dataclass, frozen and with slots."""

    __slots__ = ()


class PlannedInstance(Protocol):
    """A plan and what it is the plan of: all that tables are worked out of."""

    @property
    def instance(self) -> EnforcedInstance:
        """The instance as it is stated."""

    @property
    def account(self) -> Account:
        """The books of the plan."""

    @property
    def prices(self) -> tuple[Price, ...] | None:
        """What the limits cost; None where that was not asked for."""

    @property
    def risk(self) -> RiskProfile | None:
        """What it costs and leaves unmet in scenarios; None where it is planned for none."""

    @property
    def value(self) -> PlanningValue | None:
        """What it is worth to plan for them; None where that was not asked for."""


def of_account(rows: Callable[[Account, Units], Iterator[Row]]) -> Callable[[PlannedInstance, Units], Iterator[Row]]:
    """Return what works the rows of a table out of a plan, from what works them out of its account alone."""
    return lambda planned, units: rows(planned.account, units)


def _no_faults(_texts: Mapping[str, str], _units: Units) -> Iterable[tuple[str, str]]:
    return ()


def _always(_answer: object) -> bool:
    return True


Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Table(Generic[Answer]):
    """A table of a plan, or of another answer."""

    name: str
    """As its file is called, without the suffix."""
    row: type[Row]
    """Its fields are the columns, in order."""
    rows: Callable[[Answer, Units], Iterator[Row]]
    """Works the rows out of the answer."""
    faults: Callable[[Mapping[str, str], Units], Iterable[tuple[str, str]]] = _no_faults
    """Yields (column, what is wrong) of the texts of a row, beyond what the columns say of themselves."""

    key: str = ""
    """What plain data calls it, where a summary has another key of its name."""

    comes_with: str = ""
    """Without what a plan does not have it, in words; empty where every plan has it."""

    is_there: Callable[[Answer], bool] = _always
    """Whether an answer has it."""

    only: str = ""
    """A sentence on which plans have it; empty where that does not hang on the instance."""

    @property
    def is_optional(self) -> bool:
        """Whether a plan may be whole without it."""
        return bool(self.comes_with or self.only)

    @property
    def key_in_data(self) -> str:
        """The key under which plain data has it, beside those of a summary."""
        return self.key or self.name

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The columns, in order."""
        return tuple(_column(field, hint) for field, hint in get_type_hints(self.row, include_extras=True).items())

    @cached_property
    def by_name(self) -> dict[str, Column]:
        """The columns by their names, without units."""
        return {column.name: column for column in self.columns}

    def cells(self, answer: Answer, units: Units) -> Iterator[dict[str, str | float | None]]:
        """Yield the cells of each row by column."""
        for row in self.rows(answer, units):
            yield {column.name: column.cell(row) for column in self.columns}

    def names(self, *roles: Role) -> tuple[str, ...]:
        """Return the names of the columns that have one of these roles, in order."""
        return tuple(column.name for column in self.columns if column.roles & set(roles))
