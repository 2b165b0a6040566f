"""``python -m lodeplan``: the command line, also where the command itself is not on the path."""

from __future__ import annotations

from optimizer.cli import run

if __name__ == "__main__":
    run()
