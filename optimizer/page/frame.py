"""The frame of a page: one file, with a policy that lets nothing in from outside and no script but its own."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files

from optimizer.charts.bars import HATCHING
from optimizer.charts.markup import text
from optimizer.charts.palette import declare_colours

SIGN = '<meta name="generator" content="Lodeplan">'
"""What tells a page of ours."""


@cache
def _style() -> str:
    return declare_colours() + _file("sheet.css")


@cache
def _script() -> str:
    return _file("tables.js")


def _file(name: str) -> str:
    return (files("optimizer.page") / name).read_text("utf-8")


def _digest(text_of_it: str) -> str:
    return base64.b64encode(hashlib.sha256(text_of_it.encode()).digest()).decode()


def frame(title: str, body: str) -> str:
    """Return a whole page; `title` is a text and `body` is HTML."""
    style, script = _style(), _script()
    policy = (
        f"default-src 'none'; style-src 'sha256-{_digest(style)}'; script-src 'sha256-{_digest(script)}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'{SIGN}<meta name="referrer" content="no-referrer"><link rel="icon" href="data:,">'
        f"<title>{text(title)}</title><style>{style}</style></head>\n"
        f"<body>{HATCHING}\n{body}\n<script>{script}</script></body></html>\n"
    )
