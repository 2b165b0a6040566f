"""The engine of Lodeplan and its faces: reading, solving, auditing, explaining, reporting.

Raises ImportError when the package `models` that would be imported is another project's.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

__version__ = "0.2.0"


def _check_sibling() -> None:
    home = Path(__file__).resolve().parent.parent
    spec = find_spec("models")
    found = Path(spec.origin).resolve() if spec and spec.origin else None
    if found is None or found.parent.parent != home:
        got = found.parent if found else "none"
        msg = f"lodeplan needs the package {home / 'models'}, and Python would import {got}; run it elsewhere"
        raise ImportError(msg)


_check_sibling()
