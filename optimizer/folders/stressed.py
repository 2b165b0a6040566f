"""Write a stress test as a folder, whole or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optimizer.errors import InputError
from optimizer.files.atomic import write_whole
from optimizer.folders.place import PLAN, Kind, check_place, is_ours

if TYPE_CHECKING:
    from pathlib import Path

    from optimizer.results.losses import Stress

LOSSES, UNMET = "losses.csv", "unmet.csv"
_KIND = Kind("stress test", LOSSES, ("loss", "begins"))


def check_place_of_stress(folder: Path, *, force: bool) -> None:
    """Raise InputError unless a stress test can be written to `folder`; asked before the solves."""
    if is_ours(folder, PLAN):
        raise InputError([f"{folder}: holds a plan; name another place"])
    check_place(folder, _KIND, force=force)


def write_stress(stress: Stress, folder: Path) -> None:
    """Write ``losses.csv`` and ``unmet.csv`` into a folder; files of other names are kept.

    Raises:
        InputError: when it cannot be written.
    """
    from optimizer.report.stress import as_csv

    with write_whole(folder, {LOSSES, UNMET}) as draft:
        draft.mkdir()
        for name in (LOSSES, UNMET):
            (draft / name).write_text(as_csv(stress, name.removesuffix(".csv")), "utf-8", newline="\n")
