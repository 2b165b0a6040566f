"""What is told of limits on figures that are written wrongly, line by line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.refused import lines_of

if TYPE_CHECKING:
    from pathlib import Path

Keys = dict[str, Any]

AVERAGE: Keys = {"kind": '"average_cap"', "attribute": '"co2"', "group": '"each"', "max_average": "5", "hard": "true"}
TOTAL: Keys = {"kind": '"total_cap"', "attribute": '"co2"', "group": '"total"', "max_total": "5", "hard": "true"}
RATIO: Keys = {
    "kind": '"value_ratio_floor"', "group": '"each"', "bloc": '"covered"', "basis": '"place"', "min_share": '"40%"',
    "hard": "true",
}  # fmt: skip
QUOTA: Keys = {"kind": '"quota"', "country": '"Chile"', "max_quantity": "5", "hard": "true"}
DEPENDENCE: Keys = {"kind": '"dependence_cap"', "each": '"company"', "max_share": '"40%"', "hard": "true"}

LITHIUM: Keys = {"materials": '["lithium"]'}

CASES: dict[str, tuple[Keys, str]] = {
    "no group": (
        AVERAGE | LITHIUM | {"group": None},
        '.group: is missing; write "each" or "total"',
    ),
    "group of another word": (
        AVERAGE | LITHIUM | {"group": '"all"'},
        ".group: 'all' is not one of each, total",
    ),
    "attribute that is not declared": (
        AVERAGE | LITHIUM | {"attribute": '"c02"'},
        ".attribute: 'c02' is not declared; add it to `attributes` in the header (did you mean co2?)",
    ),
    "attribute that is empty": (
        AVERAGE,
        ".attribute: 'co2' is empty for Syrah; state it for each offer in scope, or narrow the scope",
    ),
    "average below zero": (
        AVERAGE | LITHIUM | {"max_average": "-1"},
        ".max_average: -1 is below zero; write 0 or more",
    ),
    "total of an empty attribute": (
        TOTAL | {"stages": '["refined"]'},
        ".attribute: 'co2' is empty for Syrah; state it for each offer in scope, or narrow the scope",
    ),
    "class of nobody": (
        RATIO | {"bloc": None, "basis": None},
        ": does not say who is in the class; write a bloc, companies, or both",
    ),
    "class of a bloc without a basis": (
        RATIO | {"basis": None},
        ': a bloc and a basis belong together; with a bloc write basis = "place", "control" or "either"',
    ),
    "class by control without a share": (
        RATIO | {"basis": '"control"'},
        ": control needs the share that makes it; write from_share, together_from, or both",
    ),
    "class by place with a share": (
        RATIO | {"from_share": '"25%"'},
        ': from_share and together_from go with basis = "control" or "either"; remove them',
    ),
    "class of an unknown bloc": (
        RATIO | {"bloc": '"coverd"'},
        ".bloc: 'coverd' is not in the instance (did you mean covered?)",
    ),
    "class of an unknown company": (
        RATIO | {"companies": '["Ganfen"]'},
        ".companies: 'Ganfen' is not in the instance (did you mean Ganfeng?)",
    ),
    "ratio of a site": (
        RATIO | LITHIUM | {"stages": '["refined"]', "sites": '["Gigafactory"]'},
        ".sites: what is paid for a material is paid wherever it goes; remove sites",
    ),
    "share of 40": (
        RATIO | {"min_share": "40"},
        '.min_share: 40 is not a share; write 0.4 or "40%"',
    ),
    "quota of nobody": (
        QUOTA | {"country": None},
        ".country: is missing; every record needs it",
    ),
    "quota for a country and a bloc": (
        QUOTA | {"to_country": '"China"', "to_bloc": '"covered"'},
        ": says to_country and to_bloc; write one of them, or a bloc with that country",
    ),
    "quota for an unknown bloc": (
        QUOTA | {"to_bloc": '"cover"'},
        ".to_bloc: 'cover' is not in the instance (did you mean covered?)",
    ),
    "quota below zero": (
        QUOTA | {"committed": "-5"},
        ".committed: -5 is below zero; write 0 or more",
    ),
    "capacity of nobody": (
        DEPENDENCE | {"each": None},
        ": speaks of nobody; write exactly one of each, company, offer",
    ),
    "capacity of each and one": (
        DEPENDENCE | {"offer": '"Syrah"'},
        ": speaks of each and offer; write exactly one of each, company, offer",
    ),
    "capacity of each country": (
        DEPENDENCE | {"each": '"country"'},
        ".each: 'country' is not one of company, offer",
    ),
    "capacity of an unknown company": (
        DEPENDENCE | {"each": None, "company": '"Ganfen"'},
        ".company: 'Ganfen' is not in the instance (did you mean Ganfeng?)",
    ),
    "capacity of an unknown offer": (
        DEPENDENCE | {"each": None, "offer": '"Sirah"'},
        ".offer: 'Sirah' is not in the instance (did you mean Syrah?)",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_limit_on_figures_that_is_wrong_is_told(small: Path, case: str) -> None:
    keys, expected = CASES[case]
    header = small / "instance.toml"
    written = "\n".join(f"{key} = {value}" for key, value in keys.items() if value is not None)
    header.write_text(f"{header.read_text('utf-8')}\n[limits.asked]\n{written}\n", "utf-8")
    assert lines_of(small) == [f"instance.toml: limits.asked{expected}"]


def test_a_share_of_a_capacity_that_is_not_stated_is_told(small: Path) -> None:
    header, offers = small / "instance.toml", small / "offers.csv"
    offers.write_text(offers.read_text("utf-8").replace("refined,US,600,", "refined,US,,"), "utf-8")
    written = "\n".join(f"{key} = {value}" for key, value in DEPENDENCE.items())
    header.write_text(f"{header.read_text('utf-8')}\n[limits.asked]\n{written}\n", "utf-8")
    assert lines_of(small) == [
        (
            "instance.toml: limits.asked.max_share: the capacity is empty for Syrah; state it for each offer in scope, "
            "or narrow the scope"
        )
    ]


def test_the_first_of_many_offers_without_an_attribute_are_named(small: Path) -> None:
    header, offers = small / "instance.toml", small / "offers.csv"
    offers.write_text(offers.read_text("utf-8").replace(",co2,", ",note2,").replace("note2", "co3"), "utf-8")
    text = header.read_text("utf-8").replace('["co2"]', '["co2", "co3"]')
    asked = "\n".join(f"{key} = {value}" for key, value in AVERAGE.items())
    header.write_text(f"{text}\n[limits.asked]\n{asked}\n", "utf-8")
    assert lines_of(small) == [
        (
            "instance.toml: limits.asked.attribute: 'co2' is empty for Pilbara, Atacama, Ganfeng and 2 more; state it "
            "for each offer in scope, or narrow the scope"
        )
    ]


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ('["risk"]', ["instance.toml: scores.1: 'risk' is not declared; add it to `attributes` as well"]),
        (
            '["co2"]',
            [
                (
                    "instance.toml: limits.asked.attribute: 'co2' is one of the scores, which do not add up; ask for "
                    "an average_cap, or take it out of `scores` in the header"
                )
            ],
        ),
    ],
)
def test_a_score_is_an_attribute_and_has_no_total(small: Path, scores: str, expected: list[str]) -> None:
    header = small / "instance.toml"
    asked = "\n".join(f"{key} = {value}" for key, value in (TOTAL | LITHIUM).items())
    text = header.read_text("utf-8").replace('["co2"]', f'["co2"]\nscores = {scores}')
    header.write_text(f"{text}\n[limits.asked]\n{asked}\n", "utf-8")
    assert lines_of(small) == expected
