"""What each command prints, writes and ends with."""

from __future__ import annotations

import csv
import json
import os
import subprocess
from typing import TYPE_CHECKING

import pytest

import optimizer.claims
import optimizer.solve
from optimizer.errors import AuditFailure
from tests.cli.command import ENVIRONMENT, SECONDS, START, contents, edit, launched, lodeplan, solved

if TYPE_CHECKING:
    from pathlib import Path

TITLE = "Tutorial: lithium and cobalt for one cell plant"
COST = (
    f"{TITLE}: the plan costs 64.30 million USD, proven to be the least; "
    "of it the limits cost 3.40 million USD (5.6% more than without them)"
)
SURVIVAL = (
    "Without what Belgium controls, for one year from any period, 50% of cobalt, the worst-off material, stays "
    "covered until goods ordered afterwards arrive, by stock and what was planned only."
)
ANSWER = f"{COST}; rests on 30 assumed rows (100% of the cost). {SURVIVAL}"
ASSUMED = (
    "Rests on 30 assumed rows, all that it uses: offers atacama, greenbushes and 7 more; 2 materials; 1 site; "
    "2 demand rows; 13 owners; 3 origins.\n"
    "Of the cost 100% is at assumed prices, freights or rates (purchases 100%, processing 100%)."
)
WRITTEN = {
    "purchases.csv": "offer,company,material,basis,stage,country,destination,period,arrives,quantity [t],"
    "purchase [USD],processing [USD],freight [USD],duty [USD],licence",
    "contracts.csv": "offer,company,material,stage,country,signed,quantity [t],minimum take [t],capacity [t],"
    "capacity used [share],fixed cost [USD],opening cost [USD]",
    "exposure.csv": "material,stage,period,basis,country,quantity [t],arriving [t],share,cap,counted",
    "limits.csv": "limit,kind,material,stage,who,period,sense,unit,used,undisclosed,allowed,slack,binding,firm,"
    "excess,excess unit",
    "costs.csv": "cost,material,amount [USD]",
    "stock.csv": "site,material,period,opening [t],arrived [t],demand [t],unmet [t],closing [t]",
    "attribution.csv": "offer,material,stage,basis,country,share",
    "sources.csv": "table,row,quality,assumed,source,year",
    "summary.json": "{",
}
"""By file: what stands in its first line, in order; a table may have more columns."""
HEAVY = ("pyomo", "pandas", "numpy", "highspy", "pydantic", "rich", "scipy")


# solve --------------------------------------------------------------------------------------------


def test_solve_says_the_answer_first_then_costs_shares_and_binding_limits(tutorial: Path) -> None:
    said = lodeplan("solve", tutorial)
    assert said.code == 0
    assert said.err == "The plan was not written; add -o FOLDER to keep it.\n"
    blocks = said.out.split("\n\n")
    assert blocks[0] == f"{COST}.\n{ASSUMED}\n{SURVIVAL}"
    assert blocks[1].endswith("total       64 300 000")
    assert "          refined  CL       60.0%          45.0%\n" in blocks[4]
    assert "                   CN       25.0%  40%     40.0%  40%*\n" in blocks[4]
    assert "drc-cobalt-mined: at most 60%\n  mined cobalt     CD   2027" in blocks[5]
    assert (
        "lithium refined [t Li content]\n  atacama          sqm                     CL         600            50 000\n"
        in blocks[2]
    )


@pytest.mark.parametrize("solver", ["highs", "appsi_highs"])
def test_a_solver_says_nothing_on_standard_output_of_its_own(solver: str, tutorial: Path) -> None:
    said = launched("solve", tutorial, "--json", "--solver", solver)
    assert json.loads(said.out)["cost"] == pytest.approx(64_300_000)


def test_json_is_one_document_on_standard_output_and_nothing_else(tutorial: Path, tmp_path: Path) -> None:
    said = lodeplan("solve", tutorial, "--json", "--verbose", "-o", tmp_path / "plan")
    document, summary = json.loads(said.out), json.loads((tmp_path / "plan/summary.json").read_text("utf-8"))
    assert document == document | summary
    assert document.keys() - summary.keys() == {
        *("purchases", "contracts", "exposure", "limits", "costs_by_material", "stock"),
        *("attribution", "sources", "content", "orders", "under_way", "prices", "outcomes", "responses", "regret"),
    }
    assert [document[table] for table in ("prices", "outcomes", "responses", "regret")] == [None] * 4
    assert summary["cost"] == pytest.approx(64_300_000)
    assert [line.split(" in ")[0] for line in said.err.splitlines()] == ["read", "solved"]


