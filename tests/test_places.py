"""Countries are read as people and lists spell them, and a hint names the country that was meant or none."""

from __future__ import annotations

import re

import iso3166
import pytest

from models.records.countries import read_country

LISTS = {
    "AE": ["UAE", "U.A.E."],
    "BA": ["Bosnia Herzegovina", "Bosnia & Herzegovina"],
    "BO": ["Bolivia (Plurinational State of)", "Plurinational State of Bolivia"],
    "BS": ["Bahamas, The", "The Bahamas"],
    "CD": [
        "180",
        "COD",
        "DRC",
        "Congo (Kinshasa)",
        "Congo, Dem. Rep.",
        "Dem. Rep. of the Congo",
        "D.R. Congo",
        "Congo, D.R.",
        "\u521a\u679c\uff08\u91d1\uff09",
        "\ucf69\uace0 \ubbfc\uc8fc \uacf5\ud654\uad6d",
    ],
    "CH": ["756", "757"],
    "CX": ["Christmas Isds"],
    "CF": ["Central African Rep."],
    "CG": ["Congo (Brazzaville)", "Congo, Rep.", "Republic of the Congo"],
    "CI": ["Cote d'Ivoire", "C\u00f4te d\u2019Ivoire", "Cote d Ivoire", "Ivory Coast"],
    "CN": [
        "156",
        "P.R. China",
        "PR China",
        "China, P. R.",
        "People's Republic of China",
        "China, mainland",
        "\u4e2d\u56fd",
    ],
    "CZ": ["Czech Rep.", "Czechia"],
    "DO": ["Dominican Rep."],
    "EG": ["Egypt, Arab Rep."],
    "FK": ["Falkland Isds (Malvinas)"],
    "FM": ["FS Micronesia", "Micronesia, Fed. Sts.", "Federated States of Micronesia"],
    "FO": ["Faeroe Isds"],
    "FR": ["250", "251"],
    "GR": ["EL", "GRC"],
    "GM": ["Gambia, The"],
    "GW": ["Guinea Bissau", "Guinea-Bissau"],
    "HK": ["China, Hong Kong SAR", "Hong Kong SAR, China"],
    "IN": ["356", "699"],
    "IR": ["Iran, Islamic Rep.", "Iran (Islamic Republic of)"],
    "KG": ["Kyrgyz Republic"],
    "KP": ["N. Korea", "Korea, North", "Dem. People's Rep. of Korea", "Korea, Dem. People's Rep.", "DPRK"],
    "KR": ["S. Korea", "Korea, Republic of", "Rep. of Korea", "Korea, Rep.", "South_Korea"],
    "LA": ["Lao PDR", "Lao People's Dem. Rep."],
    "LC": ["St. Lucia"],
    "MD": ["Rep. of Moldova", "Moldova"],
    "MK": ["TFYR of Macedonia", "North Macedonia"],
    "MM": ["Burma"],
    "MO": ["China, Macao SAR", "Macau"],
    "MP": ["N. Mariana Isds"],
    "NE": ["Republic of Niger"],
    "NR": ["Nauru"],
    "PG": ["Papua N. Guinea"],
    "PS": ["West Bank and Gaza", "State of Palestine"],
    "RU": ["Russia", "Russian Federation"],
    "SB": ["Solomon Isds"],
    "SK": ["Slovak Republic"],
    "SX": ["Sint Maarten"],
    "SA": ["KSA"],
    "TR": ["792", "T\u00fcrkiye", "Turkiye", "Turkey"],
    "TW": ["Taiwan, China", "Chinese Taipei", "Taiwan"],
    "TZ": ["United Rep. of Tanzania"],
    "US": ["840", "842", "USA", "U.S.A.", "U.S.", "United States of America"],
    "VE": ["Venezuela, RB", "Venezuela (Bolivarian Rep. of)"],
    "VG": ["Br. Virgin Isds"],
    "VN": ["Viet Nam", "Vietnam"],
    "YE": ["Yemen, Rep."],
    "ZA": ["RSA", "Rep. of South Africa"],
    "ZZ": ["undisclosed", "zz"],
}
"""Spellings of USGS, the World Bank, the United Nations, Comtrade, BACI and CMRT."""
ISO = {name: country.alpha2 for country in iso3166.countries for name in (country.name, country.apolitical_name)}
KNOWN = {name: code for name, code in ISO.items() if name != "Congo"} | {
    name: code for code, names in LISTS.items() for name in names
}
NOBODY = "is not a country; write ZZ where it is undisclosed"
SEVERAL = "is not a country but several; name one, or declare a bloc of them under blocs"
REFUSED = {
    "China, Republic of": "is one of two countries; write China or CN, or Taiwan or TW",
    "Saint Martin": "is one of two countries; write MF for the French part, or SX for the Dutch part",
    "Dominica Republic": "is one of two countries; write Dominica or DM, or Dominican Republic or DO",
    "Guiana": "is one of two countries; write Guyana or GY, or French Guiana or GF",
    "Other Asia, nes": "is what UN statistics call Taiwan; write TW where that is meant, or ZZ",
    **dict.fromkeys(["Other countries", "unknown", "Rest of World", "various", "unspecified", "Areas, nes"], NOBODY),
    "World total": "is a total and not a country; leave it out",
    "Austrla": "is not a country; write a name or an ISO 3166 code such as CL",
    "Nigera": "is not a country; write a name or an ISO 3166 code such as CL",
    **dict.fromkeys(["Soviet Union", "Africa", "Yugoslavia"], SEVERAL),
    "EU27": "is a bloc, not a country; declare it under blocs",
    "R.O.C.": "is one of two countries; write Republic of the Congo or CG, or Taiwan or TW",
    "Belgium-Luxembourg": "is one of two countries; write Belgium or BE, or Luxembourg or LU",
    "490": "is what UN statistics call Taiwan; write TW where that is meant, or ZZ",
    "899": NOBODY,
    "\u521a\u679c": "is one of two countries; write DR Congo or CD, or Republic of the Congo or CG",
    "36": "is not a country; write 036 or AU where Australia is meant",
    "999": "is not a country; write a name or an ISO 3166 code such as CL",
    "Untied States": "is not a country (did you mean United States?)",
    "Brasil": "is not a country (did you mean Brazil?)",
}


