"""The arithmetic that a note states: ``(52425 USD/t modelled cost - 12000 conversion) x 0.85 yield``."""

from __future__ import annotations

import ast
import math
import operator
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_PARTS = {"half of ": "0.5 x ", "a third of ": "1/3 x ", "a quarter of ": "0.25 x ", "twice ": "2 x "}
_PER_CENT = re.compile(r"([\d.]+) % of ")
_GOES_ON = re.compile(r"(?:\s[-+x/]|\bless|\bplus)\s+[\d(]")
"""A sum that is taken up again behind a comma, which cannot be read for sure."""
_OTHER_SUBSTANCE = re.compile(r"\([^()]*USD/\w+ [A-Z][a-z]?\d*O\d*")
"""A price in brackets that is one of an oxide, of which the content is not said."""
_YEAR = re.compile(r"\b(?:19|20)\d\d(?:-\d\d){0,2}\b(?!\.| ?(?:t|kg|USD|nm)\b)")
_WORDS = re.compile(r"[^\s()]*[A-Za-z°·][^\s()]*")
"""A token with a letter in it is a unit or a word, and says nothing to the sum."""
_NUMBER = r"\d+(?:\.\d+)?"
_OPERATORS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def evaluate(text: str) -> float | None:
    """Return what a clause comes to, where it is a sum with two numbers or more and nothing but words beside it.

    A bracket behind a number is a remark. None where the clause states no sum, or one that cannot be read for sure.

    >>> evaluate("(52425 USD/t Li modelled cost of Greenbushes - 12000 conversion) x 0.85 yield")
    34361.25
    >>> evaluate("half of a quarter of 19149 t magnets (Japan 6 % in 2022) x 0.26")
    622.3425
    >>> evaluate("75 % of LME 33069"), evaluate("2500 t Li2CO3 x 0.18785")
    (24801.75, 469.625)
    >>> evaluate("75 % of LME cobalt 2025 (33069)"), evaluate("10 % of LME 9700 + 170, the premium of 2024")
    (24801.75, 1140.0)
    >>> evaluate("27 % of 4000000 t, less 410000 t, x 0.96"), evaluate("25 % of the demand of 2030")
    (None, None)
    >>> evaluate("4.50 USD per 10 kg"), evaluate("concentrate x (675/551 - 1 / 0.97)"), evaluate("1000 t")
    (None, None, None)
    """
    kept, left = _cut(text)
    if _GOES_ON.search(left) or _OTHER_SUBSTANCE.search(text):
        return None
    for part, factor in _PARTS.items():
        kept = kept.replace(part, factor)
    kept = _YEAR.sub("", _PER_CENT.sub(lambda found: f"{found[1]} / 100 x ", kept))
    kept = _WORDS.sub(lambda found: "*" if found[0] == "x" else " ", kept)
    kept = re.sub(rf"({_NUMBER})\s*\([^()]*\)", r"\1", kept)
    if not re.fullmatch(r"[\s\d.()+*/-]+", kept) or not re.search(r"[-+*/]", kept):
        return None
    try:
        return _value(ast.parse(kept.strip(), mode="eval").body)
    except (SyntaxError, ZeroDivisionError, LookupError):
        return None


def _cut(text: str) -> tuple[str, str]:
    """Return a text without what follows commas, up to the end of a bracket or of the text; and what is left out."""
    kept: list[str] = []
    left: list[str] = []
    depth, dropped_at = 0, None
    for sign in text.replace(";", ",").replace(":", ","):
        depth += (sign == "(") - (sign == ")")
        if dropped_at is not None and depth < dropped_at:
            dropped_at = None
        if sign == "," and dropped_at is None:
            dropped_at = depth
        (kept if dropped_at is None else left).append(sign)
    return "".join(kept), "".join(left)


def _value(node: ast.expr) -> float:
    match node:
        case ast.Constant(int() | float() as number):
            return float(number)
        case ast.BinOp(left, op, right):
            return _OPERATORS[type(op)](_value(left), _value(right))
    raise LookupError


def is_same(stated: float, worked_out: float, *, rel: float = 0.0) -> bool:
    """Whether a figure is another one, rounded to the digits with which it is stated, or within a share of it.

    >>> is_same(24802, 24801.75), is_same(720.7, 721.3), is_same(0.138, 0.13801)
    (True, False, True)
    """
    digits = f"{stated:.12g}".partition(".")[2] if "e" not in f"{stated:.12g}" else ""
    return math.isclose(stated, worked_out, rel_tol=rel, abs_tol=0.5001 * 10.0 ** -len(digits))
