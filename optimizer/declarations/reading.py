"""One declaration as it was found: its template, who declares, and what its lists say, each with its place."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from models.records.wording import quote
from models.references.spellings import canonical
from optimizer.declarations.layout import (
    DECLARATION,
    FIRST_ROW,
    LANGUAGE,
    LOOK_UP,
    LOOK_UP_COLUMNS,
    MINE_COLUMNS,
    MINES,
    SHEETS,
    SMELTERS,
    SUPPLIER,
    TITLE,
    VERSION,
    Template,
    find_template,
    list_versions,
)
from optimizer.declarations.words import metal_of, says_not_listed, says_unidentified
from optimizer.errors import InputError
from optimizer.files.archive import UnsafeError, inspect, letters
from optimizer.files.guard import unfit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

Rows = list[list[Any]]


class Cell(NamedTuple):
    """What a cell says, and where it stands."""

    text: str
    place: str


class SmelterRow(NamedTuple):
    """One row of `Smelter List`, with what its formulas would have filled in."""

    place: str
    metal: str
    number: str | None
    """The identification number."""
    name: str
    """Empty: the smelter is not identified yet."""
    aliases: tuple[str, ...]
    """Other names by which rows of the same file call it."""
    is_listed: bool
    country: Cell
    mines: Cell
    mine_countries: Cell
    recycled: Cell


class MineRow(NamedTuple):
    """One row of `Mine List`."""

    place: str
    metal: str
    smelters: Cell
    name: str
    country: Cell


@dataclass
class Declaration:
    """What one file declares."""

    file: str
    template: Template
    supplier: str
    smelters: list[SmelterRow] = field(default_factory=list)
    mines: list[MineRow] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    """What was left out or taken for granted, one sentence each with its place."""


class _Known(NamedTuple):
    """One row of `Smelter Look-up`."""

    metal: str
    name: str
    country: str
    number: str | None


def read_declaration(path: Path, called: str) -> Declaration:
    """Read one declaration; `called` is the name of the file in messages.

    Raises:
        InputError: it cannot be read, or is no declaration whose layout is known; with one line that says why.
    """
    sheets, names = _open(path, called)
    head = sheets.get(DECLARATION, [])
    title, version = _text(head, *TITLE), _text(head, *VERSION)
    template = find_template(title, version, _text(head, *LANGUAGE), names)
    if SMELTERS not in names:
        what = f"holds no sheet {SMELTERS}, so it is no declaration that is known"
        raise InputError([f"{called}: {what}; read are {list_versions()}"])
    if template is None:
        what = f"is no declaration that is known: {DECLARATION}!D2 says {title!r} and J3 {version!r}"
        raise InputError([f"{called}: {what}; read are {list_versions()}"])
    if not template.is_read:
        what = f"is {template.name} {template.version}, whose layout is not known"
        raise InputError([f"{called}: {what}; ask for one of {list_versions()}"])
    supplier = " ".join(_text(head, *SUPPLIER).split())
    declaration = Declaration(called, template, supplier or path.stem)
    if not template.is_named:
        what = f"says {quote(title)}" if title else "is empty"
        declaration.told.append(
            f"{called}:{DECLARATION}!D2: {what}, which names no template; taken as {template.name} by its version"
        )
    if not supplier:
        declaration.told.append(f"{called}:{DECLARATION}!D8: names no company; the file's name stands for it")
    known = list(_look_up(sheets.get(LOOK_UP, [])))
    _read_smelters(declaration, sheets[SMELTERS], known)
    _read_mines(declaration, sheets.get(MINES, []))
    return declaration


def _open(path: Path, called: str) -> tuple[dict[str, Rows], list[str]]:
    """Return the rows of the sheets that are read, and the names of all sheets."""
    from python_calamine import CalamineError, CalamineWorkbook

    if not path.exists():
        raise InputError([f"{called}: there is no such file"])
    why = unfit(path)
    if why is None:
        try:
            inspect(path, SHEETS)
            with CalamineWorkbook.from_path(path) as book:
                rows = {
                    name: book.get_sheet_by_name(name).to_python(skip_empty_area=False)
                    for name in book.sheet_names
                    if name in SHEETS
                }
                return rows, book.sheet_names
        except UnsafeError as error:
            why = str(error)
        except (CalamineError, OSError, ValueError) as error:
            why = f"is not a workbook that can be read ({error}); save it again as .xlsx"
    raise InputError([f"{called}: {why}"])


def _text(rows: Rows, row: int, column: int) -> str:
    """Return what a cell says as text; nothing for an error of a formula."""
    if row > len(rows) or column > len(rows[row - 1]):
        return ""
    value = rows[row - 1][column - 1]
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = "".join(sign for sign in str(value) if sign.isprintable() or sign == "\n").strip()
    return "" if re.fullmatch(r"#[A-Z/0!?]+|#NAME\?", text) else text


def _cells(rows: Rows, columns: Mapping[str, int], sheet: str) -> Iterator[tuple[int, dict[str, Cell]]]:
    """Yield the number and the cells of each row of a list that says anything; `sheet` is called in places."""
    for number in range(FIRST_ROW, len(rows) + 1):
        cells = {
            name: Cell(_text(rows, number, column), f"{sheet}!{letters(column)}{number}")
            for name, column in columns.items()
        }
        if any(cell.text for cell in cells.values()):
            yield number, cells


def _number_in(text: str) -> str | None:
    """Return an identification number as it is compared; None for what holds no digit."""
    plain = re.sub(r"[\s-]", "", text).upper()
    return plain if re.search(r"\d", plain) else None


def _look_up(rows: Rows) -> Iterator[tuple[str, _Known]]:
    """Yield each alias, as it is compared, and what it stands for."""
    for _, cells in _cells(rows, LOOK_UP_COLUMNS, LOOK_UP):
        said = {name: cell.text for name, cell in cells.items()}
        number = _number_in(said["number"])
        yield canonical(said["alias"]), _Known(metal_of(said["metal"]), said["name"], said["country"], number)


def _read_smelters(declaration: Declaration, rows: Rows, known: list[tuple[str, _Known]]) -> None:
    """Take each row of a smelter list; what formulas left empty is looked up by the number or by the name."""
    sheet = f"{declaration.file}:{SMELTERS}"
    by_number = {one.number: one for _, one in reversed(known) if one.number}
    by_alias = {(one.metal, alias): one for alias, one in reversed(known)}
    nothing = Cell("", sheet)
    for at, cells in _cells(rows, declaration.template.smelter_columns, sheet):
        said = {name: " ".join(cell.text.split()) for name, cell in cells.items()}
        place, alias = f"{sheet}!A{at}", said.get("look_up", "")
        number = _number_in(said["number"]) or _number_in(said.get("typed_number", ""))
        found = by_number.get(number) if number else by_alias.get((metal_of(said["metal"]), canonical(alias)))
        metal = metal_of(said["metal"]) or (found.metal if found else "")
        is_special = says_not_listed(alias) or says_unidentified(alias)
        name = said["name"] or (found.name if found else "") or ("" if is_special else alias)
        if not (number or name or alias):
            declaration.told.append(f"{place}: names no smelter; left out")
            continue
        if not metal:
            declaration.told.append(f"{place}: names no metal; left out")
            continue
        unknown = says_unidentified(name) or (says_unidentified(alias) and not said["name"]) or not (name or number)
        number = number or (found.number if found and not is_special else None)
        country = cells["country"]
        if not country.text and found:
            country = Cell(found.country, country.place)
        declaration.smelters.append(
            SmelterRow(
                place,
                metal,
                None if unknown else number,
                "" if unknown else name or str(number),
                tuple(one for one in (alias, name) if one and not is_special),
                not says_not_listed(alias),
                country,
                *(cells.get(one, nothing) for one in ("mines", "mine_countries", "recycled")),
            )
        )


def _read_mines(declaration: Declaration, rows: Rows) -> None:
    sheet = f"{declaration.file}:{MINES}"
    for at, cells in _cells(rows, MINE_COLUMNS, sheet):
        said = {name: " ".join(cell.text.split()) for name, cell in cells.items()}
        name = said["name"] or said["number"]
        if not name and not said["smelters"]:
            declaration.told.append(f"{sheet}!A{at}: names neither a mine nor a smelter; left out")
            continue
        called = name or "a mine without a name"
        row = MineRow(f"{sheet}!A{at}", metal_of(said["metal"]), cells["smelters"], called, cells["country"])
        declaration.mines.append(row)
