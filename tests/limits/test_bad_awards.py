"""What is told of limits on awards, suppliers and time that are written wrongly, line by line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from optimizer.load import load
from tests.refused import lines_of

if TYPE_CHECKING:
    from pathlib import Path

Keys = dict[str, Any]

HARD: Keys = {"hard": "true"}
SPLIT: Keys = {"kind": '"split_award"', "count": '"company"', "min_share": '"20%"'} | HARD
DUAL: Keys = {"kind": '"dual_source"', "count": '"company"', "counts_from": '"5%"', "max_share": '"70%"'} | HARD
SAME: Keys = {"kind": '"consistent_award"', "count": '"company"', "over": '"periods"', "max_difference": "0"} | HARD
NEEDS: Keys = {"kind": '"requires"', "offer": '"Ganfeng"', "needs": '["Bitterfeld"]', "counts_from": "0.1"} | HARD
EITHER: Keys = {"kind": '"at_most_of"', "offers": '["Ganfeng", "Syrah"]'} | HARD
CHANGES: Keys = {"kind": '"change_cap"', "max_changes": "2", "kept_from": '"50%"', "group": '"total"'} | HARD
MOVED: Keys = {"kind": '"moved_cap"', "max_share": '"25%"'} | HARD
LOCK: Keys = {"kind": '"lock"', "min_share": "1"} | HARD
RAMP: Keys = {"kind": '"ramp_cap"', "offer": '"Ganfeng"', "max_change": '"10%"'} | HARD
COVER: Keys = {"kind": '"cover_floor"', "materials": '["lithium"]', "min_days": "60", "group": '"total"'} | HARD

CASES: dict[str, tuple[Keys, str]] = {
    "award of 20": (
        SPLIT | {"min_share": "20"},
        '.min_share: 20 is not a share; write 0.2 or "20%"',
    ),
    "awards of countries without a basis": (
        SPLIT | {"count": '"country"'},
        ': countries are counted by place or by control; write basis = "place" or basis = "control"',
    ),
    "second source of any size": (
        DUAL | {"counts_from": "0"},
        ".counts_from: 0 is not above zero; write more than 0",
    ),
    "second source without a size": (
        DUAL | {"counts_from": None},
        ".counts_from: is missing; every record needs it",
    ),
    "the same over something else": (
        SAME | {"over": '"site"'},
        ".over: 'site' is not one of sites, periods (did you mean sites?)",
    ),
    "the same over periods that are added up": (
        SAME | {"per": '"horizon"'},
        ': over = "periods" compares the periods, and per = "horizon" adds them up; remove one of them',
    ),
    "the same over one period": (
        SAME | {"periods": '["2027"]'},
        ".over: there is one of the periods only, and nothing to compare it with; name two or more",
    ),
    "offer that needs an unknown one": (
        NEEDS | {"needs": '["Bitterfelt"]'},
        ".needs: 'Bitterfelt' is not in the instance (did you mean Bitterfeld?)",
    ),
    "offer that needs itself": (
        NEEDS | {"needs": '["Bitterfeld", "Ganfeng"]'},
        ".needs: 'Ganfeng' stands there under offer as well; remove one",
    ),
    "offer that needs nothing": (
        NEEDS | {"needs": "[]"},
        ".needs: holds 0 where 1 or more are needed; add some or remove the key",
    ),
    "needed from a size that is not said": (
        NEEDS | {"counts_from": None},
        ".counts_from: is missing; every record needs it",
    ),
    "needed in an unknown period": (
        NEEDS | {"periods": '["2026"]'},
        ".periods: '2026' is not in the instance (did you mean 2028?)",
    ),
    "either of one": (
        EITHER | {"offers": '["Ganfeng"]'},
        ".offers: holds 1 where 2 or more are needed; add some or remove the key",
    ),
    "either of the same": (
        EITHER | {"offers": '["Ganfeng", "Ganfeng"]'},
        ".offers: 'Ganfeng' stands there twice; remove one",
    ),
    "ban of a country under the name of the other kind": (
        EITHER | {"country": '"China"'},
        (
            ".country: is not a key that is known here; use one of assumed, currency, hard, in_responses, kind, "
            "max_offers, note, offers, penalty, periods, quality, source, watch, year"
        ),
    ),
    "changes against nobody": (
        CHANGES,
        ": no offer in its scope has an incumbent_quantity, so there is nothing to keep; state them in offers",
    ),
    "the same period twice": (
        SAME | {"periods": '["2027", "2028", "2027"]'},
        ".periods: '2027' stands there twice; remove one",
    ),
    "changes without a group": (
        CHANGES | {"group": None},
        '.group: is missing; write "each" or "total"',
    ),
    "half a change": (
        CHANGES | {"max_changes": "2.5"},
        ".max_changes: 2.5 is not a whole number of 0 or more",
    ),
    "moved from nobody": (
        MOVED | {"stages": '["refined"]'},
        ": no offer in its scope has an incumbent_quantity, so there is nothing to keep; state them in offers",
    ),
    "lock of what was not bought": (
        LOCK | {"offers": '["Bitterfeld", "Syrah"]'},
        ".offers: the table earlier has nothing of 'Syrah' in this scope; add it or remove the name",
    ),
    "lock of an unknown offer": (
        LOCK | {"offers": '["Bitterfelt"]'},
        ".offers: 'Bitterfelt' is not in the instance (did you mean Bitterfeld?)",
    ),
    "lock of an empty period": (
        LOCK | {"periods": '["2028"]'},
        ": the table earlier has nothing in its scope; add offer, period and quantity of what was bought",
    ),
    "lock at a site": (
        LOCK | {"sites": '["Gigafactory"]'},
        ".sites: the table earlier does not say where things went; remove it",
    ),
    "change over the horizon": (
        RAMP | {"per": '"horizon"'},
        ': compares each period with the one before, so per = "horizon" says nothing here; remove it',
    ),
    "change within one period": (
        RAMP | {"periods": '["2028"]'},
        ".periods: one period has none to be compared with; name two or more",
    ),
    "change of nobody": (
        RAMP | {"offer": None},
        ": speaks of nobody; write exactly one of each, country, bloc, company, offer",
    ),
    "days without a group": (
        COVER | {"group": None},
        '.group: is missing; write "each" or "total"',
    ),
    "days of a material without room": (
        COVER | {"materials": None},
        ".materials: no site has room for graphite; add it to stock or name the materials with room",
    ),
    "days at a stage": (
        COVER | {"stages": '["refined"]'},
        ": stages says nothing here, for what is kept is of the last stage; remove it",
    ),
    "days over the horizon": (
        COVER | {"per": '"horizon"'},
        ': looks at the end of each period, so per = "horizon" says nothing here; remove it',
    ),
    "days below zero": (
        COVER | {"min_days": "-1"},
        ".min_days: -1 is below zero; write 0 or more",
    ),
}


def write(folder: Path, keys: Keys) -> None:
    header = folder / "instance.toml"
    written = "\n".join(f"{key} = {value}" for key, value in keys.items() if value is not None)
    header.write_text(f"{header.read_text('utf-8')}\n[limits.asked]\n{written}\n", "utf-8")


@pytest.mark.parametrize("case", CASES)
def test_a_limit_on_awards_that_is_wrong_is_told(small: Path, case: str) -> None:
    keys, expected = CASES[case]
    write(small, keys)
    assert lines_of(small) == [f"instance.toml: limits.asked{expected}"]


def test_a_size_that_is_a_share_of_nothing_is_told(small: Path) -> None:
    for file, old, new in (
        ("demand.csv", "graphite,2027,500", "graphite,2027,0"),
        ("offers.csv", "refined,US,600,", "refined,US,,"),
    ):
        (small / file).write_text((small / file).read_text("utf-8").replace(old, new), "utf-8")
    write(small, NEEDS | {"needs": '["Syrah"]'})
    assert lines_of(small) == [
        (
            "instance.toml: limits.asked.counts_from: nothing of the material of Syrah is needed, so it is a share of "
            "its capacity, and Syrah states none; state it"
        )
    ]


def test_today_is_not_known_by_site(small: Path) -> None:
    offers = (small / "offers.csv").read_text("utf-8").replace(",note\n", ",incumbent_quantity\n")
    (small / "offers.csv").write_text(
        offers.replace(',"brine, dried"', ",").replace("DE,800,6000,0.88,,3,", "DE,800,6000,0.88,,3,500"), "utf-8"
    )
    for kind in (CHANGES, MOVED):
        write(small, kind | {"sites": '["Gigafactory"]'})
        assert (
            lines_of(small)[-1]
            == "instance.toml: limits.asked.sites: today's quantities are not known by site; remove it"
        )
        header = small / "instance.toml"
        header.write_text(header.read_text("utf-8").partition("\n[limits.asked]")[0], "utf-8")
    write(small, MOVED)
    assert load(small).limits[-1].name == "asked"


def test_sites_are_told_apart_at_the_last_stage_only(small: Path) -> None:
    (small / "sites.csv").write_text("site,country\nGigafactory,Germany\nAnnex,Poland\n", "utf-8")
    write(small, SAME | {"over": '"sites"', "materials": '["lithium"]'})
    assert lines_of(small) == [
        (
            "instance.toml: limits.asked.over: only the last stage says which site a unit goes to, and mined is not "
            'the last of lithium; write stages = ["refined"], or materials for which it is'
        )
    ]


def test_each_site_needs_room_of_its_own(small: Path) -> None:
    (small / "sites.csv").write_text("site,country\nGigafactory,Germany\nAnnex,Poland\n", "utf-8")
    with (small / "demand.csv").open("a", encoding="utf-8") as file:
        file.write("Annex,lithium,2027,10\n")
    write(small, COVER | {"group": '"each"'})
    assert lines_of(small) == [
        (
            "instance.toml: limits.asked.sites: Annex has no room for lithium; add it to stock or name the sites "
            "that have some"
        )
    ]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("Bitterfelt,2027,5", "earlier.csv:4 offer: 'Bitterfelt' is not among the offers (did you mean Bitterfeld?)"),
        ("Bitterfeld,2029,5", "earlier.csv:4 period: '2029' is not among the periods (did you mean 2028?)"),
        ("Bitterfeld,2028,-5", "earlier.csv:4 quantity: -5 is below zero; write 0 or more"),
        (
            "Bitterfeld,2027,5",
            "earlier.csv:4 offer + period: Bitterfeld, 2027 stands there twice; keep one of the two rows",
        ),
    ],
)
def test_an_earlier_purchase_that_cannot_be_is_told(small: Path, row: str, expected: str) -> None:
    with (small / "earlier.csv").open("a", encoding="utf-8") as file:
        file.write(f"{row}\n")
    assert lines_of(small) == [expected]
