"""Write a page as a file, whole or not at all; what stands at the place is replaced only when it is a page of ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optimizer.errors import InputError
from optimizer.files.atomic import follow_links, write_whole
from optimizer.folders.place import PAGES, describe_above
from optimizer.page.frame import SIGN

if TYPE_CHECKING:
    from pathlib import Path


def check_place_of_page(path: Path, *, force: bool) -> None:
    """Raise InputError unless a page can be written to `path`; with `force` it may replace one of ours."""
    why = _why_not(path, force=force)
    if why:
        raise InputError([f"{path}: {why}"])


def _why_not(path: Path, *, force: bool) -> str:
    if path.suffix.lower() not in PAGES:
        return f"the report is a page of HTML; name a file that ends in .html, such as {path.with_suffix('.html').name}"
    if path.is_dir():
        return f"is a folder; name a file, such as {path / 'report.html'}"
    if not path.exists():
        return describe_above(follow_links(path))
    with path.open("rb") as file:
        ours = SIGN.encode() in file.read(len(SIGN) + 1000)
    if not ours:
        return "is a file of something else and is not replaced; name another place"
    return "" if force else "holds a report already; name another place, or add --force to replace it"


def write_page(page: str, path: Path) -> None:
    """Write a page.

    Raises:
        InputError: when it cannot be written.
    """
    with write_whole(path) as draft:
        draft.write_text(page, "utf-8", newline="\n")
