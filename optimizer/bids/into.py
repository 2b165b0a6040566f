"""Bids added to an instance that is there: to its tables, and to nothing else; all of them or none."""

from __future__ import annotations

import csv
import io
import re
import shutil
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from models.records.bases import read_basis
from models.records.wording import format_count, quote
from optimizer.dump import csv_cell, table_of
from optimizer.errors import InputError
from optimizer.files.atomic import write_whole
from optimizer.files.faults import Faults
from optimizer.files.figures import DECIMAL_SIGN
from optimizer.files.folder import HEADER_FILE, UnreadableError, read_folder, read_records
from optimizer.files.rows import read_rows
from optimizer.files.separator import Separator, SeparatorError, find_separator
from optimizer.files.toml_file import UnreadableTomlError, read_toml
from optimizer.load import load

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from optimizer.bids.read import Bids

_TABLES = {"offers": "offer", "tiers": "offer", "owners": "company"}
"""The tables that bids have rows of, and the column by which a row of theirs is replaced."""
_LINE = re.compile(r"^(\w+\.csv):(\d+)")
_BOTH_WAYS = re.compile(r"-?\d{1,3},\d{3}")


@dataclass
class Target:
    """An instance to which bids are added: what its tables state already."""

    folder: Path
    records: dict[str, list[Any]]
    decimal_sign: str | None

    @property
    def substances(self) -> dict[str, str]:
        """Of what a unit of each material is."""
        rows = (row for row in self.records.get("materials", ()) if row is not None)
        return {row.material: read_basis(row.basis).substance for row in rows if _is_basis(row.basis)}


def _is_basis(text: str) -> bool:
    try:
        return bool(read_basis(text).substance)
    except ValueError:
        return False


def open_target(path: Path) -> Target:
    """Return the instance at a path, which must be a folder; it may have faults of its own.

    Raises:
        InputError: no instance stands there in a folder.
    """
    if path.is_file():
        raise InputError([f"{path}: is one file; bids are added to a folder, so lodeplan convert it to one first"])
    if not (path / HEADER_FILE).is_file():
        raise InputError([f"{path}: holds no {HEADER_FILE}, so it is no instance; write a draft with -o instead"])
    faults = Faults()
    draft = read_folder(path, faults)
    stated = _stated_sign(path)
    return Target(path, read_rows(draft, (), faults).records, stated)


def _stated_sign(path: Path) -> str | None:
    try:
        return read_toml(path / HEADER_FILE).get(DECIMAL_SIGN)
    except UnreadableTomlError as error:
        raise InputError([f"{path / HEADER_FILE}: {error.sentence}"]) from None


def add_bids(bids: Bids, target: Target, *, replace: bool) -> list[str]:
    """Add the rows of bids to the tables of an instance, and return sentences on what was done.

    With `replace` offers of the same name, and owners of the same company, are replaced.

    Raises:
        InputError: a row is there already, the instance would have faults that it did not have, or it cannot be
            written.
    """
    taken = [] if replace else list(_list_taken(bids, target))
    replace = replace or bool(taken)  # then nothing is written, and what else is wrong is found all the same
    own = _new_rows(bids, target, replace=replace)
    before = {_LINE.sub(r"\1", line) for line in _faults_of(target.folder)}
    written: dict[str, _Written] = {}
    names = {f"{table}.csv" for table in own}
    with write_whole(target.folder, ours=names) as draft:
        shutil.copytree(target.folder, draft, symlinks=True, ignore=lambda _, files: names & {*files})
        for table, records in own.items():
            written[table] = _write(bids, target, table, records, draft / f"{table}.csv", replace=replace)
        fresh = [line for line in _faults_of(draft) if _LINE.sub(r"\1", line) not in before]
        if taken or fresh:
            raise InputError([*taken, *(_in_bids(line, bids, written) for line in fresh)])
    told = [_say(table, one) for table, one in written.items()]
    told += [f"{table}.csv says the rest already." for table in bids.offers.records if table not in own]
    told += _list_kept_terms(bids, target) if replace else []
    told += [f"The instance has {format_count(len(before), 'faults')} of its own, as before."] if before else []
    return [*told, f"Check it by: lodeplan validate {target.folder}"]


def _list_kept_terms(bids: Bids, target: Target) -> list[str]:
    """Return a sentence for each other table that says something of an offer that was replaced."""
    counts = {
        table: sum(getattr(row, "offer", None) in bids.offers.rows for row in rows)
        for table, rows in target.records.items()
        if table not in _TABLES
    }
    return [
        f"{table}.csv has {format_count(count, 'rows')} of offers that were replaced; look whether they still hold."
        for table, count in counts.items()
        if count
    ]


@dataclass
class _Written:
    """What was written into one table."""

    added: int
    replaced: int
    rows: dict[int, int] = field(default_factory=dict)
    """The row of the bid sheet by the line of the table."""


def _say(table: str, one: _Written) -> str:
    told = f"{format_count(one.added, 'rows')} added to {table}.csv"
    return f"{told}, in the place of {format_count(one.replaced, 'rows')}." if one.replaced else f"{told}."


