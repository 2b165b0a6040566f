"""``lodeplan compare``: what it prints and writes, and what it refuses."""

from __future__ import annotations

import csv
import json
import shutil
from typing import TYPE_CHECKING

import pytest

from models.market.costs import COSTS
from optimizer.report.layout import PIPED
from tests.cli.command import ROOT, contents, edit, lodeplan, solved
from tests.cli.plan_edits import rename_column, set_cell

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CONTROL = 'basis = "control"\nstages = ["refined"]\nmax_share = 0.4'
TITLE = "Tutorial: lithium and cobalt for one cell plant"


@pytest.fixture
def tightened(plan: Path, tutorial: Path, tmp_path: Path) -> tuple[Path, Path]:
    """Return the tutorial's plan, and the one with China at 30 % by control.

    By hand: of lithium, 100 t move from china-lithium to kwinana, whose charge is 6 000 USD higher; of
    cobalt, 50 t move from china-cobalt to kokkola, whose charge is 2 000 USD higher. 700 000 USD.
    """
    edit(tutorial / "instance.toml", CONTROL, CONTROL.replace("0.4", "0.3"))
    return plan, solved(tutorial, tmp_path / "tight")


def test_the_text_is_the_one_that_is_documented_of_the_same_change_made_by_a_flag(tightened: tuple[Path, Path]) -> None:
    shown = (ROOT / "docs/whatif.md").read_text("utf-8").partition("## Compare")[2].split("```text\n")[1]
    changed = " (with set limits.china-refined-control.max_share=30%)"
    edited = " ".join(shown.partition("```")[0].split()).replace(changed, "")
    said = lodeplan("compare", *tightened, width=PIPED)
    assert (said.code, " ".join(said.out.split()), said.err) == (0, edited, "")


def test_a_plan_and_itself_cost_the_same_and_nothing_else_changed(plan: Path) -> None:
    line = f"{TITLE}: 64.30 million USD as before; rests on 30 assumed rows (100% of the cost). Nothing else changed.\n"
    assert lodeplan("compare", plan, plan) == (0, line, "")


def test_json_is_one_document_with_both_sides_and_every_change(tightened: tuple[Path, Path]) -> None:
    said = lodeplan("compare", *tightened, "--json")
    document = json.loads(said.out)
    tables = {"materials": 2, "sites": 1, "demand": 2, "offers": 9, "owners": 13, "origins": 3}
    assumed = [document[when].pop("assumed") for when in ("before", "after")]
    for one, cost in zip(assumed, (64_300_000, 65_000_000), strict=True):
        assert one | {"rows": 30, "used": 30, "tables": tables, "partly": 0, "known": {}, "share": 1} == one
        assert sum(paid["assumed"] for paid in one["costs"].values()) == pytest.approx(cost)
    survival = [document[when].pop("survival") for when in ("before", "after")]
    assert [(one["country"], one["material"], one["covered"]) for one in survival] == [
        ("BE", "cobalt", 0.5),
        ("BE", "cobalt", 0.4),
    ]
    left_out: dict[str, list[str]] = {"unmet": [], "undisclosed": [], "notes": []}
    side = {"title": TITLE, "status": "proven", "proven": True, "gap": 0} | left_out
    assert document["before"] == side | {"cost": 64_300_000, "bound": 64_300_000}
    assert document["after"] == side | {"cost": 65_000_000, "bound": 65_000_000}
    assert (document["change"], document["change_of_least"]) == (700_000, [700_000, 700_000])
    assert (document["currency"], document["mass_unit"]) == ("USD", "t")
    assert {row["offer"]: row["change"] for row in document["suppliers"]} == pytest.approx(
        {"china-lithium": -100, "kwinana": 100, "china-cobalt": -50, "kokkola": 50}
    )
    assert {row["what"] for row in document["limits"]} == {"binds no longer", "tighter"}


def test_csv_is_one_tidy_table(tightened: tuple[Path, Path]) -> None:
    heading, *lines = lodeplan("compare", *tightened, "--csv").out.splitlines()
    assert heading == "what,name,how,material,stage,who,period,before,after,change,unit"
    changed = {"cost", "supplier", "share", "limit level", "limit used"}
    assert {line.split(",")[0] for line in lines} == changed | {"assumed rows", "assumed cost", "survival"}
    assert "supplier,kwinana,more,lithium,refined,kwinana-refining,,150,250,100,t" in lines
    assert {len(row) for row in csv.reader(lines, strict=True)} == {11}


