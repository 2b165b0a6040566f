"""``lodeplan whatif``: what it prints and writes, and what it refuses. Costs are worked out by hand."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from optimizer.cli.whatif_command import _tell
from optimizer.errors import NoPlan
from optimizer.results.interval import Interval
from optimizer.session import Session
from tests.cli.command import contents, copied, edit, launched, lodeplan, solved

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from models.instance import Instance
    from optimizer.results.solution import Solution

TITLE = "Tutorial: lithium and cobalt for one cell plant"
RESTS = "rests on 30 assumed rows (100% of the cost)"
ALL_REST = "all rest on assumed rows (100% of the cost)"
PROVEN = f"proven to be the least; {RESTS}"
NONE = "there is no plan that covers the demand of {} and holds every limit"

CASES = """\
case,what,value
winter,cap refined/cobalt:CN,30%
winter,demand lithium=x1.2,
no-china,ban,refined/lithium:CN@place
glut,demand cobalt=x10,
"""
"""Three cases of the tutorial, whose plans can be found by hand.

Winter: 1200 t of lithium are 330 by China (480 less a quarter of the Atacama), 600 of the Atacama and 270
by Kwinana, 60.42 million; of the cobalt 50 t move from China to Kokkola, whose charge is 2 000 higher,
14.30 million. Together 74.72.

No China: 600 t of the Atacama, 300 by Kwinana, 100 of Silver Peak: 52.4 million; with cobalt 66.60.

Both together: 1000 t of lithium are all there is, and 1200 are needed. Glut: so much cobalt there is not.
"""


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    path = tmp_path / "cases.csv"
    path.write_text(CASES, "utf-8")
    return path


# one set of changes -------------------------------------------------------------------------------


STOPPED = (
    "for one year from any period, 50% of cobalt, the worst-off material, stays covered until goods ordered afterwards "
    "arrive, by stock and what was planned only."
)


def test_only_what_is_different_is_shown(tutorial: Path) -> None:
    """China may refine 10 points more, at a lower charge.

    Of lithium, 100 t move there from Kwinana, 6 000 USD each; of cobalt, 50 t from Kokkola, 2 000 USD each.
    """
    said = f"""\
{TITLE} (with cap refined:CN=50%): 64.30 million USD -> 63.60 million USD, 700 000 USD less (-1.1%); {RESTS}.

cost        before [USD]  after [USD]  change [USD]
----------  ------------  -----------  ------------
processing     6 850 000    6 150 000      -700 000
total         64 300 000   63 600 000      -700 000

supplier         company                 in        before [t]  after [t]  change [t]
---------------  ----------------------  --  ----  ----------  ---------  ----------
lithium refined [t Li content]
  china-lithium  china-lithium-refiners  CN  more         250        350        +100
  kwinana        kwinana-refining        AU  less         150         50        -100
cobalt refined [t Co content]
  china-cobalt   china-cobalt-refiners   CN  more         200        250         +50
  kokkola        umicore                 FI  less         250        200         -50

Shares that moved, over the whole horizon
material  stage    country           place         control
--------  -------  -------  --------------  --------------
lithium   refined  AU        15.0% -> 5.0%   15.0% -> 5.0%
                   CN       25.0% -> 35.0%  40.0% -> 50.0%
cobalt    refined  CN       40.0% -> 50.0%  40.0% -> 50.0%
                   FI       50.0% -> 40.0%
                   BE                       50.0% -> 40.0%

Limits that changed (* = binds)
limit              who  period                      used
-----------------  ---  ------  ------  ----------------
china-refined-place: at most 40% -> 50%
  refined cobalt   CN   2027    looser  40.0%* -> 50.0%*
china-refined-control: at most 40% -> 50%
  refined lithium  CN   2027    looser  40.0%* -> 50.0%*
  refined cobalt   CN   2027    looser  40.0%* -> 50.0%*
china-refined-place: at most 40% -> 50%
  refined lithium  CN   2027    looser    25.0% -> 35.0%

