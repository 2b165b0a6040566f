"""The program of an instance for other solvers: as a Pyomo model, and as a file with names that can be read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import highspy
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyomo.environ import Constraint, Objective, SolverFactory, Var, value

import lodeplan as api
from optimizer.files.program_file import LONGEST, read_name, write_name
from tests.cli.command import ROOT, edit, lodeplan

if TYPE_CHECKING:
    from pathlib import Path

TUTORIAL = ROOT / "instances/tutorial-lithium-cobalt"
OPTIMUM = 64300000.0
SPREAD = """[limits.spread]
kind = "hhi_cap"
count = "country"
basis = "place"
max_hhi = 0.5
hard = true

"""


def solved(path: Path) -> Any:
    make: Any = highspy.Highs  # it comes without types
    highs = make()
    highs.setOptionValue("output_flag", "false")
    assert highs.readModel(str(path)) == highspy.HighsStatus.kOk
    highs.run()
    assert highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return highs


@pytest.mark.parametrize("suffix", [".lp", ".mps"])
def test_another_reader_of_the_file_finds_the_same_optimum(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"tutorial{suffix}"
    said = lodeplan("model", TUTORIAL, "-o", path)
    assert (said.code, said.err) == (0, "")
    program = solved(path)
    assert program.getInfo().objective_function_value == pytest.approx(OPTIMUM, rel=1e-9)
    assert "quantity(greenbushes,2027)" in program.getLp().col_names_
    rows = {read_name(name) for name in program.getLp().row_names_}
    assert "limit[china-refined-place].holds[lithium,refined,CN,2027]" in rows


@pytest.mark.parametrize("suffix", [".lp", ".mps"])
def test_names_of_any_sign_and_length_keep_to_what_the_forms_allow(suffix: str, small: Path, tmp_path: Path) -> None:
    long = "Ödland (North) [2], 50% " + "of the very long name of a mine " * 3
    for table in ("offers", "tiers", "commitments", "owners", "origins", "lanes", "earlier"):
        path = small / f"{table}.csv"
        path.write_text(path.read_text("utf-8").replace("Pilbara", f'"{long}"').replace("Ganfeng", "Gan feng"), "utf-8")
    path = tmp_path / f"small{suffix}"
    assert lodeplan("model", small, "-o", path, "-q").code == 0
    program = solved(path)
    assert program.getInfo().objective_function_value == pytest.approx(api.solve(small, gap=0).cost, rel=1e-6)
    labels = [*program.getLp().col_names_, *program.getLp().row_names_]
    assert len(set(labels)) == len(labels)
    assert max(map(len, labels)) <= LONGEST
    assert not [label for label in labels if re.search(r"[^A-Za-z0-9_.,()~@]", label)]
    assert f"flow[{long.strip()},Gan feng,2027]" in {read_name(label) for label in labels}


def test_a_name_that_is_too_long_is_cut_and_told(small: Path, tmp_path: Path) -> None:
    long = "ä" * 100
    for table in ("offers", "owners", "lanes"):
        path = small / f"{table}.csv"
        path.write_text(path.read_text("utf-8").replace("Pilbara", long), "utf-8")
    path = tmp_path / "small.lp"
    assert lodeplan("model", small, "-o", path, "-q").code == 0
    head = [line for line in path.read_text("utf-8").splitlines() if line.startswith("\\ ")]
    assert any(line.endswith(f" stands for quantity[{long},2027]") for line in head)
    assert max(map(len, solved(path).getLp().col_names_)) <= LONGEST


@given(st.lists(st.text(min_size=1).filter(lambda part: not set(part) & set("[]()~@")), min_size=1))
def test_a_name_is_read_as_it_was_written(parts: list[str]) -> None:
    assert read_name(write_name("flow", parts)) == f"flow[{','.join(parts)}]"


def test_a_file_is_written_as_lp_or_mps_and_replaced_with_force_alone(tmp_path: Path) -> None:
    said = lodeplan("model", TUTORIAL, "-o", tmp_path / "model.nl")
    assert (said.code, said.err) == (
        2,
        f"{tmp_path / 'model.nl'}: .nl is not a form of a program; name a .lp or .mps\n",
    )
    path = tmp_path / "model.LP"
    assert lodeplan("model", TUTORIAL, "-o", path, "--cap", "refined/lithium:CN=30%").code == 0
    said = lodeplan("model", TUTORIAL, "-o", path)
    assert (said.code, said.err) == (2, f"{path}: is there already; name another place, or add --force to replace it\n")
    before = path.read_text("utf-8")
    assert lodeplan("model", TUTORIAL, "-o", path, "--force").code == 0
    assert path.read_text("utf-8") != before
    assert [entry.name for entry in tmp_path.iterdir()] == ["model.LP"]


def test_any_solver_of_pyomo_solves_the_model() -> None:
    model = api.model(TUTORIAL)
    SolverFactory("appsi_highs").solve(model)
    assert value(model.cost) == pytest.approx(OPTIMUM, rel=1e-6)
    assert {family.name for family in model.component_objects(Objective)} == {"cost"}
    for family in model.component_objects([Var, Constraint]):
        assert family.doc, family.name


def test_a_limit_on_an_hhi_is_quadratic_and_readable(tmp_path: Path) -> None:
    folder = tmp_path / "tutorial"
    lodeplan("instances", "new", "tutorial-lithium-cobalt", "--to", folder)
    edit(
        folder / "instance.toml",
        "[limits.drc-cobalt-mined]",
        f"{SPREAD}[limits.drc-cobalt-mined]",
    )
    path = tmp_path / "model.lp"
    said = lodeplan("model", folder, "-o", path)
    assert said.code == 0, said.err
    assert "limit(spread).squared(" in path.read_text("utf-8")
