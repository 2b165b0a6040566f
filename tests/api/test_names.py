"""The public names of the package, what they say of themselves, and what importing them does."""

from __future__ import annotations

import inspect
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import lodeplan
from tests.cli.command import ENVIRONMENT, ROOT

if TYPE_CHECKING:
    from pathlib import Path

FUNCTIONS = [
    "alternatives",
    "audit",
    "change",
    "compare",
    "data",
    "explain",
    "exposure",
    "law",
    "load",
    "model",
    "policies",
    "price",
    "solve",
    "stress",
    "sweep",
    "whatif",
]
RESULTS = [
    "Alternatives",
    "Audit",
    "Cases",
    "Comparison",
    "Data",
    "Explanation",
    "Exposure",
    "Frontier",
    "Law",
    "Policies",
    "Prices",
    "Solution",
    "Stress",
]
RECORDS = ["Instance", "Plan"]
ERRORS = ["AuditFailure", "InputError", "LodeplanError", "NoPlan", "SolverFailure"]
TUTORIAL = ROOT / "instances/tutorial-lithium-cobalt"


def run(code: str, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run code as a notebook does: the folder that it stands in comes first on the path."""
    paths = [str(folder)] if folder else []
    environment = ENVIRONMENT | {"PYTHONPATH": os.pathsep.join([*paths, str(ROOT)])}
    return subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=folder, capture_output=True, text=True, check=False
    )


def test_the_package_hands_out_exactly_this() -> None:
    names = sorted([*FUNCTIONS, *RESULTS, *RECORDS, *ERRORS])
    assert sorted(lodeplan.__all__) == dir(lodeplan) == names
    for name in names:
        assert getattr(lodeplan, name).__name__ == name
    with pytest.raises(AttributeError, match="has no attribute 'session'"):
        lodeplan.session  # noqa: B018 (it is looked for)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_says_what_each_of_its_parameters_is(name: str) -> None:
    function = getattr(lodeplan, name)
    said = inspect.getdoc(function) or ""
    given = said.partition("Args:\n")[2].partition("\n\n")[0]
    assert re.findall(r"^    (\w+): \w*", given, re.MULTILINE) == list(inspect.signature(function).parameters)
    assert "Raises:\n" in said


@pytest.mark.parametrize("name", RESULTS)
def test_a_result_says_what_each_of_its_attributes_is(name: str) -> None:
    for attribute, value in inspect.getmembers(getattr(lodeplan, name)):
        if not attribute.startswith("_"):
            assert inspect.getdoc(value), f"{name}.{attribute}"


def test_importing_is_quick_and_light() -> None:
    code = (
        "import sys, time; start = time.perf_counter(); import lodeplan; print(time.perf_counter() - start);"
        "print({'click', 'highspy', 'matplotlib', 'numpy', 'pandas', 'pydantic', 'pyomo'} & {*sys.modules})"
    )
    seconds, heavy = run(code).stdout.splitlines()
    assert heavy == "set()"
    assert float(seconds) < 0.3


@pytest.mark.parametrize("stranger", ["models.py", "optimizer/__init__.py"])
def test_a_folder_may_have_models_of_its_own(stranger: str, tmp_path: Path) -> None:
    (tmp_path / stranger).parent.mkdir(exist_ok=True)
    (tmp_path / stranger).write_text("raise RuntimeError", encoding="utf-8")
    done = run(f"import lodeplan; print(lodeplan.load({str(TUTORIAL)!r}).name)", tmp_path)
    assert (done.stdout, done.stderr) == ("tutorial-lithium-cobalt\n", "")


def test_processes_are_started_beside_models_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "models.py").write_text("raise RuntimeError", encoding="utf-8")
    swept = f"lodeplan.sweep({str(TUTORIAL)!r}, 'cap refined/cobalt:CN=20%,40%', workers=2)"
    assert run(f"import lodeplan; print({swept}.complete)", tmp_path).stdout == "True\n"


@pytest.mark.parametrize("name", ["models", "optimizer"])
def test_another_models_that_is_imported_already_is_told_in_one_sentence(name: str, tmp_path: Path) -> None:
    (tmp_path / f"{name}.py").write_text("", encoding="utf-8")
    done = run(f"import {name}, lodeplan", tmp_path)
    theirs = tmp_path / f"{name}.py"
    said = f"lodeplan needs the package {ROOT / name}, and {theirs} is imported already; import lodeplan first"
    assert done.stderr.splitlines()[-1] == f"ImportError: {said}"


def test_the_command_line_starts_beside_strangers_too(tmp_path: Path) -> None:
    for name in ("models.py", "optimizer.py"):
        (tmp_path / name).write_text("raise RuntimeError", encoding="utf-8")
    command = [sys.executable, "-m", "lodeplan", "--version"]
    done = subprocess.run(
        command, env=ENVIRONMENT, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("lodeplan, version ")
