"""One mutant tried: what must never happen, and what happened."""

from __future__ import annotations

import fnmatch
import io
import json
import re
import shutil
import signal
import sys
import time
import traceback
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from itertools import product, zip_longest
from random import Random
from typing import TYPE_CHECKING, Any
from unittest import mock

import optimizer.load
from models.changes import apply_changes, apply_edits, list_edits
from models.enforcement import enforce
from optimizer.cli import main
from optimizer.errors import LodeplanError
from optimizer.notes import list_notes
from optimizer.requests import Requests
from tests.fuzz.edits import CONTROL, read_cells
from tests.fuzz.meaning import meant, text_of
from tests.fuzz.subjects import SHIPPED, Base, Mutant, bases, flags_of, mutant, solved_plans

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from models.changes import AnyChange
    from models.instance import Instance

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
    plans = solved_plans(there, scratch)
    signal.signal(signal.SIGPROF, _hang)
    for number in numbers:
        made = mutant(number, Random(f"{seed}:{number}"), there, plans, scratch)  # noqa: S311 (no secret)
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
    """Call the command line, and judge what it says."""
    records: list[Any] = []

    def load(path: Path, *, foreseeing: bool = False) -> Any:
        records.append(read(path, foreseeing=foreseeing))
        return records[-1]

    read = optimizer.load.load
    with mock.patch.object(optimizer.load, "load", load):
        code, out, err = _called(made.words)
    said = out + err
    if code not in CODES:
        return "exit code", f"{code}: {said[:300]}"
    unsafe = CONTROL.search(said)
    if unsafe:
        return "control sign", repr(said[max(0, unsafe.start() - 80) : unsafe.end() + 40])
    if code == 2 and not err.strip():
        return "nothing said", f"{code}"
    if code == 0 and "--json" in made.words:
        json.loads(out, parse_constant=_no_constant)
    if made.words[0] == "validate" and code == 0 and made.base is not None:
        return _ignored(made, records[0], said)
    if made.words[0] in {"audit", "compare"} and code == 0:
        return _unread(made, said)
    return None


def _called(words: Iterable[Any]) -> tuple[object, str, str]:
    """Return the exit code of the command line, and what it prints and says."""
    out, err = io.StringIO(), io.StringIO()
    argv = mock.patch.object(sys, "argv", ["lodeplan", *map(str, words)])
    code: object = 0
    with argv, redirect_stdout(out), redirect_stderr(err):
        try:
            main()
        except SystemExit as stop:
            code = stop.code or 0
    return code, out.getvalue(), err.getvalue()


def _no_constant(name: str) -> None:
    msg = f"{name} is no JSON"
    raise ValueError(msg)


def _applied(base: Base, texts: tuple[str, ...]) -> tuple[str, str] | None:
    try:
        after = Requests(texts=texts).apply_to(base.record)
    except LodeplanError:  # so that a command says it, and solves nothing
        return _run(Mutant(("solve", base.folder, *flags_of(texts)), "wrong changes"))
    list_notes(enforce(after))
    same = after.model_copy(update={"title": base.record.title}) == base.record
    if same and after.title.count(", which changes nothing") < len(texts):
        return "ignored", f"{texts} change nothing: {after.title}"
    return None


def _combined(base: Base, file: Path, *grids: str) -> tuple[str, str] | None:
    """Say so when a row of a file of cases, a name in a grid or a change of a combination is ignored without a note."""
    requests = Requests(file=file, grid=grids)
    try:
        known, combinations = requests.list_cases(base.record), requests.list_combinations(base.record)
        requests.combine(base.record)
        noted = requests.idle(base.record)
        for name in known:
            after = Requests(cases=(name,), file=file).apply_to(base.record)
            same = after.model_copy(update={"title": base.record.title}) == base.record
            if same and ", which changes nothing" not in after.title:
                return "ignored", f"case {name} changes nothing: {after.title}"
    except LodeplanError as error:
        return None if str(error).strip() else ("nothing said", repr(error))
    ignored = [*_unread_rows(file, known), *_unmade(grids, known, combinations)]
    ignored += [found for name in combinations for found in _idle(base.record, combinations[name], noted[name])]
    return ("ignored", "; ".join(ignored)) if ignored else None


