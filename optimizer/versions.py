"""The versions of libraries."""

from __future__ import annotations

import importlib.metadata
from functools import lru_cache


@lru_cache
def version_of(name: str) -> str:
    """Return the version of a library, which reading its metadata again would not change."""
    return importlib.metadata.version(name)
