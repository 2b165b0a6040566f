"""A journal: what was solved, by key, so that the same command run again solves it no more.

It is a file of lines that only ever grows. A line is written and forced to the disk before the answer is used, and
holds a checksum: one that a crash left half, or that was damaged, is passed over, and its task is done again.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from typing import TYPE_CHECKING, Any

from optimizer.errors import InputError
from optimizer.work.plain import from_plain, to_plain

if sys.platform != "win32":
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path
    from typing import BinaryIO

_HEADING = b'{"lodeplan": "journal", "form": 1}\n'


class Journal:
    """A journal that is open, for this run alone."""

    def __init__(self, path: Path, records: Iterable[type[Any]]) -> None:
        """Open a journal, made where there is none; `records` are the classes of what its answers hold.

        Raises:
            InputError: it is in use, is a file of something else, or cannot be written.
        """
        self.path = path
        self._records: Mapping[str, type[Any]] = {kind.__name__: kind for kind in records}
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("a+b")
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise InputError([f"{path}: the journal cannot be written: {reason}; name another file"]) from None
        try:
            self._hold()
            self._lines = self._read()
        except InputError:
            self._file.close()
            raise

    def recall(self, key: str) -> Any:
        """Return the answer of a task that was done; None where it was not."""
        if key not in self._lines:
            return None
        try:
            return from_plain(self._lines[key], self._records)
        except (ValueError, TypeError, KeyError, AttributeError):  # of a version that wrote other records
            return None

    def keep(self, key: str, answer: Any) -> None:
        """Write the answer of a task; it is on the disk when this returns."""
        text = json.dumps(to_plain(answer, self._records), separators=(",", ":"))
        line = json.dumps({"key": key, "sum": _checksum(key, text), "answer": text}, separators=(",", ":"))
        self._write(line.encode() + b"\n")
        self._lines[key] = json.loads(text)

    def __len__(self) -> int:
        """Return how many answers it holds."""
        return len(self._lines)

    def close(self) -> None:
        """Let another run use it."""
        self._file.close()

    def remove(self) -> None:
        """Close the journal and remove it: what it was kept for is written."""
        self.path.unlink(missing_ok=True)
        self.close()

    def _hold(self) -> None:
        if sys.platform == "win32":
            return
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InputError([f"{self.path}: another run is at work with this journal; wait for it"]) from None
        except OSError:  # a disk without locks
            return

    def _read(self) -> dict[str, Any]:
        """Return the answers that stand in the file, as plain data; end a line that was left half."""
        self._file.seek(0)
        heading = self._file.readline(len(_HEADING))
        if not _HEADING.startswith(heading):
            said = "is a file of something else and no journal, so nothing is added to it; name another file"
            raise InputError([f"{self.path}: {said}"])
        if heading != _HEADING:
            self._file.truncate(0)
            self._write(_HEADING)
            return {}
        lines = dict(_read_lines(self._file))
        self._file.seek(-1, os.SEEK_END)
        if self._file.read(1) != b"\n":
            self._write(b"\n")
        return lines

    def _write(self, line: bytes) -> None:
        self._file.write(line)
        self._file.flush()
        os.fsync(self._file.fileno())


def _read_lines(file: BinaryIO) -> Iterator[tuple[str, Any]]:
    """Yield key and answer of every line that is whole."""
    for line in file:
        try:
            said = json.loads(line)
            key, text = said["key"], said["answer"]
            if said["sum"] == _checksum(key, text):
                yield key, json.loads(text)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            continue


def _checksum(key: str, text: str) -> str:
    return hashlib.sha256(f"{key} {text}".encode()).hexdigest()


def key_of(*said: object) -> str:
    """Return the key of a task, from all that its answer depends on."""
    return hashlib.sha256(json.dumps(said, separators=(",", ":")).encode()).hexdigest()
