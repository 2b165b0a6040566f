"""Countries: from the names that people and sources write to codes of ISO 3166-1 alpha-2."""

from __future__ import annotations

from functools import lru_cache

import iso3166

from models.wording import show, suggest

UNDISCLOSED = "ZZ"
"""The country code (user-assigned in ISO 3166-1) of a place or owner that nobody declared."""

# Everyday spellings, and those of USGS and the IEA, that ISO 3166-1 does not list.
_ALIASES = {
    "america": "US",
    "bolivia": "BO",
    "bosnia": "BA",
    "britain": "GB",
    "brunei": "BN",
    "burma": "MM",
    "cape verde": "CV",
    "china (mainland)": "CN",
    "china, people's republic of": "CN",
    "congo (brazzaville)": "CG",
    "congo (kinshasa)": "CD",
    "congo, dem. rep.": "CD",
    "congo, dr": "CD",
    "congo, rep.": "CG",
    "cote d'ivoire": "CI",
    "czech republic": "CZ",
    "d.r. congo": "CD",
    "dem. rep. congo": "CD",
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
    "mainland china": "CN",
    "moldova": "MD",
    "netherlands": "NL",
    "north korea": "KP",
    "palestine": "PS",
    "people's republic of china": "CN",
    "prc": "CN",
    "republic of korea": "KR",
    "republic of the congo": "CG",
    "russia": "RU",
    "s. korea": "KR",
    "south korea": "KR",
    "swaziland": "SZ",
    "syria": "SY",
    "taiwan": "TW",
    "tanzania": "TZ",
    "turkey": "TR",
    "u.k.": "GB",
    "u.s.": "US",
    "u.s.a.": "US",
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

_BLOC = "is a bloc, not a country; declare it under blocs"
_NO_COUNTRIES = {
    "congo": "is one of two countries; write DR Congo or CD, or Republic of the Congo or CG",
    "korea": "is one of two countries; write South Korea or KR, or North Korea or KP",
    "eu": _BLOC,
    "europe": _BLOC,
    "european union": _BLOC,
}
"""What is written for a country and may not be read as one; ISO 3166-1 calls CG plain Congo, and analysts mean CD."""


def _country_table() -> dict[str, str]:
    table = {UNDISCLOSED.lower(): UNDISCLOSED, "xk": "XK"}
    for country in iso3166.countries:
        for spelling in (country.alpha2, country.alpha3, country.name, country.apolitical_name):
            table[spelling.lower()] = country.alpha2
    return {name: code for name, code in (table | _ALIASES).items() if name not in _NO_COUNTRIES}


_COUNTRIES = _country_table()
_SHORTEST_GUESSED = 4
"""Letters of a country's name: shorter ones, and codes, are near to too much."""
_NEAR = 0.8


def read_country(value: object) -> str:
    """Return the code of a country, or raise ValueError with what to write instead."""
    if not isinstance(value, str):
        msg = f"{show(value)} is not a country; write a name or an ISO 3166 code such as CL"
        raise ValueError(msg)  # noqa: TRY004 (pydantic collects ValueErrors only)
    name = " ".join(value.split()).lower()
    if name in _NO_COUNTRIES:
        msg = f"{show(value.strip())} {_NO_COUNTRIES[name]}"
        raise ValueError(msg)
    code = _COUNTRIES.get(name)
    if code is None:
        cure = _near_country(value) or "; write a name or an ISO 3166 code such as CL"
        msg = f"{show(value)} is not a country{cure}"
        raise ValueError(msg)
    return code


@lru_cache(maxsize=1000)
def _near_country(text: str) -> str:
    text = text.strip()
    if len(text) < _SHORTEST_GUESSED:
        return ""
    names = (key.title().replace("Dr ", "DR ") for key in _COUNTRIES if len(key) >= _SHORTEST_GUESSED)
    return suggest(text[:60], names, _NEAR)