def test_csv_of_no_change_is_what_the_plans_rest_on(plan: Path) -> None:
    assert lodeplan("compare", plan, plan, "--csv").out.splitlines()[1:] == [
        "assumed rows,,,,,,,30,30,0,rows",
        "assumed cost,,,,,,,1,1,0,share",
    ]


def test_json_and_csv_together_are_refused(plan: Path) -> None:
    line = "--json and --csv exclude each other; give one of them\n"
    assert lodeplan("compare", plan, plan, "--json", "--csv") == (2, "", line)


def test_the_tables_are_written_with_units_beside_the_document_that_json_prints(
    tightened: tuple[Path, Path], tmp_path: Path
) -> None:
    folder = tmp_path / "difference"
    said = lodeplan("compare", *tightened, "-o", folder)
    assert said.out.endswith(f"\n\nDifference written to {folder}\n")
    assert {path.name: path.read_text("utf-8").partition("\n")[0] for path in folder.iterdir()} == {
        "changed_costs.csv": "cost,before [USD],after [USD],change [USD]",
        "changed_suppliers.csv": "material,stage,offer,company,country,what,before [t],after [t],change [t]",
        "changed_shares.csv": "material,stage,basis,country,before [share],after [share],change [share]",
        "changed_limits.csv": "limit,kind,material,stage,who,period,sense,unit,what,used_before,used_after,"
        "level_before,level_after,binds_before,binds_after",
        "changed_stock.csv": "site,material,period,what,before [t],after [t],change [t]",
        "difference.json": "{",
    }
    assert (folder / "changed_costs.csv").read_text("utf-8").splitlines()[1:] == [
        "processing,6850000,7550000,700000",
        "total,64300000,65000000,700000",
    ]
    assert (folder / "difference.json").read_text("utf-8") == lodeplan("compare", *tightened, "--json").out


def test_a_difference_is_replaced_by_force_only_and_a_plan_never(tightened: tuple[Path, Path], tmp_path: Path) -> None:
    before, after = tightened
    folder = tmp_path / "difference"
    assert lodeplan("compare", before, before, "-o", folder, "--json").code == 0
    (folder / "notes.md").write_text("ours")
    was = contents(folder)
    line = f"{folder}: holds a difference already; name another place, or add --force to replace it\n"
    assert lodeplan("compare", before, after, "-o", folder) == (2, "", line)
    assert contents(folder) == was
    assert lodeplan("compare", before, after, "-o", folder, "--force").code == 0
    assert contents(folder).keys() == was.keys()
    line = f"{before}: is a folder of something else and is not replaced; name another place\n"
    assert lodeplan("compare", before, after, "-o", before, "--force") == (2, "", line)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (
            lambda plan: set_cell(plan / "contracts.csv", "signed", "no", offer="atacama"),
            "contracts.csv:2 signed says 'no', and {} says 'yes'",
        ),
        (
            lambda plan: set_cell(plan / "purchases.csv", "period", "2028", offer="atacama"),
            "purchases.csv:2 stands there and is no row of {} (and so in 1 further place)",
        ),
        (
            lambda plan: edit(plan / "summary.json", '"used": 30', '"used": 30, "limits": "@x"'),
            "summary.json assumed.limits says '@x', and {} says nothing",
        ),
        (
            lambda plan: edit(plan / "summary.json", '"notes": []', '"notes": ["x"]'),
            "summary.json notes.0 says 'x', and {} says nothing",
        ),
        (
            lambda plan: set_cell(plan / "limits.csv", "slack", "0.17", limit="china-refined-place", slack="0.15"),
            "limits.csv:2 slack says 0.17, and {} says 0.15",
        ),
        (
            lambda plan: edit(plan / "contracts.csv", "capacity [t]", "capacity [kg]"),
            "contracts.csv:1 capacity [kg]: summary.json counts it in t; convert it and write capacity [t]",
        ),
        (
            lambda plan: edit(plan / "summary.json", '"least": ', '"least": 1'),
            "summary.json limits_cost.least says 13 400 000, and {} says 3 400 000",
        ),
    ],
)
def test_plans_that_differ_only_in_what_is_not_compared_are_said_to(
    plan: Path, tmp_path: Path, change: Callable[[Path], None], place: str
) -> None:
    other = shutil.copytree(plan, tmp_path / "other")
    change(other)
    note = f"{other}/{place.format(plan)}; this is not compared, see both files"
    same = lodeplan("compare", plan, plan).out
    assert lodeplan("compare", plan, other) == (0, same, f"note: {note}\n")
    assert json.loads(lodeplan("compare", plan, other, "--json").out)["notes"] == [note]


