"""A JSON file read whole, or one sentence why it cannot be."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from models.records.wording import quote
from optimizer.files.guard import LARGEST_FILE, NOT_UTF8, line_not_utf8, reason, unfit

if TYPE_CHECKING:
    from pathlib import Path


class UnreadableJsonError(Exception):
    """Why a JSON file cannot be read, with the line where that shows."""

    def __init__(self, sentence: str, line: int | None = None) -> None:
        """Keep the sentence and the line."""
        super().__init__(sentence)
        self.sentence = sentence
        self.line = line


class _TwiceError(ValueError):
    """A key stands twice in one object."""


def read_json(path: Path, inside: Path | None = None, largest: int = LARGEST_FILE) -> Any:
    """Return what a JSON file says, which must lie in a folder where one is given.

    Raises:
        UnreadableJsonError: when it cannot be read.
    """
    why = unfit(path, inside, largest)
    if why is not None:
        raise UnreadableJsonError(why)
    line = None
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"), object_pairs_hook=_object)
    except UnicodeDecodeError:
        why, line = NOT_UTF8, line_not_utf8(path)
    except RecursionError:
        why = "is nested too deeply; five levels are enough"
    except json.JSONDecodeError as error:
        why, line = f"is not JSON: {error.msg.lower()} (column {error.colno})", error.lineno
    except _TwiceError as error:
        why = str(error)
    except ValueError:
        why = "holds a number of more digits than can be read; write a smaller one"
    except OSError as error:
        why = f"cannot be read: {reason(error)}"
    raise UnreadableJsonError(why, line)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        twice = next(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
        msg = f"the key {quote(twice)} stands twice in one object; keep one"
        raise _TwiceError(msg)
    return found
