"""``lodeplan policies``, and what a plan says of the policies that it was made under."""

from __future__ import annotations

import datetime
import json
from typing import TYPE_CHECKING

import pytest

import lodeplan as api
from models.enforcement import enforce
from models.policies import list_shipped, read_named, read_shipped
from optimizer.dump import dump
from optimizer.errors import InputError
from optimizer.load import load
from optimizer.report.standing import describe_standing
from tests.cli.command import copied, lodeplan
from tests.policies.test_bad_policies import OURS

if TYPE_CHECKING:
    from pathlib import Path

    from models.policies import Measure


def with_policies(folder: Path, *names: str) -> Path:
    """Let an instance name policies, one of which may stand beside it."""
    (folder / "ours.toml").write_text(OURS.replace("0.5", "0.7"), encoding="utf-8")
    text = (folder / "instance.toml").read_text("utf-8")
    (folder / "instance.toml").write_text(f"policies = {json.dumps(names)}\n{text}", encoding="utf-8")
    return folder


BAN = "gallium-germanium-antimony-us-ban"
AGEING = """\
pending = [{ words = "The board may drop the rule.", source = "agenda", evidence = "reported" }]
looked_at = 2025-12-01

[measures.half]
partly = "contracts of more than a year"
pending = [
  { words = "Half becomes a third.", source = "minutes", evidence = "seen", from = 2028-01-01, looked_at = 2025-12-31 },
  { words = "It was unknown before.", source = "minutes", evidence = "seen", known_from = 2026-06-01 },
]
"""
"""A rule with everything that a reader must know of it, put in place of the head of its measure."""


def measure_of(policy: str, name: str) -> Measure:
    """Return a measure of a policy that comes with Lodeplan."""
    return next(one for one in read_named(policy).measures if one.name == name)


def printed(*words: object) -> str:
    """Return what a command prints, without its line breaks."""
    said = lodeplan(*words)
    assert said.code == 0, said.err
    return " ".join(said.out.split())


def test_the_list_says_how_each_measure_stands_on_the_day() -> None:
    on = {
        day: printed("policies", "list", "--as-of", day, "--material", "gallium")
        for day in ("2026-11-27", "2026-11-28")
    }
    look = measure_of("china-export-controls", BAN).last_look
    assert f"{BAN}: suspended until 2026-11-27, nobody looked since {look}" in on["2026-11-27"]
    assert f"{BAN}: suspension lapsed 2026-11-27, last looked at {look}" in on["2026-11-28"]
    assert "gallium, germanium, antimony and 1 more: closed from CN to US" in on["2026-11-28"]
    assert "Measures that speak of every material: china-export-controls: us-military-ban, " in on["2026-11-28"]
    assert "indonesia-nickel" not in on["2026-11-27"]
    assert "nobody looked" not in printed("policies", "list", "--as-of", "2024-01-01")
    day = read_shipped("japan-stockpile").measures[0].last_look
    assert f"Japan's reserve of rare metals in days of use (nobody looked since {day}) japan-60" in printed(
        "policies", "list"
    )


def test_lists_and_shows_fit_in_eighty_columns() -> None:
    shown = [lodeplan("policies", "show", name).out for name in list_shipped()]
    for line in "".join([lodeplan("policies", "list").out, *shown]).splitlines():
        assert len(line) <= 80 or " " not in line.strip()


@pytest.mark.parametrize(
    ("looked_at", "paused_at", "on", "standing"),
    [
        (None, None, "2026-11-29", "suspension lapsed 2026-11-27, not known when it was last looked at"),
        ("2026-11-21", None, "2026-11-29", "suspension lapsed 2026-11-27, last looked at 2026-11-21"),
        ("2026-11-27", None, "2026-11-28", "suspension lapsed 2026-11-27, last looked at 2026-11-27"),
        ("2026-11-28", None, "2026-11-29", "in force again since 2026-11-28, nobody looked since 2026-11-28"),
        ("2026-11-21", "2026-11-29", "2026-11-29", "in force again since 2026-11-28"),
        ("2026-11-29", None, "2026-11-29", "in force again since 2026-11-28"),
        ("2026-11-21", None, "2026-11-27", "suspended until 2026-11-27, nobody looked since 2026-11-21"),
        (None, None, "2026-11-27", "suspended until 2026-11-27, not known when it was last looked at"),
        ("2026-11-21", None, "2026-11-21", "suspended until 2026-11-27"),
        ("2026-11-21", None, "2025-11-08", "in force since 2024-12-03"),
        ("2026-11-21", None, "2024-12-02", "not yet in force (from 2024-12-03)"),
        ("2024-11-30", None, "2024-12-02", "not yet in force (from 2024-12-03), nobody looked since 2024-11-30"),
    ],
)
def test_a_standing_says_what_lapsed_and_that_nobody_looked_since(
    looked_at: str | None, paused_at: str | None, on: str, standing: str
) -> None:
    ban = measure_of("china-export-controls", BAN)
    looked, paused = (None if day is None else datetime.date.fromisoformat(day) for day in (looked_at, paused_at))
    pause = ban.suspended[0].model_copy(update={"looked_at": paused})
    measure = ban.model_copy(update={"looked_at": looked, "suspended": (pause,), "known_from": None})
    assert describe_standing(measure, datetime.date.fromisoformat(on)) == standing