# names --------------------------------------------------------------------------------------------


def test_names_that_a_spreadsheet_or_pandas_would_misread_are_kept(tutorial: Path, tmp_path: Path) -> None:
    """An offer called =cmd, a company called nan, both of Namibia."""
    before = solved(tutorial, tmp_path / "before")
    edit(tutorial / "offers.csv", "kokkola,umicore,cobalt,refined,FI", "'=cmd|x,nan,cobalt,refined,NA")
    edit(tutorial / "owners.csv", "umicore,,BE", "nan,,NA")
    after = solved(tutorial, tmp_path / "after")
    folder = tmp_path / "difference"
    said = lodeplan("compare", before, after, "-o", folder)
    told = " ".join(said.out.split())
    assert "cobalt refined [t Co content] =cmd|x nan NA in 0 250 +250 kokkola umicore FI out 250 0 -250" in told
    assert "NA 0.0% -> 50.0% 0.0% -> 50.0%" in told
    assert "cobalt,refined,'=cmd|x,nan,NA,in,0,250,250\n" in (folder / "changed_suppliers.csv").read_text("utf-8")
    assert "supplier,'=cmd|x,in,cobalt,refined,nan,,0,250,250,t\n" in lodeplan("compare", before, after, "--csv").out
    back = json.loads(lodeplan("compare", after, before, "--json").out)
    assert ("=cmd|x", "nan", "NA", "out") in {
        (row["offer"], row["company"], row["country"], row["what"]) for row in back["suppliers"]
    }


# folders that are no plan -------------------------------------------------------------------------


def test_a_folder_that_is_not_there_or_no_plan_is_named(plan: Path, tmp_path: Path) -> None:
    line = f"{tmp_path / 'gone'}: there is no such plan folder\n"
    assert lodeplan("compare", plan, tmp_path / "gone") == (2, "", line)
    (tmp_path / "empty").mkdir()
    line = "summary.json: is missing or is not the summary of a plan; lodeplan solve -o writes it anew\n"
    assert lodeplan("compare", tmp_path / "empty", plan) == (2, "", f"{tmp_path}/empty/{line}")


def test_of_a_folder_of_several_plans_one_is_to_be_named(plan: Path, tutorial: Path, tmp_path: Path) -> None:
    shutil.copytree(plan, tmp_path / "several/plans/01")
    shutil.copytree(plan, tmp_path / "several/plans/02")
    line = f"{tmp_path}/several: holds 2 plans and is none itself; name one, such as {tmp_path}/several/plans/01\n"
    for words in (["compare", plan, tmp_path / "several"], ["audit", tmp_path / "several", tutorial]):
        assert lodeplan(*words) == (2, "", line)
    assert lodeplan("report", tmp_path / "several", "-o", tmp_path / "page.html") == (2, "", line)