def _unread_rows(file: Path, known: Mapping[str, Sequence[AnyChange]]) -> Iterator[str]:
    """Yield the rows of a file of cases that are in no case as they stand there."""
    heading, *rows = [[cell.strip() for cell in row] for row in read_cells(text_of(file)) if any(map(str.strip, row))]
    left = {name: [change.text for change in changes] for name, changes in known.items()}
    for row in rows:
        said = {column: cell.removeprefix("'") for column, cell in zip_longest(heading, row, fillvalue="") if cell}
        here = left.get(said.pop("case", ""), [])
        words = [said.pop("what", ""), said.pop("value", "")]
        made = next((text for text in here if all(word in text for word in words)), None)
        if made is None or said.keys() - {"note", "source", "year"}:
            yield f"row {row}"
        else:
            here.remove(made)


def _unmade(grids: Sequence[str], known: Iterable[str], made: Iterable[str]) -> Iterator[str]:
    """Yield the combinations that grids ask for and that are not made."""
    meant = [[name for part in grid.split(",") for name in fnmatch.filter(known, part.strip())] for grid in grids]
    asked = {tuple(dict.fromkeys(names)) for names in product(*meant)}
    left = list(made)
    for names in asked:
        if " + ".join(names) in left:
            left.remove(" + ".join(names))
        else:
            yield f"combination {names}"


def _idle(before: Instance, changes: Sequence[AnyChange], noted: Sequence[str]) -> Iterator[str]:
    """Yield the changes of a combination that are not noted and without which it is the same."""
    made = apply_changes(before, changes)
    edits = [edit for change in changes for edit in list_edits(before, change)]
    kept = [edit for edit in edits if edit.origin not in noted]
    if apply_changes(before, kept) != made:
        yield f"{noted} are noted, and change something"
    for edit in kept:
        if apply_edits(before, [other for other in kept if other is not edit]) == made:
            yield f"{edit.origin} changes nothing"


def _ignored(made: Mutant, record: Any, said: str) -> tuple[str, str] | None:
    """Say so when a mutant was taken, says something else than before, and left neither a trace nor a note."""
    assert made.base is not None
    if record != made.base.record or "note: " in said.replace(_notes_of(made.base), ""):
        return None
    if made.before is None or made.after is None:
        return "ignored", made.said
    before, after = meant(made.before), meant(made.after)
    # What is gone without a trace stood at its default; what is new must not be.
    return ("ignored", f"{sorted(map(str, after - before))[:3]!s:.400}") if after - before else None


_OF_PLAN = {"digest", "cost", "costs"}
"""What of a summary an audit speaks of; all else is the record of a solve."""
_OF_RUN = {"instance", "digest", "solver", "seconds", "sizes", "versions"}
"""What of a summary a comparison does not speak of."""


def _unread(made: Mutant, said: str) -> tuple[str, str] | None:
    """Say so when of an edited plan the same is said as of the plan before, without a note."""
    if "note: " in said or made.before is None or made.after is None:
        return None
    edited, plan = made.after.parent, made.before.parent
    _, *before = _called(plan if word == edited else word for word in made.words)
    if "".join(before) != said.replace(str(edited), str(plan)):
        return None
    unsaid = [
        what
        for what in _rounded(meant(made.after)) - _rounded(meant(made.before))
        if _must_be_read(made.words[0], what)
    ]
    return ("ignored", f"{sorted(map(str, unsaid))[:3]!s:.400}") if unsaid else None


def _rounded(said: set[Any]) -> set[Any]:
    """Return what a file says to five digits: plans hold results, and those are rounded."""
    return {
        frozenset((column, _to_five_digits(value)) for column, value in what)
        if isinstance(what, frozenset)
        else (what[0], _to_five_digits(what[1]))
        for what in said
    }


def _to_five_digits(value: str) -> str:
    try:
        return f"{float(value):.5g}"
    except ValueError:
        return value


def _must_be_read(command: str, what: Any) -> bool:
    """Whether a command must speak of a row of a table, or of the value at a path of a summary."""
    if isinstance(what, frozenset):
        return True
    key = re.split(r"[.\[]", what[0])[1]
    return key in _OF_PLAN if command == "audit" else key not in _OF_RUN


_NOTES: dict[str, str] = {}


def _notes_of(base: Base) -> str:
    if base.name not in _NOTES:
        _NOTES[base.name] = "".join(f"note: {note}\n" for note in list_notes(enforce(base.record)))
    return _NOTES[base.name]


__all__ = ["Finding", "apply_changes", "tried"]
