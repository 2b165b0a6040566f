"""Write the prices of limits as a folder, whole or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optimizer.errors import InputError
from optimizer.files.atomic import write_whole
from optimizer.folders.place import PLAN, Kind, check_place, is_ours

if TYPE_CHECKING:
    from pathlib import Path

    from optimizer.price import Prices

PRICES = "prices.csv"
_KIND = Kind("table of prices", PRICES, ("limit", "kind"))


def check_place_of_prices(folder: Path, *, force: bool) -> None:
    """Raise InputError unless prices can be written to `folder`; asked before the solves."""
    if is_ours(folder, PLAN):
        cure = "its prices come with lodeplan solve -o --report; name another place"
        raise InputError([f"{folder}: holds a plan; {cure}"])
    check_place(folder, _KIND, force=force)


def write_prices(prices: Prices, folder: Path) -> None:
    """Write ``prices.csv`` into a folder; files of other names are kept.

    Raises:
        InputError: when it cannot be written.
    """
    from optimizer.report.prices import as_csv

    with write_whole(folder, {PRICES}) as draft:
        draft.mkdir()
        (draft / PRICES).write_text(as_csv(prices), "utf-8", newline="\n")
