"""The kinds of value that a cell or a key may hold, each with one sentence for what is wrong.

Every type here reads text (a CSV cell, a TOML string) as well as plain numbers, and refuses what
could be read in two ways. The sentences say what is wrong, what was got and what to write instead;
the place (file, row, column) is added by whoever reads the file.
"""

from __future__ import annotations

import datetime
import difflib
import math
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated

import iso3166
from pydantic import AfterValidator, BeforeValidator

if TYPE_CHECKING:
    from collections.abc import Iterable

UNDISCLOSED = "ZZ"
"""The country code (user-assigned in ISO 3166-1) of a place or owner that nobody declared."""

# Everyday spellings, and those of USGS and the IEA, that ISO 3166-1 does not list.
_ALIASES = {
    "bolivia": "BO",
    "bosnia": "BA",
    "britain": "GB",
    "brunei": "BN",
    "burma": "MM",
    "cape verde": "CV",
    "congo (brazzaville)": "CG",
    "congo (kinshasa)": "CD",
    "cote d'ivoire": "CI",
    "czech republic": "CZ",
    "democratic republic of congo": "CD",
    "democratic republic of the congo": "CD",
    "dr congo": "CD",
    "drc": "CD",
    "great britain": "GB",
    "holland": "NL",
    "iran": "IR",
    "ivory coast": "CI",
    "korea, north": "KP",
    "korea, south": "KR",
    "kosovo": "XK",
    "laos": "LA",
    "macedonia": "MK",
    "moldova": "MD",
    "netherlands": "NL",
    "north korea": "KP",
    "palestine": "PS",
    "republic of korea": "KR",
    "republic of the congo": "CG",
    "russia": "RU",
    "south korea": "KR",
    "swaziland": "SZ",
    "syria": "SY",
    "taiwan": "TW",
    "tanzania": "TZ",
    "turkey": "TR",
    "uae": "AE",
    "uk": "GB",
    "undisclosed": UNDISCLOSED,
    "united kingdom": "GB",
    "united states": "US",
    "us": "US",
    "usa": "US",
    "venezuela": "VE",
    "vietnam": "VN",
}


def _country_table() -> dict[str, str]:
    table = {UNDISCLOSED.lower(): UNDISCLOSED, "xk": "XK"}
    for country in iso3166.countries:
        for spelling in (country.alpha2, country.alpha3, country.name, country.apolitical_name):
            table[spelling.lower()] = country.alpha2
    return table | _ALIASES


