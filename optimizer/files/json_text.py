"""Plain data as JSON text, in the one way in which this program prints and writes it."""

from __future__ import annotations

import json
import math
from typing import Any


def json_text(data: object) -> str:
    """Return data as indented JSON with its last line ended; what is not a finite number is not known, and null."""
    return json.dumps(_drop_infinite(data), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _drop_infinite(data: Any) -> Any:
    match data:
        case dict():
            return {key: _drop_infinite(value) for key, value in data.items()}
        case list() | tuple():
            return [_drop_infinite(value) for value in data]
        case float() if not math.isfinite(data):
            return None
        case _:
            return data
