"""One mutant tried: what must never happen, and what happened."""

from __future__ import annotations

import csv
import io
import json
import shutil
import signal
import sys
import time
import tomllib
import traceback
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Any
from unittest import mock

import optimizer.load
from models.changes import changed
from models.places import read_country
from models.policies import in_force
from optimizer.cli import main
from optimizer.errors import LodeplanError
from optimizer.notes import notes
from optimizer.wishes import Wishes, changed_by
from tests.fuzz.edits import CONTROL
from tests.fuzz.subjects import SHIPPED, Base, Mutant, bases, flags_of, mutant, sheets, solved_plan

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SECONDS = 5.0
"""CPU seconds that a command may take beside its solves."""
GIVEN_UP = 30.0
CODES = {0, 1, 2, 3, 4}
SOLVES = {"solve", "whatif", "explain", "price", "alternatives", "sweep"}


@dataclass(frozen=True)
class Finding:
    """A mutant of which something came that must never come."""

    number: int
    what: str
    said: str
    detail: str


class _HangError(BaseException):
    """A command took more CPU time than any may."""


def tried(numbers: range, seed: int, scratch: Path) -> Iterator[Finding | None]:
    """Try mutants by their numbers; yield a finding, or None, for each."""
    there = bases(scratch)
    plan = solved_plan(there[0], scratch)
    signal.signal(signal.SIGPROF, _hang)
    for number in numbers:
        made = mutant(number, Random(f"{seed}:{number}"), there, plan, scratch)  # noqa: S311 (no secret)
        yield _tried(number, made)
        shutil.rmtree(scratch / f"m{number}", ignore_errors=True)


def _hang(*_: object) -> None:
    raise _HangError


def _tried(number: int, made: Mutant) -> Finding | None:
    begun = time.process_time()
    signal.setitimer(signal.ITIMER_PROF, GIVEN_UP)
    try:
        found = _judged(made)
        spent = time.process_time() - begun
        if found is None and _is_sampled(number, made):
            found = _run(Mutant(("solve", made.words[1], "-q", "--time-limit", "2"), made.said))
    except _HangError:
        found = "hang", "".join(traceback.format_exc(limit=-4))
    except Exception:  # noqa: BLE001 (a traceback is what is looked for)
        found = "traceback", "".join(traceback.format_exc(limit=-6))
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    if found is None and made.words[0] not in SOLVES and spent > SECONDS:
        found = "slow", f"{spent:.1f} CPU s"
    return None if found is None else Finding(number, found[0], made.said, found[1])


def _is_sampled(number: int, made: Mutant) -> bool:
    """Whether a mutant of an instance is solved as well: every fourth of those that are small."""
    small = made.base is not None and made.base.name in {"small", SHIPPED[0]}
    return made.words[0] == "validate" and small and number % 4 == 0


def _judged(made: Mutant) -> tuple[str, str] | None:
    match made.words[0]:
        case "apply":
            assert made.base is not None
            return _applied(made.base, made.words[1:])
        case "combine":
            assert made.base is not None
            return _combined(made.base, *made.words[1:])
        case _:
            return _run(made)


def _run(made: Mutant) -> tuple[str, str] | None:
    """Call the command line, and keep the record that it reads."""
    records: list[Any] = []

    def load(path: Path) -> Any:
        records.append(read(path))
        return records[-1]

    read = optimizer.load.load
    out, err = io.StringIO(), io.StringIO()
    argv = mock.patch.object(sys, "argv", ["lodeplan", *map(str, made.words)])
    loading = mock.patch.object(optimizer.load, "load", load)
    code: object = 0
    with argv, loading, redirect_stdout(out), redirect_stderr(err):
        try:
            main()
        except SystemExit as stop:
            code = stop.code or 0
    said = out.getvalue() + err.getvalue()
    if code not in CODES:
        return "exit code", f"{code}: {said[:300]}"
    unsafe = CONTROL.search(said)
    if unsafe:
        return "control sign", repr(said[max(0, unsafe.start() - 80) : unsafe.end() + 40])
    if code == 2 and not err.getvalue().strip():
        return "nothing said", f"{code}"
    if code == 0 and "--json" in made.words:
        json.loads(out.getvalue(), parse_constant=_no_constant)
    if made.words[0] == "validate" and code == 0 and made.base is not None:
        return _ignored(made, records[0], said)
    return None


