"""Whether an instance on disk is still the one that was read."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

State = tuple[tuple[str, int, int], ...]


def look(path: Path) -> State:
    """Return the names, times and sizes of the files of an instance; nothing while they cannot be read."""
    try:
        there = sorted(path.iterdir()) if path.is_dir() else [path]
        seen = [(one.name, one.stat()) for one in there if one.is_file()]
    except OSError:
        return ()
    return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in seen)
