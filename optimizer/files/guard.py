"""What is looked at before a file is opened: it must be an ordinary file, ours, readable and of a sane size."""

from __future__ import annotations

import codecs
import os
import stat
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

MEGABYTE = 1_000_000
LARGEST_FILE = 200 * MEGABYTE
LARGEST_HEADER = 5 * MEGABYTE


def unfit(path: Path, inside: Path | None = None, largest: int = LARGEST_FILE) -> str | None:
    """Say why a file must not be opened, or None when it may be; a path that leads out of `inside` must not."""
    try:
        real = path.resolve(strict=True)
        status = real.stat()
    except FileNotFoundError:
        return "leads to a file that is not there; put the file in its place"
    except (OSError, RuntimeError) as error:  # RuntimeError: links in a circle
        return f"cannot be read: {reason(error)}"
    if inside is not None and not real.is_relative_to(inside.resolve()):
        return f"leads out of the folder, to {real}; put the file itself in its place"
    if stat.S_ISDIR(status.st_mode):
        return "is a folder where a file is needed; move it away"
    if not stat.S_ISREG(status.st_mode):
        return "is a pipe or a device and not an ordinary file; put a file in its place"
    if status.st_size == 0:
        return "is empty (0 bytes); fill it or remove it"
    if status.st_size > largest:
        return f"is {status.st_size / MEGABYTE:.0f} MB large; at most {largest / MEGABYTE:.0f} MB are read"
    if not os.access(real, os.R_OK):
        return "cannot be read: permission denied"
    return None


def reason(error: Exception) -> str:
    """Say in lower case why the system refused a file."""
    return (error.strerror or str(error)).lower() if isinstance(error, OSError) else "its links run in a circle"


NOT_UTF8 = "is not UTF-8 text; save the file as UTF-8 (in a spreadsheet: CSV UTF-8)"


def line_not_utf8(path: Path) -> int:
    """Return the line of a file in which the first byte stands that is not UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    line = 1
    with path.open("rb") as file:
        while piece := file.read(MEGABYTE):
            try:
                line += decoder.decode(piece).count("\n")
            except UnicodeDecodeError as error:
                return line + bytes(error.object[: error.start]).count(b"\n")
    return line
