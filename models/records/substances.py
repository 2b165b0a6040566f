"""What a substance holds of each element, by its formula and the atomic weights of the elements.

>>> round(mass_shares("Li2CO3")["Li"], 4), round(mass_shares("CoSO4·7H2O")["Co"], 4)
(0.1879, 0.2097)
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from models.records.wording import quote

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ATOMIC_WEIGHTS = {
    symbol: float(weight)
    for symbol, weight in re.findall(
        r"(\w+) ([\d.]+)",
        """
        H 1.008 He 4.0026 Li 6.94 Be 9.0122 B 10.81 C 12.011 N 14.007 O 15.999 F 18.998 Ne 20.18 Na 22.99 Mg 24.305
        Al 26.982 Si 28.085 P 30.974 S 32.06 Cl 35.45 Ar 39.95 K 39.098 Ca 40.078 Sc 44.956 Ti 47.867 V 50.942 Cr 51.996
        Mn 54.938 Fe 55.845 Co 58.933 Ni 58.693 Cu 63.546 Zn 65.38 Ga 69.723 Ge 72.63 As 74.922 Se 78.971 Br 79.904
        Kr 83.798 Rb 85.468 Sr 87.62 Y 88.906 Zr 91.224 Nb 92.906 Mo 95.95 Ru 101.07 Rh 102.91 Pd 106.42 Ag 107.87
        Cd 112.41 In 114.82 Sn 118.71 Sb 121.76 Te 127.6 I 126.9 Xe 131.29 Cs 132.91 Ba 137.33 La 138.91 Ce 140.12
        Pr 140.91 Nd 144.24 Sm 150.36 Eu 151.96 Gd 157.25 Tb 158.93 Dy 162.5 Ho 164.93 Er 167.26 Tm 168.93 Yb 173.05
        Lu 174.97 Hf 178.49 Ta 180.95 W 183.84 Re 186.21 Os 190.23 Ir 192.22 Pt 195.08 Au 196.97 Hg 200.59 Tl 204.38
        Pb 207.2 Bi 208.98 Th 232.04 Pa 231.04 U 238.03
        """,
    )
}
"""Standard atomic weights to five digits: T. Prohaska et al., Standard atomic weights of the elements 2021 (IUPAC
Technical Report), Pure and Applied Chemistry 94(5), 573-600, 2022."""

_COUNT = r"\d+(?:\.\d+)?"
_ATOMS = re.compile(rf"([A-Z][a-z]?)({_COUNT})?")
_GROUP = re.compile(rf"[(\[]([^()\[\]]+)[)\]]({_COUNT})?")


@cache
def mass_shares(formula: str) -> Mapping[str, float]:
    """Return the share by mass of each element in a substance.

    Water of hydration stands behind a dot (``LiOH.H2O``), groups stand in brackets, and a count may be a decimal below
    one (``LiNi0.8Mn0.1Co0.1O2``). As any other dot behind a digit could be either, parts are split by a ``·`` there.

    Raises:
        ValueError: with the end of a sentence, where the text is no formula.
    """
    masses: dict[str, float] = defaultdict(float)
    for part in _split(formula):
        times = re.match(_COUNT, part)
        for element, count in _list_atoms(_without_groups(part[times.end() :] if times else part)):
            masses[element] += (float(times[0]) if times else 1.0) * count * ATOMIC_WEIGHTS[element]
    total = sum(masses.values())
    return MappingProxyType({element: mass / total for element, mass in masses.items()})


def _split(formula: str) -> list[str]:
    """Split a formula at the dots that stand between its parts."""
    text = re.sub(r"[•⋅*]", "·", unicodedata.normalize("NFKC", formula))
    text = re.sub(r"(?<!\d)\.|\.(?=[A-Z(\[])|(?<=\d)(?<!\D0)(?<!^0)\.(?=\d+H2O$)", "·", text)
    for counted in re.findall(r"\d+\.\d+", text):
        if not counted.startswith("0."):
            msg = f"{quote(counted)} in {formula} reads both ways; write · between parts, and counts below one"
            raise ValueError(msg)
    return text.split("·")


def _without_groups(part: str) -> str:
    """Write the groups of a part of a formula out: ``Co(OH)2`` is ``CoO2H2``."""
    while group := _GROUP.search(part):
        inside = "".join(f"{atom}{count * float(group[2] or 1):.12f}" for atom, count in _list_atoms(group[1]))
        part = f"{part[: group.start()]}{inside}{part[group.end() :]}"
    return part


def _list_atoms(part: str) -> Iterator[tuple[str, float]]:
    """Yield the elements of a part without groups, each with its count."""
    if not re.fullmatch(f"(?:{_ATOMS.pattern})+", part):
        msg = f"{quote(part)} is no formula"
        raise ValueError(msg)
    for element, count in _ATOMS.findall(part):
        if element not in ATOMIC_WEIGHTS or float(count or 1) == 0:
            msg = f"{quote(part)} is no formula, as no element is called {element}{count}"
            raise ValueError(msg)
        yield element, float(count or 1)
