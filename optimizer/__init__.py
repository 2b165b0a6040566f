"""The engine of Lodeplan and its faces: reading, solving, auditing, explaining, reporting.

The name `models` is common: ours is imported here, whatever other the path has before it. Raises ImportError when
another project's is imported already.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

__version__ = "0.2.0"


def _take_our_models() -> None:
    home = Path(__file__).resolve().parent.parent
    sys.path.insert(0, str(home))
    try:
        found = import_module("models")
    finally:
        sys.path.remove(str(home))
    where = Path(found.__file__ or next(iter(found.__path__))).resolve()
    if where.parent.parent != home:
        msg = f"lodeplan needs the package {home / 'models'}, and {where} is imported already; import lodeplan first"
        raise ImportError(msg)


_take_our_models()