def test_a_suspension_that_is_only_reported_is_told_as_that() -> None:
    cells = measure_of("china-export-controls", "october-2025-cells")
    day = datetime.date(2026, 11, 29)
    assert cells.evidence == "seen"
    assert describe_standing(cells, day).startswith("suspended until 2027-01-10, reported, nobody looked since ")


def test_a_measure_that_ended_with_nobody_looking_since_is_not_plainly_expired() -> None:
    rule = measure_of("drc-cobalt", "cobalt-quota")
    day = datetime.date(2028, 1, 1)
    assert describe_standing(rule, day) == f"expired on 2027-12-31, last looked at {rule.looked_at}"
    looked = rule.model_copy(update={"looked_at": day})
    assert describe_standing(looked, day) == "expired on 2027-12-31"


def test_a_plan_under_a_measure_at_which_nobody_looked_since_its_suspension_says_so(tmp_path: Path) -> None:
    chips = copied("chips-2026", tmp_path)
    said = lodeplan("solve", chips, "--as-of", "2026-11-29")
    look = measure_of("china-export-controls", BAN).last_look
    assert (
        "note: measure china-export-controls:gallium-germanium-antimony-us-ban holds here because its suspension ended "
        f"on 2026-11-27, and was last looked at on {look}; see whether the suspension was prolonged"
    ) in said.err.splitlines()
    assert f"us-ban (suspension lapsed 2026-11-27, last looked at {look})" in " ".join(said.out.split())


def test_what_is_pending_in_part_unseen_or_not_looked_at_is_told_with_the_plan(small: Path, tmp_path: Path) -> None:
    with_policies(small, "ours.toml")
    ours = small / "ours.toml"
    text = ours.read_text("utf-8").replace("[measures.half]\n", AGEING)
    ours.write_text(text.replace('"seen"\nvalid_from', '"derived"\nvalid_from'), "utf-8")
    said = lodeplan("solve", small, "--as-of", "2026-01-31", "-o", tmp_path / "plan")
    told = said.out[said.out.index("Policies on 2026-01-31") :].split("\n\n")[0]
    assert told.splitlines() == [
        "Policies on 2026-01-31",
        "  ours: half",
        "  Nobody looked since 2025-12-01 at half.",
        "  Derived, not seen: half.",
        "  Pending or contested: ours: The board may drop the rule (reported); half: Half",
        "    becomes a third (from 2028-01-01).",
        "  Asked of all here: half binds only contracts of more than a year.",
    ]
    notes = [line.removeprefix("note: ") for line in said.err.splitlines() if "ours" in line]
    assert notes == [
        "nobody looked whether this is still law on 2026-01-31 (as_of): ours (last looked at 2025-12-01)",
        "contested, or pending to be changed: ours and ours:half; lodeplan policies show says how",
        "asked of all here: ours:half binds only contracts of more than a year",
    ]
    (half,) = json.loads((tmp_path / "plan/summary.json").read_text("utf-8"))["policies"]
    assert (half["last_looked_at"], half["looked_since"], half["lapsed"]) == ("2025-12-01", False, None)
    assert (half["evidence"], half["partly"]) == ("derived", "contracts of more than a year")
    assert [one["words"] for one in half["pending"]] == ["The board may drop the rule.", "Half becomes a third."]
    shown = printed("policies", "show", ours, "--as-of", "2026-01-31")
    for words in (
        "Pending: The board may drop the rule. (agenda; reported, last looked at 2025-12-01)",
        "binds only contracts of more than a year",
        "pending Half becomes a third. It would hold from 2028-01-01. (minutes; seen, last looked at 2025-12-31)",
    ):
        assert words in shown
    assert "unknown before" not in shown
    assert "unknown before" in printed("policies", "show", ours, "--as-of", "2026-06-01")
    (listed,) = json.loads(printed("policies", "show", ours, "--as-of", "2026-01-31", "--json"))
    assert [one["words"] for one in listed["pending"]] == ["Half becomes a third."]
    assert [one["words"] for one in listed["pending_for_policy"]] == ["The board may drop the rule."]


def test_a_part_of_the_name_finds_a_material() -> None:
    assert "natural graphite" in lodeplan("policies", "list", "--material", "graphite").out