When a country stops:
- before: Without what Belgium controls, {STOPPED}
- after: Without what China controls, {STOPPED}
"""
    assert lodeplan("whatif", tutorial, "--cap", "refined:CN=50%") == (0, said, "")


def test_a_change_that_changes_nothing_says_so(tutorial: Path) -> None:
    line = f"{TITLE} (with capacity silver-peak=50): 64.30 million USD as before; {RESTS}. Nothing else changed.\n"
    assert lodeplan("whatif", tutorial, "--capacity", "silver-peak=50") == (0, line, "")


def test_a_case_and_single_changes_add_up(tutorial: Path, cases: Path) -> None:
    """Winter, and then Kwinana at 1 000 more for each of its 270 t."""
    said = lodeplan("whatif", tutorial, "--changes", cases, "--case", "winter", "--price", "kwinana=+1000", "-q")
    title = f"{TITLE} (with case winter; price kwinana=+1000)"
    costs = "64.30 million USD -> 74.99 million USD, 10.69 million USD more (+16.6%)"
    assert said.out == f"{title}: {costs}; rests on 30 assumed rows (100% of the cost).\n"


def test_json_and_csv_are_those_of_compare(tutorial: Path, plan: Path, tmp_path: Path) -> None:
    change = ["--drop", "drc-cobalt-mined"]
    after = tmp_path / "after"
    assert lodeplan("solve", tutorial, *change, "-o", after, "-q").code == 0
    assert lodeplan("whatif", tutorial, *change, "--csv") == lodeplan("compare", plan, after, "--csv")
    document = json.loads(lodeplan("whatif", tutorial, *change, "--json").out)
    changed = document.pop("plan")
    assert document == json.loads(lodeplan("compare", plan, after, "--json").out)
    solved_anew = json.loads(lodeplan("solve", tutorial, *change, "--json").out)
    only_solve_says = {"seconds": 0, "without_limits": None, "limits_cost": None}
    assert changed | only_solve_says == solved_anew | only_solve_says


def test_the_plan_written_is_the_one_that_solve_writes(tutorial: Path, tmp_path: Path) -> None:
    change = ["--cap", "refined:CN=30%", "--excel"]
    one, other = tmp_path / "whatif", tmp_path / "solve"
    said = lodeplan("whatif", tutorial, *change, "-o", one)
    assert said.out.endswith(f"\n\nPlan written to {one}: 65.00 million USD, {PROVEN}\n")
    assert lodeplan("solve", tutorial, *change, "-o", other).code == 0
    plans = []
    for folder in (one, other):
        files = contents(folder)
        summary = json.loads(files.pop("summary.json"))
        plans.append((files, summary | {"seconds": 0}))
    assert plans[0] == plans[1]
    assert plans[0][0]["purchases.csv"].startswith(b"\xef\xbb\xbfoffer;")


def test_an_earlier_plan_is_replaced_by_force_only(tutorial: Path, plan: Path) -> None:
    was = contents(plan)
    line = f"{plan}: holds a plan already; name another place, or add --force to replace it\n"
    assert lodeplan("whatif", tutorial, "--ban", "RU", "-o", plan) == (2, "", line)
    assert contents(plan) == was
    said = lodeplan("whatif", tutorial, "--cap", "refined:CN=30%", "-o", plan, "--force", "-q")
    assert said.out.count("\n") == 2
    assert contents(plan) != was


def test_two_runs_print_the_same_bytes(tmp_path: Path) -> None:
    session = copied("us-battery-2027", tmp_path)
    one, other = (launched("whatif", session, "--case", "metals-as-in-2025") for _ in range(2))
    assert one == other
    between, *noted = one.err.splitlines()
    assert between.startswith("With the changes: the least cost lies between 2 8")
    assert noted
    assert all(line.startswith("note: ") for line in noted)
    quiet = launched("whatif", session, "--case", "metals-as-in-2025", "--json", "-q")
    assert json.loads(quiet.out)["after"]["cost"] == pytest.approx(2.8973e9, rel=1e-4)
    assert quiet.err == ""


# no plan ------------------------------------------------------------------------------------------


def test_a_change_without_a_plan_says_what_there_was_before_and_why_there_is_none(tutorial: Path) -> None:
    said = lodeplan("whatif", tutorial, "--demand", "cobalt=x10", "-o", tutorial.parent / "plan")
    before, first, second, *_ = said.err.splitlines()
    assert (said.code, said.out) == (3, "")
    assert before == f"Before the changes: 64.30 million USD, {PROVEN}."
    assert first == f"{TITLE} (with demand cobalt=x10): {NONE.format('cobalt')}"
    assert second == "- cobalt in 2027: demand is 5 000 t and at most 1 650 can be supplied"
    assert not (tutorial.parent / "plan").exists()


@pytest.fixture
def short(tutorial: Path) -> Path:
    """Return the tutorial with five times the lithium that it needs, which nobody can supply."""
    edit(tutorial / "demand.csv", "lithium,2027,1000", "lithium,2027,5000")
    return tutorial


def test_where_there_was_no_plan_before_the_new_one_is_shown_whole(short: Path, tmp_path: Path) -> None:
    said = lodeplan("whatif", short, "--demand", "lithium=1000", "-o", tmp_path / "plan")
    assert said.code == 0
    assert said.err == f"Before the changes: {NONE.format('lithium')}.\n"
    assert said.out.startswith(f"{TITLE} (with demand lithium=1000): the plan costs 64.30 million USD")
    assert "\nbinding limit " in said.out
    assert said.out.endswith(f"\nPlan written to {tmp_path / 'plan'}: 64.30 million USD, {PROVEN}\n")


@pytest.mark.parametrize("form", ["--json", "--csv"])
def test_data_about_a_difference_needs_a_plan_before(short: Path, tmp_path: Path, form: str) -> None:
    cure = "So there is nothing to compare with; lodeplan solve takes the same changes."
    said = lodeplan("whatif", short, "--demand", "lithium=1000", form, "-o", tmp_path / "plan")
    assert said == (3, "", f"Before the changes: {NONE.format('lithium')}. {cure}\n")
    assert not (tmp_path / "plan").exists()


# combinations of cases ----------------------------------------------------------------------------


def test_a_grid_has_a_line_for_each_combination(tutorial: Path, cases: Path) -> None:
    said = lodeplan("whatif", tutorial, "--changes", cases, "--grid", "winter,no-china", "--grid", "winter,glut")
    assert said == (
        0,
        f"""\
{TITLE}: 64.30 million USD as it is; 1 of 4 cases has a plan: 74.72 million USD (winter); {ALL_REST}.

