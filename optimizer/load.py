"""Read an instance from a folder, a workbook or a JSON document, and say everything that is wrong with it."""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING

from models.changes import case_problems, read_edit
from models.enforcement import enforce, policy_problems
from models.instance import CHECKED, Instance
from models.limits.contract.fit import limit_problems
from models.market import REQUIRED_TABLES, TABLES, Market
from models.records.wording import find_nearest, suggest
from models.references import Tables, problems
from models.scenarios import scenario_problems
from optimizer.errors import InputError
from optimizer.files.bundle import list_bundled
from optimizer.files.columns import RANK
from optimizer.files.document import read_document
from optimizer.files.faults import HEADER, Faults
from optimizer.files.folder import HEADER_FILE, read_folder
from optimizer.files.guard import reason
from optimizer.files.header import read_header
from optimizer.files.national import add_national_offers
from optimizer.files.rows import read_rows
from optimizer.files.sea_freight import add_sea_freight, take_sea_freight
from optimizer.files.workbook import read_workbook

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Mapping

    from models.records.renamed import OldWord
    from models.references import Place
    from optimizer.files.draft import Draft, Path
    from optimizer.files.header import Header
    from optimizer.files.rows import Rows


def load(path: pathlib.Path, *, foreseeing: bool = False) -> Instance:
    """Read the instance at a path: a folder, an ``.xlsx`` or ``.xlsm``, or a ``.json``; all read to equal records.

    Who is `foreseeing` plans for its scenarios, and is told here that nothing says what suppliers give at short notice.

    Raises:
        InputError: with one line for everything that is wrong, in file order.
    """
    faults = Faults()
    try:
        draft = _read(path, faults)
    except OSError as error:
        raise InputError([f"{path}: cannot be read: {reason(error)}"]) from None
    return _assemble(draft, faults, foreseeing=foreseeing)


def _read(path: pathlib.Path, faults: Faults) -> Draft:
    if path.is_dir():
        if not (path / HEADER_FILE).exists() and not (path / HEADER_FILE).is_symlink():
            if (path / "summary.json").is_file() and (path / "purchases.csv").is_file():
                raise InputError([f"{path}: is a plan, not an instance; name the instance that it was made from"])
            raise InputError([f"{path}: holds no {HEADER_FILE}{_hint_of_header(path)}"])
        return read_folder(path, faults)
    reader = {".xlsx": read_workbook, ".xlsm": read_workbook, ".json": read_document}.get(path.suffix.lower())
    if reader is not None and (path.exists() or path.is_symlink()):
        return reader(path, faults)
    raise InputError([f"{path}: {_why_not(path)}"])


def _hint_of_header(folder: pathlib.Path) -> str:
    inside = [entry.name for entry in folder.iterdir() if (entry / HEADER_FILE).is_file()]
    if inside:
        return f"; its folders {', '.join(sorted(inside)[:6])} do, so name one of them"
    return suggest(HEADER_FILE, [entry.name for entry in folder.iterdir()]) or ", so it is not an instance"


def _why_not(path: pathlib.Path) -> str:
    if path.exists():
        if path.name == HEADER_FILE or path.suffix == ".csv":
            return f"is one file of an instance; name its folder {path.parent}"
        if path.suffix.lower() in {".xls", ".xlsb", ".ods"}:
            return f"is a workbook of another kind ({path.suffix}); save it as .xlsx"
        return "is not an instance; name a folder, an .xlsx or a .json"
    ours = find_nearest(path.name, list_bundled(), _SURE)
    if ours is not None:
        other = "" if ours == path.name else f" (did you mean {ours}?)"
        return f"there is no such file or folder{other}; lodeplan instances new {ours} copies it here"
    near = [entry.name for entry in path.parent.iterdir()] if path.parent.is_dir() else []
    return f"there is no such file or folder{suggest(path.name, near)}"


_SURE = 0.85
"""How near a name must be to that of a bundled instance."""


def _assemble(draft: Draft, faults: Faults, *, foreseeing: bool) -> Instance:
    header = read_header(draft, faults)
    by_sea = take_sea_freight(draft)
    rows = read_rows(draft, header.values.get("attributes", ()), faults)
    add_sea_freight(draft, rows, header.values, by_sea, faults)
    add_national_offers(draft, rows, header.values.get("currency"), faults)
    _check_references(draft, header, rows, faults)
    _check_limits(draft, header, rows, faults)
    if faults:
        raise InputError(faults.lines())
    market = Market(**header.part(Market), **rows.records)
    keys = header.part(Instance)
    cases, policies = keys.pop("cases", {}), keys.pop("policies", ())
    read = keys | {"market": market, "limits": tuple(limit for _, limit in header.limits)}
    instance = Instance.model_validate(read, context=CHECKED)
    instance = instance.model_copy(update={"policies": policies})
    for number, message in policy_problems(instance):
        faults.add(draft.spot(("policies", number)), message, HEADER)
    if faults:
        raise InputError(faults.lines())
    named = _with_cases(instance.with_old_words([*header.old_words, *rows.old_words]), cases, draft, faults)
    _try_scenarios(named, draft, faults, foreseeing=foreseeing)
    return _in_new_words(named, draft)