def test_a_plan_is_tables_with_units_in_their_headings_and_a_summary(plan: Path) -> None:
    first_lines = {path.name: path.read_text("utf-8").split("\n")[0].split(",") for path in plan.iterdir()}
    known = {name: line.split(",") for name, line in WRITTEN.items()}
    assert {name: [cell for cell in line if cell in known[name]] for name, line in first_lines.items()} == known


def test_every_row_of_a_table_has_the_cells_of_its_heading(plan: Path) -> None:
    for path in plan.glob("*.csv"):
        heading, *rows = csv.reader(path.read_text("utf-8").splitlines(), strict=True)
        assert rows
        assert {len(row) for row in rows} == {len(heading)}


def test_quiet_says_the_answer_only_and_where_the_plan_is(tutorial: Path, tmp_path: Path) -> None:
    said = lodeplan("solve", tutorial, "--quiet")
    assert said == (0, f"{ANSWER}\n", "")
    said = lodeplan("solve", tutorial, "--quiet", "-o", tmp_path / "plan")
    assert said.out.splitlines()[0] == ANSWER
    assert said.out.splitlines()[1].startswith(f"Plan written to {tmp_path / 'plan'}")


def test_verbose_adds_sizes_and_versions_on_standard_error(tutorial: Path) -> None:
    plain, verbose = lodeplan("solve", tutorial), lodeplan("solve", tutorial, "--verbose")
    assert verbose.out == plain.out
    for word in ("23 rows", "29 columns", "0 integers", "highspy", "pyomo"):
        assert word in verbose.err


def test_quiet_and_verbose_together_are_refused(tutorial: Path) -> None:
    assert lodeplan("solve", tutorial, "-q", "-v") == (
        2,
        "",
        "--quiet and --verbose exclude each other; give one of them\n",
    )


@pytest.mark.parametrize("words", [["--time-limit", "0"], ["--gap", "-1"], ["--gap", "small"], ["--gaps", "0"]])
def test_an_option_that_cannot_be_used_is_refused(tutorial: Path, words: list[str]) -> None:
    said = lodeplan("solve", tutorial, *words)
    assert (said.code, said.out) == (2, "")
    assert words[0] in said.err


def test_a_wrong_instance_gives_every_line_on_standard_error(tutorial: Path, tmp_path: Path) -> None:
    edit(tutorial / "offers.csv", "atacama,sqm,lithium,refined,CL", "atacama,sqm,lithium,refined,Chlie")
    edit(tutorial / "demand.csv", "cobalt,2027,500", "cobalt,2027,-500")
    lines = (
        "demand.csv:3 quantity: -500 is below zero; write 0 or more\n"
        "offers.csv:4 country: 'Chlie' is not a country (did you mean Chile?)\n"
    )
    assert lodeplan("validate", tutorial) == (2, "", lines)
    assert lodeplan("solve", tutorial, "-o", tmp_path / "plan") == (2, "", lines)
    assert not (tmp_path / "plan").exists()


def test_no_plan_names_the_material_and_period_that_capacity_cannot_cover(tutorial: Path) -> None:
    edit(tutorial / "demand.csv", "cobalt,2027,500", "cobalt,2027,5000")
    lines = [
        f"{TITLE}: there is no plan that covers the demand of cobalt and holds every limit",
        "- cobalt in 2027: demand is 5 000 t and at most 1 650 can be supplied",
        "cobalt: no plan covers the demand even without any limit; look at offers, lanes and demand.",
        "lodeplan explain says what would repair it.",
    ]
    assert lodeplan("solve", tutorial) == (3, "", "".join(f"{line}\n" for line in lines))


def cap_each(instance: Path, level: float) -> None:
    text = (
        "[limits.each]\nkind = 'share_cap'\neach = 'country'\nbasis = 'place'\nstages = ['refined']\n"
        f"max_share = {level}\nhard = true\n[solve]"
    )
    edit(instance / "instance.toml", "[solve]", text)


