"""What is printed as JSON holds what the plan folder does, by the schema that is shipped."""

from __future__ import annotations

import csv
import importlib
import json
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

import lodeplan as api
from tests.cli.command import ROOT, lodeplan

if TYPE_CHECKING:
    from pydantic import BaseModel


@pytest.fixture
def schema(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(ROOT / "docs")
    return importlib.import_module("plan_schema")


def test_the_schema_that_is_shipped_is_what_the_tables_say(schema: Any, *, update: bool) -> None:
    shipped = Path(str(files("lodeplan") / "plan.schema.json"))
    if update:
        shipped.write_text(schema.schema(), encoding="utf-8")
    assert shipped.read_text("utf-8") == schema.schema()


@pytest.mark.parametrize("name", ["tutorial-lithium-cobalt", "us-defense-2027", "eu-strategic-2030"])
def test_a_plan_is_by_the_schema_and_holds_what_its_folder_does(name: str, schema: Any, tmp_path: Path) -> None:
    said = lodeplan("solve", ROOT / "instances" / name, "-o", tmp_path / "plan", "--gap", 0.01, "--json")
    assert said.code == 0, said.err
    plan: type[BaseModel] = schema.document()
    plan.model_validate_json(said.out)
    document = json.loads(said.out)
    summary = json.loads((tmp_path / "plan/summary.json").read_text("utf-8"))
    assert {key: document[key] for key in summary if key != "seconds"} == {
        key: summary[key] for key in summary if key != "seconds"
    }
    for file in (tmp_path / "plan").glob("*.csv"):
        with file.open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines))
        key = "costs_by_material" if file.stem == "costs" else file.stem
        assert len(document[key]) == len(rows)
        columns = [heading.partition(" [")[0].replace(" ", "_") for heading in rows[0]]
        assert [list(row) for row in document[key][:1]] == [columns]


def test_a_document_that_says_more_or_something_else_is_not_by_the_schema(schema: Any) -> None:
    document = api.solve(ROOT / "instances/tutorial-lithium-cobalt").as_dict()
    plan: type[BaseModel] = schema.document()
    wrong = [
        document | {"more": 1},
        document | {"status": "perhaps"},
        document | {"purchases": [document["purchases"][0] | {"quantity": None}]},
        {key: document[key] for key in document if key != "stock"},
    ]
    plan.model_validate(document)
    for one in wrong:
        with pytest.raises(ValidationError):
            plan.model_validate(one)
