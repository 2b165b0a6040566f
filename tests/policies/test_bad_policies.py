"""Every kind of wrong policy, and the exact lines that are told about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from models.policies import list_shipped, read_shipped
from optimizer.check import check
from optimizer.errors import InputError
from optimizer.load import load
from tests.cli.command import lodeplan

if TYPE_CHECKING:
    from pathlib import Path

OURS = """\
name = "ours"
title = "House rules"
note = "Reviewed every year."

[measures.half]
words = "No country supplies more than half."
bound = "our buyers"
source = "minutes of 2026-03-01"
evidence = "seen"
valid_from = 2026-01-01
materials = ["lithium"]

[measures.half.limit]
kind = "share_cap"
each = "country"
basis = "place"
max_share = 0.5
hard = true
"""


def lines_of(folder: Path, header: str, ours: str = OURS) -> list[str]:
    """Return what is wrong with an instance whose header has one more line, beside a policy of its own."""
    text = (folder / "instance.toml").read_text("utf-8")
    (folder / "instance.toml").write_text(f"{header}\n{text}", encoding="utf-8")
    if "ours.toml" in header:
        (folder / "ours.toml").write_text(ours, encoding="utf-8")
    with pytest.raises(InputError) as told:
        load(folder)
    return list(told.value.problems)


def test_a_policy_of_ones_own_stands_beside_the_header(small: Path) -> None:
    (small / "ours.toml").write_text(OURS, encoding="utf-8")
    text = (small / "instance.toml").read_text("utf-8")
    (small / "instance.toml").write_text(f'policies = ["ours.toml"]\n{text}', encoding="utf-8")
    assert [measure.name for measure in load(small).policies[0].measures] == ["half"]


@pytest.mark.parametrize(
    ("header", "line"),
    [
        (
            'policies = ["eu-crmaa"]',
            "policies.1: 'eu-crmaa' is no policy (did you mean eu-crma?), or name a file of your own: x.toml",
        ),
        (
            'policies = ["ours.toml", "our.toml"]',
            "policies.2: our.toml: leads to a file that is not there; put the file in its place",
        ),
        ("policies = [3]", 'policies.1: 3 is not the name of a policy; write one in quotes, such as "eu-crma"'),
        (
            'policies = ["./ours.toml:third"]',
            "policies.1: ours: has no measure 'third'; there are half",
        ),
        ("policies = 3", 'policies: 3 is not a list of policies; write ["eu-crma"]'),
        ('policies = ["ours.toml:third"]', "policies.1: ours: has no measure 'third'; there are half"),
        (
            'policies = ["ours.toml:"]',
            "policies.1: ours: names no measure behind the colon; write some, such as half",
        ),
        (
            'policies = ["ours.toml", "ours.toml:half"]',
            "policies.2: ours: is there already; name it once, and several of its measures with commas",
        ),
    ],
)
def test_a_policy_that_cannot_be_found_is_told(small: Path, header: str, line: str) -> None:
    assert lines_of(small, header) == [f"instance.toml: {line}"]


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("0.5", "50", 'measures.half.limit.max_share: 50 is not a share; write 0.5 or "50%"'),
        (
            "share_cap",
            "share_kap",
            "measures.half.limit.kind: 'share_kap' is not a kind of limit (did you mean share_cap?)",
        ),
        ('kind = "share_cap"\n', "", "measures.half.limit.kind: is missing"),
        (
            '"seen"',
            '"sen"',
            "measures.half.evidence: 'sen' is not one of seen, reported, derived, assumed (did you mean seen?)",
        ),
        ('source = "minutes of 2026-03-01"\n', "", "measures.half.source: is missing; every record needs it"),
        ("2026-01-01", '"soon"', "measures.half.valid_from: 'soon' is not a date; write one such as 2026-01-31"),
        (
            "hard = true",
            'hard = true\nmaterials = ["cobalt"]',
            "measures.half: its limit names materials; write them in the measure itself",
        ),
        (
            "[measures.half.limit]",
            'no_limit = "x"\n[measures.half.limit]',
            "measures.half: becomes limit and no_limit; write exactly one of limit, duty, control, no_limit",
        ),
        (
            "[measures.half.limit]",
            "levels = { 2026-01-01 = 70 }\n[measures.half.limit]",
            'measures.half.max_share: 70 is not a share; write 0.7 or "70%"',
        ),
        (
            'name = "ours"',
            'name = "Our Rules"',
            "name: 'Our Rules' is no name of a policy; write small letters, digits and hyphens",
        ),
        ("[measures.half]", "looked_up = 2026-01-01\n[measures.half]", "looked_up: is not a key that is known here"),
        ("[measures.half]", "chosen = ['half']\n[measures.half]", "chosen: is not a key that is known here"),
        (
            "2026-01-01",
            "2026-01-01\nvalid_to = 2025-12-31",
            "measures.half: valid_to: 2025-12-31 lies before valid_from 2026-01-01; exchange them",
        ),
        (
            "2026-01-01",
            "2026-01-01\nsuspended = [{ from = 2027-01-01, to = 2026-12-31, by = 'x' }]",
            "measures.half.suspended.1: to: 2026-12-31 lies before from 2027-01-01; exchange them",
        ),
        (
            "2026-01-01",
            "2026-01-01\nvalid_to = 2027-12-31\nlevels = { 2028-01-01 = 0.4 }",
            "measures.half: levels: 2028-01-01 lies after valid_to 2027-12-31; remove it, or write a later valid_to",
        ),
        (
            "[measures.half.limit]",
            "levels = { 2026-01-01 = true }\n[measures.half.limit]",
            "measures.half.levels.2026-01-01: true is not a number; write one such as 1234.5",
        ),
        (
            OURS[OURS.index("[measures.half.limit]") :],
            'duty = { from_country = "CN", to_country = "US", rate = 25 }\n',
            'measures.half.duty.rate: 25 is not a rate; write 0.25 or "25%"',
        ),
        (
            "2026-01-01",
            "2026-01-01\npending = [{ words = 'x', source = 'y' }]",
            "measures.half.pending.1.evidence: is missing; every record needs it",
        ),
        (
            "[measures.half]",
            "pending = [{ words = 'x', source = 'y', evidence = 'rumour' }]\n[measures.half]",
            "pending.1.evidence: 'rumour' is not one of seen, reported, derived, assumed",
        ),
        (
            "[measures.half]",
            "pending = 'a bill'\n[measures.half]",
            "pending: 'a bill' is not a list; write one such as",
        ),
        ("[measures.half]", "[measures.half", "5: is not TOML"),
        ("[measures.half", "[meazures.half", "measures: is missing; write [measures.NAME] and its keys below"),
    ],
)
def test_a_file_that_is_no_policy_is_told_by_its_key(small: Path, old: str, new: str, line: str) -> None:
    told = lines_of(small, 'policies = ["ours.toml"]', OURS.replace(old, new))
    assert len(told) == 1
    assert told[0].startswith("instance.toml: policies.1: ours.toml:")
    assert line in told[0]


def test_a_row_that_a_measure_becomes_is_told_by_the_name_of_the_measure(small: Path) -> None:
    edge = 'control = { from_country = "CN", to_country = "CN", effect = "closed" }\n'
    stop = '[measures.stop]\nwords = "x"\nbound = "y"\nsource = "z"\nevidence = "seen"\nmaterials = ["lithium"]\n'
    assert lines_of(small, 'policies = ["ours.toml"]', OURS + stop + edge) == [
        (
            "instance.toml: policies.1: ours: stop: CN is the country itself, in which lanes stay open; "
            "write another or none"
        )
    ]


def test_a_share_of_days_beside_the_days_of_a_measure_is_refused(small: Path) -> None:
    quota = OURS.replace(
        'kind = "share_cap"\neach = "country"\nbasis = "place"\nmax_share = 0.5',
        'kind = "quota"\ncountry = "CD"\nmax_quantity = 5\nshare_of_days = { 2027 = 0.5 }',
    ).replace('title = "House rules"', 'title = "House rules"\nmass_unit = "t"')
    assert lines_of(small, 'policies = ["ours.toml"]', quota) == [
        (
            "instance.toml: policies.1: ours.toml: measures.half: its limit says share_of_days, "
            "which follows from the days of the measure; remove it"
        )
    ]


def test_a_policy_that_does_not_fit_the_instance_is_told(small: Path) -> None:
    blocs = OURS + '[blocs]\ncovered = ["IR"]\n'
    assert lines_of(small, 'policies = ["ours.toml"]', blocs) == [
        (
            "instance.toml: policies.1: ours: the bloc covered has other countries in the instance; "
            "give that one another name"
        )
    ]


def test_policies_of_an_instance_built_by_hand_are_checked_too(small: Path) -> None:
    twice = load(small).model_copy(update={"policies": (read_shipped("eu-crma"), read_shipped("eu-crma"))})
    with pytest.raises(InputError) as told:
        check(twice)
    assert told.value.problems == (
        "policies.2: eu-crma: is there already; name it once, and several of its measures with commas",
    )


def test_a_policy_of_tonnes_does_not_fit_an_instance_in_kilograms(small: Path) -> None:
    quantity = OURS.replace(
        'kind = "share_cap"\neach = "country"\nbasis = "place"\nmax_share = 0.5',
        'kind = "quantity_cap"\neach = "country"\nbasis = "place"\nmax_quantity = 5',
    )
    assert lines_of(small, 'policies = ["ours.toml"]', quantity) == [
        "instance.toml: policies.1: ours.toml: half speaks of a quantity; write the mass_unit of the policy, such as t"
    ]


def test_a_flag_tells_the_same(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(small.parent)
    (small.parent / "ours.toml").write_text(OURS, encoding="utf-8")
    wrong = {
        ("--policy", "eu"): "--policy eu: 'eu' is no policy",
        ("--policy", "our.toml"): "our.toml: leads to a file that is not there; put the file in its place",
        ("--policy", "ours.toml:x"): "--policy ours.toml:x: ours: has no measure 'x'; there are half",
        ("--policy", "ours.toml", "--policy", "ours.toml"): "--policy ours.toml: ours: is there already; ",
    }
    for flags, line in wrong.items():
        said = lodeplan("solve", small, *flags)
        assert said.code == 2
        assert said.err.startswith(line)


def test_the_list_and_the_show_tell_what_they_do_not_know() -> None:
    first, second, *_ = list_shipped()
    assert lodeplan("policies", "show", "eu").err.startswith(f"'eu' is no policy; use one of {first}, {second}, ")
    assert lodeplan("policies", "list", "--material", "galium").err == (
        "--material galium: no measure names it (did you mean gallium?)\n"
    )
    assert lodeplan("policies", "list", "--as-of", "soon").err == (
        "--as-of: 'soon' is not a date; write one such as 2026-01-31\n"
    )
