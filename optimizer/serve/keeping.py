"""Keep a plan that was found on the page: its folder, with a report in it, beside where the server was started.

Where the page tests the plan, its test is kept too: in a folder in that of the plan, and drawn in the report.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from optimizer.errors import InputError
from optimizer.folders.place import REPORT
from optimizer.folders.plans import write_plan
from optimizer.folders.shown import read_shown
from optimizer.folders.shown_stress import show_stress
from optimizer.folders.stressed import write_stress
from optimizer.page.report import draw_report
from optimizer.page.write import write_page

if TYPE_CHECKING:
    from pathlib import Path

    from optimizer.results.losses import Stress
    from optimizer.results.solution import Solution

_STRESS = "stress"
_NAME = re.compile(r"[\w][\w .+-]{0,79}")


def keep(solution: Solution, folder: Path, name: str, stress: Stress | None = None) -> str:
    """Write a plan, its stress test where it has one, and its report into a new folder; return where it is.

    Raises:
        InputError: the name is none of one folder, or the place is taken.
    """
    if not _NAME.fullmatch(name) or name.endswith((".", " ")):
        msg = f"{name[:80]!r} is no name for a folder; write letters, digits, blanks, - and ., 80 at the most"
        raise InputError([msg])
    place = folder / name
    if place.exists() or place.is_symlink():
        raise InputError([f"{place}: is there already, and nothing is replaced from here; name another folder"])
    write_plan(solution, place)
    if stress is not None:
        write_stress(stress, place / _STRESS)
    shown = None if stress is None else show_stress(stress)
    write_page(draw_report(read_shown(place), stress=shown), place / REPORT)
    return str(place)
