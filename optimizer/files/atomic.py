"""Files and folders written whole or not at all: a draft in a hidden folder beside the target, then one rename.

.plan.3f9a0c12/new/plan    what is being written
.plan.3f9a0c12/old/plan    what stood at the target, between the two renames that replace a folder

The run that writes holds a lock on the hidden folder, which ends with its process however that ends. The next run to
the same place clears away what nobody holds: what was set aside is put back, and the draft goes. Links are
followed: what they lead to is replaced, and the link stays.
"""

from __future__ import annotations

import filecmp
import glob
import os
import re
import secrets
import shutil
import sys
import time
from contextlib import contextmanager
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from optimizer.errors import InputError

if sys.platform != "win32":
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

_NEW, _OLD = "new", "old"
_TOKEN_BYTES = 4
_TOKEN = "[0-9a-f]" * (2 * _TOKEN_BYTES)
"""What the token in our own hidden names looks like; a name of anybody else's is left alone."""
_LONGEST = 60
"""Signs of a name that its hidden folder keeps: most systems take names of 255 bytes and no longer."""
_DAY = 86_400.0
"""Seconds after which nobody is at work, where there are no locks."""


@contextmanager
def write_whole(path: Path, ours: Collection[str] = ()) -> Iterator[Path]:
    """Yield a draft of what is to stand at `path`, and put what was written there in its place at the end.

    A folder that stands at `path` is replaced; what is in it is kept, but for files that match one of the patterns of
    `ours`, such as ``plans/*/costs.csv``. When anything goes wrong the target is as it was, and the draft is removed.

    Raises:
        InputError: when the draft cannot be written or put in place.
    """
    try:
        place = follow_links(path)
        place.parent.mkdir(parents=True, exist_ok=True)
        clear_up(place)
        with _room_beside(place) as room:
            draft = room / _NEW / place.name
            yield draft
            _replace(place, draft, room / _OLD / place.name, ours)
    except OSError as error:
        said = f"cannot be written: {_reason(error)}; what stood there is as it was"
        raise InputError([f"{path}: {said}"]) from None


def follow_links(path: Path) -> Path:
    """Return the place that a path leads to, through every link."""
    return Path(os.path.realpath(path))


_SUFFIX_OF_A_FILE = re.compile(
    r"\.(csv|docx?|gif|gz|html?|jpe?g|json|md|ods|odt|parquet|pdf|png|pptx?|rtf|svg|tar|toml|tsv|txt|xls[bmx]?|xml"
    r"|ya?ml|zip)",
    re.IGNORECASE,
)


def reads_as_file(path: Path) -> bool:
    """Whether a path reads as the name of a file: who writes plan.xlsx does not mean a folder."""
    return _SUFFIX_OF_A_FILE.fullmatch(path.suffix) is not None


def must_be_a_folder(path: Path, what: str, or_else: str = "") -> None:
    """Raise InputError when a path at which `what` is written, as a folder, reads as the name of a file.

    `or_else` says what makes such a file.
    """
    if reads_as_file(path) and not path.is_dir():
        said = f"{what} is written as a folder and not as one file ({path.suffix})"
        raise InputError([f"{path}: {said}; name a folder, such as {path.with_suffix('')}{or_else}"])


def clear_up(path: Path) -> None:
    """Put back what a killed run had set aside, and remove what it had begun; a run at work keeps its own."""
    place = follow_links(path)
    for room in place.parent.glob(f"{glob.escape(_hidden(place))}.{_TOKEN}"):
        if room.is_symlink() or not room.is_dir() or not _is_of(room, place):
            continue
        try:
            handle = _hold(room, wait=False)
        except BlockingIOError:
            continue
        if handle is None and time.time() - room.stat().st_mtime < _DAY:
            continue
        old = room / _OLD / place.name
        if os.path.lexists(old) and not os.path.lexists(place):
            old.replace(place)
        shutil.rmtree(room, ignore_errors=True)
        _let_go(handle)