_COUNTRIES = _country_table()
_LONGEST_SHOWN = 60
_LONGEST_TEXT = 10_000
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known name nearest to `word`, or None when none is near."""
    by_fold = {name.lower(): name for name in known}
    near = difflib.get_close_matches(word.lower(), by_fold, n=1, cutoff=0.6)
    return by_fold[near[0]] if near else None


def suggest(word: str, known: Iterable[str]) -> str:
    """Return `` (did you mean X?)`` for the known name nearest to `word`, or nothing."""
    near = nearest(word, known)
    return f" (did you mean {near}?)" if near else ""


def amount(number: float) -> str:
    """Spell a number for a message: six digits that count, in groups of three, without an exponent."""
    if number and not 1e-4 <= abs(number) < 1e15:  # noqa: PLR2004
        return f"{number:.6g}"
    whole, _, rest = f"{float(f'{number:.6g}'):,.6f}".partition(".")
    rest = rest.rstrip("0")
    return whole.replace(",", " ") + (f".{rest}" if rest else "")


def show(value: object) -> str:
    """Quote a value for a message, cut to a length that fits on a line."""
    plain = isinstance(value, (datetime.date, datetime.time, datetime.timedelta))
    text = str(value) if plain else repr(value)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}... ({len(text)} characters)"


def _read_country(value: object) -> str:
    if not isinstance(value, str):
        msg = f"{show(value)} is not a country; write a name or an ISO 3166 code such as CL"
        raise ValueError(msg)  # noqa: TRY004 (pydantic collects ValueErrors only)
    code = _COUNTRIES.get(value.strip().lower())
    if code is None:
        cure = _near_country(value) or "; write a name or an ISO 3166 code such as CL"
        msg = f"{show(value)} is not a country{cure}"
        raise ValueError(msg)
    return code


@lru_cache(maxsize=1000)
def _near_country(text: str) -> str:
    return suggest(text[:60], (key.title() if len(key) > 3 else key.upper() for key in _COUNTRIES))  # noqa: PLR2004


def _read_number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        msg = f"{show(value)} is not a number; write one such as 1234.5"
        raise ValueError(msg)  # noqa: TRY004
    given = value
    if isinstance(value, str):
        given = text = value.strip()
        if "," in text:
            msg = f"{show(value)} reads both ways; write 1234.5 with a point and without thousands separators"
            raise ValueError(msg)
        try:
            value = float(text.replace("_", "?"))
        except ValueError:
            msg = f"{show(text)} is not a number; write one such as 1234.5"
            raise ValueError(msg) from None
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        msg = f"{show(given)} is not a finite number; write a number, or leave the cell empty where it may be"
        raise ValueError(msg)
    return number


def _read_share(value: object) -> float:
    percent = isinstance(value, str) and value.strip().endswith("%")
    number = _read_number(str(value).strip()[:-1] if percent else value)
    if percent:
        return _within_one(number / 100, str(value).strip())
    if 1 < number <= 100:  # noqa: PLR2004
        msg = f'{number:g} is not a share; write {number / 100:g} or "{number:g}%"'
        raise ValueError(msg)
    return _within_one(number, f"{number:g}")


def _within_one(share: float, shown: str) -> float:
    if not 0 <= share <= 1:
        msg = f"{shown} is not a share; write one from 0 to 1, or from 0% to 100%"
        raise ValueError(msg)
    return share


def _not_negative(number: float) -> float:
    if number < 0:
        msg = f"{number:g} is below zero; write 0 or more"
        raise ValueError(msg)
    return number


def _above_zero(number: float) -> float:
    if number <= 0:
        msg = f"{number:g} is not above zero; write more than 0"
        raise ValueError(msg)
    return number


def _read_count(value: object) -> int:
    number = _read_number(value)
    if number != int(number) or number < 0:
        msg = f"{number:g} is not a whole number of 0 or more"
        raise ValueError(msg)
    return int(number)


def _read_flag(value: object) -> bool:
    if isinstance(value, bool):
        return value
    words = {"yes": True, "true": True, "no": False, "false": False}
    if isinstance(value, str) and value.strip().lower() in words:
        return words[value.strip().lower()]
    msg = f"{show(value)} is neither yes nor no; write yes or no"
    raise ValueError(msg)


def _spell(value: object) -> object:
    """Turn a number, as a sheet holds what looks like one, into the text that it was typed as."""
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() else repr(value)
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _read_name(value: object) -> str:
    value = _spell(value)
    if not isinstance(value, str) or not value.strip():
        msg = f"{show(value)} is not a name; write some text"
        raise ValueError(msg)
    if len(value) > _LONGEST_TEXT:
        msg = f"{show(value)} is too long for a name; write {_LONGEST_TEXT} characters at most"
        raise ValueError(msg)
    if not value.isprintable():
        msg = f"{show(value)} holds a line break or another character that cannot be shown; remove it"
        raise ValueError(msg)
    return value.strip()


def _read_names(value: object) -> object:
    """Read ``mined; refined`` as a list of names; leave lists as they are."""
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(";"))
    return value


def _without_semicolons(names: tuple[str, ...]) -> tuple[str, ...]:
    for name in names:
        if ";" in name:
            msg = f"{show(name)} holds a semicolon, which separates names in a cell; rename it"
            raise ValueError(msg)
    return names


def _read_day(value: object) -> datetime.date:
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date()
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return value
    if isinstance(value, str) and _DAY.fullmatch(value.strip()):
        try:
            return datetime.date.fromisoformat(value.strip())
        except ValueError:
            msg = f"{show(value)} is not a day of the calendar; write one such as 2026-01-31"
            raise ValueError(msg) from None
    msg = f"{show(value)} is not a date; write one such as 2026-01-31"
    raise ValueError(msg)


def _read_text(value: object) -> str:
    value = _spell(value)
    if not isinstance(value, str) or not value.strip():
        msg = f"{show(value)} is not text; write some, or leave it out where it may be"
        raise ValueError(msg)
    if len(value) > _LONGEST_TEXT:
        msg = f"{show(value)} is too long; write {_LONGEST_TEXT} characters at most"
        raise ValueError(msg)
    unseen = next((sign for sign in value if not sign.isprintable() and sign not in "\n\t"), None)
    if unseen is not None:
        msg = f"{show(value)} holds {unseen!r}, which cannot be shown; remove it"
        raise ValueError(msg)
    return value.strip()


Name = Annotated[str, BeforeValidator(_read_name)]
Names = Annotated[tuple[Name, ...], BeforeValidator(_read_names), AfterValidator(_without_semicolons)]
Text = Annotated[str, BeforeValidator(_read_text)]
Day = Annotated[datetime.date, BeforeValidator(_read_day)]
Country = Annotated[str, BeforeValidator(_read_country)]
Number = Annotated[float, BeforeValidator(_read_number)]
Quantity = Annotated[float, BeforeValidator(_read_number), AfterValidator(_not_negative)]
Positive = Annotated[float, BeforeValidator(_read_number), AfterValidator(_above_zero)]
Share = Annotated[float, BeforeValidator(_read_share)]
PositiveShare = Annotated[float, BeforeValidator(_read_share), AfterValidator(_above_zero)]
Count = Annotated[int, BeforeValidator(_read_count)]
Flag = Annotated[bool, BeforeValidator(_read_flag)]
