"""A stress test on the page of its plan: the worst of each loss as losses.csv has it, and what is refused."""

from __future__ import annotations

import csv
import re
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from optimizer.charts.shown_stress import ShownLoss, ShownStress
from optimizer.charts.stressed import MOST_ROWS, draw_stressed
from tests.cli.command import ROOT, lodeplan
from tests.page.conftest import NAMED

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.page.conftest import Heard

LOSS = ShownLoss("refined/ore:CN@control", "2027", 1, "ore", True, 0.4, 0.9, 0, 2, -5.0)  # noqa: FBT003 (it hits)


@pytest.fixture(scope="module")
def tested(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return a plan, and a stress test of it."""
    folder = tmp_path_factory.mktemp("stress")
    instance = ROOT / "instances/tutorial-lithium-cobalt"
    assert lodeplan("solve", instance, "-o", folder / "plan", "-q").code == 0
    assert lodeplan("stress", folder / "plan", instance, "-o", folder / "stress").code == 0
    return folder / "plan", folder / "stress"


def test_each_who_stops_is_drawn_at_its_worst_as_the_file_has_it(
    tested: tuple[Path, Path], tmp_path: Path, visit: Callable[..., Any], listen: Callable[[Any], Heard]
) -> None:
    plan, stress = tested
    assert lodeplan("report", plan, "--stress", stress, "-o", tmp_path / "page.html").code == 0
    with (stress / "losses.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["hits"] == "yes"]
    page = visit(tmp_path / "page.html")
    drawn = page.query_selector_all(".stressed tbody tr")
    assert len(drawn) == len({row["loss"] for row in rows}) <= MOST_ROWS
    for one, loss in zip(drawn, dict.fromkeys(row["loss"] for row in rows), strict=True):
        own = [row for row in rows if row["loss"] == loss]
        covered, material = min((float(row["covered [share]"]), row["material"]) for row in own)
        _, mark = one.query_selector_all("rect")
        assert float(mark.get_attribute("width").rstrip("%")) == pytest.approx(100 * covered, abs=0.006)
        said, extra = (cell.inner_text() for cell in one.query_selector_all("td")[1:])
        assert said.replace("\u202f", " ").split("\n") == [f"{100 * covered:.0f} %", f"of {material}"]
        cost = sum(float(row["extra cost [USD]"]) for row in own) / 1e6
        assert float(re.sub(r"\s", "", extra).replace("\u2212", "-")) == pytest.approx(cost, abs=0.051)
    assert drawn[0].query_selector("th").inner_text().startswith("Belgium by control")
    heard = listen(page)
    assert {role: names for role, names in heard.names.items() if role in NAMED and not all(names)} == {}


def test_a_loss_says_what_of_the_plan_it_hits_and_when_all_is_met_again() -> None:
    def drawn(**other: Any) -> str:
        shown = draw_stressed(ShownStress("USD", [LOSS._replace(**other)]), {"CN": "rust"})
        return re.sub(r"\s+", " ", re.sub("<[^>]*>", " ", shown)).replace("\u202f", " ")

    assert (
        "China by control, refined ore from 2027 for 1 period; made good after 2 periods 40 % of ore \u22125" in drawn()
    )
    assert "; not made good within the horizon" in drawn(recovers=None)
    assert "for 2 periods; all is met for 1 period; made good" in drawn(lasts=2, survives=1)
    assert "made good" not in drawn(covered=0.9)
    assert "99.6 %" in drawn(covered=0.996, planned=1)
    assert "no answer found" in drawn(covered=None, extra_cost=None)
    assert "company glencore" in drawn(loss="company:glencore")
    assert "None of the losses" in drawn(hits=False)


def test_of_many_losses_the_rest_is_counted_and_names_stay_text() -> None:
    losses = [LOSS._replace(loss=f"offer:<b>{number}") for number in range(MOST_ROWS + 3)]
    drawn = draw_stressed(ShownStress("USD", losses), {})
    assert drawn.count('<tr><th scope="row">') == MOST_ROWS
    assert "3 more hit the plan less" in drawn
    assert "<b>0" not in drawn


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("cobalt", "copper", "speaks of copper, of which the plan knows nothing; name the stress test of this plan"),
        ("[USD]", "[EUR]", "the plan counts it in USD"),
        ("covered [share]", "cover [share]", "covered: the column is missing"),
        ("0.5,1,", "half,1,", "'half' is not a number"),
    ],
)
def test_what_is_no_test_of_the_plan_is_refused(
    tested: tuple[Path, Path], tmp_path: Path, old: str, new: str, told: str
) -> None:
    plan, stress = tested[0], shutil.copytree(tested[1], tmp_path / "stress")
    (stress / "losses.csv").write_text((stress / "losses.csv").read_text("utf-8").replace(old, new), "utf-8")
    said = lodeplan("report", plan, "--stress", stress, "-o", tmp_path / "page.html")
    assert said.code == 2
    assert f"{stress}/losses.csv" in said.err
    assert told in said.err
    assert not (tmp_path / "page.html").exists()


def test_the_folder_of_a_stress_test_says_how_it_is_drawn(tested: tuple[Path, Path]) -> None:
    said = lodeplan("report", tested[1])
    assert said.code == 2
    drawn = f"this is a stress test, which lodeplan report PLAN --stress {tested[1]} draws"
    assert said.err == f"{tested[1]}/summary.json: is missing; {drawn}\n"


def test_a_folder_without_a_stress_test_is_refused(tested: tuple[Path, Path], tmp_path: Path) -> None:
    said = lodeplan("report", tested[0], "--stress", tmp_path, "-o", tmp_path / "page.html")
    assert (said.code, said.err) == (2, f"{tmp_path}/losses.csv: is missing; lodeplan stress -o writes one\n")