@pytest.mark.parametrize("code", LISTS)
def test_the_spellings_of_lists_are_read(code: str) -> None:
    assert {read_country(name) for name in LISTS[code]} == {code}


@pytest.mark.parametrize("name", REFUSED)
def test_what_may_be_two_countries_or_none_is_refused(name: str) -> None:
    assert answer(name) == f"{name!r} {REFUSED[name]}"


def test_a_code_of_digits_is_read_as_a_sheet_holds_it() -> None:
    assert (read_country(156.0), read_country(792)) == ("CN", "TR")
    with pytest.raises(ValueError, match="write 036 or AU where Australia is meant"):
        read_country(36)


def answer(name: str) -> str:
    """Return the code that is read, or what is said."""
    try:
        return read_country(name)
    except ValueError as error:
        return str(error)


def spoilt(name: str) -> set[str]:
    """Return a name with one letter left out, doubled, changed or exchanged, and without its signs and articles."""
    at = range(len(name))
    letters = {name[:i] + name[i + 1 :] for i in at} | {name[:i] + name[i] + name[i:] for i in at}
    letters |= {name[:i] + "o" + name[i + 1 :] for i in at}
    letters |= {name[:i] + name[i + 1] + name[i] + name[i + 2 :] for i in at[:-1]}
    signs = {re.sub(r"[,.'\u2019()-]", sign, name) for sign in ("", " ")} | {name.removeprefix("The ").upper()}
    return (letters | signs) - {name}


@pytest.mark.parametrize("code", sorted(set(KNOWN.values())))
def test_a_misspelt_name_is_never_taken_for_another_country(code: str) -> None:
    taken = []
    for name in (name for name, of in KNOWN.items() if of == code):
        for said in spoilt(name):
            told = answer(said)
            hint = re.search(r"did you mean (.*)\?\)", told)
            meant = read_country(hint[1]) if hint else told if len(told) == 2 else code
            if meant != code and said.casefold() not in {known.casefold() for known in KNOWN} and len(said) > 3:
                taken.append((name, said, told))
    assert not taken
