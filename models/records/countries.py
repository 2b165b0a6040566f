"""Countries: from the names that people and sources write to codes of ISO 3166-1 alpha-2.

A name is read by its words, in any order, without case, accents, apostrophes, hyphens and dots, and with the
abbreviations of the lists of USGS, the World Bank, the United Nations and BACI written out: ``Congo, Dem. Rep.`` is
``Democratic Republic of the Congo``. Codes of three digits are those of ISO 3166-1 and of UN Comtrade. What may be two
countries is refused, and a hint names one country or none.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import iso3166

from models.records.country_scripts import CODE_BY_NAME, CONGO, fold_script
from models.records.wording import quote

UNDISCLOSED = "ZZ"
"""The country code (user-assigned in ISO 3166-1) of a place or owner that nobody declared."""

# Everyday spellings, and those of lists, whose words ISO 3166-1 does not have; the first is the one that hints write.
_SPELLINGS = {
    "AE": "UAE",
    "BA": "Bosnia",
    "BN": "Brunei",
    "BO": "Bolivia",
    "BQ": "Bonaire; Bonaire, Saint Eustatius and Saba",
    "CX": "Christmas Islands",
    "CC": "Cocos Islands; Keeling Islands",
    "CD": "DR Congo; Congo (Kinshasa); DRC; RDC; Zaire; Democratic Republic of Congo",
    "CG": "Republic of the Congo; Congo (Brazzaville)",
    "CH": "Swiss Confederation",
    "CI": "Ivory Coast; Cote d Ivoire",
    "CN": "China; Mainland China; People's Republic of China; PRC",
    "CV": "Cape Verde",
    "CZ": "Czech Republic",
    "DE": "Federal Republic of Germany",
    "FK": "Falkland Islands; Falklands; Malvinas",
    "FM": "Micronesia; Fed. Sts. Micronesia; FS Micronesia",
    "FO": "Faroe Islands; Faeroe Islands",
    "FR": "French Republic",
    "GB": "United Kingdom; Great Britain; Britain; UK; United Kingdom of Great Britain and Northern Ireland",
    "GR": "Hellenic Republic; EL",
    "HK": "Hong Kong SAR; China, Hong Kong SAR; Hong Kong, China; Hong Kong Special Administrative Region of China",
    "IR": "Iran",
    "KG": "Kyrgyz Republic",
    "KN": "Saint Kitts",
    "KP": "North Korea; DPRK; DPR Korea; Korea, Dem. Rep.; Democratic People's Republic of Korea",
    "KR": "South Korea; Republic of Korea; ROK",
    "LA": "Laos; Lao People's Dem. Rep.",
    "LY": "Libyan Arab Jamahiriya",
    "MD": "Moldova",
    "MF": "Saint Martin (French part)",
    "MK": "North Macedonia; Macedonia; FYR Macedonia; Macedonia, FYR; TFYR of Macedonia; Former Yugoslav Republic of "
    "Macedonia",
    "MM": "Burma; Burma (Myanmar)",
    "MP": "Northern Mariana Islands; N Mariana Islands",
    "MO": "Macau; Macao SAR; Macau SAR; China, Macao SAR; China, Macau SAR; Macao, China; Macao Special Administrative "
    "Region of China",
    "MX": "United Mexican States",
    "NL": "Netherlands; Holland",
    "NR": "Nauru; NRU",
    "PG": "Papua New Guinea; Papua N Guinea",
    "PS": "Palestine; State of Palestine; Palestinian Territories; Occupied Palestinian Territory; West Bank and Gaza",
    "RU": "Russia",
    "SA": "Saudi Arabia; KSA",
    "SH": "Saint Helena",
    "SJ": "Svalbard; Svalbard and Jan Mayen Islands",
    "SK": "Slovak Republic",
    "SX": "Sint Maarten",
    "SY": "Syria",
    "SZ": "Swaziland; Eswatini (Swaziland); Swaziland (Eswatini)",
    "TL": "East Timor",
    "TR": "Turkey; Turkey (Turkiye); Turkiye (Turkey)",
    "TW": "Taiwan; Taiwan, China; Chinese Taipei; Taiwan (Province of China)",
    "TZ": "Tanzania",
    "US": "United States; USA; US; America; United States of America",
    "VA": "Vatican; Vatican City; Vatican City State",
    "VE": "Venezuela; Venezuela, RB",
    "VG": "British Virgin Islands",
    "VI": "US Virgin Islands; United States Virgin Islands; Virgin Islands of the United States",
    "VN": "Vietnam",
    "WF": "Wallis and Futuna Islands",
    "XK": "Kosovo",
    "ZA": "South Africa; RSA",
    UNDISCLOSED: "undisclosed",
}
_COMTRADE = {"251": "FR", "381": "IT", "579": "NO", "699": "IN", "757": "CH", "842": "US"}
"""Codes of UN Comtrade and BACI that count a country with territories of its own, for which ISO 3166-1 has another."""
_DIGITS = 3
_OTHER_ASIA = "490"
_COMTRADE_NOBODY = frozenset({_OTHER_ASIA, "527", "568", "577", "636", "637", "837", "838", "839", "849", "879", "899"})
"""Codes of UN Comtrade for places that are not specified; the first is what its statistics call Taiwan."""

_NOT_ONE = "is not a country; write a name or an ISO 3166 code such as CL"
_BLOC = "is a bloc, not a country; declare it under blocs"
_NOBODY = f"is not a country; write {UNDISCLOSED} where it is undisclosed"
_TOTAL = "is a total and not a country; leave it out"
_REGION = "is not a country but several; name one, or declare a bloc of them under blocs"
_TWO = {
    "Belgium-Luxembourg": "write Belgium or BE, or Luxembourg or LU",
    "Congo": "write DR Congo or CD, or Republic of the Congo or CG",
    "Czechoslovakia": "write Czechia or CZ, or Slovakia or SK",
    "Dominica Republic": "write Dominica or DM, or Dominican Republic or DO",
    "Guiana": "write Guyana or GY, or French Guiana or GF",
    "Korea": "write South Korea or KR, or North Korea or KP",
    "Republic of China": "write China or CN, or Taiwan or TW",
    "ROC": "write Republic of the Congo or CG, or Taiwan or TW",
    "Serbia and Montenegro": "write Serbia or RS, or Montenegro or ME",
    "Saint Martin": "write MF for the French part, or SX for the Dutch part",
    "Virgin Islands": "write VG for the British, or VI for those of the United States",
}
"""What may be either of two countries; ISO 3166-1 calls CG plain Congo, and analysts mean CD."""
_NOBODY_IN_PARTICULAR = (
    "unknown; various; various countries; unspecified; not specified; not stated; not disclosed; not available; none; "
    "rest of world; row; multiple; multiple countries; several; several countries; n/a; na; nes; areas nes; withheld; "
    "not elsewhere specified; confidential"
)
_NO_COUNTRIES = {
    **{name: f"is one of two countries; {cure}" for name, cure in _TWO.items()},
    **dict.fromkeys(("eu", "eu27", "eu 27", "eu28", "eu 28", "europe", "european union"), _BLOC),
    **dict.fromkeys(("africa", "asia", "oceania", "south america", "north america", "latin america"), _REGION),
    **dict.fromkeys(("ussr", "soviet union", "yugoslavia", "netherlands antilles", "neth antilles"), _REGION),
    **dict.fromkeys(("world", "total", "world total", "all countries", "all"), _TOTAL),
    **dict.fromkeys(_NOBODY_IN_PARTICULAR.split("; "), _NOBODY),
    "other asia nes": f"is what UN statistics call Taiwan; write TW where that is meant, or {UNDISCLOSED}",
}
"""What is written for a country and may not be read as one."""

_WRITTEN_OUT = {
    "br": "british", "dem": "democratic", "dpr": "democratic peoples republic", "dr": "democratic republic",
    "fed": "federated", "fmr": "former", "herz": "herzegovina", "is": "islands", "isds": "islands", "isl": "islands",
    "isls": "islands", "n": "north", "pdr": "peoples democratic republic", "peop": "peoples", "pop": "peoples",
    "pr": "peoples republic", "prov": "province", "rep": "republic", "repub": "republic", "s": "south", "st": "saint",
    "ste": "sainte", "sts": "states", "utd": "united",
}  # fmt: skip
_UNSAID = frozenset({"and", "of", "the"})
"""Words that tell no country from another."""
_FORMAL = frozenset(
    {"arab", "bolivarian", "commonwealth", "cooperative", "country", "democratic", "duchy", "federal", "federated"}
    | {"federative", "grand", "hashemite", "independent", "islamic", "kingdom", "nation", "oriental", "peoples"}
    | {"plurinational", "principality", "republic", "socialist", "sultanate", "union"}
)
"""Words of official names, without which most countries are known."""

_Words = tuple[str, ...]


def _words(text: str) -> list[str]:
    """Return the words of a name as they are compared, in their order."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    plain = re.sub(r"['`\u2018\u2019\u00b4\u02bc]", "", plain.casefold()).replace("co-operative", "cooperative")
    plain = re.sub(r"\b(?:[^\W\d_]\.\s?)+(?:[^\W\d_]\b)?", lambda found: re.sub(r"[.\s]", "", found[0]) + " ", plain)
    return " ".join(_WRITTEN_OUT.get(word, word) for word in re.findall(r"[^\W_]+", plain)).split()


def _bag(words: list[str]) -> _Words:
    return tuple(sorted(word for word in words if word not in _UNSAID))


def _letters(text: str) -> int:
    """Return a number with a bit for each letter that a text has: a slip changes two of them at most."""
    return sum(1 << (ord(letter) % 64) for letter in set(text))


def _codes() -> dict[str, str]:
    """Return the code by what is read as it stands: codes of two and three letters, and of three digits."""
    codes = {UNDISCLOSED.lower(): UNDISCLOSED, "xk": "XK", "nr": "NR", "nru": "NR"}
    for country in iso3166.countries:
        spelt = country.alpha2.lower(), country.alpha3.lower(), country.numeric
        codes |= dict.fromkeys(spelt, country.alpha2)
    return codes | _COMTRADE


def _spellings() -> dict[str, str]:
    """Return the code by every name that is known, those that hints write first."""
    named = {name: code for code, names in _SPELLINGS.items() for name in names.split("; ") if name}
    listed = {name: c.alpha2 for c in iso3166.countries for name in (c.apolitical_name, c.name)}
    return named | {name: code for name, code in listed.items() if name not in named}


_REFUSED = {_bag(_words(name)): why for name, why in _NO_COUNTRIES.items()}
_CODES = _codes()
_BY_WORDS = {bag: code for name, code in _spellings().items() if (bag := _bag(_words(name))) not in _REFUSED}
_GUESSED = [
    (known, name, code, _letters(known))
    for name, code in (_spellings() | dict.fromkeys(_TWO, "")).items()
    for known in [" ".join(_words(name))]
]
"""Each name as it is compared and as it is written, its code (none for what may be two), and its letters."""
_SHORTEST_GUESSED = 4
"""Letters of a country's name: shorter ones, and codes, are near to too much."""
_SHORT = 6
"""Letters of a name from which another country must be two slips further away for a hint."""
_LONGEST_GUESSED = 60


_EVERYDAY = {
    "AE", "BN", "CD", "CG", "CI", "GB", "KP", "KR", "LA", "MM", "RU", "SY", "TR", "TW", "US", "VG", "VI", "VN", "XK",
    UNDISCLOSED,
}  # fmt: skip
"""Countries that are known by the first of their spellings, and not by the beginning of the name in ISO 3166-1."""


def country_name(code: str) -> str:
    """Return the everyday name of a country, as drawings write it; a code that nobody has stays as it is.

    >>> country_name("CD"), country_name("PH"), country_name("BO"), country_name("XX")
    ('DR Congo', 'Philippines', 'Bolivia', 'XX')
    """
    if code in _EVERYDAY:
        return _SPELLINGS[code].split("; ")[0]
    country = iso3166.countries_by_alpha2.get(code)
    return code if country is None else re.sub(r"\s*[,(].*", "", country.apolitical_name)


def read_country(value: object) -> str:
    """Return the code of a country, or raise ValueError with what to write instead."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        value = f"{value:.15g}"  # as a sheet holds a code of digits
    if not isinstance(value, str):
        msg = f"{quote(value)} {_NOT_ONE}"
        raise ValueError(msg)  # noqa: TRY004 (pydantic collects ValueErrors only)
    code, why = _read(value.strip())
    if code is None:
        msg = f"{quote(value.strip() or value)} {why}"
        raise ValueError(msg)
    return code


@lru_cache(maxsize=10_000)
def _read(text: str) -> tuple[str | None, str]:
    """Return the code that a text means, or None and what is wrong with it."""
    if text.casefold() in _CODES:
        return _CODES[text.casefold()], ""
    if text.isascii() and text.isdigit():
        return None, _why_no_code(text)
    if not text.isascii() and (folded := fold_script(text)) in CODE_BY_NAME:
        return CODE_BY_NAME[folded], ""
    words = _words(text)
    bag = _bag(words) if text not in CONGO else _bag(["congo"])
    if bag in _REFUSED:
        return None, _REFUSED[bag]
    if bag in _BY_WORDS:
        return _BY_WORDS[bag], ""
    bare = tuple(word for word in bag if word not in _FORMAL)
    meant = _meant(" ".join(words)) if _SHORTEST_GUESSED <= len(text) <= _LONGEST_GUESSED else None
    if bare in _BY_WORDS:
        other = meant and _BY_WORDS[_bag(_words(meant))]
        return (_BY_WORDS[bare], "") if other in {None, _BY_WORDS[bare]} else (None, _NOT_ONE)
    if words[:1] in (["other"], ["others"]) or words[-1:] == ["nes"] or words[:2] == ["rest", "of"]:
        return None, _NOBODY
    return None, f"is not a country (did you mean {meant}?)" if meant else _NOT_ONE


def _why_no_code(digits: str) -> str:
    """Return what is wrong with digits that are no code: without its zeros one may as well be any other figure."""
    if digits in _COMTRADE_NOBODY:
        return _NO_COUNTRIES["other asia nes"] if digits == _OTHER_ASIA else _NOBODY
    whole = digits.zfill(_DIGITS)
    if whole in _CODES:
        return f"is not a country; write {whole} or {_CODES[whole]} where {country_name(_CODES[whole])} is meant"
    return _NOT_ONE


def _meant(text: str) -> str | None:
    """Return the name of the one country that a misspelt one may mean; None where it may be several."""
    near: dict[str, tuple[int, str]] = {}
    most = 1 if len(text) < _SHORT else 2
    letters = _letters(text)
    for known, name, code, of_known in _GUESSED:
        if (letters ^ of_known).bit_count() > 2 * (most + 1):
            continue
        apart = _slips(text, known, most + 1)
        if apart <= most + 1 and apart < near.get(code, (most + 2, ""))[0]:
            near[code] = (apart, name)
    (apart, code), *others = sorted((apart, code) for code, (apart, _) in near.items()) or [(most + 1, "")]
    clear = 1 if len(text) < _SHORT else 2
    alone = all(other - apart >= clear for other, _ in others)
    return near[code][1] if code and alone and apart <= most else None


def _slips(one: str, other: str, most: int) -> int:
    """Return how many letters are to be put in, left out, changed or exchanged with the next; `most` + 1 for more."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, start=1):
        before, above, row = row, before, [at]
        for place, beside in enumerate(other, start=1):
            least = min(before[place] + 1, row[place - 1] + 1, before[place - 1] + (letter != beside))
            if at > 1 and place > 1 and letter == other[place - 2] and one[at - 2] == beside:
                least = min(least, above[place - 2] + 1)
            row.append(least)
        if min(row) > most:
            return most + 1
    return row[-1]
