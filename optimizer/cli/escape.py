r"""What leaves for a terminal: text in which no sign moves the cursor, clears the screen or turns the line around.

Names come from files and flags, and are shown where they are wrong. Everything that is printed passes the streams of
`escape_output`, where such signs are spelt as JSON does, ``\u001b``; so `--json` stays JSON. The live progress line
alone is written past them.
"""

from __future__ import annotations

import re
import sys
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

# All but line end and tab of the control signs C0, DEL and C1; marks and overrides of direction; separators of
# lines and paragraphs; halves of pairs, which stand for bytes that are no UTF-8.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def escape(text: str) -> str:
    r"""Return a text with signs spelt out that would do more than be read.

    >>> escape("\x1b[2J")
    '\\u001b[2J'
    """
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


class _Escaped:
    """A text stream that escapes what is written to it; in all else the stream behind it."""

    def __init__(self, stream: IO[str]) -> None:
        self.stream = stream

    def write(self, text: str | bytes) -> int:
        """Write a text; signs that the stream's encoding lacks are spelt out as well.

        What click prints for the completion of a shell comes as bytes of UTF-8.
        """
        text = escape(text.decode() if isinstance(text, bytes) else text)
        encoding = getattr(self.stream, "encoding", None) or "utf-8"
        return self.stream.write(text.encode(encoding, "backslashreplace").decode(encoding))

    def __getattr__(self, name: str) -> Any:
        if name == "buffer":  # nobody writes past it
            raise AttributeError(name)
        return getattr(self.stream, name)


@contextmanager
def escape_output() -> Iterator[None]:
    """Let everything that is printed within pass through `escape`."""
    out, err = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = _Escaped(out), _Escaped(err)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = out, err


def terminal() -> IO[str]:
    """Return standard error as it is, for what moves the cursor on purpose."""
    return getattr(sys.stderr, "stream", sys.stderr)