def _no_constant(name: str) -> None:
    msg = f"{name} is no JSON"
    raise ValueError(msg)


def _applied(base: Base, texts: tuple[str, ...]) -> tuple[str, str] | None:
    try:
        after = Wishes(texts=texts).applied_to(base.record)
    except LodeplanError:  # so that a command says it, and solves nothing
        return _run(Mutant(("solve", base.folder, *flags_of(texts)), "wrong changes"))
    notes(in_force(after))
    same = after.model_copy(update={"title": base.record.title}) == base.record
    if same and after.title.count(", which changes nothing") < len(texts):
        return "ignored", f"{texts} change nothing: {after.title}"
    return None


def _combined(base: Base, file: Path, grid: str) -> tuple[str, str] | None:
    for wishes in (Wishes(file=file, grid=(grid,)), Wishes(file=file)):
        try:
            for changes in wishes.combinations(base.record).values():
                changed_by(base.record, changes)
        except LodeplanError as error:
            if not str(error).strip():
                return "nothing said", repr(error)
    return None


def _ignored(made: Mutant, record: Any, said: str) -> tuple[str, str] | None:
    """Say so when a mutant was taken, says something else than before, and left neither a trace nor a note."""
    assert made.base is not None
    if record != made.base.record or "note: " in said.replace(_notes_of(made.base), ""):
        return None
    if made.before is None or made.after is None:
        return "ignored", made.said
    before, after = _meant(made.before), _meant(made.after)
    # What is gone without a trace stood at its default; what is new must not be.
    return ("ignored", f"{sorted(map(str, after - before))[:3]!s:.400}") if after - before else None


_NOTES: dict[str, str] = {}


def _notes_of(base: Base) -> str:
    if base.name not in _NOTES:
        _NOTES[base.name] = "".join(f"note: {note}\n" for note in notes(in_force(base.record)))
    return _NOTES[base.name]


def _meant(path: Path) -> set[Any]:
    """Return what a file says, without the order of rows and columns, blank lines and the spelling of values."""
    match path.suffix:
        case ".csv":
            text = path.read_text("utf-8-sig", "replace")
            return _table(list(csv.reader(io.StringIO(text, newline=""))))
        case ".toml":
            return set(_leaves(tomllib.loads(path.read_text("utf-8-sig").replace("\r\n", "\n"))))
        case ".json":
            return set(_leaves(json.loads(path.read_text("utf-8-sig"))))
        case ".xlsx":
            return {(name, row) for name, rows in sheets(path).items() for row in _table(rows)}
        case _:
            return set()


def _table(rows: list[list[Any]]) -> set[Any]:
    """Return the rows of a table as sets of columns with their values; those that are empty are left out."""
    there = [row for row in rows if any(str(cell).strip() for cell in row)]
    if not there:
        return set()
    heading = [str(cell).strip() for cell in there[0]]
    return {
        frozenset(
            (heading[at] if at < len(heading) else at, _value(cell)) for at, cell in enumerate(row) if _value(cell)
        )
        for row in there[1:]
    }


def _leaves(tree: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield (path, value) of everything that a nest of tables and lists holds; positions of rows are no part of it."""
    match tree:
        case dict():
            for key, inner in tree.items():
                yield from _leaves(inner, f"{path}.{key.strip()}")
        case list():
            for number, inner in enumerate(tree):
                yield from _leaves(inner, f"{path}[{'' if isinstance(inner, dict) else number}]")
        case _:
            if _value(tree):
                yield path, _value(tree)


def _value(cell: Any) -> str:
    """Return a value without its spelling: numbers, shares, yes and no, countries; what is as if empty is empty."""
    text = str(cell).strip().removeprefix("'")
    if text.lower() in {"", "none", "0", "0.0", "no", "false"}:
        return ""
    if text.lower() in {"yes", "true"}:
        return "yes"
    try:
        number = float(text[:-1]) / 100 if text.endswith("%") else float(text.replace(" ", ""))
    except ValueError:
        pass
    else:
        return f"{number:.12g}" if number else ""
    try:
        return read_country(text)
    except ValueError:
        return "; ".join(part.strip() for part in text.split(";"))


__all__ = ["Finding", "changed", "tried"]
