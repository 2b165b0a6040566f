"""Where a folder can be written: what is asked before a long solve, so that nothing is lost after it.

What stands at the place is replaced only when it is ours. That is told by one file that every folder of ours holds: a
JSON document with keys that ours have, or a table whose heading begins as ours does.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from optimizer.errors import InputError
from optimizer.files.atomic import clear_up, follow_links, must_be_a_folder
from optimizer.files.guard import reason, unfit
from optimizer.files.json_file import UnreadableJsonError, read_json


@dataclass(frozen=True)
class Kind:
    """A kind of folder that we write."""

    what: str
    """As a sentence calls it."""
    sign: str
    """The file that tells of it."""
    begins: tuple[str, ...]
    """Keys that the file has when it is a JSON document, or the first columns when it is a table."""


SUMMARY = "summary.json"
RECORD = "sweep.json"
"""What a sweep asks and has found."""
PLANS = "plans"
"""The folder in which plans stand that were found together: those of a sweep, of cases, alternatives."""
REPORT = "report.html"
"""The report of a plan, where it is written into the plan's own folder: it goes with the plan that it is of."""
PAGES = {".html", ".htm"}
"""How the names of pages end."""
PLAN = Kind("plan", SUMMARY, ("instance", "digest", "cost"))


def check_place(folder: Path, kind: Kind = PLAN, *, force: bool, in_place: bool = False) -> None:
    """Raise InputError unless a folder of a kind can be put at `folder`; with `force` it may replace one of its kind.

    With `in_place` single files of it are replaced, and never the folder itself.
    """
    try:
        is_page = kind == PLAN and folder.suffix.lower() in PAGES
        must_be_a_folder(folder, f"a {kind.what}", f", or draw it by --report {folder}" if is_page else "")
        clear_up(folder)
        why = _why_not(follow_links(folder), kind, force=force, in_place=in_place)
    except OSError as error:
        why = f"cannot be written: {reason(error)}; name another place"
    if why:
        raise InputError([f"{folder}: {why}"])


def _why_not(folder: Path, kind: Kind, *, force: bool, in_place: bool) -> str:
    if folder.is_symlink():
        return "cannot be followed: its links run in a circle; name another place"
    above = describe_above(folder)
    if above:
        return above
    if not folder.exists():
        return ""
    if not folder.is_dir():
        return f"is a file; name a folder for the {kind.what}"
    return _describe_taken(folder, kind, force=force) or ("" if in_place else _describe_fixed(folder, kind))


def describe_above(path: Path) -> str:
    """Say why nothing can be made at a path, whatever stands there: nothing where it can."""
    above = next((folder for folder in path.parents if folder.exists()), path)
    if not above.is_dir():
        return f"cannot be made, because {above} is a file; name another place"
    if not os.access(above, os.W_OK | os.X_OK):
        return f"cannot be made, because {above} may not be written to; name another place"
    return ""


def _describe_taken(folder: Path, kind: Kind, *, force: bool) -> str:
    if not any(folder.iterdir()):
        return ""
    if not (folder / kind.sign).exists():
        return "is a folder of something else and is not replaced; name another place"
    if not is_ours(folder, kind):
        return f"its {kind.sign} is not that of a {kind.what}, so it is not replaced; name another place"
    return "" if force else f"holds a {kind.what} already; name another place, or add --force to replace it"


def _describe_fixed(folder: Path, kind: Kind) -> str:
    """Say why a folder cannot be replaced as one, whoever it belongs to."""
    if os.path.ismount(folder):
        why = "is where a disk is mounted"
    elif folder == follow_links(Path()):
        why = "is the folder that you stand in"
    else:
        return ""
    return f"{why} and cannot be replaced as one; name a folder in it, such as {folder / kind.what.split()[0]}"


def is_ours(folder: Path, kind: Kind) -> bool:
    """Whether a folder holds what we wrote, of a kind."""
    sign = folder / kind.sign
    if sign.suffix == ".json":
        try:
            said = read_json(sign)
        except UnreadableJsonError:
            return False
        return isinstance(said, dict) and set(kind.begins) <= set(said)
    if unfit(sign) is not None:
        return False
    with sign.open(encoding="utf-8-sig", errors="replace") as file:
        heading = file.readline(_LONGEST_HEADING).strip()
    # A table without rows is written without a heading.
    return not heading or _columns(heading)[: len(kind.begins)] == kind.begins


_LONGEST_HEADING = 100_000


def _columns(heading: str) -> tuple[str, ...]:
    return tuple(cell.partition(" [")[0] for cell in heading.split(","))
