"""Every kind of bad folder, and the exact lines that are told about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.refused import lines_of

if TYPE_CHECKING:
    from pathlib import Path

ALONE = "stands alone in its row; remove it, or say it in the column note of a row that it is about"
TWICE = "are one name spelt twice; write both alike, or rename one"
NUMBER_OR_EMPTY = "write a number, or leave the cell empty where it may be"

# What is spoilt (file, text that stands there, text put in its place), and the lines that follow.
CASES: dict[str, tuple[str, str, str, list[str]]] = {
    "a company in capitals": (
        "offers.csv", "Syrah,Syrah", "Syrah,NORD METALL",
        [
            f"offers.csv:6 company: 'NORD METALL' and 'Nordmetall' {TWICE} company (offers.csv:5 company)"
        ],
    ),
    "an offer in another form of Unicode": (
        "offers.csv", "Syrah,Syrah,graphite,refined,US,600,7000,,,,\n",
        "Syrah,Syrah,graphite,refined,US,600,7000,,,,\n\uff30ilbara,P,lithium,mined,CL,1,1,,,1,\n",
        [
            f"offers.csv:7 offer: '\uff30ilbara' and 'Pilbara' {TWICE} offer (offers.csv:2 offer)"
        ],
    ),
    "a stage with a hyphen": (
        "materials.csv", "graphite,mined; refined,t,", "graphite,mined; refined,t,\nnickel,mi-ned,t,",
        [
            f"materials.csv:4 stages: 'mi-ned' and 'mined' {TWICE} stage (materials.csv:2 stages)"
        ],
    ),
    "a bloc of one name with another": (
        "instance.toml", "[blocs]", '[blocs]\nCovered = ["China"]',
        [
            f"instance.toml: blocs.covered: 'covered' and 'Covered' {TWICE} bloc (instance.toml: blocs.Covered)"
        ],
    ),
    "a limit of one name with another": (
        "instance.toml", "[solve]",
        '[limits."CHINA "]\nkind = "share_cap"\ncountry = "CN"\nbasis = "place"\nmax_share = 1\nhard = true\n[solve]',
        [
            f"instance.toml: limits.\"CHINA \": 'CHINA' and 'china' {TWICE} limit (instance.toml: limits.china)"
        ],
    ),
    "a name that is an offer's and a site's": (
        "sites.csv", "Gigafactory,Germany", "Gigafactory,Germany\nPilbara,Germany",
        [
            (
                "sites.csv:3 site: 'Pilbara' is an offer as well, and a lane could lead to either; rename the site "
                "everywhere, such as 'Pilbara site' (in demand, products, sites, stock, lanes that lead to it, and "
                "limits)"
            )
        ],
    ),
    "an offer named in small letters": (
        "tiers.csv", "Syrah", "syrah",
        ["tiers.csv:2 offer: 'syrah' is not among the offers (did you mean Syrah?)"],
    ),
    "a footnote": (
        "offers.csv", "Syrah,Syrah,graphite,refined,US,600,7000,,,,\n",
        "Syrah,Syrah,graphite,refined,US,600,7000,,,,\nSource: USGS,,,,,,,,,,\n",
        [f"offers.csv:7: 'Source: USGS' {ALONE}"],
    ),
    "a footnote in one cell": (
        "demand.csv", "graphite,2027,500\n", "graphite,2027,500\n\n* estimate\n",
        [f"demand.csv:6: '* estimate' {ALONE}"],
    ),
    "a row of sums": (
        "offers.csv", "Syrah,Syrah,graphite,refined,US,600,7000,,,,\n",
        "Syrah,Syrah,graphite,refined,US,600,7000,,,,\nTotal,,,,,7400,,,,,\n",
        ["offers.csv:7: 'Total' heads a row of sums, which is none of the table; remove it"],
    ),
    "misspelt country": (
        "offers.csv", "Chile", "Chlie",
        ["offers.csv:3 country: 'Chlie' is not a country (did you mean Chile?)"],
    ),
    "capacity below zero": (
        "offers.csv", "2000", "-2000",
        ["offers.csv:2 capacity: -2000 is below zero; write 0 or more"],
    ),
    "text in a number": (
        "offers.csv", "2000", "many",
        ["offers.csv:2 capacity: 'many' is not a number; write one such as 1234.5"],
    ),
    "not a number": (
        "offers.csv", "2000", "NaN",
        [f"offers.csv:2 capacity: 'NaN' is not a finite number; {NUMBER_OR_EMPTY}"],
    ),
    "infinity": (
        "offers.csv", "2000", "-inf",
        [f"offers.csv:2 capacity: '-inf' is not a finite number; {NUMBER_OR_EMPTY}"],
    ),
    "more than a number holds": (
        "offers.csv", "2000", "1e400",
        [f"offers.csv:2 capacity: '1e400' is not a finite number; {NUMBER_OR_EMPTY}"],
    ),
    "thousands separator": (
        "offers.csv", "2000", '"2,000"',
        ["offers.csv:2 capacity: '2,000' reads both ways, as 2.000 or 2000; write the one that is meant"],
    ),
    "empty cell": (
        "offers.csv", "Chile", " ",
        ["offers.csv:3 country: is empty; every row of offers needs it"],
    ),
    "two faults in a row": (
        "offers.csv", "Chile,1500", "Chlie,x",
        [
            "offers.csv:3 country: 'Chlie' is not a country (did you mean Chile?)",
            "offers.csv:3 capacity: 'x' is not a number; write one such as 1234.5",
        ],
    ),
    "misspelt column": (
        "offers.csv", "capacity", "capcity",
        ["offers.csv:1 capcity: is not a column of offers (did you mean capacity?)"],
    ),
    "unknown column": (
        "sites.csv", "site,country\nGigafactory,Germany", "site,country,xyz\nGigafactory,Germany,1",
        ["sites.csv:1 xyz: is not a column of sites; use one of site, country, note, source, year, quality, assumed"],
    ),
    "missing column": (
        "sites.csv", "country", "note",
        ["sites.csv:1 country: is missing; every row of sites needs this column"],
    ),
    "column twice": (
        "offers.csv", ",note", ",price",
        ["offers.csv:1 price: stands there twice; keep one of the two columns"],
    ),
    "column without a name": (
        "offers.csv", ",note\n", ",\n",
        ["offers.csv:3 cell 11: 'brine, dried' stands in a column without a name; name the column or empty the cell"],
    ),
    "too few cells": (
        "offers.csv", ",9000,,,1.5,", ",9000",
        ["offers.csv:2: has 7 cells where the heading has 11; write the commas of empty cells too"],
    ),
    "too many cells": (
        "offers.csv", "9000", "9,000",
        ["offers.csv:2: has 12 cells where the heading has 11; put text that holds a comma in quotes"],
    ),
    "key twice": (
        "demand.csv", "lithium,2028", "lithium,2027",
        [
            ("demand.csv:3 site + material + period: Gigafactory, lithium, 2027 stands there twice; "
            "keep one of the two rows"),
        ],
    ),
    "unknown company": (
        "owners.csv", "Ganfeng", "Ganfneg",
        ["owners.csv:2 company: 'Ganfneg' is not among the companies (did you mean Ganfeng?)"],
    ),
    "owners above one": (
        "owners.csv", "0.7", "0.8",
        ["owners.csv:4 share: the owners of Pilbara add up to 1.1; they may not exceed 1"],
    ),
    "owner of both a company and an offer": (
        "owners.csv", "Ganfeng,,", "Ganfeng,Pilbara,",
        ["owners.csv:2 company: a row speaks of a company or of one offer; fill in exactly one of the two columns"],
    ),
    "share of 40": (
        "owners.csv", "0.7", "40",
        ['owners.csv:3 share: 40 is not a share; write 0.4 or "40%"'],
    ),
    "share of 140": (
        "owners.csv", "0.7", "140",
        ["owners.csv:3 share: 140 is not a share; write one from 0 to 1, or from 0% to 100%"],
    ),
    "origin of an offer that is not there": (
        "origins.csv", "Syrah", "Sirah",
        ["origins.csv:2 offer: 'Sirah' is not among the offers (did you mean Syrah?)"],
    ),
    "origin at the stage itself": (
        "origins.csv", "mined", "refined",
        [
            ("origins.csv:2 stage: 'refined' does not come before 'refined', the stage of Syrah; "
            "declare earlier stages only")
        ],
    ),
    "origin without a share where nothing is left": (
        "origins.csv", "Australia,0.8\n", "Australia,1\nSyrah,mined,Tanzania,,\n",
        [
            ("origins.csv:3 share: the stated mined origins of Syrah are all of it, so nothing is left for TZ; "
            "state its share, or remove the row")
        ],
    ),
    "misspelt word of a list": (
        "tiers.csv", "incremental", "incremetal",
        ["tiers.csv:2 kind: 'incremetal' is not one of incremental, all-units (did you mean incremental?)"],
    ),
    "lane that skips a stage": (
        "lanes.csv", "Pilbara,Ganfeng", "Pilbara,Gigafactory",
        [
            ("lanes.csv:2 destination: 'Gigafactory' is a site and Pilbara sells mined lithium, so the lane skips a "
            "stage; sites take refined")
        ],
    ),
    "lane between materials": (
        "lanes.csv", "Pilbara,Ganfeng", "Pilbara,Syrah",
        ["lanes.csv:2 destination: 'Syrah' handles graphite, not lithium; lanes stay within a material"],
    ),
    "lane to nowhere": (
        "lanes.csv", "Pilbara,Ganfeng", "Pilbara,Ganfen",
        ["lanes.csv:2 destination: 'Ganfen' is not among the offers and sites (did you mean Ganfeng?)"],
    ),
    "two bases": (
        "offers.csv", ",note\n", ",basis\n",
        [
            ("offers.csv:3 basis: 'brine, dried' is no basis of lithium (t Li content): 'brine,' is no unit of mass "
            "(t, kt, kg, g, lb, oz t, st, lt, mtu, flask); write t Li content, another formula or a grade, such as t "
            "MHP 39% Ni, or add the factor to conversions"),
        ],
    ),
    "date of another order": (
        "duties.csv", "2025-01-01", "01/02/2025",
        ["duties.csv:2 valid_from: '01/02/2025' is not a date; write one such as 2026-01-31"],
    ),
    "date that is not in the calendar": (
        "duties.csv", "2025-01-01", "2025-02-30",
        ["duties.csv:2 valid_from: '2025-02-30' is not a day of the calendar; write one such as 2026-01-31"],
    ),
    "date that reads as a number": (
        "duties.csv", "2025-01-01", "20250101",
        ["duties.csv:2 valid_from: '20250101' is not a date; write one such as 2026-01-31"],
    ),
    "dates exchanged": (
        "duties.csv", "2025-01-01", "2035-01-01",
        ["duties.csv:2 valid_to: 2029-12-31 lies before valid_from 2035-01-01; exchange them"],
    ),
    "duty below zero": (
        "duties.csv", "0.25", "-0.25",
        ["duties.csv:2 rate: -0.25 is below zero; write 0 or more"],
    ),
    "more stock than room": (
        "stock.csv", "50", "500",
        ["stock.csv:2 opening: 500 is above the capacity of 400; lower it"],
    ),
    "unknown period": (
        "demand.csv", "2028", "2029",
        ["demand.csv:3 period: '2029' is not among the periods (did you mean 2028?)"],
    ),
    "name with a line break": (
        "offers.csv", "Sal,", '"S\nl",',
        ["offers.csv:3 company: 'S\\nl' holds a line break or another character that cannot be shown; remove it"],
    ),
    "year that is not whole": (
        "conversions.csv", "source\nlithium,t LCE,0.18785,molar mass", "year\nlithium,t LCE,0.18785,2020.5",
        ["conversions.csv:2 year: '2020.5' is not a year; write one such as 2027"],
    ),
    "open quotes": (
        "offers.csv", '"brine, dried"', '"brine, dried',
        ["offers.csv:3: is not CSV: unexpected end of data; mend the quotes"],
    ),
    "text after quotes": (
        "offers.csv", '"brine, dried"', '"brine" dried',
        ["offers.csv:3: is not CSV: ',' expected after '\"'; mend the quotes"],
    ),
    "NUL byte": (
        "offers.csv", "Sal", "S\0l",
        ["offers.csv:3: holds a NUL byte, so this is not a text file; save it as CSV UTF-8"],
    ),
    "cell of 10 001 characters": (
        "offers.csv", "brine, dried", "x" * 10_001,
        [f"offers.csv:3 note: '{'x' * 59}... (10003 characters) is too long; write 10000 characters at most"],
    ),
    "cell of 50 MB": (
        "offers.csv", "brine, dried", "x" * 50_000_000,
        ["offers.csv:3: is longer than 1000000 characters; a row of a table is not, so mend it"],
    ),
    "heading without rows": (
        "sites.csv", "Gigafactory,Germany\n", "",
        ["sites.csv: holds no rows; every instance needs some sites"],
    ),
    "not TOML": (
        "instance.toml", '"USD"', "USD",
        ['instance.toml:3: USD is text and needs quotes; write "USD" (column 12)'],
    ),
    "key of the header missing": (
        "instance.toml", 'currency = "USD"\n', "",
        ["instance.toml: currency: is missing; every instance needs it"],
    ),
    "key of the header misspelt": (
        "instance.toml", "currency", "curency",
        ["instance.toml: curency: is not a key that is known here (did you mean currency?)"],
    ),
    "table of the header misspelt": (
        "instance.toml", "[limits.china]", "[limit.china]",
        ["instance.toml: limit: is not a key that is known here (did you mean limits?)"],
    ),
    "header date as a number": (
        "instance.toml", "2026-01-15", "20260115",
        ["instance.toml: as_of: 20260115 is not a date; write one such as 2026-01-31"],
    ),
    "start that is no day": (
        "instance.toml", "as_of = 2026-01-15", "as_of = 2026-01-15\nstart = 2027",
        ["instance.toml: start: 2027 is not a date; write one such as 2026-01-31"],
    ),
    "periods beyond the calendar": (
        "instance.toml", "as_of = 2026-01-15", "as_of = 2026-01-15\nstart = 9998-01-01",
        [
            (
                "instance.toml: start: the periods from 9998-01-01 on end after 9999-12-31, the last day of the "
                "calendar; write an earlier day, or shorter periods"
            )
        ],
    ),
    "period of less than a day": (
        "instance.toml", '\n\n[[periods]]\nname = "2027"\nyears = 1\n[[periods]]\nname = "2028"\nyears = 2',
        '\nstart = 2027-01-01\n\n[[periods]]\nname = "2027"\nyears = 1\n[[periods]]\nname = "2028"\nyears = 0.001',
        ["instance.toml: periods.2.years: 0.001 years from 2028-01-01 on are less than a day; write more"],
    ),
    "name of spaces": (
        "instance.toml", '"small"', '" "',
        ["instance.toml: name: ' ' is not a name; write some text"],
    ),
    "period of no length": (
        "instance.toml", "years = 2", "years = 0",
        ["instance.toml: periods.2.years: 0 is not above zero; write more than 0"],
    ),
    "period twice": (
        "instance.toml", '"2028"', '"2027"',
        [
            "instance.toml: periods.2.name: '2027' stands there twice; give each period its own name",
            "demand.csv:3 period: '2028' is not among the periods (did you mean 2027?)",
            "scenarios.csv:2 begins: '2028' is not among the periods (did you mean 2027?)",
        ],
    ),
    "bloc with an unknown country": (
        "instance.toml", '"RU"', '"Rusia"',
        ["instance.toml: blocs.covered.2: 'Rusia' is not a country (did you mean Russia?)"],
    ),
    "bloc that is no list": (
        "instance.toml", '["China", "RU"]', '"China"',
        ['instance.toml: blocs.covered: \'China\' is not a list; write one such as ["a", "b"]'],
    ),
    "attribute that is a column": (
        "instance.toml", '["co2"]', '["co2", "price"]',
        ["instance.toml: attributes.2: 'price' is a column of offers already; give it another name"],
    ),
    "setting misspelt": (
        "instance.toml", "gap", "gapp",
        ["instance.toml: solve.gapp: is not a key that is known here (did you mean gap?)"],
    ),
    "limit of unknown kind": (
        "instance.toml", "share_cap", "share_kap",
        ["instance.toml: limits.china.kind: 'share_kap' is not a kind of limit (did you mean share_cap?)"],
    ),
    "limit with a misspelt field": (
        "instance.toml", "max_share", "max_shar",
        ["instance.toml: limits.china.max_shar: is not a key that is known here (did you mean max_share?)"],
    ),
    "limit of 40": (
        "instance.toml", '"60%"', "40",
        ['instance.toml: limits.china.max_share: 40 is not a share; write 0.4 or "40%"'],
    ),
    "limit with an unknown word": (
        "instance.toml", '"place"', '"plce"',
        ["instance.toml: limits.china.basis: 'plce' is not one of place, control (did you mean place?)"],
    ),
    "limit with text for a truth value": (
        "instance.toml", "hard = true", 'hard = "maybe"',
        ["instance.toml: limits.china.hard: 'maybe' cannot stand here; write true"],
    ),
    "limit with a name of its own": (
        "instance.toml", "hard = true", 'hard = true\nname = "x"',
        ["instance.toml: limits.china.name: is what stands after `limits.` already; remove this key"],
    ),
    "limit on an unknown material": (
        "instance.toml", "hard = true", 'hard = true\nmaterials = ["litium"]',
        ["instance.toml: limits.china.materials: 'litium' is not in the instance (did you mean lithium?)"],
    ),
    "limit on one site twice": (
        "instance.toml", "hard = true", 'hard = true\nsites = ["Gigafactory", "Gigafactory"]\nstages = ["refined"]',
        ["instance.toml: limits.china.sites: 'Gigafactory' stands there twice; remove one"],
    ),
    "country of two": (
        "offers.csv", "Chile", "Congo",
        [
            ("offers.csv:3 country: 'Congo' is one of two countries; write DR Congo or CD, or Republic of "
            "the Congo or CG"),
        ],
    ),
    "other country of two": (
        "offers.csv", "Chile", "Korea",
        [
            "offers.csv:3 country: 'Korea' is one of two countries; write South Korea or KR, or North Korea or KP",
        ],
    ),
    "bloc as a country": (
        "offers.csv", "Chile", "EU",
        [
            "offers.csv:3 country: 'EU' is a bloc, not a country; declare it under blocs",
        ],
    ),
    "continent as a country": (
        "offers.csv", "Chile", "Europe",
        [
            "offers.csv:3 country: 'Europe' is a bloc, not a country; declare it under blocs",
        ],
    ),
    "country near to nothing": (
        "offers.csv", "Chile", "Various",
        [
            "offers.csv:3 country: 'Various' is not a country; write ZZ where it is undisclosed",
        ],
    ),
    "country not stated": (
        "offers.csv", "Chile", "n/a",
        [
            "offers.csv:3 country: 'n/a' is not a country; write ZZ where it is undisclosed",
        ],
    ),
    "rate of 25": (
        "duties.csv", "0.25", "25",
        [
            'duties.csv:2 rate: 25 is not a rate; write 0.25 or "25%"',
        ],
    ),
    "rate of 2.5": (
        "duties.csv", "0.25", "2.5",
        [
            'duties.csv:2 rate: 2.5 is not a rate; write 0.025 or "2.5%", or "250%" when it is that high',
        ],
    ),
    "rate of 250": (
        "duties.csv", "0.25", "250",
        [
            'duties.csv:2 rate: 250 is not a rate; write "250%"',
        ],
    ),
    "rate that is text": (
        "duties.csv", "0.25", "x%",
        [
            "duties.csv:2 rate: 'x%' is not a percentage; write one such as 25%",
        ],
    ),
    "stages with commas": (
        "materials.csv", "mined; refined", '"mined, refined"',
        [
            ("materials.csv:2 stages: 'mined, refined' reads as one stage; separate the stages with "
            "semicolons: mined; refined"),
        ],
    ),
    "stages with bare commas": (
        "materials.csv", "mined; refined", "mined, refined",
        [
            ("materials.csv:2: has 5 cells where the heading has 4; separate stages with semicolons, and put "
            "text that holds a comma in quotes"),
        ],
    ),
    "first period of no length": (
        "instance.toml", "years = 1", "years = 0",
        [
            "instance.toml: periods.1.years: 0 is not above zero; write more than 0",
        ],
    ),
    "period of a length in words": (
        "instance.toml", "years = 1", 'years = "one"',
        [
            "instance.toml: periods.1.years: 'one' is not a number; write one such as 1234.5",
        ],
    ),
    "periods in one bracket": (
        "instance.toml",
        '[[periods]]\nname = "2027"\nyears = 1\n[[periods]]\nname = "2028"\nyears = 2\n',
        '[periods]\nname = "2027"\nyears = 1\n',
        [
            "instance.toml: periods: is one table where a list is needed; write [[periods]] with two brackets",
        ],
    ),
    "limit with an unknown cost": (
        "instance.toml",
        'kind = "share_cap"\ncountry = "China"\nbasis = "place"\nmax_share = "60%"',
        'kind = "budget_cap"\nmax_cost = 3e9\ncosts = ["tariffs"]',
        [
            ("instance.toml: limits.china.costs.1: 'tariffs' is not one of purchases, processing, freight, "
            "duty, fixed, opening, reservation, switching, holding, shortage"),
        ],
    ),
    "limit that is not hard": (
        "instance.toml", "hard = true", "hard = false",
        [
            "instance.toml: limits.china.hard: false does not make a limit soft; write penalty = a cost instead",
        ],
    ),
    "limit that is not hard and has a penalty": (
        "instance.toml", "hard = true", "hard = false\npenalty = 3",
        [
            "instance.toml: limits.china.hard: false says nothing beside a penalty; remove it",
        ],
    ),
    "limit with an unknown key": (
        "instance.toml", "[limits.china]", "[limits.china]\nfoo = 1",
        [
            ("instance.toml: limits.china.foo: is not a key that is known here; use one of assumed, basis, bloc, "
            "company, country, currency, each, exempt, group, hard, in_responses, kind, materials, max_share, note, "
            "of, offer, outside, penalty, per, periods, quality, sites, source, stages, undisclosed, watch, year"),
        ],
    ),
    "limit on a bloc where none is declared": (
        "instance.toml",
        '[blocs]\ncovered = ["China", "RU"]\n\n[limits.china]\nkind = "share_cap"\ncountry = "China"\n',
        '[limits.china]\nkind = "share_cap"\nbloc = "covered"\ngroup = "total"\n',
        [
            ("instance.toml: limits.china.bloc: 'covered' is not in the instance; none is declared; add it "
            "under [blocs]"),
        ],
    ),
    "limits in two brackets": (
        "instance.toml", "[limits.china]", "[[limits]]",
        [
            "instance.toml: limits: [[limits]] makes a list without names; write [limits.NAME] and its keys below",
        ],
    ),
    "limit twice": (
        "instance.toml", "[limits.china]", '[limits.china]\nkind = "x"\n[limits.china]',
        [
            "instance.toml:21: the limit china stands above already; give each limit its own name (column 14)",
        ],
    ),
    "limit with a space in its name": (
        "instance.toml", "[limits.china]", "[limits.drc cobalt]",
        [
            ('instance.toml:19: a name with spaces or other signs needs quotes; write [limits."drc cobalt"] '
            "(column 13)"),
        ],
    ),
    "truth value in capitals": (
        "instance.toml", "hard = true", "hard = True",
        [
            "instance.toml:24: True is not TOML; write true (column 8)",
        ],
    ),
    "a day that there is not": (
        "instance.toml", "hard = true", "hard = 2027-02-30",
        ["instance.toml:24: 2027-02-30 is not a date; write one such as 2026-01-31 (column 8)"],
    ),
    "two signs for one": (
        "instance.toml", "hard = true", "hard = = true",
        ["instance.toml:24: hard has two signs = behind it; keep one (column 8)"],
    ),
    "share just above one": (
        "instance.toml", '"60%"', "1.04",
        ["instance.toml: limits.china.max_share: 1.04 is not a share; write one from 0 to 1, or from 0% to 100%"],
    ),
    "percent without quotes": (
        "instance.toml", '"60%"', "60%",
        [
            'instance.toml:23: 60% is text and needs quotes; write "60%" (column 15)',
        ],
    ),
    "key of two words": (
        "instance.toml", "max_share", "max share",
        [
            "instance.toml:23: max share is not a key; write it without spaces, such as max_share (column 5)",
        ],
    ),
    "key without a value in the header": (
        "instance.toml", "gap = 0.001", "gap =",
        [
            "instance.toml:27: gap has no value; write one after the = or remove the line (column 6)",
        ],
    ),
    "comma in a number of the header": (
        "instance.toml", "0.001", "0,001",
        [
            ("instance.toml:27: 0,001 is not a number; write one such as 1234.5, with a point and without "
            "thousands separators (column 8)"),
        ],
    ),
    "key of the header twice": (
        "instance.toml", "gap = 0.001", "gap = 1\ngap = 2",
        [
            "instance.toml:28: gap stands above already; keep one (column 8)",
        ],
    ),
    "year in words": (
        "instance.toml", 'note = "made for tests"', 'year = "about 2027"',
        [
            "instance.toml: year: 'about 2027' is not a year; write one such as 2027",
        ],
    ),
    "groups that are not of three": (
        "offers.csv", "2000", "50 00",
        [
            "offers.csv:2 capacity: '50 00' is not a number; write one such as 1234.5",
        ],
    ),
    "corridor where none is declared": (
        "corridors.csv", "cape,3000\n", "",
        [
            "lanes.csv:3 corridor: 'cape' is not among the corridors; none is declared; add it to corridors.csv",
            "lanes.csv:7 corridor: 'cape' is not among the corridors; none is declared; add it to corridors.csv",
            "lane_terms.csv:3 corridor: 'cape' is not among the corridors; none is declared; add it to corridors.csv",
        ],
    ),
    "lane to a place that is not there": (
        "lanes.csv", "Bitterfeld,Gigafactory", "Bitterfeld,Berlin",
        [
            ("lanes.csv:6 destination: 'Berlin' is not among the offers and sites; add it there or use one "
            "of them: Gigafactory, Ganfeng, ..."),
        ],
    ),
    "lane to a misspelt site": (
        "lanes.csv", "Bitterfeld,Gigafactory", "Bitterfeld,Gigafactry",
        [
            "lanes.csv:6 destination: 'Gigafactry' is not among the offers and sites (did you mean Gigafactory?)",
        ],
    ),
    "title above the columns": (
        "offers.csv", "offer,company", "Offers of lithium,,,\n\noffer,company",
        [
            ("offers.csv:1: names no column of offers; the first row must name the columns (offer, company, "
            "material, stage, ...), so remove what stands above them"),
        ],
    ),
    "line for a spreadsheet above the columns": (
        "offers.csv", "offer,company", "sep=;\noffer,company",
        [
            "offers.csv:1: sep=; is no row of a table; remove this line",
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_spoilt_folder_is_told_line_by_line(small: Path, case: str) -> None:
    name, old, new, expected = CASES[case]
    text = (small / name).read_text(encoding="utf-8")
    assert old in text
    (small / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    assert lines_of(small) == expected


@pytest.mark.parametrize(
    ("sign", "above", "name"), [("|", "", "vertical bars"), ("\t", "", "tabs"), ("\t", "sep=\t\n", "tabs")]
)
def test_a_table_of_another_separator_is_told_once(small: Path, sign: str, above: str, name: str) -> None:
    text = (small / "offers.csv").read_text(encoding="utf-8")
    (small / "offers.csv").write_text(above + text.replace(",", sign), encoding="utf-8")
    assert lines_of(small) == [f"offers.csv:1: is separated by {name}; save it with commas, or with semicolons"]


@pytest.mark.parametrize(
    ("heading", "told"),
    [
        ("", "offers.csv:1 cell 1: a column without a name counts the rows; save without the index (index=False)"),
        ("Unnamed: 0", "offers.csv:1 Unnamed: 0: is not a column of offers; save without the index (index=False)"),
    ],
)
def test_an_index_of_pandas_is_told_once(small: Path, heading: str, told: str) -> None:
    first, *rows = (small / "offers.csv").read_text(encoding="utf-8").splitlines()
    text = [f"{heading},{first}", *(f"{number},{row}" for number, row in enumerate(rows))]
    (small / "offers.csv").write_text("\n".join(text), encoding="utf-8")
    assert lines_of(small) == [told]


def test_a_first_column_without_a_name_that_counts_nothing_is_told_cell_by_cell(small: Path) -> None:
    (small / "sites.csv").write_text(",site,country\nx,Gigafactory,Germany\n", encoding="utf-8")
    told = "sites.csv:2 cell 1: 'x' stands in a column without a name; name the column or empty the cell"
    assert told in lines_of(small)


def test_a_list_of_periods_that_are_no_tables_is_told_once(small: Path) -> None:
    text = (small / "instance.toml").read_text(encoding="utf-8")
    before, _, rest = text.partition("[[periods]]")
    header = f'{before}periods = ["2027"]\n[blocs]{rest.partition("[blocs]")[2]}'
    (small / "instance.toml").write_text(header, encoding="utf-8")
    told = "instance.toml: periods.1: '2027' is not a table of keys; write key = value pairs"
    assert lines_of(small) == [told]


def test_everything_is_told_at_once_in_file_order(small: Path) -> None:
    for name, old, new in (
        ("stock.csv", "50", "x"),
        ("offers.csv", "Chile", "Chlie"),
        ("offers.csv", "800", "-800"),
        ("offers.csv", "Syrah,Syrah,graphite", "Syrah,Syrah,grafite"),
        ("instance.toml", '"60%"', "40"),
        ("instance.toml", "2026-01-15", '"soon"'),
    ):
        text = (small / name).read_text(encoding="utf-8")
        (small / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    (small / "lane.csv").write_text("x", encoding="utf-8")
    for name in ("demand.csv", "products.csv", "bill_of_materials.csv"):
        (small / name).unlink()
    assert lines_of(small) == [
        "lane.csv: is not a table of an instance (did you mean lanes.csv?)",
        "instance.toml: as_of: 'soon' is not a date; write one such as 2026-01-31",
        'instance.toml: limits.china.max_share: 40 is not a share; write 0.4 or "40%"',
        "demand.csv: is missing; every instance needs this table",
        "offers.csv:3 country: 'Chlie' is not a country (did you mean Chile?)",
        "offers.csv:5 capacity: -800 is below zero; write 0 or more",
        "offers.csv:6 material: 'grafite' is not among the materials (did you mean graphite?)",
        "stock.csv:2 opening: 'x' is not a number; write one such as 1234.5",
    ]


def test_a_broken_row_does_not_make_its_name_unknown(small: Path) -> None:
    text = (small / "offers.csv").read_text(encoding="utf-8")
    (small / "offers.csv").write_text(text.replace("CN,2500", "CN,x"), encoding="utf-8")
    header = (small / "instance.toml").read_text(encoding="utf-8")
    by_company = header.replace('country = "China"\nbasis = "place"', 'company = "Ganfeng"')
    (small / "instance.toml").write_text(by_company, encoding="utf-8")
    assert lines_of(small) == ["offers.csv:4 capacity: 'x' is not a number; write one such as 1234.5"]


def test_a_table_with_endless_faults_is_not_told_endlessly(small: Path) -> None:
    rows = "".join(f"Pilbara,nowhere {number}\n" for number in range(5_000))
    (small / "lanes.csv").write_text("origin,destination\n" + rows, encoding="utf-8")
    told = [line for line in lines_of(small) if line.startswith("lanes.csv")]
    assert len(told) == 1_001
    assert told[-1] == "lanes.csv: has more faults than these 1000; mend these first"
