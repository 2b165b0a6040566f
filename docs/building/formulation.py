"""The page on the formulation: the docstrings of the core, of every block and of every limit, as mathematics."""

from __future__ import annotations

import importlib
import inspect
import re
from pathlib import Path
from typing import TYPE_CHECKING

import mathematics

from models.formulation import sourcing
from models.formulation.blocks import BLOCKS
from models.limits import KINDS
from models.market import borders, bounds, worth

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

DOCS = Path(__file__).resolve().parents[1]

_INTRODUCTION = """
# The formulation as mathematics

What Lodeplan asks the solver: a mixed-integer linear program, made of a core, of blocks for what a market has beyond
it, and of limits. This page is made of the words that stand in the code beside each part, so that it says what the
program does. To have the program of one instance written out row by row, see the golden LP texts in
`tests/limits/lp/`.

Indices that every part shares:

| symbol | meaning |
|---|---|
| i, j | an offer; j may be a site |
| s, m | a stage, or in the balance of a site the site; a material |
| t, T | a period; the periods that a limit counts together |
| k | a country, company or offer of which a limit speaks |
| ZZ | what nobody declared |

A row marked *(defining)* only says what a variable means: it is never relaxed.
"""


def page() -> str:
    """Return the page in Markdown."""
    parts = [
        _INTRODUCTION.strip(),
        "## The core",
        *_body(sourcing, "###"),
        "## What bounds and counts",
        *_body(bounds, "###"),
        *_body(worth, "###"),
        *_body(borders, "###"),
        "## Blocks",
        *(part for block in BLOCKS for part in _body(importlib.import_module(block.add.__module__), "###")),
        "## Limits",
        *(
            part
            for name, kind in KINDS.items()
            for part in _body(importlib.import_module(kind.__module__), "###", name)
        ),
    ]
    return "\n\n".join(parts) + "\n"


def _body(module: ModuleType, level: str, kind: str = "") -> Iterator[str]:
    """Yield the heading of a module and its paragraphs."""
    first, *rest = re.split(r"\n{2,}", inspect.cleandoc(module.__doc__ or ""))
    title, _, words = first.partition(": ")
    if kind:
        yield f"{level} `{kind}` {{ #{kind} }}"
        yield _words(first)
    else:
        yield f"{level} {title.rstrip('.')}" if words else f"{level} {module.__name__.rpartition('.')[2].capitalize()}"
        yield _words(f"{words[:1].upper()}{words[1:]}" if words else first)
    for paragraph in rest:
        yield _paragraph(paragraph)


def _paragraph(text: str) -> str:
    """Return a paragraph of a docstring: an example, a table of symbols, a block of formulas, or words."""
    lines = text.splitlines()
    if text.startswith(">>> "):
        return f"```pycon\n{text}\n```"
    if text.startswith("|"):
        return "\n".join(map(_symbols, lines))
    if mathematics.is_block(text):
        return mathematics.block(inspect.cleandoc(text))
    return re.sub(r"^(Words|Mathematics)\b", r"**\1**", _words(text))


def _words(text: str) -> str:
    """Return words with their symbols, and with links to the limits and decisions that they name."""
    text = re.sub(r"`(\w+)`", lambda found: f"[{found[0]}](#{found[1]})" if found[1] in KINDS else found[0], text)
    return re.sub(r"\bdocs/decisions/(\d{4})\b", _decision, mathematics.words(text))


def _decision(named: re.Match[str]) -> str:
    found = next((DOCS / "decisions").glob(f"{named[1]}-*.md"))
    return f"[decision {int(named[1])}](decisions/{found.name})"


def _symbols(row: str) -> str:
    """Return a row of a table of symbols."""
    cells = [cell.strip() for cell in row.strip().strip("|").split("|")]
    first, *rest = cells
    if set(first) <= set("-:"):
        return row
    named = ", ".join(mathematics.formula(name) for name in re.split(r", (?![^{]*\})", first))
    shown = first if first == "symbol" else named
    return f"| {' | '.join([shown, *map(_words, rest)])} |"
