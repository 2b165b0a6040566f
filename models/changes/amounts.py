"""How much: absolute, or relative to what there is.

| written       | an amount (price, capacity, demand) | a level (a share)       | a rate (a duty)    |
|---------------|-------------------------------------|-------------------------|--------------------|
| ``1200``      | 1200                                | refused                 | refused            |
| ``40%``       | 40 % of what there is               | 0.4                     | 0.4                |
| ``+20%``      | a fifth more                        | a fifth more            | 20 points more     |
| ``x2``        | twice                               | twice                   | twice              |
| ``+500``      | 500 more                            | refused                 | as ``+50000%``     |
| ``+5pp``      | refused                             | 5 points more           | refused            |
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, NamedTuple

from pydantic import TypeAdapter

from models.changes.change import read_as
from models.records.fields import FROM_FILE, Finite, Rate, Share
from models.records.wording import format_exactly

if TYPE_CHECKING:
    from collections.abc import Sequence

_NUMBER: TypeAdapter[float] = TypeAdapter(Finite)
_SHARE: TypeAdapter[float] = TypeAdapter(Share)
_RATE: TypeAdapter[float] = TypeAdapter(Rate)
_SIGNS = str.maketrans({"\N{MINUS SIGN}": "-", "\N{MULTIPLICATION SIGN}": "x", "X": "x"})
_FIGURE = re.compile(r"(?P<sign>[-+x]?)\s*(?P<number>[\d.](?:[^%]*?[^%\s])??)\s*(?P<unit>%|pp|)")


class Figure(NamedTuple):
    """What is written of an amount, in its parts."""

    sign: str
    """``+`` and ``-`` of what is added or taken off, ``x`` of a multiple, nothing where the number stands by itself."""
    number: str
    unit: str
    """``%``, ``pp`` or nothing."""


def split_figure(text: str) -> Figure | None:
    """Return the parts of an amount; None for what is none, whatever stands where its number should.

    >>> split_figure("\N{MINUS SIGN} 2.5 pp")
    Figure(sign='-', number='2.5', unit='pp')
    """
    found = _FIGURE.fullmatch(text.strip().translate(_SIGNS))
    return None if found is None else Figure(found["sign"], found["number"], found["unit"])


@dataclass(frozen=True, slots=True)
class Amount:
    """What a figure becomes: a number, a multiple of the present one, or so much more than it."""

    how: Literal["is", "times", "plus"]
    number: Decimal
    text: str = field(compare=False)
    """As it was written."""

    @property
    def relative(self) -> bool:
        """Whether it needs a present figure."""
        return self.how != "is"

    def of(self, present: float) -> float:
        """Return what a present figure becomes, without the rounding of binary fractions."""
        there = Decimal(repr(float(present)))
        match self.how:
            case "is":
                return float(self.number)
            case "times":
                return float(there * self.number)
            case "plus":
                return float(there + self.number)


def read_relative(text: str, units: Sequence[str] = ("%", "")) -> Amount | None:
    """Read ``+20%``, ``-500``, ``x2`` or ``+5pp``; None when the text does not start like one of them.

    Raises:
        ValueError: when it does, and its unit is not among `units`.
    """
    figure = split_figure(text)
    if figure is None or not figure.sign:
        return None
    number, unit = Decimal(repr(read_as(_NUMBER, figure.number))), figure.unit
    if figure.sign == "x":
        if unit:
            msg = f"{text!r} reads both ways; write x{number.normalize():f} or {number.normalize():f}{unit}"
            raise ValueError(msg)
        return Amount("times", number, text)
    signed = -number if figure.sign == "-" else number
    if unit not in units:
        others = " or ".join(_ADVICE[unit] for unit in units)
        msg = f"{text!r} cannot stand here; write a multiple such as x0.9, or {others}"
        raise ValueError(msg)
    if unit == "%":
        return Amount("times", 1 + signed.scaleb(-2), text)
    return Amount("plus", signed.scaleb(-2) if unit == "pp" else signed, text)


_ADVICE = {"": "+500 (500 more)", "pp": "+5pp (5 points more)", "%": "+20% (a fifth more)"}


def read_amount(text: str) -> Amount:
    """Read the amount of a price, a capacity or a demand."""
    moved = read_relative(text)
    if moved is not None:
        return moved
    if text.endswith("%"):
        return Amount("times", Decimal(repr(read_as(_NUMBER, text[:-1]))).scaleb(-2), text)
    return _read_absolute(_NUMBER, text, "+20%, x2 or -500")


def read_level(text: str) -> Amount:
    """Read the level of a cap: a share, a multiple of the present one, or points more or less."""
    return read_relative(text, ("%", "pp")) or _read_absolute(_SHARE, text, "40%, +5pp or x0.5")


def read_rate(text: str) -> Amount:
    """Read the rate of a duty; with a plus it comes on top of what there is, in points."""
    stripped = text.strip().translate(_SIGNS)
    if stripped.startswith("-"):
        msg = f"{text!r} cannot be taken off, as duties add up; write a multiple such as x0.5, or the rate that holds"
        raise ValueError(msg)
    if stripped.startswith("+"):
        return Amount("plus", Decimal(repr(read_as(_RATE, stripped[1:], FROM_FILE))), text)
    return read_relative(text) or _read_absolute(_RATE, text, "25%, +25% or x2")


def _read_absolute(adapter: TypeAdapter[float], text: str, examples: str) -> Amount:
    try:
        return Amount("is", Decimal(repr(read_as(adapter, text, FROM_FILE))), text)
    except ValueError as error:
        told = str(error).replace("write one such as 1234.5", f"write one such as {examples}")
        raise ValueError(told) from None


def move_share(present: float, level: Amount) -> float:
    """Return what a share becomes, or raise ValueError when that is none."""
    share = level.of(present)
    if not 0 <= share <= 1:
        moved = f"{format_exactly(present)} {level.text} makes {format_exactly(share)}"
        msg = f"{moved}, and a share lies between 0 and 1; write a smaller change"
        raise ValueError(msg)
    return share
