"""An axis: one change whose value runs through levels, ``cap refined/graphite:CN=20%..100%:17``.

Levels are a range with a count, ``FROM..TO:COUNT``, evenly spaced and with both ends; or a list,
``20%,35%,50%``. They are ordered so that each is a restriction of the one before, where that is known of
the change: a plan that is proven the cheapest at a loose level and still fits a tighter one is the
cheapest there too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from pydantic import TypeAdapter

from models.changes import VERBS, ChangeError, parse
from models.changes.amounts import split_figure
from models.changes.caps import CapChange
from models.changes.change import read_as, split_at, split_at_last, unquote
from models.changes.selection import match_names, read_scope
from models.changes.settings import SetChange
from models.limits.contract.scoped import ScopedLimit
from models.records.fields import Number
from models.records.messages import suggest_or_list
from optimizer.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.changes import AnyChange
    from models.changes.selection import Cell
    from models.instance import Instance
    from models.limits import AnyLimit

SWEPT = ("cap", "product", "demand", "price", "capacity", "minimum-take", "lane", "freight", "rate", "duty", "set")
"""The verbs whose value is an amount."""
MOST = 1000
"""Points that a sweep may have."""

_TIGHT_ABOVE = dict.fromkeys(SWEPT, True) | dict.fromkeys(("cap", "capacity", "lane"), False)
"""Whether a higher level is the more restrictive one; of ``set`` the sense of the limit says that."""
_NUMBER: TypeAdapter[float] = TypeAdapter(Number)
_THOUSANDS = re.compile(r"[-+x\N{MINUS SIGN}\N{MULTIPLICATION SIGN}]?[1-9]\d{0,2},\d{3}(?:\.\d*)?(?:%|pp)?")
"""Two levels, or one with a comma between its thousands."""
_COMMA = re.compile(r"[-+x]?\d[\d,]*,\d[\d,]*(?:\.\d*)?(?:%|pp)?")
"""A number with commas, of thousands or of decimals."""
_LEAST = 2
_DIGITS = 10
"""Digits to which levels of a range are rounded."""
_SUCH_AS = "write FROM..TO:COUNT, such as 20%..100%:9"


class Level(NamedTuple):
    """One value of an axis: as it is written, and its number in the unit of the axis."""

    text: str
    number: float
    """In percent it is divided by 100."""

    @property
    def is_absolute(self) -> bool:
        """Whether it says a figure by itself, and not what becomes of the present one."""
        figure = split_figure(self.text)
        return figure is None or not figure.sign


class _Read(NamedTuple):
    """A level taken apart."""

    how: str
    """What stands before its number, with one word for both signs."""
    number: Decimal
    unit: str

    @property
    def value(self) -> float:
        """The number, in percent divided by 100."""
        return float(self.number.scaleb(-2) if self.unit else self.number)


@dataclass(frozen=True, slots=True)
class Axis:
    """A change without its value, and the values that it takes."""

    change: str
    """Verb and target: ``cap refined/graphite:CN``."""
    levels: tuple[Level, ...]
    """From loose to tight."""

    def at(self, level: Level) -> AnyChange:
        """Return the change at a level; raises ChangeError when it says none."""
        text = f"{self.change}={level.text}"
        return parse(text, f"--{text}")


def is_axis(text: str) -> bool:
    """Whether the value of a change is a range or a list; a text that is set may have commas of its own.

    >>> is_axis("cap CN=20%..40%:3"), is_axis("price *=+5%,+10%"), is_axis("ban RU"), is_axis("cap CN=40%")
    (True, True, False, False)
    """
    change, value = split_at(text, "=")
    if value is None or ".." in value:
        return value is not None
    numbers = all(_take_apart(part) for part in value.split(","))
    return "," in value and (numbers or change.partition(" ")[0] != SetChange.VERB)


def read_axis(text: str, instance: Instance, origin: str | None = None) -> Axis:
    """Return the axis that a text says, its levels from loose to tight for an instance.

    Raises:
        InputError: with one line, when it says none.
    """
    try:
        return _read(text, instance)
    except ValueError as error:
        raise InputError([f"{origin or f'--{text}'}: {error}"]) from None


def swept_cells(axis: Axis, instance: Instance) -> list[Cell]:
    """Return the (material, stage) pairs that an axis is about: its scope, or everything."""
    change = axis.at(axis.levels[0])
    match change:
        case CapChange():
            return read_scope(instance.market, change.scope)
        case SetChange():
            limits = [limit for limit in _set_limits(change, instance) if isinstance(limit, ScopedLimit)]
            found = [(key.material, key.stage) for limit in limits for key, _ in limit.cells(instance.market)]
            return list(dict.fromkeys(found)) or read_scope(instance.market, None)
        case _:
            return read_scope(instance.market, None)


def _read(text: str, instance: Instance) -> Axis:
    change, value = split_at(text, "=")
    verb = change.partition(" ")[0]
    if verb not in VERBS:
        msg = f"{verb!r} is no change{suggest_or_list(verb, SWEPT)}"
        raise ValueError(msg)
    if verb not in SWEPT:
        msg = f"{verb} has no amount to run through; a sweep takes {', '.join(SWEPT[:-1])} and {SWEPT[-1]}"
        raise ValueError(msg)
    if not value:
        msg = f"has no levels; {_SUCH_AS}"
        raise ValueError(msg)
    levels = _range(value) if ".." in value else _list(value)
    axis = Axis(change, tuple(levels))
    try:
        first, *_ = [axis.at(level) for level in levels]
    except ChangeError as error:
        raise ValueError(error.problems[0].partition(": ")[2]) from None
    if isinstance(first, SetChange) and first.path.startswith("solve."):
        msg = f"{first.path} says how to solve, which holds for the whole sweep; give it one value"
        raise ValueError(msg)
    loosest_first = sorted(levels, key=lambda level: level.number, reverse=not _tight_above(first, instance))
    return Axis(change, tuple(loosest_first))


def _range(value: str) -> list[Level]:
    """Return the levels of ``FROM..TO:COUNT``."""
    ends, colon, count_said = value.partition(":")
    start_said, _, end_said = ends.partition("..")
    start, end = _take_apart(start_said), _take_apart(end_said)
    if start is None or end is None:
        fault = next(said.strip() for said, read in ((start_said, start), (end_said, end)) if read is None)
        what = f"{fault!r} is not an amount" if fault else "lacks an end"
        what = f"{fault!r} reads both ways" if _COMMA.fullmatch(fault) else what
        msg = f"{what}; {_SUCH_AS}"
        raise ValueError(msg)
    if not colon:
        msg = f"does not say how many levels; {_SUCH_AS}"
        raise ValueError(msg)
    if not count_said.strip().isdecimal() or not _LEAST <= int(count_said) <= MOST:
        msg = f"{count_said.strip()!r} is not a count of levels; write a whole number from {_LEAST} to {MOST}"
        raise ValueError(msg)
    if (start.how, start.unit) != (end.how, end.unit):
        msg = f"{start_said.strip()} and {end_said.strip()} are not written alike; {_SUCH_AS}"
        raise ValueError(msg)
    if start.number == end.number:
        msg = f"begins and ends at {start_said.strip()}; write two different ends"
        raise ValueError(msg)
    steps = int(count_said) - 1
    numbers = [start.number + (end.number - start.number) * step / steps for step in range(steps + 1)]
    return [_level(start._replace(number=_round(number))) for number in numbers]


def _list(value: str) -> list[Level]:
    """Return the levels of ``20%,35%,50%``."""
    _check_commas(value)
    said = [part.strip() for part in value.split(",")]
    read = [_take_apart(part) for part in said]
    for part, one in zip(said, read, strict=True):
        if one is None:
            msg = f"{part!r} is not an amount; write amounts with commas, such as 20%,35%,50%, or FROM..TO:COUNT"
            raise ValueError(msg)
    known = [one for one in read if one is not None]
    if len({(one.how, one.unit) for one in known}) > 1:
        msg = f"{value} are not all written alike; write them such as 20%,35%,50%"
        raise ValueError(msg)
    if len({one.number for one in known}) < max(len(known), _LEAST):
        what = "holds a level twice; write different ones" if len(known) >= _LEAST else "is one level; write several"
        msg = f"{value} {what}, such as 20%,35%,50%"
        raise ValueError(msg)
    return [Level(part, one.value) for part, one in zip(said, known, strict=True)]


def _check_commas(value: str) -> None:
    """Raise ValueError where a comma may stand inside of a number: ``38,000,52,500``, ``1,25,2,75``."""
    parts = value.split(",")
    joined = [",".join(pair) for pair in pairwise(parts)]
    grouped = next((pair for pair in joined if _THOUSANDS.fullmatch(pair.strip())), None)
    if grouped is None and not len(parts) % 2 and all(part.isdecimal() for part in parts):
        levels = list(map(int, parts))
        with_decimals = [float(pair.replace(",", ".")) for pair in joined[::2]]
        grouped = joined[0] if not _is_ordered(levels) and _is_ordered(with_decimals) else None
    if grouped is not None:
        plain = grouped.strip().replace(",", "" if _THOUSANDS.fullmatch(grouped.strip()) else ".")
        msg = f"{grouped.strip()!r} reads both ways; write {plain}, or a blank after every comma between levels"
        raise ValueError(msg)


def _is_ordered(levels: Sequence[float]) -> bool:
    return list(levels) in (sorted(levels), sorted(levels, reverse=True))


def _take_apart(text: str) -> _Read | None:
    """Return what stands before a number, the number and its unit; None for what is no such thing."""
    figure = split_figure(text)
    if figure is None:
        return None
    try:
        number = Decimal(repr(read_as(_NUMBER, figure.number)))
    except ValueError:
        return None
    how = "+" if figure.sign == "-" else figure.sign
    return _Read(how, -number if figure.sign == "-" else number, figure.unit)


def _level(read: _Read) -> Level:
    number = f"{read.number:+f}" if read.how == "+" else f"{read.how}{read.number:f}"
    return Level(f"{number}{read.unit}", read.value)


def _round(number: Decimal) -> Decimal:
    return (round(number, _DIGITS - number.adjusted() - 1) if number else Decimal(0)).normalize() + 0


def _tight_above(change: AnyChange, instance: Instance) -> bool:
    """Whether a higher level of a change leaves less room."""
    if isinstance(change, SetChange):
        senses = {limit.SENSE for limit in _set_limits(change, instance)}
        if len(senses) == 1:
            return senses == {"at least"}
    return _TIGHT_ABOVE[change.VERB]


def _set_limits(change: SetChange, instance: Instance) -> list[AnyLimit]:
    """Return the limits whose level a change sets."""
    head, rest = split_at(change.path, ".")
    name, field = split_at_last(rest or "", ".")
    if head != "limits" or field is None:
        return []
    names = match_names(unquote(name), [limit.name for limit in instance.limits])
    return [limit for limit in instance.limits if limit.name in names and unquote(field) == limit.LEVEL]