def test_no_plan_says_how_many_countries_a_cap_on_each_needs(tutorial: Path, tmp_path: Path) -> None:
    cap_each(tutorial, 0.4)
    edit(
        tutorial / "offers.csv",
        "canada-cobalt,canada-cobalt-works,cobalt,refined,CA,100,34000,,bought refined,assumed,2027\n",
        "",
    )
    edit(tutorial / "origins.csv", "canada-cobalt,mined,CA,CA,1,assumed,2027\n", "")
    edit(tutorial / "owners.csv", "canada-cobalt-works,,CA,1,,assumed,2027\n", "")
    lines = [
        f"{TITLE}: there is no plan that covers the demand of cobalt and holds every limit",
        "- limit each: a cap of 40% on each country needs 3 of them, and 2 can supply refined cobalt in 2027: CN, FI",
        "cobalt: no plan holds the limit each, even by itself.",
        "cobalt: no plan holds the limit drc-cobalt-mined, even by itself.",
        "lodeplan explain says what would repair it.",
    ]
    said = lodeplan("solve", tutorial, "-o", tmp_path / "plan")
    assert said == (3, "", "".join(f"{line}\n" for line in lines))
    assert not (tmp_path / "plan").exists()


def test_an_unknown_solver_is_named_with_those_that_are_known(tutorial: Path) -> None:
    code, out, err = lodeplan("solve", tutorial, "--solver", "hihgs")
    assert (code, out) == (2, "")
    assert err.startswith("solver 'hihgs' is not known here; use highs or one of appsi_highs, ")


