"""Files and folders written whole or not at all: a draft beside the target, then one rename."""

from __future__ import annotations

import glob
import secrets
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from optimizer.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

_ASIDE = ".old"
_TOKEN_BYTES = 4
_TOKEN = "[0-9a-f]" * (2 * _TOKEN_BYTES)
"""What the token in our own hidden names looks like; a name of anybody else's is left alone."""


@contextmanager
def written_whole(path: Path, ours: Collection[str] = ()) -> Iterator[Path]:
    """Yield a draft path beside `path`, and put what was written there in its place at the end.

    A folder that stands at `path` is replaced; files in it that are not among `ours` are kept. When
    anything goes wrong the target is as it was, and the draft is removed. Should an earlier run have
    been killed between the two renames that replace a folder, the old folder is first put back.

    Raises:
        InputError: when the draft cannot be written or put in place.
    """
    draft = path.parent / f".{path.name}.{secrets.token_hex(_TOKEN_BYTES)}{path.suffix}"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        restore(path)
        yield draft
        _put_in_place(draft, path, ours)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise InputError([f"{path}: cannot be written: {reason}; what stood there is as it was"]) from None
    finally:
        remove(draft)


def restore(path: Path) -> None:
    """Put back a folder that a killed run had set aside, or remove it when the new one took its place."""
    for old in path.parent.glob(f".{glob.escape(path.name)}.{_TOKEN}{glob.escape(path.suffix)}{_ASIDE}"):
        if path.exists():
            remove(old)
        else:
            old.replace(path)


def remove(path: Path) -> None:
    """Remove a file or a folder, if it is there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _put_in_place(draft: Path, path: Path, ours: Collection[str]) -> None:
    if not path.is_dir():
        draft.replace(path)
        return
    for kept in path.iterdir():
        if kept.name in ours:
            continue
        if kept.is_dir() and not kept.is_symlink():
            shutil.copytree(kept, draft / kept.name, symlinks=True)
        else:
            shutil.copy2(kept, draft / kept.name, follow_symlinks=False)
    old = draft.with_name(f"{draft.name}{_ASIDE}")
    path.replace(old)
    try:
        draft.replace(path)
    except OSError:
        old.replace(path)
        raise
    remove(old)