def _faults_of(folder: Path) -> tuple[str, ...]:
    try:
        load(folder)
    except InputError as error:
        return error.problems
    return ()


def _list_taken(bids: Bids, target: Target) -> Iterator[str]:
    """Yield a sentence for each offer that is there already, and each company whose owners are said otherwise."""
    bid: dict[str, list[Any]] = {**bids.offers.records}
    there = {row.offer for row in target.records.get("offers", ()) if row is not None}
    for offer in bid["offers"]:
        if offer.offer in there:
            place = bids.sheet.place(bids.offers.rows[offer.offer])
            yield f"{place}: {quote(offer.offer)} is an offer of the instance already; rename it, or --replace it"
    stated = _stated_owners(target)
    known = {company for company, _ in stated}
    otherwise = (
        owner.company
        for owner in bid.get("owners", ())
        if owner.company in known and stated.get((owner.company, owner.country)) != owner.share
    )
    for company in dict.fromkeys(otherwise):
        what = f"owners.csv says otherwise who owns {company}; leave the columns out, or --replace it"
        yield f"{bids.sheet.whole}: {what}"


def _stated_owners(target: Target) -> dict[tuple[str, str], float]:
    return {(row.company, row.country): row.share for row in target.records.get("owners", ()) if row is not None}


def _new_rows(bids: Bids, target: Target, *, replace: bool) -> dict[str, list[Any]]:
    """Return the rows to be written by table: without owners that are stated just so."""
    own: dict[str, list[Any]] = {table: [*rows] for table, rows in bids.offers.records.items()}
    stated = _stated_owners(target)
    own["owners"] = [o for o in own.get("owners", ()) if stated.get((o.company, o.country)) != o.share]
    renewed = replace and {offer.offer for offer in own["offers"]}
    stale = renewed and any(row is not None and row.offer in renewed for row in target.records.get("tiers", ()))
    return {table: rows for table, rows in own.items() if rows} | ({"tiers": own.get("tiers", [])} if stale else {})


def _write(  # noqa: PLR0913 (a table, and how it is written)
    bids: Bids, target: Target, table: str, records: list[Any], path: Path, *, replace: bool
) -> _Written:
    """Write a table as it stands with further rows below, in its own separator and with its own decimal sign."""
    old = target.folder / path.name
    heading, *rows = table_of(tuple(records), table, ())
    separator, lines = _read_table(old, table) if old.exists() else (Separator(",", 0), [[str(n) for n in heading]])
    names = [cell.strip() for cell in lines[0]]
    names += [str(name) for name in heading if name not in names]
    replaced = {
        getattr(record, _TABLES[table]) for record in bids.offers.records["offers" if table == "tiers" else table]
    }
    replaced = replaced if replace else set()
    key = names.index(_TABLES[table])
    kept = [cells for cells in lines[1:] if len(cells) <= key or cells[key].strip() not in replaced]
    sign = _sign_of(target, separator, lines)
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=separator.sign, lineterminator="\n")
    buffer.write(f"sep={separator.sign}\n" * separator.above)
    writer.writerow(names)
    writer.writerows([*cells, *[""] * (len(names) - len(cells))] for cells in kept)
    done = _Written(len(rows), len(lines) - 1 - len(kept))
    first = buffer.getvalue().count("\n") + 1
    for number, (record, row) in enumerate(zip(records, rows, strict=True), start=first):
        said = dict(zip(heading, row, strict=True))
        if table == "offers":
            done.rows[number] = bids.offers.rows[record.offer]
        writer.writerow([_spell(said.get(name), sign) for name in names])
    path.write_text(buffer.getvalue(), encoding="utf-8")
    return done


def _read_table(path: Path, table: str) -> tuple[Separator, list[list[str]]]:
    try:
        separator = find_separator(path, table)
        return separator, [[str(cell) for cell in cells] for _, cells in read_records(path, separator) if any(cells)]
    except (SeparatorError, UnreadableError) as error:
        raise InputError([f"{path}: {error}"]) from None


def _sign_of(target: Target, separator: Separator, lines: Iterable[Iterable[str]]) -> str:
    if target.decimal_sign or separator.sign != ";":
        return target.decimal_sign or "."
    points = any(re.fullmatch(r"-?\d+\.\d+", cell.strip()) for cells in lines for cell in cells)
    return "." if points else ","


def _spell(value: object, sign: str) -> object:
    text = csv_cell(value)
    if sign == "," and isinstance(value, float):
        text = str(text).replace(".", ",")
        return f"{text}0" if _BOTH_WAYS.fullmatch(text) else text
    return text


def _in_bids(line: str, bids: Bids, written: dict[str, _Written]) -> str:
    """Name the row of the bid sheet in a sentence on a row that was made of it."""
    found = _LINE.match(line)
    rows = written["offers"].rows if found and found[1] == "offers.csv" and "offers" in written else {}
    row = rows.get(int(found[2])) if found else None
    return line if row is None or found is None else f"{bids.sheet.place(row)}{line[found.end() :]}"