class StagedFolder:
    """A folder that grows beside the one that it is to replace, over several runs when they are stopped."""

    def __init__(self, path: Path) -> None:
        """Take the hidden folder beside `path`, made where there is none.

        Raises:
            InputError: another run is at work on it, or it cannot be made.
        """
        self.path = path
        self._place = follow_links(path)
        self.folder = self._place.with_name(f"{_hidden(self._place)}.growing")
        try:
            self.folder.mkdir(exist_ok=True)
            self._handle = _hold(self.folder, wait=False)
        except BlockingIOError:
            raise InputError([f"{path}: another run is at work on it; wait for it, or name another place"]) from None
        except OSError as error:
            raise InputError([f"{path}: cannot be written: {_reason(error)}"]) from None

    def clear(self) -> None:
        """Remove what an earlier run left in it."""
        for entry in self.folder.iterdir():
            remove(entry)

    def release(self) -> None:
        """Let another run go on with it."""
        _let_go(self._handle)
        self._handle = None

    def take_place(self, ours: Collection[str]) -> None:
        """Replace the folder; what stands there is kept, but for files that match one of the patterns of `ours`."""
        try:
            with _room_beside(self._place) as room:
                _replace(self._place, self.folder, room / _OLD / self._place.name, ours)
        except OSError as error:
            raise InputError([f"{self.path}: cannot be replaced: {_reason(error)}; it is as it was"]) from None
        finally:
            self.release()


def _replace(place: Path, draft: Path, old: Path, ours: Collection[str]) -> None:
    """Put a draft at a place; a folder there is set aside as `old` meanwhile, and what is not ours is kept."""
    if place.exists():
        shutil.copymode(place, draft)
    if not place.is_dir():
        draft.replace(place)
        return
    _keep(place, draft, ours)
    old.parent.mkdir()
    place.replace(old)
    try:
        draft.replace(place)
    except OSError:
        old.replace(place)
        raise


def remove(path: Path) -> None:
    """Remove a file or a folder, if it is there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _keep(folder: Path, draft: Path, ours: Collection[str]) -> None:
    """Copy to a draft what a folder holds beside ours."""
    for here, folders, files in os.walk(folder):
        inside = Path(here).relative_to(folder)
        if not (folders or files):
            (draft / inside).mkdir(parents=True, exist_ok=True)
        for name in (*files, *(name for name in folders if Path(here, name).is_symlink())):
            if any(_matches(inside / name, pattern) for pattern in ours):
                continue
            kept = draft / inside / name
            if os.path.lexists(kept):
                if kept.is_file() and filecmp.cmp(Path(here, name), kept, shallow=False):
                    continue
                cure = "a file of this name is to be written here and would replace it; move it away"
                raise InputError([f"{folder / inside / name}: {cure}"])
            kept.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(Path(here, name), kept, follow_symlinks=False)


def _matches(name: Path, pattern: str) -> bool:
    parts = pattern.split("/")
    return len(name.parts) == len(parts) and all(map(fnmatchcase, name.parts, parts))


def _hidden(place: Path) -> str:
    return f".{place.name[:_LONGEST]}"


@contextmanager
def _room_beside(place: Path) -> Iterator[Path]:
    """Make a hidden folder beside a place, hold it, and remove it at the end."""
    room, handle = None, None
    while room is None or not room.exists():  # another run may have cleared it up before it was held
        room = place.with_name(f"{_hidden(place)}.{secrets.token_hex(_TOKEN_BYTES)}")
        room.mkdir()
        handle = _hold(room, wait=True)
    try:
        (room / _NEW).mkdir()
        yield room
    finally:
        shutil.rmtree(room, ignore_errors=True)
        _let_go(handle)


def _is_of(room: Path, place: Path) -> bool:
    """Whether a hidden folder holds what we put there for a place, and nothing else."""
    inside = list(room.iterdir())
    return all(part.name in {_NEW, _OLD} and part.is_dir() for part in inside) and all(
        entry.name == place.name for part in inside for entry in part.iterdir()
    )


def _hold(room: Path, *, wait: bool) -> int | None:
    """Lock a folder and return what holds the lock; None where there are no locks.

    Raises:
        BlockingIOError: another process holds it, and we do not wait.
    """
    if sys.platform == "win32":
        return None
    handle = os.open(room, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError as error:
        os.close(handle)
        if isinstance(error, BlockingIOError):
            raise
        return None
    return handle


def _let_go(handle: int | None) -> None:
    if handle is not None:
        os.close(handle)


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
