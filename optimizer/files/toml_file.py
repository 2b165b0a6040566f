"""A TOML file read whole, or one sentence why it cannot be."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any

from optimizer.files.guard import LARGEST_HEADER, NOT_UTF8, line_not_utf8, reason, unfit
from optimizer.files.toml_faults import toml_fault

if TYPE_CHECKING:
    from pathlib import Path


_TOO_DEEP = "is nested too deeply; two or three levels are enough"

# Keys of ever more parts take a time that grows with the square of their number.
_PART = r"""(?:[\w-]+|"[^"\n]*"|'[^'\n]*')"""
_DEEP = re.compile(rf"(?:^|[\[{{,])[ \t]*({_PART}(?:[ \t]*\.[ \t]*{_PART}){{30}})", re.MULTILINE)


class UnreadableTomlError(Exception):
    """Why a TOML file cannot be read, with the line where that shows."""

    def __init__(self, sentence: str, line: int | None = None) -> None:
        """Keep the sentence and the line."""
        super().__init__(sentence)
        self.sentence = sentence
        self.line = line


def read_toml(path: Path, inside: Path | None = None) -> dict[str, Any]:
    """Return the tables of a TOML file, which must lie in a folder where one is given.

    Raises:
        UnreadableTomlError: when it cannot be read.
    """
    why = unfit(path, inside, LARGEST_HEADER)
    if why is not None:
        raise UnreadableTomlError(why)
    line = None
    try:
        text = path.read_text(encoding="utf-8-sig")
        deep = _DEEP.search(text)
        if deep is None:
            return tomllib.loads(text)
        why, line = _TOO_DEEP, text.count("\n", 0, deep.start(1)) + 1
    except UnicodeDecodeError:
        why, line = NOT_UTF8, line_not_utf8(path)
    except tomllib.TOMLDecodeError as error:
        why, line = toml_fault(str(error), text)
    except RecursionError:
        why = _TOO_DEEP
    except OSError as error:
        why = f"cannot be read: {reason(error)}"
    raise UnreadableTomlError(why, line)
