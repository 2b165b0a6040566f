"""Bases: a unit of mass, and the substance of which it is a unit: ``kg LCE``, ``lb Co``, ``t MHP 39% Ni``.

| a basis              | one unit of it                                                                         |
|----------------------|----------------------------------------------------------------------------------------|
| ``lb Co``            | a pound of cobalt, in whatever it is: ``lb Co content`` says the same                    |
| ``t LiOH.H2O``       | a tonne of a substance, by its formula; ``LCE`` is Li2CO3 and ``APT`` its pentahydrate   |
| ``t MHP 39% Ni``     | a tonne of anything of a stated grade, also of several: ``t MHP 39% Ni, 2% Co``          |
| ``t NdPr content``   | a tonne of several elements together, in proportions that are not stated                |
| ``t graphite``       | a tonne of what words alone name: it changes into other units of the same words only     |

What a unit holds of another follows from the atomic weights.

>>> units_held("kg LCE", of="t Li content")
0.000187...
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

from models.records.substances import ATOMIC_WEIGHTS, mass_shares
from models.records.tolerances import ROUNDING
from models.records.wording import format_percent, quote, suggest

if TYPE_CHECKING:
    from collections.abc import Mapping

KILOGRAMS = {
    "t": 1000.0,
    "kt": 1e6,
    "kg": 1.0,
    "g": 1e-3,
    "lb": 0.45359237,
    "oz t": 0.0311034768,
    "st": 907.18474,
    "lt": 1016.0469088,
    "mtu": 10.0,
    "flask": 76 * 0.45359237,
}
"""Units of mass: tonnes and what they are made of, pounds, troy ounces, short and long tons, metric-ton units of 10 kg
and flasks of quicksilver, of 76 pounds."""

_NAMED = {"LCE": "Li2CO3", "APT": "(NH4)10(W12O41)·5H2O"}
"""Substances that trade calls by a name, and by their formula."""

_GRADE = re.compile(r"[\s,]+(?:and\s+)?(\d+(?:\.\d+)?)\s*%\s*([^\s,%]+)(?=[\s,]|$)")
_BESIDES = ({"O", "H"}, {"C", "N", "S", "P", "F", "Cl"})
"""What a substance is not bought for where it holds something else: first these, then also those."""


@dataclass(frozen=True, slots=True)
class Basis:
    """A unit of mass in kilograms, and the words behind it; empty where nothing stands there."""

    kilograms: float
    substance: str


@cache
def read_basis(text: str) -> Basis:
    """Read a basis.

    Raises:
        ValueError: with the end of a sentence, where it begins with no unit of mass.
    """
    unit, words = _split_unit(text)
    if unit:
        return Basis(KILOGRAMS[unit], words)
    first = words.split(" ")[0]
    cure = suggest(first, KILOGRAMS) or f" ({', '.join(KILOGRAMS)})"
    msg = f"{quote(first)} is no unit of mass{cure}"
    raise ValueError(msg)


def _split_unit(text: str) -> tuple[str, str]:
    """Return the unit of mass with which a text begins, empty where there is none, and the words behind it."""
    words = " ".join(text.split())
    for unit in sorted(KILOGRAMS, key=len, reverse=True):
        if words == unit or words.startswith(f"{unit} "):
            return unit, words[len(unit) :].strip()
    return "", words


def unit_like(basis: str, own: str) -> str:
    """Return the unit with which a basis begins, of the substance of another; that other where it begins with none.

    >>> unit_like("lb", own="t Co content"), unit_like("LCE", own="t Li content")
    ('lb Co content', 't Li content')
    """
    unit, (_, substance) = _split_unit(basis)[0], _split_unit(own)
    return f"{unit} {substance}" if unit and substance else own


@cache
def units_held(basis: str, of: str) -> float:
    """Return how many units of another basis one unit of a basis holds.

    Raises:
        ValueError: with the end of a sentence, where that cannot be known.
    """
    one, other = read_basis(basis), read_basis(of)
    ratio = one.kilograms / other.kilograms
    if one.substance == other.substance:
        return ratio
    if not one.substance or not other.substance:
        msg = f"{quote(of if one.substance else basis)} does not say of which substance it is"
        raise ValueError(msg)
    _list_parts(one.substance)  # what a row says is told before what the material says
    counted = _find_counted(other.substance)
    held = _share_of(counted, one.substance)
    if held == 0:
        msg = f"{one.substance} holds no {' or '.join(sorted(counted))}"
        raise ValueError(msg)
    return ratio * held / _share_of(counted, other.substance)


def _find_counted(substance: str) -> frozenset[str]:
    """Return the elements that are counted where figures are in a substance: those for which it is bought."""
    parts = _list_parts(substance)
    if len(parts) > 1:
        msg = f"{substance} states several grades, so that it cannot be told which is counted"
        raise ValueError(msg)
    ((_, held),) = parts
    if isinstance(held, frozenset):
        return held
    left = set(held)
    for besides in _BESIDES:
        left = left if len(left) == 1 else left - besides or left
    if len(left) > 1:
        msg = f"{substance} holds {' and '.join(sorted(left))}, so that it cannot be told which is counted"
        raise ValueError(msg)
    return frozenset(left)


def _share_of(elements: frozenset[str], substance: str) -> float:
    """Return the share by mass of some elements together in a substance."""
    total = 0.0
    for share, held in _list_parts(substance):
        if not isinstance(held, frozenset):
            total += share * sum(held.get(element, 0.0) for element in elements)
        elif held <= elements:
            total += share
        elif held & elements:
            msg = f"{substance} does not say how much of it is {' and '.join(sorted(held & elements))}"
            raise ValueError(msg)
    return total


@cache
def _list_parts(substance: str) -> tuple[tuple[float, Mapping[str, float] | frozenset[str]], ...]:
    """Return what is known of a substance: shares of it, each with the shares of elements in it.

    Instead of shares of elements stand the elements alone where several are counted together.
    """
    grades = _GRADE.findall(substance)
    if not grades:
        return ((1.0, _read_pure(substance)),)
    if not substance.startswith(_GRADE.sub("", substance)):
        msg = f"{quote(substance)} says more behind its grade; write the grade last, such as MHP 39% Ni"
        raise ValueError(msg)
    parts = tuple((float(Decimal(percent).scaleb(-2)), _read_pure(held)) for percent, held in grades)
    total = sum(share for share, _ in parts)
    if not 0 < total <= 1 + ROUNDING:
        msg = f"the grades of {substance} add up to {format_percent(total)}; they are shares of its mass"
        raise ValueError(msg)
    return parts


def _read_pure(words: str) -> Mapping[str, float] | frozenset[str]:
    """Return the shares of elements in what a formula or a name means, or elements that are counted together."""
    formula = words.removesuffix(" content")
    atoms = re.findall(r"[A-Z][a-z]?", formula)
    together = re.fullmatch(r"(?:[A-Z][a-z]?(?:,\s*|\s+and\s+)?)+", formula)
    if together and len(atoms) > 1 and ATOMIC_WEIGHTS.keys() >= set(atoms) and _are_metals(atoms):
        return frozenset(atoms)
    try:
        return mass_shares(_NAMED.get(formula, formula))
    except ValueError:
        if re.search(r"[A-Z]\w*\d", formula) and " " not in formula:
            raise
        msg = f"what {formula} holds is not known"
        raise ValueError(msg) from None


def _are_metals(atoms: list[str]) -> bool:
    return not set(atoms) & set().union(*_BESIDES)