case               cost [USD]   more [USD]
-----------------  ----------  -----------  ------
as it is           64 300 000
winter             74 720 000  +10 420 000  +16.2%
winter + glut         no plan
no-china + winter     no plan
no-china + glut       no plan

winter + glut: {NONE.format("cobalt")}
no-china + winter: {NONE.format("lithium")}
no-china + glut: {NONE.format("cobalt")}
""",
        "",
    )


def test_a_grid_as_data_says_the_same(tutorial: Path, cases: Path) -> None:
    words = ["whatif", tutorial, "--changes", cases, "--grid", "*"]
    document = json.loads(lodeplan(*words, "--json").out)
    assert (document["title"], document["currency"]) == (TITLE, "USD")
    left_out = [(case.pop("unmet"), case.pop("assumed")) for case in document["cases"]]
    assert [case.pop("undisclosed") for case in document["cases"]] == [[], [], [], None]
    assert [assumed and (unmet, assumed["rows"]) for unmet, assumed in left_out] == [([], 30), ([], 30), ([], 31), None]
    base, winter, no_china, glut = document["cases"]
    assert base | {"case": "as it is", "cost": 64.3e6, "change": None, "why": None} == base
    assert winter | {"cost": 74.72e6, "bound": 74.72e6, "change": 10.42e6, "change_to": 10.42e6} == pytest.approx(
        winter
    )
    assert no_china | {"status": "proven", "cost": 66.6e6, "change_from": 2.3e6} == pytest.approx(no_china)
    assert glut | {"status": "no plan", "cost": None, "why": NONE.format("cobalt")} == glut
    frame = pd.read_csv(io.StringIO(lodeplan(*words, "--csv").out), keep_default_na=False)
    money = [f"{name} [USD]" for name in ("cost", "bound", "change", "change_from", "change_to")]
    unmet = ["unmet [t]", "unmet of", "unmet [share]", "shortage cost [USD]"]
    assert list(frame) == [
        "case",
        "status",
        *money,
        "gap [share]",
        *unmet,
        "assumed rows",
        "assumed cost [share]",
        "why",
    ]
    assert list(frame["cost [USD]"]) == ["64300000", "74720000", "66600000", ""]
    assert list(frame["unmet [t]"]) == ["0", "0", "0", ""]
    assert list(frame["assumed rows"]) == ["30", "30", "31", ""]


def test_what_of_a_grid_changes_nothing_is_noted(tutorial: Path, cases: Path) -> None:
    """Its first duty is that of nobody, and winter needs 1200 t of lithium whatever was needed before."""
    cases.write_text(f"{CASES}winter,duty ZZ=0,\nglut,demand lithium=1100,\nwinter,demand lithium=1200,\n", "utf-8")
    words = ["whatif", tutorial, "--changes", cases, "--grid", "glut,no-china", "--grid", "winter"]
    notes = [
        "glut + winter: cases.csv:7 demand lithium=1100 changes nothing",
        "glut + winter and no-china + winter: cases.csv:3 demand lithium=x1.2 changes nothing",
        "glut + winter and no-china + winter: cases.csv:6 duty ZZ=0 changes nothing",
    ]
    said = lodeplan(*words, "--json")
    assert json.loads(said.out)["notes"] == notes
    assert said.err == "".join(f"note: {note}\n" for note in notes)


def test_the_first_sentence_of_a_grid_is_all_that_quiet_prints(tutorial: Path, cases: Path) -> None:
    said = lodeplan("whatif", tutorial, "--changes", cases, "--grid", "*", "-q")
    costs = "2 of 3 cases have a plan, from 66.60 million USD (no-china) to 74.72 million USD (winter)"
    rests = "all rest on assumed rows (100% of the cost)"
    assert said == (0, f"{TITLE}: 64.30 million USD as it is; {costs}; {rests}.\n", "")


def test_a_grid_without_any_plan_ends_with_the_code_for_that(tutorial: Path, cases: Path) -> None:
    said = lodeplan("whatif", tutorial, "--changes", cases, "--grid", "glut", "-q")
    rests = "it rests on assumed rows (100% of the cost)"
    assert said == (3, f"{TITLE}: 64.30 million USD as it is; no plan for glut; {rests}.\n", "")


def test_the_plans_of_a_grid_are_written_beside_a_table_that_says_where(
    tutorial: Path, cases: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "grid"
    words = ["whatif", tutorial, "--changes", cases, "-o", folder, "--grid"]
    said = lodeplan(*words, "*")
    assert said.out.endswith(f"\n\nTable and plans written to {folder}\n")
    rows = list(csv.DictReader((folder / "whatif.csv").read_text("utf-8").splitlines()))
    assert [(row["case"], row["plan"]) for row in rows] == [
        ("as it is", "plans/01-as-it-is"),
        ("winter", "plans/02-winter"),
        ("no-china", "plans/03-no-china"),
        ("glut", ""),
    ]
    alone = solved(tutorial, tmp_path / "alone")
    assert (folder / "plans/01-as-it-is/purchases.csv").read_bytes() == (alone / "purchases.csv").read_bytes()
    assert lodeplan("compare", folder / "plans/01-as-it-is", folder / "plans/02-winter").code == 0
    line = f"{folder}: holds a table of cases already; name another place, or add --force to replace it\n"
    assert lodeplan(*words, "winter") == (2, "", line)
    (folder / "notes.md").write_text("ours")
    assert lodeplan(*words, "no-china", "--force").code == 0
    assert {path.name for path in folder.iterdir()} == {"whatif.csv", "plans", "notes.md"}
    assert {path.name for path in (folder / "plans").iterdir()} == {"01-as-it-is", "02-no-china"}


def test_a_hostile_name_of_a_case_stays_in_the_folder_and_out_of_formulas(tutorial: Path, tmp_path: Path) -> None:
    path = tmp_path / "cases.csv"
    names = ["../../out", "=cmd|x", "a/b\\c:d", "con.", "*" * 3, "n" * 300]
    path.write_text("case,what\n" + "".join(f'"{name}",ban RU\n' for name in names), "utf-8")
    assert lodeplan("whatif", tutorial, "--changes", path, "--grid", "*", "-o", tmp_path / "grid").code == 0
    assert [plan.name for plan in sorted((tmp_path / "grid/plans").iterdir())] == [
        "01-as-it-is",
        "02-out",
        "03-cmd-x",
        "04-a-b-c-d",
        "05-con",
        "06-",
        f"07-{'n' * 60}",
    ]
    assert not (tmp_path.parent / "out").exists()
    assert "\n'=cmd|x,proven," in (tmp_path / "grid/whatif.csv").read_text("utf-8")


# what is not known well ---------------------------------------------------------------------------


def test_an_interval_is_told_only_where_it_leaves_something_open(capsys: pytest.CaptureFixture[str]) -> None:
    tell = _tell("USD", 0.01, quiet=False)
    tell("", Interval(float("-inf"), 100.0))
    tell("", Interval(99.5, 100.0))
    assert capsys.readouterr().err == ""
    tell("", Interval(90.0, 100.0))
    tell("winter", Interval(90.0, float("inf")))
    assert capsys.readouterr().err.splitlines() == [
        "With the changes: the least cost lies between 90.00 USD and 100 USD; solving exactly.",
        "winter: the least cost is 90.00 USD or more; solving exactly.",
    ]
    _tell("USD", 0.01, quiet=True)("", Interval(90.0, 100.0))
    assert capsys.readouterr().err == ""


def test_a_change_of_costs_that_are_proven_to_a_gap_is_told_with_its_interval(tmp_path: Path) -> None:
    session = copied("us-battery-2027", tmp_path)
    said = lodeplan("whatif", session, "--grid", "*", "--gap", "0.01")
    for name in ("china-stops-graphite", "indonesia-tightens"):
        assert f"\n{name}: the change of the least cost lies between +" in said.out


class Interrupted(Session):
    """A session in which Ctrl-C is pressed during the second solve."""

    def solve(self, instance: Instance, tell: Callable[[Interval], None] | None = None) -> Solution:
        solution = super().solve(instance, tell)
        self.rounds = getattr(self, "rounds", 0) + 1
        return solution

    @property
    def interrupted(self) -> bool:
        return self.rounds >= 2


def test_after_an_interrupt_the_rest_of_a_grid_is_not_solved(
    tutorial: Path, cases: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("optimizer.session.Session", Interrupted)
    said = lodeplan("whatif", tutorial, "--changes", cases, "--grid", "*")
    assert said.code == 0
    first, *_ = said.out.splitlines()
    assert (
        first == f"{TITLE}: 64.30 million USD as it is; 74.72 million USD (winter); {ALL_REST}. "
        "Stopped: 2 of 3 cases not solved."
    )
    assert said.out.count("not solved") == 3


def test_no_plan_in_the_time_that_there_was_is_not_said_to_be_none(
    tutorial: Path, cases: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Late(Session):
        def solve(self, instance: Instance, tell: Callable[[Interval], None] | None = None) -> Solution:
            if "no-china" in instance.title:
                msg = "no plan of lithium was found within 1.0 s; give it more time"
                raise NoPlan(msg, proven=False)
            return super().solve(instance, tell)

    monkeypatch.setattr("optimizer.session.Session", Late)
    said = lodeplan("whatif", tutorial, "--changes", cases, "--grid", "no-china", "--csv")
    assert said.out.splitlines()[-1].startswith("no-china,none found,")


# what is refused ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ([], "no change is asked for; add one, such as --cap CN=40%"),
        (["--ban", "RU", "--json", "--csv"], "--json and --csv exclude each other; give one of them"),
        (
            ["--case", "winter"],
            "--case winter: 'winter' is no case; add some under [cases], or name a file with --changes",
        ),
        (["--cap", "CN=x30%"], "--cap CN=x30%: 'x30%' reads both ways; write x30 or 30%"),
        (["--drop", "drc-mined"], "--drop drc-mined: 'drc-mined' is no limit (did you mean drc-cobalt-mined?)"),
        (["--changes", "FILE"], "cases.csv: holds the cases winter, no-china, glut; say which with --case NAME"),
        (["--changes", "FILE", "--grid", "wintr"], "--grid wintr: 'wintr' is no case (did you mean winter?)"),
        (
            ["--changes", "FILE", "--grid", ","],
            "--grid ,: names no case; write some with commas, such as --grid winter,summer",
        ),
    ],
)
def test_what_cannot_be_asked_is_refused_in_one_line(tutorial: Path, cases: Path, words: list[str], line: str) -> None:
    given = [str(cases) if word == "FILE" else word for word in words]
    assert lodeplan("whatif", tutorial, *given) == (2, "", f"{line}\n")


def test_a_study_with_cases_names_one_of_them_where_no_change_is_asked_for(tmp_path: Path) -> None:
    line = "no change is asked for; add one, such as --case china-stops-graphite\n"
    assert lodeplan("whatif", copied("us-battery-2027", tmp_path)) == (2, "", line)