def _with_cases(instance: Instance, cases: dict[str, tuple[str, ...]], draft: Draft, faults: Faults) -> Instance:
    """Return an instance with its cases, each tried by itself on what is there."""
    named = instance.model_copy(update={"cases": cases})
    for name, number, message in case_problems(named):
        faults.add(draft.spot(("cases", name, number)), message, HEADER)
    if faults:
        raise InputError(faults.lines())
    return named


def _try_scenarios(instance: Instance, draft: Draft, faults: Faults, *, foreseeing: bool) -> None:
    """Raise InputError with everything that keeps the scenarios of an instance from being worked out."""
    if not instance.market.scenarios and not instance.market.hazards:
        return
    for problem in scenario_problems(enforce(instance), as_stated=True, foreseeing=foreseeing):
        where, rank, number = _spot((problem.table, problem.row, problem.column), draft, {})
        faults.add(where, problem.message, rank, number)
    if faults:
        raise InputError(faults.lines())


def _in_new_words(instance: Instance, draft: Draft) -> Instance:
    """Return an instance with its cases in new words, remembering the old ones."""
    cases: dict[str, tuple[str, ...]] = {}
    words: list[OldWord] = []
    for name, texts in instance.cases.items():
        edits = [read_edit(text, draft.spot(("cases", name, number))) for number, text in enumerate(texts)]
        cases[name] = tuple(edit.text if edit.old_words else text for edit, text in zip(edits, texts, strict=True))
        words += chain.from_iterable(edit.old_words for edit in edits)
    return instance.model_copy(update={"cases": cases}).with_old_words(words) if words else instance


def _check_references(draft: Draft, header: Header, rows: Rows, faults: Faults) -> None:
    unread = rows.unread | ({"periods"} & header.broken)
    periods = header.values.get("periods", ())
    attributes, scores = header.values.get("attributes", ()), header.values.get("scores", ())
    limits = {limit.name: path for path, limit in header.limits}
    named = {"limits": tuple(limits)} | {key: tuple(header.values.get(key, ())) for key in ("blocs", "cases")}
    kept = {key: header.values[key] for key in ("start", "as_of", "mass_unit", "currency") if key in header.values}
    for problem in problems(Tables(rows.records, periods, attributes, rows.broken, unread, scores, named, **kept)):
        also = "" if problem.also is None else f" ({_spot(problem.also, draft, limits)[0]})"
        one_file = draft.form == "folder" and re.search(r"none is declared; add it to \w+$", problem.message)
        message = f"{problem.message}{'.csv' if one_file else ''}{also}"
        where, rank, number = _spot((problem.table, problem.row, problem.column), draft, limits)
        faults.add(where, message, rank, number)


def _spot(place: Place, draft: Draft, limits: Mapping[str, Path]) -> tuple[str, int, int]:
    """Return what a place is called, the rank of its table and the number of its row."""
    table, row, column = place
    if table == "limits":
        return draft.spot(limits[column or ""]), HEADER, 0
    if table not in TABLES:
        return draft.spot(tuple(part for part in place if part is not None)), HEADER, 0
    grid = draft.grids.get(table)
    if grid is None or (row is not None and row >= len(grid.numbers)):  # a national offer, which no file states
        return f"{draft.grids['materials'].whole}: offers = world", RANK[table], 0
    number = grid.numbers[row] if row is not None else 1
    return grid.place(number, column), RANK[table], number


def _check_limits(draft: Draft, header: Header, rows: Rows, faults: Faults) -> None:
    """Check limits against the market as far as it could be read; names of broken rows are not called unknown."""
    if {"periods", "blocs", "as_of", "start"} & header.broken or {"materials", "sites", "offers"} & rows.unread:
        return
    if "materials" in rows.broken:
        return
    known = dict.fromkeys(REQUIRED_TABLES, ()) | {
        table: tuple(record for record in records if record is not None) for table, records in rows.records.items()
    }
    market = Market(**header.part(Market), **known)
    hidden = [repr(name) for names in rows.broken.values() for name in names]
    paths = {limit.name: path for path, limit in header.limits}
    for name, message in limit_problems(
        [limit for _, limit in header.limits], market, header.values.get("currency", "")
    ):
        if not any(name in message for name in hidden):
            field = re.match(r"([a-z_]+): ", message)
            path = (*paths[name], field[1]) if field else paths[name]
            told = message[field.end() :] if field else message
            faults.add(draft.spot(path), told, HEADER)
