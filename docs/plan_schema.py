"""Write lodeplan/plan.schema.json, the JSON Schema of what `lodeplan solve --json` prints.

    make docs

A test keeps the file equal to what this makes, and holds plans against it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from plan_summary import Part, Summary
from pydantic import Field, create_model

from optimizer.files.field_words import field_words
from optimizer.tables import PLAN_TABLES
from optimizer.tables.table import Unit

if TYPE_CHECKING:
    from pydantic import BaseModel

    from optimizer.tables.table import Column, Table

FILE = Path(__file__).resolve().parents[1] / "lodeplan" / "plan.schema.json"
_UNITS = {"{mass}": "mass_unit", "{currency}": "currency"}


def document() -> type[BaseModel]:
    """Return the record of a whole plan: the summary, and each table as a list of rows."""
    fields: dict[str, Any] = {
        table.key_in_data: (_rows(table), Field(description=_title(table))) for table in PLAN_TABLES
    }
    return create_model("Plan", __base__=Summary, __doc__="A plan as `lodeplan solve --json` prints it.", **fields)


def _rows(table: Table) -> Any:
    rows: Any = list[_row(table)]
    return rows | None if table.is_optional else rows


def _row(table: Table) -> Any:
    words = field_words(table.row)
    fields: dict[str, Any] = {
        column.field: (_type(column), Field(description=f"{words[column.field].rstrip('.')}{_unit(column)}."))
        for column in table.columns
    }
    return create_model(table.row.__name__, __base__=Part, __doc__=_title(table), **fields)


def _type(column: Column) -> Any:
    match column.kind:
        case "text":
            return str if column.words is None else Literal[column.words]
        case "flag":
            return Literal["yes", "no"]
        case "number":
            return float | None if column.may_be_empty else float


def _unit(column: Column) -> str:
    """Return the unit of a column in brackets; where it is one of the instance's, the key that says it."""
    if not isinstance(column.unit, Unit):
        return "" if column.unit is None else f" [{column.unit.column.replace(' ', '_')}]"
    words = column.unit.words
    for sign, key in _UNITS.items():
        words = words.replace(sign, key)
    return f" [{words}]"


def _title(table: Table) -> str:
    return " ".join((table.row.__doc__ or "").split())


def schema() -> str:
    """Return the schema as the text of its file."""
    made = {"$schema": "https://json-schema.org/draft/2020-12/schema"} | document().model_json_schema()
    return json.dumps(made, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    FILE.write_text(schema(), encoding="utf-8")
