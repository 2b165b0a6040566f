"""What the audit says of a plan as it was written, and of one that was edited by hand."""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING, NamedTuple

import pytest

from optimizer.tables import STOCK
from tests.cli.command import copied, edit, lodeplan, solved
from tests.cli.plan_edits import lengthen_row, rename_column, repeat_row, set_cell

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HOLDS = "{}: holds, at a cost of 64.30 million USD; rests on 30 assumed rows (100% of the cost)\n"


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
