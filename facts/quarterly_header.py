"""Rewrite the header of the yearly battery study for its quarters: periods, limits, cases, and what is its own.

It is rewritten paragraph by paragraph and not from records, so that every comment stays where it is.
"""

from __future__ import annotations

import re

QUARTERS = 4
"""In a year."""
YEARS = ("2027", "2028")
OPENING = """\
# Battery materials for a US cell maker, 2027 and 2028, by the quarter. Made from us-battery-2027 by "make quarterly":
# change that, or facts/quarterly.py, and not this file. SOURCES.md says what differs.
name = "us-battery-quarterly"
title = "Battery materials for a US cell maker, 2027-2028, by the quarter"
"""
RESPONSE = """\
# What suppliers give at short notice, and what they are owed: assumed, for all alike. No source was found.
[response]
surge = 0.1
surge_premium = 0.25
notice = 1
take_or_pay = 0.3
"""
TURNING_POINTS = "\n# Turning points "
"""Where the cases begin that belong to a table of the yearly study's sources, and have no meaning without it."""
LATER = {
    "graphite@CN=0": "graphite@CN@2027-Q2..2028-Q4=0",
    "btr-indonesia=0": "btr-indonesia@2027-Q2..2028-Q4=0",
    "sells no more to us.": "sells no more to us. Both from\n"
    "# the second quarter on: before it no flake of others can have reached Korea.",
}
"""What a case says here, by what it says there: it begins when goods can have come from elsewhere."""
_PERIOD = re.compile(r'^\[\[periods\]\]\nname = "(\d+)"\nyears = 1$')
_LIMIT = re.compile(r'^\[limits\.[a-z0-9-]+\]\nkind = "(\w+)"$', re.MULTILINE)


def quarters_of(year: str) -> list[str]:
    """Return the quarters of a year.

    >>> quarters_of("2027")
    ['2027-Q1', '2027-Q2', '2027-Q3', '2027-Q4']
    """
    return [f"{year}-Q{quarter}" for quarter in range(1, QUARTERS + 1)]


def rewrite_header(yearly: str) -> str:
    """Return the header of the quarterly study, from the text of the yearly one's."""
    first, *others = yearly.rstrip("\n").split("\n\n")
    paragraphs = [OPENING + first.partition("\ntitle = ")[2].partition("\n")[2]]
    for paragraph in others:
        if period := _PERIOD.match(paragraph):
            paragraphs += [f'[[periods]]\nname = "{name}"\nyears = 0.25' for name in quarters_of(period[1])]
        elif paragraph.startswith("# Cases"):
            paragraphs += [RESPONSE.rstrip("\n"), paragraph]
        elif paragraph.startswith("[cases]"):
            paragraphs.append(_begin_later(paragraph.partition(TURNING_POINTS)[0]))
        else:
            paragraphs.append(_restate_limit(paragraph))
    return "\n\n".join(paragraphs) + "\n"


def _begin_later(cases: str) -> str:
    for there, here in LATER.items():
        cases = cases.replace(there, here)
    return cases


def _restate_limit(paragraph: str) -> str:
    """Return a limit of each quarter, of one of each year; else what is there: a paragraph, or a limit of both years.

    A cap counts shares of the demand: in the last quarter only what is near can be bought, and shares of so little
    would forbid it. At least so many sources are asked for in all quarters but that one, for the same reason.
    """
    limit = _LIMIT.search(paragraph)
    if limit is None or 'per = "horizon"' in paragraph:
        return paragraph
    named = ", ".join(f'"{name}"' for year in YEARS for name in quarters_of(year) if name != quarters_of(YEARS[-1])[-1])
    added = {"share_cap": 'of = "demand"', "least_sources": f"periods = [{named}]"}.get(limit[1])
    return f"{paragraph[: limit.end()]}\n{added}{paragraph[limit.end() :]}" if added else paragraph
