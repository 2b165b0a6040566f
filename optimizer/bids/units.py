"""The unit that a heading or a cell of a bid sheet names: ``Price (EUR/lb Co)``, ``Capacity [kt/yr]``, ``ab 500 t``.

| written                                   | read as                                   |
|-------------------------------------------|-------------------------------------------|
| ``EUR/kg``, ``EUR per kg``, ``€ je kg``    | a currency, and the unit that a price is for |
| ``kt``, ``t/yr``, ``tpa``, ``t per month`` | a unit of mass, and how often in a year     |
| ``>= 500 t``, ``from 500 t``, ``ab 500 t`` | from which quantity a price holds           |

>>> read_heading("Unit price [EUR/lb Co]")
Heading(words='Unit price', unit=Unit(currency='EUR', basis='lb Co', times=1), from_quantity=None)
"""

from __future__ import annotations

import re
from typing import NamedTuple

from models.records.bases import read_basis
from models.records.figures import read_by_sign


class Unit(NamedTuple):
    """What one figure is in; None for what is not said."""

    currency: str | None = None
    basis: str | None = None
    times: int = 1
    """How often in a year such an amount comes: 12 for one per month."""


class Heading(NamedTuple):
    """A heading taken apart."""

    words: str
    unit: Unit
    from_quantity: tuple[float, str | None] | None
    """From which quantity a price holds, and its unit."""


NO_UNIT = Unit()
_CODES = (
    "AED ARS AUD BRL CAD CDF CHF CLP CNH CNY CZK DKK EUR GBP HKD HUF IDR ILS INR JPY KRW KZT MXN MYR NOK NZD PEN PHP "
    "PLN RON RUB SAR SEK SGD THB TRY TWD UAH USD UZS VND XAF XOF ZAR ZMW"
)
CURRENCIES = frozenset(_CODES.split())
_SIGNS = {"€": "EUR", "£": "GBP", "US$": "USD", "A$": "AUD", "C$": "CAD", "R$": "BRL", "RMB": "CNY", "$": "USD"}
_SIGNS |= {"EURO": "EUR", "EUROS": "EUR", "US DOLLAR": "USD", "US DOLLARS": "USD", "YUAN": "CNY", "RENMINBI": "CNY"}
_MASSES = {
    "mt": "t", "tonne": "t", "tonnes": "t", "metric ton": "t", "metric tons": "t", "tons metric": "t", "to": "t",
    "lbs": "lb", "pound": "lb", "pounds": "lb", "kgs": "kg", "kilo": "kg", "kilogram": "kg", "kilograms": "kg",
    "ktonnes": "kt", "000 t": "kt", "1000 t": "kt", "toz": "oz t", "troy oz": "oz t", "gram": "g", "grams": "g",
    "short tons": "st", "short ton": "st", "long tons": "lt", "long ton": "lt",
}  # fmt: skip
_OFTEN = {"year": 1, "yr": 1, "y": 1, "a": 1, "annum": 1, "jahr": 1, "an": 1, "quarter": 4, "quartal": 4, "q": 4}
_OFTEN |= {"month": 12, "monat": 12, "mo": 12, "mois": 12, "mes": 12}
_PER = r"(?:/|\bper\b|\bje\b|\bpro\b|\bpor\b|\bpar\b)"
_PACE = re.compile(
    rf"\s*{_PER}\s*({'|'.join(_OFTEN)})\b\.?$|\s+(?:p\.?\s?a\.?|annually|yearly|jährlich)$", re.IGNORECASE
)
_MONEY = re.compile(
    rf"({'|'.join(map(re.escape, sorted(_SIGNS, key=len, reverse=True)))}|[A-Za-z]{{3}})(?:\s*{_PER}\s*(.+))?",
    re.IGNORECASE,
)
_FROM = re.compile(
    r"(?:>=?|≥|\bfrom\b|\bab\b|\babove\b|\bover\b|\bdès\b|\bdesde\b)\s*([\d.,'  ]*\d)\s*([a-z]+)?", re.IGNORECASE
)
_BRACKETS = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
_TAIL = re.compile(r"(?:,|\bin\b|:|\s-|\s\u2013)\s*([^,:]+)$|\s(\S+\s*/\s*.+)$|\s(\S+)$", re.IGNORECASE)


def read_unit(text: str) -> Unit | None:
    """Return the unit that a text is, and nothing else; None where it is none.

    >>> read_unit("US$/t LCE"), read_unit("ktpa"), read_unit("t/month"), read_unit("delivered")
    (Unit(currency='USD', basis='t LCE', times=1), Unit(currency=None, basis='kt', times=1), \
Unit(currency=None, basis='t', times=12), None)
    """
    plain = " ".join(text.split())
    money = _MONEY.fullmatch(plain)
    if money:
        currency = _read_currency(money[1])
        basis = _read_mass(money[2]) if money[2] else None
        if currency and (basis or not money[2]):
            return Unit(currency, basis)
    per = re.match(rf"{_PER}\s*", plain, re.IGNORECASE)
    if per and (basis := _read_mass(plain[per.end() :])):
        return Unit(None, basis)
    pace = _PACE.search(plain)
    times = _OFTEN[pace[1].lower()] if pace and pace[1] else 1
    plain = plain[: pace.start()] if pace else re.sub(r"(?i)^(k?t)pa$", r"\1", plain)
    basis = _read_mass(plain)
    return None if basis is None else Unit(None, basis, times)


def _read_currency(text: str) -> str | None:
    code = _SIGNS.get(text.upper(), text.upper())
    return code if code in CURRENCIES else None


def _read_mass(text: str) -> str | None:
    """Return a basis as it is written here, or None where a text does not begin with a unit of mass."""
    plain = text.strip(" .'")
    low = plain.lower()
    for name in sorted(_MASSES, key=len, reverse=True):
        if low == name or low.startswith(f"{name} "):
            plain = f"{_MASSES[name]}{plain[len(name) :]}"
            break
    else:
        first = plain.split(" ")[0]
        if first.lower() in {"kg", "t", "kt", "lb", "g"}:
            plain = f"{first.lower()}{plain[len(first) :]}"
    try:
        read_basis(plain)
    except ValueError:
        return None
    return plain


def read_heading(text: str) -> Heading:
    """Take a heading apart: its words, the unit that it names, and from which quantity a price holds."""
    plain = " ".join(text.split())
    start = _FROM.search(plain)
    from_quantity = None
    if start and (readings := set(read_by_sign(start[1]).values())):
        from_quantity = float(max(readings, key=float)), _read_mass(start[2]) if start[2] else None
        plain = f"{plain[: start.start()]} {plain[start.end() :]}".strip()
    for bracket in _BRACKETS.finditer(plain):
        unit = read_unit(bracket[1])
        if unit is not None:
            words = f"{plain[: bracket.start()].strip()} {plain[bracket.end() :].strip()}".strip()
            return Heading(words, unit, from_quantity)
    tail = _TAIL.search(plain)
    while tail:
        unit = read_unit(next(filter(None, tail.groups())))
        if unit is not None:
            return Heading(plain[: tail.start()].strip(), unit, from_quantity)
        tail = _TAIL.search(plain, tail.start() + 1)
    return Heading(plain, NO_UNIT, from_quantity)
