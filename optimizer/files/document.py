"""One JSON document that holds the record of an instance whole, read into a draft."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from models.instance import Instance
from models.market import REQUIRED_TABLES, TABLES, Market
from models.records.messages import list_fields, suggest_or_list
from models.records.wording import quote
from optimizer.files.columns import RANK, columns_of
from optimizer.files.draft import Draft, DraftLimit
from optimizer.files.faults import FOLDER, HEADER
from optimizer.files.grid import Grid, Line
from optimizer.files.header import header_keys
from optimizer.files.json_file import UnreadableJsonError, read_json

if TYPE_CHECKING:
    from pathlib import Path

    from optimizer.files import draft as drafts
    from optimizer.files.faults import Faults


def read_document(path: Path, faults: Faults) -> Draft:
    """Read a JSON document; what cannot be read is noted in `faults` and left out of the draft."""
    draft = Draft(
        spot=lambda at: f"{path.name}: {_json_path(at)}", form="document", home=path.parent, unread=set(TABLES)
    )
    raw = _parse(path, faults)
    if raw is None:
        return draft
    market = raw.get("market")
    if not isinstance(market, dict):
        what = "is missing" if market is None else f"{quote(market)} is not an object of facts"
        faults.add(draft.spot(("market",)), f"{what}; every instance needs a market", HEADER)
        return draft
    _refuse_strangers(raw, Instance, draft, faults, "")
    _refuse_strangers(market, Market, draft, faults, "market.")
    own = {key: value for key, value in raw.items() if key in list_fields(Instance)}
    draft.header = {key: value for key, value in (market | own).items() if key in header_keys() and value is not None}
    draft.limits = _draft_limits(raw.get("limits"), draft, faults)
    draft.unread = set()
    for table in TABLES:
        _read_table(path.name, table, market.get(table), draft, faults)
    return draft


def _json_path(path: drafts.Path) -> str:
    text = ""
    if path and path[0] not in list_fields(Instance) and path[0] in header_keys():
        text = "market"
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}"
    return text.removeprefix(".")


def _parse(path: Path, faults: Faults) -> dict[str, Any] | None:
    line = ""
    try:
        raw = read_json(path)
    except UnreadableJsonError as error:
        why, line = error.sentence, f":{error.line}" if error.line else ""
    else:
        if isinstance(raw, dict):
            return raw
        why = f"{quote(raw)} is not an instance; write its record as one JSON object"
    faults.add(f"{path.name}{line}", why, FOLDER)
    return None


def _refuse_strangers(
    raw: dict[str, Any], model: type[Instance | Market], draft: Draft, faults: Faults, under: str
) -> None:
    for key in raw:
        if key not in list_fields(model):
            cure = suggest_or_list(key, list_fields(model))
            faults.add(f"{draft.spot(())}{under}{key}", f"is not a key that is known here{cure}", HEADER)


def _draft_limits(limits: object, draft: Draft, faults: Faults) -> list[DraftLimit]:
    if limits is not None and not isinstance(limits, list):
        faults.add(draft.spot(("limits",)), f"{quote(limits)} is not a list of limits; write [ ... ]", HEADER)
    return [
        DraftLimit(("limits", position), limit.get("name") if isinstance(limit, dict) else None, limit)
        for position, limit in enumerate(limits if isinstance(limits, list) else ())
    ]


def _read_table(book: str, table: str, rows: object, draft: Draft, faults: Faults) -> None:
    def place(row: int, column: str | None) -> str:
        return f"{book}: market.{table}[{row}].{column}" if column else f"{book}: market.{table}[{row}]"

    whole = f"{book}: market.{table}"
    if rows is None and table in REQUIRED_TABLES:
        draft.grids[table] = Grid.missing(table, whole, "is missing; every instance needs this table")
        return
    if rows is not None and not isinstance(rows, list):
        faults.add(whole, f"{quote(rows)} is not a list of rows; write [ ... ]", RANK[table])
    else:
        grid = draft.grids[table] = Grid(table, whole, place)
        for position, row in enumerate(rows or ()):
            if not isinstance(row, dict):
                faults.add(place(position, None), f"{quote(row)} is not a row; write an object", RANK[table], position)
            cells = _stated(table, row) if isinstance(row, dict) else {}
            grid.lines.append(Line(position, cells, isinstance(row, dict)))
        return
    draft.unread.add(table)


def _stated(table: str, row: dict[str, object]) -> dict[str, object]:
    """Return the cells of a row that say something; null says nothing, but under a key that nobody knows."""
    known = columns_of(table)
    return {key: cell for key, cell in row.items() if cell is not None or key not in known}
