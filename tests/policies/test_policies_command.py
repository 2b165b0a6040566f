"""``lodeplan policies``, and what a plan says of the policies that it was made under."""

from __future__ import annotations

import datetime
import json
from typing import TYPE_CHECKING

import pytest

from models.enforcement import enforce
from models.policies import read_named
from optimizer.dump import dump
from optimizer.errors import InputError
from optimizer.load import load
from optimizer.notes import list_notes
from optimizer.report.policies import describe_standing
from tests.cli.command import ROOT, copied, lodeplan
from tests.policies.test_bad_policies import OURS

if TYPE_CHECKING:
    from pathlib import Path


def with_policies(folder: Path, *names: str) -> Path:
    """Let an instance name policies, one of which may stand beside it."""
    (folder / "ours.toml").write_text(OURS.replace("0.5", "0.7"), encoding="utf-8")
    text = (folder / "instance.toml").read_text("utf-8")
    (folder / "instance.toml").write_text(f"policies = {json.dumps(names)}\n{text}", encoding="utf-8")
    return folder


def test_the_list_says_how_each_measure_stands_on_the_day() -> None:
    on = {
        day: lodeplan("policies", "list", "--as-of", day, "--material", "gallium").out.splitlines()
        for day in ("2026-11-27", "2026-11-28")
    }
    row = "gallium-germanium-antimony-us-ban"
    (before,), (after,) = ([line for line in lines if row in line] for lines in on.values())
    assert "suspended until 2026-11-27" in before
    assert "suspension ended 2026-11-27; last looked at 2026-09-03" in after
    assert not any("nickel" in line for line in on["2026-11-27"])


def test_a_measure_whose_suspension_ended_is_not_plainly_in_force_until_somebody_looks_at_it() -> None:
    ban = next(
        one for one in read_named("china-export-controls").measures if one.name == "gallium-germanium-antimony-us-ban"
    )
    day = datetime.date(2026, 11, 29)
    said = {
        looked_at: describe_standing(ban.model_copy(update={"looked_at": looked_at}), day)
        for looked_at in (None, datetime.date(2026, 11, 21), datetime.date(2026, 11, 28))
    }
    assert list(said.values()) == [
        "suspension ended 2026-11-27; not known when it was last looked at",
        "suspension ended 2026-11-27; last looked at 2026-11-21",
        "in force again since 2026-11-28",
    ]


def test_a_plan_under_a_measure_at_which_nobody_looked_since_its_suspension_says_so(tmp_path: Path) -> None:
    chips = copied("chips-2026", tmp_path)
    said = lodeplan("solve", chips, "--as-of", "2026-11-29")
    assert (
        "note: measure china-export-controls:gallium-germanium-antimony-us-ban holds here because its suspension ended "
        "on 2026-11-27, and was last looked at on 2026-09-03; see whether the suspension was prolonged"
    ) in said.err.splitlines()
    assert "us-ban (suspension ended 2026-11-27; last looked at 2026-09-03)" in " ".join(said.out.split())


def test_a_part_of_the_name_finds_a_material() -> None:
    assert "natural graphite" in lodeplan("policies", "list", "--material", "graphite").out


def test_show_tells_who_is_bound_the_source_and_what_it_becomes() -> None:
    said = lodeplan("policies", "show", "eu-crma:crma-third-country", "--as-of", "2030-01-01").out
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
    assert ban["evidence"] == "reported"


def test_a_plan_says_what_of_its_policies_holds(small: Path, tmp_path: Path) -> None:
    with_policies(small, "ours.toml", "china-export-controls", "us-section-301")
    said = lodeplan("solve", small, "--as-of", "2025-12-31", "-o", tmp_path / "plan")
    assert said.code == 0, said.err
    told = said.out[said.out.index("Policies on 2025-12-31") :].split("\n\n")[0]
    lines = " ".join(told.split())
    assert "ours: nothing of it holds here; half not yet in force (from 2026-01-01)" in lines
    assert "china-export-controls: graphite-licence; general-licences asks what no limit can say; " in lines
    assert "21 of its measures concern nothing here" in lines
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


def test_a_duty_that_the_instance_states_as_well_is_noted() -> None:
    asked = load(ROOT / "instances/us-battery-2027")
    assert not any("Section 301" in note for note in list_notes(enforce(asked)))
    twice = enforce(asked.model_copy(update={"policies": (read_named("us-section-301:s301-lithium-chemicals"),)}))
    assert list_notes(twice)[0] == (
        "policy us-section-301: its duty s301-lithium-chemicals and the duty Section 301 take the same of refined "
        "lithium, and add up; leave one out if they are one"
    )
