"""Mutants that change nothing that anyone could notice, each with the reason (`equivalent.toml`)."""

from __future__ import annotations

import tomllib
from pathlib import Path

_FILE = Path(__file__).with_suffix(".toml")

EQUIVALENT: dict[str, str] = {
    name: group["why"]
    for group in tomllib.loads(_FILE.read_text(encoding="utf-8"))["equivalent"]
    for name in group["mutants"]
}
"""Why, by the name of the mutant."""
