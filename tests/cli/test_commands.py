"""What each command prints, writes and ends with."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
from typing import TYPE_CHECKING, NamedTuple

import pytest

import optimizer.claims
import optimizer.solve
from optimizer.errors import AuditFailure
from optimizer.tables import STOCK
from tests.cli.command import ENVIRONMENT, SECONDS, START, contents, copied, edit, launched, lodeplan, solved
from tests.cli.plan_edits import lengthen_row, rename_column, repeat_row, set_cell

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TITLE = "Tutorial: lithium and cobalt for one cell plant"
COST = (
    f"{TITLE}: the plan costs 64.30 million USD, proven to be the least; "
    "of it the limits cost 3.40 million USD (5.6% more than without them)"
)
HOLDS = "{}: holds, at a cost of 64.30 million USD; rests on 30 assumed rows (100% of the cost)\n"
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


# audit --------------------------------------------------------------------------------------------


def test_an_untouched_plan_holds(tutorial: Path, plan: Path) -> None:
    assert lodeplan("audit", plan, tutorial) == (0, HOLDS.format(plan), "")


@pytest.mark.parametrize(
    "resaved",
    [
        lambda text: "\ufeff" + text,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: "\n".join([text.split("\n")[0], *reversed(text.split("\n")[1:-1]), ""]),
        lambda text: text.replace(".0,", ","),
    ],
    ids=["byte order mark", "line ends of Windows", "other order", "whole numbers"],
)
def test_a_plan_saved_anew_by_a_spreadsheet_holds(tutorial: Path, plan: Path, resaved: Callable[[str], str]) -> None:
    for path in plan.glob("*.csv"):
        path.write_bytes(resaved(path.read_text("utf-8")).encode())
    assert lodeplan("audit", plan, tutorial).code == 0


class Edited(NamedTuple):
    """An edit of a plan by hand, and the lines that the audit prints about it."""

    edit: Callable[[Path], None]
    lines: tuple[str, ...]


def bought(quantity: str) -> Callable[[Path], None]:
    """Return the edit that sets what is bought of Atacama."""
    return lambda plan: set_cell(plan / "purchases.csv", "quantity", quantity, offer="atacama")


def headed(table: str, column: str, heading: str) -> Callable[[Path], None]:
    """Return the edit that gives a column of a table another heading."""
    return lambda plan: rename_column(plan / f"{table}.csv", column, heading)


def named(table: str, name: str) -> Callable[[Path], None]:
    """Return the edit that gives Atacama another name in a table."""
    return lambda plan: set_cell(plan / f"{table}.csv", "offer", name, offer="atacama")


def bought_in(period: str) -> Callable[[Path], None]:
    """Return the edit that says that nothing is bought of Atacama, in another period."""

    def change(plan: Path) -> None:
        bought("0")(plan)
        set_cell(plan / "purchases.csv", "period", period, offer="atacama")

    return change


NO_LANE = "there is no such lane in the instance"
BROKEN = {
    "a flow one percent larger": Edited(
        bought("606"),
        (
            "atacama: 606 bought in 2027 is above the capacity of 600",
            (
                "ohio-cells: lithium in 2027 does not balance: 0 in stock + 1 006 arriving + 0 unmet "
                "against 1 000 needed + 0 kept, 6 too much"
            ),
        ),
    ),
    "a flow that is no number": Edited(
        bought("NaN"), ("purchases: atacama to ohio-cells in 2027: nan is no quantity",)
    ),
    "a flow below zero": Edited(bought("-600"), ("purchases: atacama to ohio-cells in 2027: -600 is no quantity",)),
    "an offer unknown": Edited(named("purchases", "atacma"), (f"purchases: atacma to ohio-cells in 2027: {NO_LANE}",)),
    "a contract unknown": Edited(
        named("contracts", "atacma"), ("contracts: 'atacma' is not an offer of the instance",)
    ),
    "a period unknown": Edited(
        bought_in("2072"), ("purchases: atacama to ohio-cells in 2072: there is no such period",)
    ),
    "demand unmet": Edited(
        lambda plan: set_cell(plan / "stock.csv", "unmet", "5", material="cobalt"),
        (
            (
                "ohio-cells: cobalt in 2027 does not balance: 0 in stock + 500 arriving + 5 unmet "
                "against 500 needed + 0 kept, 5 too much"
            ),
            "ohio-cells: 5 of cobalt unmet in 2027, which the instance forbids",
        ),
    ),
}
WIDTH = len(STOCK.columns)
UNREADABLE = {
    "a column misspelt": Edited(
        headed("purchases", "quantity", "quantitty [t]"),
        ("purchases.csv:1 quantity: the column is missing (is it meant by quantitty?)",),
    ),
    "a column twice": Edited(
        headed("purchases", "duty", "quantity [t]"),
        ("purchases.csv:1 quantity: the column stands there twice; keep one",),
    ),
    "another unit": Edited(
        headed("purchases", "quantity", "quantity [kg]"),
        ("purchases.csv:1 quantity [kg]: the instance counts it in t; convert it and write quantity [t]",),
    ),
    "a unit of other columns": Edited(
        headed("purchases", "quantity", "quantity [share]"),
        ("purchases.csv:1 quantity [share]: the instance counts it in t; convert it and write quantity [t]",),
    ),
    "money as mass": Edited(
        headed("costs", "amount", "amount [t]"),
        ("costs.csv:1 amount [t]: the instance counts it in USD; convert it and write amount [USD]",),
    ),
    "text in a number": Edited(
        bought("about 600"),
        ("purchases.csv:2 quantity: 'about 600' is not a number; write one such as 1234.5",),
    ),
    "a number left out": Edited(
        bought(""), ("purchases.csv:2 quantity: '' is not a number; write one such as 1234.5",)
    ),
    "neither yes nor no": Edited(
        lambda plan: set_cell(plan / "contracts.csv", "signed", "maybe", offer="atacama"),
        ("contracts.csv:2 signed: 'maybe' is neither yes nor no; write yes or no",),
    ),
    "a row twice": Edited(
        lambda plan: repeat_row(plan / "stock.csv", material="lithium"),
        ("stock.csv:4 ohio-cells, lithium, 2027 stands in line 3 too; keep one",),
    ),
    "a cell too many": Edited(
        lambda plan: lengthen_row(plan / "stock.csv", material="cobalt"),
        (f"stock.csv:2 has {WIDTH + 1} cells where {WIDTH} belong",),
    ),
    "no summary": Edited(
        lambda plan: edit(plan / "summary.json", '"digest"', '"other"'),
        ("summary.json: is missing or is not the summary of a plan; lodeplan solve -o writes it anew",),
    ),
}


def test_the_audit_passes_over_blank_rows_as_tables_do(tutorial: Path, plan: Path) -> None:
    text = (plan / "purchases.csv").read_text("utf-8")
    heading, _, rest = text.partition("\n")
    blank = "," * heading.count(",")
    (plan / "purchases.csv").write_text(f"{blank}\n{heading}\n\n{blank}\n{rest}{blank}\n ,\n", "utf-8")
    assert lodeplan("audit", plan, tutorial) == (0, HOLDS.format(plan), "")


@pytest.mark.parametrize("case", BROKEN.values(), ids=BROKEN)
def test_the_audit_finds_what_an_edit_broke(tutorial: Path, plan: Path, case: Edited) -> None:
    case.edit(plan)
    assert lodeplan("audit", plan, tutorial) == (1, "".join(f"{line}\n" for line in case.lines), "")


def spent(new: str) -> Callable[[Path], None]:
    """Return the edit that sets what is spent on purchases of lithium."""
    return lambda plan: set_cell(plan / "costs.csv", "amount", new, cost="purchases", material="lithium")


@pytest.mark.parametrize(
    ("change", "notes"),
    [
        (spent("45000000"), ["purchases 56 450 000, and the plan makes it 57 450 000"]),
        (spent("nan"), ["purchases nan, and the plan makes it 57 450 000"]),
        (
            lambda plan: set_cell(plan / "costs.csv", "cost", "holding", cost="processing", material="cobalt"),
            ["holding 2 750 000, and the plan makes it 0", "processing 4 100 000, and the plan makes it 6 850 000"],
        ),
    ],
)
def test_costs_that_the_plan_does_not_make_are_noted(
    tutorial: Path, plan: Path, change: Callable[[Path], None], notes: list[str]
) -> None:
    change(plan)
    said = "".join(f"note: costs.csv says {note}\n" for note in notes)
    holds = HOLDS.format(plan)
    assert lodeplan("audit", plan, tutorial) == (0, said + holds, "")


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (
            lambda plan: set_cell(plan / "contracts.csv", "capacity", "700", offer="atacama"),
            "contracts.csv:2 capacity says 700, {} says 600",
        ),
        (
            lambda plan: set_cell(plan / "purchases.csv", "country", "AU", offer="atacama"),
            "purchases.csv:2 country says 'AU', {} says 'CL'",
        ),
        (
            headed("purchases", "duty", "tariff [USD]"),
            "purchases.csv:2 duty says nothing, {} says 0 (and so in 21 further places)",
        ),
        (
            lambda plan: set_cell(plan / "costs.csv", "material", "nickel", cost="purchases", material="lithium"),
            "costs.csv:3 stands there and is no row of the plan worked out anew (and so in 1 further place)",
        ),
        (
            lambda plan: edit(plan / "summary.json", '"processing": 6850000.0', '"procesing": 6850000.0'),
            "summary.json costs.procesing says 6 850 000, {} says nothing (and so in 1 further place)",
        ),
        (
            lambda plan: edit(plan / "summary.json", '"cost": 64300000.0', '"cost": 1.5'),
            "summary.json cost says 1.5, {} says 64 300 000",
        ),
    ],
)
def test_what_the_audit_does_not_read_is_noted_where_it_says_something_else(
    tutorial: Path, plan: Path, change: Callable[[Path], None], place: str
) -> None:
    change(plan)
    said = place.format("and the plan worked out anew")
    note = f"note: {said}; an audit goes by the quantities, what is signed, and the instance\n"
    assert lodeplan("audit", plan, tutorial) == (0, note + HOLDS.format(plan), "")


def test_the_audit_notes_once_that_figures_follow_from_quantities_that_were_edited(tutorial: Path, plan: Path) -> None:
    """Ten tonnes of cobalt by Canada and not by Kokkola, which then refines as much less."""
    for offer, destination, new in (
        ("canada-cobalt", "ohio-cells", "60"),
        ("kokkola", "ohio-cells", "240"),
        ("tenke-fungurume", "kokkola", "90"),
    ):
        set_cell(plan / "purchases.csv", "quantity", new, offer=offer, destination=destination)
    said = lodeplan("audit", plan, tutorial)
    assert (said.code, said.err) == (0, "")
    place = "purchases.csv:3 purchase says 1 700 000, and the plan worked out anew says 2 040 000"
    goes_by = "an audit goes by the quantities, what is signed, and the instance"
    note = re.sub(r"[0-9]+ further", "many further", said.out.splitlines()[-2])
    assert note == f"note: {place} (and so in many further places); {goes_by}"


@pytest.mark.parametrize("case", UNREADABLE.values(), ids=UNREADABLE)
def test_the_audit_refuses_what_it_cannot_read(tutorial: Path, plan: Path, case: Edited) -> None:
    case.edit(plan)
    assert lodeplan("audit", plan, tutorial) == (2, "", "".join(f"{line}\n" for line in case.lines))


def test_the_audit_says_everything_that_cannot_be_read_at_once(tutorial: Path, plan: Path) -> None:
    (plan / "stock.csv").unlink()
    (plan / "costs.csv").write_bytes(b"\xff\xfe")
    bought("x")(plan)
    code, out, err = lodeplan("audit", plan, tutorial)
    assert (code, out) == (2, "")
    assert [line.split()[0] for line in err.splitlines()] == ["stock.csv:", "costs.csv:", "purchases.csv:2"]


def test_the_audit_of_no_folder_says_so(tutorial: Path, tmp_path: Path) -> None:
    assert lodeplan("audit", tmp_path / "nowhere", tutorial) == (
        2,
        "",
        f"{tmp_path / 'nowhere'}: there is no such plan folder\n",
    )


def test_a_contract_unsigned_by_hand_is_found(tmp_path: Path) -> None:
    instance = copied("us-battery-2027", tmp_path)
    plan = solved(instance, tmp_path / "plan")
    assert lodeplan("audit", plan, instance).code == 0
    for column, new in (("signed", "no"), ("material", ""), ("stage", ""), ("country", "")):
        set_cell(plan / "contracts.csv", column, new, offer="salar-del-carmen")
    said = lodeplan("audit", plan, instance)
    assert said.code == 1
    assert [line.rpartition("bought in")[2] for line in said.out.splitlines()] == [
        f" {year} without a signed contract" for year in (2027, 2028)
    ]


def test_a_plan_is_audited_against_the_instance_as_it_is_now(tutorial: Path, plan: Path) -> None:
    edit(tutorial / "offers.csv", "refined,CL,600", "refined,CL,590")
    assert lodeplan("audit", plan, tutorial) == (
        1,
        "atacama: 600 bought in 2027 is above the capacity of 590\n",
        "note: the instance has changed since the plan was made; it is audited as it is now\n",
    )


def test_a_plan_is_audited_against_the_changes_that_it_was_solved_with(tutorial: Path, tmp_path: Path) -> None:
    changes = ("--cap", "refined/lithium:CN=30%")
    plan = solved(tutorial, tmp_path / "capped", *changes)
    assert lodeplan("audit", plan, tutorial, *changes)[::2] == (0, "")
    assert lodeplan("audit", plan, tutorial, "--ban", "refined/lithium:CN").code == 1


def test_a_capacity_that_is_not_stated_is_an_empty_cell(tutorial: Path, tmp_path: Path) -> None:
    edit(tutorial / "offers.csv", "refined,CL,600", "refined,CL,")
    plan = solved(tutorial, tmp_path / "unbounded")
    rows = list(csv.DictReader((plan / "contracts.csv").read_text("utf-8").splitlines()))
    assert {row["capacity [t]"] for row in rows if row["offer"] == "atacama"} == {""}
    assert {row["capacity used [share]"] for row in rows if row["offer"] == "atacama"} == {""}
    assert all(row["capacity [t]"] for row in rows if row["offer"] != "atacama")
    assert lodeplan("audit", plan, tutorial).code == 0


def test_a_refinery_needs_its_feed_whatever_the_capacities_are(tutorial: Path, plan: Path) -> None:
    rows = list(csv.reader((tutorial / "offers.csv").read_text("utf-8").splitlines()))
    capacity = rows[0].index("capacity")
    with (tutorial / "offers.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([rows[0], *([*row[:capacity], "1e12", *row[capacity + 1 :]] for row in rows[1:])])
    bought = (plan / "purchases.csv").read_text("utf-8").splitlines(keepends=True)
    kept = [row for row in bought if not row.startswith("greenbushes")]
    (plan / "purchases.csv").write_text("".join(kept), "utf-8")
    said = lodeplan("audit", plan, tutorial)
    assert (said.code, said.out) == (
        1,
        "china-lithium: sells 250 in 2027 but its feed yields 0\nkwinana: sells 150 in 2027 but its feed yields 0\n",
    )


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