def test_show_tells_who_is_bound_the_source_and_what_it_becomes() -> None:
    said = printed("policies", "show", "eu-crma:crma-third-country", "--as-of", "2030-01-01")
    for words in (
        "no legal advice",
        "in force since 2030-01-01",
        "Commission and Member States (no duty of a company)",
        "Regulation (EU) 2024/1252, Article 5(1)(b)",
        "seen:",
        "share_cap, each country outside EU by place: at most 65%",
    ):
        assert words in said
    assert "crma-extraction" not in said


def test_show_says_once_what_is_the_same_of_all_measures() -> None:
    several = lodeplan("policies", "show", "us-pfe:45x-critical-minerals,45x-battery-components").out
    assert several.count("every stage") == 1
    assert "Of every measure\n  binds" in several
    assert "25% from 2030-01-01; 30% from 2031-01-01" in several
    one = lodeplan("policies", "show", "us-pfe:45x-critical-minerals").out
    assert "Of every measure" not in one
    assert "  stages         every stage\n" in one


def test_programs_get_the_same_as_data() -> None:
    listed = json.loads(lodeplan("policies", "list", "--as-of", "2026-11-22", "--json").out)
    shown = json.loads(lodeplan("policies", "show", "china-export-controls", "--as-of", "2026-11-22", "--json").out)
    assert [record for record in listed if record["policy"] == "china-export-controls"] == shown
    ban = next(record for record in shown if record["measure"] == "gallium-germanium-antimony-us-ban")
    assert ban["status"] == "suspended"
    (pause,) = ban["suspended"]
    assert pause == {
        "from": "2025-11-09",
        "to": "2026-11-27",
        "by": "MOFCOM announcement 72/2025",
        "known_from": "2025-11-09",
    }
    assert ban["evidence"] == "seen"


def test_a_plan_says_what_of_its_policies_holds(small: Path, tmp_path: Path) -> None:
    with_policies(small, "ours.toml", "china-export-controls", "us-section-301")
    said = lodeplan("solve", small, "--as-of", "2025-12-31", "-o", tmp_path / "plan")
    assert said.code == 0, said.err
    told = said.out[said.out.index("Policies on 2025-12-31") :].split("\n\n")[0]
    lines = " ".join(told.split())
    assert "ours: nothing of it holds here; half not yet in force (from 2026-01-01)" in lines
    assert "china-export-controls: graphite-licence; general-licences, us-military-ban and " in lines
    assert "; 21 of its measures concern nothing here; 5 of its measures were not yet known" in lines
    assert "us-section-301: s301-lithium-chemicals;" in lines
    summary = json.loads((tmp_path / "plan/summary.json").read_text("utf-8"))
    standing = {record["measure"]: record["status"] for record in summary["policies"]}
    assert standing["half"] == "not yet in force"
    assert standing["graphite-licence"] == "in force"
    assert standing["s301-indium"] == "concerns nothing here"


def test_the_audit_looks_policies_up_as_the_solve_did(small: Path, tmp_path: Path) -> None:
    with_policies(small, "ours.toml")
    assert lodeplan("solve", small, "-o", tmp_path / "plan").code == 0
    audited = lodeplan("audit", tmp_path / "plan", small)
    assert (audited.code, audited.err) == (0, "")


def test_a_what_if_of_the_day_tells_what_a_measure_costs(small: Path) -> None:
    with_policies(small, "ours.toml")
    said = lodeplan("whatif", small, "--as-of", "2025-06-01").out
    assert said.endswith("\nNo longer in force: half\n")


@pytest.mark.parametrize("form", ["folder", "book.json"])
def test_policies_survive_a_conversion(small: Path, tmp_path: Path, form: str) -> None:
    instance = load(with_policies(small, "ours.toml:h*", "eu-crma", "us-section-301:s301-indium"))
    dump(instance, tmp_path / form)
    assert load(tmp_path / form) == instance


def test_a_workbook_names_policies_and_refuses_one_that_it_cannot_hold(small: Path, tmp_path: Path) -> None:
    text = (small / "instance.toml").read_text("utf-8")
    own = load(with_policies(small, "ours.toml"))
    with pytest.raises(InputError, match="policies: ours is a file of your own, which a workbook cannot hold"):
        dump(own, tmp_path / "own.xlsx")
    (small / "ours.toml").unlink()
    (small / "instance.toml").write_text(f'policies = ["eu-crma", "us-section-301:s301-indium"]\n{text}', "utf-8")
    instance = load(small)
    dump(instance, tmp_path / "book.xlsx")
    assert load(tmp_path / "book.xlsx") == instance
    assert enforce(load(tmp_path / "book.xlsx")).digest == enforce(instance).digest


def test_python_says_how_many_are_in_force_only_as_a_suspension_lapsed() -> None:
    found = api.policies("china-export-controls:gallium-*", as_of="2026-11-29")
    assert found.answer == (
        "2 of 2 measures are in force on 2026-11-29 (1 of them as a suspension lapsed, and nobody looked since); read "
        "the source before you rely on it."
    )
