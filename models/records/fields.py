"""The kinds of value that a cell or a key may hold, each with one sentence for what is wrong.

Every type here reads text (a CSV cell, a TOML string) as well as plain numbers, and refuses what
could be read in two ways. The sentences say what is wrong, what was got and what to write instead;
the place (file, row, column) is added by whoever reads the file.
"""

from __future__ import annotations

import datetime
import math
import re
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, PlainSerializer, ValidationInfo

from models.records.countries import read_country
from models.records.figures import describe_comma
from models.records.wording import format_exactly, quote

_LONGEST_TEXT = 10_000
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}([ \u00a0\u2009\u202f'\u2019])\d{3}(?:\1\d{3})*(?:\.\d*)?", re.ASCII)
"""A number in groups of three, as Lodeplan prints it or with apostrophes; the spaces may be those that do not break."""


def _read_number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        msg = f"{quote(value)} is not a number; write one such as 1234.5"
        raise ValueError(msg)  # noqa: TRY004
    given = value
    if isinstance(value, str):
        given = text = value.strip()
        if "," in text:
            raise ValueError(describe_comma(value))
        try:
            value = float(_without_groups(text).replace("_", "?"))
        except ValueError:
            msg = f"{quote(text)} is not a number; write one such as 1234.5"
            raise ValueError(msg) from None
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        msg = f"{quote(given)} is not a finite number; write a number, or leave the cell empty where it may be"
        raise ValueError(msg)
    return number


def _without_groups(text: str) -> str:
    grouped = None if text.isascii() and " " not in text and "'" not in text else _GROUPED.fullmatch(text)
    return text.replace(grouped[1], "") if grouped else text


def _read_percent(value: object) -> float | None:
    """Return what ``25%`` says, to the last digit (0.25), or None for what is not in percent."""
    if not isinstance(value, str) or not value.strip().endswith("%"):
        return None
    text = value.strip()[:-1].strip()
    if "," not in text:
        try:
            _read_number(text)
        except ValueError:
            msg = f"{quote(value.strip())} is not a percentage; write one such as 25%"
            raise ValueError(msg) from None
    _read_number(text)
    return float(Decimal(_without_groups(text)).scaleb(-2))


_LEAST, _MOST = 1e-9, 1e15
"""Between which a figure lies that is not 0: what is smaller a solver cannot tell from nothing, what is larger is
beyond every market, and neither can be added up beside the other."""
_MOST_RATE = 1000.0


def _not_tiny(number: float) -> float:
    if 0 < abs(number) < _LEAST:
        msg = f"{number:g} is too small to be told from 0; write 0, or {_LEAST:g} or more"
        raise ValueError(msg)
    return number


def _read_share(value: object) -> float:
    percent = _read_percent(value)
    if percent is not None:
        return _within_one(percent, str(value).strip())
    number = _read_number(value)
    if 2 <= number <= 100:  # noqa: PLR2004 (just above 1 it is a share that is too large, and no 1 %)
        msg = (
            f"{format_exactly(number)} is not a share; write {format_exactly(number / 100)} or "
            f'"{format_exactly(number)}%"'
        )
        raise ValueError(msg)
    return _within_one(number, format_exactly(number))


def _within_one(share: float, shown: str) -> float:
    if not 0 <= share <= 1:
        msg = f"{shown} is not a share; write one from 0 to 1, or from 0% to 100%"
        raise ValueError(msg)
    return _not_tiny(share)


FROM_FILE = {"from_file": True}
"""The context in which values of a file are read: there 25 may mean 25 %."""


def _read_rate(value: object, info: ValidationInfo) -> float:
    percent = _read_percent(value)
    number = _not_negative(_read_number(value) if percent is None else percent)
    if number > _MOST_RATE:
        msg = f"{number:g} is larger than any rate; write {_MOST_RATE:g} ({_MOST_RATE:.0%}) at most"
        raise ValueError(msg)
    if percent is not None:
        return _not_tiny(percent)
    if number <= 1 or not info.context:
        return _not_tiny(number)
    if number > 100:  # noqa: PLR2004
        cure = f'"{format_exactly(number)}%"'
    else:
        cure = f'{format_exactly(number / 100)} or "{format_exactly(number)}%"'
        cure += f', or "{format_exactly(100 * number)}%" when it is that high' if number <= 10 else ""  # noqa: PLR2004
    msg = f"{format_exactly(number)} is not a rate; write {cure}"
    raise ValueError(msg)


def _write_rate(rate: float) -> float | str:
    """Write a rate above 1 in percent, as it must be read, with every digit."""
    return rate if rate <= 1 else f"{Decimal(repr(rate)).scaleb(2):f}%"


def _within_reach(number: float) -> float:
    if abs(number) > _MOST:
        msg = f"{number:g} is larger than any figure of a market; write {_MOST:.0e} at most"
        raise ValueError(msg)
    return _not_tiny(number)


def _of_a_plan(years: float) -> float:
    if not 0.001 <= years <= 1000:  # noqa: PLR2004
        msg = f"{years:g} is not the length of a period in years; write one from 0.001 to 1000"
        raise ValueError(msg)
    return years


def _not_negative(number: float) -> float:
    if number < 0:
        msg = f"{format_exactly(number)} is below zero; write 0 or more"
        raise ValueError(msg)
    return number


def _above_zero(number: float) -> float:
    if number <= 0:
        msg = f"{format_exactly(number)} is not above zero; write more than 0"
        raise ValueError(msg)
    return number


def _read_count(value: object) -> int:
    number = _read_number(value)
    if number != int(number) or number < 0:
        msg = f"{format_exactly(number)} is not a whole number of 0 or more"
        raise ValueError(msg)
    return int(number)


def _one_or_more(number: int) -> int:
    if not number:
        msg = "0 is none; write a whole number of 1 or more"
        raise ValueError(msg)
    return number


def _read_flag(value: object) -> bool:
    if isinstance(value, bool):
        return value
    words = {"yes": True, "true": True, "no": False, "false": False}
    if isinstance(value, str) and value.strip().lower() in words:
        return words[value.strip().lower()]
    msg = f"{quote(value)} is neither yes nor no; write yes or no"
    raise ValueError(msg)


def _read_yes(value: object) -> bool:
    if not _read_flag(value):
        msg = "false says nothing; remove the key"
        raise ValueError(msg)
    return True


def _spell(value: object) -> object:
    """Turn a number, as a sheet holds what looks like one, into the text that it was typed as."""
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() else repr(value)
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _read_name(value: object) -> str:
    value = _spell(value)
    if not isinstance(value, str) or not value.strip():
        msg = f"{quote(value)} is not a name; write some text"
        raise ValueError(msg)
    value = value.strip()
    if len(value) > _LONGEST_TEXT:
        msg = f"{quote(value)} is too long for a name; write {_LONGEST_TEXT} characters at most"
        raise ValueError(msg)
    if not value.isprintable():
        msg = f"{quote(value)} holds a line break or another character that cannot be shown; remove it"
        raise ValueError(msg)
    return value


def _read_names(value: object) -> object:
    """Read ``mined; refined`` as a list of names; leave lists as they are."""
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(";"))
    return value


def _without_semicolons(names: tuple[str, ...]) -> tuple[str, ...]:
    for name in names:
        if ";" in name:
            msg = f"{quote(name)} holds a semicolon, which separates names in a cell; rename it"
            raise ValueError(msg)
    return names


def _read_stages(stages: object) -> object:
    """Refuse a chain whose only stage holds a comma.

    >>> _read_stages("mined, refined")
    Traceback (most recent call last):
    ValueError: 'mined, refined' reads as one stage; separate the stages with semicolons: mined; refined
    """
    alone = stages[0] if isinstance(stages, (list, tuple)) and len(stages) == 1 else stages
    if not isinstance(alone, str) or "," not in alone or ";" in alone:
        return stages
    parts = [part.strip() for part in alone.split(",") if part.strip()]
    if isinstance(stages, str):
        msg = f"{quote(alone)} reads as one stage; separate the stages with semicolons: {'; '.join(parts)}"
    else:
        msg = f"{quote(alone)} reads as one stage; write each stage by itself: {', '.join(map(repr, parts))}"
    raise ValueError(msg)


def _read_shares(value: object) -> object:
    """Read ``25%; 50%``, or one share, as a list of shares; leave lists as they are."""
    if isinstance(value, str):
        if "," in value:
            msg = f"{quote(value)} reads both ways; write shares with points, and semicolons between them: 0.25; 0.5"
            raise ValueError(msg)
        return tuple(part.strip() for part in value.split(";"))
    return (value,) if isinstance(value, (int, float)) else value


def _rising(shares: tuple[float, ...]) -> tuple[float, ...]:
    for before, share in pairwise(shares):
        if share < before:
            msg = (
                f"{format_exactly(share)} comes after {format_exactly(before)}, and a ramp-up does not fall; "
                "write shares that grow"
            )
            raise ValueError(msg)
    return shares


def _read_day(value: object) -> datetime.date:
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date()
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return value
    if isinstance(value, str) and _DAY.fullmatch(value.strip()):
        try:
            return datetime.date.fromisoformat(value.strip())
        except ValueError:
            msg = f"{quote(value)} is not a day of the calendar; write one such as 2026-01-31"
            raise ValueError(msg) from None
    msg = f"{quote(value)} is not a date; write one such as 2026-01-31"
    raise ValueError(msg)


def _read_text(value: object) -> str:
    value = _spell(value)
    if not isinstance(value, str) or not value.strip():
        msg = f"{quote(value)} is not text; write some, or leave it out where it may be"
        raise ValueError(msg)
    value = value.strip()
    if len(value) > _LONGEST_TEXT:
        msg = f"{quote(value)} is too long; write {_LONGEST_TEXT} characters at most"
        raise ValueError(msg)
    unseen = next((sign for sign in value if not sign.isprintable() and sign not in "\n\t"), None)
    if unseen is not None:
        msg = f"{quote(value)} holds {unseen!r}, which cannot be shown; remove it"
        raise ValueError(msg)
    return value


Name = Annotated[str, BeforeValidator(_read_name)]
Names = Annotated[tuple[Name, ...], BeforeValidator(_read_names), AfterValidator(_without_semicolons)]
Stages = Annotated[Names, BeforeValidator(_read_stages)]
Text = Annotated[str, BeforeValidator(_read_text)]
Day = Annotated[datetime.date, BeforeValidator(_read_day)]
Country = Annotated[str, BeforeValidator(read_country)]
Finite = Annotated[float, BeforeValidator(_read_number)]
"""Any number; what a market counts is a Number, a Quantity or a Room."""
Tolerance = Annotated[float, BeforeValidator(_read_number), AfterValidator(_not_negative)]
Number = Annotated[float, BeforeValidator(_read_number), AfterValidator(_within_reach)]
Quantity = Annotated[float, BeforeValidator(_read_number), AfterValidator(_not_negative), AfterValidator(_within_reach)]
Positive = Annotated[float, BeforeValidator(_read_number), AfterValidator(_above_zero), AfterValidator(_within_reach)]
Room = Annotated[float, BeforeValidator(_read_number), AfterValidator(_not_negative), AfterValidator(_not_tiny)]
"""What may be used at most; 1e30 says that nothing bounds it."""
Years = Annotated[float, BeforeValidator(_read_number), AfterValidator(_above_zero), AfterValidator(_of_a_plan)]
Share = Annotated[float, BeforeValidator(_read_share)]
PositiveShare = Annotated[float, BeforeValidator(_read_share), AfterValidator(_above_zero)]
RisingShares = Annotated[tuple[PositiveShare, ...], BeforeValidator(_read_shares), AfterValidator(_rising)]
"""``25%; 50%`` in a cell: shares above 0, none lower than the one before."""
Rate = Annotated[float, BeforeValidator(_read_rate), PlainSerializer(_write_rate)]
"""0.25 or "25%"; in files above 100 % in percent only ("250%"), which is how it is written."""
Count = Annotated[int, BeforeValidator(_read_count)]
PositiveCount = Annotated[Count, AfterValidator(_one_or_more)]
Flag = Annotated[bool, BeforeValidator(_read_flag)]
Yes = Annotated[Literal[True], BeforeValidator(_read_yes)]
"""A key that is there or not: true where it stands."""
Quality = Literal["seen", "reported", "derived", "assumed"]
"""How well a fact is known: its source was seen, reports of it were, it was worked out from these, or it is assumed."""