FAULTS: dict[str, tuple[Callable[[Path], object], str]] = {
    "no table": (
        lambda plan: (plan / "limits.csv").unlink(),
        "limits.csv: is missing; lodeplan solve -o writes it anew",
    ),
    "no column": (
        lambda plan: rename_column(plan / "exposure.csv", "share", "shares"),
        "exposure.csv:1 share: the column is missing (is it meant by shares?)",
    ),
    "no number": (
        lambda plan: set_cell(plan / "purchases.csv", "quantity", "lots", offer="atacama"),
        "purchases.csv:2 quantity: 'lots' is not a number; write one such as 1234.5",
    ),
    "not finite": (
        lambda plan: set_cell(plan / "purchases.csv", "quantity", "inf", offer="atacama"),
        "purchases.csv:2 quantity: inf is not a number; write one such as 1234.5",
    ),
    "a row twice": (
        lambda plan: set_cell(plan / "costs.csv", "material", "cobalt", cost="purchases", material="lithium"),
        "costs.csv:3 purchases, cobalt stands in line 2 too; keep one",
    ),
    "another unit": (
        lambda plan: rename_column(plan / "purchases.csv", "quantity", "quantity [kg]"),
        "purchases.csv:1 quantity [kg]: summary.json counts it in t; convert it and write quantity [t]",
    ),
    "an unknown cost": (
        lambda plan: set_cell(plan / "costs.csv", "cost", "procesing", cost="processing", material="cobalt"),
        f"costs.csv:4 cost: 'procesing' is not one of {', '.join(COSTS)} (did you mean processing?)",
    ),
    "an unknown word": (
        lambda plan: set_cell(plan / "limits.csv", "sense", "at moat", who="CD"),
        "limits.csv:6 sense: 'at moat' is not one of at most, at least (did you mean at most?)",
    ),
    "an unknown unit of a limit": (
        lambda plan: set_cell(plan / "limits.csv", "unit", "%", who="CD"),
        "limits.csv:6 unit: '%' is not one of share",
    ),
    "an unknown kind of limit": (
        lambda plan: set_cell(plan / "limits.csv", "kind", "share_cup", limit="drc-cobalt-mined"),
        "limits.csv:6 kind: 'share_cup' is no kind of limit (did you mean share_cap?)",
    ),
    "a sign that moves the cursor": (
        lambda plan: set_cell(plan / "purchases.csv", "offer", "ata\x1b[2Jcama", offer="atacama"),
        "purchases.csv:2 offer: 'ata\\x1b[2Jcama' holds a sign that cannot be shown; remove it",
    ),
    "costs that do not add up": (
        lambda plan: set_cell(plan / "costs.csv", "amount", "47000000", cost="purchases", material="lithium"),
        "costs.csv: adds up to 65 300 000 where summary.json says 64 300 000; lodeplan solve -o writes it anew",
    ),
    "no title": (
        lambda plan: edit(plan / "summary.json", '"title"', '"name"'),
        "summary.json: title: None is not a text; lodeplan solve -o writes it anew",
    ),
    "a status in a list": (
        lambda plan: edit(plan / "summary.json", '"status": "proven"', '"status": ["proven"]'),
        "summary.json: status: ['proven'] is not a text; lodeplan solve -o writes it anew",
    ),
    "an unknown status": (
        lambda plan: edit(plan / "summary.json", '"status": "proven"', '"status": "prooven"'),
        "summary.json: status: 'prooven' is neither proven nor stopped; write one of them",
    ),
    "a cost of very many digits": (
        lambda plan: edit(plan / "summary.json", '"cost": 64300000.0', f'"cost": {"9" * 400}'),
        f"summary.json: cost: {'9' * 60}... (400 characters) is not a number; lodeplan solve -o writes it anew",
    ),
    "no bound": (
        lambda plan: edit(plan / "summary.json", '"bound": 64300000.0,', ""),
        "summary.json: bound: is missing; lodeplan solve -o writes it anew",
    ),
    "a deep nest": (
        lambda plan: (plan / "summary.json").write_text("[" * 100_000),
        "summary.json: is nested too deeply; lodeplan solve -o writes it anew",
    ),
    "a bound that is none": (
        lambda plan: edit(plan / "summary.json", '"bound": 64300000.0', '"bound": NaN'),
        "summary.json: bound: nan is not a number; lodeplan solve -o writes it anew",
    ),
}


@pytest.mark.parametrize(("spoil", "line"), FAULTS.values(), ids=FAULTS)
def test_a_plan_that_cannot_be_read_is_refused_in_one_line(
    plan: Path, spoil: Callable[[Path], object], line: str
) -> None:
    spoil(plan)
    assert lodeplan("compare", plan, plan) == (2, "", f"{plan}/{line}\n")


def test_plans_in_different_currencies_are_not_compared(plan: Path, tutorial: Path, tmp_path: Path) -> None:
    edit(tutorial / "instance.toml", '"USD"', '"EUR"')
    line = "money: is in USD in the first plan and in EUR in the second; convert one of them"
    said = lodeplan("compare", plan, solved(tutorial, tmp_path / "euro"))
    assert said == (2, "", f"the plans cannot be compared: {line}\n")