def test_a_plan_that_does_not_hold_is_not_written(
    tutorial: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise AuditFailure(["atacama: 606 bought in 2027 is above the capacity of 600"])

    monkeypatch.setattr(optimizer.claims, "check_claims", broken)
    said = lodeplan("solve", tutorial, "-o", tmp_path / "plan")
    assert (said.code, said.out) == (4, "")
    assert "atacama: 606 bought in 2027 is above the capacity of 600" in said.err
    assert not (tmp_path / "plan").exists()


# where a plan is put ------------------------------------------------------------------------------


def test_a_plan_is_replaced_by_force_only_and_other_files_there_are_kept(tutorial: Path, plan: Path) -> None:
    (plan / "notes.md").write_text("ours")
    (plan / "charts").mkdir()
    (plan / "charts/shares.svg").write_text("ours too")
    edit(
        tutorial / "offers.csv", "atacama,sqm,lithium,refined,CL,600,50000", "atacama,sqm,lithium,refined,CL,600,60000"
    )
    before = contents(plan)
    assert lodeplan("solve", tutorial, "-o", plan) == (
        2,
        "",
        f"{plan}: holds a plan already; name another place, or add --force to replace it\n",
    )
    assert contents(plan) == before
    assert lodeplan("solve", tutorial, "-o", plan, "--force").code == 0
    after = contents(plan)
    assert after.keys() == before.keys()
    assert {name for name in after if after[name] == before[name]} >= {"notes.md", "charts/shares.svg"}
    assert after["costs.csv"] != before["costs.csv"]
    assert lodeplan("audit", plan, tutorial).code == 0


@pytest.mark.parametrize("force", [[], ["--force"]])
def test_a_folder_of_something_else_is_never_touched(tutorial: Path, force: list[str]) -> None:
    before = contents(tutorial)
    assert lodeplan("solve", tutorial, "-o", tutorial, *force) == (
        2,
        "",
        f"{tutorial}: is a folder of something else and is not replaced; name another place\n",
    )
    assert contents(tutorial) == before


def test_an_empty_folder_takes_a_plan(tutorial: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert contents(solved(tutorial, tmp_path / "empty")).keys() == WRITTEN.keys()


@pytest.mark.parametrize("place", ["plan", "tutorial-lithium-cobalt", "file", "file/plan"])
def test_the_place_of_a_plan_is_checked_before_the_long_solve(
    tutorial: Path, plan: Path, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object) -> None:
        pytest.fail("solved before the place was checked")

    (plan.parent / "file").write_text("")
    monkeypatch.setattr(optimizer.solve, "solve", never)
    said = lodeplan("solve", tutorial, "-o", plan.parent / place)
    assert (said.code, said.out) == (2, "")
    assert len(said.err.splitlines()) == 1


# validate, convert, instances ---------------------------------------------------------------------


def test_validate_counts_what_an_instance_holds(tutorial: Path) -> None:
    counts = "2 materials, 12 offers, 1 site, 1 period, 3 limits"
    assert lodeplan("validate", tutorial) == (0, f"{TITLE}: valid; {counts}\n", "")


def test_one_limit_is_counted_as_one(tutorial: Path) -> None:
    header = (tutorial / "instance.toml").read_text("utf-8")
    before, _, after = header.partition("# ... and at most 40 %")
    (tutorial / "instance.toml").write_text(f"{before}[solve]{after.partition('[solve]')[2]}", "utf-8")
    said = lodeplan("validate", tutorial)
    assert said.out.splitlines()[0] == f"{TITLE}: valid; 2 materials, 12 offers, 1 site, 1 period, 1 limit"


def test_validate_warns_of_what_leaves_no_plan(tutorial: Path) -> None:
    edit(tutorial / "demand.csv", "cobalt,2027,500", "cobalt,2027,5000")
    cap_each(tutorial, 0.3)
    said = lodeplan("validate", tutorial)
    assert said.code == 0
    assert said.out.splitlines()[1:] == [
        "but it can have no plan: cobalt in 2027: demand is 5 000 t and at most 1 650 can be supplied",
        (
            "but it can have no plan: limit each: a cap of 30% on each country needs 4 of them, "
            "and 3 can supply refined cobalt in 2027: CA, CN, FI"
        ),
    ]


def test_an_instance_is_converted_quietly(tutorial: Path, tmp_path: Path) -> None:
    assert lodeplan("convert", tutorial, tmp_path / "quiet.json", "-q") == (0, "", "")
    assert (tmp_path / "quiet.json").exists()


def test_an_instance_converted_through_its_three_forms_costs_the_same(tutorial: Path, tmp_path: Path) -> None:
    form = tutorial
    for name in ("a.xlsx", "b.json", "c"):
        said = lodeplan("convert", form, tmp_path / name)
        assert said == (0, f"{form} written to {tmp_path / name}\n", "")
        form = tmp_path / name
        assert lodeplan("solve", form, "-q").out == f"{ANSWER}\n"


def test_instances_lists_names_with_titles_and_copies_one_that_solves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    listed = lodeplan("instances", "list").out.splitlines()
    assert f"tutorial-lithium-cobalt  {TITLE}" in listed
    made = lodeplan("instances", "new", "tutorial-lithium-cobalt")
    line = "tutorial-lithium-cobalt copied to tutorial-lithium-cobalt; solve it with: "
    assert made == (0, f"{line}lodeplan solve tutorial-lithium-cobalt -o plan\n", "")
    assert lodeplan("solve", "tutorial-lithium-cobalt", "-q").out == f"{ANSWER}\n"


def test_instances_new_refuses_a_place_that_is_taken(tutorial: Path) -> None:
    before = contents(tutorial)
    said = lodeplan("instances", "new", "us-battery-2027", "--to", tutorial)
    assert said == (2, "", f"{tutorial}: is there already; name another folder with --to\n")
    assert contents(tutorial) == before


def test_instances_new_suggests_the_name_that_was_meant(tmp_path: Path) -> None:
    said = lodeplan("instances", "new", "us-batery-2027", "--to", tmp_path / "mine")
    assert said == (2, "", "'us-batery-2027' is not a bundled instance (did you mean us-battery-2027?)\n")
    assert not (tmp_path / "mine").exists()


# a terminal, a pipe, a start ----------------------------------------------------------------------


@pytest.mark.parametrize("words", [["--help"], ["--version"]])
def test_help_imports_nothing_heavy(words: list[str]) -> None:
    code = (
        "import atexit, sys; from optimizer.cli import main; "
        f"atexit.register(lambda: print('heavy:', *sorted(set({HEAVY}) & set(sys.modules)))); main()"
    )
    said = launched(*words, start=[START[0], "-c", code])
    assert said.code == 0
    assert said.out.startswith(("Usage: lodeplan", "lodeplan, version"))
    assert said.out.endswith("heavy:\n")


@pytest.mark.parametrize("environment", [{"NO_COLOR": ""}, {"NO_COLOR": "1"}, {"FORCE_COLOR": "1", "NO_COLOR": "1"}])
def test_output_to_a_file_has_no_escape_codes(tutorial: Path, environment: dict[str, str]) -> None:
    said = launched("solve", tutorial, "--verbose", environment=environment)
    assert said.code == 0
    assert "\x1b" not in said.out + said.err


@pytest.mark.parametrize("words", [["solve"], ["solve", "--json"], ["validate"]])
def test_a_reader_that_leaves_early_is_no_fault(tutorial: Path, words: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with open(writing, "wb") as nobody:  # noqa: PTH123 (a descriptor, no path)
        done = subprocess.run(
            [*START, *words, tutorial],
            env=ENVIRONMENT,
            stdout=nobody,
            stderr=subprocess.PIPE,
            timeout=SECONDS,
            check=False,
        )
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_command_that_is_not_there_is_named() -> None:
    code, out, err = lodeplan("slove")
    assert (code, out) == (2, "")
    assert "No such command 'slove'" in err
